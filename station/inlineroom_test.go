package station

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"blanko/emulator"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"
	"blanko/fault"
	"blanko/internal/rig"
	"blanko/ktp"
	device "blanko/printer"
	"blanko/printer/usb"

	wires "blanko/emulator/cable"
)

// inlineRoom is a print room with a printer that has an encoder inside, a reader on the desk, and an operator who
// mends what the printer shows.
type inlineRoom struct {
	*printRoom
	world *emulator.Line
	desk  *wires.Slot
	acts  atomic.Int64 // commands to chips, and motions of the printer
	last  atomic.Int64 // the act with which the station is killed
}

const inlineLine = "line-1"

func newInlineRoom(t *testing.T, blanks, records int) *inlineRoom {
	t.Helper()
	inside, onDesk := rig.PCSC(t).Take(t), rig.PCSC(t).Take(t)
	world, err := emulator.New(emulator.Config{
		Seed: 7, Virtual: true, TransportKey: func(kdd [10]byte) chip.Keys { return chip.Diversify([]byte(transportKey), kdd) },
		Chip:  emulator.ChipConfig{Size: chip.Size32K},
		Lines: []emulator.LineConfig{{Name: inlineLine, Model: "Primacy 2", Operator: emulator.OperatorConfig{Supply: func(int) []*machine.Plastic { return nil }}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	r := &inlineRoom{world: world.Line(inlineLine)}
	r.printRoom = newRoom(t, records, fmt.Sprintf(`lines:
- {id: %s, kind: inline_eye, printer: {language: evolis, cable: usb, serial: %q}, reader: %s}
desk: {reader: %s}
`, inlineLine, r.world.Machine.Serial(), boundTo(inside), boundTo(onDesk)))
	r.line = inlineLine
	r.lent = &onBus{links: map[usb.Identity]func() device.Link{{Vendor: usb.Evolis, Serial: r.world.Machine.Serial()}: func() device.Link { return r.world.Device.Connect() }}}
	r.desk = wires.Plug(t.Context(), onDesk.Addr)
	encoder := wires.Plug(t.Context(), inside.Addr)
	r.fine(r.world.Machine.Load(world.Blanks(blanks)...))
	ctx, stop := context.WithCancel(context.Background())
	var living sync.WaitGroup
	living.Go(func() {
		encoder.Follow(ctx, r.world.Machine.Reader(), r.world.Machine.Changed, func(c wires.Chip) wires.Chip { return counting{c, r} })
	})
	living.Go(func() { _ = r.world.Operator.Run(ctx) })
	living.Go(func() {
		for ctx.Err() == nil {
			select {
			case <-r.world.Machine.Changed():
				r.acted()
			case <-ctx.Done():
			}
		}
	})
	t.Cleanup(func() {
		stop()
		living.Wait()
		encoder.Close()
		r.desk.Close()
	})
	return r
}

func (r *inlineRoom) acted() {
	if r.acts.Add(1) == r.last.Load() {
		r.kill()
	}
}

// counting is a chip whose commands are counted.
type counting struct {
	wires.Chip
	room *inlineRoom
}

func (c counting) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	c.room.acted()
	return c.Chip.Transmit(ctx, capdu)
}

// cards are all that ever were in the printer.
func (r *inlineRoom) cards() []machine.Card { return r.world.Machine.Census() }

// read gets as somebody; false: the station does not answer, for it was killed.
func (r *inlineRoom) read(who, target string, into any) bool {
	status, text := r.ask(who, http.MethodGet, target, nil)
	if status == 0 {
		return false
	}
	if status != http.StatusOK {
		r.Errorf("%s reads %s: %d %s", who, target, status, text)
		return false
	}
	return json.Unmarshal(text, into) == nil
}

// attend is what a person at the line does once: looks at the card whose face is asked for, brings a card in doubt
// that can be found to the reader of the desk, and puts down what was read. It gives the questions that were answered so.
func (r *inlineRoom) attend() []question {
	var list struct{ Items []question }
	if !r.read("joko", "/v1/questions", &list) {
		return nil
	}
	for _, q := range list.Items {
		at := "/v1/attempts/" + q.Attempt
		switch q.Ask {
		case "":
			r.sameDye(q)
			r.ask("joko", http.MethodPost, at+"/face", map[string]any{"good": true})
		case "card_to_reader":
			answer := map[string]any{"question": q.Number}
			if !r.bring(q.Attempt) {
				answer["cause"] = "card_missing"
			}
			r.ask("joko", http.MethodPost, at+"/hand-off", answer)
		case "card_to_output", "card_to_reject":
			r.desk.Remove()
			if card := r.there(); card != nil {
				r.fine(errors.Join(card.Take(onDesk), card.Box(q.Ask)))
			}
			r.ask("joko", http.MethodPost, at+"/hand-off", map[string]any{"question": q.Number})
		}
	}
	var doubts struct{ Items []struct{ ID string } }
	if len(list.Items) > 0 || r.there() != nil || !r.read("joko", "/v1/attempts?state=in+doubt", &doubts) {
		return list.Items
	}
	for _, d := range doubts.Items {
		if r.found(d.ID) != nil {
			r.ask("joko", http.MethodPost, "/v1/attempts/"+d.ID+"/presentation", map[string]any{})
			break
		}
	}
	return list.Items
}

// holds is the attempt that is written on the chip of a card.
func holds(p *machine.Plastic) string { return ktp.AttemptID(p.Chip.View().Attempt).String() }

// found is the card of an attempt, where a person finds it: in a tray, or where the operator put it down; nil: it is
// nowhere to be seen.
func (r *inlineRoom) found(attempt string) *machine.Plastic {
	for _, c := range r.cards() {
		at := c.Plastic.Place().At
		if holds(c.Plastic) == attempt && slices.Contains([]machine.At{machine.AtOutput, machine.AtReject, machine.AtBox, machine.AtHand}, at) {
			return c.Plastic
		}
	}
	return nil
}

// onDesk is where a card lies that was brought to the reader of the desk.
var onDesk = machine.Place{At: machine.AtReader, Holder: "desk"}

// there is the card on the reader of the desk.
func (r *inlineRoom) there() *machine.Plastic {
	for _, c := range r.cards() {
		if c.Plastic.Place() == onDesk {
			return c.Plastic
		}
	}
	return nil
}

func (r *inlineRoom) bring(attempt string) bool {
	card := r.found(attempt)
	if card == nil {
		return false
	}
	switch card.Place().At { // the rest of the tray is put down beside it
	case machine.AtOutput:
		r.world.Machine.TakeOutput()
	case machine.AtReject:
		r.world.Machine.TakeReject()
	}
	r.fine(card.Give(onDesk, nil))
	r.fine(r.desk.Lay(r.Context(), card.Chip))
	return true
}

// sameDye compares what is printed on the card of a question with the face that the station shows.
func (r *inlineRoom) sameDye(q question) {
	status, body := r.ask("joko", http.MethodGet, q.Face, nil)
	switch status {
	case http.StatusOK:
	case 0, http.StatusNotFound: // the station was killed, or nobody asks any more
		return
	default:
		r.Errorf("the expected face: %d %s", status, body)
		return
	}
	want, err := png.Decode(bytes.NewReader(body))
	r.fine(err)
	i := slices.IndexFunc(r.cards(), func(c machine.Card) bool { return holds(c.Plastic) == q.Attempt })
	if i < 0 {
		r.Errorf("no card of the attempt whose face is asked for")
		return
	}
	card := r.cards()[i].Plastic
	got := card.Front.Picture()
	if d, mirrored := apart(want, got), apart(want, turned(got)); d > mirrored/3 {
		r.Errorf("%s: the printed face is %.1f from the expected one, %.1f when it stands on its head", card.Serial, d, mirrored)
	}
}

// made counts the applications whose card is produced.
func (r *inlineRoom) made() (n int) {
	var list struct{ Items []struct{ State string } }
	if r.read("joko", "/v1/applications?limit=100", &list) {
		for _, a := range list.Items {
			if a.State == "produced" {
				n++
			}
		}
	}
	return n
}

// accounts holds the cards against the ledger: whose chips are active, where blanks are, and that nothing is open.
func (r *inlineRoom) accounts(records, blanks int) {
	r.Helper()
	var counts struct {
		Made, InDoubt, ReportsWaiting int
		Blanks                        []struct {
			Place        string
			Unread, Read int
		}
	}
	r.until(func() bool { return r.read("ratna", "/v1/summary", &counts) && counts.ReportsWaiting == 0 })
	places := map[string]int{}
	for _, b := range counts.Blanks {
		places[b.Place] += b.Unread + b.Read
	}
	holders, active, dead := map[string]string{}, 0, 0
	for _, c := range r.cards() {
		v := c.Plastic.Chip.View()
		if f, b := c.Plastic.Prints(); f > 1 || b > 1 {
			r.Errorf("%s was printed %d and %d times", c.Plastic.Serial, f, b)
		}
		switch v.State {
		case "blank":
		case "active":
			active++
			content, err := chip.Decode(v.Files)
			r.fine(err)
			nik := content.DG1.DocumentNumber
			if other := holders[nik]; other != "" {
				r.Errorf("two active cards of one person: %s and %s", other, c.Plastic.Serial)
			}
			holders[nik] = c.Plastic.Serial
			if at := c.Plastic.Place(); at.At != machine.AtOutput && (at.At != machine.AtBox || !strings.HasSuffix(at.Holder, "output")) && at.From != machine.AtOutput {
				r.Errorf("an active card lies at %s", at)
			}
		default:
			dead++
		}
	}
	left := len(r.world.Machine.Unload())
	if active != records || counts.Made != records || counts.InDoubt != 0 {
		r.Errorf("%d active cards, %d made, %d in doubt, of %d records", active, counts.Made, counts.InDoubt, records)
	}
	if places["hopper/"+inlineLine] != left || places["tray/"+inlineLine] != records || places["reject/"+inlineLine] < dead {
		r.Errorf("the ledger has %v; %d blanks are in the hopper, %d chips spoiled", places, left, dead)
	}
	total := 0
	for _, n := range places {
		total += n
	}
	if total != blanks+2 {
		r.Errorf("%d blanks in the ledger, %d were received: %v", total, blanks+2, places)
	}
}

// A card that was pulled out of a jam behind its activation is in doubt: its line goes on, a person says that the card
// is there, lays it on the reader of the desk, looks at its face anew, and puts it with the finished ones.
func TestServeReadsADoubtOnTheDesk(t *testing.T) {
	t.Parallel()
	const blanks, records = 3, 2
	r := newInlineRoom(t, blanks, records)
	r.world.Machine.Plan(machine.Fault{Kind: machine.KindJam, Card: 1, Step: machine.StepEject})
	r.begin()
	r.serve()
	r.staff()
	r.ready(blanks)
	r.until(func() bool {
		r.attend()
		return r.made() == records
	})
	var events struct{ Items []struct{ Code string } }
	r.see("keamanan", "/v1/events?code=doubt.presented", &events)
	if len(events.Items) != 1 {
		t.Errorf("%d cards were presented", len(events.Items))
	}
	r.accounts(records, blanks)
	r.end()
}

// Where the station has no reader on the desk the line says so, asks again, and goes on with the next card; two persons
// end the doubt.
func TestServeHasNoReaderOnTheDesk(t *testing.T) {
	t.Parallel()
	const blanks, records = 3, 2
	r := newInlineRoom(t, blanks, records)
	text, err := os.ReadFile(r.config)
	r.fine(err)
	before, _, found := strings.Cut(string(text), "\ndesk:")
	if !found {
		t.Fatal("no desk in the configuration")
	}
	r.fine(os.WriteFile(r.config, []byte(before+"\n"), 0o600))
	r.world.Machine.Plan(machine.Fault{Kind: machine.KindJam, Card: 1, Step: machine.StepEject})
	r.begin()
	r.serve()
	r.staff()
	r.ready(blanks)
	var doubts struct{ Items []struct{ ID string } }
	asked, why := 0, fault.Code("")
	r.until(func() bool {
		for _, q := range r.attend() {
			if q.Ask == "card_to_reader" {
				asked, why = max(asked, q.Number), q.Why.Code
			}
		}
		return asked > 1 && r.made() == records-1
	})
	var lines struct {
		Items []struct {
			Observed struct {
				State  string
				Reason struct{ Code string }
			}
		}
	}
	r.see("joko", "/v1/lines", &lines)
	r.see("joko", "/v1/attempts?state=in+doubt", &doubts)
	if why != DeskReaderMissing.Code {
		t.Errorf("asked again because of %q", why)
	}
	if len(doubts.Items) != 1 || len(lines.Items) != 1 || lines.Items[0].Observed.State != "running" {
		t.Fatalf("%+v, %+v", doubts, lines)
	}
	r.agree("joko", "ratna", "/v1/attempts/"+doubts.Items[0].ID+"/loss", map[string]any{"reason": "not_found"})
	r.see("joko", "/v1/attempts?state=in+doubt", &doubts)
	if len(doubts.Items) != 0 {
		t.Errorf("still in doubt: %+v", doubts)
	}
	r.end()
}
