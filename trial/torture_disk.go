package trial

import (
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// disk is that of a station's process: while it is full no file of it takes a byte.
type disk struct {
	mu   sync.Mutex
	used bool // the station has begun its work; before, nothing is full
	full bool
}

// use lets the disk be full from now on, when the world says so.
func (d *disk) use() {
	signal.Ignore(syscall.SIGXFSZ) // a write that finds no room is an error, and no end
	d.mu.Lock()
	defer d.mu.Unlock()
	d.used = true
}

func (d *disk) fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.used || d.full == full {
		return
	}
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit) != nil {
		return
	}
	limit.Cur = limit.Max
	if full {
		limit.Cur = 0
	}
	if syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit) == nil {
		d.full = full
	}
}

// fullFor is the longest time that a disk stays full.
const fullFor = 1500 * time.Millisecond

// fillDisk lets the disk of a station be full for a while.
func (t *torture) fillDisk(s *seat) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.full = time.Now().Add(time.Duration(t.intn(int(fullFor))))
	return nil
}

// diskFull reports whether the disk of a station is full.
func (s *seat) diskFull() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.full)
}
