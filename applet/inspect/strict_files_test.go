package inspect_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"
)

// groupTags are the tags of DG1 to DG16 (Doc 9303-10, table 37).
var groupTags = []byte{0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70}

// signed are the data groups that EF.SOD lists.
func (s *subject) signed() (groups []int) {
	s.t.Helper()
	for _, h := range s.lds().Hashes {
		groups = append(groups, h.Group)
	}
	return groups
}

// tagsOf takes the tags of a tag list apart.
func (s *subject) tagsOf(b []byte) (tags []uint16) {
	s.t.Helper()
	for len(b) > 0 {
		tag, n := uint16(b[0]), 1
		if tag&0x1F == 0x1F && len(b) > 1 {
			tag, n = tag<<8|uint16(b[1]), 2
		}
		tags, b = append(tags, tag), b[n:]
	}
	return tags
}

var indexRows = []strictRow{
	{name: "EF.COM: LDS 1.7, Unicode 4.0, in this order", who: "gmrtd (four and six characters); Doc 9303-10, 4.6.1", check: func(s *subject) {
		list := objectsOf(s.t, soleObject(s.t, s.files[0x011E], 0x60))
		s.check(len(list) == 3 && list[0].tag == 0x5F01 && list[1].tag == 0x5F36 && list[2].tag == 0x5C, "objects %v", list)
		s.check(string(list[0].value) == "0107" && string(list[1].value) == "040000", "versions %s, %s", list[0].value, list[1].value)
	}},
	{name: "EF.COM lists the data groups of EF.SOD", who: "JMRTD", check: func(s *subject) {
		list := objectsOf(s.t, soleObject(s.t, s.files[0x011E], 0x60))
		var want []byte
		for _, n := range s.signed() {
			want = append(want, groupTags[n-1])
		}
		s.check(bytes.Equal(list[2].value, want), "%X, EF.SOD has %X", list[2].value, want)
	}},
	{name: "every data group of EF.SOD can be read and is the one that was signed", who: "gmrtd (DG3 and DG4 excepted)", check: func(s *subject) {
		for name, open := range s.openers {
			open(s.open)
			for _, h := range s.lds().Hashes {
				fid := 0x0100 + uint16(h.Group)
				b := s.open.file(fid)
				sum := sha256.Sum256(b)
				s.check(bytes.Equal(sum[:], h.Hash), "%s: DG%d is not what was signed", name, h.Group)
				soleObject(s.t, b, uint16(groupTags[h.Group-1]))
			}
			for _, fid := range []uint16{0x011E, 0x011D} {
				s.check(bytes.Equal(s.open.file(fid), s.files[fid]), "%s: file %04X", name, fid)
			}
		}
	}},
	{name: "no data group that EF.SOD does not list", who: "Doc 9303-10, 4.6.2", check: func(s *subject) {
		for name, open := range s.openers {
			open(s.open)
			for n := 1; n <= 16; n++ {
				a := s.open.send(0xA4, 0x02, 0x0C, []byte{0x01, byte(n)}, noLe)
				want := uint16(0x6A82)
				if slices.Contains(s.signed(), n) {
					want = 0x9000
				}
				s.check(a.sealed && a.sw == want, "%s: SELECT of DG%d: %v", name, n, a)
			}
		}
	}},
}

// checkDigit is that of Doc 9303-3, 4.9: weights 7, 3, 1.
func checkDigit(s string) byte {
	sum := 0
	for i := range len(s) {
		v := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * [...]int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10)
}

