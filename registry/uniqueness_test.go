package registry

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// enrolled is an application of a resident that is sent.
func (s *room) enrolled(n int) (ApplicationID, resident) {
	s.Helper()
	r := townsman(n, whole)
	s.listed(r)
	id := s.do(officer, s.application(ktp.TypeNew, r)).Application
	s.toCenter(id, r)
	return id, r
}

func result(id ApplicationID, encounter int, sequence int64, r SearchResult) ReceiveResult {
	return ReceiveResult{Application: id, Encounter: encounter, Sequence: sequence, Result: r}
}

// A center that has no package of an application has not heard of it. With the first one it hears what came before,
// each state with its own time; of an application that ended while a package was under way it hears the same, once.
func TestTheCenterHearsOfTheFront(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		told := func(id ApplicationID) (states []State) {
			var before time.Time
			for _, r := range s.reports() {
				if r.Record != id {
					continue
				}
				if states = append(states, r.State); r.At.Before(before) || r.Version != 0 || r.Word != WordOf(r.State) {
					t.Errorf("%+v comes after %s", r, before)
				}
				before = r.At
			}
			return states
		}
		day := s.db.Clock.Now().UTC().Format(time.DateOnly)
		agree := func(records int, list ...Standing) {
			s.do(center, ReconcileCenter{Day: day, Center: list})
			r, err := s.r.Reconciliations(bg, "", 1)
			s.must(err)
			if len(r) != 1 || r[0].Station != records || len(r[0].Differences) > 0 {
				t.Errorf("%+v", r)
			}
		}
		id, _ := s.enrolled(0)
		if got := told(id); len(got) > 0 {
			t.Errorf("told %v of what it does not have", got)
		}
		agree(0)
		s.do(center, TakeEnrolment{id, 1})
		want := []State{Received, Examined, Captured, Confirmed, Sent, AtCenter}
		if got := told(id); !slices.Equal(got, want) {
			t.Errorf("told %v", got)
		}
		agree(1, Standing{ID: id, Word: "RECEIVED_AT_CENTRAL"})
		s.do(dataman, Resend{Application: id, Because: Because{Reason: "no_answer"}})
		s.do(center, TakeEnrolment{id, 2})
		if got := told(id); !slices.Equal(got, append(want, Sent, AtCenter)) {
			t.Errorf("sent again: told %v", got)
		}

		ended, _ := s.enrolled(1)
		s.do(officer, AbandonApplication{Application: ended, Because: Because{Reason: "applicant"}})
		want = []State{Received, Examined, Captured, Confirmed, Sent, Cancelled}
		if got := told(ended); !slices.Equal(got, want) {
			t.Errorf("ended under way: told %v", got)
		}
		s.do(center, TakeEnrolment{ended, 1})
		if got := told(ended); !slices.Equal(got, want) {
			t.Errorf("taken after all: told %v", got)
		}
	})
}

