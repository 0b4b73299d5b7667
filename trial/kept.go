package trial

import (
	"fmt"
	"sync"

	"blanko/chipdata"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/printer"
)

// panels is the ribbon of batches that must be quick.
const panels = "KO"

// kept is what was prepared for the records of a batch with few panels.
type kept struct {
	panels string // of the faces; empty: panels
	mu     sync.Mutex
	plans  map[string]*chipdata.Plan
	faces  map[string]personalize.Face
}

// whole names a record with what is left of it, so that an erased one is not made from memory.
func whole(r ktp.Record) string {
	n := 0
	for _, f := range r.Fingers {
		n += len(f.Best40) + len(f.Best60)
	}
	return fmt.Sprintf("%s %d %d %d", r.ID, len(r.Portrait.Data), len(r.Signature.Data), n)
}

func (k *kept) Plan(r ktp.Record, fresh func() (*chipdata.Plan, error)) (*chipdata.Plan, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if p := k.plans[whole(r)]; p != nil {
		return p, nil
	}
	p, err := fresh()
	if err == nil {
		if k.plans == nil {
			k.plans = map[string]*chipdata.Plan{}
		}
		k.plans[whole(r)] = p
	}
	return p, err
}

func (k *kept) Face(r ktp.Record, fresh func() (personalize.Face, error)) (personalize.Face, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f, ok := k.faces[r.ID]; ok {
		return f, nil
	}
	f, err := fresh()
	if f.Front == nil {
		return f, err
	}
	letters := k.panels
	if letters == "" {
		letters = panels
	}
	if f, err = black(f, letters); err != nil {
		return f, err
	}
	if k.faces == nil {
		k.faces = map[string]personalize.Face{}
	}
	k.faces[r.ID] = f
	return f, nil
}

// black is a face with few panels. The ribbon of such a batch is black and overlay, which is refused for a face
// in color: what is black of the face is enough to tell persons apart, and three panels are not printed.
func black(f personalize.Face, letters string) (personalize.Face, error) {
	var err error
	f.Panels.Front, err = printer.Separate(nil, f.Front.Black, f.Panels.Geometry, letters)
	return f, err
}

// unkept prepares with few panels and keeps nothing.
type unkept struct{}

func (unkept) Plan(_ ktp.Record, fresh func() (*chipdata.Plan, error)) (*chipdata.Plan, error) {
	return fresh()
}

func (unkept) Face(_ ktp.Record, fresh func() (personalize.Face, error)) (personalize.Face, error) {
	f, err := fresh()
	if f.Front == nil {
		return f, err
	}
	return black(f, panels)
}

func (k *kept) face(application string) (printer.Panels, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f, ok := k.faces[application]
	return f.Panels, ok
}
