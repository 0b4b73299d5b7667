package evolis

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"blanko/emulator/printer"
)

// Config is how this printer speaks.
type Config struct {
	Type     string // answer to Rtp; empty: maker and model of the machine
	Firmware string
	HeadKit  string
	MAC, IP  string
	Set      CommandSet
	// DisarmAfterEject: an eject that was armed with Pneab;A;1 is disarmed by the eject itself.
	// Off, it stays armed until Pneab;A;0 or Pneab;E. Public sources leave it open.
	DisarmAfterEject bool
	// SplitReplies cuts every answer into pieces of so many bytes; 0: an answer is one piece.
	SplitReplies int
	// KeepStale: a new connection finds the rest of an unfinished command and unread answers of
	// the one before.
	KeepStale bool
	// Trace sees every command (name and text fields, never data) with its answer. It is called
	// from the device's own goroutine.
	Trace func(command, reply string)
}

// CommandSet is what the firmware knows. The newer one has the settings Pcim, Pcem, Pcrm, Pneab,
// Psmgr and Pbc and panels with 8 bits, and answers Rlr;p with OK when no card is inside.
type CommandSet string

const (
	SetOfModel CommandSet = ""
	SetOlder   CommandSet = "older"
	SetNewer   CommandSet = "newer"
)

// newerModels have the newer set. For the KC200 a public program shows it; for the Primacy 2 it
// is our assumption.
var newerModels = map[string]bool{"KC200": true, "Primacy 2": true}

// Limits of the memory between host and printer.
const (
	inputLimit  = 4 << 20  // Write waits while more than this is not yet taken
	outputLimit = 64 << 10 // answers beyond this that nobody reads are lost
)

// ErrClosed is the end of the connection by the host itself.
var ErrClosed = errors.New("the connection is closed")

// Device is one printer at the end of a cable.
type Device struct {
	m     *printer.Machine
	cfg   Config
	newer bool // the newer command set
	stop  context.CancelFunc
	done  chan struct{} // closed when the worker has ended
	ctx   context.Context

	// Between host and worker.
	mu          sync.Mutex
	changed     chan struct{}
	parser      parser
	in          []byte
	out         [][]byte
	outSize     int
	held        [][]byte // late answers
	waiting     int      // hosts that wait in Read
	cuts, pulls int      // of the machine, when buffers were last emptied
	host        int      // counts connections
	downloads   int      // panels taken since Ss
	taken       int      // commands taken
	script      []Fault
	findings    []Finding
	lost        int

	// The worker's own.
	set             settings
	seq             sequence
	last            []laid // for Sc
	memory          [2]map[byte]*panel
	tracks          [4]string
	fault           error // the error state, until Scs or Srs
	myCuts, myPulls int
}

// Finding is something in the host's bytes that a printer would take badly.
type Finding struct {
	Command int    `json:"command"` // number of the command on this connection, from 1
	Text    string `json:"text"`
}

// New connects a machine. The device works on its own goroutine until Close.
func New(m *printer.Machine, cfg Config) *Device {
	if cfg.Type == "" {
		cfg.Type = m.Model().Maker + " " + m.Model().Name
	}
	newer := cfg.Set == SetNewer || cfg.Set == SetOfModel && newerModels[m.Model().Name]
	ctx, stop := context.WithCancel(context.Background())
	d := &Device{m: m, newer: newer, cfg: cfg, ctx: ctx, stop: stop, done: make(chan struct{}), changed: make(chan struct{}), parser: newParser()}
	d.cuts, d.pulls = m.Session()
	d.myCuts, d.myPulls = d.cuts, d.pulls
	d.set = freshSettings(errorsByPrinter)
	d.clearMemory()
	go d.work()
	return d
}

// DeviceID is the IEEE 1284 text.
func (d *Device) DeviceID(ctx context.Context) (string, error) {
	if err := d.online(); err != nil {
		return "", err
	}
	model := d.m.Model()
	return fmt.Sprintf("MFG:%s;MDL:%s %s;CLS:PRINTER;SN:%s;", model.Maker, model.Maker, model.Name, d.m.Serial()), ctx.Err()
}

// Close ends the connection and the device's goroutine. The machine stays as it is.
func (d *Device) Close() error {
	d.stop()
	<-d.done
	return nil
}

func (d *Device) online() error {
	if d.ctx.Err() != nil {
		return ErrClosed
	}
	return d.m.Online()
}

// wake tells everybody who waits that a buffer has changed. Called with d.mu held.
func (d *Device) wake() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// settle empties the buffers after a power cut or a pulled cable. Called with d.mu held.
func (d *Device) settle() {
	cuts, pulls := d.m.Session()
	if cuts == d.cuts && pulls == d.pulls {
		return
	}
	if cuts != d.cuts {
		d.parser = newParser()
	}
	d.cuts, d.pulls = cuts, pulls
	d.in, d.out, d.held, d.outSize, d.downloads = nil, nil, nil, 0, 0
	d.wake()
}

