package trial

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	"blanko/emulator"
	"blanko/emulator/center"
	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/printer"
)

// arena is a print room that lives on while the stations that work in it die.
type arena struct {
	*room
	center   *center.Center
	server   *center.Server
	listener net.Listener
	seats    map[jobs.LineID]*seat

	kinds map[string]string // profile of the card that each blank is for, by its serial

	mu       sync.Mutex
	random   *rand.Rand
	faces    map[string]printer.Side // what a station wanted on a card, by attempt
	mischief map[string]int          // what happened, by name
	yield    *yield                  // of a soak; nil: the cards stay where they are
}

// seat is what one station has in the world: its line, the desk beside it, and what it opened there.
type seat struct {
	line  jobs.LineID
	desk  *emulator.Desk
	shelf []*machine.Plastic // blanks that were counted out to it, beside the hopper

	mu     sync.Mutex
	life   *life // of the process that sits there; nil: none
	cables map[int]emulator.Cable
	fields map[int]field
	opened int
	home   map[*machine.Plastic]string // boxes of cards that were laid on the desk instead of others
	filled int                         // deliveries that lie in the hopper
	vain   int                         // waits while nobody found anything to mend
	full   time.Time                   // until then its disk is
	away   int                         // commands that the reader does not get
	gone   error                       // why
}

// moment is when in an act its station is killed.
type moment int

const (
	beforeAct moment = iota // the act never happens
	amidAct                 // the answer is lost
	afterAct                // a little later, somewhere in the station's own work
	moments
)

// life is one process of a station.
type life struct {
	mu    sync.Mutex
	acts  int
	at    int // the act with which it is killed; 0: never
	when  moment
	later time.Duration
	kill  func(act string)
	due   map[int]accident

	name   string    // empty: nobody else sits down there
	ousted chan bool // told once, when another program takes the line over: whether the cables stay for a while
}

// accident is what happens at one act of a life.
type accident struct {
	name string
	do   func() error
}

const (
	hopperLow = 15   // blanks left when the operator asks for more
	delivery  = 40   // blanks of one delivery to a hopper
	helpAfter = 60   // vain waits until somebody calls the service
	tooLong   = 3000 // vain waits of a line that nobody can help
)

// listen serves the world to the stations.
func (a *arena) listen(socket string) error {
	ln, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	a.listener = ln
	go serve(ln, a.answer)
	return nil
}

func (a *arena) answer(ctx context.Context, c call) reply {
	s := a.seats[jobs.LineID(c.Line)]
	if s == nil {
		return reply{Error: "no such line"}
	}
	r, err := a.pass(ctx, s, c)
	r.Error, r.Full = named(err), s.diskFull()
	return r
}

// pass lets one act happen, with whatever the dice have for this instant.
func (a *arena) pass(ctx context.Context, s *seat, c call) (reply, error) {
	s.mu.Lock()
	l := s.life
	s.mu.Unlock()
	do := worldActs[c.Act]
	if l == nil || do == nil {
		return reply{}, fmt.Errorf("%s: nobody sits there, or the act is unknown", c.Act)
	}
	if slices.Contains([]string{"expected", "wants", "time"}, c.Act) { // asked again and again
		return do(a, ctx, s, c)
	}
	if l.name != "" && c.Life != l.name {
		return left(ctx, c)
	}
	l.mu.Lock()
	l.acts++
	now := l.acts
	m, due := l.due[now]
	if due && m.name == takeover && !atLine(c) { // whoever stands at the desk finishes there
		l.due[now+1], due = m, false
	}
	l.mu.Unlock()
	if due {
		a.happen(m.name)
		if err := m.do(); err != nil {
			return reply{}, err
		}
	}
	if now != l.at {
		return do(a, ctx, s, c)
	}
	what := c.Act
	switch l.when {
	case beforeAct:
		l.kill("before " + what)
		return reply{}, context.Canceled
	case amidAct:
		r, err := do(a, context.WithoutCancel(ctx), s, c)
		l.kill("amid " + what)
		return r, err
	}
	r, err := do(a, ctx, s, c)
	time.AfterFunc(l.later, func() { l.kill("after " + what) })
	return r, err
}

