package magicard

import (
	"fmt"

	"blanko/emulator/printer"
)

// find notes something wrong in the host's bytes.
func (d *Device) find(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.findings.Add(d.taken, format, args...)
}

// Findings lists what was wrong in the host's bytes so far.
func (d *Device) Findings() []printer.Finding {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.findings.All()
	if d.lost > 0 {
		out = append(out, printer.Finding{Command: d.taken, Text: fmt.Sprintf("%d answers were lost because nobody read", d.lost)})
	}
	return out
}
