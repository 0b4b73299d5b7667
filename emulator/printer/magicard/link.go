package magicard

import "blanko/emulator/printer"

// Connect opens a connection. Opening resets the interface as a USB host does: an unfinished job
// and answers that nobody read are gone, unless Config.KeepStale.
func (d *Device) Connect() *printer.Link {
	if !d.cfg.KeepStale {
		d.mu.Lock()
		d.host++
		d.empty()
		d.wake()
		d.mu.Unlock()
	}
	return printer.Connected(d)
}
