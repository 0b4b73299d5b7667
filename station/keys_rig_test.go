package station

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/internal/refused"
	"blanko/internal/rig"
	"blanko/keys"
	"blanko/keys/pkcs11"
	"blanko/store"
)

// typist sits at the terminal: what was asked last decides what is typed.
type typist struct {
	said   bytes.Buffer
	pin    string
	shares []string          // shown to the holders, in their order
	typed  int               // of them
	heard  int               // of what was said
	wrong  func(string) bool // prompts that are answered wrongly
}

func (p *typist) Write(b []byte) (int, error) { return p.said.Write(b) }

var shownShare = regexp.MustCompile(`(?m)^  ([0-9A-F]{8}-[0-9]-[0-9](?: [0-9A-F]{2,4})+)$`)

var askedValue = regexp.MustCompile(`with check value ([0-9A-F]{6})|check value ([0-9A-F]{6})\.`)

func (p *typist) Read(b []byte) (int, error) {
	text := p.said.String()
	prompt := text[p.heard:]
	p.heard = len(text)
	answer := ""
	switch {
	case strings.Contains(prompt, "PIN of token"):
		answer = p.pin
	case strings.Contains(prompt, "type the share"):
		if p.typed == len(p.shares) { // the share that was just shown
			m := shownShare.FindAllStringSubmatch(text, -1)
			p.shares = append(p.shares, m[len(m)-1][1])
		}
		answer = p.shares[p.typed]
		p.typed++
	case askedValue.MatchString(prompt):
		m := askedValue.FindStringSubmatch(prompt)
		answer = m[1] + m[2]
	}
	if p.wrong != nil && p.wrong(prompt) {
		answer = "000000"
	}
	return copy(b, answer+"\n"), nil
}

// keyOffice is a token with the folder in which its commands work.
type keyOffice struct {
	*testing.T
	hsm    *rig.SoftHSM
	dir    string
	config string
	all    strings.Builder // everything that any command printed
	choice TokenChoice
}

