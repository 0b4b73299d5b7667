package trial

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"blanko/emulator"
	"blanko/emulator/center"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/registry"
	"blanko/station"
	"blanko/web"
	qa "blanko/web/bench"
	"blanko/web/console"
)

// House is a demo that people may walk into: its ledger, who works there, and its virtual world. It is the
// World of web/bench.
type House struct {
	demo *demo

	mu      sync.Mutex
	people  []member
	stop    func()                // the station that runs now
	drain   func()                // has it finish the cards in work
	present bool                  // cards are laid on the desk before it runs again
	center  string                // the deed that changed it
	away    bool                  // nobody comes to a machine
	readers map[string]time.Time  // that were taken away, and when
	mains   *mains                // nil: the house does not live
	read    map[ktp.AttemptID]int // the question by which a card in doubt was last laid on the desk
}

var _ qa.World = (*House)(nil)

// Registry is the ledger.
func (h *House) Registry() *registry.Registry { return h.demo.reg }

// Handler is everything that the house answers: the API, the console, the QA bench.
func (h *House) Handler(log *zap.Logger) (http.Handler, error) {
	return station.Pages(h.demo.reg, visitor, office, issuePlace, log, h.demo.now, func(mux *http.ServeMux, p *web.Problems) {
		qa.Mount(mux, qa.Config{World: h, Problems: p, Style: console.Stylesheet()})
	})
}

// What a house that stays open does by itself.
const (
	houseSpeed   = 10 // of every clock, so that a person can follow a card
	sampleCards  = 6
	sampleBlanks = 2 * sampleCards
)

// houseStation is the name under which the devices of a house tell what they are and how they do.
const houseStation = "DEMO"

// openEyes takes the camera from the last of several lines: its faces are accepted by who is in the house.
func (h *House) openEyes(ctx context.Context) error {
	if len(h.demo.lines) < 2 {
		return nil
	}
	h.demo.room.eyes = map[jobs.LineID]eye{h.demo.lines[len(h.demo.lines)-1]: h.askAboutFace}
	return h.demo.restart(ctx)
}

// askAboutFace asks in the ledger for a printed face, and waits until a person has answered.
func (h *House) askAboutFace(ctx context.Context, f personalize.Face) (personalize.Verdict, error) {
	q, err := h.demo.reg.AskAbout(ctx, f.Attempt, registry.AskFace, "")
	return station.FaceVerdict(q), err
}

