package registry

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/standard"
	"blanko/registry/stock"
)

var (
	sepauk  = Actor{ID: "kec-sepauk", Roles: []access.Role{access.KecamatanOperator}, Place: "kec.sepauk"}
	desk    = Actor{ID: "officer-sepauk", Roles: []access.Role{access.ServiceOfficer}, Place: "kec.sepauk"}
	village = Actor{ID: "kel-tanjung", Roles: []access.Role{access.KecamatanOperator}, Place: "kel.tanjung"}
)

// district has a kecamatan with a kelurahan, another kecamatan, another Dinas and the Directorate.
func (s *room) district() {
	s.Helper()
	for _, p := range []SetPlace{
		{ID: Dinas, Kind: PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true},
		{ID: "kec.sepauk", Kind: PlaceKecamatan, PlaceName: "SEPAUK", Parent: Dinas, Region: "61.05.03", Active: true},
		{ID: "kec.serawai", Kind: PlaceKecamatan, PlaceName: "SERAWAI", Parent: Dinas, Region: "61.05.12", Active: true},
		{ID: "kel.tanjung", Kind: PlaceKelurahan, PlaceName: "TANJUNG", Parent: "kec.sepauk", Active: true},
		{ID: "ditjen", Kind: PlaceDirectorate, PlaceName: "DIREKTORAT JENDERAL", Active: true},
		{ID: "dinas.melawi", Kind: PlaceOtherDinas, PlaceName: "DINAS MELAWI", Region: "61.10", Active: true},
	} {
		s.do(admin, p)
	}
}

// produced makes the card of resident n, to be handed over at a place.
func (s *room) produced(n int, place string) ktp.ChipUID {
	s.Helper()
	s.queued(n)
	chip := s.upTo(s.next(line1), jobs.Eject)
	if place != "" {
		s.do(admin, Redirect{Application: appID(n), Place: place, Because: Because{Reason: "wish"}})
	}
	return chip
}

// sent packs cards at the actor's place and sends them.
func (s *room) sent(a Actor, kind ConsignmentKind, to string, chips ...ktp.ChipUID) string {
	s.Helper()
	id := s.do(a, OpenConsignment{kind, to}).Answer
	for _, c := range chips {
		s.do(a, Pack{id, c})
	}
	s.do(a, SealConsignment{id, "SEGEL-1"})
	s.do(a, ShipConsignment{id})
	return id
}

// delivered makes a card and brings it to Sepauk.
func (s *room) delivered(n int) ktp.ChipUID {
	s.Helper()
	chip := s.produced(n, "kec.sepauk")
	id := s.sent(admin, ConsignmentOut, "kec.sepauk", chip)
	if res := s.do(sepauk, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}}); res.Answer != AnswerComplete {
		s.Errorf("received %+v", res)
	}
	s.state(n, Delivered)
	return chip
}

// From the print room to the holder by way of a kecamatan: seven people, none of whom could do it alone.
func TestCardGoesToItsKecamatan(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.delivered(1)
		s.refused(kec, shown(appID(1), chip), "registry.not_allowed") // at the Dinas
		s.do(sepauk, shown(appID(1), chip))
		s.refused(officer, HandOver{Application: appID(1), Chip: chip}, "registry.not_allowed")
		s.do(desk, HandOver{Application: appID(1), Chip: chip})
		s.state(1, HandedOver)
		var words []string
		reports, err := s.r.Outbox(bg, 100)
		s.must(err)
		for _, r := range reports {
			words = append(words, fmt.Sprint(r.Word, " ", r.State))
		}
		if !slices.Equal(words, []string{
			"PRINT_READY_RECORD print ready", "PRINT_READY_RECORD approved", "SENT_FOR_CARD_PRINTING queued", "SENT_FOR_CARD_PRINTING producing",
			"CARD_PRINTED produced", "CARD_SHIPPED shipped", "CARD_SHIPPED received at the place of delivery", "CARD_SHIPPED matched", "CARD_ISSUED handed over",
		}) {
			t.Errorf("the center was told %v", words)
		}
	})
}

// A card for a kelurahan goes by way of its kecamatan.
func TestCardGoesOnward(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "kel.tanjung")
		id := s.sent(admin, ConsignmentOut, "kec.sepauk", chip)
		s.do(sepauk, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}})
		id = s.sent(sepauk, ConsignmentOnward, "kel.tanjung", chip)
		s.state(1, Shipped)
		s.do(village, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}})
		s.do(village, shown(appID(1), chip))
	})
}

