package keys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/internal/refused"
)

// now is a day in the life of the keys of these tests.
var now = testFrom.AddDate(0, 1, 0)

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// fit is a production that nothing speaks against: an HSM with attested keys and a signer in its time.
type fit struct {
	Production
	authority           *x509.Certificate
	authorityKey        *ecdsa.PrivateKey
	attestation, signer *ecdsa.PrivateKey
	protocol            Protocol
}

func newFit(t testing.TB) *fit {
	t.Helper()
	f := &fit{attestation: newKey(t), signer: newKey(t), authorityKey: newKey(t)}
	der, err := Authority(nil, f.authorityKey, testNames, big.NewInt(1), testFrom)
	if err != nil {
		t.Fatal(err)
	}
	if f.authority, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	f.Token = ProtocolToken{Label: "HSM", Serial: "0815", Manufacturer: "Maker", Model: "Model", Hardware: true}
	f.Anchors, f.Now = []*x509.Certificate{f.authority}, now
	f.issue(t, testFrom, Names{Signer: "TEST DS"})
	f.Keys = []Held{{Role: Attestation, Generation: 1, Public: &f.attestation.PublicKey}, {Role: Document, Generation: 1, Public: &f.signer.PublicKey}}
	f.protocol = Protocol{
		Place: "SINTANG", Began: testFrom, Ended: testFrom.Add(time.Hour), Token: f.Token, Program: "test",
		Persons: []Person{{"Sari", Leader}, {"Budi", Holder}, {"Tini", Holder}},
		Steps:   []ProtocolStep{{testFrom, "began"}},
	}
	for i, role := range Roles {
		kcv := [3]byte{0xC0, 0xFF, byte(i)}
		f.Keys = append(f.Keys, Held{Role: role, Generation: 1, Size: 16, KCV: kcv})
		f.protocol.Keys = append(f.protocol.Keys, ProtocolKey{Role: role, Generation: 1, Bits: 128, KCV: hex.EncodeToString(kcv[:]), Way: Shared, Needed: 2, Of: 3})
	}
	f.sign(t)
	f.list(t, f.authority, f.authorityKey, testFrom)
	return f
}

// list puts a list of an authority in place that revokes these serial numbers at its time.
func (f *fit) list(t testing.TB, authority *x509.Certificate, key *ecdsa.PrivateKey, at time.Time, gone ...*big.Int) {
	t.Helper()
	var more []Revocation
	for _, serial := range gone {
		more = append(more, Revocation{serial, at})
	}
	der, err := RevocationList(nil, authority, key, nil, nil, more, at)
	if err != nil {
		t.Fatal(err)
	}
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		t.Fatal(err)
	}
	f.Revoked = []*x509.RevocationList{list}
}

// successor is an authority a year later, which this station knows besides the first.
func (f *fit) successor(t testing.TB, names Names) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key := newKey(t)
	der, err := Authority(nil, key, names, big.NewInt(2), testFrom)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	f.Anchors = append(f.Anchors, c)
	return c, key
}

func (f *fit) issue(t testing.TB, from time.Time, names Names) {
	t.Helper()
	der, err := DocumentSigner(nil, f.authority, f.authorityKey, &f.signer.PublicKey, names, big.NewInt(77), from, true)
	if err != nil {
		t.Fatal(err)
	}
	if f.Signer, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
}

// sign makes the protocol as it would come out of its file.
func (f *fit) sign(t testing.TB) {
	t.Helper()
	p, err := f.protocol.Sign(nil, f.attestation)
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if p, err = ParseProtocol(text); err != nil {
		t.Fatal(err)
	}
	f.Protocols = []Protocol{p}
}

// destroyed adds a protocol of the destruction of a key, so long after that of its making.
func (f *fit) destroyed(t testing.TB, role Role, after time.Duration) {
	t.Helper()
	p := f.protocol
	p.Began, p.Ended = p.Began.Add(after), p.Ended.Add(after)
	p.Keys = nil
	for _, k := range f.protocol.Keys {
		if k.Role == role {
			k.Way, k.Needed, k.Of = Destroyed, 0, 0
			p.Keys = append(p.Keys, k)
		}
	}
	p, err := p.Sign(nil, f.attestation)
	if err != nil {
		t.Fatal(err)
	}
	f.Protocols = append(f.Protocols, p)
}

