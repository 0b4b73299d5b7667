package applet_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"blanko/applet"
	"blanko/applet/applettest"
	"blanko/chipdata"
	"blanko/fault"
)

// narrow is a reader that does not carry long APDUs.
type narrow struct {
	field
	limits  applet.Limits                                  // what it says
	command func(capdu []byte) (instead []byte, err error) // what it sends instead, or answers
	answer  func(rapdu []byte) []byte                      // what it hands on
	refusal []byte                                         // its own answer where command gives nil
	resets  int
}

func (n *narrow) Limits() applet.Limits { return n.limits }

func (n *narrow) Reset(ctx context.Context) ([]byte, error) {
	n.resets++
	return n.field.Reset(ctx)
}

func (n *narrow) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	if n.command != nil {
		instead, err := n.command(capdu)
		if err != nil {
			return nil, err
		}
		if instead == nil {
			return n.refusal, nil
		}
		capdu = instead
	}
	r, err := n.field.Transmit(ctx, capdu)
	if err == nil && n.answer != nil {
		r = n.answer(r)
	}
	return r, err
}

// longerThan makes a reader's way with commands of more than most bytes.
func longerThan(most int, way func(capdu []byte) ([]byte, error)) func([]byte) ([]byte, error) {
	return func(capdu []byte) ([]byte, error) {
		if len(capdu) > most {
			return way(capdu)
		}
		return capdu, nil
	}
}

func cutAnswers(most int) func([]byte) []byte {
	return func(rapdu []byte) []byte {
		if len(rapdu) > most {
			return append(bytes.Clone(rapdu[:most-2]), rapdu[len(rapdu)-2:]...)
		}
		return rapdu
	}
}

// Readers that carry less than card and profile plan. A card is made on each with the largest
// chunk that gets through; a second card on the same reader starts there where the reader said
// what was wrong.
func TestNarrowReaders(t *testing.T) {
	t.Parallel()
	refuse := func([]byte) ([]byte, error) { return nil, nil }
	for _, c := range []struct {
		name   string
		reader narrow
		chunk  int
		opened int // anew, for the first card
		second int // for the second
	}{
		{"carries everything", narrow{}, 239, 0, 0},
		{"says what it carries", narrow{limits: applet.Limits{Command: 261, Answer: 258}}, 239, 0, 0},
		{"says that it carries less", narrow{limits: applet.Limits{Command: 240, Answer: 258}}, 223, 0, 0},
		{"says that it answers less", narrow{limits: applet.Limits{Command: 261, Answer: 200}}, 175, 0, 0},
		{"answers 6700", narrow{command: longerThan(240, refuse), refusal: []byte{0x67, 0x00}}, 223, 1, 0},
		{"answers 6700 to much", narrow{command: longerThan(200, refuse), refusal: []byte{0x67, 0x00}}, 112, 2, 0},
		{"answers 6C80 to long answers", narrow{answer: func(r []byte) []byte {
			if len(r) > 200 {
				return []byte{0x6C, 0x80}
			}
			return r
		}}, 112, 2, 0},
		{"refuses by name", narrow{command: longerThan(240, func([]byte) ([]byte, error) {
			return nil, applet.LengthRefused.At("narrow.Transmit", nil)
		})}, 223, 1, 0},
		{"fails", narrow{command: longerThan(240, func([]byte) ([]byte, error) {
			return nil, errors.New("not transacted")
		})}, 223, 1, 1},
		{"is mute", narrow{command: longerThan(200, func([]byte) ([]byte, error) {
			return nil, applet.CardMute.At("narrow.Transmit", nil)
		})}, 112, 2, 2},
		{"cuts commands", narrow{command: longerThan(200, func(capdu []byte) ([]byte, error) { return capdu[:200], nil })}, 112, 2, 0},
		{"cuts answers", narrow{answer: cutAnswers(200)}, 112, 2, 2},
		{"cuts status words off", narrow{answer: func(r []byte) []byte {
			if len(r) > 240 {
				return r[:240]
			}
			return r
		}}, 223, 1, 1},
	} {
		for _, v := range variants {
			w := newWorkshop(t, v.profile)
			r := c.reader
			e := &applet.Encoder{Transport: &r, Keys: w.keys, Profile: w.profile}
			var sealed, longest int // of the channel that is open
			e.Trace = func(x applet.Exchange) {
				if !x.Sealed {
					sealed, longest = 0, 0
				}
				if x.Sealed && x.Header[1] == 0xD6 {
					sealed++
					if longest == 0 && x.Sent > 120 {
						longest = x.Sent
					}
					if longest > 0 && x.Sent > longest {
						t.Errorf("%s, %s: %d bytes sent after %d in one channel", c.name, v.profile, x.Sent, longest)
					}
				}
			}
			for visit, opened := range []int{c.opened, c.second} {
				r.card, r.resets = w.blank(), 0
				plan := applettest.Plan(t, w.profile, byte(visit))
				if err := line(w, e, plan); err != nil {
					t.Fatalf("%s, %s, card %d: %v", c.name, v.profile, visit+1, err)
				}
				if wrong := complete(r.card.View(), plan); wrong != "" {
					t.Errorf("%s, %s, card %d: %s", c.name, v.profile, visit+1, wrong)
				}
				if l := e.Lengths(); l.Chunk != c.chunk || l.Reopened != opened || r.resets != opened+1 || l.Extended {
					t.Errorf("%s, %s, card %d: %v after %d resets, want chunk %d, reopened %d", c.name, v.profile, visit+1, l, r.resets, c.chunk, opened)
				}
			}
		}
	}
}

