package store

import "sync"

// bell wakes everybody who waits, once per ring.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}

// Changed is closed at the next commit of this process. Take it before looking, so that no
// change falls between the look and the wait; changes of another process do not ring, so a
// waiter also looks again by itself now and then.
func (s *Store) Changed() <-chan struct{} { return s.bell.wait() }
