package chipdata

import "bytes"

const (
	mimeJP2  = "image/jp2" // the box file of ISO/IEC 15444-1, annex I
	mimeJ2C  = "image/j2c" // a bare codestream
	mimeJPEG = "image/jpeg"
)

// codecName is the profile's word for a MIME type, "" for none.
func codecName(mime string) string {
	switch mime {
	case mimeJP2, mimeJ2C:
		return jpeg2000
	case mimeJPEG:
		return jpegCodec
	}
	return ""
}

// sniff tells the format of a picture by its first bytes, "" for none of the three.
func sniff(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0x4F, 0xFF, 0x51}): // SOC, SIZ
		return mimeJ2C
	case bytes.HasPrefix(b, []byte("\x00\x00\x00\x0CjP  \r\n\x87\n")):
		return mimeJP2
	case bytes.HasPrefix(b, []byte{0xFF, 0xD8, 0xFF}): // SOI and a marker
		return mimeJPEG
	}
	return ""
}

// EncodeDG7 writes DG7: one picture of the holder's signature, 12 bytes before the image when it
// has more than 255 bytes.
func EncodeDG7(img []byte) []byte {
	body := AppendTLV(nil, 0x02, 1)
	return AppendTLV(nil, 0x67, AppendTLV(body, 0x5F43, img...)...)
}

// ParseDG7 reads DG7 and returns the picture and its MIME type.
func ParseDG7(b []byte) (img []byte, mime string, err error) {
	const op = "chipdata.ParseDG7"
	body, err := only(b, 0x67)
	if err != nil {
		return nil, "", inFile(op, "DG7", err)
	}
	parts, err := sequence(body, 0x02, 0x5F43)
	if err != nil {
		return nil, "", inFile(op, "DG7", err)
	}
	if len(parts[0]) != 1 || parts[0][0] != 1 {
		return nil, "", malformed(op, "DG7", "not exactly one picture")
	}
	if mime = sniff(parts[1]); mime == "" {
		return nil, "", malformed(op, "DG7", "the picture is neither JPEG nor JPEG 2000")
	}
	return parts[1], mime, nil
}
