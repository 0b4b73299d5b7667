package center

import (
	"cmp"
	"slices"
	"time"
)

// Line is what the center knows of one request: the truth to hold the ledger against.
type Line struct {
	ID        string
	Office    string
	Resident  int    // index of the person
	Broken    string // name of the kind; "": a good record
	Refusal   string // that a broken one must cause
	Impostor  bool   // the second impressions are another person's
	Version   int    // the latest
	Withdrawn string // the reason; "": not withdrawn
	Held      bool
	Word      string // the last one reported; before any PRINT_READY_RECORD, or RECEIVED_AT_CENTRAL without a record
	Created   time.Time
	Reports   []Report // in order of arrival
}

// Account lists every request in the order in which it was made.
func (c *Center) Account() []Line {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Line, 0, len(c.requests))
	order := map[string]int64{}
	for _, r := range c.requests {
		l := Line{
			ID: r.id, Office: r.office.code, Resident: r.resident, Version: r.latest().version, Withdrawn: r.withdrawn, Held: r.held,
			Impostor: r.latest().impostor, Word: wordReady, Created: r.created, Reports: slices.Clone(r.reports),
		}
		if len(r.versions) == 0 {
			l.Word = wordReceived
		}
		if r.kind != nil {
			l.Broken, l.Refusal = r.kind.Name, r.kind.Refusal
		}
		for _, rep := range r.reports {
			if rep.Word != "REFUSED" {
				l.Word = rep.Word
			}
		}
		if len(r.versions) > 0 {
			order[r.id] = r.versions[0].sequence
		}
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b Line) int {
		if n := cmp.Compare(a.Office, b.Office); n != 0 {
			return n
		}
		return cmp.Compare(order[a.ID], order[b.ID])
	})
	return out
}

// Anchors lists the daily anchors that arrived, by office and day ("61.05 2026-11-22"), each as
// sequence and hash.
func (c *Center) Anchors() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[string]string, len(c.anchors))
	for k, v := range c.anchors {
		out[k] = v
	}
	return out
}
