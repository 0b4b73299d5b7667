package inspect_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"

	"blanko/applet"
	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/keys/software"
	"blanko/ktp"
)

// expect is what a line knows of a card that it has just made.
func (s *shop) expect(plan *chipdata.Plan) inspect.Expect {
	return inspect.Expect{
		Attempt: ours, Plan: plan, Anchors: []*x509.Certificate{s.pki.CSCA}, ICAOView: s.icao,
		CenterKeys: map[[8]byte]*ecdsa.PublicKey{s.center.id: &s.center.key.PublicKey},
	}
}

func (s *shop) recheck(t testing.TB, card *chip.Card, want inspect.Expect) inspect.Report {
	t.Helper()
	r, err := inspect.Recheck(context.Background(), &field{card: card}, s.keys, s.profile, want)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// failed lists the names of the failed checks.
func failed(r inspect.Report) string {
	var out []string
	for _, c := range r.Failed() {
		out = append(out, c.Name)
	}
	return strings.Join(out, ", ")
}

var profiles = []string{"ktpel-op-1-32k", "ktpel-op-1-8k"}

// A card made without trouble is genuine to a stranger who knows the plan, to one who has the
// journal's hashes, and to one who knows nothing but the anchors. Looking changes nothing.
func TestGenuine(t *testing.T) {
	t.Parallel()
	for _, name := range profiles {
		s := newShop(t, name)
		r := s.signed(t, 0)
		plan := s.plan(t, r)
		card := s.active(t, plan)
		before := card.View()
		for who, want := range map[string]inspect.Expect{
			"plan":     s.expect(plan),
			"journal":  {Attempt: ours, Hashes: plan.Hashes(), Anchors: s.expect(nil).Anchors, CenterKeys: s.expect(nil).CenterKeys},
			"stranger": {Anchors: s.expect(nil).Anchors, CenterKeys: s.expect(nil).CenterKeys},
		} {
			tr := &field{card: card}
			report, err := inspect.Recheck(context.Background(), tr, s.keys, s.profile, want)
			if err != nil {
				t.Fatal(err)
			}
			if !report.Genuine || !report.Passed() || report.WrongPerson || report.LocalAnchor || report.State != applet.Active ||
				report.Attempt != ours || report.Signer == "" || !report.SigningTime.Equal(at) || report.CenterKey != fmt.Sprintf("%x", s.center.id) {
				t.Errorf("%s, %s: %+v\nfailed: %s", name, who, report, failed(report))
			}
			if tr.count < 25 || tr.count > 110 { // card profile, section 8.4
				t.Errorf("%s, %s: %d commands", name, who, tr.count)
			}
			text := fmt.Sprintf("%+v", report)
			for _, secret := range []string{r.Person.NIK.Digits(), r.Person.Names[0], r.Person.Street, "900817"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s, %s: the report tells %q", name, who, secret)
				}
			}
		}
		if after := card.View(); after.State != before.State || !sameFiles(before.Files, after.Files) {
			t.Errorf("%s: the card changed", name)
		}
	}
}