// What may not leave, or not go there, stays: each refusal by its code.
func TestPackingRefuses(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "kec.sepauk")
		dinas := s.produced(2, "")
		held := s.produced(3, "kec.sepauk")
		s.do(boss, HoldCard{held, Because{Reason: "police"}})
		denied := s.produced(4, "kec.sepauk")
		s.do(keeper, DenyBlank{denied, Because{Reason: "stolen"}})
		withdrawn := s.produced(5, "kec.sepauk")
		s.do(center, WithdrawRecord{ID: appID(5), Version: 1, Reason: "died"})
		id := s.do(admin, OpenConsignment{ConsignmentOut, "kec.sepauk"}).Answer
		for name, c := range map[string]struct {
			a    Actor
			op   Operation
			code fault.Code
		}{
			"for the Dinas":            {admin, Pack{id, dinas}, "registry.wrong_state"},
			"held":                     {admin, Pack{id, held}, RecordHeld.Code},
			"denied":                   {admin, Pack{id, denied}, BlankDenied.Code},
			"recalled":                 {admin, Pack{id, withdrawn}, "registry.wrong_state"},
			"unknown card":             {admin, Pack{id, "0000"}, "registry.card_unknown"},
			"unknown consignment":      {admin, Pack{"K", chip}, "registry.consignment_unknown"},
			"by another place":         {sepauk, Pack{id, chip}, "registry.not_allowed"},
			"by who may not":           {officer, Pack{id, chip}, "registry.not_allowed"},
			"empty":                    {admin, SealConsignment{id, "SEGEL-1"}, "registry.wrong_state"},
			"unsealed":                 {admin, ShipConsignment{id}, "registry.wrong_state"},
			"to a kelurahan at once":   {admin, OpenConsignment{ConsignmentOut, "kel.tanjung"}, "registry.bad_operation"},
			"to nowhere":               {admin, OpenConsignment{ConsignmentOut, "kec.x"}, "registry.place_unknown"},
			"matched before it left":   {kec, shown(appID(1), chip), "registry.wrong_state"},
			"a place of a wrong kind":  {admin, SetPlace{ID: "x", Kind: PlaceKelurahan, PlaceName: "X", Parent: Dinas}, "registry.bad_operation"},
			"a place without a parent": {admin, SetPlace{ID: "x", Kind: PlaceKecamatan, PlaceName: "X"}, "registry.bad_operation"},
		} {
			if _, err := s.r.Do(bg, c.a, c.op, s.key()); fault.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		s.do(admin, Pack{id, chip})
		other := s.do(admin, OpenConsignment{ConsignmentOut, "kec.sepauk"}).Answer
		s.refused(admin, Pack{other, chip}, "registry.wrong_state") // it is in one already
		s.refused(admin, CancelConsignment{id}, "registry.wrong_state")
		s.do(admin, CancelConsignment{other})
		s.do(admin, SealConsignment{id, "SEGEL-1"})
		s.refused(admin, Pack{id, chip}, "registry.wrong_state")
		// What is withdrawn after it was packed keeps the bag here until it is taken out.
		s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"})
		s.refused(admin, ShipConsignment{id}, "registry.wrong_state")
		s.do(admin, UnsealConsignment{id})
		s.do(admin, Unpack{id, chip, Because{Reason: "withdrawn"}})
		s.do(admin, CancelConsignment{id})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "recalled"}, Second: boss})
		s.state(1, Withdrawn)
	})
}

// A bag with a card missing, a card too many and another seal: three findings, each by name; nothing
// of it is handed over until it is looked into.
func TestVarianceIsNamed(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		there, missing, extra := s.produced(1, "kec.sepauk"), s.produced(2, "kec.sepauk"), s.produced(3, "kec.serawai")
		id := s.sent(admin, ConsignmentOut, "kec.sepauk", there, missing)
		const foreign ktp.ChipUID = "0000FFFFFFFFFFFFFFFF"
		s.refused(sepauk, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{there, there}}, "registry.bad_operation")
		res := s.do(sepauk, ReceiveConsignment{id, "SEGEL-2", []ktp.ChipUID{there, extra, foreign}})
		if res.Answer != AnswerVariance {
			t.Errorf("%+v", res)
		}
		list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
		s.must(err)
		kinds := map[string]Investigation{}
		for _, i := range list {
			kinds[i.Kind+string(i.Chip)] = i
		}
		for _, want := range []string{InvestigateMissing + string(missing), InvestigateExtra + string(extra), InvestigateExtra + string(foreign), InvestigateSeal} {
			if _, found := kinds[want]; !found {
				t.Errorf("%s is not looked into; there are %v", want, kinds)
			}
		}
		if len(list) != 4 {
			t.Errorf("%d investigations", len(list))
		}
		s.state(1, Delivered)
		s.state(2, Shipped)
		s.refused(sepauk, ReceiveConsignment{id, "SEGEL-1", nil}, "registry.wrong_state")

		s.refused(boss, CloseInvestigation{kinds[InvestigateMissing+string(missing)].ID, OutcomeExplained, boss2}, "registry.bad_operation")
		s.do(admin, CloseInvestigation{kinds[InvestigateMissing+string(missing)].ID, OutcomeLost, boss})
		s.state(2, Returned)
		s.do(admin, CloseInvestigation{kinds[InvestigateExtra+string(extra)].ID, OutcomeFound, boss})
		s.do(admin, CloseInvestigation{kinds[InvestigateExtra+string(foreign)].ID, OutcomeExplained, boss})
		s.refused(admin, CloseInvestigation{kinds[InvestigateExtra+string(foreign)].ID, OutcomeExplained, boss}, "registry.wrong_state")
		s.do(admin, Remake{appID(2), Because{Reason: "lost"}, boss2})
		s.state(2, Queued)
	})
}

