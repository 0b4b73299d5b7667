package inspect_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/ktp"
)

// zoneOf is what the bearer of a card can read to the counter.
func zoneOf(t testing.TB, r ktp.Record) icao.Access {
	t.Helper()
	dg1, err := chipdata.EncodeDG1(r.Person)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := chipdata.ParseDG1(dg1)
	if err != nil {
		t.Fatal(err)
	}
	return icao.FromMRZ(zone)
}

// A stranger without any key reads the small card by its zone: the station's signature is checked, the
// center's cannot be, and the reader says so.
func TestStrangerByBAC(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	trust := s.trust()
	for _, c := range []struct {
		list    string
		verdict inspect.Verdict
		cause   inspect.Cause
	}{
		{"", "station signature good, center's signature not checked", inspect.CenterNotChecked},
		{`"standing":"in_force"`, "station signature good, center's signature not checked", inspect.CenterNotChecked},
		{`"standing":"made"`, "station signature good, center's signature not checked, not handed over", inspect.NotHandedOver},
		{`"standing":"retired","reason":"lost","held":true`, "station signature good, center's signature not checked, retired, held", inspect.CardRetired},
	} {
		if trust.Status = nil; c.list != "" {
			trust.Status = list(t, uid(card), c.list)
		}
		e := s.examine(t, &field{card: card}, nil, zoneOf(t, r), trust)
		if e.Verdict != c.verdict || e.Cause != c.cause || e.Genuine || failedChecks(e) != "" {
			t.Errorf("%s: %q, cause %s, failed %s", c.list, e.Verdict, e.Cause, failedChecks(e))
		}
		if e.Reading.Protocol != icao.BAC || e.Reading.Password != icao.PasswordMRZ || e.Reading.ICAOView != "open" || e.Reading.SAM != "not_used" {
			t.Errorf("%+v", e.Reading)
		}
		if e.Station.Result != inspect.Good || e.Center.Result != inspect.NotChecked || e.Center.KeyID == "" || e.Center.Anchor != "" || e.ChipProof.Result != inspect.NotChecked {
			t.Errorf("%+v %+v %+v", e.Station, e.Center, e.ChipProof)
		}
		if e.Person == nil || e.Person.NIK != r.Person.NIK.Digits() || e.Person.Portrait == nil || len(e.Person.Fingers) > 0 {
			t.Error("the person was not read in full, or more than a stranger may")
		}
		for _, f := range e.Files {
			if f.View != "icao" {
				t.Errorf("%+v", f)
			}
		}
	}
}

// With a zone and a SAM every file is read once, in the view that shows it, and the card is genuine.
func TestZoneAndSAM(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	e := s.examine(t, &field{card: s.active(t, s.plan(t, r))}, s.keys, zoneOf(t, r), s.trust())
	if e.Verdict != inspect.VerdictHandOverUnknown || !e.Genuine || failedChecks(e) != "" {
		t.Errorf("%q, failed %s", e.Verdict, failedChecks(e))
	}
	for _, f := range e.Files {
		if want := map[bool]string{true: "issuer", false: "icao"}[strings.HasPrefix(f.FID, "02")]; f.View != want {
			t.Errorf("%+v", f)
		}
	}
}

// What the bearer tells and the chip refuses: never tried a second time, and no proof of a forgery.
func TestWrongZone(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	wrong := zoneOf(t, r)
	wrong.BirthDate = "900818"
	tries := 0
	f := &field{card: card, refuse: func(capdu []byte) error {
		if capdu[0] == 0 && capdu[1] == 0x82 {
			tries++
		}
		return nil
	}}
	e := s.examine(t, f, nil, wrong, s.trust())
	if e.Cause != inspect.AccessRefused || e.Verdict != inspect.VerdictNotChecked || tries != 1 || !slices.Contains(e.Also, inspect.ContentUnread) {
		t.Errorf("%s %v %q, %d tries", e.Cause, e.Also, e.Verdict, tries)
	}
	// A SAM that finds the chip good still leaves the question whose face it is in.
	e = s.examine(t, &field{card: card}, s.keys, wrong, s.trust())
	if e.Cause != inspect.AccessRefused || e.Verdict != inspect.VerdictHandOverUnknown {
		t.Errorf("%s %v %q", e.Cause, e.Also, e.Verdict)
	}
	// A CAN alone opens no card without PACE; that is no fault of the card's.
	e = s.examine(t, &field{card: card}, nil, icao.Access{CAN: "271828"}, s.trust())
	if e.Cause != inspect.ContentUnread || failedChecks(e) != "" {
		t.Errorf("CAN: %s, failed %s", e.Cause, failedChecks(e))
	}
}