// In whatever order acknowledgement, result, record and the reading of it come: the application is
// print ready when all but the acknowledgement are there, and not before.
func TestEveryOrderOfTheCentersAnswers(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		id, r := s.enrolled(0)
		d := s.centerRecord(id, r, 1)
		s.refused(dataman, ReadResult{id}, "registry.wrong_state")
		s.do(center, d)
		s.is(id, AtCenter) // whoever answers has the package
		s.refused(boss, Approve{id}, "registry.wrong_state")
		s.do(center, TakeEnrolment{id, 1})
		if res := s.do(dataman, ReadResult{id}); res.Answer != "unique" || res.State != PrintReady {
			t.Errorf("%+v", res) // the result was lost; the signed record says it
		}
		s.do(center, result(id, 1, 9, ResultDuplicate)) // late, and of no effect
		s.is(id, PrintReady)

		id, r = s.enrolled(1)
		d = s.centerRecord(id, r, 1)
		s.do(center, result(id, 1, 3, ResultUnique))
		s.do(dataman, ReadResult{id})
		s.is(id, AtCenter)
		s.do(center, d)
		s.is(id, PrintReady)
		if res := s.do(center, d); res.Answer != AnswerUnchanged {
			t.Errorf("again %+v", res)
		}

		// An older result after a newer one, an older encounter, the same twice.
		id, r = s.enrolled(2)
		s.do(center, result(id, 1, 7, ResultUnique))
		for _, late := range []ReceiveResult{result(id, 1, 6, ResultDuplicate), result(id, 1, 7, ResultUnique), result(id, 2, 8, ResultDuplicate)} {
			if res := s.do(center, late); res.Answer != AnswerUnchanged {
				t.Errorf("%+v: %s", late, res.Answer)
			}
		}
		s.do(dataman, Resend{Application: id, Because: Because{Reason: "no_record"}})
		s.is(id, Sent)
		if res := s.do(center, result(id, 1, 12, ResultUnique)); res.Answer != AnswerUnchanged {
			t.Errorf("of an older encounter: %+v", res)
		}
		s.do(center, result(id, 2, 13, ResultUnique))
		s.do(center, s.centerRecord(id, r, 1))
		s.do(dataman, ReadResult{id})
		s.is(id, PrintReady)
		s.refused(dataman, Resend{Application: id, Because: Because{Reason: "no_answer"}}, "registry.wrong_state")
		s.refused(center, result(id, 1, 0, ResultUnique), "registry.bad_operation")
		s.refused(center, result(id, 1, 20, "perhaps"), "registry.bad_operation")
		s.refused(officer, ReadResult{id}, "registry.not_allowed")
	})
}

// A record that does not belong to the application is refused, and never print ready.
func TestRecordOfAnotherPersonIsRefused(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		id, r := s.enrolled(0)
		d := s.centerRecord(id, r, 2)
		other, kind, early := d, d, d
		other.Record.Person.NIK, other.MessageID = townsman(5, whole).Person.NIK, "m-1"
		kind.Record.Type, kind.MessageID = "lost", "m-2"
		for name, bad := range map[string]ReceiveRecord{"another person": other, "another type": kind} {
			if res := s.do(center, bad); res.Refusal != "replayed" {
				t.Errorf("%s: %+v", name, res)
			}
		}
		s.do(center, d)
		early.Record.Version, early.MessageID = 1, "m-3"
		if res := s.do(center, early); res.Refusal != "version_lower" {
			t.Errorf("a lower version: %+v", res)
		}
		newer := d
		newer.Record.Version, newer.MessageID, newer.Canonical = 3, "m-4", sha256.Sum256([]byte("3"))
		s.do(center, newer) // before the result was read
		s.do(dataman, ReadResult{id})
		s.is(id, PrintReady)
		app, err := s.r.Application(bg, id)
		s.must(err)
		if app.Application.Version != 3 || app.Application.Origin != "local" {
			t.Errorf("version %d, origin %s", app.Application.Version, app.Application.Origin)
		}
		// Back at the counter or given up: the record of then is none any more.
		id, r = s.enrolled(1)
		d = s.centerRecord(id, r, 1)
		s.do(officer, AbandonApplication{Application: id, Because: Because{Reason: "applicant"}})
		if res := s.do(center, d); res.Refusal != "replayed" {
			t.Errorf("given up: %+v", res)
		}
		id, r = s.enrolled(2)
		d = s.centerRecord(id, r, 1)
		s.do(center, result(id, 1, 40, ResultEnrollFailure))
		s.do(dataman, ReadResult{id})
		s.do(operator, Recapture{Application: id, Because: Because{Reason: "unreadable"}})
		if res := s.do(center, d); res.Refusal != "replayed" {
			t.Errorf("to be captured again: %+v", res)
		}
		s.is(id, Examined)
	})
}

