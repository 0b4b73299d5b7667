package console

import (
	"net/http/httptest"
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/registry"
	"blanko/web/console/words"
)

// story is a journal as a line writes it: each step once, the last one unsettled where it runs.
func story(running bool, steps ...jobs.Note) (s jobs.Story) {
	for i, n := range steps {
		n.N, n.Phase = 1, jobs.Intent
		s = append(s, n)
		if i < len(steps)-1 || !running {
			s = append(s, jobs.Note{Step: n.Step, N: 1, Phase: jobs.Settled, Outcome: jobs.Outcome{Result: jobs.Done}})
		}
	}
	return s
}

// What of a chip is proved to be written stands in the journal; before that the strip says so.
func TestStripTellsOfTheChip(t *testing.T) {
	t.Parallel()
	v := &view{Lang: words.English}
	fed := at(jobs.Feed, "none")
	for name, c := range map[string]struct {
		story jobs.Story
		want  string
	}{
		"fed":     {story(true, fed), "nothing is proved to be written yet"},
		"writing": {story(true, fed, at(jobs.Write, "encoder")), "being written"},
		"written": {append(story(true, fed), jobs.Note{Step: jobs.Write, N: 1, Phase: jobs.Settled, Outcome: jobs.Outcome{
			Result: jobs.Done, Hashes: map[string]string{"0102": "b", "0101": "a", "010B": "c", "011D": "d", "0201": "e"},
		}}), "files written: 5 (DG1, DG2, DG11)"},
	} {
		if got := chipFill(v, c.story); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// How many bytes are on the chip is told by the write alone, and not while files go onto it; a journal of before tells
// nothing.
func TestStripTellsOfTheRoom(t *testing.T) {
	t.Parallel()
	fed, write := at(jobs.Feed, "none"), at(jobs.Write, "encoder")
	written := func(bytes, room int) jobs.Story {
		return append(story(true, fed), jobs.Note{Step: jobs.Write, N: 1, Phase: jobs.Intent}, jobs.Note{Step: jobs.Write, N: 1, Phase: jobs.Settled, Outcome: jobs.Outcome{
			Result: jobs.Done, Hashes: map[string]string{"0101": "a"}, Bytes: bytes, Room: room,
		}})
	}
	for name, c := range map[string]struct {
		story       jobs.Story
		bytes, room int
	}{
		"fed":     {story(true, fed), 0, 0},
		"writing": {story(true, fed, write), 0, 0},
		"written": {written(5912, 7000), 5912, 7000},
		"again":   {append(written(5912, 7000), jobs.Note{Step: jobs.Write, N: 2, Phase: jobs.Intent}), 0, 0},
		"before":  {written(0, 0), 0, 0},
	} {
		if bytes, room := chipBytes(c.story); bytes != c.bytes || room != c.room {
			t.Errorf("%s: %d of %d", name, bytes, room)
		}
	}
}

// The cards of an hour are measured by the fastest hour of the line, and by none where it has none.
func TestStripTellsWhatTheLineCan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ hour, fastest, can int }{{0, 0, 0}, {3, 0, 0}, {3, 41, 41}, {44, 41, 44}} {
		s := stripOf(registry.LineInRoom{Hour: map[jobs.State]int{jobs.Out: c.hour}, Fastest: c.fastest}, nil)
		if s.PerHour != c.hour || s.Can != c.can {
			t.Errorf("%d cards, at most %d: %d of %d", c.hour, c.fastest, s.PerHour, s.Can)
		}
	}
	if got := canText(&view{Lang: words.English}, 41); got != "at most 41 in one hour (last 30 days)" {
		t.Errorf("%q", got)
	}
}

// A line has the printer that works at it and the UPS of the same station; what told nothing is not there.
func TestStripHasItsDevices(t *testing.T) {
	t.Parallel()
	list := []registry.Reading{
		{Device: "a.ups", Kind: registry.DeviceUPS, Serial: "of a"}, {Device: "b.ups", Kind: registry.DeviceUPS, Serial: "of b"},
		{Device: "b.line-1.printer", Kind: registry.DevicePrinter, Line: "line-1"}, {Device: "c.line-2.printer", Kind: registry.DevicePrinter, Line: "line-2"},
	}
	if p, u := deviceOf("line-1", list); p == nil || p.Line != "line-1" || u == nil || u.Serial != "of b" {
		t.Errorf("line-1 has %v and %v", p, u)
	}
	if p, u := deviceOf("line-2", list); p == nil || u != nil {
		t.Errorf("line-2 has %v and %v", p, u)
	}
	if p, u := deviceOf("line-3", list); p != nil || u != nil {
		t.Errorf("line-3 has %v and %v", p, u)
	}
}

func at(step jobs.Step, where string) jobs.Note {
	return jobs.Note{Step: step, Evidence: jobs.Evidence{Card: where}}
}