// A bag is received whatever somebody typed as its seal; what reads like a NIK stands in no event.
func TestSealLikeNIKIsNotWritten(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "kec.sepauk")
		bag := s.do(admin, OpenConsignment{ConsignmentOut, "kec.sepauk"}).Answer
		s.do(admin, Pack{bag, chip})
		s.refused(admin, SealConsignment{bag, "SEGEL-6105014107900001"}, badOperation.Code)
		s.do(admin, SealConsignment{bag, "SEGEL-1"})
		s.do(admin, ShipConsignment{bag})
		if res := s.do(sepauk, ReceiveConsignment{bag, "SEGEL-6105014107900001", []ktp.ChipUID{chip}}); res.Answer != AnswerVariance {
			t.Errorf("%+v", res)
		}
		list, err := s.r.Events(bg, 0, 100, audit.Filter{Code: "consignment.receive"})
		s.must(err)
		if len(list) != 1 || list[0].Detail["seal"] != "differs" || list[0].Detail["seal_found"] != "" {
			t.Errorf("%+v", list)
		}
	})
}

// A lost bag ends every chip in it in one act; each of its people gets another card.
func TestLostConsignment(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		one, two := s.produced(1, "kec.sepauk"), s.produced(2, "kec.sepauk")
		id := s.sent(admin, ConsignmentOut, "kec.sepauk", one, two)
		s.refused(admin, LoseConsignment{Consignment: id, Because: Because{Reason: "flood"}}, "registry.second_person_missing")
		s.do(admin, LoseConsignment{id, Because{Reason: "flood"}, boss})
		for n, chip := range map[int]ktp.ChipUID{1: one, 2: two} {
			s.state(n, Returned)
			if c := s.app(n).Cards[0]; c.Chip != chip || c.State != CardRetired {
				t.Errorf("card %+v", c)
			}
		}
		if s.held("lost") != 2 {
			t.Errorf("%d blanks are lost", s.held("lost"))
		}
		s.do(admin, Remake{appID(1), Because{Reason: "lost"}, boss2})
		s.do(admin, CloseReturned{appID(2), Because{Reason: "moved"}, boss})
		chain, err := s.r.Chain(bg, appID(1))
		s.must(err)
		if len(chain) != 1 || chain[0].Chip != one || chain[0].Cause != "flood" {
			t.Errorf("chain %+v", chain)
		}
	})
}

// Four tries in a visit, then a supervisor's exception; each stands in the log with its score.
func TestFourTriesThenAnException(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		for range mostTries {
			s.do(kec, stranger(appID(1), chip))
		}
		s.refused(kec, shown(appID(1), chip), "registry.match_exhausted")
		s.refused(kec, ExceptMatch{Application: appID(1), Chip: chip, Second: boss}, "registry.bad_operation")
		s.do(kec, ExceptMatch{Application: appID(1), Chip: chip, Because: Because{Reason: "worn_fingers"}, Second: boss})
		s.state(1, Matched)
		tries, err := s.r.MatchTries(bg, appID(1))
		s.must(err)
		if len(tries) != 5 || tries[4].Result != TryException || tries[0].Result != TryNoMatch {
			t.Errorf("tries %+v", tries)
		}
	})
}

// The next visit has its own four tries.
func TestTriesAreCountedPerVisit(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		for range mostTries {
			s.do(kec, stranger(appID(1), chip))
		}
		s.db.Clock.Advance(visit + time.Second)
		s.do(kec, shown(appID(1), chip))
		s.state(1, Matched)
	})
}

// A card is tried twelve times in thirty days at most, however many visits that takes: nobody climbs to a match.
func TestTriesOfACardAreBounded(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		for n := range mostVisits {
			if res := s.do(kec, stranger(appID(1), chip)); res.Tried.Left != min(mostTries-1-n%mostTries, mostVisits-1-n) || res.Tried.Score != 0 || res.Tried.Threshold != 0 {
				t.Errorf("try %d: %+v", n, res.Tried)
			}
			if n%mostTries == mostTries-1 {
				s.db.Clock.Advance(visit + time.Second)
			}
		}
		s.refused(kec, shown(appID(1), chip), "registry.match_spent")
		s.db.Clock.Advance(tried)
		s.do(kec, shown(appID(1), chip))
	})
}

// A card is handed over on the day of its BERHASIL; later the holder is compared once more, and not before.
func TestMatchAges(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(kec, shown(appID(1), chip))
		s.refused(kec, shown(appID(1), chip), "registry.wrong_state")
		s.db.Clock.Advance(24 * time.Hour)
		s.refused(officer, HandOver{Application: appID(1), Chip: chip}, "registry.match_old")
		s.refused(officer, HandOverAlone{Application: appID(1), Chip: chip, Because: Because{Reason: "alone_on_duty"}, Second: boss}, "registry.match_old")
		if res := s.do(kec, stranger(appID(1), chip)); res.Answer != TryNoMatch {
			t.Errorf("%+v", res)
		}
		s.refused(officer, HandOver{Application: appID(1), Chip: chip}, "registry.match_old")
		if res := s.do(kec, shown(appID(1), chip)); res.State != Matched {
			t.Errorf("%+v", res)
		}
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
	})
}

