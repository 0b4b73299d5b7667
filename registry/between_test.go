package registry

import (
	"slices"
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// What may happen to a card between the tray and its holder, and must not make it vanish or slip through.

// placeOf is where the ledger has a chip.
func (s *room) placeOf(chip ktp.ChipUID) (place string) {
	s.Helper()
	s.must(s.store.Read(bg, func(tx *store.Tx) error {
		b, _, err := stock.ByChip(tx, chip)
		place = b.Place.String()
		return err
	}))
	return place
}

// forced makes a card and hands it over at the Dinas.
func (s *room) forced(n int) ktp.ChipUID {
	s.Helper()
	chip := s.produced(n, "")
	s.do(kec, shown(appID(n), chip))
	s.do(officer, HandOver{Application: appID(n), Chip: chip})
	return chip
}

// A chip that came onto the deny list after its card was printed is stopped at the counter too.
func TestDeniedCardIsNotHandedOver(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip, matched := s.produced(1, ""), s.produced(2, "")
		s.do(kec, shown(appID(2), matched))
		s.do(keeper, DenyBlank{chip, Because{Reason: "stolen"}})
		s.do(keeper, ImportDenied{Chips: []ktp.ChipUID{matched}, Because: Because{Reason: "stolen"}})
		s.refused(kec, shown(appID(1), chip), BlankDenied.Code)
		s.refused(kec, ExceptMatch{Application: appID(1), Chip: chip, Because: Because{Reason: "worn_fingers"}, Second: boss}, BlankDenied.Code)
		proxy := Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}
		s.refused(officer, HandOverToProxy{Application: appID(1), Chip: chip, Proxy: proxy, Because: Because{Reason: "ill"}, Second: boss}, BlankDenied.Code)
		s.refused(officer, HandOver{Application: appID(2), Chip: matched}, BlankDenied.Code)
		s.do(officer, ReturnCard{appID(2), matched, Because{Reason: "damaged"}}) // the way out
	})
}

// Lifting a hold moves a card back to the tray only where the finding had set it apart.
func TestLiftedHoldLeavesTheCardWhereItIs(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		holder := s.forced(1)
		s.do(boss, HoldCard{holder, Because{Reason: "court"}})
		s.do(boss, ReleaseQuarantine{holder, boss2})
		there := s.delivered(2)
		s.do(boss, HoldCard{there, Because{Reason: "court"}})
		s.do(boss, ReleaseQuarantine{there, boss2})
		retired := s.produced(3, "")
		s.do(boss, HoldCard{retired, Because{Reason: "court"}})
		s.do(admin, RetireCard{Chip: retired, Because: Because{Reason: "court"}, Second: boss})
		if _, err := s.r.Do(bg, boss, ReleaseQuarantine{retired, boss2}, s.key()); err == nil && s.placeOf(retired) != "returned" {
			t.Errorf("a retired card is at %s", s.placeOf(retired))
		}
		for chip, want := range map[ktp.ChipUID]string{holder: "holder", there: "delivered"} {
			if got := s.placeOf(chip); got != want {
				t.Errorf("the card is at %s, want %s", got, want)
			}
		}
	})
}

// A withdrawal that comes when the card has been retired already ends the application at once.
func TestWithdrawnAfterTheCardIsRetired(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "")
		s.do(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
		lost := s.produced(2, "kec.sepauk")
		s.do(admin, LoseConsignment{s.sent(admin, ConsignmentOut, "kec.sepauk", lost), Because{Reason: "flood"}, boss})
		for n := 1; n <= 2; n++ {
			s.do(center, WithdrawRecord{ID: appID(n), Version: 1, Reason: "died"})
			s.state(n, Withdrawn)
		}
	})
}

// A card in a bag is retired where the bag is opened, or with the bag.
func TestCardInABagIsNotRetired(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "kec.sepauk")
		id := s.sent(admin, ConsignmentOut, "kec.sepauk", chip)
		s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"})
		retire := RetireCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss}
		s.refused(admin, retire, "registry.wrong_state")
		s.do(sepauk, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}})
		s.do(admin, retire)
		s.state(1, Withdrawn)
		if got := s.placeOf(chip); got != "returned" {
			t.Errorf("at %s", got)
		}
	})
}

// One thing waits for one end: what is in a consignment is not put on a list of destruction, and the
// other way about. What was destroyed does not travel.
func TestPackedOrDestroyed(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		retired := func(n int) ktp.ChipUID {
			chip := s.produced(n, "")
			s.do(officer, ReturnCard{appID(n), chip, Because{Reason: "damaged"}})
			s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
			return chip
		}
		packed, listed := retired(1), retired(2)
		bag := s.do(admin, OpenConsignment{ConsignmentDirectorate, "ditjen"}).Answer
		s.national()
		list := s.do(keeper, OpenDestruction{}).Answer
		s.do(admin, Pack{bag, packed})
		s.refused(keeper, AddToDestruction{list, string(packed), ""}, "registry.wrong_state")
		s.do(keeper, AddToDestruction{list, string(listed), ""})
		s.refused(admin, Pack{bag, listed}, "registry.wrong_state")
		s.do(keeper, CountIn{list, 1})
		s.do(admin, DestroyAll{list, 1, []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, []string{strings.Repeat("a", 64)}, boss})
		s.refused(admin, Pack{bag, listed}, "registry.wrong_state")
		s.do(admin, SealConsignment{bag, "SEGEL-1"})
		s.do(admin, ShipConsignment{bag})
	})
}

