package cable

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime"
	"sync"
	"syscall"
	"testing"
)

// driver is vpcd in its normal mode: it listens, and takes a card when it looks for one. As the
// real driver it sends the length and the body of a frame one after the other.
type driver struct {
	t    testing.TB
	ln   *net.TCPListener
	card net.Conn // nil: no card seen
}

func newDriver(t testing.TB) *driver {
	ln, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	d := &driver{t: t, ln: ln}
	t.Cleanup(func() {
		ln.Close()
		d.eject()
	})
	return d
}

func (d *driver) addr() string { return d.ln.Addr().String() }

func (d *driver) eject() {
	if d.card != nil {
		d.card.Close()
		d.card = nil
	}
}

// accept waits for the card to dial in.
func (d *driver) accept() {
	d.t.Helper()
	var err error
	if d.card, err = d.ln.Accept(); err != nil {
		d.t.Fatal(err)
	}
}

func (d *driver) send(body ...byte) error {
	if d.card == nil {
		return net.ErrClosed
	}
	if _, err := d.card.Write(binary.BigEndian.AppendUint16(nil, uint16(len(body)))); err != nil {
		return err
	}
	_, err := d.card.Write(body)
	return err
}

// ask sends a body and reads the reply. As in the driver, nothing and an error both eject the card.
func (d *driver) ask(body ...byte) ([]byte, error) {
	if err := d.send(body...); err != nil {
		return nil, err
	}
	var length [2]byte
	if _, err := io.ReadFull(d.card, length[:]); err != nil {
		d.eject()
		return nil, err
	}
	reply := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(d.card, reply); err != nil {
		d.eject()
		return nil, err
	}
	return reply, nil
}

func (d *driver) want(want []byte, body ...byte) {
	d.t.Helper()
	got, err := d.ask(body...)
	if err != nil || !bytes.Equal(got, want) {
		d.t.Fatalf("% x: % x, %v; want % x", body, got, err, want)
	}
}

var testATR = []byte{0x3B, 0x80, 0x80, 0x01, 0x01}

// testChip echoes commands with 9000 behind, while it has power and nothing else was asked of it.
type testChip struct {
	mu           sync.Mutex
	powered      bool
	resets, offs int
	answer, atr  error         // given instead
	entered      chan struct{} // told at each command, where there is somebody to tell
	hold         bool          // a command ends with its context alone
	reply        []byte
}

func (c *testChip) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entered != nil {
		c.entered <- struct{}{}
	}
	if c.hold {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	switch {
	case c.answer != nil:
		return nil, c.answer
	case !c.powered:
		return nil, errGone
	case c.reply != nil:
		return c.reply, nil
	}
	return append(bytes.Clone(capdu), 0x90, 0x00), nil
}

func (c *testChip) Reset(context.Context) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.resets++
	if c.atr != nil {
		return nil, c.atr
	}
	c.powered, c.answer = true, nil
	return testATR, nil
}

func (c *testChip) PowerOff() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.powered = false
	c.offs++
}

func (c *testChip) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = err
}

type mute struct{}

func (mute) Error() string { return "no answer" }
func (mute) Timeout() bool { return true }

var errGone = errors.New("gone")

func plug(t *testing.T, d *driver) *Slot {
	s := Plug(t.Context(), d.addr())
	t.Cleanup(s.Close)
	return s
}

func insert(t *testing.T, s *Slot, c Chip) {
	t.Helper()
	if err := s.Insert(c); err != nil {
		t.Fatal(err)
	}
}

