package inspect_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io/fs"
	"math/big"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/keys"
	"blanko/keys/software"
)

func file(b []byte) *fstest.MapFile { return &fstest.MapFile{Data: b} }

func inPEM(kind string, der ...[]byte) []byte {
	var out []byte
	for _, b := range der {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b})...)
	}
	return out
}

// A folder of anchors is read whole or not at all, and the error names the file.
func TestLoadCSCAs(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	other, err := software.DevelopmentPKI([]byte("another"), from)
	if err != nil {
		t.Fatal(err)
	}
	one, two := s.pki.CSCA.Raw, other.CSCA.Raw
	torn := bytes.Clone(one)
	torn[len(torn)-1] ^= 1
	for _, c := range []struct {
		name   string
		folder fstest.MapFS
		want   int    // certificates
		names  string // in the error
	}{
		{"DER", fstest.MapFS{"id.cer": file(one)}, 1, ""},
		{"all endings, each once, the rest left alone", fstest.MapFS{
			"a.CER": file(one), "b.der": file(two), "c.pem": file(inPEM("CERTIFICATE", one, two)), "d.crt": file(one), "README.txt": file([]byte("x")), "sub/e.cer": file([]byte("x")),
		}, 2, ""},
		{"empty", fstest.MapFS{}, 0, "folder"},
		{"no certificate", fstest.MapFS{"a.cer": file(one), "b.pem": file([]byte("-----BEGIN"))}, 0, "b.pem"},
		{"a signer", fstest.MapFS{"ds.cer": file(s.signer.Certificate)}, 0, "ds.cer"},
		{"own signature wrong", fstest.MapFS{"torn.cer": file(torn)}, 0, "torn.cer"},
		{"too long", fstest.MapFS{"big.pem": file(make([]byte, 1<<17))}, 0, "big.pem"},
		{"a pipe", fstest.MapFS{"pipe.pem": {Mode: fs.ModeNamedPipe, Data: one}}, 0, "pipe.pem"},
		{"a device", fstest.MapFS{"zero.pem": {Mode: fs.ModeDevice | fs.ModeCharDevice, Data: one}}, 0, "zero.pem"},
	} {
		got, err := inspect.LoadCSCAs(c.folder)
		if c.names == "" && (err != nil || len(got) != c.want) || c.names != "" && (!fault.Is(err, inspect.TrustUnusable) || !strings.Contains(err.Error(), c.names) || got != nil) {
			t.Errorf("%s: %d certificates, %v", c.name, len(got), err)
		}
	}
}

