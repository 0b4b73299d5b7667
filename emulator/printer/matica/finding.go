package matica

import "blanko/emulator/printer"

// find notes something wrong in the host's transfers.
func (d *Device) find(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(format, args...)
}

// note is find. Called with d.mu held.
func (d *Device) note(format string, args ...any) { d.findings.Add(d.taken, format, args...) }

// Findings lists what was wrong in the host's transfers so far.
func (d *Device) Findings() []printer.Finding { return d.findings.All() }