// What the center corrected after the resident had confirmed is confirmed again, as often as it happens,
// and never approved before.
func TestCorrectedIsConfirmedAgain(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		id, r := s.enrolled(0)
		corrected := func(version int, street string) ReceiveRecord {
			d := s.centerRecord(id, r, version)
			d.Record.Person.Street, d.Canonical = street, sha256.Sum256([]byte(street))
			return d
		}
		s.do(center, corrected(1, "JL. BARU NO. 1"))
		s.do(dataman, ReadResult{id})
		s.is(id, Reconfirm)
		s.refused(boss, Approve{id}, "registry.wrong_state")
		s.confirm(id)
		s.is(id, PrintReady)
		s.do(boss, Approve{id})
		s.do(admin, Queue{id})
		s.do(center, corrected(2, "JL. BARU NO. 2"))
		s.is(id, Reconfirm)
		s.idle(line1)
		s.do(center, corrected(3, "JL. BARU NO. 3"))
		s.is(id, Reconfirm)
		s.confirm(id)
		s.do(boss, Approve{id})
		// A newer version of the same data asks nobody.
		s.do(center, corrected(4, "JL. BARU NO. 3"))
		s.is(id, PrintReady)
		s.do(boss, Approve{id})
		s.do(admin, Queue{id})
		if o := s.next(line1); o.Record.Person.Street != "JL. BARU NO. 3" || len(o.Record.Fingers[0].Second) == 0 {
			t.Error("the line got another record")
		}
	})
}

func TestDesks(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		at := func(n int, r SearchResult, want State) (ApplicationID, resident) {
			id, who := s.enrolled(n)
			s.do(center, result(id, 1, 10, r))
			s.do(dataman, ReadResult{id})
			s.is(id, want)
			return id, who
		}
		id, _ := at(0, ResultAdjudicate, Adjudicate)
		s.refuses([]refusal{
			{"no decision", dataman, AdjudicateResult{Application: id, Because: Because{Reason: "twins"}}, "registry.bad_operation"},
			{"no reason", dataman, AdjudicateResult{Application: id, Decision: SamePerson}, "registry.bad_operation"},
			{"by the counter", officer, AdjudicateResult{Application: id, Decision: SamePerson, Because: Because{Reason: "twins"}}, "registry.not_allowed"},
			{"closed undecided", dataman, CloseApplication{Application: id, Because: Because{Reason: "same_person"}}, "registry.wrong_state"},
		})
		s.do(dataman, AdjudicateResult{Application: id, Decision: SamePerson, Because: Because{Reason: "faces_agree"}})
		s.is(id, Duplicate)
		s.refuses([]refusal{
			{"cleared by one", dataman, ClearDuplicate{Application: id, Because: Because{Reason: "twins"}}, "registry.second_person_missing"},
			{"cleared without a reason", dataman, ClearDuplicate{Application: id, Second: boss}, "registry.bad_operation"},
			{"print ready", boss, Approve{id}, "registry.wrong_state"},
			{"closed without a reason", dataman, CloseApplication{Application: id}, "registry.bad_operation"},
		})
		s.do(dataman, ClearDuplicate{Application: id, Because: Because{Reason: "other_record_deleted"}, Second: boss})
		s.is(id, AtCenter)
		var told []string
		for _, r := range s.reports() {
			if r.Record == id {
				told = append(told, strings.TrimSpace(string(r.State)+" "+r.Reason))
			}
		}
		if want := []string{
			"received", "checked", "captured", "confirmed", "sent", "at center", "adjudicate",
			"duplicate faces_agree", "duplicate same_person", "at center other_record_deleted", "at center different_person",
		}; !slices.Equal(told, want) {
			t.Errorf("the center was told %v", told)
		}
		// The center agrees.
		who := townsman(0, whole)
		d := s.centerRecord(id, who, 1)
		s.do(center, result(id, 1, 20, ResultUnique))
		s.do(center, d)
		s.do(dataman, ReadResult{id})
		s.is(id, PrintReady)

		id, _ = at(1, ResultDuplicate, Duplicate)
		s.do(dataman, CloseApplication{Application: id, Because: Because{Reason: "same_person"}})
		s.is(id, Closed)
		id, _ = at(2, ResultSearchFailure, SearchFailure)
		s.do(dataman, Resend{Application: id, Because: Because{Reason: "search_failed"}})
		s.is(id, Sent)
		id, _ = at(3, ResultEnrollFailure, EnrollFailure)
		s.do(operator, Recapture{Application: id, Because: Because{Reason: "unreadable"}})
		s.is(id, Examined)
		id, _ = at(4, ResultDuplicate, Duplicate)
		s.do(center, result(id, 1, 11, ResultUnique)) // the center corrects itself
		s.do(dataman, ReadResult{id})
		s.is(id, AtCenter)
		// Refused by the center for good: captured again.
		id, _ = s.enrolled(5)
		s.do(center, RefuseEnrolment{Application: id, Encounter: 1, Reason: "datacenter.enrolment_refused"})
		s.is(id, EnrollFailure)
		// Or after it had taken the package; what it says again, or of a package before, changes nothing.
		late, _ := s.enrolled(6)
		s.do(center, TakeEnrolment{late, 1})
		s.is(late, AtCenter)
		s.do(center, RefuseEnrolment{Application: late, Encounter: 2, Reason: "datacenter.enrolment_refused"})
		s.is(late, AtCenter)
		s.do(center, RefuseEnrolment{Application: late, Encounter: 1, Reason: "datacenter.enrolment_refused"})
		s.is(late, EnrollFailure)
		s.do(center, RefuseEnrolment{Application: late, Encounter: 1, Reason: "datacenter.enrolment_refused"})
		s.do(dataman, CloseApplication{Application: late, Because: Because{Reason: "unreadable"}})
		waiting, err := s.r.EnrolmentsWaiting(bg, 10)
		s.must(err)
		if len(waiting) != 1 { // the one that was sent again
			t.Errorf("waiting %+v", waiting)
		}
		list, err := s.r.AgeingList(bg)
		s.must(err)
		if i := slices.IndexFunc(list, func(g Ageing) bool { return g.State == EnrollFailure }); i < 0 || list[i].Count != 1 || list[i].Late != 0 {
			t.Errorf("ageing %+v", list)
		}
		s.db.Clock.Advance(4 * day)
		if list, err = s.r.AgeingList(bg); err != nil || !slices.ContainsFunc(list, func(g Ageing) bool { return g.State == EnrollFailure && g.Late == 1 }) {
			t.Errorf("ageing %+v, %v", list, err)
		}
	})
}

