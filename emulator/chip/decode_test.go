package chip

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	is := newIssuer(t)
	files := testChip(t, is)
	d, err := Decode(files)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Sealed {
		t.Error("the chip is not sealed")
	}
	if err := d.VerifyCenter(&is.center.PublicKey); err != nil {
		t.Error(err)
	}
	if err := d.VerifyCenter(&is.key.PublicKey); err == nil {
		t.Error("another center key is accepted")
	}
	face := testImage(t, 24, 32)
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"LDS version", d.COM.LDSVersion, "0107"},
		{"groups", d.COM.Groups, []int{1, 2, 7, 11, 12, 13, 14, 15}},
		{"NIK", d.DG1.DocumentNumber, "3173041708901234"},
		{"name", d.DG1.Surname + ", " + d.DG1.GivenNames, "SANTOSO, BUDI"},
		{"MRZ dates", d.DG1.BirthDate + d.DG1.Sex + d.DG1.Expiry + d.DG1.Issuer + d.DG1.Nationality + d.DG1.DocumentCode, "900817M991231IDNIDNI"},
		{"face", []any{d.DG2.Format, d.DG2.Bytes, d.DG2.Width, d.DG2.Height, d.DG2.ImageType}, []any{"jpeg", len(face), 24, 32, 1}},
		{"face image", bytes.Equal(d.DG2.Image, face), true},
		{"signature", []any{d.DG7.Format, d.DG7.Width, d.DG7.Height}, []any{"jpeg", 40, 11}},
		{"full name", d.DG11.Name, "BUDI SANTOSO"},
		{"other names", d.DG11.OtherNames, []string{"BUDI"}},
		{"birth", []any{d.DG11.BirthDate, d.DG11.BirthPlace}, []any{"19900817", []string{"JAKARTA"}}},
		{"address", d.DG11.Address, []string{"JL. MERDEKA 1", "001/002", "GAMBIR", "GAMBIR"}},
		{"profession", d.DG11.Profession, "PELAJAR/MAHASISWA"},
		{"issue", []string{d.DG12.Authority, d.DG12.IssueDate, d.DG12.PersonalizedAt, d.DG12.Station}, []string{"DINAS DUKCAPIL", "20260203", "20260203040506", "STATION-1"}},
		{"codes", []any{d.DG13.Religion, d.DG13.MaritalStatus, d.DG13.BloodType, d.DG13.Nationality, d.DG13.Validity}, []any{1, 2, 255, "IDN", "SEUMUR HIDUP"}},
		{"manifest", len(d.DG13.Files), 3},
		{"security infos", d.DG14.OIDs, []string{"0.4.0.127.0.7.2.2.1.2", "0.4.0.127.0.7.2.2.3.2.2"}},
		{"curves", []string{d.DG14.ChipAuthentication.Curve, d.DG15.Curve}, []string{"P-256", "P-256"}},
		{"point", d.DG15.Point, hex.EncodeToString(mustPoint(t, is.key))},
		{"SOD", []any{d.SOD.Version, d.SOD.LDSVersion, len(d.SOD.Digests), d.SOD.Country, d.SOD.Subject, d.SOD.Issuer, d.SOD.Serial}, []any{3, 0, 8, "ID", "CN=Document Signer 1,C=ID", "CN=CSCA,C=ID", "1234"}},
		{"signing time", d.SOD.SigningTime.UTC().Format(time.DateTime), "2026-02-03 04:05:06"},
		{"right finger", []int{d.FPR.Position, d.FPR.Subtype, d.FPR.Format, d.FPR.Minutiae, d.FPR.Bytes, d.FPR.Quality, d.FPR.Width, d.FPR.Height}, []int{2, 9, 1, 60, 390, 80, 320, 400}},
		{"left finger", []int{d.FPL.Position, d.FPL.Subtype, d.FPL.Minutiae}, []int{7, 10, 38}},
		{"biodata", d.BIO, []Field{{Tag: "5F20", Text: "ISLAM"}, {Tag: "81", Text: "WNI"}, {Tag: "82", Hex: "fffe"}}},
		{"EF.PROF", *d.PROF, Profile{"KTPEL-OP", 1, 0, hex.EncodeToString(testID[:]), 1}},
	} {
		got, _ := json.Marshal(c.got)
		want, _ := json.Marshal(c.want)
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %s, want %s", c.what, got, want)
		}
	}
	if b, err := json.Marshal(d); err != nil || bytes.Contains(b, []byte(`"Image"`)) || bytes.Contains(b, []byte(`"Record"`)) {
		t.Errorf("JSON: %v", err)
	}
	byKeyID := maps.Clone(files)
	byKeyID[0x011D] = is.sod(t, files, sodOptions{byKeyID: true})
	if d, err := Decode(byKeyID); err != nil || !d.Sealed {
		t.Errorf("signer by key identifier: %v", err)
	}
}

