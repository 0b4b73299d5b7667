package standard

import (
	"fmt"
	"slices"
	"time"
)

// Retention is how long a class of personal data is kept.
type Retention struct {
	Class string `yaml:"class"`
	Text  Text   `yaml:"text"`
	// After says what the days are counted from.
	After string `yaml:"after"`
	Days  int    `yaml:"days"`
	Basis string `yaml:"basis"`
}

// Classes of personal data, and what their time is counted from.
var Classes = map[string]string{
	"fingers":      "post_write_check", // of a record: two fingers and their second impression
	"pictures":     "accepted",         // of a record: portrait and signature
	"capture":      "sent",             // what was captured here, once the center has it
	"attachments":  "ended",            // scans of forms and papers
	"confirmation": "ended",            // the resident's electronic signature
	"person":       "ended",            // name, address and the like of an application
	"proxy":        "handed_over",
	"complaints":   "answered",
	"foreign":      "destroyed", // what stood on a card of others
	"proposals":    "decided",
}

func (s Standard) retentionWrong() (field, why string) {
	for class, after := range Classes {
		n := 0
		for i, r := range s.Retention {
			at := fmt.Sprintf("retention[%d]", i)
			switch {
			case Classes[r.Class] == "":
				return at + ".class", "no class of personal data"
			case r.Class != class:
				continue
			case r.After != after:
				return at + ".after", "counted from " + after
			case r.Days < 0 || r.Basis == "" || r.Text.ID == "" || r.Text.EN == "":
				return at + ".days", "0 or more, with texts and a basis"
			}
			n++
		}
		if n != 1 {
			return "retention", fmt.Sprintf("%s stands there %d times, not once", class, n)
		}
	}
	return "", ""
}

// ErasedBefore is the time before which what a class counts from must lie for its data to be erased.
func (s Standard) ErasedBefore(class string, now time.Time) (before time.Time, known bool) {
	i := slices.IndexFunc(s.Retention, func(r Retention) bool { return r.Class == class })
	if i < 0 {
		return time.Time{}, false
	}
	return now.AddDate(0, 0, -s.Retention[i].Days), true
}
