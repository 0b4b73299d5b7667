package printer

import (
	"errors"
	"testing"
	"time"
)

// printing is a retransfer printer with a card at the head.
func printing(t *testing.T) (*Machine, []*Plastic, *stopwatch) {
	t.Helper()
	m, cards, w := machine(t, "XID8600", 3)
	must(t, m.Feed(t.Context()))
	return m, cards, w
}

func letters(p *Print) (all string) {
	for _, l := range p.Layers() {
		all += string(l.Letter)
	}
	return all
}

// One side over film takes 29 s from feed to eject.
func TestRetransferTimings(t *testing.T) {
	t.Parallel()
	m, cards, w := printing(t)
	ctx := t.Context()
	for _, letter := range []byte("YMCK") {
		must(t, m.Ink(ctx, layer(letter)))
	}
	if got := letters(cards[0].Front); got != "" {
		t.Errorf("%q on the card before the transfer", got)
	}
	must(t, m.Transfer(ctx))
	must(t, m.Eject(ctx, ToOutput))
	if got := w.lap(); got != 29*time.Second {
		t.Errorf("one side takes %v", got)
	}
	if got, passes := letters(cards[0].Front), cards[0].Front.Passes(); got != "YMCK" || passes != 1 {
		t.Errorf("%q on the card in %d passes", got, passes)
	}
	s := m.State()
	if s.Film.Left != s.Film.Total-1 || s.Ribbon.Left != s.Ribbon.Total-1 || s.Panels != 4 || s.OnFilm != 0 {
		t.Errorf("state %+v", s)
	}
}

// What stays on the film goes onto whatever card comes next, unless the film is wound on.
func TestFilmKeepsWhatIsOnIt(t *testing.T) {
	t.Parallel()
	for wind, want := range map[bool]string{false: "YK", true: "K"} {
		m, cards, _ := printing(t)
		ctx := t.Context()
		must(t, m.Ink(ctx, layer('Y')))
		must(t, m.Eject(ctx, ToReject))
		must(t, m.Feed(ctx))
		if wind {
			m.WindFilm()
		}
		must(t, m.Ink(ctx, layer('K')))
		must(t, m.Transfer(ctx))
		if got := letters(cards[1].Front); got != want || letters(cards[0].Front) != "" {
			t.Errorf("wound %v: %q on the second card", wind, got)
		}
		if s := m.State(); wind != (s.Film.Left == s.Film.Total-2) {
			t.Errorf("wound %v: %+v", wind, s.Film)
		}
	}
}

// A power cut loses what is on the film, and a transfer that stops leaves half a print.
func TestFilmTroubles(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	m, cards, _ := printing(t)
	must(t, m.Ink(ctx, layer('K')))
	m.PowerCut()
	must(t, m.PowerOn(ctx))
	if err := m.Transfer(ctx); !errors.Is(err, ErrFilmBlank) {
		t.Errorf("after a power cut: %v", err)
	}
	must(t, m.Ink(ctx, layer('K')))
	m.Plan(Fault{Kind: KindJam, Step: StepTransfer})
	if err := m.Transfer(ctx); !errors.Is(err, ErrJam) {
		t.Errorf("got %v", err)
	}
	if l := cards[0].Front.Layer('K'); l == nil || !l.Partial() {
		t.Error("half a print should be on the card")
	}

	m, _, _ = printing(t)
	m.Plan(Fault{Kind: KindFilmTorn, Step: StepPanel, Panel: 2})
	must(t, m.Ink(ctx, layer('Y')))
	if err := m.Ink(ctx, layer('M')); !errors.Is(err, ErrFilmOut) {
		t.Errorf("got %v", err)
	}
	if p := m.Problems(); len(p) != 1 || p[0] != ProblemFilmOut {
		t.Errorf("problems %v", p)
	}
	m.ReplaceFilm(m.Model().NewFilm())
	must(t, m.Ink(ctx, layer('M')))
	must(t, m.Transfer(ctx))

	m, _, _ = printing(t)
	m.ReplaceFilm(Film{Total: 1000, Left: 1})
	must(t, m.Ink(ctx, layer('K')))
	must(t, m.Transfer(ctx)) // the last frame is good
	if err := m.Ink(ctx, layer('K')); !errors.Is(err, ErrFilmOut) {
		t.Errorf("got %v", err)
	}
}