// A configuration lets it be older.
func TestMatchAgesAsConfigured(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.r.cfg.MatchValid = 48 * time.Hour
		chip := s.produced(1, "")
		s.do(kec, ExceptMatch{Application: appID(1), Chip: chip, Because: Because{Reason: "worn_fingers"}, Second: boss})
		s.db.Clock.Advance(47 * time.Hour)
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
	})
}

// That a chip is not what the register made is a suspicion: it changes nothing and uses up no try, however often
// it is said, until two persons set the card apart.
func TestCounterfeitIsSetApart(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		for range mostTries + 1 {
			if res := s.do(kec, VerifyHolder{Application: appID(1), Chip: chip, NotGenuine: true}); res.Answer != TryNotGenuine || res.State != Produced {
				t.Errorf("%+v", res)
			}
		}
		if c, err := s.r.CardByChip(bg, chip); err != nil || c.Held != "" {
			t.Errorf("one person said so, and the card is %+v, %v", c, err)
		}
		s.do(kec, stranger(appID(1), chip)) // the tries are all left
		s.refused(kec, SetApart{Chip: chip, Because: Because{Reason: "face_differs"}}, "registry.second_person_missing")
		s.refused(kec, SetApart{Chip: chip, Because: Because{Reason: "face_differs"}, Second: kec}, "registry.same_person")
		s.refused(kec, SetApart{Chip: chip, Second: boss}, "registry.bad_operation")
		s.do(kec, SetApart{Chip: chip, Because: Because{Reason: "face_differs"}, Second: boss})
		s.refused(kec, SetApart{Chip: chip, Because: Because{Reason: "face_differs"}, Second: boss}, RecordHeld.Code)
		if list, err := s.r.Investigations(bg, InvestigationFilter{Limit: 10}); err != nil || len(list) != 1 || list[0].Kind != InvestigateCounterfeit {
			t.Errorf("%+v, %v", list, err)
		}
		s.refused(kec, shown(appID(1), chip), RecordHeld.Code)
		s.refused(boss, FreeCard{chip}, "registry.wrong_state") // a finding is lifted by two
	})
}

// Who matched may not hand over; where nobody else is there, a supervisor agrees and it is counted.
func TestOnePersonAtTheCounter(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		both := Actor{ID: "both-1", Roles: []access.Role{access.KecamatanOperator, access.ServiceOfficer}}
		chip := s.produced(1, "")
		s.do(both, shown(appID(1), chip))
		s.refused(both, HandOver{Application: appID(1), Chip: chip}, "registry.same_person")
		s.refused(both, HandOverAlone{Application: appID(1), Chip: chip, Second: boss}, "registry.bad_operation")
		s.do(both, HandOverAlone{Application: appID(1), Chip: chip, Because: Because{Reason: "alone_on_duty"}, Second: boss})
		list, err := s.r.HandoverExceptions(bg, Period{}, Seen{}, 10)
		s.must(err)
		if len(list) != 1 || list[0].Actor != both.ID || list[0].Second != boss.ID || list[0].Exception != "alone_on_duty" || !list[0].Matched {
			t.Errorf("exceptions %+v", list)
		}
	})
}

// To a proxy: by exception, marked until the holder comes.
func TestProxy(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		proxy := Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}
		s.refused(officer, HandOverToProxy{Application: appID(1), Chip: chip, Proxy: Proxy{NIK: "1", Name: "A", Letter: "B"}, Because: Because{Reason: "ill"}, Second: boss}, "registry.bad_operation")
		s.refused(officer, HandOverToProxy{Application: appID(1), Chip: chip, Proxy: proxy, Because: Because{Reason: "ill"}, Second: officer}, "registry.same_person")
		s.refused(officer, HandOverToProxy{Application: appID(1), Chip: chip, Proxy: proxy, Because: Because{Reason: "ill"}, Second: keeper}, "registry.not_allowed")
		s.do(officer, HandOverToProxy{Application: appID(1), Chip: chip, Proxy: proxy, Because: Because{Reason: "ill"}, Second: boss})
		s.state(1, HandedOver)
		told, err := s.r.HandoverExceptions(bg, Period{}, Seen{}, 10)
		s.must(err)
		if len(told) != 1 || told[0].Application != appID(1) || told[0].Actor != officer.ID || told[0].Second != boss.ID || told[0].Matched {
			t.Errorf("exceptions %+v", told)
		}
		before, err := s.r.HandoverExceptions(bg, Period{Until: told[0].At}, Seen{}, 10)
		s.must(err)
		since, err := s.r.HandoverExceptions(bg, Period{Since: told[0].At, Until: told[0].At.Add(time.Second)}, Seen{}, 10)
		s.must(err)
		if len(before) != 0 || len(since) != 1 {
			t.Errorf("before it %+v, since then %+v", before, since)
		}
		month, err := s.r.Report(bg, ReportFilter{Month: s.db.Clock.Now().Format("2006-01")})
		s.must(err)
		if !slices.Contains(month.Exceptions, ExceptionCount{officer.ID, exceptionHandover, "ill", 1}) {
			t.Errorf("of the officers: %+v", month.Exceptions)
		}
		h, found, err := s.r.HandoverOf(bg, appID(1))
		s.must(err)
		if !found || h.Matched || h.Proxy != proxy {
			t.Errorf("hand-over %+v", h)
		}
		if res := s.do(kec, strangerLater(chip)); res.Answer != TryNoMatch {
			t.Errorf("%+v", res)
		}
		s.do(kec, shownLater(chip))
		s.refused(kec, shownLater(chip), "registry.wrong_state")
		for _, e := range s.codes(audit.Filter{Application: string(appID(1))}) {
			if strings.Contains(e, "WAKIL") {
				t.Error("the log names the proxy")
			}
		}
	})
}

