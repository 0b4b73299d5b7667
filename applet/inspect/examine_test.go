package inspect_test

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/keys/software"
	"blanko/ktp"
)

func (s *shop) trust() inspect.Trust {
	want := s.expect(nil)
	return inspect.Trust{CSCAs: want.Anchors, CenterKeys: want.CenterKeys}
}

func uid(card *chip.Card) ktp.ChipUID {
	return ktp.ChipUID(fmt.Sprintf("%X", card.View().KDD))
}

// listDay is the day of the status lists of these tests.
var listDay = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

// list is a status list of one card, signed by the center.
func (s *shop) list(t testing.TB, chip ktp.ChipUID, rest string) *inspect.StatusList {
	t.Helper()
	text := s.center.jws(t, fmt.Sprintf(`{"alg":"ES256","kid":"%x","typ":"ktp-status-list"}`, s.center.id), listText(chip, rest))
	l, err := inspect.ParseStatusList([]byte(text), s.trust())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func listText(chip ktp.ChipUID, rest string) string {
	return fmt.Sprintf(`{"format":"ktp-status-list/1","number":7,"date":%q,"cards":[{"chip":%q,%s}]}`, listDay.Format(time.RFC3339), chip, rest)
}

// plainList is a status list of one card that nobody signed.
func plainList(t testing.TB, chip ktp.ChipUID, rest string) *inspect.StatusList {
	t.Helper()
	l, err := inspect.ParseStatusList([]byte(listText(chip, rest)), inspect.Trust{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (s *shop) examine(t testing.TB, tr applet.Transport, k applet.KeySource, a icao.Access, trust inspect.Trust) inspect.Examination {
	t.Helper()
	e, err := inspect.Examine(context.Background(), tr, k, a, trust)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The words of the card profile KTPEL-OP 1, section 7.1, for a card that is good, with a SAM.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	r := s.signed(t, 0)
	card := s.active(t, s.plan(t, r))
	local := s.trust()
	local.LocalKeys = map[[8]byte]bool{s.center.id: true}
	for _, c := range []struct {
		list    string // of the card; empty: no list
		local   bool
		verdict inspect.Verdict
		id      string
		cause   inspect.Cause
	}{
		{"", false, "genuine, hand-over not known", "asli, status penyerahan tidak diketahui", inspect.HandOverUnknown},
		{`"standing":"made"`, false, "genuine, not handed over", "asli, belum diserahkan", inspect.NotHandedOver},
		{`"standing":"in_force"`, false, "genuine", "asli", inspect.CardGenuine},
		{`"standing":"retired","reason":"lost"`, false, "genuine, retired", "asli, tidak berlaku lagi", inspect.CardRetired},
		{`"standing":"in_force","held":true`, false, "genuine, held", "asli, ditahan", inspect.CardHeld},
		{`"standing":"made","held":true`, true, "genuine, not handed over, held, local anchor", "asli, belum diserahkan, ditahan, jangkar lokal", inspect.CardHeld},
		{`"standing":"denied","reason":"stolen"`, false, "genuine, denied", "asli, masuk daftar larangan", inspect.CardDenied},
		{`"standing":"denied"`, true, "genuine, local anchor, denied", "asli, jangkar lokal, masuk daftar larangan", inspect.CardDenied},
		{`"standing":"in_force"`, true, "genuine, local anchor", "asli, jangkar lokal", inspect.CardGenuine},
	} {
		trust := s.trust()
		if c.local {
			trust = local
		}
		if c.list != "" {
			trust.Status = s.list(t, uid(card), c.list)
		}
		e := s.examine(t, &field{card: card}, s.keys, icao.Access{}, trust)
		if e.Verdict != c.verdict || e.Verdict.Indonesian() != c.id || e.Cause != c.cause || !e.Genuine {
			t.Errorf("%s: %q (%s), cause %s, also %v\n%+v", c.list, e.Verdict, e.Verdict.Indonesian(), e.Cause, e.Also, failedChecks(e))
		}
		if want := map[bool]string{false: inspect.AnchorCenter, true: inspect.AnchorLocal}[c.local]; e.Center.Anchor != want {
			t.Errorf("%s: anchor %q", c.list, e.Center.Anchor)
		}
		if e.Register.Known != (c.list != "") || e.Register.Signed != (c.list != "") || e.Register.Stale {
			t.Errorf("%s: %+v", c.list, e.Register)
		}
	}
}

// A list that nobody signed, or that is too old, makes no card better; it still retires and holds.
func TestListOfLittleWorth(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	card := s.active(t, s.plan(t, s.signed(t, 0)))
	const day = 24 * time.Hour
	for _, c := range []struct {
		list    string
		verdict inspect.Verdict
		cause   inspect.Cause
		unread  inspect.Verdict // where nothing of the content can be read
	}{
		{`"standing":"in_force"`, "genuine, hand-over not known", inspect.HandOverUnknown, "not checked"},
		{`"standing":"made"`, "genuine, hand-over not known", inspect.HandOverUnknown, "not checked"},
		{`"standing":"in_force","held":true`, "genuine, hand-over not known, held", inspect.CardHeld, "not checked, held"},
		{`"standing":"made","held":true`, "genuine, hand-over not known, held", inspect.CardHeld, "not checked, held"},
		{`"standing":"retired","reason":"lost"`, "genuine, retired", inspect.CardRetired, "not checked, retired"},
		{`"standing":"retired","held":true`, "genuine, retired, held", inspect.CardRetired, "not checked, retired, held"},
		{`"standing":"denied"`, "genuine, denied", inspect.CardDenied, "not checked, denied"},
	} {
		for name, l := range map[string]struct {
			list          *inspect.StatusList
			now           time.Time
			most          time.Duration
			signed, stale bool
		}{
			"plain":         {plainList(t, uid(card), c.list), listDay, day, false, false},
			"plain, old":    {plainList(t, uid(card), c.list), listDay.Add(day + 1), day, false, true},
			"old":           {s.list(t, uid(card), c.list), listDay.Add(day + 1), day, true, true},
			"of the morrow": {s.list(t, uid(card), c.list), listDay.Add(-day - 1), day, true, true},
		} {
			trust := s.trust()
			trust.Status, trust.Now, trust.StatusMaxAge = l.list, l.now, l.most
			e := s.examine(t, &field{card: card}, s.keys, icao.Access{}, trust)
			if e.Verdict != c.verdict || e.Cause != c.cause || !e.Genuine {
				t.Errorf("%s, %s: %q, %s, also %v", name, c.list, e.Verdict, e.Cause, e.Also)
			}
			if r := e.Register; !r.Known || r.Signed != l.signed || r.Stale != l.stale {
				t.Errorf("%s, %s: %+v", name, c.list, r)
			}
			if e = s.examine(t, &field{card: card}, nil, icao.Access{}, trust); e.Verdict != c.unread || e.Genuine {
				t.Errorf("%s, %s: unread, %q", name, c.list, e.Verdict)
			}
		}
	}
	for name, c := range map[string]struct {
		now  time.Time
		most time.Duration
	}{
		"on its last day": {listDay.Add(day), day},
		"a clock behind":  {listDay.Add(-day), day},
		"no limit":        {listDay.AddDate(50, 0, 0), 0},
		"no clock":        {time.Time{}, day},
	} {
		trust := s.trust()
		trust.Status, trust.Now, trust.StatusMaxAge = s.list(t, uid(card), `"standing":"in_force"`), c.now, c.most
		if e := s.examine(t, &field{card: card}, s.keys, icao.Access{}, trust); e.Verdict != inspect.VerdictGenuine || e.Register.Stale {
			t.Errorf("%s: %q, %+v", name, e.Verdict, e.Register)
		}
	}
}

// A stolen blank is known whatever its chip holds, and what else was found is said behind it.
func TestDeniedBlank(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	card := s.blank()
	trust := s.trust()
	trust.Status = s.list(t, uid(card), `"standing":"denied","reason":"stolen"`)
	e := s.examine(t, &field{card: card}, nil, icao.Access{}, trust)
	if e.Cause != inspect.CardDenied || !slices.Contains(e.Also, inspect.NotPersonalized) || e.Verdict != "not personalized, denied" || e.Cause.Explain().Sound {
		t.Errorf("%s, also %v, %q", e.Cause, e.Also, e.Verdict)
	}
}

func failedChecks(e inspect.Examination) string {
	return failed(inspect.Report{Checks: e.Checks})
}

// What a stranger says of cards in every state and with every kind of defect, with a SAM.
func TestCauses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := newShop(t, "ktpel-op-1-8k")
	good := func() *chip.Card { return s.active(t, s.plan(t, s.signed(t, 0))) }
	faulty := func(f chip.Fault) *chip.Card {
		card := s.blank()
		if err := card.Inject(f); err != nil {
			t.Fatal(err)
		}
		return card
	}
	after := func(card *chip.Card, act func(*applet.Encoder) error) *chip.Card {
		e := &applet.Encoder{Transport: &field{card: card}, Keys: s.keys, Profile: s.profile}
		if _, err := e.Probe(ctx); err != nil {
			t.Fatal(err)
		}
		if err := act(e); err != nil {
			t.Fatal(err)
		}
		return card
	}
	altered := func(change func([]chipdata.File) []chipdata.File) *chip.Card {
		plan := s.plan(t, s.signed(t, 0))
		if err := plan.Seal(chipdata.ChipKeys{}, s.signer, at); err != nil {
			t.Fatal(err)
		}
		plan.Files = change(plan.Files)
		return s.active(t, plan)
	}
	flip := func(fid uint16) func([]chipdata.File) []chipdata.File {
		return func(files []chipdata.File) []chipdata.File {
			for n, f := range files {
				if f.FID == fid {
					b := slices.Clone(f.Data)
					b[len(b)-1] ^= 1
					files[n].Data = b
				}
			}
			return files
		}
	}
	without := func(fid uint16) func([]chipdata.File) []chipdata.File {
		return func(files []chipdata.File) []chipdata.File {
			return slices.DeleteFunc(files, func(f chipdata.File) bool { return f.FID == fid })
		}
	}
	other, err := software.DevelopmentPKI([]byte("another authority"), from)
	if err != nil {
		t.Fatal(err)
	}
	renewed, err := software.DevelopmentPKI(seed, from.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	listed := good()
	for _, c := range []struct {
		name    string
		card    *chip.Card
		trust   func(*inspect.Trust)
		cause   inspect.Cause
		also    []inspect.Cause
		verdict inspect.Verdict
	}{
		{"good", good(), nil, inspect.HandOverUnknown, nil, inspect.VerdictHandOverUnknown},
		{"blank", s.blank(), nil, inspect.NotPersonalized, nil, inspect.VerdictNotPersonalized},
		{"claimed", faulty(chip.Fault{Kind: chip.ForeignAttempt}), nil, inspect.NotPersonalized, nil, inspect.VerdictNotPersonalized},
		{"written", func() *chip.Card {
			card := s.blank()
			s.write(t, card, s.plan(t, s.signed(t, 0)))
			return card
		}(), nil, inspect.NotPersonalized, nil, inspect.VerdictNotPersonalized},
		{"blocked", after(good(), func(e *applet.Encoder) error { return e.Block(ctx) }), nil, inspect.ChipBlocked, nil, inspect.VerdictBlocked},
		{"terminated", after(good(), func(e *applet.Encoder) error { return e.Terminate(ctx) }), nil, inspect.ChipTerminated, nil, inspect.VerdictTerminated},
		{"another make", faulty(chip.Fault{Kind: chip.ForeignCard}), nil, inspect.WrongCard, nil, inspect.VerdictWrongCard},
		{"dead", faulty(chip.Fault{Kind: chip.Die}), nil, inspect.NoAnswer, nil, inspect.VerdictNotChecked},
		{"foreign keys", faulty(chip.Fault{Kind: chip.AlreadyActive}), nil, inspect.KeyRefused, []inspect.Cause{inspect.ContentUnread}, inspect.VerdictNotGenuine},
		{"no CSCA", good(), func(tr *inspect.Trust) { tr.CSCAs = nil }, inspect.ContentUnread, nil, inspect.VerdictNotChecked},
		{"another CSCA", good(), func(tr *inspect.Trust) { tr.CSCAs[0] = other.CSCA }, inspect.SignerUnknown, nil, inspect.VerdictNotChecked},
		{"DG2 altered, another CSCA", altered(flip(0x0102)), func(tr *inspect.Trust) { tr.CSCAs[0] = other.CSCA }, inspect.SignatureInvalid, []inspect.Cause{inspect.SignerUnknown}, inspect.VerdictNotGenuine},
		{"EF.SOD altered, another CSCA", altered(flip(0x011D)), func(tr *inspect.Trust) { tr.CSCAs[0] = other.CSCA }, inspect.SignatureInvalid, nil, inspect.VerdictNotGenuine},
		{"DG7 missing, another CSCA", altered(without(0x0107)), func(tr *inspect.Trust) { tr.CSCAs[0] = other.CSCA }, inspect.ContentWrong, []inspect.Cause{inspect.SignerUnknown}, inspect.VerdictNotGenuine},
		{"another CSCA, on the list as retired", listed, func(tr *inspect.Trust) {
			tr.CSCAs[0], tr.Status = other.CSCA, s.list(t, uid(listed), `"standing":"retired"`)
		}, inspect.CardRetired, []inspect.Cause{inspect.SignerUnknown}, "not checked, retired"},
		{"another CSCA, on the list as in force", listed, func(tr *inspect.Trust) {
			tr.CSCAs[0], tr.Status = other.CSCA, s.list(t, uid(listed), `"standing":"in_force"`)
		}, inspect.SignerUnknown, nil, inspect.VerdictNotChecked},
		{"signed outside the anchor's time", good(), func(tr *inspect.Trust) { tr.CSCAs[0] = renewed.CSCA }, inspect.SignatureInvalid, nil, inspect.VerdictNotGenuine},
		{"no center key", good(), func(tr *inspect.Trust) { tr.CenterKeys = nil }, inspect.CenterNotChecked, nil, inspect.VerdictCenterNotChecked},
		{"another center", good(), func(tr *inspect.Trust) {
			key := tr.CenterKeys[s.center.id]
			clear(tr.CenterKeys)
			tr.CenterKeys[[8]byte{1}] = key
		}, inspect.SignerUnknown, nil, inspect.VerdictNotChecked},
		{"DG2 altered, another center", altered(flip(0x0102)), func(tr *inspect.Trust) {
			tr.CenterKeys = map[[8]byte]*ecdsa.PublicKey{{1}: tr.CenterKeys[s.center.id]}
		}, inspect.SignatureInvalid, []inspect.Cause{inspect.SignerUnknown}, inspect.VerdictNotGenuine},
		{"another key under the center's id", good(), func(tr *inspect.Trust) {
			tr.CenterKeys = map[[8]byte]*ecdsa.PublicKey{s.center.id: &newCenter(t, 9).key.PublicKey}
		}, inspect.SignatureInvalid, nil, inspect.VerdictNotGenuine},
		{"specimen", s.active(t, s.plan(t, record(t, 0))), nil, inspect.Specimen, nil, inspect.VerdictSpecimen},
		{"DG2 altered", altered(flip(0x0102)), nil, inspect.SignatureInvalid, nil, inspect.VerdictNotGenuine},
		{"EF.SOD altered", altered(flip(0x011D)), nil, inspect.SignatureInvalid, nil, inspect.VerdictNotGenuine},
		{"finger altered", altered(flip(0x0201)), nil, inspect.SignatureInvalid, []inspect.Cause{inspect.ContentWrong}, inspect.VerdictNotGenuine},
		{"DG7 missing", altered(without(0x0107)), nil, inspect.ContentWrong, nil, inspect.VerdictNotGenuine},
		{"finger missing", altered(without(0x0202)), nil, inspect.SignatureInvalid, []inspect.Cause{inspect.ContentWrong}, inspect.VerdictNotGenuine},
	} {
		trust := s.trust()
		if c.trust != nil {
			c.trust(&trust)
		}
		e := s.examine(t, &field{card: c.card}, s.keys, icao.Access{}, trust)
		if e.Cause != c.cause || !slices.Equal(e.Also, c.also) || e.Verdict != c.verdict || e.Genuine != (c.name == "good") {
			t.Errorf("%s: %s, also %v, %q, failed: %s; station %+v", c.name, e.Cause, e.Also, e.Verdict, failedChecks(e), e.Station)
		}
	}
}

// Without a SAM and with the ICAO view off nothing behind the front door can be read: the card is
// called neither genuine nor forged.
func TestNothingReadable(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	card := s.active(t, s.plan(t, s.signed(t, 0)))
	e := s.examine(t, &field{card: card}, nil, icao.Access{}, s.trust())
	if e.Cause != inspect.ContentUnread || e.Verdict != inspect.VerdictNotChecked || e.Reading.ICAOView != "closed" || e.Reading.SAM != "not_used" || e.Person != nil {
		t.Errorf("%+v", e)
	}
	if len(e.Checks) == 0 || failedChecks(e) != "" || e.Chip.State != applet.Active || e.Chip.UID != uid(card) {
		t.Errorf("%+v", e.Checks)
	}
}

// The JSON of an examination and every way of formatting it hold nothing of the person, who stands
// in a part of their own.
func TestPersonApart(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	r := s.signed(t, 0)
	e := s.examine(t, &field{card: s.active(t, s.plan(t, r))}, s.keys, icao.Access{}, s.trust())
	whole, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{r.Person.NIK.Digits(), r.Person.Names[0], r.Person.Names[1], r.Person.Street, "900817", "1990-08-17", "SANTOSO"}
	for _, text := range []string{string(whole), fmt.Sprintf("%v %+v %#v", e, e, e), fmt.Sprintf("%v %+v", e.Person, *e.Person)} {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%q in %s", secret, text)
			}
		}
	}
	p := e.Person
	if p == nil || p.NIK != r.Person.NIK.Digits() || !slices.Equal(p.Names, r.Person.Names) || p.BirthDate != "1990-08-17" || p.Sex != "M" ||
		p.Religion != "ISLAM" || p.Marital != "KAWIN" || p.Blood != "O" || p.Validity != "SEUMUR HIDUP" || p.Regency != "KOTA JAKARTA BARAT" ||
		!slices.Equal(p.Fingers, []string{"RIGHT_INDEX", "LEFT_INDEX"}) || p.Portrait == nil || p.Signature == nil || p.Issue == nil || p.Issue.Station != "SN1" || len(p.MRZ) != 3 {
		whole, _ := json.Marshal(p)
		t.Errorf("the person was not read in full: %.600s", whole)
	}
	var back inspect.Examination
	if err := json.Unmarshal(whole, &back); err != nil || back.Verdict != e.Verdict || back.Cause != e.Cause || len(back.Checks) != len(e.Checks) || !reflect.DeepEqual(back.Chip, e.Chip) {
		t.Errorf("%v: the JSON does not come back", err)
	}
	if len(e.Files) != len(s.profile.Files)-1 {
		t.Errorf("%d files", len(e.Files))
	}
}

// A card that is lost now and then is read in the end, and every retry is told.
func TestRetries(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-32k")
	plan := s.plan(t, s.signed(t, 0))
	for _, c := range []struct {
		losses int
		kind   chip.Kind
		cause  inspect.Cause
	}{
		{1, chip.FieldLoss, inspect.HandOverUnknown},
		{2, chip.FieldLoss, inspect.WornAntenna},
		{4, chip.Mute, inspect.WornAntenna},
	} {
		card := s.active(t, plan)
		for n := range c.losses {
			if err := card.Inject(chip.Fault{Kind: c.kind, APDU: card.View().APDUs + 22*(n+1)}); err != nil {
				t.Fatal(err)
			}
		}
		e := s.examine(t, &field{card: card}, s.keys, icao.Access{}, s.trust())
		if !e.Reading.Complete || e.Cause != c.cause || e.Verdict != inspect.VerdictHandOverUnknown {
			t.Errorf("%d losses: %+v, cause %s, verdict %s", c.losses, e.Reading, e.Cause, e.Verdict)
		}
		if e.Reading.Retries != c.losses || e.Reading.Failures == "" {
			t.Errorf("%d losses: %d retries told, last failure %q", c.losses, e.Reading.Retries, e.Reading.Failures)
		}
	}
}

// A card that never gets past the same place is given up after a few tries.
func TestLostForGood(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	f := &field{card: s.active(t, s.plan(t, s.signed(t, 0)))}
	f.refuse = func(capdu []byte) error {
		if capdu[0] == 0x84 && capdu[1] == 0xB0 {
			return applet.CardRemoved.At("field.Transmit", nil)
		}
		return nil
	}
	e := s.examine(t, f, s.keys, icao.Access{}, s.trust())
	if e.Reading.Complete || e.Reading.Retries != 2 || e.Cause != inspect.WornAntenna || e.Verdict != inspect.VerdictNotChecked {
		t.Errorf("%+v, %s, %s", e.Reading, e.Cause, e.Verdict)
	}
}

// A card that leaves and does not come back is not called worn.
func TestTakenAway(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	f := &lifted{field{card: s.active(t, s.plan(t, s.signed(t, 0)))}, 30}
	e := s.examine(t, f, s.keys, icao.Access{}, s.trust())
	if e.Reading.Complete || e.Cause != inspect.CardTaken || len(e.Also) > 0 || e.Verdict != inspect.VerdictNotChecked {
		t.Errorf("%+v, %s %v, %s", e.Reading, e.Cause, e.Also, e.Verdict)
	}
}

// lifted is a card that is taken away after some commands.
type lifted struct {
	field
	after int
}

func (l *lifted) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	if l.count >= l.after {
		return nil, applet.CardRemoved.At("lifted.Transmit", nil)
	}
	return l.field.Transmit(ctx, capdu)
}

func (l *lifted) Reset(ctx context.Context) ([]byte, error) {
	if l.count >= l.after {
		return nil, applet.CardRemoved.At("lifted.Reset", nil)
	}
	return l.field.Reset(ctx)
}

// A reader that fails, a key source that fails and an access that no card can have are errors of
// the examination, not findings about the card.
func TestExamineErrors(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	card := s.active(t, s.plan(t, s.signed(t, 0)))
	broken := fault.Entry{Code: "pcsc.service_gone", Kind: fault.Transient}
	f := &field{card: card, refuse: func([]byte) error { return broken.At("field.Transmit", nil) }}
	if _, err := inspect.Examine(context.Background(), f, s.keys, icao.Access{}, s.trust()); !fault.Is(err, broken) {
		t.Errorf("a reader that fails: %v", err)
	}
	if _, err := inspect.Examine(context.Background(), &field{card: card}, s.keys, icao.Access{CAN: "12345"}, s.trust()); !fault.Is(err, icao.AccessMalformed) {
		t.Errorf("five digits: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := inspect.Examine(ctx, &field{card: card}, s.keys, icao.Access{}, s.trust()); err == nil {
		t.Error("a context that is done: no error")
	}
}

// Another card laid down in the middle is no part of the examination.
func TestCardChanged(t *testing.T) {
	t.Parallel()
	s := newShop(t, "ktpel-op-1-8k")
	plan := s.plan(t, s.signed(t, 0))
	one, two := s.active(t, plan), s.active(t, plan)
	f := &field{card: one}
	f.refuse = func(capdu []byte) error {
		if capdu[0] == 0x84 && capdu[1] == 0xB0 && f.card == one {
			f.card = two
			return applet.CardRemoved.At("field.Transmit", nil)
		}
		return nil
	}
	if _, err := inspect.Examine(context.Background(), f, s.keys, icao.Access{}, s.trust()); !fault.Is(err, inspect.CardChanged) {
		t.Errorf("%v", err)
	}
}