func TestSlotAnswersTheDriver(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, c := plug(t, d), &testChip{}
	insert(t, s, c)
	if err := s.Insert(c); !errors.Is(err, ErrOccupied) {
		t.Errorf("a second card: %v", err)
	}
	d.accept()
	d.want(testATR, askATR)
	if st := s.State(); !st.Inserted || !st.Seen || st.Err != nil {
		t.Errorf("%+v", st)
	}
	if err := d.send(powerOn); err != nil { // without a reply
		t.Fatal(err)
	}
	d.want(testATR, askATR)
	d.want([]byte{0x00, 0xA4, 0x04, 0x0C, 0x90, 0x00}, 0x00, 0xA4, 0x04, 0x0C)
	if err := d.send(reset); err != nil {
		t.Fatal(err)
	}
	d.want(testATR, askATR)
	if c.resets != 3 { // when it came into the field, power on, reset
		t.Errorf("%d resets", c.resets)
	}
	if err := d.send(powerOff); err != nil {
		t.Fatal(err)
	}
	d.want(testATR, askATR) // the look for a card needs no power
	if c.offs != 1 || c.powered {
		t.Errorf("switched off %d times, has power: %v", c.offs, c.powered)
	}
}

// A frame's length is the only limit (65,535 bytes), in both directions.
func TestSlotLongestFrames(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, c := plug(t, d), &testChip{}
	insert(t, s, c)
	d.accept()
	d.want(testATR, askATR)
	long := bytes.Repeat([]byte{0xA5}, frameLimit-2)
	d.want(append(bytes.Clone(long), 0x90, 0x00), long...)
	longest := bytes.Repeat([]byte{0x5A}, frameLimit)
	c.reply = []byte{0x67, 0x00}
	d.want(c.reply, longest...)
	c.reply = longest
	d.want(longest, 0, 0, 0, 0)
	for _, reply := range [][]byte{append(longest, 0), {}} { // a card that cannot be: it is gone
		c.reply = reply
		if got, err := d.ask(0, 0, 0, 0); !errors.Is(err, io.EOF) {
			t.Fatalf("%d bytes of %d, %v", len(got), len(reply), err)
		}
		goneThenBack(d)
	}
}

// goneThenBack: the driver looks once and finds nobody, then the card again.
func goneThenBack(d *driver) {
	d.t.Helper()
	d.accept()
	if _, err := d.ask(askATR); !errors.Is(err, io.EOF) {
		d.t.Fatalf("a look for a card that is gone: %v", err)
	}
	d.accept()
	d.want(testATR, askATR)
}

// A driver that asks what no driver asks loses the card.
func TestSlotRefusesTheDriver(t *testing.T) {
	t.Parallel()
	for name, frame := range map[string][]byte{
		"empty frame": {0, 0}, "unknown command": {0, 1, 3}, "unknown command, high": {0, 1, 0xFF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDriver(t)
			s := plug(t, d)
			insert(t, s, &testChip{})
			d.accept()
			if _, err := d.card.Write(frame); err != nil {
				t.Fatal(err)
			}
			if n, err := d.card.Read(make([]byte, 1)); n > 0 || err == nil {
				t.Errorf("%d bytes, %v", n, err)
			}
		})
	}
}

// A card that was taken out is gone for the driver before the next one is there.
func TestSlotExchange(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, first, second := plug(t, d), &testChip{}, &testChip{}
	insert(t, s, first)
	d.accept()
	d.want(testATR, askATR)
	s.Remove()
	if first.powered || first.offs == 0 {
		t.Error("the card that was taken out has power")
	}
	if s.State() != (State{}) {
		t.Errorf("%+v", s.State())
	}
	s.Remove() // of an empty slot
	insert(t, s, second)
	if _, err := d.ask(askATR); !errors.Is(err, io.EOF) {
		t.Fatalf("a look for a card that is gone: %v", err)
	}
	d.accept()
	d.want(testATR, askATR)
	if second.resets != 1 || first.resets != 1 {
		t.Errorf("resets: first %d, second %d", first.resets, second.resets)
	}
}

// A card that is pulled out in the middle of a command answers it with nothing at all. The driver
// closes without having looked for a card, so that its next look has to find none.
func TestSlotRemovalDuringCommand(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, c := plug(t, d), &testChip{entered: make(chan struct{}, 1), hold: true}
	insert(t, s, c)
	d.accept()
	d.want(testATR, askATR)
	type result struct {
		reply []byte
		err   error
	}
	answered := make(chan result)
	go func() {
		reply, err := d.ask(0x00, 0x84, 0x00, 0x00, 0x08)
		answered <- result{reply, err}
	}()
	<-c.entered
	s.Remove()
	if r := <-answered; !errors.Is(r.err, io.EOF) {
		t.Fatalf("% x, %v", r.reply, r.err)
	}
	insert(t, s, &testChip{})
	goneThenBack(d)
}

