package chip

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// Picture is an image as it lies in a data group.
type Picture struct {
	Format string `json:"format"` // jpeg, jp2, j2k, as its first bytes say
	Bytes  int    `json:"bytes"`
	Width  int    `json:"width,omitempty"` // pixels, as the image's own header says
	Height int    `json:"height,omitempty"`
	SHA256 string `json:"sha256"`
	Image  []byte `json:"-"`
}

// Face is DG2: one face record of ISO/IEC 19794-5:2005 in CBEFF (Doc 9303-10, 4.7.2).
type Face struct {
	Picture
	RecordWidth  int `json:"record_width"` // pixels, as the face record says
	RecordHeight int `json:"record_height"`
	ImageType    int `json:"image_type"` // 0 basic, 1 full frontal, 2 token frontal
}

// Sizes of ISO/IEC 19794-5:2005, clause 5, bytes.
const (
	faceHeader       = 14
	faceInformation  = 20
	faceFeaturePoint = 8
	faceImageInfo    = 12
)

func parseDG2(b []byte) (*Face, error) {
	body, err := unwrapTLV(b, 0x75)
	if err != nil {
		return nil, err
	}
	group, err := unwrapTLV(body, 0x7F61)
	if err != nil {
		return nil, err
	}
	list, err := parseTLVs(group)
	if err != nil {
		return nil, err
	}
	if n, ok := find(list, 0x02); !ok || len(n) != 1 || n[0] != 1 || len(list) != 2 || list[1].tag != 0x7F60 {
		return nil, errors.New("does not hold exactly one face")
	}
	c, err := parseCBEFF(list[1].value)
	if err != nil {
		return nil, err
	}
	if c.kind != cbeffFace || c.format != cbeffFaceFormat {
		return nil, fmt.Errorf("biometric type %02X, format %04X is no face", c.kind, c.format)
	}
	return parseFaceRecord(c.data)
}

func parseFaceRecord(r []byte) (*Face, error) {
	if len(r) < faceHeader+faceInformation || !bytes.HasPrefix(r, []byte("FAC\x00010\x00")) {
		return nil, errors.New("is no face record of ISO/IEC 19794-5:2005")
	}
	if n := binary.BigEndian.Uint32(r[8:]); uint64(n) != uint64(len(r)) {
		return nil, fmt.Errorf("face record of %d bytes says %d", len(r), n)
	}
	if n := binary.BigEndian.Uint16(r[12:]); n != 1 {
		return nil, fmt.Errorf("face record of %d faces", n)
	}
	face := r[faceHeader:]
	if n := binary.BigEndian.Uint32(face); uint64(n) != uint64(len(face)) {
		return nil, fmt.Errorf("face of %d bytes says %d", len(face), n)
	}
	points := int(binary.BigEndian.Uint16(face[4:]))
	at := faceInformation + points*faceFeaturePoint
	if len(face) < at+faceImageInfo {
		return nil, errors.New("face record is cut off")
	}
	info := face[at : at+faceImageInfo]
	p, err := pictureOf(face[at+faceImageInfo:])
	if err != nil {
		return nil, err
	}
	f := &Face{
		Picture: *p, ImageType: int(info[0]),
		RecordWidth: int(binary.BigEndian.Uint16(info[2:])), RecordHeight: int(binary.BigEndian.Uint16(info[4:])),
	}
	switch {
	case info[1] == 0 && p.Format != "jpeg", info[1] == 1 && p.Format == "jpeg", info[1] > 1:
		return f, fmt.Errorf("image data type %d holds %s", info[1], p.Format)
	case f.Width != f.RecordWidth || f.Height != f.RecordHeight:
		return f, fmt.Errorf("image of %d x %d pixels, the record says %d x %d", f.Width, f.Height, f.RecordWidth, f.RecordHeight)
	}
	return f, nil
}

func parseDG7(b []byte) (*Picture, error) {
	body, err := unwrapTLV(b, 0x67)
	if err != nil {
		return nil, err
	}
	list, err := parseTLVs(body)
	if err != nil {
		return nil, err
	}
	if len(list) != 2 || list[0].tag != 0x02 || len(list[0].value) != 1 || list[0].value[0] != 1 || list[1].tag != 0x5F43 {
		return nil, errors.New("does not hold exactly one signature image")
	}
	return pictureOf(list[1].value)
}

var (
	jpegStart = []byte{0xFF, 0xD8, 0xFF}
	jp2Start  = []byte{0, 0, 0, 12, 'j', 'P', ' ', ' ', 0x0D, 0x0A, 0x87, 0x0A} // ISO/IEC 15444-1, I.5.1
	j2kStart  = []byte{0xFF, 0x4F, 0xFF, 0x51}                                  // SOC, SIZ: ISO/IEC 15444-1, A.4
)

// pictureOf tells format and pixel size from the image's own bytes.
func pictureOf(b []byte) (*Picture, error) {
	sum := sha256.Sum256(b)
	p := &Picture{Bytes: len(b), SHA256: hex.EncodeToString(sum[:]), Image: b}
	ok := false
	switch {
	case bytes.HasPrefix(b, jpegStart):
		p.Format = "jpeg"
		p.Width, p.Height, ok = jpegSize(b)
	case bytes.HasPrefix(b, jp2Start):
		p.Format = "jp2"
		if at := bytes.Index(b, j2kStart); at >= 0 {
			p.Width, p.Height, ok = j2kSize(b[at:])
		}
	case bytes.HasPrefix(b, j2kStart):
		p.Format = "j2k"
		p.Width, p.Height, ok = j2kSize(b)
	default:
		return nil, errors.New("image is neither JPEG nor JPEG 2000")
	}
	if !ok {
		return p, fmt.Errorf("%s image without a size", p.Format)
	}
	return p, nil
}

// jpegSize walks the markers to a start of frame (ITU-T T.81, B.2.2).
func jpegSize(b []byte) (w, h int, ok bool) {
	for i := 2; i+9 <= len(b) && b[i] == 0xFF; {
		marker := b[i+1]
		switch {
		case marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
			return int(binary.BigEndian.Uint16(b[i+7:])), int(binary.BigEndian.Uint16(b[i+5:])), true
		case marker == 0xFF:
			i++
		default:
			i += 2 + int(binary.BigEndian.Uint16(b[i+2:]))
		}
	}
	return 0, 0, false
}

// j2kSize reads the SIZ marker segment (ISO/IEC 15444-1, A.5.1): image size less its offset.
func j2kSize(b []byte) (w, h int, ok bool) {
	if len(b) < 24 {
		return 0, 0, false
	}
	x, y := binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint32(b[12:])
	ox, oy := binary.BigEndian.Uint32(b[16:]), binary.BigEndian.Uint32(b[20:])
	if x <= ox || y <= oy || x > 1<<16 || y > 1<<16 {
		return 0, 0, false
	}
	return int(x - ox), int(y - oy), true
}
