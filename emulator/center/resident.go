package center

import (
	"fmt"

	"blanko/emulator/people"
	"blanko/ktp"
)

// Resident is the person behind a request, with the corrections of its latest version.
func (c *Center) Resident(id string) (people.Resident, error) {
	c.mu.Lock()
	r := c.requests[id]
	var e *entry
	if r != nil {
		e = r.latest()
	}
	c.mu.Unlock()
	if r == nil {
		return people.Resident{}, fmt.Errorf("no request %s", id)
	}
	return c.residentOf(e)
}

// Offset of the residents whose addresses stand in for corrected ones.
const correctionStride = 10_000_019

// residentKey names a drawn resident.
type residentKey struct {
	office *office
	index  int
}

func residentSize(r people.Resident) int {
	n := len(r.Portrait.Data) + len(r.Signature.Data)
	for _, f := range r.Fingers {
		n += len(f.Best60) + len(f.Best40) + len(f.Second)
	}
	return n
}

// residentOf is the person as this version of the record tells it: every correction is a move
// within the office.
func (c *Center) residentOf(e *entry) (people.Resident, error) {
	o, index := e.request.office, e.request.resident
	if p := e.request.parcel; p != nil {
		return c.corrected(p.resident, e), nil
	}
	r, err := c.people.get(residentKey{o, index}, func() (people.Resident, error) { return o.people.Resident(index) })
	if err != nil {
		return r, err
	}
	if e.impostor {
		other, err := o.swapped(index)
		if err != nil {
			return r, err
		}
		r.Fingers[0].Second, r.Fingers[1].Second = other[0].Second, other[1].Second
	}
	return c.corrected(r, e), nil
}

// corrected is a person at the address of the version.
func (c *Center) corrected(r people.Resident, e *entry) people.Resident {
	if e.corrected == 0 {
		return r
	}
	moved := e.request.office.people.Person(e.request.resident + e.corrected*correctionStride)
	p := &r.Person
	p.Street, p.RT, p.RW = moved.Street, moved.RT, moved.RW
	p.Village, p.District, p.RegionCode = moved.Village, moved.District, moved.RegionCode
	return r
}

// swapped are the fingers of the nearest later resident that whole would take.
func (o *office) swapped(index int) ([2]ktp.FingerSlot, error) {
	for i := index + 1; ; i++ {
		slots, _, err := o.people.Fingers(i)
		if err != nil || complete(slots) {
			return slots, err
		}
	}
}

// complete reports whether both index fingers are there, each with a second impression.
func complete(slots [2]ktp.FingerSlot) bool {
	return slots[0].Finger == ktp.RightIndex && slots[1].Finger == ktp.LeftIndex && slots[0].Second != nil && slots[1].Second != nil
}