func (f *fit) find(role Role) *Held {
	return &f.Keys[slices.IndexFunc(f.Keys, func(k Held) bool { return k.Role == role })]
}

// Every reason why production does not start with these keys, with the words that it says.
func TestRefusedStarts(t *testing.T) {
	t.Parallel()
	known, err := hex.DecodeString("404142434445464748494A4B4C4D4E4F")
	if err != nil {
		t.Fatal(err)
	}
	knownKCV, err := KCV(known)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, c := range []struct {
		name   string
		change func(*fit)
		want   []string
	}{
		{"nothing speaks against it", func(*fit) {}, nil},
		{"a token of software", func(f *fit) { f.Token.Hardware = false }, []string{"keys.software_token (token): Maker Model"}},
		{"a key of the role is missing", func(f *fit) { f.find(Reading).Role = "OTHER" }, []string{"keys.no_key (keys): there is no MK_SAM on the token"}},
		{"a key that the world knows", func(f *fit) { f.find(Admin).KCV = knownKCV }, []string{"keys.well_known_key (keys): MK_A 1 is the GlobalPlatform default test key"}},
		{"one key in two roles", func(f *fit) { f.find(Reading).KCV = f.find(Personalization).KCV }, []string{
			"keys.key_repeated (keys): MK_P 1 has the check value of MK_SAM 1", "keys.key_repeated (keys): MK_SAM 1 has the check value of MK_P 1",
		}},
		{"a generation that is no other key", func(f *fit) {
			again := *f.find(Admin)
			again.Generation = 2
			f.Keys = append(f.Keys, again)
		}, []string{"keys.key_repeated (keys): MK_A 1 has the check value of MK_A 2", "keys.key_repeated (keys): MK_A 2 has the check value of MK_A 1"}},
		{"a key that can be read", func(f *fit) { f.find(Personalization).Exposed = true }, []string{"keys.key_exposed (keys): MK_P 1"}},
		{"another key than that of the ceremony", func(f *fit) { f.find(Transport).KCV[2] ^= 0x80 }, []string{"keys.not_attested (keys): MK_T 1 with check value C0FF80"}},
		{"a generation without ceremony", func(f *fit) {
			f.Keys = append(f.Keys, Held{Role: Reading, Generation: 2, Size: 16, KCV: [3]byte{1, 2, 3}})
		}, []string{"keys.not_attested (keys): MK_SAM 2 with check value 010203"}},
		{"no ceremony at all", func(f *fit) { f.Protocols = nil }, []string{
			"keys.not_attested (keys): MK_T 1 with check value C0FF00", "keys.not_attested (keys): MK_P 1 with check value C0FF01",
			"keys.not_attested (keys): MK_SAM 1 with check value C0FF02", "keys.not_attested (keys): MK_A 1 with check value C0FF03",
		}},
		{"a key that was destroyed and lies on the token again", func(f *fit) { f.destroyed(t, Reading, time.Hour) }, []string{"keys.not_attested (keys): MK_SAM 1 with check value C0FF02"}},
		{"a key that was destroyed and loaded again", func(f *fit) {
			f.destroyed(t, Reading, -time.Hour)
		}, nil},
		{"a ceremony of another token", func(f *fit) { f.find(Attestation).Public = &f.signer.PublicKey; f.Keys = f.Keys[:4] }, []string{
			"keys.not_attested (keys): MK_T 1 with check value C0FF00", "keys.not_attested (keys): MK_P 1 with check value C0FF01",
			"keys.no_key (keys): there is no MK_SAM on the token", "keys.no_key (keys): there is no MK_A on the token",
		}},
		{"the token has another serial number", func(f *fit) { f.Token.Serial = "4711"; f.Keys = f.Keys[:3] }, []string{
			"keys.not_attested (keys): MK_T 1 with check value C0FF00",
			"keys.no_key (keys): there is no MK_P on the token", "keys.no_key (keys): there is no MK_SAM on the token", "keys.no_key (keys): there is no MK_A on the token",
		}},
		{"no signer", func(f *fit) { f.Signer = nil }, []string{"keys.signer_missing"}},
		{"the signer's key is elsewhere", func(f *fit) { f.find(Document).Public = &f.attestation.PublicKey }, []string{"keys.signer_missing (signer): the token does not hold the key of certificate 4D"}},
		{"the signer's key can be read", func(f *fit) { f.find(Document).Exposed = true }, []string{"keys.key_exposed (keys): DS 1"}},
		{"a signer of tomorrow", func(f *fit) { f.issue(t, now.AddDate(0, 0, 1), testNames) }, []string{"keys.signer_early (signer): valid from 2026-04-02, today is 2026-04-01"}},
		{"a signer whose key's time is over", func(f *fit) { f.Now = testFrom.AddDate(0, 3, 1) }, []string{"keys.signer_late (signer): its key may be used to 2026-06-01, today is 2026-06-02"}},
		{"a signer whose certificate's time is over", func(f *fit) { f.Now = testFrom.AddDate(11, 0, 0) }, []string{"keys.signer_late (signer): valid to 2036-06-01, today is 2037-03-01"}},
		{"a signer of another country", func(f *fit) { f.Signer = foreignSigner(t, f, []string{"MY"}) }, []string{"keys.signer_foreign (signer): its country is [MY], not ID"}},
		{"a signer of no country", func(f *fit) { f.Signer = foreignSigner(t, f, nil) }, []string{"keys.signer_foreign (signer): its country is [], not ID"}},
		{"a signer without a period for its key", func(f *fit) { f.Signer = foreignSigner(t, f, []string{"ID"}) }, []string{"keys.signer_late (signer): it has no private key usage period"}},
		{"a signer of an unknown authority", func(f *fit) { f.Anchors, _ = nil, t }, []string{"keys.signer_untrusted (signer): no authority that is valid today has issued it"}},
		{"a signer that is revoked", func(f *fit) { f.list(t, f.authority, f.authorityKey, now, f.Signer.SerialNumber) }, []string{"keys.signer_revoked (signer): 4D on 2026-04-01"}},
		{"a signer that the authority after its own has revoked", func(f *fit) {
			authority, key := f.successor(t, testNames)
			f.list(t, authority, key, now, f.Signer.SerialNumber)
		}, []string{"keys.signer_revoked (signer): 4D on 2026-04-01"}},
		{"a signer without a revocation list", func(f *fit) { f.Revoked = nil }, []string{"keys.signer_unverified (signer): no revocation list of its authority holds on 2026-04-01"}},
		{"a revocation list that holds no longer", func(f *fit) {
			f.Now = now.AddDate(0, 2, 0)
			f.issue(t, now, testNames)
		}, []string{"keys.signer_unverified (signer): no revocation list of its authority holds on 2026-06-01"}},
		{"a revocation list of somebody else", func(f *fit) {
			other := newFit(t)
			f.list(t, other.authority, other.authorityKey, now, f.Signer.SerialNumber)
		}, []string{"keys.signer_unverified (signer): no revocation list of its authority holds on 2026-04-01"}},
		{"a revocation list of an authority of another name", func(f *fit) {
			authority, key := f.successor(t, Names{Authority: "ANOTHER"})
			f.list(t, authority, key, now, f.Signer.SerialNumber)
		}, []string{"keys.signer_unverified (signer): no revocation list of its authority holds on 2026-04-01"}},
	} {
		f := newFit(t)
		c.change(f)
		var got []string
		for _, r := range f.Refusals() {
			text := string(r.Code)
			if r.Field != "" {
				text += " (" + r.Field + "): " + r.Detail
			}
			got = append(got, text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
		if len(got) > 0 {
			seen[c.name], _, _ = strings.Cut(got[0], " ")
		}
	}
	if differs, err := refused.Compare("../docs/refusals.tsv", "keys/fit_test.go TestRefusedStarts", seen); err != nil || differs != "" {
		t.Errorf("%v\n%s", err, differs)
	}
}

// foreignSigner is a certificate as others make them, under the authority of f.
func foreignSigner(t testing.TB, f *fit, country []string) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(5), Subject: pkix.Name{Country: country, CommonName: "X"}, NotBefore: testFrom, NotAfter: testFrom.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}, f.authority, &f.signer.PublicKey, f.authorityKey)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
