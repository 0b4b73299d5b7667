package standard

import "time"

// Examination is how long it counts what a chip told of itself when it was examined.
type Examination struct {
	Minutes int `yaml:"minutes"` // 0: usualExamined
}

// usualExamined and mostExamined are how many minutes what was read from a chip counts: a working day, in which a
// second person agrees, at most a week.
const (
	usualExamined = 8 * 60
	mostExamined  = 7 * 24 * 60
)

// ExaminedFor is how long what a chip told is believed of it.
func (s Standard) ExaminedFor() time.Duration {
	n := s.Examination.Minutes
	if n == 0 {
		n = usualExamined
	}
	return time.Duration(n) * time.Minute
}

func (s Standard) checkExamination(p *Problems) {
	p.want(s.Examination.Minutes >= 0 && s.Examination.Minutes <= mostExamined, "examination.minutes", "0 to %d; 0: %d", mostExamined, usualExamined)
}
