package rig

import (
	"math/rand/v2"
	"sync"
)

// Sector is what a disk writes wholly or not at all, in bytes.
const Sector = 512

// Disk is a block device in memory that remembers what was asked of it, in its order. A guest reaches it
// over NBD, and beside it a second device, the witness, into which a program of the guest writes what it
// holds for done: so that it stands at its place among the writes of the disk.
type Disk struct {
	mu   sync.Mutex
	base []byte // before the first act
	view []byte // as the guest reads it
	acts []DiskAct
}

// DiskAct is a write, a flush (neither data nor witness) or a word of the witness.
type DiskAct struct {
	At      int64
	Data    []byte
	Witness string
}

// Flush reports whether the act asks for everything before it to be on the medium.
func (a DiskAct) Flush() bool { return a.Data == nil && a.Witness == "" }

// NewDisk holds content, whose length is a multiple of Sector.
func NewDisk(content []byte) *Disk {
	return &Disk{base: content, view: append([]byte(nil), content...)}
}

// Acts are all until now.
func (d *Disk) Acts() []DiskAct {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.acts[:len(d.acts):len(d.acts)]
}

func (d *Disk) read(at int64, n int) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]byte(nil), d.view[at:at+int64(n)]...)
}

func (d *Disk) write(at int64, data []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	copy(d.view[at:], data)
	d.acts = append(d.acts, DiskAct{At: at, Data: data})
}

func (d *Disk) flush() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts = append(d.acts, DiskAct{})
}

func (d *Disk) testify(word string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts = append(d.acts, DiskAct{Witness: word})
}

// Cut is what the medium holds when the power is cut behind so many acts: what was flushed, and of each
// sector that was written since whichever of its states the dice choose. A disk that is deaf takes no
// notice of flushes.
func (d *Disk) Cut(acts int, deaf bool, dice *rand.Rand) []byte {
	list := d.Acts()[:acts]
	flushed := 0
	for i, a := range list {
		if a.Flush() && !deaf {
			flushed = i
		}
	}
	medium := append([]byte(nil), d.base...)
	kept := keeps[dice.IntN(len(keeps))]
	for i, a := range list {
		for n := 0; n < len(a.Data); n += Sector {
			if i < flushed || dice.IntN(100) < kept {
				copy(medium[a.At+int64(n):], a.Data[n:n+Sector])
			}
		}
	}
	return medium
}

// keeps are how many of a hundred sectors that were not flushed come to the medium.
var keeps = []int{0, 10, 50, 90, 100}
