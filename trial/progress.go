package trial

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
)

// progress shows one bar per line and one in all; plain lines where the output is no terminal.
type progress struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	total    int
	lines    []*lineBar
	drawn    int // terminal lines on the screen
	last     time.Time
}

type lineBar struct {
	id      string
	made    int
	spoiled int
	step    jobs.Step
	waiting fault.Code
}

const (
	barWidth   = 30
	frameEvery = 80 * time.Millisecond // of the terminal drawing
)

func newProgress(out io.Writer, terminal bool, total int, lines []jobs.LineID) *progress {
	p := &progress{out: out, terminal: terminal, total: total}
	for _, id := range lines {
		p.lines = append(p.lines, &lineBar{id: string(id)})
	}
	return p
}

// observe takes in what a line tells.
func (p *progress) observe(e personalize.Progress) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.lines {
		if l.id != string(e.Line) {
			continue
		}
		if e.Waiting != l.waiting {
			l.waiting = e.Waiting
			if e.Waiting != "" {
				p.plain(l, "waits: "+string(e.Waiting))
			}
		}
		if e.Step != "" {
			l.step = e.Step
		}
		if e.Phase != jobs.Settled || e.Result != jobs.Done {
			continue
		}
		switch e.Step {
		case jobs.Eject:
			l.made++
			p.plain(l, "made a card")
		case jobs.Reject:
			l.spoiled++
			p.plain(l, "set a card aside: "+string(e.Cause))
		}
	}
	p.draw(false)
}

// plain writes what happened on a line behind the count of all lines.
func (p *progress) plain(l *lineBar, what string) {
	if p.terminal {
		return
	}
	made := 0
	for _, l := range p.lines {
		made += l.made
	}
	fmt.Fprintf(p.out, "%*d of %d made   %s %s\n", len(strconv.Itoa(p.total)), made, p.total, l.id, what)
}

func (p *progress) draw(force bool) {
	if !p.terminal || !force && time.Since(p.last) < frameEvery {
		return
	}
	p.last = time.Now()
	var b strings.Builder
	if p.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", p.drawn)
	}
	made, spoiled := 0, 0
	for _, l := range p.lines {
		what := string(l.step)
		if l.waiting != "" {
			what = "waits: " + string(l.waiting)
		}
		share := (p.total + len(p.lines) - 1) / len(p.lines)
		fmt.Fprintf(&b, "\x1b[2K%-8s %s %4d  %s\n", l.id, bar(l.made, share), l.made, what)
		made, spoiled = made+l.made, spoiled+l.spoiled
	}
	fmt.Fprintf(&b, "\x1b[2K%-8s %s %4d of %d, %d set aside\n", "all", bar(made, p.total), made, p.total, spoiled)
	p.drawn = len(p.lines) + 1
	_, _ = io.WriteString(p.out, b.String())
}

// close draws the last state.
func (p *progress) close() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.draw(true)
}

func bar(n, of int) string {
	full := barWidth
	if of > 0 {
		full = min(barWidth, n*barWidth/of)
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "]"
}