// Cards on which the ICAO view itself shows the defect.
func TestDefectsInICAOView(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	made := func(change func([]chipdata.File) []chipdata.File) *field {
		plan := s.plan(t, r)
		if err := plan.Seal(chipdata.ChipKeys{}, s.signer, at); err != nil {
			t.Fatal(err)
		}
		plan.Files = change(plan.Files)
		return &field{card: s.active(t, plan)}
	}
	answer := func(header string, sw ...byte) *field {
		f := made(func(files []chipdata.File) []chipdata.File { return files })
		f.alter = func(capdu, rapdu []byte) []byte {
			if bytes.HasPrefix(capdu, []byte(header)) {
				return sw
			}
			return rapdu
		}
		return f
	}
	for _, c := range []struct {
		name  string
		card  *field
		cause inspect.Cause
	}{
		{"portrait of another", made(func(files []chipdata.File) []chipdata.File {
			for n, f := range files {
				if f.FID == 0x0102 {
					files[n].Data = bytes.Clone(f.Data)
					files[n].Data[len(f.Data)-1] ^= 1
				}
			}
			return files
		}), inspect.SignatureInvalid},
		{"EF.COM missing", made(func(files []chipdata.File) []chipdata.File {
			return slices.DeleteFunc(files, func(f chipdata.File) bool { return f.FID == 0x011E })
		}), inspect.ContentWrong},
		{"DG7 missing", made(func(files []chipdata.File) []chipdata.File {
			return slices.DeleteFunc(files, func(f chipdata.File) bool { return f.FID == 0x0107 })
		}), inspect.ContentWrong},
		{"key 31 still open", answer("\x80\x50\x31", 0x90, 0x00), inspect.RulesBroken},
		{"finger free in the ICAO view", answer("\x00\xB0\x91\x00", 0x7F, 0x90, 0x00), inspect.RulesBroken},
		{"writing free in the ICAO view", answer("\x00\xD6\x81\x00", 0x90, 0x00), inspect.RulesBroken},
	} {
		e := s.examine(t, c.card, nil, zoneOf(t, r), s.trust())
		if e.Cause != c.cause || e.Verdict != inspect.VerdictNotGenuine || e.Genuine {
			t.Errorf("%s: %s %v %q, failed %s", c.name, e.Cause, e.Also, e.Verdict, failedChecks(e))
		}
	}
}

// A line that knows the zone walks the ICAO view as well, and finds the same files there.
func TestRecheckWalksICAOView(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	plan := s.plan(t, r)
	card := s.active(t, plan)
	journal := s.expect(nil)
	journal.Hashes = plan.Hashes()
	for name, want := range map[string]inspect.Expect{"plan": s.expect(plan), "journal": journal, "stranger": s.expect(nil)} {
		report := s.recheck(t, card, want)
		at := slices.IndexFunc(report.Checks, func(c inspect.Check) bool { return c.Name == "ICAO view opens" })
		if !report.Genuine || at < 0 || report.Checks[at].Got != "BAC with MRZ" {
			t.Errorf("%s: failed %s, %+v", name, failed(report), report.Checks)
		}
		for _, f := range s.profile.Files {
			read := slices.ContainsFunc(report.Checks, func(c inspect.Check) bool { return c.Name == "read "+f.Name+" in the ICAO view" })
			if read != f.ICAO {
				t.Errorf("%s: %s read in the ICAO view: %v", name, f.Name, read)
			}
		}
	}
	// Keys of another zone on the chip: the bearer's own zone would not open it.
	other := s.expect(nil)
	other.Access = zoneOf(t, record(t, 1))
	if report := s.recheck(t, card, other); report.Genuine || failed(report) != "ICAO view opens" {
		t.Errorf("another zone: failed %s", failed(report))
	}
}

// The way to the card may fail at any command of an examination by the zone: there is always an
// answer, it never calls the card forged, and the retries are told.
func TestLostAnywhere(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	s.icao, s.bac = true, true
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	whole := &field{card: card}
	s.examine(t, whole, nil, zoneOf(t, r), s.trust())
	for n := 1; n <= whole.count; n++ {
		f := &field{card: card}
		f.refuse = func([]byte) error {
			if f.count == n {
				return applet.CardRemoved.At("field.Transmit", nil)
			}
			return nil
		}
		e := s.examine(t, f, nil, zoneOf(t, r), s.trust())
		if e.Verdict != inspect.VerdictCenterNotChecked || e.Reading.Retries != 1 || !e.Reading.Complete || failedChecks(e) != "" {
			t.Fatalf("lost at command %d: %q, %+v, failed %s", n, e.Verdict, e.Reading, failedChecks(e))
		}
	}
}
