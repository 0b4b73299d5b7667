package registry

import (
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/store"
)

// A card that the register knows to be in force stayed with its holder on one officer's word. It is given up, or two
// persons let it go.
func TestCardInForceIsGivenUp(t *testing.T) {
	for _, old := range []OldCard{OldSurrendered, OldNotSurrendered} {
		t.Run(string(old), func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				before := s.produced(1, "")
				s.do(kec, shown(appID(1), before))
				s.do(officer, HandOver{Application: appID(1), Chip: before})
				s.db.Clock.Advance(time.Hour)
				chip := s.madeOf(2, again1(2))
				s.do(kec, shown(appID(2), chip))
				s.refused(officer, HandOver{Application: appID(2), Chip: chip, Old: OldNotSurrendered}, oldCardMissing.Code)
				s.cardIs(before, CardInForce, "")
				places := map[string]int{"returned": 1, "holder": 1}
				if old == OldSurrendered {
					s.do(officer, HandOver{Application: appID(2), Chip: chip, Old: old})
				} else {
					places = map[string]int{"returned": 0, "holder": 2}
					s.do(officer, HandOverAlone{Application: appID(2), Chip: chip, Old: old, Because: Because{Reason: "old_card_lost"}, Second: boss})
				}
				s.cardIs(before, CardRetired, "replaced")
				s.cardIs(chip, CardInForce, "")
				s.blanks(places)
				h, _, err := s.r.HandoverOf(bg, appID(2))
				s.must(err)
				if h.Old != old || (h.Exception == "old_card_lost") != (old == OldNotSurrendered) {
					t.Errorf("%+v", h)
				}
			})
		})
	}
}

// A card that was handed over on an exception from the 1:1 waits for its holder as one that a proxy took, also where the
// holder had matched on a day before; the report counts it for who asked for it, by its reason.
func TestHandedOverOnAnException(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		except := func(n int, chip ktp.ChipUID) {
			s.do(kec, ExceptMatch{Application: appID(n), Chip: chip, Because: Because{Reason: "worn_fingers"}, Second: boss})
			s.do(officer, HandOver{Application: appID(n), Chip: chip})
		}
		plain, lapsed := s.produced(1, ""), s.produced(2, "")
		except(1, plain)
		s.do(kec, shown(appID(2), lapsed))
		s.db.Clock.Advance(24 * time.Hour)
		except(2, lapsed)

		list, err := s.r.HandoverExceptions(bg, Period{}, Seen{}, 10)
		if err != nil || len(list) != 2 || list[0].Application != appID(1) || list[0].Matched || list[1].Matched || list[1].Exception != "" {
			t.Errorf("exceptions %+v, %v", list, err)
		}
		tries, err := s.r.MatchTries(bg, appID(1))
		if err != nil || len(tries) != 1 || tries[0].Cause != "worn_fingers" {
			t.Errorf("%+v, %v", tries, err)
		}
		m, err := s.r.Report(bg, ReportFilter{Month: s.db.Clock.Now().Format("2006-01")})
		if err != nil || !slices.Contains(m.Exceptions, ExceptionCount{kec.ID, exceptionMatch, "worn_fingers", 2}) || len(m.Exceptions) != 1 {
			t.Errorf("%+v, %v", m.Exceptions, err)
		}

		s.do(kec, shownLater(plain))
		s.refused(kec, shownLater(plain), "registry.wrong_state")
		if h, _, err := s.r.HandoverOf(bg, appID(1)); err != nil || !h.Matched {
			t.Errorf("%+v, %v", h, err)
		}
	})
}

