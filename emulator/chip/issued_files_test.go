package chip

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"encoding/hex"
	"image"
	"image/jpeg"
	"maps"
	"math/big"
	"slices"
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
	random := randomOf([]byte{7, 0, 0, 0, 0, 0, 0, 0})
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
