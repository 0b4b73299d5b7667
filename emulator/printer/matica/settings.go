package matica

import "context"

// setting is one value of the parameters page.
type setting struct {
	read, write int // offsets in the parameters page and in the block of a write
	start       byte
	values      []byte // that the printer takes
}

// table of the settings. Start values are the emulator's own: the middle, or off.
var table = map[string]setting{
	"card-thickness":          {0x1A, 0x13, 0, []byte{0, 2}},
	"buzzer":                  {0x31, 0x15, 0, []byte{0, 1}},
	"hr-power-save":           {0x32, 0x16, 8, []byte{6, 7, 8}},
	"display-mode":            {0x39, 0x1A, 0, []byte{0, 1}},
	"display-counter":         {0x3A, 0x1B, 0, []byte{0, 1, 2, 3, 4}},
	"display-contrast":        {0x37, 0x18, 3, []byte{3, 4, 5}},
	"film-type":               {0x18, 0x11, 0, []byte{0, 1}},
	"k-level":                 {0x2D, 0x0D, 3, []byte{2, 3, 4, 5, 6}},
	"k-mode":                  {0x2E, 0x0E, 0, []byte{0, 1}},
	"ymc-level":               {0x36, 0x17, 3, []byte{2, 3, 4, 5, 6}},
	"uv-level":                {0x2F, 0x0F, 3, []byte{2, 3, 4, 5, 6}},
	"po-level":                {0x30, 0x10, 3, []byte{2, 3, 4, 5, 6}},
	"transfer-temp":           {0x25, 0x04, 2, []byte{0, 1, 2, 3, 4}},
	"transfer-speed-front":    {0x26, 0x05, 2, []byte{1, 2, 3, 4, 5}},
	"transfer-speed-back":     {0x27, 0x06, 2, []byte{1, 2, 3, 4, 5}},
	"transfer-speed-uv-front": {0x3C, 0x1C, 2, []byte{1, 2, 3, 4, 5}},
	"transfer-speed-uv-back":  {0x3D, 0x1D, 2, []byte{1, 2, 3, 4, 5}},
	"bend-temp":               {0x28, 0x07, 10, []byte{0, 1, 2, 3, 10}},
	"bend-speed":              {0x29, 0x08, 2, []byte{0, 1, 2, 3, 4}},
	"mg-peel-mode":            {0x14, 0x0B, 0, []byte{0, 1}},
	"standby-mode":            {0x1B, 0x0C, 0, []byte{0, 1}},
	"hr-control":              {0x0C, 0x12, 1, []byte{0, 1}},
	"backside-cool":           {0x3E, 0x1E, 0, []byte{0, 1}},
}

// settings by name. They survive a power cut.
type settings map[string]byte

func freshSettings() settings {
	s := settings{}
	for name, t := range table {
		s[name] = t.start
	}
	return s
}

// show writes them into the parameters page.
func (s settings) show(page []byte) {
	for name, t := range table {
		page[t.read] = s[name]
	}
}

// unchanged is the byte of a setting that a write leaves as it is.
const unchanged = 0xFF

func (d *Device) writeSettings(ctx context.Context, c *command) ([]byte, error) {
	if c.data[0] != 0x28 || c.data[1] != 0x1E {
		return nil, refuse(codeCommand)
	}
	next := map[string]byte{}
	known := map[int]bool{0: true, 1: true}
	for name, t := range table {
		known[t.write] = true
		v := c.data[t.write]
		if v == unchanged {
			continue
		}
		if !contains(t.values, v) {
			d.find("setting %s: value %d", name, v)
			return nil, refuse(codeCommand)
		}
		next[name] = v
	}
	for i, v := range c.data {
		if !known[i] && v != unchanged {
			d.find("setting at %02x: value %d", i, v)
			return nil, refuse(codeCommand)
		}
	}
	d.mu.Lock()
	for name, v := range next {
		d.set[name] = v
	}
	d.mu.Unlock()
	return nil, d.spend(ctx)
}

func contains(all []byte, v byte) bool {
	for _, a := range all {
		if a == v {
			return true
		}
	}
	return false
}

// Turn changes a setting at the printer's own panel; false when it has no such value.
func (d *Device) Turn(name string, value byte) bool {
	t, ok := table[name]
	if !ok || !contains(t.values, value) {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.set[name] = value
	return true
}