// The holder of a card that a proxy took comes to any counter; a card that is held or denied is not
// matched there, and one that is no card of ours is set apart.
func TestHolderComesLater(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		proxy := Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}
		given := func(n int) ktp.ChipUID {
			chip := s.produced(n, "")
			s.do(officer, HandOverToProxy{Application: appID(n), Chip: chip, Proxy: proxy, Because: Because{Reason: "ill"}, Second: boss})
			return chip
		}
		held, denied, copied := given(1), given(2), given(3)
		s.do(boss, HoldCard{held, Because{Reason: "court"}})
		s.refused(kec, shownLater(held), RecordHeld.Code)
		s.do(boss, FreeCard{held})
		s.do(sepauk, shownLater(held))
		s.do(boss, DenyBlank{denied, Because{Reason: "stolen"}})
		s.refused(kec, shownLater(denied), BlankDenied.Code)
		if res := s.do(kec, MatchLater{Chip: copied, NotGenuine: true}); res.Answer != TryNotGenuine {
			t.Errorf("%+v", res)
		}
		s.do(kec, SetApart{Chip: copied, Because: Because{Reason: "not_genuine"}, Second: boss})
		s.refused(kec, shownLater(copied), RecordHeld.Code)
		for n, matched := range map[int]bool{1: true, 2: false, 3: false} {
			if h, _, err := s.r.HandoverOf(bg, appID(n)); err != nil || h.Matched != matched {
				t.Errorf("%d: %+v, %v", n, h, err)
			}
		}
	})
}

// Nobody of the station is at the Directorate General: who did not send the bag enters its acknowledgement.
func TestAcknowledgedFromOutside(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "")
		s.do(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
		id := s.sent(admin, ConsignmentDirectorate, "ditjen", chip)
		s.refused(admin, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}}, "registry.same_person")
		s.refused(sepauk, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}}, "registry.not_allowed")
		other := Actor{ID: "admin-2", Roles: admin.Roles}
		if res := s.do(other, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}}); res.Answer != AnswerComplete || s.held("elsewhere") != 1 {
			t.Errorf("%+v, %d elsewhere", res, s.held("elsewhere"))
		}
	})
}

// national takes the national rules into use, by which cards are destroyed here.
func (s *room) national() {
	s.Helper()
	s.do(admin, UseStandard{Content: standard.File("national-2018"), Second: boss})
}

// Where a list goes and who must see its end is said by the standard that was in force when it was opened, not by who
// opens it.
func TestDestructionIsByTheStandard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(keeper, ReceiveRoll{Serial: "R-1", Kind: "ribbon", Product: "YMCKO", Panels: 500})
		s.do(keeper, FitRoll{Serial: "R-1", Line: line1, Second: admin})
		s.do(keeper, RemoveRoll{Serial: "R-1", Seal: "SEGEL-1", Left: 500, Second: admin})
		away := s.do(keeper, OpenDestruction{}).Answer
		s.national()
		here := s.do(keeper, OpenDestruction{}).Answer
		for id, want := range map[string]Destruction{
			away: {Policy: ReturnToCenter, Standard: "sintang/1"}, here: {Policy: DestroyLocally, Standard: "national-2018/1", LeastWitnesses: 2},
		} {
			d, _, err := s.r.Destruction(bg, id)
			s.must(err)
			if d.Policy != want.Policy || d.Standard != want.Standard || d.LeastWitnesses != want.LeastWitnesses {
				t.Errorf("%s: %s by %s with %d witnesses", id, d.Policy, d.Standard, d.LeastWitnesses)
			}
		}
		s.do(keeper, AddToDestruction{Destruction: here, Item: "R-1"})
		s.do(keeper, CountIn{here, 1})
		end := DestroyAll{here, 1, []Witness{{"SAKSI", "LURAH"}}, []string{strings.Repeat("a", 64)}, boss}
		s.refused(admin, end, "registry.bad_operation")
		s.refused(admin, SendDestruction{Destruction: here, Count: 1, Second: boss}, "registry.wrong_state")
		end.Witnesses = append(end.Witnesses, Witness{"SAKSI LAIN", "CAMAT"})
		s.do(admin, end)
	})
}

