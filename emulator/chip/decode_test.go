package chip

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/jpeg"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// object builds one data object, long form where it is needed.
func object(tag uint16, parts ...[]byte) []byte {
	value := bytes.Join(parts, nil)
	var b []byte
	if tag > 0xFF {
		b = append(b, byte(tag>>8))
	}
	b = append(b, byte(tag))
	switch n := len(value); {
	case n < 0x80:
		b = append(b, byte(n))
	case n < 0x100:
		b = append(b, 0x81, byte(n))
	default:
		b = append(b, 0x82, byte(n>>8), byte(n))
	}
	return append(b, value...)
}

func text(tag uint16, s string) []byte { return object(tag, []byte(s)) }

// testImage is a small JPEG.
func testImage(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fingerRecord is a record of ISO/IEC 19794-2:2005 of one view.
func fingerRecord(position byte, minutiae int) []byte {
	b := []byte("FMR\x00 20\x00")
	b = binary.BigEndian.AppendUint32(b, uint32(30+6*minutiae))
	b = append(b, 0, 0, 1, 0x40, 1, 0x90, 0, 197, 0, 197, 1, 0)
	b = append(b, position, 0, 80, byte(minutiae))
	for i := range minutiae {
		b = append(b, 0x40, byte(3*i), 0, byte(2*i), byte(5*i), 70)
	}
	return append(b, 0, 0)
}

func fingerFile(subtype byte, record []byte) []byte {
	return object(0x7F60,
		object(0xA1, object(0x81, []byte{8}), object(0x82, []byte{subtype}), object(0x87, []byte{1, 1}), object(0x88, []byte{0, 1})),
		object(0x5F2E, record))
}

func faceFile(img []byte, format byte, w, h int) []byte {
	record := make([]byte, 14+20+12)
	copy(record, "FAC\x00010\x00")
	binary.BigEndian.PutUint32(record[8:], uint32(len(record)+len(img)))
	binary.BigEndian.PutUint16(record[12:], 1)
	binary.BigEndian.PutUint32(record[14:], uint32(len(record)+len(img)-14))
	info := record[34:]
	info[0], info[1] = 1, format
	binary.BigEndian.PutUint16(info[2:], uint16(w))
	binary.BigEndian.PutUint16(info[4:], uint16(h))
	return object(0x75, object(0x7F61, object(0x02, []byte{1}), object(0x7F60,
		object(0xA1, object(0x80, []byte{1, 1}), object(0x81, []byte{2}), object(0x82, []byte{0}), object(0x87, []byte{1, 1}), object(0x88, []byte{0, 8})),
		object(0x5F2E, append(record, img...)))))
}

// issuer signs test documents.
type issuer struct {
	key    *ecdsa.PrivateKey
	cert   []byte
	center *ecdsa.PrivateKey
}

func newIssuer(t testing.TB) issuer {
	t.Helper()
	random := randomOf([8]byte{7})
	key, err := generateP256(random)
	if err != nil {
		t.Fatal(err)
	}
	center, err := generateP256(random)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	cert, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(0x1234), Subject: pkix.Name{Country: []string{"ID"}, CommonName: "Document Signer 1"},
		NotBefore: from, NotAfter: from.AddDate(10, 3, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		SubjectKeyId: []byte{1, 2, 3, 4},
	}, &x509.Certificate{Subject: pkix.Name{Country: []string{"ID"}, CommonName: "CSCA"}}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{key: key, cert: cert, center: center}
}

func der(t testing.TB, v any, params string) []byte {
	t.Helper()
	b, err := asn1.MarshalWithParams(v, params)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sodOptions are what a test can make wrong.
type sodOptions struct {
	version  int  // of SignedData; 0 is 3
	byKeyID  bool // signer identifier by key identifier
	badSig   bool
	badTime  bool
	omit     int // data group without a digest
	dropType bool
	twice    bool // the time is signed twice
	content  asn1.ObjectIdentifier
}

// sod builds EF.SOD over the data groups among files, piece by piece as RFC 5652 says.
func (is issuer) sod(t testing.TB, files map[uint16][]byte, o sodOptions) []byte {
	t.Helper()
	sha := object(0x30, der(t, oidSHA256, ""))
	var digests [][]byte
	for _, fid := range slices.Sorted(maps.Keys(files)) {
		n := int(fid) - 0x100
		if fid>>8 != 1 || n > 16 || n == o.omit {
			continue
		}
		sum := sha256.Sum256(files[fid])
		digests = append(digests, object(0x30, der(t, n, ""), object(0x04, sum[:])))
	}
	lds := object(0x30, []byte{2, 1, 0}, sha, object(0x30, digests...))
	contentType := oidLDSSecurity
	if o.content != nil {
		contentType = o.content
	}
	sum := sha256.Sum256(lds)
	attributes := [][]byte{
		object(0x30, der(t, oidMessageDigest, ""), object(0x31, object(0x04, sum[:]))),
		object(0x30, der(t, oidSigningTime, ""), object(0x31, der(t, time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), "utc"))),
	}
	if o.badTime {
		attributes[1] = object(0x30, der(t, oidSigningTime, ""), object(0x31, []byte{0x17, 1, 'x'}))
	}
	if !o.dropType {
		attributes = append(attributes, object(0x30, der(t, oidContentType, ""), object(0x31, der(t, contentType, ""))))
	}
	if o.twice {
		attributes = append(attributes, attributes[1])
	}
	slices.SortFunc(attributes, bytes.Compare)
	signed := sha256.Sum256(object(0x31, attributes...))
	sig, err := ecdsa.SignASN1(rand.Reader, is.key, signed[:])
	if err != nil {
		t.Fatal(err)
	}
	if o.badSig {
		sig[len(sig)-1] ^= 1
	}
	cert, err := x509.ParseCertificate(is.cert)
	if err != nil {
		t.Fatal(err)
	}
	infoVersion, signer := []byte{2, 1, 1}, object(0x30, cert.RawIssuer, der(t, cert.SerialNumber, ""))
	if o.byKeyID {
		infoVersion, signer = []byte{2, 1, 3}, object(0x80, cert.SubjectKeyId)
	}
	version := byte(3)
	if o.version != 0 {
		version = byte(o.version)
	}
	info := object(0x30, infoVersion, signer, sha, object(0xA0, attributes...), object(0x30, der(t, oidECDSASHA256, "")), object(0x04, sig))
	sd := object(0x30, []byte{2, 1, version}, object(0x31, sha),
		object(0x30, der(t, contentType, ""), object(0xA0, object(0x04, lds))),
		object(0xA0, is.cert), object(0x31, info))
	return object(0x77, object(0x30, der(t, oidSignedData, ""), object(0xA0, sd)))
}

// dg13 builds the manifest over the national files; other are the hashes of the records that
// are not on the card.
func (is issuer) dg13(t testing.TB, files map[uint16][]byte, statement []byte, other [2][]byte, extra ...[]byte) []byte {
	t.Helper()
	parts := [][]byte{{0x80, 1, 1}}
	for _, fid := range []uint16{0x0201, 0x0202, 0x0203} {
		if b, ok := files[fid]; ok {
			sum := sha256.Sum256(b)
			parts = append(parts, object(0xA1, object(0x80, []byte{byte(fid >> 8), byte(fid)}), object(0x81, sum[:])))
		}
	}
	parts = append(parts, extra...)
	digest := sha256.Sum256(statement)
	r, s, err := ecdsa.Sign(rand.Reader, is.center, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(is.center.Public())
	if err != nil {
		t.Fatal(err)
	}
	id := sha256.Sum256(spki)
	sig := append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	a3 := [][]byte{object(0x80, id[:8]), object(0x81, sig)}
	for i, h := range other {
		if h != nil {
			a3 = append(a3, object(0x82+uint16(i), h))
		}
	}
	parts = append(parts, object(0xA3, a3...), object(0xC0, []byte{1}), object(0xC1, []byte{2}), object(0xC2, []byte{0xFF}),
		text(0xC3, "IDN"), text(0xC4, "SEUMUR HIDUP"))
	return object(0x6D, parts...)
}

const testMRZ = "I<IDN317304170<89012341<<<<<<<" + "9008179M9912315IDN<<<<<<<<<<<0" + "SANTOSO<<BUDI<<<<<<<<<<<<<<<<<"

// testChip is a complete set of files: two fingers of 60 and 38 minutiae, the first with the
// hash of its small record beside it.
func testChip(t testing.TB, is issuer) map[uint16][]byte {
	t.Helper()
	right, left := fingerRecord(2, 60), fingerRecord(7, 38)
	small := sha256.Sum256(fingerRecord(2, 40))
	point := mustPoint(t, is.key)
	spki, err := x509.MarshalPKIXPublicKey(is.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(spki, point) {
		t.Fatal("no point in the key")
	}
	files := map[uint16][]byte{
		0x011E: unhex(t, "601B 5F01 04 30313037 5F36 06 303430303030 5C 09 6175 67 6B 6C 6D 6E 6F"),
		0x0101: object(0x61, text(0x5F1F, testMRZ)),
		0x0102: faceFile(testImage(t, 24, 32), 0, 24, 32),
		0x0107: object(0x67, []byte{2, 1, 1}, object(0x5F43, testImage(t, 40, 11))),
		0x010B: object(0x6B, object(0x5C, unhex(t, "5F0E A0 5F10 5F2B 5F11 5F42 5F13")),
			text(0x5F0E, "BUDI SANTOSO"), object(0xA0, []byte{2, 1, 1}, text(0x5F0F, "BUDI")), text(0x5F10, "3173041708901234"),
			text(0x5F2B, "19900817"), text(0x5F11, "JAKARTA"), text(0x5F42, "JL. MERDEKA 1<001/002<GAMBIR<GAMBIR"), text(0x5F13, "PELAJAR/MAHASISWA")),
		0x010C: object(0x6C, object(0x5C, unhex(t, "5F19 5F26 5F55 5F56")), text(0x5F19, "DINAS DUKCAPIL"),
			object(0x5F26, unhex(t, "20260203")), object(0x5F55, unhex(t, "20260203040506")), text(0x5F56, "STATION-1")),
		0x010E: object(0x6E, object(0x31,
			object(0x30, unhex(t, "0609 04007F000702020102"), spki, []byte{2, 1, 1}),
			object(0x30, unhex(t, "060A 04007F00070202030202"), []byte{2, 1, 1}, []byte{2, 1, 1}))),
		0x010F: object(0x6F, spki),
		0x0201: fingerFile(0x09, right),
		0x0202: fingerFile(0x0A, left),
		0x0203: slices.Concat(text(0x5F20, "ISLAM"), object(0x70, text(0x81, "WNI"), object(0x82, []byte{0xFF, 0xFE}))),
		0x0204: claimData(testID),
	}
	files[0x011E] = object(0x60, text(0x5F01, "0107"), text(0x5F36, "040000"), object(0x5C, unhex(t, "6175676B6C6D6E6F")))
	hash := func(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }
	st := statement("1990-08-17", [2]*[2]string{{hex.EncodeToString(small[:]), hash(right)}, {hash(left), hash(left)}},
		[]string{"BUDI SANTOSO", "BUDI"}, "3173041708901234", "SEUMUR HIDUP")
	files[0x010D] = is.dg13(t, files, st, [2][]byte{small[:], nil})
	files[0x011D] = is.sod(t, files, sodOptions{})
	return files
}

func mustPoint(t testing.TB, k *ecdsa.PrivateKey) []byte {
	t.Helper()
	b, err := k.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

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
