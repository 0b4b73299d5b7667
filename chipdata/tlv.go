package chipdata

import "fmt"

// BER-TLV as ISO/IEC 7816-4, 5.2.2 has it, in the one strict form that the card files use:
// tags of one or two bytes, definite lengths in the shortest form, at most maxTLV bytes.

// maxTLV bounds one data object with its header, bytes: no file of a card is longer.
const maxTLV = 65535

const (
	tagMore     = 0x1F // low bits of a first tag byte that has a second
	lengthShort = 0x7F
	lengthOne   = 0x81
	lengthTwo   = 0x82
	maxObjects  = 256 // data objects side by side
)

// TLV is one data object.
type TLV struct {
	Tag   uint16 // 0x61, 0x5F1F, ...
	Value []byte // part of the bytes that were read, not a copy
}

// AppendTLV appends one data object; value has at most 65,535 bytes.
func AppendTLV(dst []byte, tag uint16, value ...byte) []byte {
	if tag > 0xFF {
		dst = append(dst, byte(tag>>8))
	}
	dst = append(dst, byte(tag))
	switch n := len(value); {
	case n <= lengthShort:
		dst = append(dst, byte(n))
	case n <= 0xFF:
		dst = append(dst, lengthOne, byte(n))
	default:
		dst = append(dst, lengthTwo, byte(n>>8), byte(n))
	}
	return append(dst, value...)
}

// tlvHeader reads tag and length: the size of the header and of the value. ok is false when
// b ends too early or the form is not the strict one; reason then says which ("" is too early).
func tlvHeader(b []byte) (tag uint16, header, value int, reason string, ok bool) {
	if len(b) == 0 {
		return 0, 0, 0, "", false
	}
	tag, header = uint16(b[0]), 1
	if b[0] == 0 || b[0] == 0xFF {
		return 0, 0, 0, "padding where a tag is expected", false
	}
	if b[0]&tagMore == tagMore {
		if len(b) < 2 {
			return 0, 0, 0, "", false
		}
		if b[1] == 0 || b[1] > 0x7F { // the LDS has 5F01 to 5F1E although one byte would do for them
			return 0, 0, 0, "a tag of more than two bytes", false
		}
		tag, header = tag<<8|uint16(b[1]), 2
	}
	if len(b) <= header {
		return 0, 0, 0, "", false
	}
	first := b[header]
	header++
	var more, least int
	switch {
	case first <= lengthShort:
		return tag, header, int(first), "", true
	case first == lengthOne:
		more, least = 1, lengthShort+1
	case first == lengthTwo:
		more, least = 2, 0x100
	default:
		return 0, 0, 0, fmt.Sprintf("a length that begins with %02X", first), false
	}
	if len(b) < header+more {
		return 0, 0, 0, "", false
	}
	for range more {
		value = value<<8 | int(b[header])
		header++
	}
	if value < least {
		return 0, 0, 0, "a length not in its shortest form", false
	}
	return tag, header, value, "", true
}

// TLVLength is the size of the data object that begins with head, header included; five
// bytes of head are always enough. It is how a reader learns the length of a file.
func TLVLength(head []byte) (int, error) {
	_, h, n, reason, ok := tlvHeader(head)
	if !ok {
		if reason == "" {
			reason = "cut short"
		}
		return 0, malformed("chipdata.TLVLength", "tlv", "%s", reason)
	}
	if h+n > maxTLV {
		return 0, malformed("chipdata.TLVLength", "tlv", "%d bytes, at most %d", h+n, maxTLV)
	}
	return h + n, nil
}

// NextTLV reads the data object at the beginning of b and returns what follows it.
func NextTLV(b []byte) (t TLV, rest []byte, err error) {
	tag, h, n, reason, ok := tlvHeader(b)
	switch {
	case !ok && reason == "":
		reason = "cut short"
	case ok && (n > len(b)-h || h+n > maxTLV):
		ok, reason = false, fmt.Sprintf("tag %X says %d bytes, %d are left", tag, n, len(b)-h)
	}
	if !ok {
		return TLV{}, nil, malformed("chipdata.NextTLV", "tlv", "%s", reason)
	}
	return TLV{tag, b[h : h+n : h+n]}, b[h+n:], nil
}

// ParseTLV reads data objects side by side until b ends, at most 256 of them.
func ParseTLV(b []byte) ([]TLV, error) {
	var out []TLV
	for len(b) > 0 {
		if len(out) == maxObjects {
			return nil, malformed("chipdata.ParseTLV", "tlv", "more than %d data objects", maxObjects)
		}
		t, rest, err := NextTLV(b)
		if err != nil {
			return nil, err
		}
		out, b = append(out, t), rest
	}
	return out, nil
}

// only reads a file that is one data object of that tag and nothing else.
func only(b []byte, tag uint16) ([]byte, error) {
	t, rest, err := NextTLV(b)
	if err != nil {
		return nil, err
	}
	if t.Tag != tag || len(rest) > 0 {
		return nil, malformed("chipdata.NextTLV", "tlv", "tag %X and %d bytes after it, expected %X alone", t.Tag, len(rest), tag)
	}
	return t.Value, nil
}

// sequence reads the data objects of b, which must have exactly these tags in this order.
func sequence(b []byte, tags ...uint16) ([][]byte, error) {
	list, err := ParseTLV(b)
	if err != nil {
		return nil, err
	}
	if len(list) != len(tags) {
		return nil, malformed("chipdata.ParseTLV", "tlv", "%d data objects, expected %d", len(list), len(tags))
	}
	out := make([][]byte, len(tags))
	for i, t := range list {
		if t.Tag != tags[i] {
			return nil, malformed("chipdata.ParseTLV", "tlv", "tag %X, expected %X", t.Tag, tags[i])
		}
		out[i] = t.Value
	}
	return out, nil
}

func malformed(op, field, format string, args ...any) error {
	return fileMalformed.At(op, nil).With(field, format, args...)
}
