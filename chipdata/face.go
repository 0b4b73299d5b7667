package chipdata

import (
	"encoding/binary"
	"fmt"

	"blanko/ktp"
)

// The face record of ISO/IEC 19794-5:2005, clause 5: header 14, facial information 20 and
// image information 12 bytes, no feature points.
const (
	faceHeader      = 14
	faceInformation = 20
	faceImage       = 12
	facePoint       = 8 // one feature point
	faceFullFrontal = 0x01
	faceSRGB        = 0x01 // 24 bit RGB
	faceGray        = 0x02
	formatJPEG      = 0x00
	formatJPEG2000  = 0x01
	genderMale      = 0x01
	genderFemale    = 0x02

	cbeffFace        = 0x02
	cbeffFormatFace  = 0x0008
	maxFaceDimension = 0xFFFF
)

var faceMagic = [8]byte{'F', 'A', 'C', 0, '0', '1', '0', 0}

// Face is the one face of DG2.
type Face struct {
	Image         []byte // JPEG 2000 or JPEG, as it stands on the chip
	MIME          string // image/jp2, image/j2c or image/jpeg
	Width, Height int
	Sex           ktp.Sex // 0: not told
	Gray          bool
}

// String shows the size alone.
func (f Face) String() string {
	return fmt.Sprintf("Face(%d x %d, %s, %d bytes)", f.Width, f.Height, f.MIME, len(f.Image))
}

// GoString shows the size alone.
func (f Face) GoString() string { return f.String() }

// EncodeDG2 writes DG2: one face of ISO/IEC 19794-5 in CBEFF, 84 bytes before the image when
// the image has more than 255 bytes.
func EncodeDG2(f Face) ([]byte, error) {
	format := byte(formatJPEG2000)
	switch f.MIME {
	case mimeJP2, mimeJ2C:
	case mimeJPEG:
		format = formatJPEG
	default:
		return nil, codecNotAllowed.At("chipdata.EncodeDG2", nil).With("DG2", "no format code for %q", f.MIME)
	}
	if f.Width < 1 || f.Height < 1 || f.Width > maxFaceDimension || f.Height > maxFaceDimension || len(f.Image) == 0 {
		return nil, pictureUnusable.At("chipdata.EncodeDG2", nil).With("DG2", "%d x %d pixels, %d bytes", f.Width, f.Height, len(f.Image))
	}
	gender := byte(0)
	switch f.Sex {
	case ktp.Male:
		gender = genderMale
	case ktp.Female:
		gender = genderFemale
	}
	color := byte(faceSRGB)
	if f.Gray {
		color = faceGray
	}
	block := faceInformation + faceImage + len(f.Image)
	rec := append([]byte(nil), faceMagic[:]...)
	rec = binary.BigEndian.AppendUint32(rec, uint32(faceHeader+block))
	rec = append(rec, 0, 1)
	rec = binary.BigEndian.AppendUint32(rec, uint32(block))
	rec = append(rec, 0, 0, gender)                          // no feature points
	rec = append(rec, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // eye, hair, features 3, expression 2, pose 3, uncertainty 3: not told
	rec = append(rec, faceFullFrontal, format)
	rec = binary.BigEndian.AppendUint16(rec, uint16(f.Width))
	rec = binary.BigEndian.AppendUint16(rec, uint16(f.Height))
	rec = append(rec, color, 0, 0, 0, 0, 0) // source, device 2, quality 2: not told
	rec = append(rec, f.Image...)
	return AppendTLV(nil, 0x75, biometricGroup(cbeffFace, 0, cbeffFormatFace, rec)...), nil
}

// ParseDG2 reads DG2: the face image and its sizes.
func ParseDG2(b []byte) (Face, error) {
	const op = "chipdata.ParseDG2"
	body, err := only(b, 0x75)
	if err != nil {
		return Face{}, inFile(op, "DG2", err)
	}
	group, err := only(body, 0x7F61)
	if err != nil {
		return Face{}, inFile(op, "DG2", err)
	}
	parts, err := sequence(group, 0x02, 0x7F60)
	if err != nil {
		return Face{}, inFile(op, "DG2", err)
	}
	if len(parts[0]) != 1 || parts[0][0] != 1 {
		return Face{}, malformed(op, "DG2", "not exactly one face")
	}
	c, err := parseCBEFF(parts[1])
	if err != nil {
		return Face{}, inFile(op, "DG2", err)
	}
	if c.kind != cbeffFace || c.format != cbeffFormatFace {
		return Face{}, malformed(op, "DG2", "the data block is no face")
	}
	rec := c.data
	const least = faceHeader + faceInformation + faceImage
	if len(rec) <= least || [8]byte(rec) != faceMagic {
		return Face{}, malformed(op, "DG2", "no ISO/IEC 19794-5:2005 record")
	}
	points := int(binary.BigEndian.Uint16(rec[18:]))
	block := len(rec) - faceHeader
	at := faceHeader + faceInformation + points*facePoint
	switch {
	case int(binary.BigEndian.Uint32(rec[8:])) != len(rec), int(binary.BigEndian.Uint32(rec[14:])) != block:
		return Face{}, malformed(op, "DG2", "a length field disagrees with the %d bytes of the record", len(rec))
	case binary.BigEndian.Uint16(rec[12:]) != 1:
		return Face{}, malformed(op, "DG2", "not exactly one face image")
	case at+faceImage >= len(rec):
		return Face{}, malformed(op, "DG2", "%d feature points leave no room for the image", points)
	}
	f := Face{Image: rec[at+faceImage:], Width: int(binary.BigEndian.Uint16(rec[at+2:])), Height: int(binary.BigEndian.Uint16(rec[at+4:])), Gray: rec[at+6] == faceGray}
	switch rec[20] {
	case genderMale:
		f.Sex = ktp.Male
	case genderFemale:
		f.Sex = ktp.Female
	}
	f.MIME = sniff(f.Image)
	if f.MIME == "" || (rec[at+1] == formatJPEG) != (f.MIME == mimeJPEG) || rec[at+1] > formatJPEG2000 {
		return Face{}, malformed(op, "DG2", "image format %d disagrees with the image", rec[at+1])
	}
	return f, nil
}
