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
}

type bucket struct {
	tokens float64
	at     time.Time
}

// NewLimiter allows so many in a minute, and so many at once.
func NewLimiter(perMinute, atOnce float64, now func() time.Time) *Limiter {
	return &Limiter{rate: perMinute / time.Minute.Seconds(), most: atOnce, now: now, buckets: map[string]bucket{}}
}

// mostNames bounds the memory of a limiter; full buckets are forgotten beyond it.
const mostNames = 10000

func (l *Limiter) fill(name string) bucket {
	now := l.now()
	b, known := l.buckets[name]
	if !known {
		b = bucket{l.most, now}
	}
	b.tokens = min(l.most, b.tokens+max(0, now.Sub(b.at).Seconds())*l.rate)
	b.at = now
	return b
}

// May reports whether the name has something left.
func (l *Limiter) May(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fill(name).tokens >= 1
}

// Take uses one up.
func (l *Limiter) Take(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.fill(name)
	b.tokens = max(0, b.tokens-1)
	if len(l.buckets) >= mostNames {
		for n := range l.buckets {
			if l.fill(n).tokens >= l.most {
				delete(l.buckets, n)
			}
		}
		if len(l.buckets) >= mostNames { // all of them busy: start anew rather than grow
			clear(l.buckets)
		}
	}
	l.buckets[name] = b
}
