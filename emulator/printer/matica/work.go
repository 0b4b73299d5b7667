package matica

import (
	"context"
	"errors"
)

// command is one command with its data, as the firmware takes it.
type command struct {
	block
	data  []byte
	epoch int
}

// work obeys one command after the other until Close.
func (d *Device) work() {
	for {
		d.mu.Lock()
		c, changed := d.next, d.changed
		d.next = nil
		d.mu.Unlock()
		if c != nil {
			d.serve(c)
			continue
		}
		select {
		case <-changed:
		case <-d.ctx.Done():
			return
		}
	}
}

// serve obeys a command and answers it, unless the host that asked is gone.
func (d *Device) serve(c *command) {
	d.mu.Lock()
	d.settle()
	gone := c.epoch != d.epoch
	d.mu.Unlock()
	if gone {
		return
	}
	reply, failed := d.obey(c)
	if d.ctx.Err() != nil {
		return
	}
	if d.cfg.Trace != nil {
		d.cfg.Trace(c.cdb, failed)
	}
	d.mu.Lock()
	f, struck := d.strike(PhaseStatus, c.cdb)
	d.mu.Unlock()
	if struck && f.Kind == KindLateReply && d.m.Spend(d.ctx, f.Delay) != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settle()
	if c.epoch != d.epoch || struck && f.Kind == KindLostReply {
		return
	}
	d.block = c.block
	d.answer(reply, failed)
	if !struck {
		return
	}
	last := &d.out[len(d.out)-1]
	switch f.Kind {
	case KindStall:
		if d.haltLast = len(d.out) > 1; !d.haltLast {
			d.haltIn = true
		}
	case KindWrongTag:
		(*last)[4]++
	case KindWrongSignature:
		(*last)[0] ^= 0xFF
	case KindShortStatus:
		*last = (*last)[:statusSize/2]
	}
}

// answer puts data and status in front of the IN endpoint. A command that failed gives no data: the
// endpoint halts in its data phase. Called with d.mu held.
func (d *Device) answer(reply []byte, failed byte) {
	d.out = nil
	residue := 0
	if d.block.in && d.block.length > 0 {
		residue = d.block.length - len(reply)
		f, struck := d.strike(PhaseData, d.block.cdb)
		switch {
		case struck && f.Kind == KindStall, len(reply) == 0:
			residue = d.block.length
			d.haltIn = true
		case struck && f.Kind == KindShortData:
			residue = d.block.length - len(reply)/2
			d.out = append(d.out, reply[:len(reply)/2])
		default:
			d.out = append(d.out, reply)
		}
	}
	d.out = append(d.out, status(d.block.tag, residue, failed))
	d.stage = stageStatus
	d.wake()
}

// obey does what the command says. failed is the status byte.
func (d *Device) obey(c *command) (reply []byte, failed byte) {
	d.mu.Lock()
	f, struck := d.strike(PhaseWork, c.cdb)
	d.mu.Unlock()
	if struck && !f.After {
		d.mu.Lock()
		d.happen(f)
		d.mu.Unlock()
		if f.Kind == KindCode {
			return nil, 1
		}
	}
	r, known := find(c.cdb)
	var err error
	switch {
	case !known, c.length != r.length(c.cdb), c.length > 0 && c.in == r.out:
		d.find("% x with %d bytes: unknown command", c.cdb, c.length)
		err = refuse(codeCommand)
	default:
		if r.sort != sense {
			err = d.attention(r.sort)
		}
		if err == nil {
			reply, err = r.do(d, d.ctx, c)
		}
	}
	if struck && f.After {
		d.mu.Lock()
		d.happen(f)
		d.mu.Unlock()
		if f.Kind == KindCode {
			return nil, 1
		}
	}
	if err == nil {
		return reply, 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, is := errors.AsType[*told](err); !is {
		d.ended(err, r.jam)
	}
	return nil, 1
}

// told is a refusal whose code waits already.
type told struct{}

func (*told) Error() string { return "told by request sense" }

// attention refuses a command while a reset has not been told, and a motion while the printer cannot
// move. The code of an older failure is gone with the next command.
func (d *Device) attention(s sort) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case s == test || s == inquiry:
		return nil
	case d.pending == codeReset:
		return &told{}
	}
	if d.pending != 0 {
		d.note("% x: the sense of the command before was not read", d.block.cdb)
		d.pending = 0
	}
	if s == motion {
		if c := d.hinders(); c != 0 {
			return refuse(c)
		}
	}
	return nil
}

// spend lets the time of a read pass.
func (d *Device) spend(ctx context.Context) error {
	return d.m.Spend(ctx, d.m.Model().Timing.StatusRead)
}
