package evolis

import (
	"errors"

	"blanko/emulator/printer"
)

// work takes commands one after the other until Close.
func (d *Device) work() {
	defer close(d.done)
	for d.ctx.Err() == nil {
		d.mu.Lock()
		d.settle()
		asked := session{d.cuts, d.pulls, d.host}
		c, used := d.parser.next(d.in, d.waiting > 0)
		d.drop(used)
		if c != nil {
			d.taken++
			if _, ok := headerFields[c.name]; ok {
				d.downloads++
			}
			if c.name == "Ss" {
				d.downloads = 0
			}
		}
		changed := d.changed
		d.mu.Unlock()
		d.remind(asked)
		if c == nil {
			select {
			case <-changed:
			case <-d.ctx.Done():
			}
			continue
		}
		d.serve(c, asked)
	}
}

// session is the time in which a command was asked; its answer goes to nobody else.
type session struct{ cuts, pulls, host int }

// remind forgets what did not survive a power cut or a pulled cable.
func (d *Device) remind(now session) {
	if now.cuts != d.myCuts {
		saved := d.set.pemSaved
		d.forgetSession()
		d.set = freshSettings(saved)
	} else if now.pulls != d.myPulls {
		d.set.newer = freshNewer()
		d.seq = sequence{}
	}
	d.myCuts, d.myPulls = now.cuts, now.pulls
}

// forgetSession is what a reset forgets.
func (d *Device) forgetSession() {
	d.fault = nil
	d.seq = sequence{}
	d.last = nil
	d.clearMemory()
	d.set.newer = freshNewer()
	d.set.pem = d.set.pemSaved
}

func (d *Device) clearMemory() {
	d.memory = [2]map[byte]*panel{{}, {}}
	d.tracks = [4]string{}
}

func (d *Device) setParser(p parser) {
	d.mu.Lock()
	d.parser = p
	d.mu.Unlock()
}

// serve obeys one command and answers it.
func (d *Device) serve(c *command, asked session) {
	card := d.m.Serving()
	f, struck := d.strike(c, card)
	if struck && f.Kind == KindSettingsLost {
		d.set.newer = freshNewer()
	}
	reply, isRead := d.obey(c)
	if d.ctx.Err() != nil {
		return
	}
	if d.cfg.Trace != nil {
		d.cfg.Trace(c.line(), reply)
	}
	if struck {
		switch f.Kind {
		case KindLostReply:
			return
		case KindStrayOK:
			reply = replyOK
		case KindLateReply:
			if d.m.Spend(d.ctx, f.Delay) != nil {
				return
			}
		}
	}
	answer := []byte(reply + "\x00")
	if d.set.pem&ackMode != 0 && !isRead {
		answer = ackOf(reply)
	}
	piece := d.cfg.SplitReplies
	if struck && f.Kind == KindSplitReply {
		piece = 1
	}
	if piece <= 0 {
		piece = len(answer)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settle()
	if asked != (session{d.cuts, d.pulls, d.host}) {
		return // the host that asked is gone
	}
	late := struck && f.Kind == KindLateReply && f.Delay == 0
	for len(answer) > 0 {
		n := min(piece, len(answer))
		if late {
			d.held = append(d.held, answer[:n:n])
		} else {
			d.queue(answer[:n:n])
		}
		answer = answer[n:]
	}
	d.wake()
}

const (
	ack  = 0x06
	nack = 0x15
)

// ackOf is the answer in the serial ACK mode.
func ackOf(reply string) []byte {
	if reply == replyOK {
		return []byte{ack}
	}
	for _, t := range texts {
		if t.text == reply {
			return []byte{nack, t.letter}
		}
	}
	return []byte{nack, 'T'}
}

// obey does what the command says and returns the answer.
func (d *Device) obey(c *command) (reply string, isRead bool) {
	if c.trouble != "" {
		d.find("%s: %s", c.line(), c.trouble)
		return replyParameters, false
	}
	if read, ok := reads[c.name]; ok {
		if d.m.Spend(d.ctx, d.m.Model().Timing.StatusRead) != nil {
			return "", true
		}
		if text := read(d, c, d.m.Sense()); text != "" {
			return text, true
		}
		return replyParameters, true
	}
	text := replyOK
	act := func() error {
		r, ok := commands[c.name]
		if c.name == "Smr" {
			t, err := d.readStripe(d.ctx, c)
			if err == nil {
				text = t
			}
			return err
		}
		if !ok || r.newer && !d.newer {
			return errUnknown
		}
		return r.do(d, d.ctx, c)
	}
	sort := commands[c.name].sort
	if c.name == "Smr" {
		sort = motion
	}
	if d.fault != nil && (sort == motion || sort == download) {
		return textOf(d.fault), false
	}
	for {
		changed := d.m.Changed()
		err := act()
		switch {
		case err == nil:
			return text, false
		case !lasting(err):
			if errors.Is(err, errUnknown) {
				d.find("%s: unknown command", c.line())
			}
			return textOf(err), false
		case errors.Is(err, printer.ErrPowerOff) || d.ctx.Err() != nil:
			return "", false
		case d.set.byHost():
			d.fault = err
			return textOf(err), false
		}
		// The printer manages errors by itself: it waits for the operator and tries again, on
		// another card if need be.
		select {
		case <-changed:
		case <-d.ctx.Done():
			return "", false
		}
	}
}
