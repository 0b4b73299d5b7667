package trial

import (
	"testing"

	"go.uber.org/zap"

	"blanko/jobs"
	"blanko/personalize"
	"blanko/registry"
	"blanko/station"
)

// Another program takes a line over while a station runs it: the station leaves the line alone, and does not
// take it back. What it had in work the other one finishes.
func TestLineTakenOver(t *testing.T) {
	t.Parallel()
	for at, fed := range map[jobs.Step]int{jobs.Feed: 0, jobs.Print: 1} {
		t.Run(string(at), func(t *testing.T) {
			t.Parallel()
			s := newShop(t, jobs.Inline)
			s.build(t.Context())
			s.before[at] = func(s *shop, _ jobs.Order) {
				if _, _, err := s.reg.Unsettled(t.Context(), crashLine, jobs.Session{}); err != nil {
					s.fail("%v", err)
				}
			}
			st := station.New(station.Parts{
				Office: office, Name: "BLANKO-01", Registry: s.reg, Lines: []*personalize.Line{s.line}, Log: zap.NewNop(),
				Now: s.room.world.Line(string(crashLine)).Clock.Now,
			})
			st.Run(t.Context(), nil)
			if n := s.crashMachine().State().Fed; n != fed {
				t.Errorf("%d cards fed", n)
			}
			lines, err := s.reg.Lines(t.Context())
			if err != nil || lines[0].Observed.State != "running" || lines[0].Epoch != s.line.Session().Epoch+1 {
				t.Errorf("%+v, %v", lines, err)
			}
			health, err := s.reg.HealthOf(t.Context(), "", 10)
			if err != nil || len(health) != 1 || health[0].State != registry.HealthDown || health[0].Code != string(jobs.TakenOver.Code) {
				t.Errorf("%+v, %v", health, err)
			}
			s.work()
			s.accounted()
			if got := s.ended(); got[jobs.Out] != crashCards || len(got) != 1 {
				t.Errorf("ended %v", got)
			}
		})
	}
}
