package evolis

import "time"

// Kind is what goes wrong on the way between host and printer.
type Kind string

const (
	KindLostReply    Kind = "lost_reply"    // the command is obeyed, the answer never comes
	KindLateReply    Kind = "late_reply"    // the answer comes after Delay; without Delay, only when the next command has been sent
	KindStrayOK      Kind = "stray_ok"      // OK instead of the value
	KindSplitReply   Kind = "split_reply"   // the answer comes in pieces of one byte
	KindLinkLost     Kind = "link_lost"     // the cable is pulled in the middle of a panel
	KindSettingsLost Kind = "settings_lost" // the printer forgets the newer settings by itself
)

// Fault is one row of a fault script. It strikes once.
type Fault struct {
	Kind    Kind          `json:"kind"`
	Card    int           `json:"card,omitempty"`    // n-th card of the machine, from 1; 0: any
	Command string        `json:"command,omitempty"` // such as "Sic" or "Rrt;count"; empty: any
	Panel   int           `json:"panel,omitempty"`   // for link_lost: n-th download of the sequence, from 1; 0: the first
	Delay   time.Duration `json:"delay,omitempty"`
}

// strike takes the first fault off the script that is due at this command.
func (d *Device) strike(c *command, card int) (Fault, bool) {
	return d.Strike(func(f *Fault) bool {
		return f.Kind != KindLinkLost && (f.Card == 0 || f.Card == card) && (f.Command == "" || f.Command == c.name || f.Command == c.key())
	})
}

// cut tells after how many bytes of p the cable is pulled; -1: not now. Called with d.mu held.
func (d *Device) cut(p []byte) int {
	at := -1
	d.Strike(func(f *Fault) bool {
		if f.Kind == KindLinkLost && (f.Card == 0 || f.Card == d.m.Serving()) {
			at = d.middle(p, max(f.Panel, 1))
		}
		return at >= 0
	})
	return at
}

// middle is where in p half of download number n of the sequence has been sent; -1: not in p.
// Called with d.mu held.
func (d *Device) middle(p []byte, n int) int {
	buf := append(append([]byte(nil), d.in...), p...)
	count := d.downloads
	for at := 0; at < len(buf); {
		begin, size := d.parser.downloadAt(buf[at:])
		if size > 0 {
			if count++; count == n {
				if half := at + begin + size/2; half <= len(buf) {
					return max(half-len(d.in), 0)
				}
				return -1
			}
		}
		c, used := d.parser.next(buf[at:], false)
		if c == nil {
			return -1
		}
		if c.name == "Ss" {
			count = 0
		}
		at += used
	}
	return -1
}
