package registry

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/registry/access"
	"blanko/store"
	"blanko/store/storetest"
)

// tried is how an operation ends that was rolled back.
func (s *room) tried(a Actor, op Operation, before ...func(*act) error) fault.Code {
	s.Helper()
	end := errors.New("rolled back")
	err := s.store.DryRun(bg, func(tx *store.Tx) error {
		for _, prepare := range before {
			s.must(prepare(&act{r: s.r, tx: tx, actor: a}))
		}
		return cmp.Or((&act{r: s.r, tx: tx, actor: a}).perform(op), end)
	})
	if errors.Is(err, end) {
		return ""
	}
	return fault.CodeOf(err)
}

// whoMay is somebody with a role that a permission asks for.
func whoMay(p access.Permission, id string) Actor {
	return Actor{ID: id, Roles: access.Matrix[p][:1]}
}

// Every operation by every role: who is not listed is refused, and is refused before anything else is
// looked at. With every second person: another one with a role for it, and no machine.
func TestEveryOperationByEveryRole(t *testing.T) {
	t.Parallel()
	s := newRoom(t, storetest.Any(t))
	first, second := 0, 0
	for _, row := range Operations {
		if len(access.Matrix[row.Who]) == 0 || row.Second != "" && len(access.Matrix[row.Second]) == 0 {
			t.Errorf("%s: nobody may", row.Name)
			continue
		}
		op := withSecond(row.Of, whoMay(cmp.Or(row.Second, row.Who), "second"))
		for _, r := range access.Roles {
			listed := slices.Contains(access.Matrix[row.Who], r.Role)
			if code := s.tried(Actor{ID: "first", Roles: []access.Role{r.Role}}, op); (code == notAllowed.Code) == listed {
				t.Errorf("%s by %s: %q, listed %v", row.Name, r.Role, code, listed)
			}
			first++
		}
		if code := s.tried(Actor{ID: "first"}, op); code != notAllowed.Code {
			t.Errorf("%s by nobody of the office: %q", row.Name, code)
		}
		if row.Second == "" {
			if _, two := row.Of.(byTwo); two {
				t.Errorf("%s names a second person that its row does not ask for", row.Name)
			}
			continue
		}
		a := whoMay(row.Who, "first")
		for _, c := range []struct {
			second Actor
			want   fault.Code
		}{
			{Actor{}, secondMissing.Code},
			{a, samePerson.Code},
			{Actor{ID: "first", Roles: access.Matrix[row.Second]}, samePerson.Code},
			{Actor{ID: "second"}, notAllowed.Code},
			{Actor{ID: "second", Roles: append([]access.Role{access.System}, access.Matrix[row.Second]...)}, notAllowed.Code},
		} {
			if code := s.tried(a, withSecond(row.Of, c.second)); code != c.want {
				t.Errorf("%s with %+v: %q, want %q", row.Name, c.second, code, c.want)
			}
			second++
		}
		for _, r := range access.Roles {
			listed := slices.Contains(access.Matrix[row.Second], r.Role) && r.Role != access.System
			if code := s.tried(a, withSecond(row.Of, Actor{ID: "second", Roles: []access.Role{r.Role}})); (code == notAllowed.Code) == listed {
				t.Errorf("%s with %s: %q, listed %v", row.Name, r.Role, code, listed)
			}
			second++
		}
	}
	t.Logf("%d operations: %d cases of one person, %d of two", len(Operations), first, second)
	if first != len(Operations)*len(access.Roles) {
		t.Errorf("only %d cases of one person", first)
	}
}

// on sets the field of an operation that names what its duties concern.
func (s *room) on(op Operation, id ApplicationID) (Operation, string) {
	a := &act{r: s.r}
	bare := a.subjectOf(op)
	v := reflect.New(reflect.TypeOf(op)).Elem()
	for i := range v.NumField() {
		v.Set(reflect.ValueOf(op))
		if v.Field(i).Kind() != reflect.String {
			continue
		}
		v.Field(i).SetString(string(id))
		if on := v.Interface().(Operation); a.subjectOf(on) != bare {
			return on, a.subjectOf(on)
		}
	}
	return op, ""
}

// Every operation after every duty, by who did it and by somebody else. The golden file says what is then
// refused to whom; read it when it changes. Operations without a subject are named in it, and those that know
// it only while they run (the application of a card), which TestConflictReachesTheCard shows.
func TestEveryOperationAfterEveryDuty(t *testing.T) {
	t.Parallel()
	s := newRoom(t, storetest.Any(t))
	s.do(center, delivery(record(1, 1)))
	did := map[Duty]bool{}
	for _, sep := range Separations {
		did[sep.Did] = true
	}
	var refused, later strings.Builder
	cases := 0
	for _, row := range Operations {
		op, subject := s.on(withSecond(row.Of, whoMay(cmp.Or(row.Second, row.Who), "second")), appID(1))
		if subject == "" {
			fmt.Fprintf(&later, "%s\n", row.Name)
			continue
		}
		for _, d := range slices.Sorted(maps.Keys(did)) {
			for _, c := range []struct{ who, person string }{{"who did it", "first"}, {"second who did it", "second"}, {"somebody else", "third"}} {
				if c.person == "second" && row.Second == "" {
					continue
				}
				code := s.tried(whoMay(row.Who, "first"), op, func(a *act) error {
					if len(row.From) > 0 {
						app, err := a.application(appID(1))
						app.State = row.From[0]
						if err = cmp.Or(err, app.save(a.tx)); err != nil {
							return err
						}
					}
					return keepDuty(a.tx, subject, d, c.person, false)
				})
				cases++
				if code == samePerson.Code {
					fmt.Fprintf(&refused, "after %s: %s, %s\n", d, row.Name, c.who)
					if c.person == "third" {
						t.Errorf("%s: what somebody else did keeps a person from it", row.Name)
					}
				}
			}
		}
	}
	t.Logf("%d cases of own and other", cases)
	lines := strings.Split(strings.TrimSpace(refused.String()), "\n")
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n\nno subject, or one known only while it runs:\n" + later.String()
	if *update {
		s.must(os.WriteFile("testdata/duties.golden", []byte(got), 0o600))
	}
	want, err := os.ReadFile("testdata/duties.golden")
	s.must(err)
	if got != string(want) {
		t.Errorf("what a duty keeps one from has changed (-update writes it):\n%s", got)
	}
}