// A withdrawal ends an application in every state before print ready, and what was captured is gone.
func TestWithdrawnBeforePrintReady(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		ways := map[State]func(ApplicationID, resident){
			Received: func(ApplicationID, resident) {},
			Examined: func(id ApplicationID, _ resident) { s.scans(id); s.do(officer, Examine{id}) },
			Captured: func(id ApplicationID, r resident) {
				s.scans(id)
				s.do(officer, Examine{id})
				s.do(operator, capture(id, r))
			},
			Sent: s.toCenter,
			Duplicate: func(id ApplicationID, r resident) {
				s.toCenter(id, r)
				s.do(center, result(id, 1, 1, ResultDuplicate))
				s.do(dataman, ReadResult{id})
			},
			Reconfirm: func(id ApplicationID, r resident) {
				s.toCenter(id, r)
				d := s.centerRecord(id, r, 1)
				d.Record.Person.Street = "JL. BARU"
				s.do(center, d)
				s.do(dataman, ReadResult{id})
			},
		}
		n := 0
		for state, way := range ways {
			r := townsman(n, whole)
			n++
			s.listed(r)
			id := s.do(officer, s.application(ktp.TypeNew, r)).Application
			way(id, r)
			s.is(id, state)
			if res := s.do(center, WithdrawRecord{ID: id, Reason: "died"}); res.Answer != AnswerDone {
				t.Errorf("%s: %+v", state, res)
			}
			s.is(id, Withdrawn)
			parts, err := s.r.CapturedParts(bg, id)
			s.must(err)
			if len(parts) > 0 {
				t.Errorf("%s: %d parts are left", state, len(parts))
			}
		}
	})
}

