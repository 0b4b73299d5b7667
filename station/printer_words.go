package station

import (
	"encoding/json"
	"fmt"

	device "blanko/printer"
)

// notKnown stands for what a printer does not tell; it is never shown as zero, empty or fine.
var notKnown = words{"tidak diketahui", "not known"}

// told is a value of a report: null in JSON where the printer does not tell it.
type told[T any] struct{ device.Known[T] }

// MarshalJSON gives the value, or null.
func (v told[T]) MarshalJSON() ([]byte, error) {
	if !v.Known.Known {
		return []byte("null"), nil
	}
	return json.Marshal(v.Value)
}

// show gives the value in words, or that it is not known.
func show[T any](l Language, v told[T], say func(T) words) string {
	if !v.Known.Known {
		return l.of(notKnown)
	}
	return l.of(say(v.Value))
}

// yes gives the words of a yes and of a no.
func yes(is, isNot words) func(bool) words {
	return func(v bool) words {
		if v {
			return is
		}
		return isNot
	}
}

func number(n int) words      { return say("%d", "%d", n) }
func verbatim(s string) words { return words{s, s} }

// positionWords say where a card inside is.
var positionWords = map[device.Position]words{
	device.PositionNone:        {"tidak ada kartu di dalam", "no card inside"},
	device.PositionUnknown:     {"di dalam, tempatnya tidak diketahui", "inside, where is not known"},
	device.PositionPrint:       {"di tempat cetak", "at the print station"},
	device.PositionContact:     {"di pembaca kontak", "at the contact station"},
	device.PositionContactless: {"di pembaca nirsentuh", "at the contactless station"},
	device.PositionMagnetic:    {"di pembaca pita magnet", "at the magnetic station"},
	device.PositionFlip:        {"di pembalik kartu", "at the flip station"},
	device.PositionExit:        {"di celah keluar", "at the exit"},
}

// levelWords say how full a hopper or a tray is.
var levelWords = map[device.Level]words{
	device.LevelEmpty: {"kosong", "empty"}, device.LevelLow: {"hampir kosong", "nearly empty"}, device.LevelCards: {"berisi", "has cards"},
	device.LevelRoom: {"masih muat", "has room"}, device.LevelNearFull: {"hampir penuh", "nearly full"}, device.LevelFull: {"penuh", "full"},
}

// wordsOf looks a value up; one without words is shown as it is.
func wordsOf[K ~string](table map[K]words) func(K) words {
	return func(k K) words {
		if w, known := table[k]; known {
			return w
		}
		return verbatim(fmt.Sprint(k))
	}
}
