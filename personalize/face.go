package personalize

import (
	"image"

	"blanko/artwork"
	"blanko/chipdata"
	"blanko/ktp"
	"blanko/printer"
)

// Resolutions at which a face can be drawn.
const (
	coarseDPI = 300
	fineDPI   = 600
)

// faceDPI is the raster of the face: that of the printer where a face can be drawn at it.
func faceDPI(g printer.Geometry) int {
	if g.DPI == fineDPI {
		return fineDPI
	}
	return coarseDPI
}

func faceInput(r ktp.Record, is chipdata.Issuance, portrait, signature image.Image) artwork.Input {
	return artwork.Input{
		Person: r.Person, Portrait: portrait, Signature: signature,
		IssuePlace: is.IssuePlace, IssueDate: is.IssueDate, Specimen: r.Specimen(),
	}
}
