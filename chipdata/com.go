package chipdata

import "slices"

// dgTags are the tags of the data groups DG1 to DG16 (Doc 9303-10, table 34 of the tag list).
var dgTags = [...]uint16{0, 0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70}

// Versions that EF.COM names (Doc 9303-10, 4.6.1).
const (
	ldsVersion     = "0107"
	unicodeVersion = "040000"
)

// COM is EF.COM: the index of the LDS.
type COM struct {
	LDS, Unicode string
	DataGroups   []int // numbers, in the order of the tag list
}

// EncodeCOM writes EF.COM for LDS 1.7 and the data groups: 20 + n bytes.
func EncodeCOM(groups []int) []byte {
	list := make([]byte, 0, len(groups))
	for _, n := range groups {
		list = append(list, byte(dgTags[n]))
	}
	body := AppendTLV(nil, 0x5F01, []byte(ldsVersion)...)
	body = AppendTLV(body, 0x5F36, []byte(unicodeVersion)...)
	body = AppendTLV(body, 0x5C, list...)
	return AppendTLV(nil, 0x60, body...)
}

// ParseCOM reads EF.COM.
func ParseCOM(b []byte) (COM, error) {
	const op = "chipdata.ParseCOM"
	body, err := only(b, 0x60)
	if err != nil {
		return COM{}, inFile(op, "EF.COM", err)
	}
	parts, err := sequence(body, 0x5F01, 0x5F36, 0x5C)
	if err != nil {
		return COM{}, inFile(op, "EF.COM", err)
	}
	if len(parts[0]) != len(ldsVersion) || len(parts[1]) != len(unicodeVersion) {
		return COM{}, malformed(op, "EF.COM", "a version of the wrong length")
	}
	c := COM{LDS: string(parts[0]), Unicode: string(parts[1])}
	for _, tag := range parts[2] {
		n := slices.Index(dgTags[1:], uint16(tag)) + 1
		if n == 0 || slices.Contains(c.DataGroups, n) {
			return COM{}, malformed(op, "EF.COM", "tag %02X in the list is no data group or stands twice", tag)
		}
		c.DataGroups = append(c.DataGroups, n)
	}
	return c, nil
}

// inFile names the file in which a data object was wrong.
func inFile(op, file string, err error) error {
	return fileMalformed.At(op, err).With(file, "not as its form wants it")
}