// A station without a center searches itself: nobody alike is unique, somebody alike is decided by a
// person, and the record is signed by the data center officer's key.
func TestStandAlone(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	on(t, func(t *testing.T, s *room) {
		issue := s.issue
		search := func(id ApplicationID) {
			if _, err := s.r.Search(bg, dataman, id, s.key()); err != nil {
				s.Fatalf("search: %v", err)
			}
		}
		id, _ := s.enrolled(0)
		s.is(id, AtCenter)
		s.refused(dataman, issue(id, key), "registry.wrong_state")
		search(id)
		s.refused(dataman, issue(id, key), "registry.wrong_state") // nobody has read it
		s.do(dataman, ReadResult{id})
		s.refused(dataman, issue(id, stranger), "registry.record_unsigned")
		bent := issue(id, key)
		bent.Signature[40] ^= 1
		s.refused(dataman, bent, "registry.record_unsigned")
		s.do(dataman, issue(id, key))
		s.is(id, PrintReady)
		s.do(boss, Approve{id})
		s.do(admin, Queue{id})
		if o := s.next(line1); o.Record.Specimen() || len(o.Record.Fingers[0].Best40) == 0 || len(o.Record.Fingers[0].Second) == 0 {
			t.Errorf("record %v", o.Record)
		}

		// The same fingers under another name.
		twin := townsman(1, whole)
		twin.fingers = townsman(0, whole).fingers
		s.listed(twin)
		second := s.do(officer, s.application(ktp.TypeNew, twin)).Application
		s.toCenter(second, twin)
		search(second)
		if res := s.do(dataman, ReadResult{second}); res.State != Adjudicate {
			t.Errorf("%+v", res)
		}
		found, err := s.r.Candidates(bg, second)
		s.must(err)
		if len(found) != 1 || found[0].Application != id || found[0].Score < 12 {
			t.Errorf("candidates %+v", found)
		}
		s.do(dataman, AdjudicateResult{Application: second, Decision: DifferentPerson, Because: Because{Reason: "twins"}})
		s.do(dataman, issue(second, key))
		s.is(second, PrintReady)
		if reports, err := s.r.Outbox(bg, 10); err != nil || len(reports) > 0 {
			t.Errorf("a center that is not there was told %+v, %v", reports, err)
		}
		// Somebody else is nobody's twin.
		third, _ := s.enrolled(2)
		search(third)
		if res := s.do(dataman, ReadResult{third}); res.Answer != "unique" {
			t.Errorf("%+v", res)
		}
		if got := s.codes(audit.Filter{Application: string(third), Code: "enrolment."}); !slices.Equal(got, []string{"enrolment.queued"}) {
			t.Errorf("events %v", got)
		}
	}, func(c *Config) {
		c.StandAlone, c.LocalKeys, c.Production = true, []*ecdsa.PublicKey{&key.PublicKey}, true
	})
}

// Of two with the same fingers who were both found unique before either was enrolled, one gets a record.
func TestOnlyOneOfTwoIsUnique(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	on(t, func(t *testing.T, s *room) {
		first, _ := s.enrolled(0)
		twin := townsman(1, whole)
		twin.fingers = townsman(0, whole).fingers
		s.listed(twin)
		second := s.do(officer, s.application(ktp.TypeNew, twin)).Application
		s.toCenter(second, twin)
		for _, id := range []ApplicationID{first, second} {
			s.searched(id, ResultUnique, reasonSearched)
		}
		s.do(dataman, s.issue(first, key))
		s.refused(dataman, s.issue(second, key), searchAgain.Code)
		s.searched(second, ResultAdjudicate, reasonSearched)
		s.do(dataman, AdjudicateResult{Application: second, Decision: DifferentPerson, Because: Because{Reason: "twins"}})
		s.do(dataman, s.issue(second, key))

		// What was decided is searched again only where somebody was enrolled since.
		third, _ := s.enrolled(2)
		s.searched(third, ResultUnique, reasonSearched)
		if _, err := s.r.Search(bg, dataman, second, s.key()); fault.CodeOf(err) != wrongState.Code {
			t.Errorf("%v", err)
		}
	}, func(c *Config) { c.StandAlone, c.LocalKeys = true, []*ecdsa.PublicKey{&key.PublicKey} })
}

// Whoever asks for the card of somebody else has other fingers than those enrolled under the NIK.
func TestFingersOfAnotherUnderAKnownNIK(t *testing.T) {
	for _, c := range []struct {
		name   string
		before int // whose fingers were enrolled under the NIK
		want   SearchResult
		reason string
	}{
		{"own", 0, ResultUnique, reasonSearched},
		{"of another", 1, ResultAdjudicate, reasonDiffers},
	} {
		t.Run(c.name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				id, _ := s.enrolled(0)
				s.must(s.store.Write(bg, func(tx *store.Tx) error {
					a := &act{r: s.r, tx: tx, actor: dataman}
					app, err := a.application(id)
					if err != nil {
						return err
					}
					for _, f := range townsman(c.before, whole).fingers {
						if err := keepEnrolled(tx, app, f.Finger, f.Best60); err != nil {
							return err
						}
					}
					return nil
				}))
				s.searched(id, c.want, c.reason)
			}, func(c *Config) { c.StandAlone = true })
		})
	}
}

