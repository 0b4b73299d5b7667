package web

import (
	"sync"
	"time"
)

// Limiter bounds how often each name may do something: a bucket of tokens that fills with time.
// Safe for concurrent use.
type Limiter struct {
	mu      sync.Mutex
	rate    float64 // per second
	most    float64
	now     func() time.Time
	buckets map[string]bucket
	looked  time.Time // when full buckets were looked for
}

type bucket struct {
	tokens float64
	at     time.Time
}

// NewLimiter allows so many in a minute, and so many at once.
func NewLimiter(perMinute, atOnce float64, now func() time.Time) *Limiter {
	return &Limiter{rate: perMinute / time.Minute.Seconds(), most: atOnce, now: now, buckets: map[string]bucket{}}
}

const (
	// mostNames bounds the memory of a limiter; full buckets are forgotten beyond it.
	mostNames = 10000
	// lookEvery is how often they are looked for, at most: to look through all of them takes a millisecond.
	lookEvery = time.Second
	// strangers share one bucket while there is room for no other: nobody is forgotten who has something to wait for.
	strangers = ""
)

// of is the bucket of a name as it is now, and under which name it stands.
func (l *Limiter) of(name string) (string, bucket) {
	now := l.now()
	b, known := l.buckets[name]
	if !known && len(l.buckets) >= mostNames && !l.room(now) {
		name = strangers
		b, known = l.buckets[name]
	}
	if !known {
		b = bucket{l.most, now}
	}
	return name, l.filled(b, now)
}

func (l *Limiter) filled(b bucket, now time.Time) bucket {
	return bucket{min(l.most, b.tokens+max(0, now.Sub(b.at).Seconds())*l.rate), now}
}

// room forgets full buckets, which are like new ones, and reports whether another name has room.
func (l *Limiter) room(now time.Time) bool {
	if since := now.Sub(l.looked); since >= 0 && since < lookEvery {
		return false
	}
	l.looked = now
	for name, b := range l.buckets {
		if l.filled(b, now).tokens >= l.most {
			delete(l.buckets, name)
		}
	}
	return len(l.buckets) < mostNames
}

// Give gives back one that was taken for nothing.
func (l *Limiter) Give(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name, b := l.of(name)
	b.tokens = min(l.most, b.tokens+1)
	l.buckets[name] = b
}

// May reports whether the name has something left.
func (l *Limiter) May(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, b := l.of(name)
	return b.tokens >= 1
}

// Take uses one up.
func (l *Limiter) Take(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name, b := l.of(name)
	b.tokens = max(0, b.tokens-1)
	l.buckets[name] = b
}

// Try takes one where there is one, and reports whether there was.
func (l *Limiter) Try(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	name, b := l.of(name)
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	l.buckets[name] = b
	return true
}
