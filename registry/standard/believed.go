package standard

import "time"

// Believed is how long something that a chip showed counts.
type Believed struct {
	Minutes int `yaml:"minutes"` // 0: as usual
}

// bound is how many minutes a Believed is where nothing is said, and at most.
type bound struct{ usual, most int }

var (
	// presence: a card that was shown to lie on a reader is here; a hand-over follows its match at once.
	presence = bound{15, 12 * 60}
	// examination: what was read from a chip is so; a working day, in which a second person agrees, at most a week.
	examination = bound{8 * 60, 7 * 24 * 60}
)

func (b Believed) within(of bound) time.Duration {
	if b.Minutes == 0 {
		b.Minutes = of.usual
	}
	return time.Duration(b.Minutes) * time.Minute
}

// ShownFor is how long a card may be acted on after its chip answered.
func (s Standard) ShownFor() time.Duration { return s.Presence.within(presence) }

// ExaminedFor is how long what a chip told of itself is believed of it.
func (s Standard) ExaminedFor() time.Duration { return s.Examination.within(examination) }

func (s Standard) checkBelieved(p *Problems) {
	for _, b := range []struct {
		name string
		is   Believed
		of   bound
	}{{"presence", s.Presence, presence}, {"examination", s.Examination, examination}} {
		p.want(b.is.Minutes >= 0 && b.is.Minutes <= b.of.most, b.name+".minutes", "0 to %d; 0: %d", b.of.most, b.of.usual)
	}
}
