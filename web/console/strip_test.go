package console

import (
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
		"between two steps":  {story(false, at(jobs.Feed, ""), at(jobs.Claim, "")), false, "di encoder", "Baca ulang"},
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
