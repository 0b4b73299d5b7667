package magicard

import (
	"bytes"
	"strings"
)

// Bytes of the framing.
const (
	leadIn   = 0x05
	startOf  = 0x01
	endOfTop = 0x1C // of a header, a request, and of each plane
	colon    = 0x3A
	endOf    = 0x03
)

// headerLimit bounds the text of a header, in bytes. The longest known ones have a few hundred.
const headerLimit = 4096

// work reads jobs and requests one after the other until Close.
func (d *Device) work() {
	for d.ctx.Err() == nil {
		d.mu.Lock()
		s := d.now()
		d.mu.Unlock()
		for {
			text, ok, err := d.head(s)
			if err != nil {
				break
			}
			if !ok {
				continue
			}
			if d.serve(s, text) != nil {
				break
			}
		}
	}
}

// head reads up to the end of a header or request. Any number of lead-in bytes comes before it, none
// included; so may NUL.
func (d *Device) head(s session) (text string, ok bool, err error) {
	d.skip(s)
	b, err := d.take(s, 1)
	if err != nil {
		return "", false, err
	}
	switch b[0] {
	case leadIn, 0:
		return "", false, nil
	case startOf:
	default:
		d.find("byte %02X outside of a job", b[0])
		return "", false, nil
	}
	raw, ended, err := d.until(s, endOfTop, headerLimit)
	if err != nil {
		return "", false, err
	}
	d.mu.Lock()
	d.taken++
	d.mu.Unlock()
	if !ended {
		d.refuse(errBadHeader, "no end within %d bytes", headerLimit)
		return "", false, nil
	}
	// A job that was broken off inside its header is followed by another one.
	if at := strings.LastIndexByte(string(raw), startOf); at >= 0 {
		d.find("a header begins inside another one")
		raw = raw[at+1:]
	}
	if d.cfg.Trace != nil {
		d.cfg.Trace(string(raw))
	}
	return strings.TrimPrefix(string(raw), ","), true, nil
}

// skip drops lead-in bytes and NUL that have come.
func (d *Device) skip(s session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now() != s {
		return
	}
	full := len(d.in) >= inputLimit
	d.in = bytes.TrimLeft(d.in, string([]byte{leadIn, 0}))
	if full {
		d.wake()
	}
}

// serve obeys a request or reads the planes of a job.
func (d *Device) serve(s session, text string) error {
	if strings.HasPrefix(text, "NOC") {
		return d.job(s, text)
	}
	end, err := d.take(s, 1)
	if err != nil {
		return err
	}
	if end[0] != endOf {
		d.find("request %q ends with %02X", text, end[0])
		return nil
	}
	words := strings.Split(strings.TrimSuffix(text, ","), ",")
	if words[0] == "REQ" && len(words) > 1 {
		return d.ask(s, words[1:])
	}
	if n, ok := numbered(text, "SNR"); ok {
		return d.answer(s, "SNR", sensorLine(d, n))
	}
	if _, ok := numbered(text, "QPR"); ok {
		return d.answer(s, "QPR", "END")
	}
	return d.act(words[0])
}

// job reads one page: header, planes, end.
func (d *Device) job(s session, text string) error {
	p := &page{header: d.readHeader(text)}
	if wrong := p.header.wrong(d); wrong != "" {
		d.refuse(errBadHeader, "%s", wrong)
		return nil
	}
	if d.cfg.Eager {
		if err := d.submit(s, p); err != nil {
			return err
		}
	}
	for i, size := range p.header.sizes {
		data, err := d.plane(s, i+1, size.bytes)
		if err != nil {
			d.breakOff(p, errCut)
			return err
		}
		tail, err := d.take(s, 3)
		if err != nil {
			d.breakOff(p, errCut)
			return err
		}
		if tail[0] != endOfTop || tail[1] != size.letter || tail[2] != colon {
			d.find("plane %c of %d bytes ends with % X", size.letter, size.bytes, tail)
			d.breakOff(p, errBadPlane)
			d.fail(errBadPlane)
			return nil
		}
		d.mu.Lock()
		p.planes = append(p.planes, plane{size.letter, data})
		d.wake()
		d.mu.Unlock()
	}
	end, err := d.take(s, 1)
	if err != nil {
		d.breakOff(p, errCut)
		return err
	}
	if end[0] != endOf {
		d.find("the job ends with %02X", end[0])
		d.breakOff(p, errBadPlane)
		d.fail(errBadPlane)
		return nil
	}
	d.mu.Lock()
	p.complete = true
	d.wake()
	d.mu.Unlock()
	if d.cfg.Eager {
		return nil
	}
	return d.submit(s, p)
}

// plane reads the bytes of plane n of a page. A scripted hand pulls the cable at its half.
func (d *Device) plane(s session, n, size int) ([]byte, error) {
	half, err := d.take(s, size/2)
	if err != nil {
		return nil, err
	}
	if _, struck := d.strike("", n); struck {
		d.m.Unplug()
	}
	rest, err := d.take(s, size-size/2)
	return append(half, rest...), err
}

// breakOff tells the motors that the rest of a page will not come.
func (d *Device) breakOff(p *page, cause error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p.broken = cause
	d.wake()
}

// submit hands a page to the motors.
func (d *Device) submit(s session, p *page) error {
	for {
		machine := d.m.Changed()
		d.mu.Lock()
		gone := d.now() != s
		changed := d.changed
		d.open++ // before the motors see it
		d.mu.Unlock()
		sent := false
		if !gone {
			select {
			case d.pages <- p:
				sent = true
			default:
			}
		}
		if sent {
			return nil
		}
		d.mu.Lock()
		d.open--
		d.mu.Unlock()
		if gone {
			return errGone
		}
		if err := d.wait(d.ctx, changed, machine); err != nil {
			return err
		}
	}
}
