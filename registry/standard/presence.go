package standard

import "time"

// Presence is how long it counts that a card was shown to lie on a reader.
type Presence struct {
	Minutes int `yaml:"minutes"` // 0: usualShown
}

// usualShown and mostShown are how many minutes a card that was shown counts as being here: a hand-over follows
// its match at once.
const (
	usualShown = 15
	mostShown  = 12 * 60
)

// ShownFor is how long a card may be acted on after its chip answered.
func (s Standard) ShownFor() time.Duration {
	n := s.Presence.Minutes
	if n == 0 {
		n = usualShown
	}
	return time.Duration(n) * time.Minute
}

func (s Standard) checkPresence(p *Problems) {
	p.want(s.Presence.Minutes >= 0 && s.Presence.Minutes <= mostShown, "presence.minutes", "0 to %d; 0: %d", mostShown, usualShown)
}