func (a *arena) happen(name string) {
	a.mu.Lock()
	a.mischief[name]++
	a.mu.Unlock()
}

// dice throws one of n.
func (a *arena) dice(n int) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.random.IntN(n)
}

// enter lets a new process sit down: what the one before had opened is closed, and the card that it left
// on the desk is taken up.
func (s *seat) enter(l *life) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.cables {
		_ = c.Close()
	}
	for _, f := range s.fields {
		_ = f.Close()
	}
	s.cables, s.fields, s.life, s.vain = map[int]emulator.Cable{}, map[int]field{}, l, 0
	_ = s.desk.Lift() // into a hand, from where it is laid there again
}

func (s *seat) open() int {
	s.opened++
	return s.opened
}

func (s *seat) cable(n int) (emulator.Cable, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.cables[n]; c != nil {
		return c, nil
	}
	return nil, machine.ErrUnplugged
}

func (s *seat) field(n int) (field, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.fields[n]; f != nil {
		return f, nil
	}
	return nil, machine.ErrNoCard
}

// worldActs are all acts of a station on the world.
var worldActs = map[string]func(*arena, context.Context, *seat, call) (reply, error){
	"connect": func(a *arena, _ context.Context, s *seat, _ call) (reply, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		n := s.open()
		s.cables[n] = a.world.Line(string(s.line)).Device.Connect()
		return reply{Number: n}, nil
	},
	"write": func(_ *arena, ctx context.Context, s *seat, c call) (reply, error) {
		cable, err := s.cable(c.Number)
		if err == nil {
			err = cable.Write(ctx, c.Data)
		}
		return reply{}, err
	},
	"read": func(_ *arena, ctx context.Context, s *seat, c call) (reply, error) {
		cable, err := s.cable(c.Number)
		if err != nil {
			return reply{}, err
		}
		if c.For > 0 {
			var end context.CancelFunc
			ctx, end = context.WithTimeout(ctx, c.For)
			defer end()
		}
		buf := make([]byte, min(c.Size, 1<<16))
		n, err := cable.Read(ctx, buf)
		return reply{Data: buf[:n]}, err
	},
	"device id": func(_ *arena, ctx context.Context, s *seat, c call) (reply, error) {
		cable, err := s.cable(c.Number)
		if err != nil {
			return reply{}, err
		}
		text, err := cable.DeviceID(ctx)
		return reply{Text: text}, err
	},
	"close": func(_ *arena, _ context.Context, s *seat, c call) (reply, error) {
		cable, err := s.cable(c.Number)
		if err == nil {
			err = cable.Close()
		}
		return reply{}, err
	},
	"reader": func(a *arena, _ context.Context, s *seat, c call) (reply, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		n := s.open()
		if c.Desk {
			s.fields[n] = s.desk.Reader()
		} else {
			s.fields[n] = a.machine(s.line).Reader()
		}
		return reply{Number: n}, nil
	},
	"transmit": func(a *arena, ctx context.Context, s *seat, c call) (reply, error) {
		f, err := a.reachable(s, c)
		if err != nil {
			return reply{}, err
		}
		data, err := f.Transmit(ctx, c.Data)
		return reply{Data: data}, err
	},
	"reset": func(a *arena, ctx context.Context, s *seat, c call) (reply, error) {
		f, err := a.reachable(s, c)
		if err != nil {
			return reply{}, err
		}
		data, err := f.Reset(ctx)
		return reply{Data: data}, err
	},
	"put away": func(_ *arena, _ context.Context, s *seat, c call) (reply, error) {
		f, err := s.field(c.Number)
		if err == nil {
			err = f.Close()
		}
		return reply{}, err
	},
	"time": func(a *arena, _ context.Context, s *seat, _ call) (reply, error) {
		return reply{At: a.world.Line(string(s.line)).Clock.Now()}, nil
	},
	"sleep": (*arena).sleep,
	"look": func(a *arena, _ context.Context, s *seat, c call) (reply, error) {
		p := inPath(a.machine(s.line))
		if p == nil {
			return reply{}, fmt.Errorf("no card below the camera")
		}
		a.mu.Lock()
		a.faces[c.Attempt] = c.Front
		a.mu.Unlock()
		return reply{Verdict: look(p, personalize.Face{Panels: printer.Panels{Front: c.Front}})}, nil
	},
	"expected": func(a *arena, _ context.Context, _ *seat, _ call) (reply, error) {
		var r reply
		for _, l := range a.center.Account() {
			if l.Withdrawn == "" {
				r.Names = append(r.Names, l.ID)
			}
		}
		return r, nil
	},
	"suspects": (*arena).suspects,
	"in hand":  (*arena).inHand,
	"lay":      (*arena).lay,
	"mute": func(a *arena, _ context.Context, _ *seat, c call) (r reply, _ error) {
		for _, p := range a.blanks {
			if kdd(p) == c.Doubts[0].Chip && p.Chip.View().Dead {
				r.Names = append(r.Names, p.Serial)
			}
		}
		return r, nil
	},
	"lift":    (*arena).lift,
	"harvest": (*arena).harvest,
	"tell":    (*arena).tell,
	"wants": func(a *arena, _ context.Context, s *seat, _ call) (reply, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if a.inHopper(s.line) > hopperLow || len(s.shelf) < delivery {
			return reply{}, nil
		}
		return reply{Number: s.filled + 1}, nil
	},
	"fill": func(a *arena, _ context.Context, s *seat, c call) (reply, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if c.Number != s.filled+1 {
			return reply{}, nil // it lies there already
		}
		s.filled++
		cards := s.shelf[:delivery]
		s.shelf = s.shelf[delivery:]
		for _, p := range cards {
			if err := p.Take(p.Place()); err != nil {
				return reply{}, err
			}
		}
		return reply{}, a.machine(s.line).Load(cards...)
	},
}