// Nobody is unique by having no finger.
func TestNoFingerIsNotUnique(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		id := s.checkedOff(a)
		c := capture(id, a)
		for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
			c = with(c, PartOf(f), func(p *CapturedPart) { *p = CapturedPart{Part: p.Part, Missing: MissingAmputated} })
		}
		s.do(operator, c)
		s.confirm(id)
		s.do(operator, Send{id})
		s.searched(id, ResultAdjudicate, reasonNoFinger)
	}, func(c *Config) { c.StandAlone = true })
}

// issue is the record of an application, signed by an officer's key.
func (s *room) issue(id ApplicationID, k *ecdsa.PrivateKey) IssueRecord {
	s.Helper()
	statement, err := s.r.LocalStatement(bg, id)
	s.must(err)
	sum := sha256.Sum256(statement)
	r, sig, err := ecdsa.Sign(rand.Reader, k, sum[:])
	s.must(err)
	spki, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
	s.must(err)
	o := IssueRecord{Application: id}
	id8 := sha256.Sum256(spki)
	copy(o.KeyID[:], id8[:])
	r.FillBytes(o.Signature[:32])
	sig.FillBytes(o.Signature[32:])
	return o
}

// searched searches an application and reads the result.
func (s *room) searched(id ApplicationID, want SearchResult, reason string) {
	s.Helper()
	if _, err := s.r.Search(bg, dataman, id, s.key()); err != nil {
		s.Fatalf("search: %v", err)
	}
	unread, err := s.r.UnreadResults(bg, Seen{}, 10)
	s.must(err)
	for _, f := range unread {
		if f.Application == id && (f.Result != want || f.Reason != reason) {
			s.Errorf("%s for %s, want %s for %s", f.Result, f.Reason, want, reason)
		}
	}
	if res := s.do(dataman, ReadResult{id}); res.Answer != string(want) {
		s.Errorf("read %s, want %s", res.Answer, want)
	}
}

// meanwhile lets something happen while a search runs.
type meanwhile struct{ do func() }

func (m meanwhile) Search(context.Context, map[ktp.Finger][]byte, iter.Seq2[Enrolled, error]) ([]Candidate, error) {
	m.do()
	return nil, nil
}

// Two who are searched at the same time are not both unique without having been compared.
func TestSearchesDoNotOvertake(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		id, _ := s.enrolled(0)
		other, _ := s.enrolled(1)
		s.r.cfg.Searcher = meanwhile{func() {
			s.must(s.store.Write(bg, func(tx *store.Tx) error {
				a := &act{r: s.r, tx: tx, actor: dataman}
				app, err := a.application(other)
				if err != nil {
					return err
				}
				return a.enrol(app)
			}))
		}}
		if _, err := s.r.Search(bg, dataman, id, s.key()); fault.CodeOf(err) != "registry.wrong_state" {
			t.Errorf("somebody was enrolled meanwhile: %v", err)
		}
		s.r.cfg.Searcher = nil
		if _, err := s.r.Search(bg, dataman, id, s.key()); err != nil {
			t.Error(err)
		}
		if _, err := s.r.Search(bg, officer, id, s.key()); fault.CodeOf(err) != "registry.not_allowed" {
			t.Errorf("by the counter: %v", err)
		}
	}, func(c *Config) { c.StandAlone = true })
}

func TestNoSearchWhereThereIsACenter(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		id, _ := s.enrolled(0)
		s.do(center, TakeEnrolment{id, 1})
		if _, err := s.r.Search(bg, dataman, id, s.key()); fault.CodeOf(err) != "registry.not_alone" {
			t.Errorf("searched: %v", err)
		}
		s.refused(dataman, recordSearch{Application: id, Encounter: 1}, "registry.not_alone")
		s.refused(dataman, IssueRecord{Application: id}, "registry.not_alone")
	})
}