// Write sends all of p to the printer. It waits while the printer's buffer is full and spends
// the time of the transfer. An error leaves open how much has arrived.
func (d *Device) Write(ctx context.Context, p []byte) error {
	if err := d.online(); err != nil {
		return err
	}
	if bulk := d.m.Model().Timing.Bulk; bulk > 0 {
		if err := d.m.Spend(ctx, time.Duration(len(p))*time.Second/time.Duration(bulk)); err != nil {
			return err
		}
	}
	for {
		machine := d.m.Changed()
		if err := d.online(); err != nil {
			return err
		}
		d.mu.Lock()
		d.settle()
		if len(d.in) < inputLimit {
			at := d.cut(p)
			if at >= 0 {
				p = p[:at]
			}
			d.in = append(d.in, p...)
			if len(p) > 0 && len(d.held) > 0 {
				for _, b := range d.held {
					d.queue(b)
				}
				d.held = nil
			}
			d.wake()
			d.mu.Unlock()
			if at >= 0 {
				d.m.Unplug()
				return printer.ErrUnplugged
			}
			return nil
		}
		changed := d.changed
		d.mu.Unlock()
		select {
		case <-changed:
		case <-machine:
		case <-ctx.Done():
			return ctx.Err()
		case <-d.ctx.Done():
			return ErrClosed
		}
	}
}

// Read waits for at least one byte of an answer and returns what has come, at most len(p) and
// at most one answer.
func (d *Device) Read(ctx context.Context, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, ctx.Err()
	}
	d.mu.Lock()
	d.waiting++
	d.wake()
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.waiting--
		d.mu.Unlock()
	}()
	for {
		machine := d.m.Changed()
		if err := d.online(); err != nil {
			return 0, err
		}
		d.mu.Lock()
		d.settle()
		if len(d.out) > 0 {
			n := copy(p, d.out[0])
			d.outSize -= n
			if d.out[0] = d.out[0][n:]; len(d.out[0]) == 0 {
				d.out = d.out[1:]
			}
			d.mu.Unlock()
			return n, nil
		}
		changed := d.changed
		d.mu.Unlock()
		select {
		case <-changed:
		case <-machine:
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-d.ctx.Done():
			return 0, ErrClosed
		}
	}
}

// work takes commands one after the other until Close.
func (d *Device) work() {
	defer close(d.done)
	for d.ctx.Err() == nil {
		d.mu.Lock()
		d.settle()
		asked := session{d.cuts, d.pulls, d.host}
		c, used := d.parser.next(d.in, d.waiting > 0)
		d.drop(used)
		if c != nil {
			d.taken++
			if _, ok := headerFields[c.name]; ok {
				d.downloads++
			}
			if c.name == "Ss" {
				d.downloads = 0
			}
		}
		changed := d.changed
		d.mu.Unlock()
		d.remind(asked)
		if c == nil {
			select {
			case <-changed:
			case <-d.ctx.Done():
			}
			continue
		}
		d.serve(c, asked)
	}
}

// session is the time in which a command was asked; its answer goes to nobody else.
type session struct{ cuts, pulls, host int }

// drop takes used bytes off the input. Called with d.mu held.
func (d *Device) drop(used int) {
	if used == 0 {
		return
	}
	full := len(d.in) >= inputLimit
	n := copy(d.in, d.in[used:])
	d.in = d.in[:n]
	if full {
		d.wake()
	}
}

// remind forgets what did not survive a power cut or a pulled cable.
func (d *Device) remind(now session) {
	if now.cuts != d.myCuts {
		saved := d.set.pemSaved
		d.forgetSession()
		d.set = freshSettings(saved)
	} else if now.pulls != d.myPulls {
		d.set.newer = freshNewer()
		d.seq = sequence{}
	}
	d.myCuts, d.myPulls = now.cuts, now.pulls
}

// forgetSession is what a reset forgets.
func (d *Device) forgetSession() {
	d.fault = nil
	d.seq = sequence{}
	d.last = nil
	d.clearMemory()
	d.set.newer = freshNewer()
	d.set.pem = d.set.pemSaved
}

func (d *Device) clearMemory() {
	d.memory = [2]map[byte]*panel{{}, {}}
	d.tracks = [4]string{}
}

func (d *Device) setParser(p parser) {
	d.mu.Lock()
	d.parser = p
	d.mu.Unlock()
}

