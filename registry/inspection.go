package registry

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// Inspection is a random sample of cards, blanks and rolls, drawn by a seed that the inspector brings:
// each is presented or scanned, and the report names what did not appear.
type Inspection struct {
	ID       string
	Seed     string
	State    string // open, closed
	DrawnBy  string
	DrawnAt  time.Time
	ClosedAt time.Time
	Items    []InspectedItem
}

// InspectedItem is one thing of a sample.
type InspectedItem struct {
	Item        string // chip, or serial of a roll
	Kind        string // card, blank, roll
	Place       string // where the ledger has it
	PresentedAt time.Time
	PresentedBy string
}

// mostSample bounds a sample of one kind.
const mostSample = 500

// seedText is what a seed may be: it stands in the event log.
var seedText = regexp.MustCompile(`^[ -~]{8,64}$`)

// DrawInspection draws a sample. The draw can be repeated by anybody: the things that are here, each as
// "kind/id", in the order of HMAC-SHA256 under the seed; the first ones of each kind are the sample.
// Result.Answer is its id.
type DrawInspection struct {
	Seed                 string
	Cards, Blanks, Rolls int
}

func (DrawInspection) Name() Name { return opDrawInspection }

func (o DrawInspection) run(a *act) error {
	const op = "registry.DrawInspection"
	if _, err := ktp.ParseNIK(o.Seed); err == nil || !seedText.MatchString(o.Seed) {
		return badOperation.At(op, nil).With("seed", "8 to 64 plain letters, digits or signs, brought by the inspector; no NIK")
	}
	for _, n := range []int{o.Cards, o.Blanks, o.Rolls} {
		if n < 0 || n > mostSample || o.Cards+o.Blanks+o.Rolls == 0 {
			return badOperation.At(op, nil).With("cards", "0 to %d of each kind, at least one in all", mostSample)
		}
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	i := Inspection{ID: id, Seed: o.Seed, State: "open", DrawnBy: a.actor.ID, DrawnAt: a.now()}
	detail := map[string]string{"inspection": id, "seed": o.Seed}
	for _, k := range []struct {
		kind string
		n    int
	}{{"card", o.Cards}, {"blank", o.Blanks}, {"roll", o.Rolls}} {
		all, err := inspectable(a.tx, k.kind)
		if err != nil {
			return err
		}
		detail["all_"+k.kind] = strconv.Itoa(len(all))
		i.Items = append(i.Items, sample(o.Seed, all, k.n)...)
	}
	if err := i.insert(a.tx); err != nil {
		return err
	}
	a.res.Answer = id
	detail["count"] = strconv.Itoa(len(i.Items))
	return a.tell(audit.Event{Code: a.row.Event, Detail: detail})
}

// sample takes the first n things in the order of their keyed hashes.
func sample(seed string, all []InspectedItem, n int) []InspectedItem {
	rank := func(i InspectedItem) uint64 {
		m := hmac.New(sha256.New, []byte(seed))
		m.Write([]byte(i.Kind + "/" + i.Item))
		return binary.BigEndian.Uint64(m.Sum(nil))
	}
	slices.SortFunc(all, func(x, y InspectedItem) int {
		switch rx, ry := rank(x), rank(y); {
		case rx < ry:
			return -1
		case rx > ry:
			return 1
		}
		return 0
	})
	return all[:min(n, len(all))]
}

// PresentItem notes that one thing of a sample is here.
type PresentItem struct {
	Inspection string
	Item       string
}

func (PresentItem) Name() Name { return opPresentItem }

func (o PresentItem) run(a *act) error {
	const op = "registry.PresentItem"
	i, err := a.inspection(o.Inspection)
	if err != nil {
		return err
	}
	if i.State != "open" {
		return wrongState.At(op, nil).With("inspection", "it is %s", i.State)
	}
	at := slices.IndexFunc(i.Items, func(x InspectedItem) bool { return x.Item == o.Item })
	if at < 0 {
		return badOperation.At(op, nil).With("item", "not of the sample")
	}
	if !i.Items[at].PresentedAt.IsZero() {
		return nil
	}
	if err := presentItem(a.tx, o.Inspection, o.Item, a.actor.ID); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"inspection": o.Inspection, "item": o.Item}})
}

// CloseInspection ends it; what did not appear is named in the log and on the report.
type CloseInspection struct{ Inspection string }

func (CloseInspection) Name() Name { return opCloseInspection }

func (o CloseInspection) run(a *act) error {
	i, err := a.inspection(o.Inspection)
	if err != nil {
		return err
	}
	if i.State != "open" {
		return wrongState.At("registry.CloseInspection", nil).With("inspection", "it is %s", i.State)
	}
	missing := 0
	for _, x := range i.Items {
		if !x.PresentedAt.IsZero() {
			continue
		}
		missing++
		if err := a.tell(audit.Event{Code: "inspection.missing", Detail: map[string]string{"inspection": i.ID, "item": x.Item, "kind": x.Kind, "place": x.Place}}); err != nil {
			return err
		}
		if err := a.lookForCard(ktp.ChipUID(x.Item)); err != nil {
			return err
		}
	}
	if err := closeInspection(a.tx, i.ID); err != nil {
		return err
	}
	a.res.Answer = strconv.Itoa(missing)
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"inspection": i.ID, "missing": strconv.Itoa(missing)}})
}

func (a *act) inspection(id string) (Inspection, error) {
	i, found, err := inspectionByID(a.tx, id)
	if err == nil && !found {
		err = inspectionUnknown.At("registry.inspection", nil)
	}
	return i, err
}

// Inspections are those that were drawn, newest first, each with its sample.
func (r *Registry) Inspections(ctx context.Context, limit int) ([]Inspection, error) {
	return r.InspectionsBehind(ctx, "", time.Time{}, "", limit)
}

// InspectionsBehind are those in a state ("" for all) behind the last one seen, newest first; from the newest on
// where that is none.
func (r *Registry) InspectionsBehind(ctx context.Context, state string, drawn time.Time, id string, limit int) (list []Inspection, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list = nil
		var w store.Where
		w.If(state, `state = ?`, state)
		if !drawn.IsZero() {
			at := store.Micros(drawn)
			w.And(`drawn_at < ? or drawn_at = ? and id < ?`, at, at, id)
		}
		ids, err := inspectionIDs(tx, w.Text()+` order by drawn_at desc, id desc limit ?`, w.Args(limit)...)
		for _, id := range ids {
			i, err := (&act{r: r, tx: tx}).inspection(id)
			if err != nil {
				return err
			}
			list = append(list, i)
		}
		return err
	})
	return list, err
}

// Presented is how many things of the sample were.
func (i Inspection) Presented() (n int) {
	for _, x := range i.Items {
		if !x.PresentedAt.IsZero() {
			n++
		}
	}
	return n
}

// InspectionByID is one with its sample.
func (r *Registry) InspectionByID(ctx context.Context, id string) (i Inspection, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		i, err = (&act{r: r, tx: tx}).inspection(id)
		return err
	})
	return i, err
}