// A reader that carries not even the shortest chunk: the error comes up, and the card can be
// made elsewhere.
func TestTooNarrowReader(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	r := &narrow{field: field{card: w.blank()}, command: longerThan(120, func([]byte) ([]byte, error) {
		return nil, applet.LengthRefused.At("narrow.Transmit", nil)
	})}
	e, plan := &applet.Encoder{Transport: r, Keys: w.keys, Profile: w.profile}, applettest.Plan(t, w.profile, 1)
	if err := line(w, e, plan); !fault.Is(err, applet.LengthRefused) {
		t.Errorf("%v", err)
	}
	if l := e.Lengths(); l.Chunk != 112 || l.Reopened != 2 {
		t.Errorf("%v", l)
	}
	if err := line(w, w.encoder(r.card), plan); err != nil {
		t.Errorf("on another reader: %v", err)
	}
	if wrong := complete(r.card.View(), plan); wrong != "" {
		t.Error(wrong)
	}
}

// A length is on trial until it has gone through once: what happens later is no matter of
// lengths, and a card that was taken away is none at any time.
func TestNoFallback(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	mute := false
	r := &narrow{command: longerThan(240, func(capdu []byte) ([]byte, error) {
		if mute {
			return nil, applet.CardMute.At("narrow.Transmit", nil)
		}
		return capdu, nil
	})}
	e := &applet.Encoder{Transport: r, Keys: w.keys, Profile: w.profile}
	for visit, want := range []fault.Code{"", applet.CardMute.Code} {
		r.card, mute = w.blank(), visit > 0
		if err := line(w, e, applettest.Plan(t, w.profile, 1)); fault.CodeOf(err) != want {
			t.Errorf("card %d: %v", visit+1, err)
		}
		if l := e.Lengths(); l.Chunk != 239 || l.Reopened != 0 {
			t.Errorf("card %d: %v", visit+1, l)
		}
	}
	r = &narrow{field: field{card: w.blank()}, command: longerThan(240, func([]byte) ([]byte, error) {
		return nil, applet.CardRemoved.At("narrow.Transmit", nil)
	})}
	e = &applet.Encoder{Transport: r, Keys: w.keys, Profile: w.profile}
	if err := line(w, e, applettest.Plan(t, w.profile, 1)); !fault.Is(err, applet.CardRemoved) || r.resets != 1 {
		t.Errorf("after %d resets: %v", r.resets, err)
	}
}

