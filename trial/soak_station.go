package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"blanko/station"
)

// soak runs one station without a pause until all its cards are made, and tells the world after every part how it is.
func (p *post) soak(ctx context.Context) error {
	run, stop := context.WithCancel(ctx)
	drain, ended := make(chan struct{}), make(chan struct{})
	go func() {
		station.New(p.parts).Run(run, drain)
		close(ended)
	}()
	defer func() {
		stop()
		<-ended
	}()
	look := time.NewTicker(stroll)
	defer look.Stop()
	began, used, next := time.Now(), processor(), p.Soak/soakParts
	yard, laid := newYardstick(), 0
	for {
		if err := p.tend(ctx); err != nil {
			return err
		}
		s, err := p.reg.Summary(ctx)
		if err != nil {
			return err
		}
		if s.InDoubt > 0 || s.Refused > 0 {
			return fmt.Errorf("%d cards are in doubt and %d records refused where nothing happens", s.InDoubt, s.Refused)
		}
		if _, err := p.far.do(ctx, call{Act: "harvest", Line: string(p.Line), Number: s.Made}); err != nil {
			return err
		}
		if s.Made >= laid {
			yard.lay()
			laid = s.Made + max(1, p.Soak/soakParts/yardsOfPart)
		}
		for s.Made >= next && next <= p.Soak {
			part := SoakPart{Cards: next, Seconds: time.Since(began).Seconds(), Processor: (processor() - used).Seconds(), Yard: yard.middle().Seconds()}
			if err := p.measure(ctx, part); err != nil {
				return err
			}
			began, used, next = time.Now(), processor(), next+p.Soak/soakParts
			yard.turn()
		}
		if s.Made == p.Soak && s.Reports == 0 {
			close(drain)
			<-ended
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
}

// measure tells the world what this process holds, when it has given back what it does not need.
func (p *post) measure(ctx context.Context, part SoakPart) error {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	part.Heap, part.Goroutines = int(m.HeapAlloc), runtime.NumGoroutine()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	part.Handles = len(open)
	statm, err := os.ReadFile("/proc/self/statm") // proc(5): pages; the second figure is the resident set
	if err != nil {
		return err
	}
	var size, pages int
	if _, err := fmt.Sscan(string(statm), &size, &pages); err != nil {
		return err
	}
	part.Resident = pages * os.Getpagesize()
	text, err := json.Marshal(part)
	if err != nil {
		return err
	}
	_, err = p.far.do(ctx, call{Act: "tell", Line: string(p.Line), Data: text})
	return err
}

// processor is the time that this process took of any core.
func processor() time.Duration { return spent(syscall.RUSAGE_SELF) }

// spent is the processor time, in user and system mode, of whom getrusage(2) asks about.
func spent(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
