package evolis

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"blanko/printer"
)

// pieces delivers bytes in pieces of the given sizes, the last size for the rest.
type pieces struct {
	data  []byte
	sizes []byte
}

func (p *pieces) Read(_ context.Context, b []byte) (int, error) {
	if len(p.data) == 0 {
		return 0, io.EOF
	}
	n := 1
	if len(p.sizes) > 0 {
		n = 1 + int(p.sizes[0])
		if len(p.sizes) > 1 {
			p.sizes = p.sizes[1:]
		}
	}
	n = min(n, len(p.data), len(b))
	copy(b, p.data[:n])
	p.data = p.data[n:]
	return n, nil
}
func (*pieces) Write(context.Context, []byte) error      { return nil }
func (*pieces) DeviceID(context.Context) (string, error) { return "", nil }
func (*pieces) Close() error                             { return nil }
func readAll(t *testing.T, data, sizes []byte) ([]reply, error) {
	t.Helper()
	var r replies
	var out []reply
	link := &pieces{bytes.Clone(data), bytes.Clone(sizes)}
	for {
		text, err := r.next(t.Context(), link)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, text)
	}
}

// Worked bytes of answers.
func TestReplies(t *testing.T) {
	t.Parallel()
	stream := []byte("OK\x00CONTACTLESS CARD\x00312\x005,00 Volts\x00\x00\x00 OK\r\n\x00rest")
	want := []reply{"OK", "CONTACTLESS CARD", "312", "5,00 Volts", "OK"}
	for _, sizes := range [][]byte{{255}, {0}, {1}, {2, 0, 4}, {15}} {
		got, err := readAll(t, stream, sizes)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Fatalf("pieces %v: got %q", sizes, got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("pieces %v: answer %d is %q, want %q", sizes, i, got[i], want[i])
			}
		}
	}
}

func TestReplyWithoutEnd(t *testing.T) {
	t.Parallel()
	for _, n := range []int{300, 100_000} {
		if _, err := readAll(t, bytes.Repeat([]byte{'A'}, n), []byte{255}); !errors.Is(err, errReplyTooLong) {
			t.Errorf("%d bytes without end: %v", n, err)
		}
	}
	if _, err := readAll(t, append(bytes.Repeat([]byte{'A'}, maxReply+1), 0), []byte{255}); !errors.Is(err, errReplyTooLong) {
		t.Errorf("an answer of %d bytes: %v", maxReply+1, err)
	}
	got, err := readAll(t, append(bytes.Repeat([]byte{'A'}, maxReply), 0), []byte{255})
	if err != nil || len(got) != 1 || len(got[0]) != maxReply {
		t.Errorf("an answer of %d bytes: %d answers, %v", maxReply, len(got), err)
	}
}

// The classes of the literal answers (Programming Guide A5013 Rev E and published programs).
func TestTroubles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]printer.Class{
		"OK": printer.ClassNone, "312": printer.ClassNone, "CARD": printer.ClassNone,
		"NO CARD": printer.ClassNone, "CONTACTLESS CARD": printer.ClassNone,
		"FEEDER EMPTY": printer.ClassNoCards, "feeder empty": printer.ClassNoCards,
		"COVER OPEN": printer.ClassCoverOpen,
		"ERR RIBBON": printer.ClassRibbonOut, "ERROR RIBBON": printer.ClassRibbonOut,
		"ERR RIBBON TYPE": printer.ClassRibbonWrong, "ERROR RIBBON TYPE": printer.ClassRibbonWrong,
		"ERR RIB DETECTION": printer.ClassRibbonGone,
		"ERROR TIME OUT":    printer.ClassJam, "ERR TIME": printer.ClassJam, "Time out": printer.ClassJam,
		"ERR CARD":          printer.ClassCardPosition,
		"ERR NEED CLEANING": printer.ClassCleaningDue,
		"ERR PARAMETRES":    printer.ClassUnsupported, "ERROR PARAMETRES": printer.ClassUnsupported,
		"ERR": printer.ClassUnknown, "ERROR": printer.ClassUnknown, "ERROR MAGN": printer.ClassUnknown,
		"ERR WRITE": printer.ClassUnknown,
	} {
		if got := reply(text).trouble(); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]printer.Position{
		"OK": printer.PositionNone, "NO CARD": printer.PositionNone, "CARD": printer.PositionPrint,
		"SMART CARD": printer.PositionContact, "CONTACTLESS CARD": printer.PositionContactless,
		"contactless card": printer.PositionContactless, "ERR CARD": printer.PositionUnknown,
	} {
		if got, ok := reply(text).position(); !ok || got != want {
			t.Errorf("%q is %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"312", "ERR", "COVER OPEN", "CARDS"} {
		if got, ok := reply(text).position(); ok {
			t.Errorf("%q is taken for a position: %q", text, got)
		}
	}
}

func TestVolts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"5,00 Volts": 5, "0,00 Volts": 0, "3,92": 3.92, "0.17 V": 0.17} {
		if got, ok := reply(text).volts(); !ok || got != want {
			t.Errorf("%q is %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "OK", "NaN", "Inf", "-1,0 Volts", "1e9 Volts", "5,0,0 Volts"} {
		if got, ok := reply(text).volts(); ok {
			t.Errorf("%q is taken for a voltage: %v", text, got)
		}
	}
}

// However a stream is cut into reads, the answers are the same; they are printable and
// bounded.
func FuzzReplies(f *testing.F) {
	f.Add([]byte("OK\x00312\x00"), []byte{0, 3})
	f.Add([]byte("\x00\x00ERR RIBBON TYPE\x00CARD"), []byte{7})
	f.Add(bytes.Repeat([]byte{'x'}, 600), []byte{200, 1})
	f.Fuzz(func(t *testing.T, data, sizes []byte) {
		whole, _ := readAll(t, data, []byte{255})
		cut, _ := readAll(t, data, sizes)
		for i := range min(len(whole), len(cut)) {
			if whole[i] != cut[i] {
				t.Fatalf("answer %d: %q and %q", i, whole[i], cut[i])
			}
		}
		for _, r := range append(whole, cut...) {
			if len(r) == 0 || len(r) > maxReply {
				t.Fatalf("answer of %d bytes", len(r))
			}
			for _, c := range []byte(r) {
				if c < ' ' || c > '~' {
					t.Fatalf("answer holds %02x", c)
				}
			}
			r.trouble()
			r.position()
			r.number()
			r.volts()
		}
	})
}
