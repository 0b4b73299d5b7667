package magicard

import (
	"fmt"
	"strings"
	"time"
)

// Fixed words of every header.
const (
	driverVersion = "1.0"
	language      = "ENG"
)

// page is one side on its way to the printer.
type page struct {
	planes   []plane
	overcoat overcoat
	coated   bool
}

// plane is a packed panel with the letter that it has in this language: B yellow, G magenta,
// R cyan, K black.
type plane struct {
	letter byte
	data   []byte
}

// planeLetters are the planes in the order in which they are sent.
var planeLetters = []struct{ panel, plane byte }{{'Y', 'B'}, {'M', 'G'}, {'C', 'R'}, {'K', 'K'}}

// letters of the planes of a page: BGR, BGRK or K.
func (p page) letters() string {
	var b strings.Builder
	for _, l := range p.planes {
		b.WriteByte(l.letter)
	}
	return b.String()
}

// carries names what a page will carry in the header of the page before it: C color, K black,
// O overcoat.
func (p page) carries() string {
	s := ""
	if strings.HasPrefix(p.letters(), "BGR") {
		s = "C"
	}
	if strings.HasSuffix(p.letters(), "K") {
		s += "K"
	}
	if p.coated {
		s += "O"
	}
	return s
}

// topic is what the headers of one job have in common.
type topic struct {
	model    *Model
	firmware string
	at       time.Time
	back     *page // nil: one side
}

// header is the text between 01 and 1C of page number n (1 or 2), in the order of the filter. A
// comma comes before the first word and none after the last: one there faults old firmware.
func (t topic) header(p page, n int) string {
	words := []string{"NOC1", "VER" + t.version(), "LAN" + language, fmt.Sprintf("TDT%08X", uint32(t.at.Unix()))}
	words = append(words, t.model.Words...)
	switch {
	case t.back == nil:
		words = append(words, "DPXOFF")
	case n == 1:
		words = append(words, "DPXON", "BAC"+t.back.carries())
	default:
		words = append(words, "DPXON")
	}
	words = append(words, fmt.Sprintf("PAG%d", n), "IMF"+p.letters(), "XCO0", "YCO0",
		fmt.Sprintf("WID%d", Columns), fmt.Sprintf("HGT%d", Rows))
	if p.coated {
		a := p.overcoat.area
		if a == whole {
			a = area(t.model.Overcoat)
		}
		// NNN: for a laminate; USF: the HoloKote watermark. Both off.
		words = append(words, "OVRON", "NNNOFF", "USFOFF", "PCT"+a.String())
		if p.overcoat.holed {
			words = append(words, "NCT"+p.overcoat.hole.String())
		}
	} else {
		words = append(words, "OVROFF")
	}
	// ICC0: the panels are dyes already, no profile and no gamma.
	words = append(words, "ICC0", fmt.Sprintf("DDD%d", headDefault))
	for _, l := range p.planes {
		words = append(words, fmt.Sprintf("SZ%c%d", l.letter, len(l.data)))
	}
	return "," + strings.Join(words, ",")
}

func (t topic) version() string {
	if !t.model.Firmware || t.firmware == "" {
		return driverVersion
	}
	return driverVersion + "-" + t.firmware
}
