package matica

import (
	"bytes"
	"encoding/binary"
	"testing"

	"blanko/printer"
)

// Answers made by hand from the description of the family.
func TestReplies(t *testing.T) {
	t.Parallel()
	if c, err := parseSense(unhex("70 00 02 00 00 00 00 0c 00 00 00 00 d1 00 00 00 00 00 00 00")); err != nil || c != codeDoorOpen {
		t.Errorf("sense %v, %v", c, err)
	}
	for text, want := range map[string]printer.Position{
		"00 00 00 00 00 00 00 02": printer.PositionContactless, "01 00 00 00 00 00 00 00": printer.PositionNone, "ff 00 00 00 00 00 00 03": printer.PositionNone,
		"00 00 00 00 00 00 00 00": printer.PositionPrint, "00 00 00 00 00 00 00 01": printer.PositionContact, "00 00 00 00 00 00 00 03": printer.PositionMagnetic,
		"00 00 00 00 00 00 00 05": printer.PositionExit, "00 00 00 00 00 00 00 04": printer.PositionUnknown, "00 00 00 00 00 00 00 ff": printer.PositionUnknown,
	} {
		if p, err := parsePosition(unhex(text)); err != nil || p != want {
			t.Errorf("%s: %q, %v", text, p, err)
		}
	}
	if c, err := parseCounters(unhex(someCounts)); err != nil || c != (Counts{1234, 766, 1234, 84, 2}) {
		t.Errorf("counters %+v, %v", c, err)
	}
	for _, v := range []struct{ model, want string }{
		{"XID8600\x00", "XID8600"}, {"XID8600 ", "XID8600"}, {"XID580ie", "XID580ie"}, {"XID580i", "XID580i"}, {"\x00", ""}, {"X\xff\x07ID", "XID"},
	} {
		id, err := parseInquiry(unhex(inquiryOf(v.model)))
		if err != nil || id.model != v.want || id.serial != "12345678" || id.firmware != "V2.31 A7" || id.maker != "MATICA" {
			t.Errorf("%q: %+v, %v", v.model, id, err)
		}
	}
	if g, err := parseParameters(unhex(parametersOf(600, 2072, 1328, nil))); err != nil || g != (printer.Geometry{Columns: 2072, Rows: 1328, DPI: 600, Levels: 256}) {
		t.Errorf("parameters %+v, %v", g, err)
	}
	if r, err := parseRibbon(unhex(answersOf(nil)[askRibbon][0])); err != nil || r != (ribbonOf{0, 500, "AB1234"}) {
		t.Errorf("ribbon %+v, %v", r, err)
	}
	if r, err := parseRibbon(bytes.Repeat([]byte{0xFF}, ribbonSize)); err != nil || r.lot != "" {
		t.Errorf("no lot: %+v, %v", r, err)
	}
}

func TestRepliesRefused(t *testing.T) {
	t.Parallel()
	changed := func(text string, at int, v byte) []byte {
		b := unhex(text)
		b[at] = v
		return b
	}
	for name, parse := range map[string]func() error{
		"short sense":      func() error { _, err := parseSense(make([]byte, senseSize-1)); return err },
		"short inquiry":    func() error { _, err := parseInquiry(make([]byte, inquirySize-1)); return err },
		"short parameters": func() error { _, err := parseParameters(make([]byte, parametersSize-1)); return err },
		"short ribbon":     func() error { _, err := parseRibbon(make([]byte, ribbonSize-1)); return err },
		"short counters":   func() error { _, err := parseCounters(make([]byte, countersSize-1)); return err },
		"short position":   func() error { _, err := parsePosition(make([]byte, positionSize-1)); return err },
		"two resolutions":  func() error { _, err := parseParameters(changed(parametersOf(300, 1036, 664, nil), 10, 2)); return err },
		"no resolution":    func() error { _, err := parseParameters(unhex(parametersOf(0, 1036, 664, nil))); return err },
		"no rows":          func() error { _, err := parseParameters(unhex(parametersOf(300, 1036, 0, nil))); return err },
		"counter number":   func() error { _, err := parseCounters(changed(someCounts, 13, 2)); return err },
		"counter size":     func() error { _, err := parseCounters(changed(someCounts, 15, 8)); return err },
		"huge counter":     func() error { _, err := parseCounters(changed(someCounts, 8, 0xFF)); return err },
	} {
		if parse() == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestStatusRefused(t *testing.T) {
	t.Parallel()
	fine := unhex("55 53 42 53 01 00 00 00 00 00 00 00 00")
	if ok, err := parseStatus(fine, 1); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	failed := bytes.Clone(fine)
	failed[12] = 1
	if ok, err := parseStatus(failed, 1); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	for name, b := range map[string][]byte{
		"tag": unhex("55 53 42 53 02 00 00 00 00 00 00 00 00"), "signature": unhex("55 53 42 43 01 00 00 00 00 00 00 00 00"),
		"phase error": unhex("55 53 42 53 01 00 00 00 00 00 00 00 02"), "short": fine[:12], "none": nil,
	} {
		if _, err := parseStatus(b, 1); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// A status that is taken has the signature and the tag that were asked for, and says good or failed.
func FuzzParseStatus(f *testing.F) {
	f.Add(unhex("55 53 42 53 01 00 00 00 00 00 00 00 00"), uint32(1))
	f.Add(unhex("55 53 42 53 ff ff ff ff 00 00 00 00 01"), uint32(0xFFFFFFFF))
	f.Add([]byte("USBS"), uint32(0))
	f.Fuzz(func(t *testing.T, b []byte, tag uint32) {
		ok, err := parseStatus(b, tag)
		if err != nil {
			return
		}
		if string(b[:4]) != "USBS" || binary.LittleEndian.Uint32(b[4:]) != tag || b[12] > 1 || ok != (b[12] == 0) || !isStatus(b, tag) {
			t.Errorf("% x with tag %d: %v", b, tag, ok)
		}
	})
}

// Whatever a printer answers, what is read from it is within bounds and can be shown.
func FuzzReplies(f *testing.F) {
	for _, list := range answersOf(nil) {
		f.Add(unhex(list[0]))
	}
	f.Add(bytes.Repeat([]byte{0xFF}, inquirySize))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := parseSense(b); err == nil && (c > 0x000FFF00 || c&0xFF != 0) {
			t.Errorf("sense %v", c)
		}
		if id, err := parseInquiry(b); err == nil {
			for _, s := range []string{id.maker, id.model, id.serial, id.firmware} {
				for _, c := range s {
					if c < ' ' || c > '~' {
						t.Errorf("%+v", id)
					}
				}
			}
			if len(id.model) > 8 || len(id.serial) > 8 {
				t.Errorf("%+v", id)
			}
		}
		if g, err := parseParameters(b); err == nil && (g.Columns < 1 || g.Rows < 1 || g.DPI < 1 || g.Levels != 256) {
			t.Errorf("%+v", g)
		}
		if r, err := parseRibbon(b); err == nil && (r.total < 0 || len(r.lot) > 6) {
			t.Errorf("%+v", r)
		}
		if c, err := parseCounters(b); err == nil && (c.Total < 0 || c.Total > maxCount || c.Error < 0) {
			t.Errorf("%+v", c)
		}
		if p, err := parsePosition(b); err == nil && p == "" {
			t.Error("no position")
		}
	})
}