var zoneRows = []strictRow{
	{name: "three lines of 30 characters of the zone", who: "gmrtd, JMRTD, pymrtd; Doc 9303-5, 4.2", check: func(s *subject) {
		for _, line := range zoneLines(s.t, s.files[0x0101]) {
			s.check(strings.Trim(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") == "", "a character that the zone does not have")
		}
	}},
	{name: "code I, state IDN", who: "gmrtd (the state finds the CSCA), pymrtd", check: func(s *subject) {
		lines := zoneLines(s.t, s.files[0x0101])
		s.check(lines[0][:5] == "I<IDN" && lines[1][15:18] == "IDN", "code and states")
	}},
	{name: "long document number: filler for the check digit, the rest and its digit in the optional data", who: "gmrtd, JMRTD, pymrtd; Doc 9303-5, 4.2.2, note j", check: func(s *subject) {
		line := zoneLines(s.t, s.files[0x0101])[0]
		rest, filler, _ := strings.Cut(line[15:], "<")
		s.check(line[14] == '<' && len(rest) == 8 && strings.Trim(filler, "<") == "", "shape of the number")
		number := line[5:14] + rest[:7]
		s.check(len(number) == 16 && strings.Trim(number, "0123456789") == "" && rest[7] == checkDigit(number), "check digit of the number")
	}},
	{name: "dates, sex and their check digits", who: "gmrtd, JMRTD, pymrtd", check: func(s *subject) {
		line := zoneLines(s.t, s.files[0x0101])[1]
		for _, field := range []string{line[0:7], line[8:15]} {
			s.check(strings.Trim(field, "0123456789") == "" && field[6] == checkDigit(field[:6]), "a date and its check digit")
		}
		s.check(strings.ContainsRune("MF<", rune(line[7])), "sex")
	}},
	{name: "composite check digit", who: "gmrtd, JMRTD, pymrtd; Doc 9303-5, 4.2.4", check: func(s *subject) {
		l := zoneLines(s.t, s.files[0x0101])
		s.check(l[1][29] == checkDigit(l[0][5:30]+l[1][0:7]+l[1][8:15]+l[1][18:29]), "composite check digit")
	}},
	{name: "name: two identifiers, or one alone, filled up", who: "gmrtd", check: func(s *subject) {
		name := strings.TrimRight(zoneLines(s.t, s.files[0x0101])[2], "<")
		s.check(name != "" && name[0] != '<' && strings.Count(name, "<<") <= 1 && !strings.Contains(name, "<<<") && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ<") == "", "shape of the name")
	}},
}

// pictureKind tells the coding by the first bytes, which have to be these for pymrtd: JFIF, a JP2 file
// or a bare codestream.
func pictureKind(b []byte) string {
	for start, kind := range map[string]string{"\xFF\xD8\xFF\xE0\x00\x10JFIF": "jpeg", "\x00\x00\x00\x0CjP  \r\n": "jp2", "\xFF\x4F\xFF\x51": "jp2"} {
		if bytes.HasPrefix(b, []byte(start)) {
			return kind
		}
	}
	return ""
}

// faceTemplate is the biometric information template of DG2: its header and its record.
func (s *subject) faceTemplate() (header map[uint16][]byte, record []byte) {
	s.t.Helper()
	group := objectsOf(s.t, soleObject(s.t, soleObject(s.t, s.files[0x0102], 0x75), 0x7F61))
	if len(group) != 2 || group[0].tag != 0x02 || !bytes.Equal(group[0].value, []byte{1}) || group[1].tag != 0x7F60 {
		s.t.Fatalf("%s: not one template: %v", s.name, group)
	}
	template := objectsOf(s.t, group[1].value)
	if len(template) != 2 || template[0].tag != 0xA1 || template[1].tag != 0x5F2E {
		s.t.Fatalf("%s: template %v", s.name, template)
	}
	header = map[uint16][]byte{}
	for _, o := range objectsOf(s.t, template[0].value) {
		header[o.tag] = o.value
	}
	return header, template[1].value
}

var pictureRows = []strictRow{
	{name: "DG2: one CBEFF template of format 0101 0008", who: "gmrtd, pymrtd, JMRTD; Doc 9303-10, 4.7.2", check: func(s *subject) {
		header, _ := s.faceTemplate()
		s.check(bytes.Equal(header[0x87], []byte{1, 1}) && bytes.Equal(header[0x88], []byte{0, 8}), "format %X %X", header[0x87], header[0x88])
		s.check(bytes.Equal(header[0x81], []byte{2}), "type %X, 02 is a face", header[0x81])
		s.check(header[0x80] == nil || bytes.Equal(header[0x80], []byte{1, 1}), "version %X", header[0x80])
	}},
	{name: "DG2: ISO/IEC 19794-5 header, lengths to the byte", who: "gmrtd, pymrtd, JMRTD", check: func(s *subject) {
		_, r := s.faceTemplate()
		s.check(len(r) > 46 && string(r[:8]) == "FAC\x00010\x00", "format identifier %X", r[:8])
		s.check(int(binary.BigEndian.Uint32(r[8:])) == len(r) && binary.BigEndian.Uint16(r[12:]) == 1, "record of %d bytes, %d faces", binary.BigEndian.Uint32(r[8:]), binary.BigEndian.Uint16(r[12:]))
		s.check(int(binary.BigEndian.Uint32(r[14:])) == len(r)-14 && binary.BigEndian.Uint16(r[18:]) == 0, "block of %d bytes", binary.BigEndian.Uint32(r[14:]))
	}},
	{name: "DG2: full frontal image of the coding that its bytes have", who: "gmrtd, pymrtd", check: func(s *subject) {
		_, r := s.faceTemplate()
		info, picture := r[34:46], r[46:]
		s.check(info[0] == 0x01, "image type %d", info[0])
		s.check(pictureKind(picture) == map[byte]string{0: "jpeg", 1: "jp2"}[info[1]], "data type %d for %.10X", info[1], picture)
		s.check(binary.BigEndian.Uint16(info[2:]) > 0 && binary.BigEndian.Uint16(info[4:]) > 0, "size %X", info[2:6])
	}},
	{name: "DG2: the sex of the zone", who: "ISO/IEC 19794-5, 5.5.3", check: func(s *subject) {
		_, r := s.faceTemplate()
		s.check(r[20] == map[byte]byte{'M': 1, 'F': 2}[zoneLines(s.t, s.files[0x0101])[1][7]], "gender %d", r[20])
	}},
	{name: "DG7: count and one picture of a known coding", who: "gmrtd (one to nine), pymrtd; Doc 9303-10, 4.7.7", check: func(s *subject) {
		list := objectsOf(s.t, soleObject(s.t, s.files[0x0107], 0x67))
		s.check(len(list) == 2 && list[0].tag == 0x02 && bytes.Equal(list[0].value, []byte{1}) && list[1].tag == 0x5F43, "objects %v", list)
		s.check(pictureKind(list[1].value) != "", "picture %.10X", list[1].value)
	}},
}

// Tags that readers know in DG11 and DG12 (Doc 9303-10, 4.7.11 and 4.7.12).
var (
	tagsOfDG11 = []uint16{0x5F0E, 0x5F0F, 0x5F10, 0x5F2B, 0x5F11, 0x5F42, 0x5F12, 0x5F13, 0x5F14, 0x5F15, 0x5F16, 0x5F17, 0x5F18}
	tagsOfDG12 = []uint16{0x5F19, 0x5F26, 0x5F1A, 0x5F1B, 0x5F1C, 0x5F1D, 0x5F1E, 0x5F55, 0x5F56}
)

// details walks a data group with a tag list as JMRTD does: the objects stand in the order of the
// list, A0 in the place of other names. It returns them, and what follows unlisted.
func (s *subject) details(fid, tag uint16, known []uint16) (named map[uint16][]byte, behind []dataObject) {
	s.t.Helper()
	list := objectsOf(s.t, soleObject(s.t, s.files[fid], tag))
	if list[0].tag != 0x5C {
		s.t.Fatalf("%s: no tag list", s.name)
	}
	tags := s.tagsOf(list[0].value)
	list = list[1:]
	if len(list) < len(tags) {
		s.t.Fatalf("%s: %d tags for %d objects", s.name, len(tags), len(list))
	}
	named = map[uint16][]byte{}
	for i, want := range tags {
		o := list[i]
		s.check(o.tag == want || want == 0x5F0F && o.tag == 0xA0, "object %04X where the list has %04X", o.tag, want)
		_, twice := named[want]
		s.check(slices.Contains(known, want) && !twice, "tag %04X", want)
		named[want] = o.value
		s.check(o.tag == 0xA0 || utf8.Valid(o.value) && len(o.value) > 0, "tag %04X is no text", want)
	}
	return named, list[len(tags):]
}

// digitsOnly: so many digits, as text and not in BCD.
func digitsOnly(b []byte, n int) bool {
	return len(b) == n && strings.Trim(string(b), "0123456789") == ""
}

var detailRows = []strictRow{
	{name: "DG11: known tags alone in the list, the objects in its order", who: "JMRTD, gmrtd", check: func(s *subject) {
		_, behind := s.details(0x010B, 0x6B, tagsOfDG11)
		// On cards without DG12 its three objects follow, unlisted: all three readers pass over them.
		var tags []uint16
		for _, o := range behind {
			tags = append(tags, o.tag)
		}
		want := []uint16{0x5F26, 0x5F55, 0x5F56}
		if s.files[0x010C] != nil {
			want = nil
		}
		s.check(slices.Equal(tags, want), "behind the listed objects: %X", tags)
	}},
	{name: "DG11: other names counted in a template A0", who: "JMRTD, gmrtd", check: func(s *subject) {
		named, _ := s.details(0x010B, 0x6B, tagsOfDG11)
		list := objectsOf(s.t, named[0x5F0F])
		s.check(len(list) > 1 && list[0].tag == 0x02 && bytes.Equal(list[0].value, []byte{byte(len(list) - 1)}), "%d objects", len(list))
		for _, o := range list[1:] {
			s.check(o.tag == 0x5F0F && utf8.Valid(o.value), "tag %04X among the names", o.tag)
		}
	}},
	{name: "DG11: number and birth date are those of the zone", who: "Doc 9303-10, 4.7.11", check: func(s *subject) {
		named, _ := s.details(0x010B, 0x6B, tagsOfDG11)
		l := zoneLines(s.t, s.files[0x0101])
		rest, _, _ := strings.Cut(l[0][15:], "<")
		s.check(string(named[0x5F10]) == l[0][5:14]+rest[:7], "personal number")
		s.check(digitsOnly(named[0x5F2B], 8) && string(named[0x5F2B][2:]) == l[1][:6], "birth date")
	}},
	{name: "DG12: known tags alone in the list, the objects in its order", who: "JMRTD, gmrtd", large: true, check: func(s *subject) {
		named, behind := s.details(0x010C, 0x6C, tagsOfDG12)
		s.check(len(behind) == 0, "%d objects behind", len(behind))
		s.check(digitsOnly(named[0x5F26], 8) && digitsOnly(named[0x5F55], 14), "dates as text")
	}},
}

// Protocols of DG14 (Doc 9303-11, 9.2).
var (
	oidOfPACE     = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 4, 2, 2}
	oidOfChipAuth = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 3, 2, 2}
	oidOfChipKey  = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 1, 2}
	oidOfActive   = asn1.ObjectIdentifier{2, 23, 136, 1, 1, 5}
	oidPlainECDSA = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 3}
)