// A mismatch comes back, is retired and destroyed here: counted in by one, destroyed by others.
func TestReturnedAndDestroyedHere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		s.national()
		chip := s.delivered(1)
		s.refused(desk, ReturnCard{appID(1), chip, Because{Reason: "ugly"}}, "registry.bad_operation")
		s.do(desk, ReturnCard{appID(1), chip, Because{Reason: "mismatch"}})
		s.refused(admin, Remake{appID(1), Because{Reason: "mismatch"}, boss2}, "registry.wrong_state") // not retired
		back := s.sent(sepauk, ConsignmentBack, Dinas, chip)
		s.do(admin, ReceiveConsignment{back, "SEGEL-1", []ktp.ChipUID{chip}})
		list := s.do(keeper, OpenDestruction{}).Answer
		s.refused(keeper, AddToDestruction{list, string(chip), ""}, "registry.wrong_state") // not retired
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "mismatch"}, Second: boss})
		s.do(keeper, AddToDestruction{list, string(chip), ""})
		s.refused(keeper, AddToDestruction{list, string(chip), ""}, "registry.wrong_state")
		paper := s.do(officer, SurrenderForeign{Kind: "paper_ktp", Detail: "KTP LAMA"}).Answer
		s.do(keeper, AddToDestruction{list, paper, ""})
		s.refused(keeper, CountIn{list, 3}, "registry.count_differs")
		s.do(keeper, CountIn{list, 2})
		picture, witness := strings.Repeat("a", 64), []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}
		for code, op := range map[fault.Code]DestroyAll{
			"registry.bad_operation": {Destruction: list, Count: 2, Pictures: []string{picture}, Second: boss},
			"registry.proof_missing": {Destruction: list, Count: 2, Witnesses: witness, Second: boss},
			"registry.count_differs": {Destruction: list, Count: 1, Witnesses: witness, Pictures: []string{picture}, Second: boss},
		} {
			s.refused(admin, op, code)
		}
		done := DestroyAll{list, 2, witness, []string{picture}, boss}
		s.refused(keeper, done, "registry.same_person") // counted it in
		s.do(admin, done)
		if c := s.app(1).Cards[0]; c.State != CardDestroyed {
			t.Errorf("card %+v", c)
		}
		if s.held(string(stock.Destroyed)) != 1 {
			t.Errorf("%d blanks destroyed", s.held(string(stock.Destroyed)))
		}
		foreign, err := s.r.ForeignCards(bg, ForeignFilter{Limit: 10})
		s.must(err)
		if len(foreign) != 1 || foreign[0].State != "destroyed" {
			t.Errorf("foreign %+v", foreign)
		}
	})
}

// The seed's way: faulty cards go to the Directorate General, which acknowledges them to somebody who did not send them.
func TestReturnedToTheDirectorate(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Picture: strings.Repeat("b", 64), Second: boss})
		list := s.do(keeper, OpenDestruction{}).Answer
		s.do(keeper, AddToDestruction{list, string(chip), ""})
		s.do(keeper, CountIn{list, 1})
		s.refused(admin, DestroyAll{list, 1, []Witness{{"A", "B"}}, []string{strings.Repeat("a", 64)}, boss}, "registry.wrong_state")
		for _, seal := range []string{"no seal", "SEGEL-6105014107900001"} {
			s.refused(admin, SendDestruction{Destruction: list, Count: 1, Seal: seal, Second: boss}, "registry.bad_operation")
		}
		s.do(admin, SendDestruction{Destruction: list, Count: 1, Seal: "SEGEL-7", Second: boss})
		second := Actor{ID: boss.ID, Roles: []access.Role{access.Supervisor, access.StockKeeper}}
		s.refused(admin, AcknowledgeDestruction{list, "474.4/1/2026"}, samePerson.Code)
		s.refused(second, AcknowledgeDestruction{list, "474.4/1/2026"}, samePerson.Code)
		for _, noLetter := range []string{"", "474.4 / 1", "6105014107900001", strings.Repeat("4", 81)} {
			s.refused(keeper, AcknowledgeDestruction{list, noLetter}, badOperation.Code)
		}
		s.do(keeper, AcknowledgeDestruction{list, "474.4/1/2026"})
		d, items, err := s.r.Destruction(bg, list)
		s.must(err)
		m, err := s.r.Report(bg, ReportFilter{Month: s.db.Clock.Now().Format("2006-01")})
		s.must(err)
		if slices.ContainsFunc(m.Counts, func(c ReportCount) bool { return c.Table == ReportCauses }) {
			t.Errorf("a standard that counts no causes: %+v", m.Counts)
		}
		s.national()
		m, err = s.r.Report(bg, ReportFilter{Month: s.db.Clock.Now().Format("2006-01")})
		s.must(err)
		if !slices.ContainsFunc(m.Counts, func(c ReportCount) bool { return c.Table == ReportCauses && c.Item == "rusak" && c.Count == 1 }) {
			t.Errorf("%+v", m.Counts)
		}
		if d.State != DestructionAcknowledged || len(items) != 1 || items[0].Application != appID(1) || items[0].Cause != "damaged" || s.held("elsewhere") != 1 {
			t.Errorf("%+v %+v", d, items)
		}
	})
}

