package inspect_test

import (
	"crypto/sha1"
	"encoding/asn1"
	"strings"
	"testing"
)

// dataObject is one data object of a file, taken apart without the station's code.
type dataObject struct {
	tag   uint16
	value []byte
}

// nextObject takes the first data object from b: tag of one or two bytes, length in the shortest form
// (ISO/IEC 8825-1, 10.1). Anything else ends the test.
func nextObject(t testing.TB, b []byte) (o dataObject, rest []byte) {
	t.Helper()
	at := 0
	next := func() int {
		if at >= len(b) {
			t.Fatalf("a data object is cut off: %.16X", b)
		}
		at++
		return int(b[at-1])
	}
	tag := next()
	if tag&0x1F == 0x1F {
		if tag = tag<<8 | next(); tag&0x80 != 0 {
			t.Fatalf("tag %04X", tag)
		}
	}
	n := next()
	if n >= 0x80 {
		width := n & 0x7F
		if n = 0; width < 1 || width > 2 {
			t.Fatalf("a length of %d bytes", width)
		}
		for range width {
			n = n<<8 | next()
		}
		if n < 0x80 || width == 2 && n < 0x100 {
			t.Fatalf("%d bytes for the length %d", width, n)
		}
	}
	if n > len(b)-at {
		t.Fatalf("object %X has %d bytes, of which %d are there", tag, n, len(b)-at)
	}
	return dataObject{uint16(tag), b[at : at+n]}, b[at+n:]
}

// soleObject is the data object that the whole of b is; its tag is checked.
func soleObject(t testing.TB, b []byte, tag uint16) []byte {
	t.Helper()
	o, rest := nextObject(t, b)
	if o.tag != tag || len(rest) > 0 {
		t.Fatalf("object %X with %d bytes behind it, expected %X alone", o.tag, len(rest), tag)
	}
	return o.value
}

// objectsOf are the data objects of a template, in their order.
func objectsOf(t testing.TB, b []byte) (list []dataObject) {
	t.Helper()
	for len(b) > 0 {
		var o dataObject
		o, b = nextObject(t, b)
		list = append(list, o)
	}
	return list
}

// securityInfo is SecurityInfo of Doc 9303-11, 9.2.
type securityInfo struct {
	Protocol asn1.ObjectIdentifier
	Required asn1.RawValue
	Optional asn1.RawValue `asn1:"optional"`
}

// securityInfos are those of EF.CardAccess, or of the value of DG14.
func securityInfos(t testing.TB, b []byte) (list []securityInfo) {
	t.Helper()
	if rest, err := asn1.UnmarshalWithParams(b, &list, "set"); err != nil || len(rest) > 0 || len(list) == 0 {
		t.Fatalf("no SecurityInfos: %v", err)
	}
	return list
}

// zoneLines are the three lines of a TD1 zone in DG1.
func zoneLines(t testing.TB, dg1 []byte) [3]string {
	t.Helper()
	zone := string(soleObject(t, soleObject(t, dg1, 0x61), 0x5F1F))
	if len(zone) != 90 {
		t.Fatalf("a zone of %d characters", len(zone))
	}
	return [3]string{zone[:30], zone[30:60], zone[60:]}
}

// zoneInformation is the MRZ information that a reader takes from the zone: number, birth date and expiry
// with their check digits, a long number put together from its two places (Doc 9303-11, 4.3.2; Doc 9303-5,
// 4.2.2).
func zoneInformation(t testing.TB, dg1 []byte) string {
	t.Helper()
	lines := zoneLines(t, dg1)
	number := lines[0][5:15]
	if number[9] == '<' {
		rest, _, _ := strings.Cut(lines[0][15:], "<")
		number = number[:9] + rest
	}
	return number + lines[1][0:7] + lines[1][8:15]
}

// hashOf is the secret that PACE takes from the zone (Doc 9303-11, 9.7.3).
func hashOf(information string) []byte {
	sum := sha1.Sum([]byte(information))
	return sum[:]
}
