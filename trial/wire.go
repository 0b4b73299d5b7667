package trial

import (
	"context"
	"errors"
	"time"

	"blanko/emulator"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"
	maticaUnit "blanko/emulator/printer/matica"

	"blanko/applet"
	"blanko/personalize"
	"blanko/printer"
)

// The wire between a station in one process and the world in another: one call for one act, on a socket of
// the machine. A station that dies drops its connections, as it would drop its cables.

// call is one act of a station on the world.
type call struct {
	Act     string
	Line    string
	Life    string // of the process that asks
	Desk    bool   // the reader of the desk instead of that of the line
	Number  int    // of an opened cable or reader, or of a delivery
	Size    int
	Data    []byte
	For     time.Duration
	Front   printer.Side
	Attempt string
	Doubts  []doubtful
	Serial  string
	Tray    string
}

// doubtful is an attempt in doubt as the persons of the print room are told of it.
type doubtful struct{ Attempt, Chip string }

// reply is what the world answers.
type reply struct {
	Number  int
	Data    []byte
	Text    string
	Names   []string
	At      time.Time
	Verdict personalize.Verdict
	Full    bool // nothing more goes onto the disk of the station for now
	Error   string
}

// worldErrors are the errors of the world that the station tells apart.
var worldErrors = map[string]error{
	"no_card": machine.ErrNoCard, "card_reset": machine.ErrCardReset, "unplugged": machine.ErrUnplugged, "power_off": machine.ErrPowerOff,
	"reader_away": errReaderAway, "mute": chip.ErrMute, "field_lost": chip.ErrFieldLost, "stall": maticaUnit.ErrStall, "canceled": context.Canceled, "late": context.DeadlineExceeded,
}

// errReaderAway: the computer does not see its reader.
var errReaderAway = errors.New("the reader is not there")

// named is an error as it goes over the wire.
func named(err error) string {
	if err == nil {
		return ""
	}
	for name, e := range worldErrors {
		if errors.Is(err, e) {
			return name
		}
	}
	return err.Error()
}

// unnamed is the error at the other end.
func unnamed(name string) error {
	if name == "" {
		return nil
	}
	if e := worldErrors[name]; e != nil {
		return e
	}
	return errors.New(name)
}

// far is the world as a station in another process reaches it.
type far struct {
	threads *threads
	disk    *disk
	life    string
}

// reach is the world behind a socket, for one life of a station.
func reach(socket, life string) far { return far{&threads{socket: socket}, &disk{}, life} }

func (f far) do(ctx context.Context, c call) (reply, error) {
	c.Life = f.life
	r, err := f.threads.ask(ctx, c)
	if err != nil {
		return reply{}, err
	}
	f.disk.fill(r.Full)
	return r, unnamed(r.Error)
}

// farPrinter is a printer of the world.
type farPrinter struct {
	far
	line string
}

func (p farPrinter) Connect() emulator.Cable {
	r, err := p.do(context.Background(), call{Act: "connect", Line: p.line})
	return farCable{p, r.Number, err}
}

// farCable is an open connection to it.
type farCable struct {
	farPrinter
	number int
	err    error // of the opening
}

func (c farCable) act(ctx context.Context, a call) (reply, error) {
	if c.err != nil {
		return reply{}, c.err
	}
	a.Line, a.Number = c.line, c.number
	return c.do(ctx, a)
}

func (c farCable) Write(ctx context.Context, p []byte) error {
	_, err := c.act(ctx, call{Act: "write", Data: p})
	return err
}

// Read waits at the printer's end until its time is over, so that no answer is lost on the way to somebody
// who has just given up.
func (c farCable) Read(ctx context.Context, p []byte) (int, error) {
	a := call{Act: "read", Size: len(p)}
	if end, limited := ctx.Deadline(); limited {
		a.For = max(time.Until(end), time.Nanosecond)
		ctx = context.WithoutCancel(ctx)
	}
	r, err := c.act(ctx, a)
	return copy(p, r.Data), err
}

func (c farCable) DeviceID(ctx context.Context) (string, error) {
	r, err := c.act(ctx, call{Act: "device id"})
	return r.Text, err
}

func (c farCable) Close() error {
	_, err := c.act(context.Background(), call{Act: "close"})
	return err
}

// farField is a reader of the world: the encoder of a line, or the reader of its desk.
type farField struct {
	far
	line   string
	desk   bool
	number int
}

// reader opens one.
func (f far) reader(ctx context.Context, line string, desk bool) (*farField, error) {
	r, err := f.do(ctx, call{Act: "reader", Line: line, Desk: desk})
	return &farField{f, line, desk, r.Number}, err
}

func (f *farField) act(ctx context.Context, c call) (reply, error) {
	c.Line, c.Desk, c.Number = f.line, f.desk, f.number
	r, err := f.do(ctx, c)
	if errors.Is(err, errReaderAway) {
		err = applet.ReaderAway.At("trial.farField", err)
	}
	return r, err
}

func (f *farField) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	r, err := f.act(ctx, call{Act: "transmit", Data: capdu})
	return r.Data, err
}

func (f *farField) Reset(ctx context.Context) ([]byte, error) {
	r, err := f.act(ctx, call{Act: "reset"})
	return r.Data, err
}

func (f *farField) Close() error {
	_, err := f.act(context.Background(), call{Act: "put away"})
	return err
}

// farClock is the clock of a line.
type farClock struct {
	far
	line string
}

func (c farClock) Now() time.Time {
	r, err := c.do(context.Background(), call{Act: "time", Line: c.line})
	if err != nil {
		return batchStart
	}
	return r.At
}

func (c farClock) Sleep(ctx context.Context, d time.Duration) error {
	_, err := c.do(ctx, call{Act: "sleep", Line: c.line, For: d})
	return err
}

// look asks the camera of a line.
func (f far) look(line string) func(context.Context, personalize.Face) (personalize.Verdict, error) {
	return func(ctx context.Context, face personalize.Face) (personalize.Verdict, error) {
		r, err := f.do(ctx, call{Act: "look", Line: line, Front: face.Panels.Front, Attempt: face.Attempt.String()})
		return r.Verdict, err
	}
}