// info is the one SecurityInfo of a protocol in DG14.
func (s *subject) info(protocol asn1.ObjectIdentifier) (found securityInfo) {
	s.t.Helper()
	n := 0
	for _, info := range securityInfos(s.t, soleObject(s.t, s.files[0x010E], 0x6E)) {
		if info.Protocol.Equal(protocol) {
			found = info
			n++
		}
	}
	if n != 1 {
		s.t.Fatalf("%s: %d infos of %v", s.name, n, protocol)
	}
	return found
}

// publicKey reads SubjectPublicKeyInfo on P-256, named, with an uncompressed point.
func (s *subject) publicKey(spki []byte) *ecdsa.PublicKey {
	s.t.Helper()
	parsed, err := x509.ParsePKIXPublicKey(spki)
	key, ok := parsed.(*ecdsa.PublicKey)
	if err != nil || !ok || key.Curve != elliptic.P256() || len(spki) != 91 {
		s.t.Fatalf("%s: no named P-256 key: %v", s.name, err)
	}
	return key
}

// cardAccess reads EF.CardAccess in the open, as every reader does before PACE.
func (s *subject) cardAccess() []byte {
	s.t.Helper()
	s.open.reset()
	s.open.need(0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00)
	s.open.need(0x00, 0xA4, 0x02, 0x0C, 0x02, 0x01, 0x1C)
	head := s.open.need(0x00, 0xB0, 0x00, 0x00, 0x04)
	return append(head, s.open.need(0x00, 0xB0, 0x00, 0x04, head[1]-2)...)
}

