package chip

import "bytes"

// Clone is what a forger can make of a card: another chip with the same serial number, answer to
// reset, files, state, MRZ keys and CAN, every byte of them, but with keys of its own, for the
// secure channels as for chip and active authentication. Its time passes
// where the original's does; it has none of the faults.
func (c *Card) Clone() (*Card, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := &Card{
		clock: c.clock, spend: c.spend, kdd: c.kdd, atr: bytes.Clone(c.atr), large: c.large, master: c.master, limits: c.limits,
		capacity: c.capacity, icaoView: c.icaoView, offers: c.offers, foreign: c.foreign,
		random: randomOf(append([]byte("clone"), c.kdd[:]...)), factor: 1,
		state: c.state, attempt: c.attempt, marker: c.marker, bac: c.bac, can: c.can, bacSet: c.bacSet, canSet: c.canSet,
	}
	d.answer = make([]byte, 0, cap(c.answer))
	d.session.dataOnly = c.session.dataOnly
	for _, f := range c.files {
		d.files = append(d.files, &file{fid: f.fid, sfi: f.sfi, data: bytes.Clone(f.data)})
	}
	for i := range c.keySets {
		d.keySets[i].kvn = c.keySets[i].kvn
		if c.keySets[i].present() {
			if err := d.drawKeys(kvns[i]); err != nil {
				return nil, err
			}
		}
	}
	for i, key := range c.pairs {
		if key == nil {
			continue
		}
		var err error
		if d.pairs[i], err = generateP256(d.random); err != nil {
			return nil, err
		}
	}
	return d, nil
}