func newKeyOffice(t *testing.T) *keyOffice {
	t.Helper()
	o := &keyOffice{T: t, hsm: rig.NeedSoftHSM(t), dir: t.TempDir()}
	if err := o.hsm.PretendHardware(); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"csca", "protocols"} {
		if err := os.Mkdir(o.path(d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(o.path("pin"), []byte(o.hsm.PIN+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.config = o.path("blanko.yaml")
	text := fmt.Sprintf("keys: {kind: pkcs11, module: %q, token: %q, pin_file: %q, signer: %q, anchors: %q, protocols: %q}\n",
		o.hsm.Module, o.hsm.Label, o.path("pin"), o.path("ds.pem"), o.path("csca"), o.path("protocols"))
	if err := os.WriteFile(o.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o.choice.Config = o.config
	return o
}

func (o *keyOffice) path(name string) string { return filepath.Join(o.dir, name) }

// run runs a command with a person at the terminal.
func (o *keyOffice) run(c interface {
	Run(context.Context, Terminal) error
}, p *typist,
) (string, error) {
	o.Helper()
	if p == nil {
		p = &typist{}
	}
	p.pin = o.hsm.PIN
	var out bytes.Buffer
	err := c.Run(o.Context(), Terminal{Name: "blanko", Out: &out, Err: p, In: p, Language: English})
	o.all.WriteString(out.String())
	o.all.WriteString(shownShare.ReplaceAllString(p.said.String(), ""))
	return out.String(), err
}

func (o *keyOffice) must(c interface {
	Run(context.Context, Terminal) error
}, p *typist,
) string {
	o.Helper()
	out, err := o.run(c, p)
	if err != nil {
		o.Fatalf("%T: %v\n%s", c, err, out)
	}
	return out
}

func (o *keyOffice) there(out string) Attendance {
	return Attendance{Leader: "Sari", Holder: []string{"Budi", "Tini", "Joko"}, Witness: []string{"Rina"}, Place: "SINTANG", Out: o.path("protocols/" + out)}
}

// authority makes an authority of the station, its signer and its first revocation list.
func (o *keyOffice) authority() AuthorityFile {
	o.Helper()
	authority := AuthorityFile{CSCA: o.path("csca/csca.pem")}
	alone := KeysCSCACommand{TokenChoice: o.choice, Attendance: o.there("csca.json"), Name: "CSCA", CRL: "http://localhost/crl", Certificate: authority.CSCA}
	alone.Holder, alone.Witness = nil, nil
	if _, err := o.run(alone, nil); !fault.Is(err, PersonsMissing) {
		o.Errorf("an authority made by one person: %v", err)
	}
	o.must(KeysCSCACommand{TokenChoice: o.choice, Attendance: o.there("csca.json"), Name: "CSCA", CRL: "http://localhost/crl", Certificate: authority.CSCA}, nil)
	o.must(KeysCRLCommand{Revocations: Revocations{TokenChoice: o.choice, AuthorityFile: authority}, Out: o.path("csca/1.crl")}, nil)
	o.must(KeysRequestCommand{TokenChoice: o.choice, Name: "DS", Out: o.path("ds.csr")}, nil)
	issue := KeysIssueCommand{TokenChoice: o.choice, Attendance: o.there("ds.json"), AuthorityFile: authority, CRL: "http://localhost/crl", Request: o.path("ds.csr"), Certificate: o.path("ds.pem")}
	one := issue
	one.Holder, one.Witness = nil, nil
	if _, err := o.run(one, nil); !fault.Is(err, PersonsMissing) {
		o.Errorf("a certificate issued by one person: %v", err)
	}
	if out := o.must(issue, nil); !strings.Contains(out, "DS      1  certified") || !strings.Contains(out, "with SHA-256") {
		o.Errorf("the protocol:\n%s", out)
	}
	return authority
}

// ledger gives the station one.
func (o *keyOffice) ledger() *store.Store {
	o.Helper()
	text, err := os.ReadFile(o.config)
	if err != nil {
		o.Fatal(err)
	}
	text = fmt.Appendf(text, "data: %q\n", o.path("blanko.db"))
	if err := os.WriteFile(o.config, text, 0o600); err != nil {
		o.Fatal(err)
	}
	st, err := store.Open(o.Context(), o.path("blanko.db"))
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() { _ = st.Close() }) // nothing is kept
	return st
}

func (o *keyOffice) ring() *keyring {
	o.Helper()
	return o.ringAt(time.Now)
}

func (o *keyOffice) ringAt(now func() time.Time) *keyring {
	o.Helper()
	cfg, err := ReadConfig(o.config)
	if err != nil {
		o.Fatal(err)
	}
	k, err := cfg.keyring(2, now)
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(k.token.Close)
	return k
}

// The life of a station's keys, by the commands alone: a ceremony with the chip maker's shares, one with
// new keys divided among holders, an authority, a signer, a card made with them, a change of
// generation, a revocation. What was shown to holders stands nowhere else.
func TestLifeOfKeys(t *testing.T) {
	t.Parallel()
	o := newKeyOffice(t)
	transport := []byte("maker's transprt")
	shares, err := keys.Split(transport, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	kcv, err := keys.KCV(transport)
	if err != nil {
		t.Fatal(err)
	}

	if _, err := o.run(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("early.json"), Roles: []string{"MK_T"}, Way: "generated", Bits: 128}, nil); !fault.Is(err, pkcs11.KeyMissing) {
		t.Errorf("a ceremony before the token can sign: %v", err)
	}
	o.must(KeysInitCommand{o.choice}, nil)
	combined := KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("1.json"), Roles: []string{"MK_T"}, Way: "combined", Bits: 128, Expect: hex.EncodeToString(kcv[:])}
	o.must(combined, &typist{shares: []string{shares[2].Text(), shares[0].Text()}})
	given := &typist{}
	out := o.must(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("2.json"), Roles: []string{"MK_P", "MK_SAM", "MK_A"}, Way: "shared", Needed: 2, Bits: 128}, given)
	for _, want := range []string{"PROTOCOL OF A KEY CEREMONY", "made, divided, loaded (2 of 3 shares)", "holder of a share  Budi", "witness            Rina"} {
		if !strings.Contains(out, want) {
			t.Errorf("the protocol lacks %q:\n%s", want, out)
		}
	}
	if len(given.shares) != 9 {
		t.Errorf("%d shares were handed out", len(given.shares))
	}
	authority := o.authority()
	if out := o.must(KeysListCommand{TokenChoice: o.choice}, nil); !strings.Contains(out, "Production uses these keys.") || !strings.Contains(out, "MK_T 1") {
		t.Errorf("list:\n%s", out)
	}
	if out := o.must(KeysKCVCommand{TokenChoice: o.choice, Role: "MK_T"}, nil); strings.TrimSpace(out) != fmt.Sprintf("%X", kcv) {
		t.Errorf("kcv: %s", out)
	}

	ring := o.ring()
	o.makeCard(ring, transport)
	if err := o.hsm.Pull(); err != nil {
		t.Fatal(err)
	}
	if err := ring.Ready(t.Context()); !fault.Is(err, pkcs11.TokenAway) {
		t.Errorf("pulled: %v", err)
	}
	if err := o.hsm.Plug(); err != nil {
		t.Fatal(err)
	}
	o.makeCard(ring, transport)

	o.must(KeysRotateCommand{TokenChoice: o.choice, Attendance: o.there("3.json"), Roles: []string{"MK_P"}, Way: "generated", Bits: 128}, nil)
	if _, err := o.run(KeysRetireCommand{TokenChoice: o.choice, Attendance: o.there("4.json"), Role: "MK_P", Generation: 2}, nil); !fault.Is(err, pkcs11.KeyMissing) {
		t.Errorf("the present generation was retired: %v", err)
	}
	retire := KeysRetireCommand{TokenChoice: o.choice, Attendance: o.there("4.json"), Role: "MK_P", Generation: 1}
	if _, err := o.run(retire, nil); !fault.Is(err, KeyNeeded) {
		t.Errorf("without a ledger: %v", err)
	}
	st := o.ledger()
	serving, err := st.Claim(t.Context(), "a station", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.run(retire, nil); fault.CodeOf(err) != "store.claimed" {
		t.Errorf("under a station that serves: %v", err)
	}
	serving()
	o.must(retire, nil)
	o.makeCard(o.ring(), transport)

	authority = o.revokes(authority)
	if err := o.ring().Ready(t.Context()); !fault.Is(err, keys.SignerRevoked) {
		t.Errorf("revoked: %v", err)
	}
	if out, err := o.run(KeysListCommand{TokenChoice: o.choice}, nil); !errors.Is(err, ErrShown) || !strings.Contains(out, "does NOT use") || !strings.Contains(out, "keys.signer_revoked") {
		t.Errorf("list of a revoked signer: %v\n%s", err, out)
	}
	o.must(KeysRenewCommand{TokenChoice: o.choice, Current: o.path("ds.pem"), Out: o.path("ds2.csr")}, nil)
	if err := os.Remove(o.path("ds.pem")); err != nil {
		t.Fatal(err)
	}
	o.must(KeysIssueCommand{TokenChoice: o.choice, Attendance: o.there("ds2.json"), AuthorityFile: authority, CRL: "http://localhost/crl", Compact: true, Request: o.path("ds2.csr"), Certificate: o.path("ds.pem")}, nil)
	o.makeCard(o.ring(), transport)
	exported := o.must(KeysExportCommand{TokenChoice: o.choice, Out: o.path("public")}, nil)
	if got := strings.Fields(exported); !slices.Equal(got, []string{"attest-1.pub.pem", "csca-1.pub.pem", "csca-2.pub.pem", "ds-1.pub.pem", "ds-2.pub.pem", "check-values.txt"}) {
		t.Errorf("exported %v", got)
	}

	secrets := append([]string{o.hsm.PIN, string(transport), hex.EncodeToString(transport)}, given.shares...)
	for _, s := range shares {
		secrets = append(secrets, s.Text())
	}
	o.search(secrets)
}

// revokes lets the authority that follows revoke the signer of the one before it, under the eyes of a
// station that runs, and gives the new authority.
func (o *keyOffice) revokes(authority AuthorityFile) AuthorityFile {
	o.Helper()
	passed := time.Duration(0)
	running := o.ringAt(func() time.Time { return time.Now().Add(passed) })
	is := func(when string, want *fault.Entry) {
		o.Helper()
		passed += lookAgain
		err := running.Ready(o.Context())
		if want == nil && err != nil || want != nil && !fault.Is(err, *want) {
			o.Errorf("a station that runs, %s: %v", when, err)
		}
	}
	is("before", nil)
	first, away := o.path("csca/1.crl"), o.path("1.crl")
	if err := os.Rename(first, away); err != nil {
		o.Fatal(err)
	}
	is("without a list", &keys.SignerUnverified)
	if err := os.Rename(away, first); err != nil {
		o.Fatal(err)
	}
	is("with the list again", nil)
	next := AuthorityFile{CSCA: o.path("csca/csca-2.pem")}
	o.must(KeysCSCACommand{TokenChoice: o.choice, Attendance: o.there("csca-2.json"), Name: "CSCA", CRL: "http://localhost/crl", Certificate: next.CSCA}, nil)
	is("with the next authority", nil)
	revoke := KeysRevokeCommand{Revocations: Revocations{TokenChoice: o.choice, AuthorityFile: next, Last: first}, Certificate: o.path("ds.pem"), Out: o.path("csca/2.crl")}
	forgotten := revoke
	forgotten.Last, forgotten.Out = "", o.path("forgotten.crl")
	if _, err := o.run(forgotten, nil); !fault.Is(err, keys.CRLWrong) {
		o.Errorf("a first list beside one: %v", err)
	}
	o.must(revoke, nil)
	older := KeysCRLCommand{Revocations: Revocations{TokenChoice: o.choice, AuthorityFile: next, Last: first}, Out: o.path("older.crl")}
	if _, err := o.run(older, nil); !fault.Is(err, keys.CRLWrong) {
		o.Errorf("a list that would leave a revocation out: %v", err)
	}
	is("after the revocation", &keys.SignerRevoked)
	o.must(KeysCRLCommand{Revocations: Revocations{TokenChoice: o.choice, AuthorityFile: next, Last: revoke.Out}, Out: o.path("3.crl")}, nil)
	return next
}

// search looks for secrets in what was printed and in every file that was written.
func (o *keyOffice) search(secrets []string) {
	o.Helper()
	texts := map[string]string{"the terminal": o.all.String()}
	if err := filepath.WalkDir(o.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "pin" {
			return err
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	}); err != nil {
		o.Fatal(err)
	}
	for where, text := range texts {
		for _, s := range secrets {
			if _, digits, ok := strings.Cut(s, " "); ok { // a share: its value in any spelling
				s = digits
			}
			if strings.Contains(strings.ToUpper(strings.ReplaceAll(text, " ", "")), strings.ToUpper(strings.ReplaceAll(s, " ", ""))) {
				o.Errorf("%s holds a secret", where)
			}
		}
	}
	if len(texts) < 10 {
		o.Errorf("only %d texts were searched", len(texts))
	}
}

// field is an emulated chip on a reader.
type keyField struct{ card *chip.Card }

func (f keyField) Transmit(ctx context.Context, b []byte) ([]byte, error) {
	return f.card.Transmit(ctx, b)
}
func (f keyField) Reset(ctx context.Context) ([]byte, error) { return f.card.Reset(ctx) }
func (f keyField) Close() error                              { f.card.PowerOff(); return nil }

// makeCard makes a card of the chip maker's with the station's keys.
func (o *keyOffice) makeCard(ring *keyring, transport []byte) {
	o.Helper()
	if err := ring.Ready(o.Context()); err != nil {
		o.Fatal(err)
	}
	profile, err := chipdata.LoadProfile("ktpel-op-1-32k")
	if err != nil {
		o.Fatal(err)
	}
	serial := [8]byte{1, 2, 3, 4, 5, 6, 7, 8}
	card := chip.New(chip.Config{Serial: serial, Size: chip.Size32K, TransportKey: chip.Diversify(transport, chip.KDD(serial))})
	e := &applet.Encoder{Transport: keyField{card}, Keys: ring, Profile: profile}
	plan, id := applettest.Plan(o, profile, 1), [16]byte{7}
	for n, step := range []func() error{
		func() error { _, err := e.Probe(o.Context()); return err },
		func() error { return e.Claim(o.Context(), id) },
		func() error { _, err := e.Write(o.Context(), id, plan, ring.chipSigner(), time.Now()); return err },
		func() error { _, err := e.ReadBack(o.Context(), plan); return err },
		func() error { return e.Finish(o.Context()) },
		func() error { return e.Activate(o.Context(), id) },
	} {
		if err := step(); err != nil {
			o.Fatalf("step %d: %v", n, err)
		}
	}
	if v := card.View(); v.State != "active" {
		o.Errorf("the card is %s", v.State)
	}
}

// Operations that are refused, each with what it says; no key has come to be.
func TestRefusedKeyOperations(t *testing.T) {
	t.Parallel()
	o := newKeyOffice(t)
	o.must(KeysInitCommand{o.choice}, nil)
	known, err := hex.DecodeString("404142434445464748494A4B4C4D4E4F")
	if err != nil {
		t.Fatal(err)
	}
	shares, err := keys.Split(known, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	two := []string{shares[0].Text(), shares[1].Text()}
	reading := []byte("the key that MK_SAM has, 32 byte")
	shares, err = keys.Split(reading, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	another := []string{shares[0].Text(), shares[1].Text()}
	o.must(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("reading.json"), Roles: []string{"MK_SAM"}, Way: "combined", Bits: 128}, &typist{shares: another})
	base := func() KeysCeremonyCommand {
		return KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("refused.json"), Roles: []string{"MK_T"}, Way: "generated", Needed: 2, Bits: 128}
	}
	taken := o.path("taken.json")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, c := range []struct {
		name   string
		change func(*KeysCeremonyCommand)
		person *typist
		want   string
	}{
		{"nobody but the leader", func(c *KeysCeremonyCommand) { c.Holder, c.Witness = nil, nil }, nil, "station.persons_missing persons: 1 are named, 1 different ones"},
		{"one person twice", func(c *KeysCeremonyCommand) { c.Holder, c.Witness = nil, []string{" SARI"} }, nil, "station.persons_missing persons: 2 are named, 1 different ones"},
		{"too few holders", func(c *KeysCeremonyCommand) { c.Way, c.Needed = "shared", 4 }, nil, "station.persons_missing holder: 3 holders for shares of which 4 are needed"},
		{"one share is enough", func(c *KeysCeremonyCommand) { c.Way, c.Needed = "shared", 1 }, nil, "station.persons_missing holder: 3 holders for shares of which 1 are needed"},
		{"no such role", func(c *KeysCeremonyCommand) { c.Roles = []string{"MK_X"} }, nil, `pkcs11.key_missing role: "MK_X" is no role of a master key, or stands twice`},
		{"a role twice", func(c *KeysCeremonyCommand) { c.Roles = []string{"MK_T", "MK_T"} }, nil, `pkcs11.key_missing role: "MK_T" is no role of a master key, or stands twice`},
		{"the protocol is there already", func(c *KeysCeremonyCommand) { c.Attendance.Out = taken }, nil, "station.output_refused out: " + taken + " is there already"},
		{"the check value is not confirmed", func(c *KeysCeremonyCommand) { c.Way = "shared" }, &typist{wrong: askedValue.MatchString}, "station.check_value_differs"},
		{"another share is typed back", func(c *KeysCeremonyCommand) { c.Way = "shared" }, &typist{shares: two}, "station.answer_missing share: Budi typed another share"},
		{"the combined key is another one", func(c *KeysCeremonyCommand) { c.Way, c.Expect = "combined", "AABBCC" }, &typist{shares: two}, "station.check_value_differs check value: 504A77, expected AABBCC"},
		{"the combined key is known to the world", func(c *KeysCeremonyCommand) { c.Way = "combined" }, &typist{shares: two}, "station.check_value_differs key: this is the GlobalPlatform default test key"},
		{"the combined key is that of another role", func(c *KeysCeremonyCommand) { c.Way, c.Roles = "combined", []string{"MK_P"} }, &typist{shares: another}, "keys.key_repeated keys: MK_P 1 would be the key of MK_SAM 1"},
		{"shares with slips of the pen", func(c *KeysCeremonyCommand) { c.Way = "combined" }, &typist{shares: slices.Repeat([]string{two[0][:len(two[0])-1] + "Z"}, 3)}, "keys.bad_shares share: SET-NEEDED-INDEX and groups of digits are wanted"},
	} {
		cmd := base()
		c.change(&cmd)
		_, err := o.run(cmd, c.person)
		got := string(fault.CodeOf(err))
		seen[c.name] = got
		if e := faultOf(err); e != nil && e.Field != "" && strings.Contains(c.want, " ") {
			got += " " + e.Field + ": " + e.Detail
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if differs, err := refused.Compare("../docs/refusals.tsv", "station/keys_rig_test.go TestRefusedKeyOperations", seen); err != nil || differs != "" {
		t.Errorf("%v\n%s", err, differs)
	}
	out, err := o.run(KeysListCommand{TokenChoice: o.choice, JSON: true}, nil)
	if !errors.Is(err, ErrShown) || strings.Count(out, `"role"`) != 2 || !strings.Contains(out, `"ATTEST"`) {
		t.Errorf("after refused ceremonies: %v\n%s", err, out)
	}
}

// A ceremony that breaks off leaves no key without a protocol, and a key without one can be destroyed.
func TestCeremonyBreaksOff(t *testing.T) {
	t.Parallel()
	o := newKeyOffice(t)
	o.must(KeysInitCommand{o.choice}, nil)
	nowhere := o.there("")
	nowhere.Out = o.path("no/such/folder/1.json")
	if _, err := o.run(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: nowhere, Roles: []string{"MK_T"}, Way: "generated", Bits: 128}, nil); !fault.Is(err, OutputRefused) {
		t.Errorf("a protocol that cannot be written: %v", err)
	}
	if out, _ := o.run(KeysListCommand{TokenChoice: o.choice}, nil); strings.Contains(out, "MK_T") && !strings.Contains(out, "there is no MK_T") {
		t.Errorf("a key was made:\n%s", out)
	}
	second := &typist{wrong: func(prompt string) bool { return strings.Contains(prompt, "MK_P 1: check value") }}
	broken := KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("1.json"), Roles: []string{"MK_T", "MK_P"}, Way: "shared", Needed: 2, Bits: 128}
	if _, err := o.run(broken, second); !fault.Is(err, CheckValueDiffers) {
		t.Fatal(err)
	}
	out, err := o.run(KeysListCommand{TokenChoice: o.choice}, nil)
	if !errors.Is(err, ErrShown) || !strings.Contains(out, "MK_T 1") || strings.Contains(out, "keys.not_attested") {
		t.Errorf("the key before the break: %v\n%s", err, out)
	}
	left, err := filepath.Glob(o.path("protocols/*"))
	if err != nil || len(left) != 1 {
		t.Errorf("files %v, %v", left, err)
	}

	o.ledger()
	retire := KeysRetireCommand{TokenChoice: o.choice, Attendance: o.there("2.json"), Role: "MK_T", Generation: 1}
	if _, err := o.run(retire, nil); !fault.Is(err, pkcs11.KeyMissing) {
		t.Errorf("the present generation was retired: %v", err)
	}
	if err := os.Remove(o.path("protocols/1.json")); err != nil {
		t.Fatal(err)
	}
	o.must(retire, nil)
	o.must(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("3.json"), Roles: []string{"MK_T"}, Way: "combined", Bits: 128}, &typist{shares: second.shares[:2]})
}

// The doctor names everything that speaks against the keys, and shows a wrong PIN once.
func TestDoctorLooksAtToken(t *testing.T) {
	t.Parallel()
	o := newKeyOffice(t)
	look := func() finding {
		cfg, err := ReadConfig(o.config)
		if err != nil {
			t.Fatal(err)
		}
		x := &exam{Examination: Examination{Now: time.Now}, cfg: cfg}
		return x.token(t.Context())
	}
	if f := look(); f.Level != Missing || !strings.Contains(f.Seen.EN, "keys.signer") {
		t.Errorf("no signer: %+v", f)
	}
	o.must(KeysInitCommand{o.choice}, nil)
	o.authority()
	if f := look(); f.Level != Missing || strings.Count(f.Seen.EN, "keys.no_key") != len(keys.Roles) {
		t.Errorf("no masters: %+v", f)
	}
	held := KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("1.json"), Roles: []string{"MK_T", "MK_P", "MK_SAM", "MK_A"}, Way: "generated", Bits: 128}
	o.must(held, nil)
	if f := look(); f.Level != Fine || !strings.Contains(f.Seen.EN, "7 keys") {
		t.Errorf("everything there: %+v", f)
	}
	if err := os.Chmod(o.path("pin"), 0o644); err != nil {
		t.Fatal(err)
	}
	if f := look(); f.Level != Missing || !strings.Contains(f.Seen.EN, "pkcs11.pin_missing") {
		t.Errorf("an open PIN file: %+v", f)
	}
	if err := os.Remove(o.path("pin")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(o.path("pin"), []byte("wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := o.hsm.Logins()
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []string{"pkcs11.pin_wrong", "pkcs11.pin_doubtful", "pkcs11.pin_doubtful"} {
		if f := look(); f.Level != Missing || !strings.Contains(f.Seen.EN, want) {
			t.Errorf("look %d at a wrong PIN: %+v", n, f)
		}
	}
	if after, err := o.hsm.Logins(); err != nil || after != before+1 {
		t.Errorf("%d PINs were shown: %v", after-before, err)
	}
	if err := o.hsm.Pull(); err != nil {
		t.Fatal(err)
	}
	if f := look(); f.Level != Missing || !strings.Contains(f.Seen.EN, "pkcs11.token_away") {
		t.Errorf("pulled: %+v", f)
	}
}

func faultOf(err error) *fault.Error {
	e, _ := errors.AsType[*fault.Error](err)
	return e
}
