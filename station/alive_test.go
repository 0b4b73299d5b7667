package station

import (
	"testing"
	"time"

	"blanko/jobs"
	"blanko/registry"
	"blanko/store/storetest"
)

// A line is heard of again and again while its loop is there, whatever it reported last; once it is not, it is silent.
func TestLineIsHeardOfWhileItIsThere(t *testing.T) {
	t.Parallel()
	db := storetest.Any(t)
	s := New(Parts{Registry: registry.New(db.Open(t), registry.Config{Office: "61.05"}, nil), Now: db.Clock.Now})
	s.beat = time.Millisecond
	ctx := t.Context()
	if _, err := s.Registry.Do(ctx, Actor, registry.DefineLine{Line: "line-1", Kind: jobs.Inline}, "define"); err != nil {
		t.Fatal(err)
	}
	s.observe(ctx, "line-1", "running", "")
	observed := func() jobs.Observation {
		lines, err := s.Registry.Lines(ctx)
		if err != nil || len(lines) != 1 {
			t.Fatal(lines, err)
		}
		return lines[0].Observed
	}
	end := s.alive(ctx, "line-1")
	db.Clock.Advance(time.Hour)
	for was := observed(); !was.At.Equal(db.Clock.Now()) && ctx.Err() == nil; was = observed() {
		if was.State != "running" {
			t.Fatalf("%+v", was)
		}
	}
	if o := observed(); o.Silent {
		t.Errorf("silent though its loop is there: %+v", o)
	}
	end()
	db.Clock.Advance(3 * jobs.BeatEvery)
	if o := observed(); o.Silent {
		t.Errorf("silent after three beats: %+v", o)
	}
	db.Clock.Advance(time.Second)
	if o := observed(); !o.Silent || o.State != "running" {
		t.Errorf("nobody is there, and it is not silent: %+v", o)
	}
	for _, rest := range []string{"idle", "off"} {
		s.observe(ctx, "line-1", rest, "")
		db.Clock.Advance(time.Hour)
		if o := observed(); o.Silent {
			t.Errorf("%s, from which nothing more is to be heard, is silent", rest)
		}
	}
}

// A second station that has a wrong copy of a line, and is refused again and again, is not the line being there: where
// the line stands at another station, neither its beat nor what it reports is written.
func TestAnotherStationIsNotTheLineBeingThere(t *testing.T) {
	t.Parallel()
	db := storetest.Any(t)
	ctx, reg := t.Context(), registry.New(db.Open(t), registry.Config{Office: "61.05"}, nil)
	station := func(name string) *Station { return New(Parts{Name: name, Registry: reg, Now: db.Clock.Now}) }
	holder, copied := station("SINTANG-1"), station("SINTANG-2")
	if _, err := reg.Do(ctx, Actor, registry.DefineLine{Line: "line-1", Kind: jobs.Inline, Station: holder.Name}, "define"); err != nil {
		t.Fatal(err)
	}
	holder.observe(ctx, "line-1", "running", "")
	for _, step := range []struct {
		name   string
		does   func()
		silent bool
	}{
		{"nobody beats", func() {}, true},
		{"the copy beats and is refused", func() {
			copied.beatOnce(ctx, "line-1")
			copied.observe(ctx, "line-1", stateRefused, "station.cable_missing")
		}, true},
		{"the holder beats", func() { holder.beatOnce(ctx, "line-1") }, false},
	} {
		db.Clock.Advance(time.Hour)
		step.does()
		lines, err := reg.Lines(ctx)
		if err != nil || len(lines) != 1 {
			t.Fatal(lines, err)
		}
		if o := lines[0].Observed; o.Silent != step.silent || o.State != "running" || o.Reason != "" {
			t.Errorf("%s: %+v", step.name, o)
		}
	}
}