func sameFiles(a, b map[uint16][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for fid, data := range a {
		if !bytes.Equal(data, b[fid]) {
			return false
		}
	}
	return true
}

// Every row of the access table is tried, or said not to apply.
func TestEveryRuleIsTried(t *testing.T) {
	t.Parallel()
	for _, icao := range []bool{false, true} {
		s := newShop(t, "ktpel-op-1-32k")
		s.icao = icao
		plan := s.plan(t, s.signed(t, 0))
		report := s.recheck(t, s.active(t, plan), s.expect(plan))
		if !report.Genuine {
			t.Errorf("ICAO view %v: failed: %s", icao, failed(report))
		}
		for _, rule := range s.profile.Access {
			at := slices.IndexFunc(report.Checks, func(c inspect.Check) bool { return c.Name == rule.Name })
			if at < 0 {
				t.Fatalf("ICAO view %v: %q was not tried", icao, rule.Name)
			}
			c := report.Checks[at]
			tried := rule.View == "issuer" || icao
			if c.Want != fmt.Sprintf("%04X", rule.SW) || (c.Got == c.Want) != tried || !tried && c.Got != "not applicable (ICAO view off)" {
				t.Errorf("ICAO view %v: %+v", icao, c)
			}
		}
	}
}

// Each row finds its own defect: a card that answers one try otherwise fails exactly that check.
func TestWrongRefusals(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao = true
	plan := s.plan(t, s.signed(t, 0))
	card := s.active(t, plan)
	for _, c := range []struct {
		check  string
		header string // of the command whose answer is changed
		nth    int    // of them
		answer []byte
	}{
		{"update DG1 without a channel", "00D68100", 1, []byte{0x90, 0x00}},
		{"update DG1 without a channel", "00D68100", 1, []byte{0x69, 0x82}},
		{"update DG1 without BAC or PACE", "00D68100", 2, []byte{0x69, 0x85}},
		{"open the issuer key", "80503100", 1, []byte{0x6A, 0x88}},
		{"open the transport key", "80503000", 1, []byte{0x69, 0x85}},
		{"read the first finger without a channel", "00B09100", 1, []byte{0x7F, 0x90, 0x00}},
		{"read the first finger in the ICAO view", "00B09100", 2, []byte{0x69, 0x82}},
		{"read DG1 without BAC or PACE", "00B08100", 1, []byte{0x61, 0x90, 0x00}},
		{"ICAO view open", "00A40400", 2, []byte{0x6A, 0x82}},
		{"update DG1 under the SAM key", "84D68100", 1, []byte{0x6A, 0x86}},
	} {
		seen := 0
		tr := &field{card: card, alter: func(capdu, rapdu []byte) []byte {
			if fmt.Sprintf("%X", capdu[:4]) == c.header {
				if seen++; seen == c.nth {
					return c.answer
				}
			}
			return rapdu
		}}
		report, err := inspect.Recheck(context.Background(), tr, s.keys, s.profile, s.expect(plan))
		if err != nil {
			t.Fatal(err)
		}
		if failed(report) != c.check || report.Genuine {
			t.Errorf("%s answers %X: failed: %s", c.header, c.answer, failed(report))
		}
	}
}

// An answer with which the card ends the channel is tried once more; when it stays, it is the card's.
func TestChannelEndedByCard(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	plan := s.plan(t, s.signed(t, 0))
	card := s.active(t, plan)
	for _, c := range []struct {
		times int
		want  string
	}{{1, ""}, {2, "SAM channel"}} {
		seen := 0
		tr := &field{card: card, alter: func(capdu, rapdu []byte) []byte {
			if capdu[0] == 0x84 && capdu[1] == 0xB0 && seen < c.times {
				seen++
				return []byte{0x69, 0x82}
			}
			return rapdu
		}}
		report, err := inspect.Recheck(context.Background(), tr, s.keys, s.profile, s.expect(plan))
		if err != nil || !strings.Contains(failed(report), c.want) || report.Genuine != (c.want == "") {
			t.Errorf("%d times: %v, failed: %s", c.times, err, failed(report))
		}
	}
}

// Cards that are not what a stranger should find, each with the check that finds it.
func TestDefects(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	good := s.plan(t, s.signed(t, 0))
	made := func(r ktp.Record) (*chip.Card, *chipdata.Plan) {
		plan := s.plan(t, r)
		return s.active(t, plan), plan
	}
	altered := func(fid uint16, change func([]byte) []byte) (*chip.Card, *chipdata.Plan) {
		plan := s.plan(t, s.signed(t, 0))
		told := &chipdata.Plan{Profile: plan.Profile}
		for i, f := range plan.Files {
			told.Files = append(told.Files, f)
			if f.FID == fid {
				plan.Files[i].Data = change(bytes.Clone(f.Data))
			}
		}
		card := s.active(t, plan)
		for _, f := range plan.Files { // what was sealed in the session is known to both
			if !slices.ContainsFunc(told.Files, func(g chipdata.File) bool { return g.FID == f.FID }) {
				told.Files = append(told.Files, f)
			}
		}
		return card, told
	}
	flip := func(at int) func([]byte) []byte { return func(b []byte) []byte { b[len(b)-1-at] ^= 1; return b } }
	for _, c := range []struct {
		name   string
		card   func() (*chip.Card, *chipdata.Plan)
		expect func(*inspect.Expect)
		failed string // names of all failed checks
		wrong  bool   // another person
	}{
		{"state written", func() (*chip.Card, *chipdata.Plan) {
			card := s.blank()
			s.write(t, card, good)
			return card, good
		}, nil, "life cycle, open the issuer key, SAM key opens", false},
		{"blocked", func() (*chip.Card, *chipdata.Plan) {
			card, plan := made(s.signed(t, 0))
			e := &applet.Encoder{Transport: &field{card: card}, Keys: s.keys, Profile: s.profile}
			if _, err := e.Probe(context.Background()); err != nil {
				t.Fatal(err)
			}
			if err := e.Block(context.Background()); err != nil {
				t.Fatal(err)
			}
			return card, plan
		}, nil, "life cycle, open the transport key, read the first finger without a channel, SAM key opens", false},
		{
			"another attempt", func() (*chip.Card, *chipdata.Plan) { return made(s.signed(t, 0)) },
			func(e *inspect.Expect) { e.Attempt[3] ^= 1 }, "attempt", true,
		},
		{
			"a finger altered", func() (*chip.Card, *chipdata.Plan) { return altered(0x0201, flip(9)) }, nil,
			"read EF.FPR, files equal to the manifest, center's signature", false,
		},
		{
			"a finger altered, plan not known", func() (*chip.Card, *chipdata.Plan) { return altered(0x0202, flip(9)) },
			func(e *inspect.Expect) { e.Plan = nil }, "files equal to the manifest, center's signature", false,
		},
		{
			"national file altered, plan not known", func() (*chip.Card, *chipdata.Plan) { return altered(0x0203, flip(0)) },
			func(e *inspect.Expect) { e.Plan = nil }, "files equal to the manifest", false,
		},
		{
			"another photo under the station's own seal", func() (*chip.Card, *chipdata.Plan) { return altered(0x0102, flip(0)) }, nil,
			"read DG2", false,
		},
		{"a file missing", func() (*chip.Card, *chipdata.Plan) {
			plan := s.plan(t, s.signed(t, 0))
			told := &chipdata.Plan{Profile: plan.Profile, Files: slices.Clone(plan.Files)}
			plan.Files = slices.DeleteFunc(plan.Files, func(f chipdata.File) bool { return f.FID == 0x0203 })
			card := s.active(t, plan)
			told.Files = append(told.Files, plan.Files[len(plan.Files)-1])
			for _, f := range plan.Files {
				if f.FID == 0x010E || f.FID == 0x010F {
					told.Files = append(told.Files, f)
				}
			}
			return card, told
		}, nil, "read EF.BIO, files equal to the manifest", false},
		{"a substitute finger without its exception", func() (*chip.Card, *chipdata.Plan) {
			return s.remanifested(t, s.substituted(t), func(m *chipdata.Manifest) { m.Exceptions = nil })
		}, nil, "fingers and exceptions", false},
		{"an exception for a finger that is there", func() (*chip.Card, *chipdata.Plan) {
			return s.remanifested(t, s.signed(t, 0), func(m *chipdata.Manifest) {
				m.Exceptions = []ktp.FingerException{{Finger: ktp.LeftIndex, Reason: ktp.FingerMissing}}
			})
		}, nil, "fingers and exceptions", false},
		{
			"no anchor", func() (*chip.Card, *chipdata.Plan) { return made(s.signed(t, 0)) },
			func(e *inspect.Expect) { e.Anchors = nil }, "station's signature", false,
		},
		{"specimen, as planned", func() (*chip.Card, *chipdata.Plan) { return made(record(t, 0)) }, nil, "", false},
		{
			"specimen to a stranger", func() (*chip.Card, *chipdata.Plan) { return made(record(t, 0)) },
			func(e *inspect.Expect) { e.Plan = nil }, "center's signature", false,
		},
		{
			"unknown center key", func() (*chip.Card, *chipdata.Plan) { return made(s.signed(t, 0)) },
			func(e *inspect.Expect) { e.CenterKeys = nil }, "center's signature", false,
		},
		{
			"key of another center", func() (*chip.Card, *chipdata.Plan) { return made(s.signed(t, 0)) },
			func(e *inspect.Expect) {
				e.CenterKeys = map[[8]byte]*ecdsa.PublicKey{s.center.id: &newCenter(t, 6).key.PublicKey}
			}, "center's signature", false,
		},
		{"the center signed another name", func() (*chip.Card, *chipdata.Plan) {
			r := s.signed(t, 0)
			r.Person.Names = []string{"BUDI SANTOSA"}
			return made(r)
		}, nil, "center's signature", false},
		{"the center signed another validity", func() (*chip.Card, *chipdata.Plan) {
			r := s.signed(t, 0)
			r.Person.Validity = "31-12-2030"
			return made(r)
		}, nil, "center's signature", false},
		{"a third record of the finger", func() (*chip.Card, *chipdata.Plan) {
			r := s.signed(t, 0)
			r.Fingers[0].Best60 = template(t, ktp.RightIndex, minutiae(60, 99, 0))
			return made(r)
		}, nil, "center's signature", false},
		{"a person invented by the station", func() (*chip.Card, *chipdata.Plan) {
			r := record(t, 3)
			r.Identity = s.signed(t, 0).Identity
			return made(r)
		}, nil, "center's signature", false},
		{"another person's card", func() (*chip.Card, *chipdata.Plan) {
			card, _ := made(s.signed(t, 1))
			plan := s.plan(t, s.signed(t, 0))
			if err := plan.Seal(cardKeys(t, card), s.signer, at); err != nil {
				t.Fatal(err)
			}
			return card, plan
		}, nil, "read DG1, read DG11, read DG13, read EF.FPR, read EF.FPL, read EF.BIO, read EF.SOD, the person it was made for", true},
	} {
		card, plan := c.card()
		want := s.expect(plan)
		if c.expect != nil {
			c.expect(&want)
		}
		report := s.recheck(t, card, want)
		if got := failed(report); got != c.failed {
			t.Errorf("%s: failed: %s\nwant: %s", c.name, got, c.failed)
		}
		if report.Genuine || report.WrongPerson != c.wrong {
			t.Errorf("%s: genuine %v, wrong person %v", c.name, report.Genuine, report.WrongPerson)
		}
	}
}

// substituted is a record whose right index finger is replaced by the middle finger.
func (s *shop) substituted(t testing.TB) ktp.Record {
	r := record(t, 0)
	r.Fingers[0] = slot(t, ktp.RightMiddle, 77)
	r.Exceptions = []ktp.FingerException{{Finger: ktp.RightIndex, Reason: ktp.FingerUncapturable}}
	s.center.sign(t, &r)
	return r
}

// remanifested makes a card whose manifest the station has changed before the seal.
func (s *shop) remanifested(t testing.TB, r ktp.Record, change func(*chipdata.Manifest)) (*chip.Card, *chipdata.Plan) {
	t.Helper()
	plan := s.plan(t, r)
	for i, f := range plan.Files {
		if f.FID != 0x010D {
			continue
		}
		m, err := chipdata.ParseDG13(f.Data)
		if err != nil {
			t.Fatal(err)
		}
		change(&m)
		if plan.Files[i].Data, err = chipdata.EncodeDG13(m); err != nil {
			t.Fatal(err)
		}
	}
	return s.active(t, plan), plan
}

func cardKeys(t testing.TB, card *chip.Card) chipdata.ChipKeys {
	t.Helper()
	v := card.View()
	return chipdata.ChipKeys{ChipAuth: v.ChipAuthentication, ActiveAuth: v.ActiveAuthentication}
}

// A card under a district's own key is genuine, and every reader says that the anchor is weaker.
func TestLocalAnchor(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	plan := s.plan(t, s.signed(t, 0))
	want := s.expect(plan)
	want.LocalKeys = map[[8]byte]bool{s.center.id: true}
	report := s.recheck(t, s.active(t, plan), want)
	told := slices.ContainsFunc(report.Checks, func(c inspect.Check) bool { return c.OK && c.Got == "good (local anchor)" })
	if !report.Genuine || !report.LocalAnchor || !told {
		t.Errorf("%+v", report)
	}
}

// Both delivered records of a finger are accepted, whichever is on the card; so is the one record of
// a finger with at most 40 minutiae, and a card without a finger.
func TestWhicheverRecord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		change   func(r *ktp.Record)
		minutiae int
	}{
		{"60", func(*ktp.Record) {}, 60},
		{"40", func(*ktp.Record) {}, 40},
		{"one record for both", func(r *ktp.Record) { r.Fingers[0].Best60 = r.Fingers[0].Best40 }, 60},
		{"no left finger", func(r *ktp.Record) {
			r.Fingers[1] = ktp.FingerSlot{}
			r.Exceptions = []ktp.FingerException{{Finger: ktp.LeftIndex, Reason: ktp.FingerMissing}}
		}, 60},
		{"a substitute", func(r *ktp.Record) {
			r.Fingers[0] = slot(t, ktp.RightMiddle, 77)
			r.Exceptions = []ktp.FingerException{{Finger: ktp.RightIndex, Reason: ktp.FingerUncapturable}}
		}, 60},
	} {
		s := newShop(t, "ktpel-op-1-8k")
		r := record(t, 0)
		c.change(&r)
		s.center.sign(t, &r)
		plan := s.plan(t, r)
		for c.minutiae == 40 && plan.Report.Minutiae != 40 { // a photo that needs what the 60 leave no room for
			s.profile.Photo.Least += 100
			plan = s.plan(t, r)
		}
		if plan.Report.Minutiae != c.minutiae {
			t.Fatalf("%s: the plan has %d minutiae", c.name, plan.Report.Minutiae)
		}
		card := s.active(t, plan)
		for _, want := range []inspect.Expect{s.expect(plan), {Anchors: s.expect(nil).Anchors, CenterKeys: s.expect(nil).CenterKeys}} {
			if report := s.recheck(t, card, want); !report.Genuine {
				t.Errorf("%s: failed: %s", c.name, failed(report))
			}
		}
	}
}

