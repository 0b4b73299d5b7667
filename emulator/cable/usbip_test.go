package cable

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"
)

// usbHost is a host that speaks USB/IP, written from the same protocol text as the server.
type usbHost struct {
	t *testing.T
	net.Conn
	seq uint32
}

// answer is a message of the device's side.
type answer struct {
	command, seq uint32
	status, n    int32
	data         []byte
}

func startHub(t *testing.T, ports ...*USBPort) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- NewUSBHub(ports...).Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func dialHub(t *testing.T, address string) *usbHost {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &usbHost{t: t, Conn: c}
}

func (h *usbHost) send(parts ...any) {
	h.t.Helper()
	var b bytes.Buffer
	for _, p := range parts {
		if err := binary.Write(&b, binary.BigEndian, p); err != nil {
			h.t.Fatal(err)
		}
	}
	if _, err := h.Write(b.Bytes()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *usbHost) read(n int) []byte {
	h.t.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(h, b); err != nil {
		h.t.Fatal(err)
	}
	return b
}

// take imports a device; false where the server refuses.
func (h *usbHost) take(bus string) bool {
	h.t.Helper()
	var id [32]byte
	copy(id[:], bus)
	h.send(uint16(0x0111), uint16(0x8003), uint32(0), id)
	head := h.read(8)
	if !bytes.Equal(head[:4], []byte{0x01, 0x11, 0x00, 0x03}) {
		h.t.Fatalf("answer to an import: % x", head)
	}
	if binary.BigEndian.Uint32(head[4:]) != 0 {
		return false
	}
	h.read(312)
	return true
}

// submit asks for a transfer and returns its number. For IN, n is the length.
func (h *usbHost) submit(in bool, endpoint uint32, setup [8]byte, out []byte, n int) uint32 {
	h.t.Helper()
	h.seq++
	direction := uint32(0)
	if in {
		direction = 1
	}
	h.send(uint32(1), h.seq, uint32(0x10002), direction, endpoint, uint32(0), uint32(n), uint32(0), uint32(0), uint32(0), setup, out)
	return h.seq
}

func (h *usbHost) unlink(victim uint32) uint32 {
	h.t.Helper()
	h.seq++
	h.send(uint32(2), h.seq, uint32(0x10002), uint32(0), uint32(0), victim, [24]byte{})
	return h.seq
}

// next is the next message; in tells whether a transfer's data is expected.
func (h *usbHost) next(in bool) answer {
	h.t.Helper()
	b := h.read(48)
	be := binary.BigEndian
	a := answer{command: be.Uint32(b), seq: be.Uint32(b[4:]), status: int32(be.Uint32(b[20:]))}
	if a.command == 3 {
		a.n = int32(be.Uint32(b[24:]))
		if in && a.n > 0 {
			a.data = h.read(int(a.n))
		}
	}
	return a
}

// control is one control transfer, to its end.
func (h *usbHost) control(kind, request byte, value, index uint16, length int) answer {
	h.t.Helper()
	in := kind&0x80 != 0
	s := [8]byte{kind, request, byte(value), byte(value >> 8), byte(index), byte(index >> 8), byte(length), byte(length >> 8)}
	h.submit(in, 0, s, nil, length)
	return h.next(in)
}

func (h *usbHost) write(p []byte) answer {
	h.t.Helper()
	h.submit(false, 1, [8]byte{}, p, len(p))
	return h.next(false)
}

func (h *usbHost) readIn(n int) answer {
	h.t.Helper()
	h.submit(true, 2, [8]byte{}, nil, n)
	return h.next(true)
}

// echo is a printer that answers every write with the same bytes, each in one piece.
type echo struct {
	mu      sync.Mutex
	heard   [][]byte
	changed chan struct{}
	waiting chan struct{} // holds one token where a Read has begun to wait
}

func newEcho() *echo { return &echo{changed: make(chan struct{}), waiting: make(chan struct{}, 1)} }

func (e *echo) Write(ctx context.Context, p []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, bytes.Clone(p))
	close(e.changed)
	e.changed = make(chan struct{})
	return nil
}