// inHopper counts the blanks in the hopper of a line.
func (a *arena) inHopper(line jobs.LineID) (n int) {
	for _, p := range a.blanks {
		if p.Place() == (machine.Place{At: machine.AtHopper, Holder: a.machine(line).Name()}) {
			n++
		}
	}
	return n
}

// sleep lets a line wait. When a line waits in vain for long, somebody calls the service.
func (a *arena) sleep(ctx context.Context, s *seat, c call) (reply, error) {
	l := a.world.Line(string(s.line))
	acts, err := l.Operator.Step(ctx)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	if s.vain++; len(acts) > 0 {
		s.vain = 0
	}
	vain := s.vain
	s.mu.Unlock()
	if vain == helpAfter {
		l.Machine.FreeSensors()
	}
	if vain > tooLong {
		return reply{}, fmt.Errorf("%w: %v", errInVain, l.Machine.Problems())
	}
	return reply{}, l.Clock.Spend(ctx, c.For)
}

// reachable is a reader, unless it is away, or somebody swaps the card on the desk just now.
func (a *arena) reachable(s *seat, c call) (field, error) {
	s.mu.Lock()
	away, why := !c.Desk && s.away > 0, s.gone
	if away {
		s.away--
	}
	s.mu.Unlock()
	if away {
		return nil, why
	}
	if c.Desk && a.dice(swapEvery[c.Act]) == 0 {
		a.swap(s)
	}
	return s.field(c.Number)
}

// swapEvery is how rarely somebody exchanges the card on the desk, by the act of the reader just before
// which it happens.
var swapEvery = map[string]int{"reset": 20, "transmit": 400}