var keyRows = []strictRow{
	{name: "EF.CardAccess: PACE with ECDH, generic mapping, AES-128, version 2, parameters 12", who: "gmrtd, JMRTD, OpenPACE", large: true, check: func(s *subject) {
		infos := securityInfos(s.t, s.cardAccess())
		var parameters int
		s.unmarshal(infos[0].Optional.FullBytes, &parameters, "")
		s.check(len(infos) == 1 && infos[0].Protocol.Equal(oidOfPACE) && bytes.Equal(infos[0].Required.FullBytes, []byte{2, 1, 2}) && parameters == 12, "%+v", infos)
	}},
	{name: "EF.CardAccess is in DG14, byte for byte", who: "gmrtd; Doc 9303-11, 4.4.2", large: true, check: func(s *subject) {
		info := soleObject(s.t, s.cardAccess(), 0x31)
		s.check(bytes.Contains(soleObject(s.t, soleObject(s.t, s.files[0x010E], 0x6E), 0x31), info), "DG14 has no %X", info)
	}},
	{name: "DG14: a SET in DER order", who: "X.690, 11.6", large: true, check: func(s *subject) {
		var list []asn1.RawValue
		s.unmarshal(soleObject(s.t, s.files[0x010E], 0x6E), &list, "set")
		s.check(len(list) == 4 && slices.IsSortedFunc(list, func(a, b asn1.RawValue) int { return bytes.Compare(a.FullBytes, b.FullBytes) }), "%d infos", len(list))
	}},
	{name: "DG14: chip authentication version 1 with AES-128, and its key on a named curve", who: "gmrtd, JMRTD", large: true, check: func(s *subject) {
		ca := s.info(oidOfChipAuth)
		s.check(bytes.Equal(ca.Required.FullBytes, []byte{2, 1, 1}) && len(ca.Optional.FullBytes) == 0, "%+v", ca)
		key := s.info(oidOfChipKey)
		s.publicKey(key.Required.FullBytes)
		s.check(len(key.Optional.FullBytes) == 0, "a key number without one in the protocol")
	}},
	{name: "DG14: active authentication version 1 with plain ECDSA and SHA-256", who: "gmrtd, JMRTD; Doc 9303-11, 9.2.7", large: true, check: func(s *subject) {
		aa := s.info(oidOfActive)
		var algorithm asn1.ObjectIdentifier
		s.unmarshal(aa.Optional.FullBytes, &algorithm, "")
		s.check(bytes.Equal(aa.Required.FullBytes, []byte{2, 1, 1}) && algorithm.Equal(oidPlainECDSA), "%v", algorithm)
	}},
	{name: "DG15: SubjectPublicKeyInfo on a named curve, another key than that of DG14", who: "gmrtd, pymrtd, JMRTD", large: true, check: func(s *subject) {
		active := s.publicKey(soleObject(s.t, s.files[0x010F], 0x6F))
		s.check(!active.Equal(s.publicKey(s.info(oidOfChipKey).Required.FullBytes)), "the same key twice")
	}},
	{name: "no EF.CardAccess and no key files on a chip without PACE", who: "gmrtd (EF.CardAccess must be in DG14)", check: func(s *subject) {
		s.open.reset()
		s.open.need(0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00)
		a := s.open.plain(0x00, 0xA4, 0x02, 0x0C, 0x02, 0x01, 0x1C)
		for file, there := range map[string]bool{"EF.CardAccess": a.sw == 0x9000, "DG14": s.files[0x010E] != nil, "DG15": s.files[0x010F] != nil} {
			s.check(there == s.large, "%s: %v", file, there)
		}
	}},
}