func (e *echo) Read(ctx context.Context, p []byte) (int, error) {
	for {
		e.mu.Lock()
		if len(e.heard) > 0 {
			n := copy(p, e.heard[0])
			if e.heard[0] = e.heard[0][n:]; len(e.heard[0]) == 0 {
				e.heard = e.heard[1:]
			}
			e.mu.Unlock()
			return n, nil
		}
		changed := e.changed
		e.mu.Unlock()
		select {
		case e.waiting <- struct{}{}:
		default: // no test waits for it
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

const echoID = "MFG:Maker;MDL:Echo;CLS:PRINTER;SN:42;"

func (e *echo) DeviceID(context.Context) (string, error) { return echoID, nil }

var echoUSB = USBDescription{Vendor: 0x0f49, Product: 0x1234, Release: 0x0100, Manufacturer: "Maker", Name: "Echo", Serial: "42"}

// echoPort is an echo behind a plug; made counts its connections.
func echoPort() (p *USBPort, last *echo, made *int) {
	last, made = newEcho(), new(int)
	return NewUSBPort(NewUSBPrinter(echoUSB, func() ByteLink {
		*made++
		last.mu.Lock()
		last.heard = nil
		last.mu.Unlock()
		return last
	}, nil)), last, made
}

// plugged is a host that has taken and configured an echo.
func plugged(t *testing.T) (*usbHost, *USBPort, *echo) {
	t.Helper()
	p, e, _ := echoPort()
	h := dialHub(t, startHub(t, p))
	if !h.take("1-1") {
		t.Fatal("the device was refused")
	}
	if a := h.control(0x00, 9, 1, 0, 0); a.status != 0 {
		t.Fatalf("SET_CONFIGURATION: %+v", a)
	}
	return h, p, e
}

func TestUSBIPListsDevices(t *testing.T) {
	t.Parallel()
	first, _, _ := echoPort()
	second, _, _ := echoPort()
	address := startHub(t, first, second)
	list := func() (ids []string) {
		h := dialHub(t, address)
		h.send(uint16(0x0111), uint16(0x8005), uint32(0))
		if head := h.read(8); !bytes.Equal(head, []byte{1, 0x11, 0, 5, 0, 0, 0, 0}) {
			t.Fatalf("answer % x", head)
		}
		for range binary.BigEndian.Uint32(h.read(4)) {
			r := h.read(312)
			if got := r[256+32:]; !bytes.Equal(got[8:], []byte{0, 0, 0, 3, 0x0f, 0x49, 0x12, 0x34, 1, 0, 0, 0, 0, 1, 1, 1}) {
				t.Errorf("record ends % x", got)
			}
			if i := h.read(4); !bytes.Equal(i, []byte{7, 1, 2, 0}) {
				t.Errorf("interface % x", i)
			}
			ids = append(ids, string(bytes.TrimRight(r[256:256+32], "\x00")))
		}
		return ids
	}
	if got := fmt.Sprint(list()); got != "[1-1 1-2]" {
		t.Errorf("devices %s", got)
	}
	h := dialHub(t, address)
	if !h.take("1-2") {
		t.Fatal("1-2 was refused")
	}
	if got := fmt.Sprint(list()); got != "[1-1]" {
		t.Errorf("devices %s while 1-2 is in use", got)
	}
	if dialHub(t, address).take("1-2") {
		t.Error("two hosts hold one device")
	}
	if dialHub(t, address).take("1-3") {
		t.Error("a host holds a device that is none")
	}
	first.Pull()
	if got := fmt.Sprint(list()); got != "[]" {
		t.Errorf("devices %s with one plug out and one in use", got)
	}
}

func TestUSBIPBeyondLoopback(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"0.0.0.0", "::", "192.0.2.1"} {
		if err := NewUSBHub().Serve(t.Context(), beyond{net.ParseIP(at)}); err == nil {
			t.Errorf("served on %s", at)
		}
	}
}

// beyond listens at an address that is not the loopback's, and nobody ever dials.
type beyond struct{ ip net.IP }

func (b beyond) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (b beyond) Close() error              { return nil }
func (b beyond) Addr() net.Addr            { return &net.TCPAddr{IP: b.ip, Port: 3240} }

// The descriptors, byte by byte, as USB 2.0 lays them out (tables 9-8, 9-10, 9-12, 9-13, 9-15).
func TestUSBDescriptors(t *testing.T) {
	t.Parallel()
	h, _, _ := plugged(t)
	for _, c := range []struct {
		name   string
		value  uint16
		length int
		want   []byte
	}{
		{"device", 0x0100, 64, []byte{18, 1, 0, 2, 0, 0, 0, 64, 0x49, 0x0f, 0x34, 0x12, 0, 1, 1, 2, 3, 1}},
		{"device, first bytes", 0x0100, 8, []byte{18, 1, 0, 2, 0, 0, 0, 64}},
		{"configuration", 0x0200, 255, []byte{
			9, 2, 32, 0, 1, 1, 0, 0xc0, 0,
			9, 4, 0, 0, 2, 7, 1, 2, 0,
			7, 5, 0x01, 2, 0, 2, 0,
			7, 5, 0x82, 2, 0, 2, 0,
		}},
		{"languages", 0x0300, 255, []byte{4, 3, 9, 4}},
		{"serial", 0x0303, 255, []byte{6, 3, '4', 0, '2', 0}},
	} {
		if a := h.control(0x80, 6, c.value, 0, c.length); a.status != 0 || !bytes.Equal(a.data, c.want) {
			t.Errorf("%s: status %d, % x", c.name, a.status, a.data)
		}
	}
	for _, none := range []uint16{0x0304, 0x0600, 0x0f00} {
		if a := h.control(0x80, 6, none, 0, 64); a.status != -32 {
			t.Errorf("descriptor %04x: %+v", none, a)
		}
	}
}

func TestUSBPrinterRequests(t *testing.T) {
	t.Parallel()
	p, e, made := echoPort()
	h := dialHub(t, startHub(t, p))
	h.take("1-1")
	h.control(0x00, 9, 1, 0, 0)
	id := append([]byte{0, byte(2 + len(echoID))}, echoID...)
	if a := h.control(0xa1, 0, 0, 0, 1023); a.status != 0 || !bytes.Equal(a.data, id) {
		t.Errorf("GET_DEVICE_ID: %d %q", a.status, a.data)
	}
	if a := h.control(0xa1, 0, 0, 0, 2); !bytes.Equal(a.data, id[:2]) {
		t.Errorf("GET_DEVICE_ID of two bytes: %q", a.data)
	}
	if a := h.control(0xa1, 1, 0, 0, 1); !bytes.Equal(a.data, []byte{0x18}) {
		t.Errorf("GET_PORT_STATUS: % x", a.data)
	}
	h.write([]byte("unread"))
	if a := h.control(0x21, 2, 0, 0, 0); a.status != 0 || *made != 2 || len(e.heard) != 0 {
		t.Errorf("SOFT_RESET: %+v, %d connections, unread %q", a, *made, e.heard)
	}
	for _, r := range [][3]byte{{0xa1, 9, 4}, {0xc0, 1, 4}, {0x21, 7, 0}} {
		if a := h.control(r[0], r[1], 0, 0, int(r[2])); a.status != -32 {
			t.Errorf("request % x: %+v", r, a)
		}
	}
	if a := h.control(0x80, 8, 0, 0, 1); !bytes.Equal(a.data, []byte{1}) {
		t.Errorf("GET_CONFIGURATION: % x", a.data)
	}
}

// A transfer to the host stays open until the printer has something to say; one from the host
// passes it.
func TestUSBPendingIn(t *testing.T) {
	t.Parallel()
	h, _, e := plugged(t)
	in := h.submit(true, 2, [8]byte{}, nil, 64)
	<-e.waiting
	out := h.submit(false, 1, [8]byte{}, []byte("hello"), 5)
	got := map[uint32]answer{}
	for range 2 {
		// The data of the pending transfer follows its header alone.
		b := h.read(48)
		a := answer{seq: binary.BigEndian.Uint32(b[4:]), status: int32(binary.BigEndian.Uint32(b[20:])), n: int32(binary.BigEndian.Uint32(b[24:]))}
		if a.seq == in {
			a.data = h.read(int(a.n))
		}
		got[a.seq] = a
	}
	if a := got[out]; a.status != 0 || a.n != 5 {
		t.Errorf("out: %+v", a)
	}
	if a := got[in]; a.status != 0 || string(a.data) != "hello" {
		t.Errorf("in: %+v", a)
	}
}

func TestUSBUnlink(t *testing.T) {
	t.Parallel()
	h, _, e := plugged(t)
	begun := h.submit(true, 2, [8]byte{}, nil, 64)
	<-e.waiting
	queued := h.submit(true, 2, [8]byte{}, nil, 64)
	for _, victim := range []uint32{queued, begun} {
		u := h.unlink(victim)
		if a := h.next(false); a.command != 4 || a.seq != u || a.status != -104 {
			t.Errorf("unlink of %d: %+v", victim, a)
		}
	}
	// What is over, or never was, cannot be taken back.
	done := h.submit(false, 1, [8]byte{}, []byte("x"), 1)
	h.next(false)
	for _, victim := range []uint32{done, 1000} {
		u := h.unlink(victim)
		if a := h.next(false); a.command != 4 || a.seq != u || a.status != 0 {
			t.Errorf("unlink of %d: %+v", victim, a)
		}
	}
	if a := h.readIn(64); string(a.data) != "x" {
		t.Errorf("after the unlinks: %+v", a)
	}
}

// No byte is lost between a read and its own cancel: it comes in the read or in the next one.
func TestUSBUnlinkLosesNothing(t *testing.T) {
	t.Parallel()
	h, _, e := plugged(t)
	const rounds = 200
	for i := range rounds {
		in := h.submit(true, 2, [8]byte{}, nil, 64)
		want := fmt.Sprint(i)
		if err := e.Write(t.Context(), []byte(want)); err != nil {
			t.Fatal(err)
		}
		unlink := h.unlink(in)
		var got string
		for {
			b := h.read(48)
			command, seq := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
			if command == 3 {
				if seq != in {
					t.Fatalf("round %d: an answer to %d, which was answered before", i, seq)
				}
				got = string(h.read(int(binary.BigEndian.Uint32(b[24:]))))
			}
			if command == 4 && seq == unlink {
				break
			}
		}
		if got == "" {
			got = string(h.readIn(64).data)
		}
		if got != want {
			t.Fatalf("round %d: %q", i, got)
		}
	}
}

func TestUSBFaults(t *testing.T) {
	t.Parallel()
	t.Run("stall until cleared", func(t *testing.T) {
		t.Parallel()
		h, p, _ := plugged(t)
		p.Plan(USBFault{Kind: USBStall, Pipe: PipeOut, After: 1})
		for i, want := range []int32{0, -32, -32} {
			if a := h.write([]byte("a")); a.status != want {
				t.Errorf("write %d: %+v", i, a)
			}
		}
		if a := h.control(0x82, 0, 0, 1, 2); !bytes.Equal(a.data, []byte{1, 0}) {
			t.Errorf("status of the halted endpoint: % x", a.data)
		}
		if a := h.readIn(64); string(a.data) != "a" {
			t.Errorf("the other endpoint: %+v", a)
		}
		if a := h.control(0x02, 1, 0, 1, 0); a.status != 0 {
			t.Errorf("CLEAR_FEATURE: %+v", a)
		}
		if a := h.write([]byte("b")); a.status != 0 || a.n != 1 {
			t.Errorf("after CLEAR_FEATURE: %+v", a)
		}
	})
	t.Run("babble and noise", func(t *testing.T) {
		t.Parallel()
		h, p, _ := plugged(t)
		p.Plan(USBFault{Kind: USBBabble, Pipe: PipeIn}, USBFault{Kind: USBNoise, Pipe: PipeIn})
		h.write([]byte("kept"))
		for _, want := range []int32{-75, -71} {
			if a := h.readIn(64); a.status != want {
				t.Errorf("%+v, want %d", a, want)
			}
		}
		if a := h.readIn(64); string(a.data) != "kept" {
			t.Errorf("afterwards: %+v", a)
		}
	})
	t.Run("short", func(t *testing.T) {
		t.Parallel()
		h, p, _ := plugged(t)
		p.Plan(USBFault{Kind: USBShort, Pipe: PipeOut})
		if a := h.write([]byte("abcd")); a.status != 0 || a.n != 2 {
			t.Errorf("%+v", a)
		}
		if a := h.readIn(64); string(a.data) != "ab" {
			t.Errorf("arrived: %q", a.data)
		}
	})
	t.Run("refused request", func(t *testing.T) {
		t.Parallel()
		h, p, _ := plugged(t)
		p.Plan(USBFault{Kind: USBStall, Pipe: PipeControl})
		for _, want := range []int32{-32, 0} {
			if a := h.control(0xa1, 1, 0, 0, 1); a.status != want {
				t.Errorf("%+v, want %d", a, want)
			}
		}
	})
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		h, p, _ := plugged(t)
		p.Plan(USBFault{Kind: USBSilent, Pipe: PipeOut})
		out := h.submit(false, 1, [8]byte{}, []byte("a"), 1)
		if a := h.control(0x80, 0, 0, 0, 2); a.status != 0 {
			t.Errorf("another request: %+v", a)
		}
		h.unlink(out)
		if a := h.next(false); a.command != 4 || a.status != -104 {
			t.Errorf("%+v", a)
		}
	})
	t.Run("deaf", func(t *testing.T) {
		t.Parallel()
		h, p, _ := plugged(t)
		p.Plan(USBFault{Kind: USBDeaf, Pipe: PipeIn})
		in := h.submit(true, 2, [8]byte{}, nil, 64)
		for len(p.Pending()) > 0 {
			runtime.Gosched()
		}
		h.unlink(in)
		// The next message is the answer to a later request: the unlink has none.
		if a := h.control(0xa1, 1, 0, 0, 1); a.command != 3 || a.status != 0 || len(a.data) != 1 {
			t.Errorf("%+v", a)
		}
		p.Pull()
		if _, err := h.Read(make([]byte, 1)); err == nil {
			t.Errorf("after the pull: %v", err)
		}
	})
	t.Run("pull", func(t *testing.T) {
		t.Parallel()
		h, p, e := plugged(t)
		p.Plan(USBFault{Kind: USBPull, Pipe: PipeOut})
		h.submit(false, 1, [8]byte{}, []byte("abcd"), 4)
		if _, err := h.Read(make([]byte, 1)); err == nil {
			t.Error("an answer after the pull")
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		if len(e.heard) != 1 || string(e.heard[0]) != "ab" {
			t.Errorf("arrived: %q", e.heard)
		}
		if len(p.Pending()) != 0 {
			t.Errorf("pending: %v", p.Pending())
		}
	})
}

// A plug that is put back is found by the same number, and by a host that lost it.
func TestUSBReplug(t *testing.T) {
	t.Parallel()
	p, _, made := echoPort()
	address := startHub(t, p)
	for i := range 3 {
		h := dialHub(t, address)
		if !h.take("1-1") {
			t.Fatal("the device was refused")
		}
		h.control(0x00, 9, 1, 0, 0)
		if a := h.write([]byte("a")); a.status != 0 {
			t.Errorf("%+v", a)
		}
		if *made != i+1 {
			t.Errorf("%d connections in round %d", *made, i)
		}
		p.Pull()
		if _, err := h.Read(make([]byte, 1)); err == nil {
			t.Error("an answer after the pull")
		}
		if dialHub(t, address).take("1-1") {
			t.Error("the plug is out, and a host took the device")
		}
		p.PutBack()
	}
}

// Messages that no host sends end the connection and nothing else.
func FuzzUSBIP(f *testing.F) {
	f.Add([]byte{0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0})
	f.Add(append([]byte{0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0}, fixed("1-1", 32)...))
	submit := append([]byte{0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0}, fixed("1-1", 32)...)
	submit = append(submit, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 18)
	submit = append(submit, make([]byte, 12)...)
	f.Add(append(submit, 0x80, 6, 0, 1, 0, 0, 18, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, _, _ := echoPort()
		ours, theirs := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = NewUSBHub(p).greet(theirs)
			_ = theirs.Close()
		}()
		go func() { _, _ = io.Copy(io.Discard, ours) }()
		_, _ = ours.Write(b)
		_ = ours.Close()
		<-done
		if !p.free() {
			t.Error("the device is still taken")
		}
	})
}
