package printer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// What every language of the emulated printers has at its end of the cable.

// ErrClosed is the end of the connection by the host itself.
var ErrClosed = errors.New("the connection is closed")

// Finding is something in the host's bytes that a printer would take badly.
type Finding struct {
	Command int    `json:"command"` // number of the command on this device, from 1
	Text    string `json:"text"`
}

// Findings keeps them, up to a thousand. Safe for concurrent use.
type Findings struct {
	mu   sync.Mutex
	list []Finding
}

const findingsLimit = 1000

// Add notes something at a command.
func (f *Findings) Add(command int, format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) < findingsLimit {
		f.list = append(f.list, Finding{command, fmt.Sprintf(format, args...)})
	}
}

// All are the findings so far.
func (f *Findings) All() []Finding {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.list)
}

// Script is the faults of one language that wait to strike. Safe for concurrent use.
type Script[F any] struct {
	mu   sync.Mutex
	rows []F
}

// Plan adds faults.
func (s *Script[F]) Plan(faults ...F) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = append(s.rows, faults...)
}

// Pending are the faults that have not struck yet.
func (s *Script[F]) Pending() []F {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rows)
}

// Strike takes the first fault off the script that is due; due may count in the row.
func (s *Script[F]) Strike(due func(*F) bool) (F, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.rows {
		if due(&s.rows[i]) {
			f := s.rows[i]
			s.rows = slices.Delete(s.rows, i, i+1)
			return f, true
		}
	}
	var none F
	return none, false
}

// Reached is what a host reaches over a cable.
type Reached interface {
	Write(ctx context.Context, p []byte) error
	Read(ctx context.Context, p []byte) (int, error)
	DeviceID(ctx context.Context) (string, error)
}

// Link is one connection of a host to a printer. The printer outlives it.
type Link struct {
	to     Reached
	closed atomic.Bool
}

// Connected is a new connection.
func Connected(to Reached) *Link { return &Link{to: to} }

// Write is the printer's Write.
func (l *Link) Write(ctx context.Context, p []byte) error {
	if l.closed.Load() {
		return ErrClosed
	}
	return l.to.Write(ctx, p)
}

// Read is the printer's Read.
func (l *Link) Read(ctx context.Context, p []byte) (int, error) {
	if l.closed.Load() {
		return 0, ErrClosed
	}
	return l.to.Read(ctx, p)
}

// DeviceID is the printer's DeviceID.
func (l *Link) DeviceID(ctx context.Context) (string, error) {
	if l.closed.Load() {
		return "", ErrClosed
	}
	return l.to.DeviceID(ctx)
}

// Close ends the connection; the printer goes on.
func (l *Link) Close() error {
	l.closed.Store(true)
	return nil
}
