package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"blanko/emulator/chip"
)

// stopwatch adds up the time that a machine spends.
type stopwatch struct {
	mu sync.Mutex
	d  time.Duration
}

func (s *stopwatch) spend(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	s.d += d
	s.mu.Unlock()
	return ctx.Err()
}

func (s *stopwatch) lap() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.d
	s.d = 0
	return d
}

func machine(t *testing.T, name string, n int) (*Machine, []*Plastic, *stopwatch) {
	t.Helper()
	model, ok := FindModel(name)
	if !ok {
		t.Fatal(name)
	}
	w := &stopwatch{}
	m := New(Config{
		Name: "line-1", Model: model, Zone: "A", Spend: w.spend,
		Ribbon: Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 500, Left: 500, Zone: "A"},
	})
	var cards []*Plastic
	for i := range n {
		var p *Plastic
		c := chip.New(chip.Config{Serial: [8]byte{byte(i)}, Spend: func(d time.Duration) { p.Spend(d) }})
		p = NewPlastic(fmt.Sprint(i+1), c)
		cards = append(cards, p)
	}
	if err := m.Load(cards...); err != nil {
		t.Fatal(err)
	}
	return m, cards, w
}

func layer(letter byte) *Layer {
	return NewLayer(letter, 2, 4, 2, []byte{1, 0, 1, 0, 1, 1, 1, 1}, bytes.Clone)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// One color side takes 17 s from feed to eject; the single motions take what the table of
// timings says.
func TestTimings(t *testing.T) {
	t.Parallel()
	m, _, w := machine(t, "Primacy 2", 2)
	ctx := t.Context()
	for _, letter := range []byte("YMCKO") {
		if m.Sense().Card == StationNone {
			must(t, m.Feed(ctx))
		}
		must(t, m.Lay(ctx, layer(letter)))
	}
	must(t, m.Eject(ctx, ToOutput))
	if got := w.lap(); got != 17*time.Second {
		t.Errorf("one side takes %v", got)
	}
	for _, v := range []struct {
		name string
		do   func() error
		want time.Duration
	}{
		{"to the encoder", func() error { return m.Go(ctx, StationContactless, FromHopper) }, 4500 * time.Millisecond},
		{"to the head", func() error { return m.Go(ctx, StationPrint, FromHopper) }, 2 * time.Second},
		{"it is there", func() error { return m.Go(ctx, StationPrint, FromHopper) }, 0},
		{"flip", func() error { return m.Flip(ctx) }, 3 * time.Second},
		{"reject", func() error { return m.Eject(ctx, ToReject) }, 1500 * time.Millisecond},
		{"clean", func() error { return m.Clean(ctx) }, time.Minute},
		{"power", func() error { m.PowerCut(); return m.PowerOn(ctx) }, 15 * time.Second},
	} {
		must(t, v.do())
		if got := w.lap(); got != v.want {
			t.Errorf("%s takes %v, want %v", v.name, got, v.want)
		}
	}
	m.Plan(Fault{Kind: KindCooling})
	must(t, m.Eject(ctx, ToOutput))
	if got := w.lap(); got != 121500*time.Millisecond {
		t.Errorf("cooling takes %v", got)
	}
}

// The reader reaches the chip only while the card stands at the encoder with its power on.
// A stay in the field has a number of its own: another when the card came back, none without a card.
func TestStay(t *testing.T) {
	t.Parallel()
	m, cards, _ := machine(t, "Primacy 2", 2)
	ctx := t.Context()
	r := m.Reader()
	cplc := []byte{0x80, 0xCA, 0x9F, 0x7F, 0x00}
	last := -1
	stays := func(what string, want bool) {
		t.Helper()
		n, there := r.Stay()
		if there != want || there && n == last {
			t.Errorf("%s: stay %d after %d, there %v", what, n, last, there)
		}
		last = n
		if again, still := r.Stay(); again != n || still != there {
			t.Errorf("%s: %d, then %d", what, n, again)
		}
	}
	stays("empty", false)
	changed := m.Changed()
	must(t, m.Go(ctx, StationContactless, FromHopper))
	select {
	case <-changed:
	default:
		t.Error("nobody is told that a card has come")
	}
	stays("the first card", true)
	if _, err := r.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	r.PowerOff()
	if _, err := r.Transmit(ctx, cplc); err == nil || cards[0].Chip == nil {
		t.Error("a card without power answers")
	}
	must(t, m.Go(ctx, StationPrint, FromHopper))
	stays("at the head", false)
	must(t, m.Go(ctx, StationContactless, FromHopper))
	stays("the first card again", true)
	m.PowerCut()
	stays("without power", false)
	r.PowerOff() // nothing there: nothing happens
}

func TestReader(t *testing.T) {
	t.Parallel()
	m, cards, w := machine(t, "Primacy 2", 2)
	ctx := t.Context()
	r := m.Reader()
	cplc := []byte{0x80, 0xCA, 0x9F, 0x7F, 0x00}
	fails := func(what string, want error) {
		t.Helper()
		if _, err := r.Transmit(ctx, cplc); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	if _, err := r.Reset(ctx); !errors.Is(err, ErrNoCard) {
		t.Errorf("reset without a card: %v", err)
	}
	must(t, m.Go(ctx, StationPrint, FromHopper))
	fails("at the head", ErrNoCard)
	must(t, m.Go(ctx, StationContactless, FromHopper))
	fails("before the reset", ErrCardReset)
	w.lap()
	if atr, err := r.Reset(ctx); err != nil || len(atr) == 0 {
		t.Fatalf("reset: % x, %v", atr, err)
	}
	if rapdu, err := r.Transmit(ctx, cplc); err != nil || !bytes.HasSuffix(rapdu, []byte{0x90, 0}) {
		t.Fatalf("CPLC: % x, %v", rapdu, err)
	}
	if w.lap() == 0 {
		t.Error("the chip worked without spending the line's time")
	}
	must(t, m.Go(ctx, StationPrint, FromHopper))
	must(t, m.Go(ctx, StationContactless, FromHopper))
	fails("after a way through the printer", ErrCardReset)
	m.Unplug()
	fails("without the cable", ErrNoCard)
	m.Replug()
	fails("after the cable", ErrCardReset)
	m.PowerCut()
	fails("without power", ErrPowerOff)
	must(t, m.PowerOn(ctx))
	cards[0].CutAntenna()
	if _, err := r.Reset(ctx); !errors.Is(err, chip.ErrMute) {
		t.Errorf("broken antenna: %v", err)
	}
	must(t, r.Close())
	fails("closed", ErrReaderClosed)
}

// A card that is pulled while the chip works takes its answer along.
func TestCardLeavesDuringAPDU(t *testing.T) {
	t.Parallel()
	m, _, _ := machine(t, "Primacy 2", 0)
	var p *Plastic
	pull := false
	c := chip.New(chip.Config{Spend: func(time.Duration) {
		if pull {
			m.ClearJam()
		}
	}})
	p = NewPlastic("1", c)
	must(t, m.Load(p))
	must(t, m.Go(t.Context(), StationContactless, FromHopper))
	r := m.Reader()
	if _, err := r.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	pull = true
	if _, err := r.Transmit(t.Context(), []byte{0x80, 0xCA, 0x9F, 0x7F, 0x00}); !errors.Is(err, ErrNoCard) {
		t.Errorf("got %v", err)
	}
	if place := p.Place(); place != (Place{At: AtHand, Holder: "line-1", From: AtPath}) {
		t.Errorf("the card is at %s", place)
	}
}

// A card cannot be put in two places, and what does not fit changes nothing.
func TestLoad(t *testing.T) {
	t.Parallel()
	m, cards, _ := machine(t, "Primacy 2", 2)
	spare := NewPlastic("spare", nil)
	if err := m.Load(spare, cards[0]); !errors.Is(err, ErrElsewhere) {
		t.Errorf("card that is in the hopper: %v", err)
	}
	if err := m.Load(spare, spare); !errors.Is(err, ErrElsewhere) {
		t.Errorf("the same card twice: %v", err)
	}
	many := make([]*Plastic, m.Model().Hopper)
	for i := range many {
		many[i] = NewPlastic("many", nil)
	}
	if err := m.Load(many...); !errors.Is(err, ErrTooMany) {
		t.Errorf("too many: %v", err)
	}
	if spare.Place().At != AtStock || many[0].Place().At != AtStock || m.State().Hopper != 2 {
		t.Errorf("refused cards moved: %s", spare.Place())
	}
	if inside := m.Inside(); !slices.Equal(inside, cards) {
		t.Errorf("%d cards inside", len(inside))
	}
	other := New(Config{Name: "line-2", Model: m.Model()})
	out := m.Unload()
	if !slices.Equal(out, cards) {
		t.Errorf("unloaded %d", len(out))
	}
	must(t, out[0].Box("drawer"))
	if place := out[0].Place(); place != (Place{At: AtBox, Holder: "drawer", From: AtHopper}) {
		t.Errorf("boxed at %s", place)
	}
	must(t, other.Load(out...))
	rows := m.Census()
	if len(rows) != 2 || rows[1].Place != (Place{At: AtHopper, Holder: "line-2"}) {
		t.Errorf("census %+v", rows)
	}
	if rows := other.Census(); rows[1].Slot != 1 || rows[1].Serial != "2" {
		t.Errorf("census %+v", rows)
	}
}

// What a person cannot do.
func TestRefusedActs(t *testing.T) {
	t.Parallel()
	m, cards, _ := machine(t, "Primacy 2", 3)
	if _, err := m.PullCard(); !errors.Is(err, ErrCoverClosed) {
		t.Errorf("pull through a closed cover: %v", err)
	}
	if err := m.PutBezel(NewPlastic("x", nil)); !errors.Is(err, ErrNotFitted) {
		t.Errorf("no front slot: %v", err)
	}
	if err := m.PutReject(cards[0]); !errors.Is(err, ErrElsewhere) {
		t.Errorf("throw a card that is in the hopper: %v", err)
	}
	m.Plan(Fault{Kind: KindJam, Step: StepFeed})
	if err := m.Feed(t.Context()); !errors.Is(err, ErrJam) {
		t.Fatalf("jam: %v", err)
	}
	m.OpenCover()
	if _, err := m.PullCard(); !errors.Is(err, ErrJam) {
		t.Errorf("pull a card that sticks: %v", err)
	}
	if got := m.ClearJam(); len(got) != 1 || got[0] != cards[0] || !m.State().CoverOpen {
		t.Errorf("cleared %v", got)
	}
	if p, err := m.PullCard(); p != nil || err != nil {
		t.Errorf("pull nothing: %v, %v", p, err)
	}
}

// Opening the cover stops a motion that runs; the card is between two stations.
func TestCoverStopsMotion(t *testing.T) {
	t.Parallel()
	model, _ := FindModel("Primacy 2")
	started, calls := make(chan struct{}), 0
	m := New(Config{Name: "line-1", Model: model, Zone: "A", Spend: func(ctx context.Context, _ time.Duration) error {
		if calls++; calls == 2 {
			close(started)
			<-ctx.Done()
		}
		return ctx.Err()
	}})
	must(t, m.Load(NewPlastic("1", nil)))
	done := make(chan error)
	go func() { done <- m.Feed(context.Background()) }()
	<-started
	m.OpenCover()
	if err := <-done; !errors.Is(err, ErrCoverOpen) {
		t.Errorf("feed: %v", err)
	}
	if s := m.State(); s.Station != StationBetween || s.Fed != 1 {
		t.Errorf("%+v", s)
	}
	m.CloseCover()
	must(t, m.Home(t.Context()))
	if s := m.State(); s.Station != StationPrint {
		t.Errorf("after homing %+v", s)
	}
}

// A motion that moves nothing wakes nobody: a printer that tries again by itself would never rest.
func TestIdleMotionWakesNobody(t *testing.T) {
	t.Parallel()
	m, _, _ := machine(t, "Primacy 2", 0)
	m.StickPath(StationContact)
	changed := m.Changed()
	for _, v := range []struct {
		do   func() error
		want error
	}{
		{func() error { return m.Go(t.Context(), StationContactless, FromHopper) }, ErrNoCardInside},
		{func() error { return m.Feed(t.Context()) }, ErrHopperEmpty},
		{func() error { return m.Lay(t.Context(), layer('K')) }, ErrNotAtHead},
	} {
		if err := v.do(); !errors.Is(err, v.want) {
			t.Errorf("%v, want %v", err, v.want)
		}
	}
	select {
	case <-changed:
		t.Error("somebody was woken")
	default:
	}
	m.FreeSensors()
	<-changed
}

// Older sides lose their dots and keep size and hash.
func TestKeepPrints(t *testing.T) {
	t.Parallel()
	model, _ := FindModel("Primacy 2")
	m := New(Config{Name: "line-1", Model: model, KeepPrints: 1, Ribbon: Ribbon{Type: "k", Panels: "K", Left: 9}})
	cards := []*Plastic{NewPlastic("1", nil), NewPlastic("2", nil)}
	must(t, m.Load(cards...))
	for range cards {
		must(t, m.Feed(t.Context()))
		must(t, m.Lay(t.Context(), layer('K')))
		must(t, m.Eject(t.Context(), ToOutput))
	}
	old, last := cards[0].Front.Layer('K'), cards[1].Front.Layer('K')
	if old.Dots() != nil || last.Dots() == nil {
		t.Error("the wrong side was forgotten")
	}
	if old.Sum() != last.Sum() || old.Size() != 8 {
		t.Errorf("size %d", old.Size())
	}
	if img := cards[0].Front.Picture(); img.RGBAAt(0, 0).R != 255 {
		t.Error("a forgotten panel is drawn")
	}
}

// What a person sees wrong, in the order of urgency.
func TestProblems(t *testing.T) {
	t.Parallel()
	m, _, _ := machine(t, "KC200", 1)
	if p := m.Problems(); len(p) != 0 {
		t.Errorf("a sound machine: %v", p)
	}
	m.Plan(Fault{Kind: KindRibbonGone}, Fault{Kind: KindOutputFull}, Fault{Kind: KindRejectFull}, Fault{Kind: KindCleaningDue}, Fault{Kind: KindJam}, Fault{Kind: KindCoverOpen})
	if err := m.Feed(t.Context()); !errors.Is(err, ErrJam) {
		t.Fatal(err)
	}
	must(t, m.PutBezel(NewPlastic("b", nil)))
	m.Unplug()
	want := []Problem{ProblemCable, ProblemJam, ProblemCover, ProblemRibbonGone, ProblemOutputFull, ProblemRejectFull, ProblemHopperEmpty, ProblemCleaning, ProblemBezel}
	if p := m.Problems(); !slices.Equal(p, want) {
		t.Errorf("%v, want %v", p, want)
	}
}

// Persons and motors work at the same time; no card is lost.
func TestTogether(t *testing.T) {
	t.Parallel()
	m, cards, _ := machine(t, "KC200", 20)
	ctx, cancel := context.WithCancel(t.Context())
	var people sync.WaitGroup
	act := func(f func()) {
		people.Go(func() {
			for ctx.Err() == nil {
				f()
			}
		})
	}
	act(func() { m.OpenCover(); m.CloseCover() })
	act(func() { _ = m.Load(m.TakeOutput()...) })
	act(func() {
		for _, p := range append(m.ClearJam(), m.TakeReject()...) {
			_ = m.Load(p)
		}
	})
	act(func() {
		if wrong := m.Audit(); len(wrong) > 0 {
			t.Error(wrong)
			cancel()
		}
		m.Census()
		m.State()
		m.Problems()
	})
	act(func() {
		if p := m.TakeBezel(); p != nil {
			_ = m.Load(p)
		}
	})
	reader := m.Reader()
	trays := []Tray{ToOutput, ToReject, ToBezel}
	for i := range 600 {
		_ = m.Go(ctx, StationContactless, FromBoth)
		if _, err := reader.Reset(ctx); err == nil {
			_, _ = reader.Transmit(ctx, []byte{0x80, 0xCA, 0x9F, 0x7F, 0x00})
		}
		if m.Go(ctx, StationPrint, FromBoth) == nil {
			_ = m.Lay(ctx, layer('K'))
		}
		_ = m.Home(ctx)
		_ = m.Eject(ctx, trays[i%len(trays)])
	}
	cancel()
	people.Wait()
	if wrong := m.Audit(); len(wrong) > 0 {
		t.Error(wrong)
	}
	if n := len(m.Census()); n != len(cards) {
		t.Errorf("%d cards known", n)
	}
}
