package matica

import "fmt"

// Finding is something in the host's transfers that a printer would take badly.
type Finding struct {
	Command int    `json:"command"` // number of the command on this device, from 1
	Text    string `json:"text"`
}

const findingsLimit = 1000

// find notes something wrong in the host's transfers.
func (d *Device) find(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(format, args...)
}

// note is find. Called with d.mu held.
func (d *Device) note(format string, args ...any) {
	if len(d.findings) < findingsLimit {
		d.findings = append(d.findings, Finding{d.taken, fmt.Sprintf(format, args...)})
	}
}

// Findings lists what was wrong in the host's transfers so far.
func (d *Device) Findings() []Finding {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Finding(nil), d.findings...)
}
