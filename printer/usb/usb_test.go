package usb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	mute := Device{Vendor: 0x0C1F, Product: 0x1800, Place: "1-4", DeviceID: "MFG:Magicard;MDL:Enduro;CLS:PRINTER;"}
	twin := Device{Vendor: 0x0C1F, Product: 0x1800, Place: "1-5", DeviceID: "MANUFACTURER:Magicard;MODEL: Rio Pro ;"}
	same := Device{Vendor: 0x0C1F, Product: 0x1800, Place: "2-1.3", DeviceID: mute.DeviceID}
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
		{"one that may not be opened, of another maker", Identity{Vendor: 0x2166, Serial: "3000"}, []Device{one, shut}, "", NotPluggedIn.Code},
		{"one whose model may not be asked for", Identity{Model: "Enduro"}, []Device{shut}, "", NotAllowed.Code},
		{"by model of the IEEE 1284 text", Identity{Model: "Enduro"}, []Device{one, mute, twin}, "1-4", ""},
		{"by model in the long form", Identity{Model: "Rio Pro"}, []Device{one, mute, twin}, "1-5", ""},
		{"two without a serial number", Identity{Model: "Enduro"}, []Device{mute, same}, "", Ambiguous.Code},
		{"by place", Identity{Model: "Enduro", Place: "2-1.3"}, []Device{mute, same}, "2-1.3", ""},
		{"another model at the place", Identity{Model: "Enduro", Place: "1-5"}, []Device{mute, twin}, "", NotPluggedIn.Code},
		{"nothing there", Identity{Serial: "1000"}, nil, "", NotPluggedIn.Code},
	} {
		got, err := c.want.find(c.list)
		if got.Place != c.at || fault.CodeOf(err) != c.code {
			t.Errorf("%s: %q, %v", c.name, got.Place, err)
		}
	}
}

// TestUnopened: what libusb says has its own words, and what nobody knows is not taken for a cable.
func TestUnopened(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]fault.Entry{
		"libusb: bad access [code -3]": NotAllowed, "libusb: device or resource busy [code -6]": InUse, "libusb: no device [code -4]": NotPluggedIn,
		"libusb: i/o error [code -1]": NotOpened, "libusb: insufficient memory [code -11]": NoRoom, "libusb: timeout [code -7]": NotOpened, "odd": NotOpened,
	} {
		if err := unopened("usb.test", errors.New(text)); err.Code != want.Code {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestChoose: the language of a card printer is spoken on a printer's interface in both directions.
func TestChoose(t *testing.T) {
	t.Parallel()
	at := func(number int, class, protocol uint8) setting {
		return setting{number: number, class: class, protocol: protocol, in: 1, out: 2}
	}
	oneWay := setting{number: 7, class: classPrinter, protocol: protocolTwoWays, out: 2}
	for _, c := range []struct {
		name  string
		list  []setting
		maker bool
		want  int // -1: none
	}{
		{"two ways before one", []setting{at(0, classPrinter, protocolOneWay), at(1, classPrinter, protocolTwoWays)}, false, 1},
		{"the first of two", []setting{at(0, classPrinter, protocolTwoWays), at(1, classPrinter, protocolTwoWays)}, false, 0},
		{"packets of IEEE 1284.4 last", []setting{at(0, classPrinter, 3), at(1, classPrinter, protocolOneWay)}, false, 1},
		{"never IPP over USB", []setting{at(0, classPrinter, protocolIPPOvUSB)}, true, -1},
		{"a storage before the printer", []setting{at(0, 8, 80), at(1, classPrinter, protocolTwoWays)}, true, 1},
		{"without a way back", []setting{oneWay}, true, -1},
		{"a maker's own class", []setting{at(0, 8, 80), at(1, classVendor, 255)}, true, 1},
		{"a bulk-only printer of a known maker", []setting{at(0, 8, 80)}, true, 0},
		{"a maker's own class of anybody", []setting{at(0, classVendor, 255), at(1, 8, 80)}, false, -1},
		{"nothing", nil, true, -1},
	} {
		got, ok := choose(c.list, c.maker)
		if ok != (c.want >= 0) || ok && got.number != c.want {
			t.Errorf("%s: %+v, %v", c.name, got, ok)
		}
	}
}

// TestRemembered: what the kernel keeps of a device, in the form of its files.
func TestRemembered(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"1-2.3/idVendor": "0f49\n", "1-2.3/manufacturer": "Evolis\n", "1-2.3/product": "Primacy 2\n", "1-2.3/serial": "1000\n",
		"1-2.3:1.0/ieee1284_id": "MFG:Evolis;MDL:Primacy 2;\n", "1-2.31:1.0/ieee1284_id": "MDL:of another;\n", "1-1/product": "half gone\n",
	} {
		file := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	d := Device{Place: "1-2.3"}
	if want := (Device{Manufacturer: "Evolis", Name: "Primacy 2", Serial: "1000", DeviceID: "MFG:Evolis;MDL:Primacy 2;", Place: "1-2.3"}); !d.remembered(root) || d != want {
		t.Errorf("%+v", d)
	}
	for _, place := range []string{"1-1", "1-4"} {
		if d := (Device{Place: place}); d.remembered(root) || d != (Device{Place: place}) {
			t.Errorf("%+v", d)
		}
	}
}

func TestIDText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, want string }{
		{"\x00\x08MDL:X;", "MDL:X;"},
		{"\x08\x00MDL:X;", "MDL:X;"},
		{"\x00\x08MDL:X;\x00\x00", "MDL:X;"},
		{"\xff\xffMDL:X;", "MDL:X;"},
		{"\x00\x00MDL:X;", ""},
		{"\x00\x02", ""},
		{"\x00", ""},
		{"", ""},
	} {
		if got := idText([]byte(c.raw)); got != c.want {
			t.Errorf("%q: %q, want %q", c.raw, got, c.want)
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
	data := bytes.Repeat([]byte("0123456789abcdef"), 4*chunk/16)
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

// TestRules: the group lp gets the printers of every maker that the station knows.
func TestRules(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range makers {
		ids = append(ids, fmt.Sprintf("%04x", m))
	}
	if want := `ATTR{idVendor}=="` + strings.Join(ids, "|") + `"`; !strings.Contains(string(b), want) {
		t.Errorf("%s lacks %s", rulesFile, want)
	}
}