// The strip tells the stage after the running one as the next, and where the card is: as it was told last, unless
// a step has moved it since; then by the step.
func TestStripTellsTheTruth(t *testing.T) {
	t.Parallel()
	v := &view{Lang: words.Indonesian}
	for name, c := range map[string]struct {
		story       jobs.Story
		condemned   bool
		where, next string
	}{
		"fed":                {story(true, at(jobs.Feed, "none")), false, "tidak ada kartu", "Klaim chip"},
		"written, told":      {story(true, at(jobs.Feed, "none"), at(jobs.Claim, "encoder"), at(jobs.Write, "")), false, "di encoder", "Baca ulang"},
		"written, not told":  {story(true, at(jobs.Feed, "hopper"), at(jobs.Claim, ""), at(jobs.Write, "")), false, "di encoder", "Baca ulang"},
		"printing, not told": {story(true, at(jobs.Feed, "hopper"), at(jobs.Write, ""), at(jobs.Print, "")), false, "di kepala cetak", "Aktifkan"},
		"printed":            {story(true, at(jobs.Feed, "hopper"), at(jobs.Print, "encoder"), at(jobs.Activate, "")), false, "di encoder", "Periksa ulang"},
		"looked at":          {story(true, at(jobs.Print, ""), at(jobs.Eject, ""), at(jobs.Accept, "")), false, "di baki keluaran", "tidak ada lagi"},
		"between two steps":  {story(false, at(jobs.Feed, ""), at(jobs.Claim, "")), false, "di encoder", "Tulis"},
		"on its way out":     {story(true, at(jobs.Print, ""), at(jobs.Eject, "")), false, "di jalur mesin", ""},
		"out":                {story(false, at(jobs.Print, ""), at(jobs.Eject, "path")), false, "di baki keluaran", ""},
		"condemned":          {story(true, at(jobs.Feed, ""), at(jobs.Write, ""), at(jobs.Reject, "")), true, "di jalur mesin", "keluar ke baki tolak"},
	} {
		card := registry.CardInWork{Journal: c.story}
		card.Condemned, card.Kind = c.condemned, jobs.InlineEye
		s := strip{Card: &card, Stages: stagesOf(card)}
		if got := s.Where(v); got != c.where {
			t.Errorf("%s: the card is %q, want %q", name, got, c.where)
		}
		if got := s.Next(v); c.next != "" && got != c.next {
			t.Errorf("%s: next is %q, want %q", name, got, c.next)
		}
	}
}

// A step runs from its intent to its outcome. Between two steps none is marked as running.
func TestNoStepRunsBetweenTwo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		story jobs.Story
		want  map[jobs.Step]string
	}{
		"printing":      {story(true, at(jobs.Feed, ""), at(jobs.ReadBack, ""), at(jobs.Print, "")), map[jobs.Step]string{jobs.ReadBack: "done", jobs.Print: "now", jobs.Activate: "next"}},
		"before it":     {story(false, at(jobs.Feed, ""), at(jobs.ReadBack, "")), map[jobs.Step]string{jobs.ReadBack: "done", jobs.Print: "next", jobs.Activate: "next"}},
		"the last done": {story(false, at(jobs.Eject, ""), at(jobs.Accept, "")), map[jobs.Step]string{jobs.Accept: "done"}},
	} {
		card := registry.CardInWork{Journal: c.story}
		card.Kind = jobs.InlineEye
		running := 0
		for _, st := range stagesOf(card) {
			if want := c.want[st.Step]; want != "" && st.State != want {
				t.Errorf("%s: %s is %q, want %q", name, st.Step, st.State, want)
			}
			if st.State == "now" {
				running++
			}
		}
		if want := map[bool]int{true: 1}[name == "printing"]; running != want {
			t.Errorf("%s: %d steps run", name, running)
		}
	}
}

// What the sign of a strip warns of stands beside it in words.
func TestStripSaysWhyItWarns(t *testing.T) {
	t.Parallel()
	v := &view{Lang: words.Indonesian}
	idle := jobs.Line{Wish: jobs.Running, Observed: jobs.Observation{State: "running"}}
	doubt := registry.CardInWork{}
	doubt.State = jobs.InDoubt
	for name, c := range map[string]struct {
		line registry.LineInRoom
		mood string
		says string
	}{
		"ready":         {registry.LineInRoom{Line: idle}, "good", "Siap, menunggu pesanan"},
		"with a doubt":  {registry.LineInRoom{Line: idle, Work: []registry.CardInWork{doubt}}, "warn", "1 kartu diragukan"},
		"with two more": {registry.LineInRoom{Line: idle, Work: []registry.CardInWork{doubt, doubt, doubt}}, "warn", "3 kartu diragukan"},
	} {
		s := stripOf(c.line, nil)
		var b strings.Builder
		v.console, v.r = &console{}, httptest.NewRequest("GET", "/cetak", nil)
		if err := lineStrips(v, []strip{s}).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if s.Mood != c.mood || !strings.Contains(b.String(), c.says) || strings.Contains(b.String(), `href="#doubts"`) != (c.mood == "warn") {
			t.Errorf("%s: %s: %s", name, s.Mood, b.String())
		}
	}
}
