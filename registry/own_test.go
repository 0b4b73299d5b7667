package registry

import (
	"testing"

	"blanko/fault"
	"blanko/jobs"
	"blanko/registry/access"
	"blanko/store/storetest"
)

// Operations on a card learn only while they run whose application it is of: who may do nothing more for that one is refused,
// as the first person and as the second, and somebody else is not.
func TestOwnAndOtherByTheCard(t *testing.T) {
	t.Parallel()
	second := Actor{ID: "second", Roles: []access.Role{access.Supervisor}}
	for name, prepare := range map[string]func(s *room) Operation{
		"consignment.pack": func(s *room) Operation {
			s.district()
			chip := s.produced(1, "kec.sepauk")
			return Pack{s.do(admin, OpenConsignment{ConsignmentOut, "kec.sepauk"}).Answer, chip}
		},
		"handover.set_apart": func(s *room) Operation {
			return SetApart{Chip: s.produced(1, ""), Because: Because{Reason: "face_differs"}, Second: second}
		},
		"doubt.declare_lost": func(s *room) Operation {
			o, _ := s.doubtful(1, jobs.Activate)
			return DeclareLost{o.Attempt, Because{Reason: "not_found"}, second}
		},
		"card.end": func(s *room) Operation {
			return EndCard{Chip: s.forced(1), Because: Because{Reason: "lost"}, Second: second}
		},
		"card.free": func(s *room) Operation {
			return FreeCard{s.suspended(1)}
		},
		"card.declare_missing": func(s *room) Operation {
			return DeclareMissing{Chip: s.produced(1, ""), Because: gone, Second: second}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newRoom(t, storetest.Any(t))
			op := prepare(s)
			if string(op.Name()) != name {
				t.Fatalf("it is %s", op.Name())
			}
			row := RowOf(op.Name())
			_, two := op.(byTwo)
			for person, want := range map[string]fault.Code{"first": samePerson.Code, "second": samePerson.Code, "third": ""} {
				if person == "second" && !two {
					continue
				}
				code := s.tried(whoMay(row.Who, "first"), op, func(a *act) error {
					return keepDuty(a.tx, string(appID(1)), DutyConflict, person, false)
				})
				if code != want {
					t.Errorf("with an interest of the %s: %q, want %q", person, code, want)
				}
			}
		})
	}
}

// Who brought one of a batch in, captured it or judged its search draws no batch of it, and approves none where that was done
// since; then nothing of it is approved. Somebody else approves it.
func TestBatchIsApprovedByOthers(t *testing.T) {
	for _, d := range []Duty{DutyReceive, DutyCapture, DutyJudge} {
		t.Run(string(d), func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				for n := range 2 {
					s.do(center, delivery(record(n+1, 1)))
				}
				both := DrawBatch{Applications: []ApplicationID{appID(1), appID(2)}}
				batchOf := func(a Actor) string {
					id := s.do(a, both).Answer
					b, err := s.r.Batch(bg, id)
					s.must(err)
					for _, app := range b.Sample {
						s.do(a, OpenSample{id, app})
					}
					return id
				}
				drawn := batchOf(boss)
				s.amend(func(a *act) error { return keepDuty(a.tx, string(appID(2)), d, boss.ID, false) })
				s.refused(boss, ApproveBatch{drawn}, samePerson.Code)
				s.refused(boss, both, samePerson.Code)
				s.state(1, PrintReady)
				s.state(2, PrintReady)
				s.do(boss2, ApproveBatch{batchOf(boss2)})
				s.state(1, Approved)
				s.state(2, Approved)
			})
		})
	}
}

// What is done with a card is done where it is: somebody of another place is refused, and somebody who is there is not.
func TestAnotherPlaceIsRefused(t *testing.T) {
	t.Parallel()
	s := newRoom(t, storetest.Any(t))
	s.district()
	chip := s.delivered(1)
	matched := s.matched(2)
	for _, op := range []Operation{
		shown(appID(1), chip),
		ExceptMatch{Application: appID(1), Chip: chip, Because: Because{Reason: "worn_fingers"}, Second: boss},
		HandOver{Application: appID(2), Chip: matched, Old: OldSurrendered},
		ReturnCard{appID(1), chip, Because{Reason: "damaged"}},
		DeclareMissing{Chip: chip, Because: gone, Second: boss},
	} {
		row := RowOf(op.Name())
		for place, elsewhere := range map[string]bool{"kec.sepauk": false, "kec.serawai": true, "": true} {
			a := Actor{ID: "at-" + place, Roles: access.Matrix[row.Who], Place: place}
			if code := s.tried(a, s.shows(a, op)); (code == notAllowed.Code) != elsewhere {
				t.Errorf("%s at %q: %q", op.Name(), place, code)
			}
		}
	}
}
