package magicard

import "blanko/emulator/printer"

// act is a simple command. None of them is answered.
func (d *Device) act(word string) error {
	acts := map[string]func() error{
		"RST": d.reset,
		"EJT": func() error { return d.m.Eject(d.ctx, printer.ToOutput) },
		"TST": d.testCard,
		"CLN": d.clean,
	}
	do, ok := acts[word]
	if !ok {
		d.find("unknown command %q", word)
		return nil
	}
	if err := d.idle(word == "RST"); err != nil {
		return err
	}
	if err := do(); err != nil {
		d.fail(err)
	}
	return d.ctx.Err()
}

// idle waits until the motors have finished. A job that waits for its second page is given up, and
// any job when it is to be broken off.
func (d *Device) idle(breakOff bool) error {
	for {
		d.mu.Lock()
		changed := d.changed
		free := d.open == 0
		if d.cancel != nil && (breakOff || d.waiting) {
			d.cancel()
		}
		d.mu.Unlock()
		if free {
			return nil
		}
		if breakOff {
			d.dropPages()
		}
		select {
		case <-changed:
		case <-d.ctx.Done():
			return printer.ErrClosed
		}
	}
}

// reset forgets errors and jobs. A card between two stations is brought to the head.
func (d *Device) reset() error {
	if err := d.m.Spend(d.ctx, d.m.Model().Timing.Restart); err != nil {
		return err
	}
	d.mu.Lock()
	d.trouble = nil
	d.mu.Unlock()
	_ = d.m.Home(d.ctx) // a card that sticks is reported at the next motion
	return nil
}

func (d *Device) clean() error {
	if err := d.m.Clean(d.ctx); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counts.sinceCleaned = 0
	return nil
}

// testStripe is the width of the bars of the test card, in dots.
const testStripe = 40

// testCard feeds a card, prints bars in black, and ejects.
func (d *Device) testCard() error {
	bars := func([]byte) []byte {
		picture := make([]byte, lines*rows)
		for i := range picture {
			picture[i] = byte(i % lines / testStripe & 1)
		}
		return picture
	}
	if err := d.m.Go(d.ctx, printer.StationPrint, printer.FromHopper); err != nil {
		return err
	}
	d.m.BeginSide()
	if err := d.layer(d.ctx, printer.NewLayer('K', 2, lines, rows, []byte("test card"), bars)); err != nil {
		return err
	}
	if err := d.m.Eject(d.ctx, printer.ToOutput); err != nil {
		return err
	}
	d.count()
	return nil
}