func TestFilmRefuses(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	direct, _, _ := machine(t, "Primacy 2", 1)
	must(t, direct.Feed(ctx))
	if err := direct.Ink(ctx, layer('K')); !errors.Is(err, ErrNotFitted) {
		t.Errorf("a direct printer: %v", err)
	}
	if p := direct.Problems(); len(p) != 1 || p[0] != ProblemHopperEmpty {
		t.Errorf("a direct printer has the problems %v", p)
	}
	m, _, _ := printing(t)
	if err := m.Ink(ctx, layer('U')); !errors.Is(err, ErrRibbonWrong) {
		t.Errorf("a panel that is not on the ribbon: %v", err)
	}
	must(t, m.Ink(ctx, layer('K')))
	must(t, m.Move(ctx, StationContactless))
	for what, do := range map[string]func() error{
		"ink": func() error { return m.Ink(ctx, layer('K')) }, "transfer": func() error { return m.Transfer(ctx) },
	} {
		if err := do(); !errors.Is(err, ErrNotAtHead) {
			t.Errorf("%s away from the head: %v", what, err)
		}
	}
}

// The encoder of a retransfer printer reaches a card only while it is engaged.
func TestEngage(t *testing.T) {
	t.Parallel()
	m, _, w := printing(t)
	ctx := t.Context()
	r := m.Reader()
	if err := m.Engage(ctx, StationContactless); !errors.Is(err, ErrElsewhere) {
		t.Errorf("with the card at the head: %v", err)
	}
	must(t, m.Move(ctx, StationContactless))
	if _, err := r.Reset(ctx); !errors.Is(err, ErrNoCard) {
		t.Errorf("not engaged: %v", err)
	}
	w.lap()
	for range 2 {
		must(t, m.Engage(ctx, StationContactless))
	}
	if got := w.lap(); got != 500*time.Millisecond {
		t.Errorf("engaging twice takes %v", got)
	}
	if _, err := r.Reset(ctx); err != nil {
		t.Errorf("engaged: %v", err)
	}
	must(t, m.Disengage(ctx, StationContactless))
	must(t, m.Engage(ctx, StationContactless))
	if _, err := r.Transmit(ctx, []byte{0, 0xA4, 4, 0, 0}); !errors.Is(err, ErrCardReset) {
		t.Errorf("engaged again: %v", err)
	}
	m.PowerCut()
	must(t, m.PowerOn(ctx))
	if _, err := r.Reset(ctx); !errors.Is(err, ErrNoCard) {
		t.Errorf("after a power cut: %v", err)
	}
}

// A second black panel of a frame is for the back of the same card.
func TestSecondBlackPanel(t *testing.T) {
	t.Parallel()
	for panels, frames := range map[string]int{"YMCK": 2, "YMCKK": 1} {
		m, cards, _ := printing(t)
		ctx := t.Context()
		m.ReplaceRibbon(Ribbon{Type: "x", Panels: panels, Total: 500, Left: 500, Zone: "A"})
		must(t, m.Ink(ctx, layer('K')))
		must(t, m.Transfer(ctx))
		must(t, m.Flip(ctx))
		must(t, m.Ink(ctx, layer('K')))
		must(t, m.Transfer(ctx))
		must(t, m.Eject(ctx, ToOutput))
		if front, back := cards[0].Prints(); front != 1 || back != 1 {
			t.Errorf("%s: %d passes on the front, %d on the back", panels, front, back)
		}
		if got := m.State().Ribbon.Left; got != 500-frames {
			t.Errorf("%s: %d sides left", panels, got)
		}
		must(t, m.Feed(ctx))
		must(t, m.Ink(ctx, layer('K')))
		if got := m.State().Ribbon.Left; got != 500-frames-1 {
			t.Errorf("%s: %d sides left on the next card", panels, got)
		}
	}
}
