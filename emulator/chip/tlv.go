package chip

import (
	"errors"
	"fmt"
)

// tlv is one data object of ISO/IEC 7816-4, 5.2.2 (BER-TLV): tags of one or two bytes,
// definite lengths of at most three length bytes.
type tlv struct {
	tag   uint16
	value []byte
}

var errTLV = errors.New("malformed TLV")

// maxLengthBytes bounds the long form of a length: 83 hh mm ll is more than any file holds.
const maxLengthBytes = 3

// nextTLV takes one data object off the front of b.
func nextTLV(b []byte) (tlv, []byte, error) {
	if len(b) < 2 {
		return tlv{}, nil, errTLV
	}
	t := tlv{tag: uint16(b[0])}
	b = b[1:]
	if t.tag&0x1F == 0x1F {
		if b[0]&0x80 != 0 {
			return tlv{}, nil, fmt.Errorf("%w: tag of three bytes", errTLV)
		}
		t.tag = t.tag<<8 | uint16(b[0])
		b = b[1:]
	}
	if len(b) == 0 {
		return tlv{}, nil, fmt.Errorf("%w: tag %X without a length", errTLV, t.tag)
	}
	n := int(b[0])
	b = b[1:]
	if n >= 0x80 {
		k := n & 0x7F
		if k == 0 || k > maxLengthBytes || len(b) < k {
			return tlv{}, nil, fmt.Errorf("%w: length of tag %X", errTLV, t.tag)
		}
		n = 0
		for _, x := range b[:k] {
			n = n<<8 | int(x)
		}
		b = b[k:]
	}
	if n > len(b) {
		return tlv{}, nil, fmt.Errorf("%w: tag %X is cut off", errTLV, t.tag)
	}
	t.value = b[:n:n]
	return t, b[n:], nil
}

// parseTLVs splits b into its data objects, to the last byte.
func parseTLVs(b []byte) ([]tlv, error) {
	var list []tlv
	for len(b) > 0 {
		t, rest, err := nextTLV(b)
		if err != nil {
			return nil, err
		}
		list, b = append(list, t), rest
	}
	return list, nil
}

// unwrapTLV opens b, which has to be exactly one data object of this tag.
func unwrapTLV(b []byte, tag uint16) ([]byte, error) {
	t, rest, err := nextTLV(b)
	switch {
	case err != nil:
		return nil, err
	case t.tag != tag:
		return nil, fmt.Errorf("%w: tag %X instead of %X", errTLV, t.tag, tag)
	case len(rest) != 0:
		return nil, fmt.Errorf("%w: %d bytes behind tag %X", errTLV, len(rest), tag)
	}
	return t.value, nil
}

// constructed reports whether the tag holds further data objects (bit 6 of its first byte).
func (t tlv) constructed() bool {
	first := t.tag
	if first > 0xFF {
		first >>= 8
	}
	return first&0x20 != 0
}

// find returns the value of the first data object of this tag.
func find(list []tlv, tag uint16) ([]byte, bool) {
	for _, t := range list {
		if t.tag == tag {
			return t.value, true
		}
	}
	return nil, false
}

// tlvHead appends tag and length of a data object of n bytes, at most 65,535.
func tlvHead(b []byte, tag byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(b, tag, byte(n))
	case n < 0x100:
		return append(b, tag, 0x81, byte(n))
	}
	return append(b, tag, 0x82, byte(n>>8), byte(n))
}

// headSize is the length of the longest head that an object of at most n bytes in all can have.
func headSize(n int) int { return len(tlvHead(nil, 0, n)) }
