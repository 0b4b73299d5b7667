package personalize

import (
	"image"

	"blanko/artwork"
	"blanko/chipdata"
	"blanko/ktp"
)

// faceDPI is the raster of the face; the printers of the house print 300 dpi.
const faceDPI = 300

func faceInput(r ktp.Record, is chipdata.Issuance, portrait, signature image.Image) artwork.Input {
	return artwork.Input{
		Person: r.Person, Portrait: portrait, Signature: signature,
		IssuePlace: is.IssuePlace, IssueDate: is.IssueDate, Specimen: r.Specimen(),
	}
}
