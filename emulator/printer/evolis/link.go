package evolis

import "blanko/emulator/printer"

// Connect opens a connection. Opening resets the interface as a USB host does: an unfinished
// command and answers that nobody read are gone, unless Config.KeepStale.
func (d *Device) Connect() *printer.Link {
	if !d.cfg.KeepStale {
		d.mu.Lock()
		d.host++
		d.in, d.out, d.held, d.outSize, d.downloads = nil, nil, nil, 0, 0
		d.wake()
		d.mu.Unlock()
	}
	return printer.Connected(d)
}
