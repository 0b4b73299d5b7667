package standard

import (
	"slices"
	"time"
)

// Retention is how long a class of data is kept.
type Retention struct {
	Class string `yaml:"class"`
	Text  Text   `yaml:"text"` // how long, and why
	// After says what the days are counted from.
	After string `yaml:"after"`
	Days  int    `yaml:"days"`
	Basis string `yaml:"basis"`
}

// Never is what a class is counted from that is not erased.
const Never = "never"

// Classes of data, and what their time is counted from.
var Classes = map[string]string{
	"fingers":      "post_write_check", // of a record: two fingers and their second impression
	"pictures":     "accepted",         // of a record: portrait and signature
	"capture":      "sent",             // what was captured here, once the center has it
	"attachments":  "ended",            // scans of forms and papers
	"confirmation": "ended",            // the resident's electronic signature
	"person":       "ended",            // name, address and the like of an application
	"proxy":        "handed_over",
	"complaints":   "answered",
	"notes":        "written",   // what somebody wrote beside a reason
	"foreign":      "destroyed", // what stood on a card of others
	"witnesses":    "destroyed", // names and addresses of a berita acara, and the pictures that prove it
	"gallery":      "retired",   // fingers that a station without a center searches in
	"residents":    "replaced",  // a version of the list of obliged residents
	"proposals":    "decided",
	"events":       Never, // ids and codes alone
}

// ErasedBefore is the time before which what a class counts from must lie for its data to be erased;
// known is false for no class, and for one that is not erased.
func (s Standard) ErasedBefore(class string, now time.Time) (before time.Time, known bool) {
	i := slices.IndexFunc(s.Retention, func(r Retention) bool { return r.Class == class && r.After != Never })
	if i < 0 {
		return time.Time{}, false
	}
	return now.AddDate(0, 0, -s.Retention[i].Days), true
}
