package magicard

import "fmt"

// Finding is something in the host's bytes that a printer would take badly.
type Finding struct {
	Command int    `json:"command"` // number of the header or request on this device, from 1
	Text    string `json:"text"`
}

// find notes something wrong in the host's bytes.
func (d *Device) find(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.findings) < findingsLimit {
		d.findings = append(d.findings, Finding{d.taken, fmt.Sprintf(format, args...)})
	}
}

const findingsLimit = 1000

// Findings lists what was wrong in the host's bytes so far.
func (d *Device) Findings() []Finding {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := append([]Finding(nil), d.findings...)
	if d.lost > 0 {
		out = append(out, Finding{d.taken, fmt.Sprintf("%d answers were lost because nobody read", d.lost)})
	}
	return out
}