// The cards of a place are looked for among so many others for a page, and behind them on the next.
func TestWaitingCardsOfAPlaceAreLookedForByPages(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		s.produced(1, "kec.sepauk")
		s.amend(func(a *act) error {
			mine, err := a.application(appID(1))
			if err != nil {
				return err
			}
			for n := range mostLooked { // all older, and handed over at the Dinas
				other := mine
				other.ID, other.Since, other.person = ApplicationID(fmt.Sprintf("other-%04d", n)), mine.Since.Add(-time.Hour), fmt.Appendf(nil, "person %026d", n)
				if err := other.save(a.tx); err != nil {
					return err
				}
			}
			return nil
		})
		f := WaitingFilter{Before: s.db.Clock.Now().Add(time.Hour), Place: "kec.sepauk", Limit: 10}
		list, next, err := s.r.WaitingCards(bg, f)
		if s.must(err); len(list) != 0 || next == (Seen{}) {
			t.Errorf("first page: %+v, next %+v", list, next)
		}
		f.After = next
		if list, next, err = s.r.WaitingCards(bg, f); err != nil || len(list) != 1 || list[0].Application != appID(1) || next != (Seen{}) {
			t.Errorf("second page: %+v, next %+v, %v", list, next, err)
		}
		f.After, f.Place = Seen{}, Dinas
		if list, next, err = s.r.WaitingCards(bg, f); err != nil || len(list) != 10 || next.ID != string(list[9].Application) {
			t.Errorf("of the Dinas: %d, next %+v, %v", len(list), next, err)
		}
		s.amend(func(a *act) error { // no event tells of them
			_, err := a.tx.Exec(`delete from application where id between 'other-0000' and 'other-9999'`)
			return err
		})
	})
}

// Nobody came: reminded, called back, retired, closed.
func TestUncollected(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.delivered(1)
		s.refused(sepauk, LeaveUncollected{appID(1)}, "registry.wrong_state")
		s.db.Clock.Advance(uncollectedAfter)
		waiting, _, err := s.r.WaitingCards(bg, WaitingFilter{Before: s.db.Clock.Now(), Limit: 10})
		s.must(err)
		if len(waiting) != 1 || waiting[0].Place != "kec.sepauk" {
			t.Errorf("waiting %+v", waiting)
		}
		s.produced(2, "")
		for place, want := range map[string]ApplicationID{"kec.sepauk": appID(1), Dinas: appID(2), "": appID(1)} {
			found, _, err := s.r.WaitingCards(bg, WaitingFilter{Before: s.db.Clock.Now().Add(time.Hour), Place: place, Limit: 1})
			s.must(err)
			if len(found) > 1 || (len(found) == 1) != (want != "") || want != "" && found[0].Application != want {
				t.Errorf("waiting at %q: %+v, want %s", place, found, want)
			}
		}
		_, _, err = s.r.WaitingCards(bg, WaitingFilter{Before: s.db.Clock.Now(), Place: "nowhere", Limit: 1})
		s.wants(err, placeUnknown.Code)
		s.do(sepauk, LeaveUncollected{appID(1)})
		s.refused(sepauk, Remind{appID(1), "shouting"}, "registry.bad_operation")
		s.do(sepauk, Remind{appID(1), "telephone"})
		s.db.Clock.Advance(time.Hour)
		s.do(sepauk, Remind{appID(1), "letter"})
		left, err := s.r.UncollectedCards(bg, UncollectedFilter{Limit: 10})
		s.must(err)
		if len(left) != 1 || left[0].Reminders != 2 || !left[0].Reminded.Equal(s.db.Clock.Now()) {
			t.Errorf("%+v", left)
		}
		s.do(admin, RecallUncollected{appID(1), Because{Reason: "uncollected"}, boss})
		back := s.sent(sepauk, ConsignmentBack, Dinas, chip)
		s.do(admin, ReceiveConsignment{back, "SEGEL-1", []ktp.ChipUID{chip}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "uncollected"}, Second: boss})
		s.state(1, Closed)
	})
}

// Nobody is told to come for a card that is not there to be fetched, or by those of another place.
func TestReminderIsOfACardThatIsThere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		remind := func(n int) Remind { return Remind{appID(n), "telephone"} }
		s.produced(1, "kec.sepauk")
		s.delivered(2)
		held := s.produced(3, "")
		s.do(boss, HoldCard{held, Because{Reason: "police"}})
		s.refuses([]refusal{
			{"before its consignment", admin, remind(1), wrongState.Code},
			{"by those of another place", admin, remind(2), notAllowed.Code},
			{"held", admin, remind(3), RecordHeld.Code},
		})
		s.do(sepauk, remind(2))
		s.do(boss, FreeCard{held})
		s.do(admin, remind(3))
	})
}

// The reminders of a card that was returned do not count for the one that was made after it; the last one is that of the
// newest event, however many there are.
func TestRemindersOfTheCardThatWaits(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		reminded := func() (int, time.Time) {
			s.db.Clock.Advance(uncollectedAfter)
			s.do(admin, LeaveUncollected{appID(1)})
			left, err := s.r.UncollectedCards(bg, UncollectedFilter{Limit: 10})
			s.must(err)
			if len(left) != 1 {
				s.Fatalf("uncollected: %+v", left)
			}
			return left[0].Reminders, left[0].Reminded
		}
		chip := s.produced(1, "")
		s.do(admin, Remind{appID(1), "telephone"})
		s.do(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Picture: strings.Repeat("b", 64), Second: boss})
		s.remade()
		s.upTo(s.next(line1), jobs.Eject)
		if n, last := reminded(); n != 0 || !last.IsZero() {
			t.Errorf("of a new card: %d, the last at %s", n, last)
		}
		for range mostReminders + 1 {
			s.db.Clock.Advance(time.Minute)
			s.do(admin, Remind{appID(1), "letter"})
		}
		left, err := s.r.UncollectedCards(bg, UncollectedFilter{Limit: 10})
		s.must(err)
		if at := s.db.Clock.Now(); len(left) != 1 || left[0].Reminders != mostReminders || !left[0].Reminded.Equal(at) {
			t.Errorf("want the last at %s: %+v", at, left)
		}
	})
}