// The sample EF.COM of Doc 9303-10, 4.6.1.
func TestDecodeSampleCOM(t *testing.T) {
	t.Parallel()
	d, err := Decode(map[uint16][]byte{0x011E: unhex(t, "6016 5F01 04 30313037 5F36 06 303430303030 5C 04 6175636E")})
	if d.COM == nil || !slices.Equal(d.COM.Groups, []int{1, 2, 3, 14}) || d.COM.UnicodeVersion != "040000" {
		t.Errorf("%+v", d.COM)
	}
	if err == nil || !strings.Contains(err.Error(), "EF.COM: lists data groups") {
		t.Errorf("listed groups that are not there: %v", err)
	}
}

// sealedAnyway are the defects that were signed, or that no signature covers.
var sealedAnyway = []string{
	"wrong pixel size", "JPEG as JPEG 2000", "listed tag missing", "date of letters", "point off the curve",
	"reserved byte of EF.PROF",
}

// Every defect is found and named, and the chip is sealed only where signature, digests and
// manifest are good all the same.
func TestDecodeFindsDefects(t *testing.T) {
	t.Parallel()
	is := newIssuer(t)
	good := testChip(t, is)
	resign := func(f map[uint16][]byte) { f[0x011D] = is.sod(t, f, sodOptions{}) }
	for _, c := range []struct {
		name  string
		alter func(map[uint16][]byte)
		want  string
	}{
		{"altered name", func(f map[uint16][]byte) {
			f[0x010B] = bytes.Replace(f[0x010B], []byte("BUDI SANTOSO"), []byte("BUDI SANTOSA"), 1)
		}, "the digest of DG11 is not that of the file"},
		{"altered finger", func(f map[uint16][]byte) { f[0x0201][60] ^= 1 }, "hash of file 0201 is not that of the file"},
		{"finger missing", func(f map[uint16][]byte) { delete(f, 0x0202) }, "lists file 0202, which the chip does not hold"},
		{"finger not excepted", func(f map[uint16][]byte) { delete(f, 0x0202) }, "finger 7 is neither on the card nor excepted"},
		{"finger on the card and excepted", func(f map[uint16][]byte) {
			f[0x010D] = is.dg13(t, f, nil, [2][]byte{}, object(0xA2, []byte{0x80, 1, 7, 0x81, 1, 1}))
			resign(f)
		}, "finger 7 is on the card and excepted"},
		{"data group missing", func(f map[uint16][]byte) { delete(f, 0x010C) }, "lists DG12, which the chip does not hold"},
		{"digest missing", func(f map[uint16][]byte) { f[0x011D] = is.sod(t, f, sodOptions{omit: 7}) }, "has no digest of DG7"},
		{"wrong signature", func(f map[uint16][]byte) { f[0x011D] = is.sod(t, f, sodOptions{badSig: true}) }, "EF.SOD: the signature is wrong"},
		{"version 1", func(f map[uint16][]byte) { f[0x011D] = is.sod(t, f, sodOptions{version: 1}) }, "SignedData version 1 instead of 3"},
		{"other content", func(f map[uint16][]byte) { f[0x011D] = is.sod(t, f, sodOptions{content: oidSignedData}) }, "is no LDS security object"},
		{"content type not signed", func(f map[uint16][]byte) { f[0x011D] = is.sod(t, f, sodOptions{dropType: true}) }, "contentType or messageDigest is not signed"},
		{"attribute twice", func(f map[uint16][]byte) { f[0x011D] = is.sod(t, f, sodOptions{twice: true}) }, "attribute 1.2.840.113549.1.9.5 twice"},
		{"broken signing time", func(f map[uint16][]byte) { f[0x011D] = is.sod(t, f, sodOptions{badTime: true}) }, "attribute signingTime"},
		{"SOD cut off", func(f map[uint16][]byte) { f[0x011D] = f[0x011D][:100] }, "EF.SOD: malformed TLV"},
		{"torn SOD", func(f map[uint16][]byte) {
			for i := range 32 {
				f[0x011D][len(f[0x011D])-1-i] = 0xFF
			}
		}, "EF.SOD"},
		{"check digit", func(f map[uint16][]byte) { f[0x0101][5+35] = '0' }, "DG1: check digit"},
		{"lower case in the MRZ", func(f map[uint16][]byte) { f[0x0101][5+62] = 'a' }, "MRZ holds character 61"},
		{"trailing byte", func(f map[uint16][]byte) { f[0x0107] = append(f[0x0107], 0) }, "DG7: malformed TLV: 1 bytes behind tag 67"},
		{"wrong pixel size", func(f map[uint16][]byte) { f[0x0102] = faceFile(testImage(t, 24, 32), 0, 25, 32); resign(f) }, "the record says 25 x 32"},
		{"JPEG as JPEG 2000", func(f map[uint16][]byte) { f[0x0102] = faceFile(testImage(t, 24, 32), 1, 24, 32); resign(f) }, "image data type 1 holds jpeg"},
		{"no image", func(f map[uint16][]byte) { f[0x0107] = object(0x67, []byte{2, 1, 1}, text(0x5F43, "GIF89a")) }, "neither JPEG nor JPEG 2000"},
		{"wrong subtype", func(f map[uint16][]byte) { f[0x0201] = fingerFile(0x0A, fingerRecord(2, 60)) }, "finger position 2, CBEFF subtype 0A"},
		{"finger record cut", func(f map[uint16][]byte) { f[0x0201] = fingerFile(0x09, fingerRecord(2, 60)[:200]) }, "finger record of 200 bytes says 390"},
		{"unknown file", func(f map[uint16][]byte) { f[0x0110] = []byte{0x70, 0} }, "0110: the profile has no such file"},
		{"manifest version", func(f map[uint16][]byte) { f[0x010D][6] = 2 }, "DG13: manifest version 2"},
		{"listed tag missing", func(f map[uint16][]byte) {
			f[0x010C] = object(0x6C, object(0x5C, unhex(t, "5F19 5F26")), text(0x5F19, "DINAS"))
			resign(f)
		}, "lists tag 5F26, which it does not hold"},
		{"date of letters", func(f map[uint16][]byte) {
			f[0x010C] = object(0x6C, object(0x5C, unhex(t, "5F26")), text(0x5F26, "2026AB03"))
			resign(f)
		}, "is not 8 digits"},
		{"point off the curve", func(f map[uint16][]byte) { f[0x010F][len(f[0x010F])-1] ^= 1; resign(f) }, "the point is not on P-256"},
		{"reserved byte of EF.PROF", func(f map[uint16][]byte) { f[0x0204][31] = 1 }, "EF.PROF: reserved bytes are not zero"},
	} {
		files := map[uint16][]byte{}
		for fid, b := range good {
			files[fid] = bytes.Clone(b)
		}
		c.alter(files)
		d, err := Decode(files)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if strings.HasPrefix(c.want, "EF.SOD: the signature") && d.SOD.SignatureGood {
			t.Errorf("%s: signature good", c.name)
		}
		if sealed := slices.Contains(sealedAnyway, c.name); d.Sealed != sealed {
			t.Errorf("%s: sealed %v", c.name, d.Sealed)
		}
	}
	// A statement over another name does not verify, however good the SOD is.
	files := maps.Clone(good)
	files[0x010B] = bytes.Replace(files[0x010B], []byte("BUDI SANTOSO"), []byte("BUDI SANTOSA"), 1)
	resign(files)
	d, err := Decode(files)
	if err != nil || !d.Sealed {
		t.Fatalf("signed again: %v", err)
	}
	if err := d.VerifyCenter(&is.center.PublicKey); err == nil {
		t.Error("the center's signature covers another name")
	}
}