// While the channel is opened anew the card changes: nothing more is written to what lies there.
func TestAnotherCardAtFallback(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, "ktpel-op-1-8k")
	r := &narrow{field: field{card: w.blank()}}
	second := w.blank()
	r.command = longerThan(240, func([]byte) ([]byte, error) {
		r.card = second
		return nil, errors.New("not transacted")
	})
	e := &applet.Encoder{Transport: r, Keys: w.keys, Profile: w.profile}
	if err := line(w, e, applettest.Plan(t, w.profile, 1)); !fault.Is(err, applet.CardMute) {
		t.Errorf("%v", err)
	}
	if v := second.View(); v.State != "blank" {
		t.Errorf("the other card is %s", v.State)
	}
	if err := e.Claim(context.Background(), ours); !fault.Is(err, applet.NotProbed) {
		t.Errorf("the encoder goes on without a probe: %v", err)
	}
}

// The table of the card profile KTPEL-OP 1, section 8.2: extended APDUs with pieces of 1,007 bytes
// need 26 UPDATE BINARY instead of 76.
func TestCountExtended(t *testing.T) {
	t.Parallel()
	p, err := chipdata.LoadProfile("ktpel-op-1-32k")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ chunk, commands, bytes int }{{239, 76, 18260}, {1007, 26, 17088}} {
		p := *p
		p.Chunk, p.Quirks.ExtendedLength = c.chunk, c.chunk > 239
		for _, row := range applet.Count(&p, nil) {
			if row.Number == 12 && (row.APDUs != c.commands || row.Bytes != c.bytes) {
				t.Errorf("chunk %d: %d commands, %d bytes, want %d, %d", c.chunk, row.APDUs, row.Bytes, c.commands, c.bytes)
			}
		}
	}
}

// Chips with buffers of other sizes: their FCI says so, and where the profile plans extended length,
// their EF.ATR/INFO. The number of commands is that of the generated table.
func TestChipBuffers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		profile      int // chunk; above 239 extended length is planned
		maxLc, maxLe int
		want         int
	}{
		{"short buffers", 239, 255, 256, 239},
		{"one block with a CID", 239, 240, 240, 223},
		{"small buffers", 239, 136, 136, 127},
		{"commands shorter than answers", 239, 200, 256, 191},
		{"answers shorter than commands", 239, 255, 200, 191},
		{"extended, not planned", 239, 2048, 2048, 239},
		{"extended, planned", 1007, 2048, 2048, 1007},
		{"planned, not there", 1007, 255, 256, 239},
		{"planned, smaller", 1007, 600, 600, 591},
		{"planned, no more than short", 1007, 255, 1024, 239},
		{"as long as can be", 32735, 65535, 65536, 32735},
	} {
		w := newWorkshop(t, "ktpel-op-1-32k")
		p := *w.profile
		p.Chunk, p.Quirks.ExtendedLength = c.profile, c.profile > 239
		w.profile, w.maxLc, w.maxLe = &p, c.maxLc, c.maxLe
		card := w.blank()
		e, plan := w.encoder(card), applettest.Plan(t, w.profile, 1)
		if err := line(w, e, plan); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		v := card.View()
		if wrong := complete(v, plan); wrong != "" {
			t.Errorf("%s: %s", c.name, wrong)
		}
		if l := e.Lengths(); l.Chunk != c.want || l.Extended != (c.want > 239) || l.Reopened != 0 {
			t.Errorf("%s: %v, want chunk %d", c.name, l, c.want)
		}
		planned, sizes := p, map[uint16]int{}
		planned.Chunk = c.want
		for _, f := range plan.Files {
			sizes[f.FID] = len(f.Data)
		}
		bytes := 0
		for _, x := range applet.Sequence(&planned, sizes) {
			bytes += x.Sent + x.Received
		}
		if n := len(applet.Sequence(&planned, sizes)); n != v.APDUs {
			t.Errorf("%s: %d commands, the table has %d", c.name, v.APDUs, n)
		}
		if l := e.Lengths(); l.Extended && v.BytesIn+v.BytesOut != bytes {
			t.Errorf("%s: %d bytes, the table has %d", c.name, v.BytesIn+v.BytesOut, bytes)
		}
	}
}
