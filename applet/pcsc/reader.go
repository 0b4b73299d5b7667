package pcsc

import (
	"regexp"
	"strconv"
	"strings"
)

// Reader is a reader that is plugged in, as the service shows it at one moment.
type Reader struct {
	// Name is the service's whole name: "OMNIKEY AG CardMan 5121 (OKCM0001) 01 00". It changes when
	// readers are plugged in another order.
	Name string
	// Model is the name without serial number and without the two numbers at its end.
	Model string
	// Serial is the USB serial number; empty where the reader has none or does not tell it.
	Serial string
	// Slot of a reader with several places for a card; the first is 0.
	Slot int

	Card bool   // something lies in the reader
	Mute bool   // it does not answer
	ATR  []byte // nil where there is no card, or a mute one
	Busy bool   // a program holds the reader for itself

	moves int  // cards that came or went since the reader was plugged in, modulo 65,536
	told  bool // it was asked for its serial number
}

// pcsc-lite makes a name as: model, [interface], (serial), order of plugging, slot. The numbers have
// two hexadecimal digits (pcsc-lite, hotplug_libudev.c and readerfactory.c).
var readerName = regexp.MustCompile(`^(.*?)(?: \(([^()]*)\))? ([0-9A-F]{2}) ([0-9A-F]{2})$`)

// readerOf takes a name apart. A name of another form is all model.
func readerOf(name string) Reader {
	m := readerName.FindStringSubmatch(name)
	if m == nil {
		return Reader{Name: name, Model: name}
	}
	slot, _ := strconv.ParseUint(m[4], 16, 8) // two hexadecimal digits, by the pattern
	return Reader{Name: name, Model: m[1], Serial: strings.TrimSpace(m[2]), Slot: int(slot)}
}

// see adds what the service says of the reader now.
func (r Reader) see(s readerState) Reader {
	r.Card, r.Mute = s.now&flagPresent != 0, s.now&flagMute != 0
	r.Busy = s.now&flagExclusive != 0
	r.moves = int(s.now >> countShift)
	r.ATR = nil
	if r.Card && !r.Mute {
		r.ATR = s.atr
	}
	return r
}

// same reports whether a person would see no difference.
func (r Reader) same(o Reader) bool {
	return r.Name == o.Name && r.Serial == o.Serial && r.Card == o.Card && r.Mute == o.Mute && r.Busy == o.Busy &&
		r.moves == o.moves && string(r.ATR) == string(o.ATR)
}