// The worked examples of the card profile, 3.3.
func TestStatement(t *testing.T) {
	t.Parallel()
	all := func(digit string) string { return strings.Repeat(digit, 64) }
	one := &[2]string{all("1"), all("2")}
	for _, c := range []struct {
		fingers [2]*[2]string
		size    int
		sum     string
	}{
		{[2]*[2]string{one, nil}, 265, "1767D6D96B39C7D710F30DAC3732334E99799A39D48C98E11961FD59D98DCE4F"},
		{[2]*[2]string{one, {all("3"), all("4")}}, 406, "5BD4B88A2165C4C9CEFFCA549D43ACB72343D5BA705683A5C3E113917F98D28E"},
	} {
		b := statement("1990-08-17", c.fingers, []string{"BUDI SANTOSO"}, "3173041708901234", "SEUMUR HIDUP")
		if sum := sha256.Sum256(b); len(b) != c.size || !bytes.Equal(sum[:], unhex(t, c.sum)) {
			t.Errorf("%d bytes, %X, want %d, %s", len(b), sum, c.size, c.sum)
		}
	}
	if got := jsonQuote("A\"\\\n\x01\u2019"); got != "\"A\\\"\\\\\\n\\u0001\u2019\"" {
		t.Errorf("quoted %s", got)
	}
}