// Live keeps the station at work until the context ends. People approve and queue; nobody does it for them.
func (h *House) Live(ctx context.Context) error {
	h.Pace(houseSpeed)
	power, err := openMains(ctx)
	if err != nil {
		return err
	}
	defer power.close()
	h.mu.Lock()
	h.mains = power
	h.mu.Unlock()
	if err := errors.Join(h.enlist(ctx), h.deliver(ctx)); err != nil && ctx.Err() == nil {
		return err
	}
	if err := h.openEyes(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	for {
		run, stop := context.WithCancel(ctx)
		drain := make(chan struct{})
		h.mu.Lock()
		h.stop, h.drain = stop, sync.OnceFunc(func() { close(drain) })
		h.mu.Unlock()
		parts := h.demo.parts
		supply := power.supply()
		parts.Name, parts.Power = houseStation, supply
		for _, l := range parts.Lines {
			clock := h.demo.room.world.Line(string(l.ID)).Clock
			l.Gate = supply.MayFeed
			l.Reader = houseReader{l.Reader, func() bool { return h.readerGone(string(l.ID), clock.Now()) }}
		}
		for _, l := range parts.Lines {
			go h.awaitPresented(run, l.ID)
		}
		station.New(parts).Run(run, drain)
		stop()
		if ctx.Err() != nil {
			return nil
		}
		h.mu.Lock()
		present := h.present
		h.present = false
		h.mu.Unlock()
		if present {
			if err := h.bring(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		}
		if err := h.demo.restart(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// awaitPresented has the station read a card in doubt of a line as soon as somebody says in the console that it lies on
// the reader.
func (h *House) awaitPresented(ctx context.Context, line jobs.LineID) {
	h.mu.Lock()
	read := maps.Clone(h.read)
	h.mu.Unlock()
	if h.demo.reg.AwaitPresented(ctx, line, read) != nil {
		return
	}
	_ = h.Do(ctx, qa.DeedPresent) // this deed never fails
}

// bring lays every card in doubt on the desk reader that can be found: out of a path, or in a tray.
func (h *House) bring(ctx context.Context) error {
	for _, l := range h.demo.parts.Lines {
		there, err := h.demo.reg.Presented(ctx, l.ID)
		if err != nil {
			return err
		}
		h.mu.Lock()
		maps.Copy(h.read, there)
		h.mu.Unlock()
	}
	_, err := h.demo.present(ctx)
	return err
}

// Pace sets the speed of every clock; 0: nothing ever waits.
func (h *House) Pace(speed float64) {
	for _, l := range h.demo.room.world.Lines() {
		l.Clock.SetSpeed(speed)
	}
}

// deliver has the center send records, and blanks for them.
func (h *House) deliver(ctx context.Context) error {
	if err := h.demo.staff.receive(ctx, ktp.ProfileCitizen, sampleBlanks); err != nil {
		return err
	}
	h.demo.supply.Lock()
	h.demo.room.stock(sampleBlanks)
	h.demo.supply.Unlock()
	_, err := h.demo.center.AddRecords(office, sampleCards)
	return err
}

// Room is how everything stands.
func (h *House) Room(ctx context.Context) (qa.Room, error) {
	lines, err := h.demo.reg.Lines(ctx)
	if err != nil {
		return qa.Room{}, err
	}
	h.mu.Lock()
	r := qa.Room{Center: h.center, Away: h.away, Battery: h.mains != nil && h.mains.away.Load()}
	h.mu.Unlock()
	at := map[string]map[machine.At][]qa.Blank{} // by machine
	boxes := map[string][]qa.Blank{}
	for _, p := range h.blanks() {
		place := p.Place()
		switch place.At {
		case machine.AtPath, machine.AtOutput, machine.AtReject, machine.AtBezel:
			if at[place.Holder] == nil {
				at[place.Holder] = map[machine.At][]qa.Blank{}
			}
			at[place.Holder][place.At] = append(at[place.Holder][place.At], seen(p))
		case machine.AtBox, machine.AtHand, machine.AtReader:
			boxes[place.Holder] = append(boxes[place.Holder], seen(p))
		}
	}
	pending := h.demo.room.world.Pending()
	for _, l := range h.demo.room.world.Lines() {
		s := l.Machine.State()
		r.Speed = l.Clock.Speed()
		b := qa.Line{
			ID: l.Name, Model: l.Machine.Model().Name, Clock: l.Clock.Now(), Hopper: s.Hopper, Ribbon: s.Ribbon.Left, RibbonOf: s.Ribbon.Total, Planned: pending[l.Name],
			Path: slices.Concat(at[l.Name][machine.AtPath], at[l.Name][machine.AtBezel]), Output: newest(at[l.Name][machine.AtOutput]), Reject: newest(at[l.Name][machine.AtReject]),
		}
		if s.Path > 0 {
			b.Station = string(s.Station)
		}
		for _, p := range l.Machine.Problems() {
			b.Problems = append(b.Problems, string(p))
		}
		for _, known := range lines {
			if string(known.ID) == l.Name {
				b.Observed, b.Code = known.Observed.State, known.Observed.Reason
			}
		}
		r.Lines = append(r.Lines, b)
	}
	for _, name := range sortedKeys(boxes) {
		r.Boxes = append(r.Boxes, qa.Place{Name: name, Blanks: newest(boxes[name])})
	}
	return r, nil
}

// newest bounds what a page shows of a stack: its newest cards.
func newest(list []qa.Blank) []qa.Blank {
	const most = 12
	return list[max(0, len(list)-most):]
}

func (h *House) blanks() []*machine.Plastic {
	h.demo.supply.Lock()
	defer h.demo.supply.Unlock()
	return slices.Clone(h.demo.room.blanks)
}

func seen(p *machine.Plastic) qa.Blank {
	front, back := p.Prints()
	b := qa.Blank{Serial: p.Serial, Printed: front+back > 0}
	if p.Chip != nil {
		v := p.Chip.View()
		b.State, b.Dead = v.State, v.Dead || p.InField() == nil
	}
	return b
}

func (h *House) find(serial string) (*machine.Plastic, error) {
	for _, p := range h.blanks() {
		if p.Serial == serial {
			return p, nil
		}
	}
	return nil, qa.ErrUnknown
}

// Card is a blank of the world.
func (h *House) Card(serial string) (qa.Card, error) {
	p, err := h.find(serial)
	if err != nil {
		return qa.Card{}, err
	}
	front, back := p.Prints()
	c := qa.Card{Blank: seen(p), Place: fmt.Sprint(p.Place()), Fed: p.Fed(), Prints: front + back}
	if p.Chip == nil {
		return c, nil
	}
	v := p.Chip.View()
	if v.Attempt != [16]byte{} {
		c.Attempt = fmt.Sprintf("%x", v.Attempt)
	}
	if len(v.Files) <= 1 { // EF.PROF is always there
		return c, nil
	}
	decoded, err := chip.Decode(v.Files)
	if err != nil {
		c.Wrong = err.Error()
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err = e.Encode(decoded)
	c.Files = text.String()
	return c, err
}

// Face is the printed front.
func (h *House) Face(serial string) ([]byte, error) {
	p, err := h.find(serial)
	if err != nil {
		return nil, err
	}
	if p.Front.Passes() == 0 {
		return nil, qa.ErrUnknown
	}
	var b bytes.Buffer
	err = png.Encode(&b, p.Front.Picture())
	return b.Bytes(), err
}

// buttons are the faults of the bench, each with the moment at which it is best seen.
var buttons = []struct {
	group string
	fault emulator.Fault
}{
	{"machine", emulator.Fault{Kind: "jam", Step: "panel", Panel: 2}},
	{"machine", emulator.Fault{Kind: "double_feed", Step: "feed"}},
	{"machine", emulator.Fault{Kind: "cover_open", Step: "panel", Panel: 2}},
	{"machine", emulator.Fault{Kind: "hopper_lifted", Step: "feed"}},
	{"machine", emulator.Fault{Kind: "ribbon_torn", Step: "panel", Panel: 2}},
	{"machine", emulator.Fault{Kind: "ribbon_gone", Step: "feed"}},
	{"machine", emulator.Fault{Kind: "ribbon_wrong", Step: "feed"}},
	{"machine", emulator.Fault{Kind: "output_full", Step: "feed"}},
	{"machine", emulator.Fault{Kind: "reject_full", Step: "feed"}},
	{"machine", emulator.Fault{Kind: "cleaning_due", Step: "eject"}},
	{"machine", emulator.Fault{Kind: "card_lost", Step: "contactless"}},
	{"machine", emulator.Fault{Kind: "panel_lost", Step: "panel", Panel: 2}},
	{"machine", emulator.Fault{Kind: "power_cut", Step: "panel", Panel: 2}},
	{"connection", emulator.Fault{Kind: "cable_out", Step: "contactless"}},
	{"connection", emulator.Fault{Kind: readerFault}},
	{"chip", emulator.Fault{Kind: "no_chip"}},
	{"chip", emulator.Fault{Kind: "die", APDU: 20}},
	{"chip", emulator.Fault{Kind: "mute", APDU: 12}},
	{"chip", emulator.Fault{Kind: "field_loss", Page: 60}},
	{"chip", emulator.Fault{Kind: "nvm_error", Page: 40, Lasting: true}},
	{"chip", emulator.Fault{Kind: "corrupt", Page: 60}},
	{"chip", emulator.Fault{Kind: "wrong_transport_key"}},
	{"chip", emulator.Fault{Kind: "foreign_card"}},
	{"chip", emulator.Fault{Kind: "already_active"}},
}

// readerFault is a fault of the house itself: no machine has it.
const readerFault = "reader_gone"

// Faults are the buttons of a line.
func (h *House) Faults(line string) (groups []qa.Group) {
	if h.demo.room.world.Line(line) == nil {
		return nil
	}
	for _, b := range buttons {
		if n := len(groups); n == 0 || groups[n-1].ID != b.group {
			groups = append(groups, qa.Group{ID: b.group})
		}
		g := &groups[len(groups)-1]
		g.Kinds = append(g.Kinds, b.fault.Kind)
	}
	return groups
}

// Break plans a fault for the next moment; that of a chip for the card that is fed next.
func (h *House) Break(line, kind string) error {
	l := h.demo.room.world.Line(line)
	i := slices.IndexFunc(buttons, func(b struct {
		group string
		fault emulator.Fault
	},
	) bool {
		return b.fault.Kind == kind
	})
	if l == nil || i < 0 {
		return qa.ErrUnknown
	}
	if kind == readerFault {
		h.takeReader(line, l.Clock.Now())
		return nil
	}
	f := buttons[i].fault
	f.Line = line
	if buttons[i].group == "chip" {
		f.Card = l.Machine.State().Fed + 1
	}
	return h.demo.room.world.Plan(f)
}

// Do is one of the deeds of the bench.
func (h *House) Do(ctx context.Context, deed string) error {
	late := center.Behavior{Delay: 5 * time.Second}
	switch deed {
	case qa.DeedDeliver:
		return h.deliver(ctx)
	case qa.DeedCut:
		h.behave(deed, center.Behavior{Away: true})
	case qa.DeedSlow:
		h.behave(deed, late)
	case qa.DeedDouble:
		h.behave(deed, center.Behavior{Duplicate: true})
	case qa.DeedHeal:
		h.behave("", center.Behavior{})
	case qa.DeedAway, qa.DeedCall:
		h.mu.Lock()
		defer h.mu.Unlock()
		h.away = deed == qa.DeedAway
		for _, l := range h.demo.room.world.Lines() {
			if h.away {
				l.Operator.Leave()
			} else {
				l.Operator.Call()
			}
		}
	case qa.DeedBattery, qa.DeedMains:
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.mains != nil {
			h.mains.away.Store(deed == qa.DeedBattery)
		}
	case qa.DeedRestart:
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.stop != nil {
			h.stop()
		}
	case qa.DeedPresent: // a line reads between two cards
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.present = true; h.drain != nil {
			h.drain()
		}
	default:
		return qa.ErrUnknown
	}
	return nil
}

func (h *House) behave(as string, b center.Behavior) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.center = as
	h.demo.center.Behave(b)
}

// Scenarios lists those that come with the product.
func (h *House) Scenarios() (list []qa.Scenario) {
	for _, name := range Scenarios() {
		s, err := ShippedScenario(name)
		if err != nil {
			continue // a test reads each of them
		}
		list = append(list, qa.Scenario{Name: name, ID: s.Title.ID, EN: s.Title.EN})
	}
	return list
}

// Play plays a scenario by its name, or a text of one, in a world of its own.
func (h *House) Play(ctx context.Context, name, text string) (qa.Report, error) {
	var s *Scenario
	var err error
	if strings.TrimSpace(text) != "" {
		s, err = parseScenario("scenario.yaml", []byte(text))
	} else if slices.Contains(Scenarios(), name) {
		s, err = ShippedScenario(name)
	} else {
		return qa.Report{}, qa.ErrUnknown
	}
	if err != nil {
		return qa.Report{Mistakes: strings.Split(err.Error(), "\n")}, nil
	}
	o, err := s.Run(ctx, h.demo.log)
	if err != nil {
		return qa.Report{}, err
	}
	r := qa.Report{Name: o.Name, ID: o.Title.ID, EN: o.Title.EN, Held: o.Held(), Counts: o.counts(), Wrong: o.told(), Files: map[string][]byte{}}
	for _, c := range o.Story {
		r.Story = append(r.Story, qa.Told("scene", c.Line, c.Card, c.told))
	}
	for _, format := range qa.Formats {
		var b bytes.Buffer
		if err := Report(&b, "."+format, []Outcome{o}); err != nil {
			return r, err
		}
		r.Files[format] = b.Bytes()
	}
	return r, nil
}

// Approve approves and queues so many records that are print ready, once they are there: one person
// approves, another queues.
func (h *House) Approve(ctx context.Context, n int) error {
	for n > 0 {
		changed := h.demo.reg.Changed()
		ready, err := h.demo.reg.ListApplications(ctx, registry.PrintReady, "", n)
		if err != nil {
			return err
		}
		for _, a := range ready {
			if _, err := h.demo.staff.do(ctx, supervisor, registry.Approve{Application: a.ID}); err != nil {
				return err
			}
			if _, err := h.demo.staff.do(ctx, printRoom, registry.Queue{Application: a.ID}); err != nil {
				return err
			}
			n--
		}
		if n == 0 {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