// A missing card that turns up is where its bag went, and is handed over there.
func TestMissingCardTurnsUp(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip, other := s.produced(1, "kec.sepauk"), s.produced(2, "kec.sepauk")
		id := s.sent(admin, ConsignmentOut, "kec.sepauk", chip, other)
		s.do(sepauk, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{other}})
		list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
		s.must(err)
		s.do(admin, CloseInvestigation{list[0].ID, OutcomeFound, boss})
		s.do(sepauk, shown(appID(1), chip))
		s.do(desk, HandOver{Application: appID(1), Chip: chip})
	})
}

// A card is packed, returned and left uncollected by those who have it.
func TestOnlyWhoHasTheCard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.delivered(1)
		serawai := Actor{ID: "kec-serawai", Roles: sepauk.Roles, Place: "kec.serawai"}
		bag := s.do(serawai, OpenConsignment{ConsignmentBack, Dinas}).Answer
		s.refused(serawai, Pack{bag, chip}, "registry.not_allowed")
		s.refused(serawai, ReturnCard{appID(1), chip, Because{Reason: "damaged"}}, "registry.not_allowed")
		s.db.Clock.Advance(uncollectedAfter)
		s.refused(serawai, LeaveUncollected{appID(1)}, "registry.not_allowed")
		s.do(sepauk, LeaveUncollected{appID(1)})
		// One that waits for its bag is not uncollected: nobody could have fetched it.
		s.produced(2, "kec.sepauk")
		s.db.Clock.Advance(uncollectedAfter)
		s.refused(admin, LeaveUncollected{appID(2)}, "registry.wrong_state")
	})
}

// An old card that its holder did not have, or had lost, is taken in when it turns up.
func TestRetiredCardTurnsUp(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.forced(1)
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "lost"}, Second: boss})
		s.refused(officer, EndCard{Chip: chip, Because: Because{Reason: "lost"}, Second: boss}, "registry.wrong_state")
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "lost"}, AtHand: true, Second: boss})
		s.national()
		list := s.do(keeper, OpenDestruction{}).Answer
		s.do(keeper, AddToDestruction{list, string(chip), ""})
		s.refused(officer, EndCard{Chip: chip, Because: Because{Reason: "lost"}, AtHand: true, Second: boss}, "registry.wrong_state")
	})
}

// Drawing again does not get a person around an application that was drawn and not opened.
func TestDrawingAgainKeepsWhatWasDrawn(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		var ids []ApplicationID
		for n := 1; n <= 20; n++ {
			s.do(center, delivery(record(n, 1)))
			ids = append(ids, appID(n))
		}
		draw := func(ids []ApplicationID) Batch {
			b, err := s.r.Batch(bg, s.do(boss, DrawBatch{Applications: ids}).Answer)
			s.must(err)
			return b
		}
		first := draw(ids)
		for range 3 {
			again := draw(ids)
			for _, id := range first.Sample {
				if !slices.Contains(again.Sample, id) {
					t.Fatalf("%s was drawn, not opened, and is not drawn again", id)
				}
			}
		}
		s.do(boss, OpenSample{first.ID, first.Sample[0]})
		if again := draw(ids[:20]); len(again.Sample) >= len(ids) {
			t.Errorf("all %d are drawn", len(again.Sample))
		}
	})
}

// Who declared an interest of their own does nothing for the card of the application either.
func TestConflictReachesTheCard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(boss, DeclareConflict{appID(1)})
		s.refused(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss}, "registry.same_person")
		s.refused(boss, HoldCard{chip, Because{Reason: "court"}}, "registry.same_person")
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss2})
	})
}

// A wrong count is in the log with who counted: nobody counts up to the right number unseen.
func TestWrongCountsAreLogged(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		o := func() jobs.Order { s.queued(1); return s.next(line1) }()
		chip := s.upTo(o, jobs.ReadBack)
		s.reject(o, chip, "print.face")
		s.national()
		list := s.do(keeper, OpenDestruction{}).Answer
		s.do(keeper, AddToDestruction{list, string(chip), ""})
		for _, n := range []int{3, 2} {
			s.refused(keeper, CountIn{list, n}, "registry.count_differs")
		}
		if got := s.codes(audit.Filter{Code: "destruction.miscounted"}); len(got) != 2 {
			t.Errorf("logged %v", got)
		}
	})
}
