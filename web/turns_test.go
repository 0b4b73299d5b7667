package web

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"testing"
	"testing/synctest"

	"blanko/fault"
)

func TestTurns(t *testing.T) {
	t.Parallel()
	one := make(turns, 1)
	if err := one.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := one.take(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone: %v", err)
	}
	one.give()
	if err := one.take(t.Context()); err != nil {
		t.Errorf("what was given back: %v", err)
	}
}

// Nobody waits for a turn without end.
func TestTurnThatNeverComes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		if err := make(turns).take(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}

// A picture is decoded when it is its turn, so that uploads do not take all processors; a PDF, which is not
// decoded, waits for nobody.
func TestPicturesWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	for range cap(drawing) {
		if err := drawing.take(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, _, err := Redraw(gone, "picture", b.Bytes())
	_, _, pdf := Scan(gone, "scan", []byte("%PDF-1.4"))
	for range cap(drawing) {
		drawing.give()
	}
	if !fault.Is(err, TooMany) || pdf != nil {
		t.Errorf("while others are drawn: %v, and a PDF %v", err, pdf)
	}
	if _, _, err := Redraw(t.Context(), "picture", b.Bytes()); err != nil || len(drawing) != 0 {
		t.Errorf("afterwards: %v, and %d turns are not given back", err, len(drawing))
	}
}