// swap lays another card of the line that answers on the desk instead of the one that lies there, which
// stays in the hand and is laid there again later.
func (a *arena) swap(s *seat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var others []*machine.Plastic
	for _, p := range a.blanks {
		if at := p.Place(); at.At == machine.AtBox && a.beside(s, at) && !p.Chip.View().Dead {
			others = append(others, p)
		}
	}
	if len(others) == 0 || s.desk.Lift() == nil {
		return
	}
	other := others[a.dice(len(others))]
	home := other.Place().Holder
	if other.Take(other.Place()) != nil || s.desk.Lay(context.Background(), other) != nil {
		return
	}
	s.home[other] = home
	a.happen(exchange)
}

// suspects are the cards of a line that a person brings to the desk: those whose chip names an attempt in
// doubt, wherever they lie, those that somebody took out of the path, and those in the reject tray that
// nobody has laid on a reader and whose chip tells nothing, since a path that is run clear ends there.
func (a *arena) suspects(_ context.Context, s *seat, c call) (reply, error) {
	if len(c.Doubts) > 0 {
		a.machine(s.line).FreeSensors() // the service looks at a machine with which something is wrong
	}
	if err := a.emptyTrays(s.line); err != nil {
		return reply{}, err
	}
	var r reply
	for _, p := range a.blanks {
		at := p.Place()
		if at.At != machine.AtBox && at.At != machine.AtHand || !a.beside(s, at) {
			continue
		}
		loose := at.From == machine.AtPath || at.At == machine.AtHand ||
			at.From == machine.AtReject && p.Chip.View().State == "blank"
		asked := slices.ContainsFunc(c.Doubts, func(d doubtful) bool {
			return d.Attempt == ktp.AttemptID(p.Chip.View().Attempt).String() || d.Chip != "" && d.Chip == kdd(p)
		})
		if loose || asked {
			r.Names = append(r.Names, p.Serial)
		}
	}
	return r, nil
}

// inHand are the cards that the persons of a line and its desk hold.
func (a *arena) inHand(_ context.Context, s *seat, _ call) (r reply, err error) {
	for _, p := range a.blanks {
		if at := p.Place(); at.At == machine.AtHand && a.beside(s, at) {
			r.Names = append(r.Names, p.Serial)
		}
	}
	return r, nil
}

// beside tells whether a card lies with a line or with its desk.
func (a *arena) beside(s *seat, at machine.Place) bool {
	l := a.world.Line(string(s.line))
	return slices.Contains([]string{
		string(s.line), s.desk.Name, l.Box(machine.AtPath), l.Box(machine.AtReject), l.Box(machine.AtOutput), l.Box(machine.AtBezel),
		boxOutput + " " + string(s.line), boxReject + " " + string(s.line),
	}, at.Holder)
}

func (a *arena) card(serial string) *machine.Plastic {
	i := slices.IndexFunc(a.blanks, func(p *machine.Plastic) bool { return p.Serial == serial })
	if i < 0 {
		return nil
	}
	return a.blanks[i]
}

// lay puts a card on the desk reader.
func (a *arena) lay(ctx context.Context, s *seat, c call) (reply, error) {
	p := a.card(c.Serial)
	if p == nil {
		return reply{}, fmt.Errorf("there is no card %s", c.Serial)
	}
	if p.Place().At == machine.AtBox {
		if err := p.Take(p.Place()); err != nil {
			return reply{}, err
		}
	}
	return reply{}, s.desk.Lay(ctx, p)
}

// lift takes the card from the desk and lays it into a box. Text is its serial, empty when none lies there.
func (a *arena) lift(_ context.Context, s *seat, c call) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.desk.Lift()
	if p == nil {
		return reply{}, nil
	}
	box := boxReject + " " + string(s.line)
	switch {
	case c.Serial != "" && c.Serial != p.Serial: // the clerk sees that it is another one
		box = s.home[p]
	case c.Tray == string(printer.TrayOutput):
		box = boxOutput + " " + string(s.line)
	}
	return reply{Text: p.Serial}, p.Box(box)
}

var errInVain = errors.New("the line waits for a person in vain")
