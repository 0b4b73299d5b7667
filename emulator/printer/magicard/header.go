package magicard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// size is one plane that a header announces.
type size struct {
	letter byte // B yellow, G magenta, R cyan, K black
	bytes  int
}

// rect is an area of the card in dots from its lower left corner, both ends included.
type rect struct{ left, bottom, right, top int }

// header is what the words before the planes say.
type header struct {
	words    []string // with their numbers, in order
	copies   int
	head     string // KGE2, KEE, ...
	duplex   bool
	page     int
	planes   string // of the word IMF
	sizes    []size
	overcoat bool
	areas    []rect
	holes    []rect
	back     bool // the header tells what the back will carry
	strange  []string
	odd      []string // words whose numbers are none
}

// maxCopies limits a number in a header.
const maxCopies = 1000

// heads are the words that name the print head.
var heads = []string{"KGE", "KGE2", "KEE", "KEE1", "KEE4"}

// known are the beginnings of words that a printer understands and that change nothing here.
var known = []string{
	"BSO", "VER", "LAN", "TDT", "CR79", "RSPDEF", "RSPFAST", "RSPHQ", "ERA", "REA", "EAS", "EAE", "EAW", "LC", "JIS2",
	"MGVON", "COEH", "COEL", "MAG", "HFDON", "REJON", "REJOFF", "ESS", "LAM", "RT2", "SLWON", "SLWOFF", "XLI", "XCO", "YCO",
	"NNNON", "NNNOFF", "USFON", "USFOFF", "HKT", "CKION", "CKIOFF", "HKM", "TRO", "PAT", "HPHON", "HPHOFF", "ICC", "CPW",
	"KPW", "OPW", "DDD", "SOI", "EOI", "WID", "HGT",
}

// backs are the words for what the back page will carry.
var backs = []string{"BACCKO", "BACCK", "BACCO", "BACC", "BACKO", "BACK", "BACO"}

// readHeader reads the words between 01 and 1C. Words that are not known are skipped to the next
// comma.
func (d *Device) readHeader(text string) header {
	h := header{copies: 1}
	parts := strings.Split(text, ",")
	for i := 0; i < len(parts); i++ {
		w := parts[i]
		// Numbers that follow a word belong to it.
		args := []string{w}
		for i+1 < len(parts) && isNumber(parts[i+1]) {
			i++
			args = append(args, parts[i])
		}
		if w == "" {
			if i == len(parts)-1 {
				d.find("a comma before the end of the header")
			}
			continue
		}
		h.words = append(h.words, strings.Join(args, ","))
		h.word(w, args)
	}
	for _, w := range h.strange {
		d.find("unknown word %q", w)
	}
	return h
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func (h *header) word(w string, args []string) {
	tail := func(prefix string) int {
		n, err := strconv.Atoi(w[len(prefix):])
		if err != nil || n < 0 {
			h.odd = append(h.odd, w)
			return -1
		}
		return n
	}
	has := func(prefix string) bool { return strings.HasPrefix(w, prefix) }
	switch {
	case has("NOC"):
		h.copies = tail("NOC")
	case slices.Contains(heads, w):
		h.head = w
	case w == "DPXON", w == "DPXOFF":
		h.duplex = w == "DPXON"
	case slices.Contains(backs, w):
		h.back = true
	case has("PAG"):
		h.page = tail("PAG")
	case w == "IMFBGR", w == "IMFBGRK", w == "IMFK":
		h.planes = w[3:]
	case w == "OVRON", w == "OVROFF":
		h.overcoat = w == "OVRON"
	case has("PCT"):
		h.areas = append(h.areas, h.rects("PCT", args)...)
	case has("NCT"):
		h.holes = append(h.holes, h.rects("NCT", args)...)
	case has("SZB"), has("SZG"), has("SZR"), has("SZK"):
		h.sizes = append(h.sizes, size{w[2], tail(w[:3])})
	case slices.ContainsFunc(known, has):
	default:
		h.strange = append(h.strange, w)
	}
}

// rects reads four numbers for each area.
func (h *header) rects(prefix string, args []string) []rect {
	n := make([]int, len(args))
	for i, a := range args {
		if i == 0 {
			a = strings.TrimPrefix(a, prefix)
		}
		v, err := strconv.Atoi(a)
		if err != nil || v < 0 {
			h.odd = append(h.odd, args[0])
			return nil
		}
		n[i] = v
	}
	if len(n)%4 != 0 || len(n) > 8 {
		h.odd = append(h.odd, args[0])
		return nil
	}
	var out []rect
	for ; len(n) > 0; n = n[4:] {
		out = append(out, rect{n[0], n[1], n[2], n[3]})
	}
	return out
}

// wrong says why the printer cannot print this page; empty: it can.
func (h header) wrong(d *Device) string {
	model := d.cfg.Model
	begins := func(prefix string) bool {
		return slices.ContainsFunc(h.words, func(w string) bool { return strings.HasPrefix(w, prefix) })
	}
	switch {
	case len(h.odd) > 0:
		return fmt.Sprintf("no number in %q", h.odd)
	case h.copies < 1 || h.copies > maxCopies:
		return fmt.Sprintf("%d copies", h.copies)
	case h.head != string(model.Format):
		return fmt.Sprintf("head %q, this is a %s", h.head, model.Format)
	case h.page != 1 && h.page != 2:
		return fmt.Sprintf("page %d", h.page)
	case h.duplex && !d.m.Model().Duplex:
		return "two sides, this printer prints one"
	case h.page == 2 && !h.duplex:
		return "a second page of a one-sided job"
	case h.duplex && h.page == 1 && !h.back:
		return "the front does not tell what the back will carry"
	case h.planes == "":
		return "no planes are named"
	case h.overcoat && len(h.areas) == 0:
		return "an overcoat without its area"
	case !slices.Contains(h.words, "WID1016"), !slices.Contains(h.words, "HGT642"):
		return "not the size of a card"
	}
	for _, w := range []string{"VER", "LAN", "TDT", "XCO0", "YCO0", "ICC", "DDD"} {
		if !begins(w) {
			return "no word " + w
		}
	}
	for _, w := range model.Words {
		if !begins(w) {
			return "no word " + w
		}
	}
	if (begins("ICC3") || begins("ICC4")) && !begins("CPW") {
		return "a profile without the head power for color"
	}
	letters := ""
	for _, s := range h.sizes {
		letters += string(s.letter)
		want := format(model.Format).planeBytes(bitsOf(s.letter))
		if s.bytes != want {
			return fmt.Sprintf("plane %c has %d bytes, this printer takes %d", s.letter, s.bytes, want)
		}
	}
	if letters != h.planes {
		return fmt.Sprintf("planes %s are named, sizes of %s are told", h.planes, letters)
	}
	for _, r := range slices.Concat(h.areas, h.holes) {
		if r.left > r.right || r.bottom > r.top || r.right > areaLimit || r.top >= rows {
			return fmt.Sprintf("area %v", r)
		}
	}
	return ""
}

// areaLimit is the largest number to the right: drivers give 1025 for the models with a KEE head.
const areaLimit = 1025
