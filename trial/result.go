package trial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"time"

	"blanko/emulator/center"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/registry"
)

// summary counts the batch from the ledger and holds it against the world.
func (d *demo) summary(ctx context.Context) (Summary, error) {
	s := Summary{
		CardsRequested: d.Cards, SpoiledByCause: map[string]int{}, BlockedByCause: map[string]int{}, RefusedByCause: map[string]int{}, BlanksLoaded: d.loaded,
		BlanksByPlace: map[string]int{}, Seed: d.Seed, Speed: d.Speed, HostSeconds: time.Since(d.began).Seconds(), Differences: []string{},
	}
	l, err := d.reg.Summary(ctx)
	if err != nil {
		return s, err
	}
	s.Made, s.Matched, s.EqualByHash, s.InDoubt, s.Refused = l.Made, l.Matched, l.EqualByHash, l.InDoubt, l.Refused
	for _, c := range l.Spoiled {
		s.Spoiled += c.Count
		s.SpoiledByCause[c.Cause] += c.Count
	}
	for _, c := range l.Blocked {
		s.Blocked += c.Count
		s.BlockedByCause[c.Cause] += c.Count
	}
	for _, h := range l.Blanks {
		if n := h.Unread + h.Read; n != 0 {
			s.BlanksByPlace[h.Place.String()] += n
		}
	}
	s.Withdrawn = l.Applications[registry.Withdrawn] + l.Applications[registry.Recalled]
	s.Waiting = l.Applications[registry.OnHold] + l.Applications[registry.Queued] + l.Applications[registry.InDoubt]
	for _, line := range d.center.Account() {
		for _, r := range line.Reports {
			if r.Word == "REFUSED" {
				s.RefusedByCause[r.Reason]++
			}
		}
	}
	if err := d.perLine(ctx, &s); err != nil {
		return s, err
	}
	d.stages(&s)
	d.chip(&s)
	if d.pcsc != nil {
		s.PCSC = d.pcsc.summary()
	}
	if v := d.room.vault; v != nil {
		if s.HSM, err = v.summary(ctx, d.Lines, time.Since(d.began)); err != nil {
			return s, err
		}
	}
	wrong, err := account{reg: d.reg, blanks: d.room.blanks}.atRest(ctx)
	if err != nil {
		return s, err
	}
	s.Differences = append(append(s.Differences, wrong...), d.unexplained(ctx)...)
	return s, nil
}

func (d *demo) perLine(ctx context.Context, s *Summary) error {
	attempts, err := d.reg.Attempts(ctx, "")
	if err != nil {
		return err
	}
	longest := 0.0
	for _, id := range d.lines {
		ls := LineSummary{ID: string(id), Seconds: d.room.world.Line(string(id)).Clock.Now().Sub(batchStart).Seconds()}
		for _, t := range attempts {
			switch {
			case t.Line != id:
			case t.State == jobs.Finished(t.Kind):
				ls.Made++
			case t.State == jobs.Spoiled || t.State == jobs.Revoked:
				ls.Spoiled++
			}
		}
		if ls.Seconds > 0 {
			ls.CardsPerHour = float64(ls.Made) / ls.Seconds * 3600
		}
		longest = max(longest, ls.Seconds)
		s.Lines = append(s.Lines, ls)
	}
	if longest > 0 {
		s.CardsPerHour = float64(s.Made) / longest * 3600
	}
	return nil
}

// unexplained lists requests of the center that are neither made nor explained.
func (d *demo) unexplained(ctx context.Context) []string {
	var out []string
	for _, l := range d.center.Account() {
		if l.Refusal != "" {
			if !slices.ContainsFunc(l.Reports, func(r center.Report) bool { return r.Word == "REFUSED" && r.Reason == l.Refusal }) {
				out = append(out, fmt.Sprintf("request %s was broken (%s), and was not refused as %s", l.ID, l.Broken, l.Refusal))
			}
			continue
		}
		a, err := d.reg.Application(ctx, registry.ApplicationID(l.ID))
		switch {
		case err != nil:
			out = append(out, fmt.Sprintf("request %s is not in the ledger", l.ID))
		case a.Application.State == registry.Produced:
		case a.Application.State == registry.OnHold && a.Application.Cause != "":
		case a.Application.State == registry.InDoubt, a.Application.State == registry.Withdrawn, a.Application.State == registry.Recalled:
		default:
			out = append(out, fmt.Sprintf("request %s is %s, without a reason", l.ID, a.Application.State))
		}
	}
	return out
}