// serve obeys one command and answers it.
func (d *Device) serve(c *command, asked session) {
	card := d.m.Serving()
	f, struck := d.strike(c, card)
	if struck && f.Kind == KindSettingsLost {
		d.set.newer = freshNewer()
	}
	reply, isRead := d.obey(c)
	if d.ctx.Err() != nil {
		return
	}
	if d.cfg.Trace != nil {
		d.cfg.Trace(c.line(), reply)
	}
	if struck {
		switch f.Kind {
		case KindLostReply:
			return
		case KindStrayOK:
			reply = replyOK
		case KindLateReply:
			if d.m.Spend(d.ctx, f.Delay) != nil {
				return
			}
		}
	}
	answer := []byte(reply + "\x00")
	if d.set.pem&ackMode != 0 && !isRead {
		answer = ackOf(reply)
	}
	piece := d.cfg.SplitReplies
	if struck && f.Kind == KindSplitReply {
		piece = 1
	}
	if piece <= 0 {
		piece = len(answer)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settle()
	if asked != (session{d.cuts, d.pulls, d.host}) {
		return // the host that asked is gone
	}
	late := struck && f.Kind == KindLateReply && f.Delay == 0
	for len(answer) > 0 {
		n := min(piece, len(answer))
		if late {
			d.held = append(d.held, answer[:n:n])
		} else {
			d.queue(answer[:n:n])
		}
		answer = answer[n:]
	}
	d.wake()
}

// queue puts an answer where the host finds it. Called with d.mu held.
func (d *Device) queue(b []byte) {
	if d.outSize+len(b) > outputLimit {
		d.lost++
		return
	}
	d.out = append(d.out, b)
	d.outSize += len(b)
}

const (
	ack  = 0x06
	nack = 0x15
)

// ackOf is the answer in the serial ACK mode.
func ackOf(reply string) []byte {
	if reply == replyOK {
		return []byte{ack}
	}
	for _, t := range texts {
		if t.text == reply {
			return []byte{nack, t.letter}
		}
	}
	return []byte{nack, 'T'}
}

// obey does what the command says and returns the answer.
func (d *Device) obey(c *command) (reply string, isRead bool) {
	if c.trouble != "" {
		d.find("%s: %s", c.line(), c.trouble)
		return replyParameters, false
	}
	if read, ok := reads[c.name]; ok {
		if d.m.Spend(d.ctx, d.m.Model().Timing.StatusRead) != nil {
			return "", true
		}
		if text := read(d, c, d.m.Sense()); text != "" {
			return text, true
		}
		return replyParameters, true
	}
	text := replyOK
	act := func() error {
		r, ok := commands[c.name]
		if c.name == "Smr" {
			t, err := d.readStripe(d.ctx, c)
			if err == nil {
				text = t
			}
			return err
		}
		if !ok || r.newer && !d.newer {
			return errUnknown
		}
		return r.do(d, d.ctx, c)
	}
	sort := commands[c.name].sort
	if c.name == "Smr" {
		sort = motion
	}
	if d.fault != nil && (sort == motion || sort == download) {
		text, _ := textOf(d.fault)
		return text, false
	}
	for {
		changed := d.m.Changed()
		err := act()
		switch {
		case err == nil:
			return text, false
		case !lasting(err):
			text, _ := textOf(err)
			if errors.Is(err, errUnknown) {
				d.find("%s: unknown command", c.line())
			}
			return text, false
		case errors.Is(err, printer.ErrPowerOff) || d.ctx.Err() != nil:
			return "", false
		case d.set.byHost():
			d.fault = err
			text, _ := textOf(err)
			return text, false
		}
		// The printer manages errors by itself: it waits for the operator and tries again, on
		// another card if need be.
		select {
		case <-changed:
		case <-d.ctx.Done():
			return "", false
		}
	}
}

// line is the command as text, without data.
func (c *command) line() string {
	s := c.name
	for _, f := range c.fields {
		s += ";" + f
	}
	return fmt.Sprintf("%.80q", s)
}

// find notes something wrong in the host's bytes.
func (d *Device) find(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.findings) < findingsLimit {
		d.findings = append(d.findings, Finding{d.taken, fmt.Sprintf(format, args...)})
	}
}

const findingsLimit = 1000

// Findings lists what was wrong in the host's bytes so far, and what the parser still waits for.
func (d *Device) Findings() []Finding {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := append([]Finding(nil), d.findings...)
	if n := len(d.in); n > 0 {
		out = append(out, Finding{d.taken + 1, fmt.Sprintf("the command is not finished: %d bytes wait for more", n)})
	}
	if d.lost > 0 {
		out = append(out, Finding{d.taken, fmt.Sprintf("%d answers were lost because nobody read", d.lost)})
	}
	return out
}