// Older programs wrote a hand-over on an exception from the 1:1 down as matched: the migration corrects those, and no
// other.
func TestHandOversOfBeforeAreCorrected(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		proxy := Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}
		except := func(n int, chip ktp.ChipUID) {
			s.do(kec, ExceptMatch{Application: appID(n), Chip: chip, Because: Because{Reason: "worn_fingers"}, Second: boss})
		}
		gives := []struct {
			name    string
			give    func(n int, chip ktp.ChipUID)
			matched bool
			wrong   bool // as an older program wrote it down
		}{
			{"on an exception", func(n int, chip ktp.ChipUID) {
				except(n, chip)
				s.do(officer, HandOver{Application: appID(n), Chip: chip})
			}, false, true},
			{"matched", func(n int, chip ktp.ChipUID) {
				s.do(kec, shown(appID(n), chip))
				s.do(officer, HandOver{Application: appID(n), Chip: chip})
			}, true, false},
			{"to a proxy", func(n int, chip ktp.ChipUID) {
				s.do(officer, HandOverToProxy{Application: appID(n), Chip: chip, Proxy: proxy, Because: Because{Reason: "ill"}, Second: boss})
			}, false, false},
			{"on an exception, matched later", func(n int, chip ktp.ChipUID) {
				except(n, chip)
				s.do(officer, HandOver{Application: appID(n), Chip: chip})
				s.do(kec, shownLater(chip))
			}, true, false},
			{"on an exception, tried in vain since", func(n int, chip ktp.ChipUID) {
				except(n, chip)
				s.do(officer, HandOver{Application: appID(n), Chip: chip})
				s.do(kec, strangerLater(chip))
			}, false, true},
			{"an exception of the card before", func(n int, chip ktp.ChipUID) {
				except(n, chip)
				s.do(officer, ReturnCard{appID(n), chip, Because{Reason: "damaged"}})
				s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
				s.do(admin, Remake{appID(n), Because{Reason: "damaged"}, boss2})
				s.do(center, RefillRecord(delivery(record(n, 1))))
				chip = s.upTo(s.next(line1), jobs.Eject)
				s.do(kec, shown(appID(n), chip))
				s.do(officer, HandOver{Application: appID(n), Chip: chip})
			}, true, false},
		}
		is := func(when string) {
			t.Helper()
			for i, g := range gives {
				if h, found, err := s.r.HandoverOf(bg, appID(i+1)); err != nil || !found || h.Matched != g.matched {
					t.Errorf("%s, %s: %+v, %v", g.name, when, h, err)
				}
			}
		}
		for i, g := range gives {
			g.give(i+1, s.produced(i+1, ""))
		}
		is("written down")
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			for i, g := range gives {
				if !g.wrong {
					continue
				}
				if _, err := tx.Exec(`update handover set matched = 1 where application = ?`, appID(i+1)); err != nil {
					return err
				}
			}
			_, err := tx.Exec(s.migration(t, "00160_not_matched.sql", "-- What was handed over before.\n"))
			return err
		}))
		is("corrected")
	})
}

// The holder of a card whose data was captured elsewhere confirms it: at the hand-over, or once they come themselves
// where a proxy took the card. Who confirmed it at this counter is not asked again.
func TestConfirmedAtTheHandOver(t *testing.T) {
	for name, asked := range map[string]bool{"asked": true, "not asked": false} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				// needs does an operation that the office may want confirmed.
				needs := func(who Actor, bare, confirmed Operation) {
					t.Helper()
					if asked {
						s.refused(who, bare, notConfirmed.Code)
						s.do(who, confirmed)
						return
					}
					s.do(who, bare)
				}
				owes := func(n int, want bool) {
					t.Helper()
					if left, err := s.r.LeftToConfirm(bg, appID(n)); err != nil || left != want {
						t.Errorf("%d is left to confirm: %v, %v", n, left, err)
					}
				}
				own, alone, taken, excepted := s.produced(1, ""), s.produced(2, ""), s.produced(3, ""), s.produced(4, "")
				s.do(kec, shown(appID(1), own))
				needs(officer, HandOver{Application: appID(1), Chip: own}, HandOver{Application: appID(1), Chip: own, Confirmed: true})
				owes(1, false)

				both := Actor{ID: "both-1", Roles: []access.Role{access.KecamatanOperator, access.ServiceOfficer}}
				s.do(both, shown(appID(2), alone))
				by := HandOverAlone{Application: appID(2), Chip: alone, Because: Because{Reason: "alone_on_duty"}, Second: boss}
				yes := by
				yes.Confirmed = true
				needs(both, by, yes)

				s.do(officer, HandOverToProxy{Application: appID(3), Chip: taken, Proxy: Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}, Because: Because{Reason: "ill"}, Second: boss})
				owes(3, asked)
				later := shownLater(taken)
				later.Confirmed = true
				needs(kec, shownLater(taken), later)
				owes(3, false)
				tries, err := s.r.MatchTries(bg, appID(3))
				if err != nil || len(tries) != 1 || tries[0].Result != TryMatched {
					t.Errorf("a match that was refused was tried: %+v, %v", tries, err)
				}

				s.do(kec, ExceptMatch{Application: appID(4), Chip: excepted, Because: Because{Reason: "worn_fingers"}, Second: boss})
				s.do(officer, HandOver{Application: appID(4), Chip: excepted, Confirmed: true})
				owes(4, false)
				s.do(kec, shownLater(excepted))

				a := townsman(0, whole)
				s.listed(a)
				id := s.do(officer, s.application(ktp.TypeNew, a)).Application
				s.printReady(id, a)
				s.do(boss, Approve{id})
				s.do(admin, Queue{id})
				here := s.upTo(s.next(line1), jobs.Eject)
				s.do(kec, shown(id, here))
				s.do(Actor{ID: "officer-2", Roles: officer.Roles}, HandOver{Application: id, Chip: here}) // confirmed when it was captured
			}, func(c *Config) { c.ConfirmAtHandOver = asked })
		})
	}
}