// A SAM with other keys finds a card that it cannot open; it tries once.
func TestForeignSAM(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	plan := s.plan(t, s.signed(t, 0))
	card := s.active(t, plan)
	before := card.View().Sequences[0x38]
	report, err := inspect.Recheck(context.Background(), &field{card: card}, software.New([]byte("other")), s.profile, s.expect(plan))
	if err != nil || failed(report) != "SAM key opens" || report.Genuine {
		t.Errorf("%v, failed: %s", err, failed(report))
	}
	if v := card.View(); v.Sequences[0x38] != before+1 || v.Failures[0x38] != 0 {
		t.Errorf("%d openings, %d failures", v.Sequences[0x38]-before, v.Failures[0x38])
	}
}

// A chip that tells another serial number than the one its keys prove: the report would name, and
// the register would keep, a card that is not there.
func TestChipUnderAnotherName(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	plan := s.plan(t, s.signed(t, 0))
	f := &field{card: s.active(t, plan), alter: func(capdu, rapdu []byte) []byte {
		if bytes.HasPrefix(capdu, []byte{0x80, 0xCA, 0x9F, 0x7F}) { // CPLC, serial number from offset 3 + 10
			rapdu = bytes.Clone(rapdu)
			rapdu[13+7] ^= 1
		}
		return rapdu
	}}
	report, err := inspect.Recheck(context.Background(), f, s.keys, s.profile, s.expect(plan))
	if err != nil || report.Genuine || failed(report) != "SAM key opens" {
		t.Errorf("%v, genuine %v, failed: %s", err, report.Genuine, failed(report))
	}
}

