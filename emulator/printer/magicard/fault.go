package magicard

import "time"

// Kind is what goes wrong on the way between host and printer.
type Kind string

const (
	KindLostReply  Kind = "lost_reply"  // the request is obeyed, the answer never comes
	KindLateReply  Kind = "late_reply"  // the answer comes after Delay; without Delay, only when the host sends the next byte
	KindSplitReply Kind = "split_reply" // the answer comes in pieces of one byte
	KindLinkLost   Kind = "link_lost"   // the cable is pulled in the middle of a plane
	KindDeaf       Kind = "deaf"        // the printer answers nothing any more until its power is cut
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{KindLostReply, KindLateReply, KindSplitReply, KindLinkLost, KindDeaf}
}

// Fault is one row of a fault script. It strikes once.
type Fault struct {
	Kind    Kind          `json:"kind"`
	Card    int           `json:"card,omitempty"`    // n-th card of the machine, from 1; 0: any
	Command string        `json:"command,omitempty"` // INF or the key of a question, such as "TCQ"; empty: any
	Panel   int           `json:"panel,omitempty"`   // for link_lost: n-th plane of the page, from 1; 0: the first
	Delay   time.Duration `json:"delay,omitempty"`
}

// strike takes the first fault off the script that is due. Plane 0 is a question.
func (d *Device) strike(command string, plane int) (Fault, bool) {
	card := d.m.Serving()
	d.mu.Lock()
	defer d.mu.Unlock()
	f, struck := d.Strike(func(f *Fault) bool {
		due := f.Kind != KindLinkLost && plane == 0 && (f.Command == "" || f.Command == command) ||
			f.Kind == KindLinkLost && plane == max(f.Panel, 1)
		return due && (f.Card == 0 || f.Card == card)
	})
	d.deaf = d.deaf || struck && f.Kind == KindDeaf
	return f, struck
}