// JPEG 2000 sizes, codestream and JP2 box file (ISO/IEC 15444-1, A.5.1, I.5.1).
func TestJPEG2000Size(t *testing.T) {
	t.Parallel()
	stream := unhex(t, "FF4F FF51 0029 0000 000000F0 00000140 00000000 00000000 000000F0 00000140")
	for name, b := range map[string][]byte{
		"j2k": stream,
		"jp2": append(unhex(t, "0000000C 6A502020 0D0A870A 00000014 66747970"), stream...),
	} {
		p, err := pictureOf(b)
		if err != nil || p.Format != name || p.Width != 240 || p.Height != 320 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if _, err := pictureOf(stream[:10]); err == nil {
		t.Error("a codestream without a size is accepted")
	}
}

// The written card decodes from the chip's own memory, with the chip's own keys.
func TestDecodeOfWrittenCard(t *testing.T) {
	t.Parallel()
	is := newIssuer(t)
	h := newHost(Config{})
	order := []struct {
		fid uint16
		sfi byte
	}{
		{0x011E, 0x1E},
		{0x0101, 1},
		{0x0102, 2},
		{0x0107, 7},
		{0x010B, 0x0B},
		{0x010C, 0x0C},
		{0x010D, 0x0D},
		{0x010E, 0x0E},
		{0x010F, 0x0F},
		{0x0201, 0x11},
		{0x0202, 0x12},
		{0x0203, 0x13},
		{0x011D, 0x1D},
	}
	p := plan{id: testID, bac: true, can: true, keyPairs: true, onPairs: func(points [][]byte) []testFile {
		files := testChip(t, is)
		spki := func(point []byte) []byte {
			key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
			if err != nil {
				t.Fatal(err)
			}
			b, err := x509.MarshalPKIXPublicKey(key)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		files[0x010E] = object(0x6E, object(0x31, object(0x30, unhex(t, "0609 04007F000702020102"), spki(points[0]))))
		files[0x010F] = object(0x6F, spki(points[1]))
		files[0x011D] = is.sod(t, files, sodOptions{})
		var list []testFile
		for _, o := range order {
			list = append(list, testFile{o.fid, o.sfi, files[o.fid]})
		}
		return list
	}}
	if err := h.finished(p); err != nil {
		t.Fatal(err)
	}
	v := h.card.View()
	d, err := Decode(v.Files)
	if err != nil || !d.Sealed {
		t.Fatalf("sealed %v, %v", d.Sealed, err)
	}
	if d.DG14.ChipAuthentication.Point != hex.EncodeToString(v.ChipAuthentication) || d.DG15.Point != hex.EncodeToString(v.ActiveAuthentication) {
		t.Error("DG14 or DG15 publish other keys than the chip holds")
	}
	if d.PROF.Marker != 2 || d.PROF.Attempt != hex.EncodeToString(testID[:]) {
		t.Errorf("%+v", d.PROF)
	}
}

// A small chip's DG11 holds the document details too.
func TestDecodeSmallChip(t *testing.T) {
	t.Parallel()
	d, err := parseDG11(object(0x6B, object(0x5C, unhex(t, "5F0E 5F26 5F55 5F56")), text(0x5F0E, "ANI"), text(0x5F26, "20260203"),
		text(0x5F55, "20260203040506"), text(0x5F56, "S1")))
	if err != nil || d.Name != "ANI" || d.IssueDate != "20260203" || d.PersonalizedAt != "20260203040506" || d.Station != "S1" {
		t.Errorf("%+v, %v", d, err)
	}
}