// A signature outside the validity of its signer, and cards of another make.
func TestTimeAndMake(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	plan := s.plan(t, s.signed(t, 0))
	// The authority's certificate renewed under the same key and name, valid from the next year on.
	renewed, err := software.DevelopmentPKI(seed, from.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	late := s.expect(plan)
	late.Anchors = []*x509.Certificate{renewed.CSCA}
	report := s.recheck(t, s.active(t, plan), late)
	if failed(report) != "signed within the signer's validity" || report.Genuine {
		t.Errorf("failed: %s", failed(report))
	}
	card := s.blank()
	if err := card.Inject(chip.Fault{Kind: chip.ForeignCard}); err != nil {
		t.Fatal(err)
	}
	report = s.recheck(t, card, s.expect(plan))
	if !strings.Contains(failed(report), "application and EF.PROF") || report.Genuine || report.State != "" {
		t.Errorf("another make: %+v", report)
	}
}

// A data group changed after the seal is found by passive authentication alone.
func TestAlteredUnderSeal(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	for _, fid := range []uint16{0x0101, 0x0102, 0x0107, 0x010B, 0x010D} {
		plan := s.plan(t, s.signed(t, 0))
		if err := plan.Seal(chipdata.ChipKeys{}, s.signer, at); err != nil {
			t.Fatal(err)
		}
		for i, f := range plan.Files {
			if f.FID == fid {
				plan.Files[i].Data = bytes.Clone(f.Data)
				plan.Files[i].Data[len(f.Data)-1] ^= 1
			}
			if fid == 0x0101 && f.FID == fid { // the zone of another person
				zone, err := chipdata.EncodeDG1(record(t, 1).Person)
				if err != nil {
					t.Fatal(err)
				}
				plan.Files[i].Data = zone
			}
		}
		stranger := s.expect(nil)
		report := s.recheck(t, s.active(t, plan), stranger)
		if !strings.Contains(failed(report), "data groups equal to EF.SOD") || report.Genuine {
			t.Errorf("%04X: failed: %s", fid, failed(report))
		}
	}
}

// The card may leave the field at any command: there is no report then, and the next try is as
// good as the first.
func TestCardLeavesDuringRecheck(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	plan := s.plan(t, s.signed(t, 0))
	card := s.active(t, plan)
	whole := &field{card: card}
	if _, err := inspect.Recheck(context.Background(), whole, s.keys, s.profile, s.expect(plan)); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= whole.count; n++ {
		if err := card.Inject(chip.Fault{Kind: chip.FieldLoss, APDU: card.View().APDUs + n}); err != nil {
			t.Fatal(err)
		}
		report, err := inspect.Recheck(context.Background(), &field{card: card}, s.keys, s.profile, s.expect(plan))
		if !fault.Is(err, applet.CardRemoved) || len(report.Checks) > 0 {
			t.Fatalf("command %d: %v, %d checks", n, err, len(report.Checks))
		}
	}
	if report := s.recheck(t, card, s.expect(plan)); !report.Genuine {
		t.Errorf("failed: %s", failed(report))
	}
}
