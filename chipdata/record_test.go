package chipdata_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"image"
	"math/big"
	mrand "math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/biometric/finger"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/internal/rig"
	"blanko/ktp"
)

// at is when the cards of these tests are made.
var at = time.Date(2026, 11, 22, 9, 30, 15, 0, time.UTC)

// budi is the worked example of the card profile (KTPEL-OP 1, section 3.2), all else invented.
func budi() ktp.Person {
	return ktp.Person{
		NIK: "3173041708901234", FamilyCard: "3173040101100001", Names: []string{"BUDI SANTOSO"},
		BirthPlace: "JAKARTA", BirthDate: time.Date(1990, 8, 17, 0, 0, 0, 0, time.UTC), Sex: ktp.Male, Blood: 4,
		Street: "JL. MAWAR NO. 12", RT: "001", RW: "002", Village: "KEBON JERUK", District: "KEBON JERUK",
		Regency: "KOTA JAKARTA BARAT", Province: "DKI JAKARTA", RegionCode: "31.73.05.1001",
		Religion: 1, Marital: 2, Occupation: "KARYAWAN SWASTA", Nationality: "IDN", Citizenship: "WNI", Validity: ktp.Lifelong,
	}
}

// minutiaeRecord is a record of n minutiae scattered by the seed.
func minutiaeRecord(t testing.TB, f ktp.Finger, n int, seed uint64) []byte {
	t.Helper()
	r := mrand.New(mrand.NewPCG(seed, 3))
	v := finger.View{Position: f, Quality: 80}
	for range n {
		v.Minutiae = append(v.Minutiae, finger.Minutia{Type: 1 + byte(r.IntN(2)), X: 20 + r.IntN(340), Y: 20 + r.IntN(330), Angle: byte(r.IntN(256)), Quality: 40 + byte(r.IntN(60))})
	}
	b, err := (&finger.Template{Width: 388, Height: 374, ResX: 197, ResY: 197, Views: []finger.View{v}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func slot(t testing.TB, f ktp.Finger, seed uint64) ktp.FingerSlot {
	return ktp.FingerSlot{Finger: f, Best60: minutiaeRecord(t, f, 60, seed), Best40: minutiaeRecord(t, f, 40, seed+100)}
}

// record is budi with two fingers and the mark of a center's signature.
func record(t testing.TB) ktp.Record {
	r := ktp.Record{ID: "R-1", Version: 1, Office: "61.05", Type: "new", Profile: "ktp-el-wni", Person: budi()}
	r.Fingers = [2]ktp.FingerSlot{slot(t, ktp.RightIndex, 1), slot(t, ktp.LeftIndex, 2)}
	r.Identity.KeyID = [8]byte{1, 2, 3, 4, 5, 6, 7, 8}
	for i := range r.Identity.Signature {
		r.Identity.Signature[i] = byte(i + 1)
	}
	return r
}

func issuance() chipdata.Issuance {
	return chipdata.Issuance{Authority: "DISDUKCAPIL", IssuePlace: "KABUPATEN SINTANG", IssueDate: at, PersonalizedAt: at, Station: "SN1"}
}

// authority is a country signing authority with one document signer.
type authority struct {
	csca   *x509.Certificate
	key    *ecdsa.PrivateKey
	signer chipdata.Signer
}

var documentTypeList = pkix.Extension{Id: asn1.ObjectIdentifier{2, 23, 136, 1, 1, 6, 2}, Value: []byte{0x30, 0x09, 0x02, 0x01, 0x00, 0x31, 0x04, 0x13, 0x02, 'I', 'D'}}

func newAuthority(t testing.TB, country string) authority {
	t.Helper()
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	a := authority{key: key()}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{Country: []string{country}, CommonName: "CSCA"},
		NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(14, 0, 0), IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1, 2, 3, 4, 5, 6, 7, 8},
	}
	a.csca = issue(t, root, root, a.key, a.key)
	a.signer = a.document(t, country)
	return a
}

func (a authority) document(t testing.TB, country string) chipdata.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(0x51), Subject: pkix.Name{Country: []string{country}, CommonName: "DS 1"},
		NotBefore: at.AddDate(0, -1, 0), NotAfter: at.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{documentTypeList},
	}
	return chipdata.Signer{Certificate: issue(t, c, a.csca, k, a.key).Raw, Key: k}
}

func issue(t testing.TB, c, parent *x509.Certificate, key, by *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func chipKeys(t testing.TB) chipdata.ChipKeys {
	t.Helper()
	point := func() []byte {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		b, err := k.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return chipdata.ChipKeys{ChipAuth: point(), ActiveAuth: point()}
}

func profile(t testing.TB, name string) *chipdata.Profile {
	t.Helper()
	p, err := chipdata.LoadProfile(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func codec(t testing.TB) *openjpeg.Codec {
	t.Helper()
	c, err := openjpeg.New()
	if err != nil {
		rig.Without(t, "openjpeg", "built without cgo")
	}
	return c
}

// The pictures of most tests, drawn once.
var (
	aPortrait  = sync.OnceValue(func() image.Image { return portrait(1, 480, 640) })
	aSignature = sync.OnceValue(func() image.Image { return autograph(1, 600, 200) })
)

func fileOf(t testing.TB, pl *chipdata.Plan, fid uint16) []byte {
	t.Helper()
	for _, f := range pl.Files {
		if f.FID == fid {
			return f.Data
		}
	}
	t.Fatalf("no file %04X", fid)
	return nil
}

func sealed(t testing.TB, name string, r ktp.Record, a authority) *chipdata.Plan {
	t.Helper()
	pl, err := chipdata.Prepare(profile(t, name), r, issuance(), aPortrait(), aSignature(), codec(t), a.signer)
	if err != nil {
		t.Fatal(err)
	}
	if err := pl.Seal(chipKeys(t), a.signer, at); err != nil {
		t.Fatal(err)
	}
	return pl
}

func repeat(s string, n int) string { return strings.Repeat(s, n/len(s)+1)[:n] }

func sum(b []byte) [32]byte { return sha256.Sum256(b) }