// A mute card makes the command fail. It stays mute until the driver resets it.
func TestSlotMute(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, c := plug(t, d), &testChip{}
	insert(t, s, c)
	d.accept()
	d.want(testATR, askATR)
	c.fail(mute{})
	for range 2 {
		if reply, err := d.ask(0, 0xB0, 0, 0, 0); !errors.Is(err, syscall.ECONNRESET) {
			t.Fatalf("% x, %v", reply, err)
		}
		d.accept()
		d.want(testATR, askATR)
	}
	if c.resets != 1 {
		t.Errorf("%d resets", c.resets)
	}
	if err := d.send(reset); err != nil {
		t.Fatal(err)
	}
	d.want(testATR, askATR)
	d.want([]byte{0, 0xB0, 0, 0, 0, 0x90, 0x00}, 0, 0xB0, 0, 0, 0)
}

// A card that died does not come back, until it does.
func TestSlotDeadCard(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, c := plug(t, d), &testChip{}
	insert(t, s, c)
	d.accept()
	d.want(testATR, askATR)
	c.mu.Lock()
	c.atr = mute{}
	c.mu.Unlock()
	if err := d.send(reset); err != nil {
		t.Fatal(err)
	}
	if reply, err := d.ask(askATR); err == nil {
		t.Fatalf("% x", reply)
	}
	for s.State().Err == nil || s.State().Seen { // the slot is trying the card, every retry
		runtime.Gosched()
	}
	if err := s.State().Err; !errors.As(err, &mute{}) {
		t.Errorf("state of the slot: %v", err)
	}
	c.mu.Lock()
	c.atr = nil
	c.mu.Unlock()
	d.accept()
	d.want(testATR, askATR)
}

// A card that lost its power in the field is gone and comes back without its volatile state.
func TestSlotFieldLost(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, c := plug(t, d), &testChip{}
	insert(t, s, c)
	d.accept()
	d.want(testATR, askATR)
	c.fail(errGone)
	if reply, err := d.ask(0, 0xB0, 0, 0, 0); !errors.Is(err, io.EOF) {
		t.Fatalf("% x, %v", reply, err)
	}
	goneThenBack(d)
	if c.resets != 2 {
		t.Errorf("%d resets", c.resets)
	}
}

// A driver that ends and comes back finds the card again.
func TestSlotOutlivesTheDriver(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, c := plug(t, d), &testChip{}
	insert(t, s, c)
	d.accept()
	d.want(testATR, askATR)
	d.ln.Close()
	d.eject()
	for s.State().Err == nil { // the slot notices
		runtime.Gosched()
	}
	var err error
	if d.ln, err = net.ListenTCP("tcp", d.ln.Addr().(*net.TCPAddr)); err != nil {
		t.Fatal(err)
	}
	d.accept()
	d.want(testATR, askATR)
	if c.resets != 2 {
		t.Errorf("%d resets", c.resets)
	}
}

func TestSlotClosed(t *testing.T) {
	t.Parallel()
	d := newDriver(t)
	s, c := plug(t, d), &testChip{}
	insert(t, s, c)
	d.accept()
	d.want(testATR, askATR)
	s.Close()
	s.Close()
	if _, err := d.ask(askATR); err == nil {
		t.Error("a closed slot answers")
	}
	if c.powered {
		t.Error("the card has power")
	}
	if err := s.Insert(c); !errors.Is(err, ErrClosed) {
		t.Errorf("insert: %v", err)
	}
	// One that no driver ever met.
	alone := Plug(t.Context(), "127.0.0.1:1")
	insert(t, alone, c)
	alone.Close()
}