// stages puts the median of every step beside the floor: what the emulated mechanics and the chip
// alone took for it.
func (d *demo) stages(s *Summary) {
	motions := motions(d.room.world.Line(string(d.lines[0])).Machine.Model())
	ms := func(t time.Duration) float64 { return float64(t.Microseconds()) / 1000 }
	for _, step := range jobs.Stages(jobs.Inline) {
		took, n := median(d.tally, step, func(s sample) time.Duration { return s.took })
		if n == 0 {
			continue
		}
		floor, _ := median(d.tally, step, func(s sample) time.Duration { return s.chip })
		s.Stages = append(s.Stages, Stage{Name: string(step), MedianMS: ms(took), FloorMS: ms(motions[step] + floor), Count: n})
	}
}

// motions are the times that the printer's mechanics take for a step.
func motions(m machine.Model) map[jobs.Step]time.Duration {
	t := m.Timing
	const panels = 4 // Y, M, C and K; the overlay is the fifth, or the film is pressed on the card
	last := t.Overlay
	if m.Film > 0 {
		last = t.Transfer
	}
	return map[jobs.Step]time.Duration{
		jobs.Feed: t.Feed + t.Move + t.Engage,
		// And back to the encoder, where the chip proves which card was printed.
		jobs.Print: t.Engage + t.Move + panels*t.Panel + last + t.Move + t.Engage,
		jobs.Eject: t.Engage + t.Eject,
	}
}

// chip counts the traffic of one card, the median over the cards made.
func (d *demo) chip(s *Summary) {
	apdus := func(step jobs.Step) int {
		n, _ := median(d.tally, step, func(s sample) int { return s.apdus })
		return n
	}
	s.Chip.WriteAPDUs = apdus(jobs.Claim) + apdus(jobs.Write)
	s.Chip.ReadbackAPDUs = apdus(jobs.ReadBack)
	var files []int
	for _, p := range d.room.blanks {
		if p.Chip == nil {
			continue
		}
		v := p.Chip.View()
		if v.State != "active" {
			continue
		}
		n := 0
		for _, f := range v.Files {
			n += len(f)
		}
		files = append(files, n)
	}
	if len(files) > 0 {
		slices.Sort(files)
		s.Chip.Bytes = files[len(files)/2]
	}
	for _, step := range jobs.Stages(jobs.Inline) {
		n, _ := median(d.tally, step, func(s sample) int { return s.wire })
		s.Chip.WireBytes += n
	}
}

// write lays out what the emulators decoded, per card, and the papers of the batch.
func (d *demo) write(ctx context.Context) error {
	attempts, err := d.reg.Attempts(ctx, "")
	if err != nil {
		return err
	}
	byChip := map[string]*machine.Plastic{}
	for _, p := range d.room.blanks {
		byChip[kdd(p)] = p
	}
	var made []madeCard
	for _, t := range attempts {
		p := byChip[string(t.Chip)]
		if t.State != jobs.Finished(t.Kind) || p == nil {
			continue
		}
		if err := d.writeCard(t, p); err != nil {
			return err
		}
		made = append(made, madeCard{t, p})
	}
	return d.papers(ctx, made)
}

// madeCard is a finished attempt with its card of the world.
type madeCard struct {
	attempt jobs.Attempt
	plastic *machine.Plastic
}

func (d *demo) writeCard(t jobs.Attempt, p *machine.Plastic) error {
	name := filepath.Join(d.Out, t.Application)
	if err := writePNG(name+"-front.png", p.Front); err != nil {
		return err
	}
	if p.Back.Passes() > 0 {
		if err := writePNG(name+"-back.png", p.Back); err != nil {
			return err
		}
	}
	decoded, err := chip.Decode(p.Chip.View().Files)
	if err != nil {
		return fmt.Errorf("the independent decoder does not read the card of %s: %w", t.Application, err)
	}
	text, err := json.MarshalIndent(decoded, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name+"-chip.json", append(text, '\n'), 0o644)
}

func writePNG(path string, side *machine.Print) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return png.Encode(f, side.Picture())
}
