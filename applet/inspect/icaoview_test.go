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
			trust.Status = s.list(t, uid(card), c.list)
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

// The large card opens by PACE with its CAN, and by Basic Access Control where that is switched on; it
// proves its own keys, and every file is read in the ICAO view.
func TestStrangerByPACE(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.can = true, "314159"
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	e := s.examine(t, &field{card: card}, nil, icao.Access{CAN: s.can}, s.trust())
	if e.Verdict != inspect.VerdictCenterNotChecked || e.Cause != inspect.CenterNotChecked || failedChecks(e) != "" {
		t.Errorf("%q, %s, failed %s", e.Verdict, e.Cause, failedChecks(e))
	}
	if e.Reading.Protocol != icao.PACE || e.Reading.Password != icao.PasswordCAN {
		t.Errorf("%+v", e.Reading)
	}
	want := inspect.ChipProof{Result: inspect.Good, ChipAuthentication: inspect.Good, ActiveAuthentication: inspect.Good, SAMKey: inspect.NotChecked}
	if e.ChipProof != want {
		t.Errorf("%+v", e.ChipProof)
	}
	if len(e.Files) != 10 || e.Person == nil || e.Person.Issue == nil || e.Person.NIK != r.Person.NIK.Digits() {
		t.Errorf("%d files", len(e.Files))
	}
	if !slices.ContainsFunc(e.Checks, func(c inspect.Check) bool { return c.Name == "EF.CardAccess agrees with DG14" && c.OK }) {
		t.Error("EF.CardAccess was not held against DG14")
	}
	// With a SAM too, nothing is left open.
	e = s.examine(t, &field{card: card}, s.keys, icao.Access{CAN: s.can}, s.trust())
	if e.Verdict != inspect.VerdictHandOverUnknown || !e.Genuine || failedChecks(e) != "" {
		t.Errorf("with a SAM: %q, failed %s", e.Verdict, failedChecks(e))
	}
	// A wrong CAN is tried once, and the card is not called forged.
	e = s.examine(t, &field{card: card}, nil, icao.Access{CAN: "314158"}, s.trust())
	if e.Cause != inspect.AccessRefused || e.Verdict != inspect.VerdictNotChecked {
		t.Errorf("wrong CAN: %q, %s", e.Verdict, e.Cause)
	}
}

// A line walks the ICAO view of the large card with the CAN that it wrote, or with the zone alone; chips
// that offer less are opened by what they offer.
func TestRecheckByPACE(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		bac, noPACE bool
		can         string // told to the line too
		want        string
	}{
		{false, false, "314159", "PACE with CAN"},
		{true, false, "", "PACE with MRZ"},
		{false, false, "", "PACE with MRZ"},
		{true, true, "", "BAC with MRZ"},
		{true, true, "314159", "BAC with MRZ"},
	} {
		s := newShop(t, "ktpel-op-1-32k")
		s.icao, s.bac, s.noPACE, s.can = true, c.bac, c.noPACE, c.can
		plan := s.plan(t, s.signed(t, 0))
		want := s.expect(plan)
		want.Access.CAN = c.can
		report := s.recheck(t, s.active(t, plan), want)
		for _, name := range []string{"ICAO view opens", "active authentication", "chip authentication"} {
			got := "missing"
			if at := slices.IndexFunc(report.Checks, func(c inspect.Check) bool { return c.Name == name }); at >= 0 {
				got = report.Checks[at].Got
			}
			if right := map[bool]string{true: c.want, false: "good"}[name == "ICAO view opens"]; got != right {
				t.Errorf("%+v: %s is %q", c, name, got)
			}
		}
		if !report.Genuine {
			t.Errorf("%+v: failed %s", c, failed(report))
		}
	}
	// A view that nothing opens is not walked, and a line that was told otherwise hears of it.
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.noPACE = true, true
	plan := s.plan(t, s.signed(t, 0))
	report := s.recheck(t, s.active(t, plan), s.expect(plan))
	at := slices.IndexFunc(report.Checks, func(c inspect.Check) bool { return c.Name == "ICAO view opens" })
	if !report.Genuine || at < 0 || !report.Checks[at].Skipped {
		t.Errorf("neither PACE nor BAC: failed %s", failed(report))
	}
}

// A chip with every byte of another card and keys of its own is found out: by the zone or the CAN because
// it cannot prove the keys of DG14 and DG15, with a SAM because it does not hold the key for its
// own name.
func TestCopy(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	s.icao, s.bac, s.can = true, true, "314159"
	r := s.signed(t, 0)
	copied, err := s.active(t, s.plan(t, r)).Clone()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		keys   applet.KeySource
		access icao.Access
		cause  inspect.Cause
		proof  inspect.Finding
	}{
		"CAN":          {nil, icao.Access{CAN: s.can}, inspect.Copy, inspect.Bad},
		"zone":         {nil, zoneOf(t, r), inspect.Copy, inspect.Bad},
		"CAN and SAM":  {s.keys, icao.Access{CAN: s.can}, inspect.Copy, inspect.Bad},
		"SAM alone":    {s.keys, icao.Access{}, inspect.KeyRefused, inspect.Bad},
		"nothing told": {nil, icao.Access{}, inspect.ContentUnread, inspect.NotChecked},
	} {
		e := s.examine(t, &field{card: copied}, c.keys, c.access, s.trust())
		if e.Cause != c.cause || e.ChipProof.Result != c.proof || e.Genuine || e.Verdict == inspect.VerdictCenterNotChecked {
			t.Errorf("%s: %s %v %q, %+v", name, e.Cause, e.Also, e.Verdict, e.ChipProof)
		}
		if c.cause == inspect.Copy && (e.Station.Result != inspect.Good || e.Verdict != inspect.VerdictNotGenuine) {
			t.Errorf("%s: station %s, %q", name, e.Station.Result, e.Verdict)
		}
	}
	report := s.recheck(t, copied, inspect.Expect{Anchors: s.expect(nil).Anchors, CenterKeys: s.expect(nil).CenterKeys, ICAOView: true, Access: zoneOf(t, r)})
	if report.Genuine || !strings.Contains(failed(report), "SAM key opens") || !strings.Contains(failed(report), "active authentication, chip authentication") {
		t.Errorf("recheck: failed %s", failed(report))
	}
}
