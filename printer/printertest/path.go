package printertest

import (
	"context"
	"errors"
	"testing"

	"blanko/printer"
)

// fed checks how many blanks have left the hopper.
func (b Bench) fed(t *testing.T, want int) {
	t.Helper()
	can(t, b.Fed != nil)
	if got := b.Fed(); got != want {
		t.Errorf("%d cards were fed, want %d", got, want)
	}
}

// at checks where the printer says that the card is.
func (b Bench) at(t *testing.T, want printer.Position) {
	t.Helper()
	if st := b.status(t); st.Card.Known && st.Card.Value != want {
		t.Errorf("the card is at %q, want %q", st.Card.Value, want)
	}
}

func moveFeedsOne(t *testing.T, b Bench) {
	path := b.path(t)
	stations := []printer.Position{printer.PositionPrint}
	if b.Printer.Capabilities().Contactless {
		stations = []printer.Position{printer.PositionContactless, printer.PositionPrint, printer.PositionContactless}
	}
	for _, to := range stations {
		if err := path.Move(t.Context(), to); err != nil {
			t.Fatalf("to %s: %v", to, err)
		}
		b.at(t, to)
		b.fed(t, 1)
	}
}

func moveTwice(t *testing.T, b Bench) {
	path := b.path(t)
	for range 3 {
		if err := path.Move(t.Context(), b.station()); err != nil {
			t.Fatal(err)
		}
	}
	b.at(t, b.station())
	b.fed(t, 1)
}

func noSuchPlace(t *testing.T, b Bench) {
	path := b.path(t)
	places := []printer.Position{printer.PositionNone, printer.PositionUnknown, "elsewhere"}
	if !b.Printer.Capabilities().Contactless {
		places = append(places, printer.PositionContactless)
	}
	for _, to := range places {
		if err := path.Move(t.Context(), to); printer.ClassOf(err) != printer.ClassUnsupported {
			t.Errorf("move to %q: %v", to, err)
		}
	}
	if err := path.Eject(t.Context(), "elsewhere"); printer.ClassOf(err) != printer.ClassUnsupported {
		t.Errorf("eject: %v", err)
	}
	b.at(t, printer.PositionNone)
	b.fed(t, 0)
}

func traysTakeCards(t *testing.T, b Bench) {
	path := b.path(t)
	can(t, b.Trays != nil, b.Inside != nil)
	var ways []printer.Tray
	for range 2 {
		ways = append(ways, printer.TrayOutput)
		if b.Printer.Capabilities().RejectTray {
			ways = append(ways, printer.TrayReject)
		}
	}
	var want [2][]string
	for _, tray := range ways {
		if err := path.Move(t.Context(), b.station()); err != nil {
			t.Fatal(err)
		}
		card, ok := b.Inside()
		if !ok {
			t.Fatal("no card inside after a move")
		}
		if err := path.Eject(t.Context(), tray); err != nil {
			t.Fatal(err)
		}
		b.at(t, printer.PositionNone)
		i := 0
		if tray == printer.TrayReject {
			i = 1
		}
		want[i] = append(want[i], card.Serial)
	}
	output, reject := b.Trays()
	for i, got := range [2][]Card{output, reject} {
		if len(got) != len(want[i]) {
			t.Fatalf("tray %d holds %d cards, want %d", i, len(got), len(want[i]))
		}
		for j := range got {
			if got[j].Serial != want[i][j] {
				t.Errorf("tray %d holds %s at %d, want %s", i, got[j].Serial, j, want[i][j])
			}
		}
	}
	b.fed(t, len(ways))
}

func ejectNothing(t *testing.T, b Bench) {
	path := b.path(t)
	can(t, b.Trays != nil)
	trays := []printer.Tray{printer.TrayOutput}
	if b.Printer.Capabilities().RejectTray {
		trays = append(trays, printer.TrayReject)
	}
	for _, tray := range trays {
		if err := path.Eject(t.Context(), tray); !errors.Is(err, printer.ErrNothingInside) || printer.ClassOf(err) != printer.ClassCardPosition {
			t.Errorf("%s: %v", tray, err)
		}
	}
	if output, reject := b.Trays(); len(output)+len(reject) != 0 {
		t.Errorf("%d cards in the output, %d in the reject tray", len(output), len(reject))
	}
	b.fed(t, 0)
}

