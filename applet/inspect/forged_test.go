package inspect_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/internal/rig"
)

// forgery is the files of a card on their way to become false.
type forgery struct {
	t     testing.TB
	files map[uint16][]byte
	cert  *x509.Certificate
	key   crypto.Signer
	at    time.Time
}

// sign makes EF.SOD anew over what the files and the certificate are now; change may spoil it before the
// signature, spoil behind it.
func (f *forgery) sign(change func(*strictLDS), spoil func(*strictSignedData)) {
	f.t.Helper()
	marshal := func(v any, params string) []byte {
		b, err := asn1.MarshalWithParams(v, params)
		if err != nil {
			f.t.Fatal(err)
		}
		return b
	}
	sha := strictAlgorithm{OID: oidSHA256}
	lds := strictLDS{Digest: sha}
	for _, fid := range slices.Sorted(maps.Keys(f.files)) {
		if n := int(fid) - 0x0100; n >= 1 && n <= 16 {
			sum := sha256.Sum256(f.files[fid])
			lds.Hashes = append(lds.Hashes, struct {
				Group int
				Hash  []byte
			}{n, sum[:]})
		}
	}
	if change != nil {
		change(&lds)
	}
	content := marshal(lds, "")
	sum := sha256.Sum256(content)
	var list []strictAttribute
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{{oidContentType, oidLDSObject}, {oidMessageDigest, sum[:]}, {oidSigningTime, f.at.UTC()}} {
		list = append(list, strictAttribute{a.oid, []asn1.RawValue{{FullBytes: marshal(a.value, "")}}})
	}
	set := marshal(list, "set")
	digest := sha256.Sum256(set)
	signature, err := f.key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		f.t.Fatal(err)
	}
	si := strictSigner{Version: 1, Digest: sha, Algorithm: strictAlgorithm{OID: oidECDSASHA256}, Signature: signature}
	si.ID.Issuer, si.ID.Serial = asn1.RawValue{FullBytes: f.cert.RawIssuer}, f.cert.SerialNumber
	set[0] = 0xA0
	si.Attributes = asn1.RawValue{FullBytes: set}
	sd := strictSignedData{
		Version: 3, Digests: []strictAlgorithm{sha}, Content: strictContent{oidLDSObject, content},
		Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: f.cert.Raw}, Signers: []strictSigner{si},
	}
	if spoil != nil {
		spoil(&sd)
	}
	f.files[0x011D] = object(0x77, marshal(strictContentInfo{oidSignedData, sd}, "")...)
}

// signer gives the forgery a document signer of its own, of a country, valid from a month before the card
// was made until a day.
func (f *forgery) signer(country string, until time.Time, authority *x509.Certificate, by crypto.Signer, extensions ...pkix.Extension) {
	f.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.t.Fatal(err)
	}
	f.key = key
	f.cert = certificate(f.t, &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: pkix.Name{Country: []string{country}, CommonName: "DS"},
		NotBefore: at.AddDate(0, -1, 0), NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature, ExtraExtensions: extensions,
	}, authority, &key.PublicKey, by)
}