// A holder who comes after all gets the card.
func TestUncollectedButFetched(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.db.Clock.Advance(uncollectedAfter)
		s.do(admin, LeaveUncollected{appID(1)})
		s.do(kec, shown(appID(1), chip))
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
	})
}

// A card in force ends by report of loss; a held one is stopped at the next act.
func TestEndHoldAndFree(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.refused(officer, EndCard{Chip: chip, Because: Because{Reason: "lost"}, Second: boss}, "registry.wrong_state")
		s.do(boss, HoldCard{chip, Because{Reason: "court"}})
		s.refused(kec, shown(appID(1), chip), RecordHeld.Code)
		s.do(boss, FreeCard{chip})
		s.do(kec, shown(appID(1), chip))
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
		s.refused(officer, EndCard{Chip: chip, Because: Because{Reason: "bored"}, Second: boss}, "registry.bad_operation")
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "damaged"}, AtHand: true, Second: boss})
		if c := s.app(1).Cards[0]; c.State != CardRetired || s.held("returned") != 1 {
			t.Errorf("%+v", c)
		}
	})
}

// What each change does to a card in force, and that it is told once.
func TestChangesAfterTheHandOver(t *testing.T) {
	t.Parallel()
	for _, change := range append(slices.Clone(Changes), "something_else") {
		t.Run(string(change), func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				chip := s.produced(1, "")
				s.do(kec, shown(appID(1), chip))
				s.do(officer, HandOver{Application: appID(1), Chip: chip})
				want, known := inForce[change]
				if !known {
					want = inForce[ChangeWithdrawn]
				}
				for range 2 {
					res := s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: string(change)})
					if res.Answer != want.Answer || res.State != HandedOver {
						t.Errorf("%+v, want %s", res, want.Answer)
					}
				}
				if c := s.app(1).Cards[0]; (c.State == CardRetired) != want.Retire {
					t.Errorf("card %s", c.State)
				}
				open, err := s.r.Investigations(bg, InvestigationFilter{Limit: 10})
				s.must(err)
				if (len(open) == 1) != want.LookInto {
					t.Errorf("%d investigations", len(open))
				}
			})
		})
	}
}

// No dead ends: from every state of an application some way leads to an end.
func TestEveryApplicationCanEnd(t *testing.T) {
	t.Parallel()
	ends := map[State]bool{}
	for _, s := range Applications.Final {
		ends[s] = true
	}
	for grew := true; grew; {
		grew = false
		for _, row := range Applications.Rows {
			if ends[row.To] && !ends[row.From] {
				ends[row.From], grew = true, true
			}
		}
	}
	for _, s := range Applications.States() {
		if !ends[s] {
			t.Errorf("nothing leads from %q to an end", s)
		}
	}
}

// A request that is taken back after its card came back and was retired has no card to call back: it
// ends at once.
func TestWithdrawnAfterItsCardWasRetired(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
		s.state(1, Returned)
		if res := s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"}); res.Answer != AnswerDone || res.State != Withdrawn {
			t.Errorf("%+v", res)
		}
		s.sound()
	})
}

// Who had a card gives it up: an old paper one, or one that another office made. Without it nothing is handed over,
// but for a reason that a second person agrees to.
func TestOldCardIsGivenUp(t *testing.T) {
	for _, c := range []struct {
		kind ktp.ApplicationType
		lost bool
	}{{ktp.TypeOldPaper, false}, {ktp.TypeDamaged, false}, {ktp.TypeOldPaper, true}} {
		t.Run(fmt.Sprintf("%s lost %v", c.kind, c.lost), func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				a := townsman(0, whole)
				s.listed(a)
				id := s.do(officer, s.application(c.kind, a)).Application
				s.printReady(id, a)
				s.do(boss, Approve{id})
				s.do(admin, Queue{id})
				chip := s.upTo(s.next(line1), jobs.Eject)
				s.do(kec, shown(id, chip))
				giver := Actor{ID: "officer-2", Roles: officer.Roles}
				for _, old := range []OldCard{"", OldNone, OldSurrendered, OldNotSurrendered} {
					s.refused(giver, HandOver{Application: id, Chip: chip, Old: old}, "registry.old_card_missing")
				}
				want := OldSurrendered
				if c.lost {
					want = OldNotSurrendered
					s.do(giver, HandOverAlone{Application: id, Chip: chip, Old: want, Because: Because{Reason: "old_card_lost"}, Second: boss})
				} else {
					s.do(officer, SurrenderForeign{Kind: "unknown", Application: id})
					s.do(giver, HandOver{Application: id, Chip: chip})
				}
				h, _, err := s.r.HandoverOf(bg, id)
				s.must(err)
				if h.Old != want {
					t.Errorf("the card of before: %s", h.Old)
				}
			})
		})
	}
}