func purge(t *testing.T, b Bench) {
	path := b.path(t)
	can(t, b.Trays != nil)
	if !b.Printer.Capabilities().RejectTray {
		if err := path.Purge(t.Context()); printer.ClassOf(err) != printer.ClassUnsupported {
			t.Errorf("purge: %v", err)
		}
		b.fed(t, 0)
		return
	}
	if err := path.Purge(t.Context()); err != nil {
		t.Fatalf("empty: %v", err)
	}
	b.fed(t, 0)
	if err := path.Move(t.Context(), b.station()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time behind the card
		if err := path.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	b.at(t, printer.PositionNone)
	if output, reject := b.Trays(); len(output) != 0 || len(reject) != 1 {
		t.Errorf("%d cards in the output, %d in the reject tray", len(output), len(reject))
	}
	b.fed(t, 1)
}

func flip(t *testing.T, b Bench) {
	path := b.path(t)
	if !b.Printer.Capabilities().FlipCommand {
		if err := path.Flip(t.Context()); printer.ClassOf(err) != printer.ClassUnsupported {
			t.Errorf("flip: %v", err)
		}
		b.fed(t, 0)
		return
	}
	if err := path.Move(t.Context(), printer.PositionPrint); err != nil {
		t.Fatal(err)
	}
	if err := path.Flip(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.fed(t, 1)
}

func canceledBefore(t *testing.T, b Bench) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if path, ok := b.Printer.(printer.Path); ok {
		if err := path.Move(ctx, b.station()); !errors.Is(err, context.Canceled) {
			t.Errorf("move: %v", err)
		}
		if err := path.Eject(ctx, printer.TrayOutput); !errors.Is(err, context.Canceled) {
			t.Errorf("eject: %v", err)
		}
	}
	if _, err := b.Printer.Status(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("status: %v", err)
	}
	b.at(t, printer.PositionNone)
	b.fed(t, 0)
}

// lostAnswer: an error does not say whether the card moved, the position does.
func lostAnswer(t *testing.T, b Bench) {
	path := b.path(t)
	can(t, b.LoseAnswer != nil)
	b.LoseAnswer()
	if err := path.Move(t.Context(), b.station()); printer.ClassOf(err) != printer.ClassComm {
		t.Errorf("got %v", err)
	}
	b.at(t, b.station())
	if err := path.Move(t.Context(), b.station()); err != nil {
		t.Error(err)
	}
	b.at(t, b.station())
	b.fed(t, 1)
}

// powerCut: the card stays where it is; Clear sets the printer up again.
func powerCut(t *testing.T, b Bench) {
	path := b.path(t)
	can(t, b.Power.Do != nil, b.Inside != nil)
	if err := path.Move(t.Context(), b.station()); err != nil {
		t.Fatal(err)
	}
	b.Power.Do()
	if _, err := b.Printer.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm {
		t.Errorf("status without power: %v", err)
	}
	if err := path.Move(t.Context(), printer.PositionPrint); printer.ClassOf(err) != printer.ClassComm {
		t.Errorf("move without power: %v", err)
	}
	b.Power.Undo()
	if err := path.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := b.status(t); st.Error != printer.ClassNone {
		t.Errorf("after Clear: %+v", st)
	}
	b.at(t, b.station())
	if err := b.Printer.Print(t.Context(), b.job()); err != nil {
		t.Fatal(err)
	}
	if _, inside := b.Inside(); inside != b.Printer.Capabilities().HoldAfterPrint {
		t.Errorf("inside after the print: %v", inside)
	}
	b.fed(t, 1)
}

// Emptied lets a card that is inside leave: that there is none is no error then.
func Emptied(err error) error {
	if errors.Is(err, printer.ErrNothingInside) {
		return nil
	}
	return err
}