func certificate(t testing.TB, template, parent *x509.Certificate, key *ecdsa.PublicKey, by crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// openSSL asks OpenSSL for its word on EF.SOD under anchors at a time; what it shows of a SOD that it takes
// is the version and the content.
type openSSL struct {
	dir string
}

func newOpenSSL(t *testing.T) openSSL {
	t.Helper()
	rig.Need(t, "openssl", rig.Tool{Program: "openssl", Package: "openssl"})
	return openSSL{t.TempDir()}
}

func (o openSSL) file(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// verify is `openssl cms -verify`; its complaint comes back.
func (o openSSL) verify(t *testing.T, sod []byte, anchors []*x509.Certificate, when time.Time) (complaint string) {
	t.Helper()
	cms := o.file(t, "sod.cms", soleObject(t, sod, 0x77))
	var list []byte
	for _, c := range anchors {
		list = append(list, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	cmd := exec.CommandContext(t.Context(), "openssl", "cms", "-verify", "-inform", "DER", "-in", cms, "-CAfile", o.file(t, "anchors.pem", list),
		"-purpose", "any", "-attime", fmt.Sprint(when.Unix()), "-binary", "-out", filepath.Join(o.dir, "lds.der"))
	said, err := cmd.CombinedOutput()
	if err == nil {
		return ""
	}
	return string(said)
}

// version is the version that OpenSSL shows.
func (o openSSL) version(t *testing.T, sod []byte) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", o.file(t, "shown.cms", soleObject(t, sod, 0x77))).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(out), "version: ")
	shown, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(shown)
}

// digest is `openssl dgst -sha256`.
func (o openSSL) digest(t *testing.T, b []byte) []byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "openssl", "dgst", "-sha256", "-binary", o.file(t, "group", b)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// strangers is which of the data groups OpenSSL's digests do not find in EF.SOD.
func (o openSSL) strangers(t *testing.T, f *forgery) (groups []int) {
	t.Helper()
	sod, err := chipdata.ParseSOD(f.files[0x011D])
	if err != nil {
		return nil
	}
	for n, hash := range sod.Hashes {
		if !bytes.Equal(o.digest(t, f.files[0x0100+uint16(n)]), hash) {
			groups = append(groups, n)
		}
	}
	return groups
}

// TestSeededDefects: whoever makes a card false in one of these ways is found out by OpenSSL, where it
// looks for that, and by the station's own check of EF.SOD, and no examination calls such a card good.
func TestSeededDefects(t *testing.T) {
	t.Parallel()
	ssl := newOpenSSL(t)
	s := newShop(t, profiles[1])
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	neighborKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{Country: []string{"MY"}, CommonName: "CSCA"}, NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(14, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1, 2, 3, 4},
	}
	neighbor := certificate(t, root, root, &neighborKey.PublicKey, neighborKey)
	elsewhereKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	foreign := *root
	foreign.Subject, foreign.SubjectKeyId = pkix.Name{Country: []string{"ID"}, CommonName: "CSCA of somebody"}, []byte{5, 6, 7, 8}
	elsewhere := certificate(t, &foreign, &foreign, &elsewhereKey.PublicKey, elsewhereKey)
	own := []*x509.Certificate{s.pki.CSCA}
	longLived := at.AddDate(10, 0, 0)
	usedUp, err := asn1.Marshal(struct {
		From  time.Time `asn1:"tag:0,generalized"`
		Until time.Time `asn1:"tag:1,generalized"`
	}{at.AddDate(0, -1, 0), at.AddDate(0, 0, -1)})
	if err != nil {
		t.Fatal(err)
	}
	oidKeyUsagePeriod := asn1.ObjectIdentifier{2, 5, 29, 16}

	for _, c := range []struct {
		name    string
		forge   func(*forgery)
		openssl string        // of its complaint; "version" and "digest": what it shows; "": it takes the card
		when    time.Duration // of reading, behind the making
		code    fault.Code    // of VerifySOD
		failed  string        // checks of the examination
		cause   inspect.Cause // of the examination; empty: no defect at all
	}{
		{"none", func(f *forgery) { f.sign(nil, nil) }, "", 0, "", "", ""},
		{
			"SignedData version 1", func(f *forgery) { f.sign(nil, func(sd *strictSignedData) { sd.Version = 1 }) },
			"version", 0, "chipdata.file_malformed", "station's signature", inspect.SignatureInvalid,
		},
		{
			"wrong message digest", func(f *forgery) {
				f.sign(nil, func(sd *strictSignedData) {
					sd.Content.Content = bytes.Clone(sd.Content.Content)
					sd.Content.Content[len(sd.Content.Content)-1] ^= 1
				})
			}, "verification failure", 0, "chipdata.sod_untrusted", "station's signature", inspect.SignatureInvalid,
		},
		{
			"wrong hash, signed", func(f *forgery) { f.sign(func(lds *strictLDS) { lds.Hashes[2].Hash[0] ^= 1 }, nil) },
			"digest", 0, "", "data groups equal to EF.SOD", inspect.SignatureInvalid,
		},
		{"signer of another country, of its own authority", func(f *forgery) {
			f.signer("MY", longLived, neighbor, neighborKey)
			f.sign(nil, nil)
		}, "unable to get local issuer certificate", 0, "chipdata.sod_untrusted", "station's signature", inspect.SignatureInvalid},
		{"signer of another country under this authority", func(f *forgery) {
			f.signer("MY", longLived, s.pki.CSCA, s.pki.CSCAKey)
			f.sign(nil, nil)
		}, "", 0, "chipdata.sod_untrusted", "station's signature", inspect.SignatureInvalid}, // pymrtd compares the countries
		{"country in small letters", func(f *forgery) {
			f.signer("id", longLived, s.pki.CSCA, s.pki.CSCAKey)
			f.sign(nil, nil)
		}, "", 0, "chipdata.sod_untrusted", "station's signature", inspect.SignatureInvalid}, // gmrtd looks for capitals
		{"signer expired when the card was made", func(f *forgery) {
			f.signer("ID", at.AddDate(0, 0, -1), s.pki.CSCA, s.pki.CSCAKey)
			f.sign(nil, nil)
		}, "certificate has expired", 0, "", "signed within the signer's validity", inspect.SignatureInvalid},
		{"signer's private key out of use when the card was made", func(f *forgery) {
			f.signer("ID", longLived, s.pki.CSCA, s.pki.CSCAKey, pkix.Extension{Id: oidKeyUsagePeriod, Value: usedUp})
			f.sign(nil, nil)
		}, "", 0, "", "signed within the signer's validity", inspect.SignatureInvalid}, // OpenSSL does not know the extension
		{"signer expired since: what counts is when it signed", func(f *forgery) { f.sign(nil, nil) }, "certificate has expired", 11 * 366 * 24 * time.Hour, "", "", ""},
		{"signer that nobody here knows", func(f *forgery) {
			key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			twin := *s.pki.CSCA
			twin.PublicKey = &key.PublicKey
			f.signer("ID", longLived, &twin, key)
			f.sign(nil, nil)
		}, "verify error", 0, "chipdata.sod_untrusted", "station's signature", inspect.SignatureInvalid},
		{"signer under an authority of the same country that nobody here knows", func(f *forgery) {
			f.signer("ID", longLived, elsewhere, elsewhereKey)
			f.sign(nil, nil)
		}, "unable to get local issuer certificate", 0, "chipdata.sod_untrusted", "station's signature", inspect.SignerUnknown},
		{"signer under a new key of the known authority's name, which nobody here knows", func(f *forgery) {
			renewed := *s.pki.CSCA
			renewed.PublicKey, renewed.SubjectKeyId = &elsewhereKey.PublicKey, elsewhere.SubjectKeyId
			f.signer("ID", longLived, &renewed, elsewhereKey)
			f.sign(nil, nil)
		}, "verify error", 0, "chipdata.sod_untrusted", "station's signature", inspect.SignerUnknown},
		{"altered DG2", func(f *forgery) {
			f.sign(nil, nil)
			f.files[0x0102] = bytes.Clone(f.files[0x0102])
			f.files[0x0102][len(f.files[0x0102])-1] ^= 1
		}, "digest", 0, "", "data groups equal to EF.SOD", inspect.SignatureInvalid},
		{"altered DG11", func(f *forgery) {
			f.sign(nil, nil)
			f.files[0x010B] = bytes.Replace(f.files[0x010B], []byte("JL. MAWAR NO. 12"), []byte("JL. MAWAR NO. 21"), 1)
		}, "digest", 0, "", "data groups equal to EF.SOD", inspect.SignatureInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := s.plan(t, r)
			if err := plan.Seal(chipdata.ChipKeys{}, s.signer, at); err != nil {
				t.Fatal(err)
			}
			cert, err := x509.ParseCertificate(s.signer.Certificate)
			if err != nil {
				t.Fatal(err)
			}
			f := &forgery{t: t, files: map[uint16][]byte{}, cert: cert, key: s.signer.Key, at: at}
			for _, file := range plan.Files {
				f.files[file.FID] = file.Data
			}
			c.forge(f)

			complaint := ssl.verify(t, f.files[0x011D], own, at.Add(c.when))
			shown := map[string]string{"version": "", "digest": "", "": ""}
			if _, takes := shown[c.openssl]; takes && complaint != "" || !takes && !strings.Contains(strings.ToLower(complaint), c.openssl) {
				t.Errorf("OpenSSL says %q", complaint)
			}
			if v := ssl.version(t, f.files[0x011D]); (v == "3") == (c.openssl == "version") {
				t.Errorf("OpenSSL shows version %s", v)
			}
			if got := ssl.strangers(t, f); (len(got) > 0) != (c.openssl == "digest") {
				t.Errorf("by OpenSSL's digests, other than signed: %v", got)
			}
			if sod, err := chipdata.VerifySOD(f.files[0x011D], own); fault.CodeOf(err) != c.code {
				t.Errorf("VerifySOD: %v", err)
			} else if err == nil && sod.SignedInTime() == (c.failed == "signed within the signer's validity") {
				t.Errorf("signed in time: %v", sod.SignedInTime())
			}

			for n := range plan.Files {
				plan.Files[n].Data = f.files[plan.Files[n].FID]
			}
			card := s.active(t, plan)
			trust := s.trust()
			trust.CSCAs = append(trust.CSCAs, neighbor) // a reader at a border knows both authorities
			for who, e := range map[string]inspect.Examination{
				"with the zone":           s.examine(t, &field{card: card}, nil, zoneOf(t, r), trust),
				"with the zone and a SAM": s.examine(t, &field{card: card}, s.keys, zoneOf(t, r), trust),
			} {
				if failedChecks(e) != c.failed {
					t.Errorf("%s: failed %q", who, failedChecks(e))
				}
				if good := e.Station.Result == inspect.Good && e.Cause.Explain().Sound; good != (c.cause == "") {
					t.Errorf("%s: %s, %q, station %s", who, e.Cause, e.Verdict, e.Station.Result)
				}
				verdict := map[inspect.Cause]inspect.Verdict{inspect.SignatureInvalid: inspect.VerdictNotGenuine, inspect.SignerUnknown: inspect.VerdictNotChecked}[c.cause]
				if c.cause != "" && (e.Cause != c.cause || e.Verdict != verdict || e.Genuine) {
					t.Errorf("%s: %s, %q", who, e.Cause, e.Verdict)
				}
			}
		})
	}
}
