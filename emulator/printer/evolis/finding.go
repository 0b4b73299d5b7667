package evolis

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

// Findings lists what was wrong in the host's bytes so far, and what the parser still waits for.
func (d *Device) Findings() []printer.Finding {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.findings.All()
	if n := len(d.in); n > 0 {
		out = append(out, printer.Finding{Command: d.taken + 1, Text: fmt.Sprintf("the command is not finished: %d bytes wait for more", n)})
	}
	if d.lost > 0 {
		out = append(out, printer.Finding{Command: d.taken, Text: fmt.Sprintf("%d answers were lost because nobody read", d.lost)})
	}
	return out
}
