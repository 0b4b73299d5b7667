package trial

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"text/tabwriter"
	"time"

	"blanko/internal/rig"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
)

// SoakOptions of a soak: one station process with two lines that makes cards for long, undisturbed, in a world of another process.
type SoakOptions struct {
	Cards    int
	Seed     int64
	Database string // sqlite, postgres
	// Program starts a station: a program and its arguments. It has to call TortureStation.
	Program []string
	// Told is called after every tenth of the cards; nil: nobody asks.
	Told func(SoakPart)
}

// soakFaces is how many portraits the world draws for all cards, as drawing takes more than everything else it does.
const soakFaces = 256

// soakLines is how many lines the station of a soak has.
const soakLines = 2

// soakParts is into how many parts of equal size a soak is divided.
const soakParts = 10

// Check names the first option that cannot be.
func (o SoakOptions) Check() error {
	switch {
	case o.Cards < soakParts || o.Cards > 1_000_000 || o.Cards%soakParts != 0:
		return fmt.Errorf("--cards: %d to 1000000, a multiple of %d", soakParts, soakParts)
	case o.Database != "sqlite" && o.Database != "postgres":
		return errors.New("--db: sqlite or postgres")
	}
	return nil
}

// SoakPart is what the station process held and took while it made a part of its cards: medians of many instants.
type SoakPart struct {
	Cards      int     `json:"cards"`     // made since the beginning
	Seconds    float64 `json:"seconds"`   // of this part, on the wall
	Processor  float64 `json:"processor"` // seconds of this part that the process took of any core
	Yard       float64 `json:"yard"`      // seconds of processor that one and the same work took in the meantime, the mean
	Resident   int     `json:"resident"`  // bytes of memory that the system gave it (VmRSS)
	Heap       int     `json:"heap"`      // bytes that were reachable at the last collection
	Goroutines int     `json:"goroutines"`
	Handles    int     `json:"handles"` // open files and sockets
}

// yards is the processor time against that of the yardstick, which a machine that is slower for a while changes with it.
func (p SoakPart) yards() float64 { return p.Processor / max(p.Yard, time.Microsecond.Seconds()) }

// SoakResult is what a soak showed.
type SoakResult struct {
	Seed        int64      `json:"seed"`
	Database    string     `json:"database"`
	Cards       int        `json:"cards"`
	Parts       []SoakPart `json:"parts"`
	World       SoakCount  `json:"world"`
	Ledger      SoakCount  `json:"ledger"`
	Differences []string   `json:"differences"`
	Seconds     float64    `json:"seconds"`
}

// SoakCount is one account of all cards. Marks of two accounts are the same where they name the same attempts.
type SoakCount struct {
	Made int    `json:"made"`
	Mark string `json:"mark"` // all attempts of cards that exist, combined whatever their order
}

// Bounds of what may grow from the second part, when everything has been used once, to the last.
const (
	soakJudged  = 1000 // cards at least, for fewer tell nothing of growth
	soakMemory  = 1.10 // times
	soakHandles = 4    // more: connections of a pool come and go
	soakSlower  = 1.03 // times, last part against the first, by the clock and in yardsticks
)

// judge lists what differs between the accounts, and what grew.
func (r SoakResult) judge() (wrong []string) {
	if r.World != r.Ledger {
		wrong = append(wrong, fmt.Sprintf("the world holds %d cards, the ledger tells of %d, or not of the same", r.World.Made, r.Ledger.Made))
	}
	if len(r.Parts) != soakParts {
		return append(wrong, fmt.Sprintf("%d of %d parts were made", len(r.Parts), soakParts))
	}
	if r.Cards < soakJudged {
		return wrong
	}
	first, warm, last := r.Parts[0], r.Parts[1], r.Parts[soakParts-1]
	for _, w := range []struct {
		name      string
		was, is   float64
		allowance float64
	}{
		{"memory of the process", float64(warm.Resident), float64(last.Resident), soakMemory * float64(warm.Resident)},
		{"reachable memory", float64(warm.Heap), float64(last.Heap), soakMemory * float64(warm.Heap)},
		{"goroutines", float64(warm.Goroutines), float64(last.Goroutines), float64(warm.Goroutines + soakHandles)},
		{"handles", float64(warm.Handles), float64(last.Handles), float64(warm.Handles + soakHandles)},
	} {
		if w.is > w.allowance {
			wrong = append(wrong, fmt.Sprintf("%s grew from %.6g to %.6g", w.name, w.was, w.is))
		}
	}
	// A station that slows down shows it on the clock and in yardsticks; a machine that does, on the clock alone.
	if last.Seconds > soakSlower*first.Seconds && last.yards() > soakSlower*first.yards() {
		wrong = append(wrong, fmt.Sprintf("a part grew from %.4g to %.4g s, its processor time from %.6g to %.6g yardsticks",
			first.Seconds, last.Seconds, first.yards(), last.yards()))
	}
	return wrong
}

// Agree reports whether world and ledger tell the same and nothing grew.
func (r SoakResult) Agree() bool { return len(r.Differences) == 0 }

