package inspect

import (
	"time"

	"blanko/applet"
	"blanko/ktp"
)

// Check is one thing that was looked at: what is right, and what was found. Neither ever holds
// personal data.
type Check struct {
	Name    string `json:"name"`
	Want    string `json:"want"`
	Got     string `json:"got"`
	OK      bool   `json:"ok"`
	Skipped bool   `json:"skipped,omitempty"` // it could not be tried; Got says why, and OK says nothing
}

// Report is what a stranger found on a card.
type Report struct {
	UID     ktp.ChipUID
	State   applet.State
	Attempt ktp.AttemptID
	Checks  []Check
	// Genuine: an active card on which both signatures are good, the data center's over the
	// person and the station's over the card, and every check too. A specimen never is.
	Genuine bool
	// WrongPerson: the card is about another person than the one expected. It stops the line.
	WrongPerson bool
	CenterKey   string    // id of the key under A3, hex; empty: none or not read
	LocalAnchor bool      // the person is vouched for by a district's own key, not by the center
	Signer      string    // serial of the document signer, hex; empty: not read
	SigningTime time.Time // of EF.SOD, as the signer says
	// Counters are the sequence counters of the key sets under which a channel was opened (applet.Card.Counters).
	Counters map[byte]int
}

// Passed reports whether every check came out as it should. A specimen that is what was
// planned passes without being genuine.
func (r Report) Passed() bool { return len(r.Failed()) == 0 }

// Failed lists the checks that did not come out as they should.
func (r Report) Failed() []Check {
	var out []Check
	for _, c := range r.Checks {
		if !c.OK {
			out = append(out, c)
		}
	}
	return out
}

// What a check says that cannot be tried on this card, or with what the reader has.
const (
	notApplicable = "not applicable (ICAO view off)"
	withoutSAM    = "not checked (needs the SAM key)"
)

// Finding is what came of one thing that was to be proved.
type Finding string

const (
	NotChecked Finding = "not_checked"
	Good       Finding = "good"
	Bad        Finding = "bad"
	None       Finding = "none" // the card does not carry it
)

// add notes a check that is right when both texts are the same.
func (r *Report) add(name, want, got string) { r.note(name, want, got, want == got) }

// note notes a check whose judgment is not the comparison of its two texts.
func (r *Report) note(name, want, got string, ok bool) {
	r.Checks = append(r.Checks, Check{Name: name, Want: want, Got: got, OK: ok})
}

// skip notes a check that could not be tried, and why.
func (r *Report) skip(name, want, why string) {
	r.Checks = append(r.Checks, Check{Name: name, Want: want, Got: why, OK: true, Skipped: true})
}
