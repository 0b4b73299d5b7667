package usb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"blanko/fault"
)

// TestCodeOf: gousb shows a code at the end of an error's text, also where it wraps it without its type.
func TestCodeOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want code
	}{
		{nil, 0},
		{errors.New("libusb: device or resource busy [code -6]"), codeBusy},
		{fmt.Errorf("failed to claim interface 0 on vid=0f49: %v", errors.New("libusb: bad access [code -3]")), codeAccess},
		{errors.New("libusb: no device [code -4]"), codeNoDevice},
		{errors.New("transfer was cancelled"), 0},
		{errors.New("libusb: odd [code -99999999999999999999]"), 0},
	} {
		if got := codeOf(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}

// TestFind: a printer is its serial number, never its place and never the first one.
func TestFind(t *testing.T) {
	t.Parallel()
	one := Device{Vendor: 0x0F49, Product: 0x0200, Serial: "1000", Place: "1-1"}
	two := Device{Vendor: 0x0F49, Product: 0x0200, Serial: "2000", Place: "1-2"}
	shut := Device{Vendor: 0x0F49, Product: 0x0200, Place: "1-3", Fault: string(NotAllowed.Code)}
	for _, c := range []struct {
		name string
		want Identity
		list []Device
		at   string
		code fault.Code
	}{
		{"by serial number", Identity{Serial: "2000"}, []Device{one, two}, "1-2", ""},
		{"plugged the other way round", Identity{Serial: "2000"}, []Device{two, one}, "1-2", ""},
		{"by model and serial number", Identity{Vendor: 0x0F49, Product: 0x0200, Serial: "1000"}, []Device{one, two}, "1-1", ""},
		{"another maker's with this number", Identity{Vendor: 0x2166, Serial: "1000"}, []Device{one, two}, "", NotPluggedIn.Code},
		{"two of a model, no number", Identity{Vendor: 0x0F49}, []Device{one, two}, "", Ambiguous.Code},
		{"away", Identity{Serial: "3000"}, []Device{one, two}, "", NotPluggedIn.Code},
		{"one that may not be opened", Identity{Vendor: 0x0F49, Serial: "3000"}, []Device{one, shut}, "", NotAllowed.Code},
		{"nothing there", Identity{Serial: "1000"}, nil, "", NotPluggedIn.Code},
	} {
		got, err := c.want.find(c.list)
		if got.Place != c.at || fault.CodeOf(err) != c.code {
			t.Errorf("%s: %q, %v", c.name, got.Place, err)
		}
	}
}

// taker takes at most so many bytes in each transfer and fails at its turn.
type taker struct {
	got    bytes.Buffer
	most   int
	turns  int
	failAt int
	err    error
}

func (k *taker) WriteContext(_ context.Context, p []byte) (int, error) {
	if k.turns++; k.turns == k.failAt {
		return len(p), k.err // what a broken transfer says of its length is not to be believed
	}
	n := min(len(p), k.most)
	k.got.Write(p[:n])
	return n, nil
}

func TestSendCounts(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("0123456789abcdef"), 5000)
	broken := errors.New("transfer failed")
	for _, c := range []struct {
		name string
		to   *taker
		n    int
		err  error
	}{
		{"whole chunks", &taker{most: 1 << 20}, len(data), nil},
		{"short writes", &taker{most: 1000}, len(data), nil},
		{"breaks in the third chunk", &taker{most: 1 << 20, failAt: 3, err: broken}, 2 * chunk, broken},
		{"takes nothing", &taker{}, 0, errNothing},
	} {
		n, err := send(t.Context(), new(watch), c.to, data)
		if n != c.n || !errors.Is(err, c.err) {
			t.Errorf("%s: %d, %v; want %d, %v", c.name, n, err, c.n, c.err)
		}
		if !bytes.Equal(c.to.got.Bytes(), data[:c.to.got.Len()]) || c.to.got.Len() != n {
			t.Errorf("%s: %d bytes arrived, %d counted", c.name, c.to.got.Len(), n)
		}
	}
}

// silent never ends a transfer until it is let go.
type silent struct{ let chan struct{} }

func (s silent) WriteContext(context.Context, []byte) (int, error) { <-s.let; return 0, nil }
func (s silent) ReadContext(context.Context, []byte) (int, error)  { <-s.let; return 0, nil }

// TestWatch: a transfer that outlives its context releases the caller, and nothing more is sent.
func TestWatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := silent{make(chan struct{})}
		w := new(watch)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := receive(ctx, w, s, make([]byte, 8)); !fault.Is(err, Stuck) {
			t.Errorf("a read that does not end: %v", err)
		}
		after := &taker{most: 100}
		if _, err := send(t.Context(), w, after, []byte("more")); !fault.Is(err, Stuck) || after.turns > 0 {
			t.Errorf("a write after it: %v, %d transfers", err, after.turns)
		}
		select {
		case <-w.over():
			t.Error("the transfer is said to be over")
		default:
		}
		close(s.let)
		<-w.over()
	})
}

// early answers in the instant in which its context ends.
type early struct{}

func (early) ReadContext(ctx context.Context, p []byte) (int, error) {
	<-ctx.Done()
	return copy(p, "OK"), errors.New("transfer was cancelled")
}

// TestBytesBeforeCancel: what came before the cancel is not thrown away.
func TestBytesBeforeCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := make([]byte, 8)
	if n, err := receive(ctx, new(watch), early{}, b); err != nil || string(b[:n]) != "OK" {
		t.Errorf("%q, %v", b[:n], err)
	}
}

// canceled answers as libusb does when its context ends.
type canceled struct{}

func (canceled) ReadContext(ctx context.Context, _ []byte) (int, error) {
	<-ctx.Done()
	return 0, errors.New("transfer was cancelled")
}

// TestContextErrors: a caller sees its own reason to stop.
func TestContextErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), grace)
		defer cancel()
		if _, err := receive(ctx, new(watch), canceled{}, make([]byte, 8)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a read past its deadline: %v", err)
		}
	})
}