// A card whose signer was revoked before it signed is not genuine; one whose signer was revoked later is told
// of; without a list that holds, that nobody looked is said.
func TestRevokedSigner(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	card := s.active(t, s.plan(t, s.signed(t, 0)))
	const check = "signed by a signer that was not revoked"
	list := func(gone ...keys.Revocation) fstest.MapFS {
		der, err := keys.RevocationList(nil, s.pki.CSCA, s.pki.CSCAKey, nil, nil, gone, at.AddDate(0, 0, 2))
		if err != nil {
			t.Fatal(err)
		}
		return fstest.MapFS{"1.crl": file(inPEM("X509 CRL", der)), "csca.cer": file(s.pki.CSCA.Raw)}
	}
	signer, err := x509.ParseCertificate(s.signer.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	serial := signer.SerialNumber
	for _, c := range []struct {
		name    string
		folder  fstest.MapFS
		station inspect.Finding
		says    string
	}{
		{"revoked before", list(keys.Revocation{Serial: serial, At: at.AddDate(0, 0, -1)}), inspect.Bad, "revoked on " + at.AddDate(0, 0, -1).Format(time.DateOnly)},
		{"revoked at that time", list(keys.Revocation{Serial: serial, At: at}), inspect.Bad, "revoked on " + at.Format(time.DateOnly)},
		{"revoked later", list(keys.Revocation{Serial: serial, At: at.AddDate(0, 0, 1)}), inspect.Good, "revoked on " + at.AddDate(0, 0, 1).Format(time.DateOnly) + ", after the time of signing that it tells"},
		{"another is revoked", list(keys.Revocation{Serial: big.NewInt(12345), At: at}), inspect.Good, "yes"},
		{"no list", fstest.MapFS{}, inspect.Good, "not checked (no revocation list of its authority that holds is known here)"},
	} {
		trust := s.trust()
		if trust.Revoked, err = inspect.LoadRevocationLists(c.folder); err != nil {
			t.Fatal(err)
		}
		trust.Now = at.AddDate(0, 0, 3)
		e := s.examine(t, &field{card: card}, s.keys, icao.Access{}, trust)
		at := slices.IndexFunc(e.Checks, func(k inspect.Check) bool { return k.Name == check })
		if e.Station.Result != c.station || e.Genuine != (c.station == inspect.Good) || at < 0 || e.Checks[at].Got != c.says {
			t.Errorf("%s: %s, genuine %v, %+v", c.name, e.Station.Result, e.Genuine, e.Checks)
		}
		if told := c.says != "yes" && !strings.HasPrefix(c.says, "not checked"); told != strings.Contains(e.Station.Reason, "revoked on") {
			t.Errorf("%s: reason %q", c.name, e.Station.Reason)
		}
	}
	trust := s.trust()
	if trust.Revoked, err = inspect.LoadRevocationLists(list()); err != nil {
		t.Fatal(err)
	}
	trust.Now = at.AddDate(1, 0, 0)
	e := s.examine(t, &field{card: card}, s.keys, icao.Access{}, trust)
	if !slices.ContainsFunc(e.Checks, func(k inspect.Check) bool { return k.Name == check && k.Skipped }) {
		t.Errorf("a list that holds no longer: %+v", e.Checks)
	}
	if _, err := inspect.LoadRevocationLists(fstest.MapFS{"a.crl": file([]byte("x"))}); !fault.Is(err, inspect.TrustUnusable) {
		t.Errorf("no list: %v", err)
	}
}

func TestLoadCenterKeys(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	spki, err := x509.MarshalPKIXPublicKey(&s.center.key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []fstest.MapFS{{"center.der": file(spki)}, {"center.pem": file(inPEM("PUBLIC KEY", spki))}} {
		got, err := inspect.LoadCenterKeys(folder)
		if err != nil || len(got) != 1 || !got[s.center.id].Equal(&s.center.key.PublicKey) {
			t.Errorf("%v, %v", got, err)
		}
	}
	got, err := inspect.LoadCenterKeys(fstest.MapFS{"ca.cer": file(s.pki.CSCA.Raw)})
	if err != nil || len(got) != 1 {
		t.Errorf("the key of a certificate: %v, %v", got, err)
	}
	if _, err := inspect.LoadCenterKeys(fstest.MapFS{"bad.pem": file([]byte("no key"))}); !fault.Is(err, inspect.TrustUnusable) {
		t.Errorf("no key: %v", err)
	}
	if _, err := inspect.LoadCenterKeys(fstest.MapFS{}); !fault.Is(err, inspect.TrustUnusable) {
		t.Errorf("empty: %v", err)
	}
}

// jws signs a list as a center does.
func (c center) jws(t testing.TB, header, payload string) string {
	t.Helper()
	enc := base64.RawURLEncoding.EncodeToString
	text := enc([]byte(header)) + "." + enc([]byte(payload))
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand8{}, c.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	var sig [64]byte
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return text + "." + enc(sig[:])
}

const someList = `{"format":"ktp-status-list/1","number":7,"date":"2026-11-22T03:00:00Z","cards":[{"chip":"0000FAB101020304BA7C","standing":"made"},{"chip":"0000FAB101020304BA7D","standing":"retired","reason":"lost","held":true}]}`

func TestStatusList(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	trust := s.trust()
	header := func(kid string) string { return fmt.Sprintf(`{"alg":"ES256","kid":%q,"typ":"ktp-status-list"}`, kid) }
	kid := fmt.Sprintf("%x", s.center.id)
	signed := s.center.jws(t, header(kid), someList)
	for name, text := range map[string]string{"plain": someList, "signed": signed, "with an end of line": signed + "\n"} {
		l, err := inspect.ParseStatusList([]byte(text), trust)
		if err != nil {
			t.Fatal(name, err)
		}
		one, ok := l.Find("0000FAB101020304BA7C")
		two, _ := l.Find("0000FAB101020304BA7D")
		_, none := l.Find("0000FAB101020304BA7E")
		if !ok || none || one != (inspect.CardStatus{Standing: inspect.Made}) || two != (inspect.CardStatus{Standing: inspect.Retired, Reason: "lost", Held: true}) || l.Len() != 2 || l.Number != 7 || !l.Date.Equal(time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %+v %+v %+v", name, l, one, two)
		}
		if l.Signed != (name != "plain") || l.Local || l.Signed && l.SignedBy != kid {
			t.Errorf("%s: %+v", name, l)
		}
	}
	trust.LocalKeys = map[[8]byte]bool{s.center.id: true}
	if l, err := inspect.ParseStatusList([]byte(signed), trust); err != nil || !l.Local {
		t.Errorf("local: %+v %v", l, err)
	}
	card := func(text string) string {
		return `{"format":"ktp-status-list/1","number":7,"date":"2026-11-22T03:00:00Z","cards":[` + text + `]}`
	}
	for name, text := range map[string]string{
		"empty":                  "",
		"another format":         strings.Replace(someList, "list/1", "list/2", 1),
		"no number":              strings.Replace(someList, `"number":7,`, "", 1),
		"no date":                strings.Replace(someList, `"date":"2026-11-22T03:00:00Z",`, "", 1),
		"unknown member":         strings.Replace(someList, `"number"`, `"nomor":1,"number"`, 1),
		"something behind":       someList + "{}",
		"a chip twice":           card(`{"chip":"0000FAB101020304BA7C","standing":"made"},{"chip":"0000FAB101020304BA7C","standing":"in_force"}`),
		"a chip in small digits": card(`{"chip":"0000fab101020304ba7c","standing":"made"}`),
		"unknown standing":       card(`{"chip":"0000FAB101020304BA7C","standing":"genuine"}`),
		"no standing":            card(`{"chip":"0000FAB101020304BA7C"}`),
		"a sentence for reason":  card(`{"chip":"0000FAB101020304BA7C","standing":"retired","reason":"lost by Budi"}`),
		"two parts":              "e30.e30",
		"not base64url":          "e30.e30.a+b",
		"another key":            newCenter(t, 9).jws(t, header(kid), someList),
		"unknown key":            newCenter(t, 9).jws(t, header("0011223344556677"), someList),
		"no algorithm":           s.center.jws(t, `{"alg":"none","kid":"`+kid+`","typ":"ktp-status-list"}`, someList),
		"signed for another use": s.center.jws(t, `{"alg":"ES256","kid":"`+kid+`","typ":"ktp-record"}`, someList),
		"short signature":        signed[:len(signed)-2],
		"no signature":           signed[:strings.LastIndexByte(signed, '.')+1],
	} {
		if l, err := inspect.ParseStatusList([]byte(text), trust); !fault.Is(err, inspect.StatusListUnusable) || l != nil {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
}

// FuzzStatusList: any bytes are an error of this room or a list that names known standings alone.
func FuzzStatusList(f *testing.F) {
	f.Add([]byte(someList))
	f.Add([]byte("e30.e30.AAAA"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := inspect.ParseStatusList(b, inspect.Trust{})
		if err != nil && !fault.Is(err, inspect.StatusListUnusable) || err == nil && (l.Signed || l.Number < 1) {
			t.Fatalf("%+v, %v", l, err)
		}
	})
}

// No byte of EF.SOD can be changed: what is not signed is checked by its form, or by the authority's
// signature on the certificate.
func TestEveryByteOfSOD(t *testing.T) {
	t.Parallel()
	for _, name := range profiles {
		s := newShop(t, name)
		plan := s.plan(t, s.signed(t, 0))
		if err := plan.Seal(chipdata.ChipKeys{ChipAuth: someKey(t), ActiveAuth: someKey(t)}, s.signer, at); err != nil {
			t.Fatal(err)
		}
		sod := plan.Files[len(plan.Files)-1].Data
		anchors := []*x509.Certificate{s.pki.CSCA}
		if _, err := chipdata.VerifySOD(sod, anchors); err != nil {
			t.Fatal(err)
		}
		for n := range sod {
			bad := bytes.Clone(sod)
			bad[n] ^= 1 << (n % 8)
			if got, err := chipdata.VerifySOD(bad, anchors); err == nil {
				t.Errorf("%s: byte %d may be changed: %+v", name, n, got.Hashes)
			}
		}
		for _, bad := range [][]byte{append(bytes.Clone(sod), 0), sod[:len(sod)-1], sod[1:], nil} {
			if _, err := chipdata.VerifySOD(bad, anchors); err == nil {
				t.Errorf("%s: %d of %d bytes are accepted", name, len(bad), len(sod))
			}
		}
	}
}

func someKey(t testing.TB) []byte {
	t.Helper()
	point, err := newCenter(t, 11).key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return point
}
