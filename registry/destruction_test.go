package registry

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/stock"
	"blanko/store"
)

// retiredCard is a card that waits for its destruction.
func (s *room) retiredCard() string {
	s.Helper()
	chip := s.produced(1, "")
	s.do(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}})
	s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
	return string(chip)
}

// spoiledBlank is a blank that became no card.
func (s *room) spoiledBlank() string {
	s.Helper()
	s.queued(1)
	o := s.next(line1)
	chip := s.upTo(o, jobs.Write)
	s.must(s.settle(o, jobs.ReadBack, fails("applet.read_failed")))
	s.reject(o, chip, "applet.read_failed")
	return string(chip)
}

func (s *room) sealedRoll() string {
	s.Helper()
	s.do(keeper, ReceiveRoll{"R-0001", "ribbon", "YMCKO", 200})
	s.do(keeper, FitRoll{"R-0001", line1, admin})
	s.do(keeper, RemoveRoll{Serial: "R-0001", Seal: "SEGEL-1", Left: 200, Second: admin})
	return "R-0001"
}

func (s *room) paperCard() string {
	s.Helper()
	return s.do(officer, SurrenderForeign{Kind: "paper_ktp", Detail: "KTP LAMA"}).Answer
}

func (s *room) namelessBlank() string {
	s.Helper()
	s.must(s.store.Write(bg, func(tx *store.Tx) error {
		return stock.Single(tx, lotA, stock.On(stock.Hopper, string(line1)), stock.On(stock.Reject, string(line1)), stock.Why{Actor: "line", Reason: reasonCounted})
	}))
	list, err := s.r.NamelessBlanks(bg, 0, 1)
	s.must(err)
	return list[0].Item
}

// changes are what may have happened to a thing on a list until the list ends.
var changes = map[string]struct {
	item   func(s *room) string
	change func(s *room, item string)
}{
	"card that answers again": {(*room).retiredCard, func(s *room, item string) { s.examined(ktp.ChipUID(item), ChipActive) }},
	"card that is away":       {(*room).retiredCard, movedTo(stock.Elsewhere)},
	"card that is destroyed": {(*room).retiredCard, func(s *room, item string) {
		s.amend(func(a *act) error {
			c, _, err := cardByChip(a.tx, ktp.ChipUID(item))
			return errors.Join(err, a.moveCard(&c, CardDestroy, ""))
		})
	}},
	"blank that is lost":            {(*room).spoiledBlank, movedTo(stock.Lost)},
	"blank that is in use":          {(*room).spoiledBlank, movedTo(stock.Store)},
	"blank that is destroyed":       {(*room).spoiledBlank, movedTo(stock.Destroyed)},
	"nameless blank that was named": {(*room).namelessBlank, named("0000FFFF000000000077", stock.Reject)},
	"nameless blank that is lost":   {(*room).namelessBlank, named("", stock.Lost)},
	"roll that is fitted": {(*room).sealedRoll, func(s *room, item string) {
		s.amend(func(a *act) error {
			r, _, err := rollBySerial(a.tx, item)
			r.State = RollFitted
			return errors.Join(err, r.save(a.tx))
		})
	}},
	"paper card that was sent": {(*room).paperCard, func(s *room, item string) {
		s.amend(func(a *act) error {
			list, err := foreignCards(a.tx, `where id = ?`, item)
			s.must(err)
			list[0].State = "sent"
			return list[0].save(a.tx)
		})
	}},
}

// amend changes the ledger as no operation does while a thing is on a list.
func (s *room) amend(change func(a *act) error) {
	s.Helper()
	s.must(s.store.Write(bg, func(tx *store.Tx) error {
		return change(&act{r: s.r, tx: tx, actor: boss, row: RowOf(opEndCard), also: map[string]string{}})
	}))
}

func movedTo(to stock.Kind) func(s *room, item string) {
	return func(s *room, item string) {
		s.amend(func(a *act) error {
			_, _, err := stock.SetAside(a.tx, ktp.ChipUID(item), stock.At(to), a.why("moved"))
			return err
		})
	}
}

func named(chip ktp.ChipUID, to stock.Kind) func(s *room, item string) {
	return func(s *room, item string) {
		s.amend(func(a *act) error {
			b, _, err := stock.ByID(a.tx, NumberOfNameless(item))
			s.must(err)
			place := stock.At(to)
			if to == stock.Reject {
				place = stock.On(to, string(line1))
			}
			return stock.NameCounted(a.tx, b, chip, place, a.why("read"))
		})
	}
}

// What changed since it was put on a list is not counted, destroyed or sent with it, and nothing else of the list is:
// the refusal names it. The way out is to give the list up.
func TestListEndsOnlyAsItWasListed(t *testing.T) {
	for name, c := range changes {
		for _, here := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, destroyed here %v", name, here), func(t *testing.T) {
				on(t, func(t *testing.T, s *room) {
					if here {
						s.national()
					}
					item, beside := c.item(s), s.paperCard()
					list := s.do(keeper, OpenDestruction{}).Answer
					s.do(keeper, AddToDestruction{list, item, ""})
					s.do(keeper, AddToDestruction{list, beside, ""})
					s.do(keeper, CountIn{list, 2})
					var end Operation = SendDestruction{Destruction: list, Count: 2, Second: boss}
					if here {
						end = DestroyAll{list, 2, []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, []string{strings.Repeat("a", digestHex)}, boss}
					}
					if code := s.tried(admin, s.shows(admin, end)); code != "" {
						t.Fatalf("unchanged, it is refused: %s", code)
					}
					c.change(s, item)
					for _, try := range []struct {
						by Actor
						op Operation
					}{{admin, end}, {keeper, CountIn{list, 2}}} {
						_, err := s.r.Do(bg, try.by, s.shows(try.by, try.op), s.key())
						if f, is := errors.AsType[*fault.Error](err); !is || f.Code != itemChanged.Code || f.Field != "item" || f.Detail != item {
							t.Errorf("%s: %v", try.op.Name(), err)
						}
						if d, _, err := s.r.Destruction(bg, list); err != nil || !d.EndedAt.IsZero() {
							t.Errorf("the list is %+v, %v", d, err)
						}
						if kept, err := s.r.ForeignCards(bg, ForeignFilter{State: ForeignKept, Limit: 10}); err != nil || !slices.ContainsFunc(kept, func(f ForeignCard) bool { return f.ID == beside }) {
							t.Errorf("kept are %+v, %v", kept, err)
						}
						if try.by.ID == admin.ID {
							s.do(keeper, ReopenDestruction{list})
						}
					}
					s.do(keeper, CancelDestruction{list})
					s.do(keeper, AddToDestruction{s.do(keeper, OpenDestruction{}).Answer, beside, ""})
				})
			})
		}
	}
}