// Soak lets one station process make all cards, and holds at the end the account of the world against that of the ledger.
func Soak(ctx context.Context, o SoakOptions) (r SoakResult, err error) {
	if err := o.Check(); err != nil {
		return r, err
	}
	r = SoakResult{Seed: o.Seed, Database: o.Database, Cards: o.Cards, Differences: []string{}}
	folder, err := os.MkdirTemp(memory(), "blanko-soak-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // in memory
	began := time.Now()
	t := &torture{
		TortureOptions: TortureOptions{Seed: o.Seed, Database: o.Database, Stations: soakLines, Program: o.Program}, result: &TortureResult{},
		blanks: slices.Repeat([]string{ktp.ProfileCitizen}, soakLines), folder: folder, began: began, random: rand.New(rand.NewPCG(uint64(o.Seed), 0x50a4)),
		size: size{soakFaces, 0, 2 * delivery, o.Cards + o.Cards/soakParts + 2*delivery},
	}
	if o.Database == "postgres" {
		if t.server, err = rig.StartPostgres(); err != nil {
			return r, err
		}
		defer func() { err = errors.Join(err, t.server.Close()) }()
	}
	if err := t.setUp(ctx); err != nil {
		return r, err
	}
	defer t.arena.close()
	if t.kept != nil {
		defer t.kept.Close() //nolint:errcheck // read only
	}
	t.arena.yield = &yield{wanted: o.Cards, told: func(p SoakPart) {
		r.Parts = append(r.Parts, p)
		if o.Told != nil {
			o.Told(p)
		}
	}}
	for _, s := range t.arena.seats {
		s.enter(&life{})
	}
	if err := t.alone(ctx, o.Cards); err != nil {
		return r, err
	}
	r.Seconds = time.Since(began).Seconds()
	if err := t.arena.gather(); err != nil {
		return r, err
	}
	r.World = t.arena.yield.count()
	if r.Ledger, err = t.booked(ctx); err != nil {
		return r, err
	}
	r.Differences = append(r.Differences, append(t.arena.yield.wrong, r.judge()...)...)
	return r, nil
}

// alone lets the one station process work until it ends.
func (t *torture) alone(ctx context.Context, cards int) error {
	v := t.victim
	v.Line, v.Beside, v.Life, v.Soak = t.line(0), t.line(1), "soak", cards
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, t.Program[0], t.Program[1:]...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	var told tail
	cmd.Stderr, cmd.Stdout = &told, &told
	if err := cmd.Start(); err != nil {
		return err
	}
	_, err = stdin.Write(text)
	if err = errors.Join(cmd.Wait(), err); err != nil {
		return fmt.Errorf("the station ended: %w: %s", err, told.String())
	}
	return nil
}

// booked is the account of the ledger.
func (t *torture) booked(ctx context.Context) (c SoakCount, err error) {
	st, reg, err := t.openLedger(ctx)
	if err != nil {
		return c, err
	}
	if st != t.kept {
		defer st.Close() //nolint:errcheck // read only
	}
	const page = 1000
	var m medley
	behind := jobs.AttemptFilter{State: jobs.Out, Limit: page}
	for {
		list, err := reg.AttemptsBehind(ctx, behind)
		if err != nil {
			return c, err
		}
		for _, a := range list {
			m.add(a.ID)
			behind.Started, behind.ID = a.StartedAt, a.ID
		}
		if len(list) < page {
			return SoakCount{m.n, m.text()}, differing(ctx, reg)
		}
	}
}

// differing is an error where the ledger of blanks does not add up.
func differing(ctx context.Context, reg *registry.Registry) error {
	_, differences, err := reg.Blanks(ctx)
	if err == nil && len(differences) > 0 {
		err = fmt.Errorf("the ledger of blanks does not add up: %+v", differences)
	}
	return err
}

// Print writes the parts and both accounts as text.
func (r SoakResult) Print(w io.Writer) error {
	var text bytes.Buffer
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "cards\ts\ts of processor\tms a card\tyardstick ms\tresident MB\theap MB\tgoroutines\thandles\t")
	const mega = 1 << 20
	before := 0
	for _, p := range r.Parts {
		fmt.Fprintf(table, "%d\t%.1f\t%.1f\t%.1f\t%.2f\t%.1f\t%.1f\t%d\t%d\t\n", p.Cards, p.Seconds, p.Processor, 1000*p.Processor/float64(max(1, p.Cards-before)), 1000*p.Yard,
			float64(p.Resident)/mega, float64(p.Heap)/mega, p.Goroutines, p.Handles)
		before = p.Cards
	}
	_ = table.Flush() // into memory
	fmt.Fprintf(&text, "\n%d cards in the world, %d in the ledger, %.0f s\n", r.World.Made, r.Ledger.Made, r.Seconds)
	if r.Agree() {
		fmt.Fprintln(&text, "world and ledger agree, and nothing grew")
	}
	for _, d := range r.Differences {
		fmt.Fprintln(&text, "difference:", d)
	}
	_, err := text.WriteTo(w)
	return err
}
