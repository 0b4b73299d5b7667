package api

import (
	"cmp"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"blanko/paper"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// papersOfStock are the papers of blanks, ribbons and films.
func papersOfStock(a *api) {
	paperOf(a, registry.PaperShift, "/v1/shifts/{shift}/papers/sheet", "printShift", "The sheet of a shift that was closed, with the head of the event log", true,
		func(f *form, in *struct {
			Keyed
			ID string `path:"shift" pattern:"^S-[0-9]{4}-[0-9]{5}$" patternDescription:"S-YYYY-NNNNN"`
		},
		) (filled, error) {
			return shiftPaper(f, in.ID)
		})
	paperOf(a, registry.PaperStock, "/v1/stock/papers/report", "printStock", "What blanks came and went since the ledger began, and what must be here", true,
		func(f *form, _ *Keyed) (filled, error) { return stockPaper(f) })
	paperOf(a, registry.PaperInspection, "/v1/inspections/{inspection}/papers/report", "printInspection", "The report of an inspection that was closed", true,
		func(f *form, in *InspectionKeyed) (filled, error) { return inspectionPaper(f, in.ID) })
}

// startedAfter says how the start before a restart ended.
var startedAfter = map[string]string{"": "mulai pertama", "stop": "berhenti dengan tertib", "crash": "terputus, misalnya listrik padam"}

// countedWhat says what a heap of a shift is, and where.
func countedWhat(h registry.Heap) string {
	if h.Kind == registry.CountedBlank {
		return "blangko, " + h.Place + ", lot " + h.Lot
	}
	at := "gudang"
	if _, line, fitted := strings.Cut(h.Place, "/"); fitted {
		at = "di printer " + line
	}
	return map[string]string{"ribbon": "pita ", "film": "film "}[h.Kind] + h.Lot + ", " + at
}

// rollsOff says of the rolls that a shift was settled with which were lost, and that one too many is to be received.
func (f *form) rollsOff(s registry.Shift) string {
	if s.Reason == "" {
		return ""
	}
	var lost []string
	for _, e := range f.events(audit.Filter{Code: "roll.lost"}) {
		if !e.At.Before(s.OpenedAt) && !e.At.After(s.ClosedAt) {
			lost = append(lost, e.Detail["roll"])
		}
	}
	text := ""
	if len(lost) > 0 {
		text += " Rol hilang: " + strings.Join(lost, ", ") + "."
	}
	if slices.ContainsFunc(s.Counts, func(c registry.ShiftCount) bool {
		return c.Kind != registry.CountedBlank && c.Counted > c.Expected && (c.Turn == "open" || c.N == s.LastCount())
	}) {
		text += " Rol lebih: belum ada di buku sampai diterima ke gudang."
	}
	return text
}

// shiftCounts are the heaps of a shift: those that were counted at its end, and those of its beginning that were gone by then.
func shiftCounts(s registry.Shift) (list []paper.ShiftCount) {
	opening, ended := map[registry.Heap]int{}, map[registry.Heap]registry.ShiftCount{}
	last := s.LastCount()
	var heaps []registry.Heap
	for _, c := range s.Counts {
		switch {
		case c.Turn == "open" && c.Kind == registry.CountedBlank:
			opening[c.Heap] = c.Counted
		case c.Turn == "open":
			opening[c.Heap] = c.Expected // a roll too many is not in the ledger
		case c.N == last:
			ended[c.Heap] = c
		default:
			continue
		}
		if !slices.Contains(heaps, c.Heap) {
			heaps = append(heaps, c.Heap)
		}
	}
	slices.SortFunc(heaps, registry.Heap.Compare)
	for _, h := range heaps {
		begun, end := opening[h], ended[h]
		net := end.Expected - begun // what came less what went, by the ledger
		list = append(list, paper.ShiftCount{What: countedWhat(h), Opening: begun, In: max(net, 0), Out: max(-net, 0), Counted: end.Counted, Accepted: s.Reason})
	}
	return list
}

func shiftPaper(f *form, id string) (filled, error) {
	s, err := f.api.Registry.ShiftByID(f.ctx, id)
	if err != nil {
		return filled{}, err
	}
	if s.ClosedAt.IsZero() {
		return f.missing("shift", "it is open")
	}
	p := paper.Shift{
		Place: "ruang cetak", OpenedAt: f.local(s.OpenedAt), ClosedAt: f.local(s.ClosedAt), Remark: strings.TrimSpace(f.words(s.Reason) + f.rollsOff(s)),
		OpenedBy: [2]paper.Officer{f.officer(s.OpenedBy), f.officer(s.OpenedSecond)}, ClosedBy: [2]paper.Officer{f.officer(s.ClosedBy), f.officer(s.ClosedSecond)},
		Anchor: paper.Anchor{Sequence: s.AnchorID, Hash: hex.EncodeToString(s.Anchor), At: f.local(s.ClosedAt)},
	}
	p.Counts = shiftCounts(s)
	told, err := f.api.Registry.ShiftTold(f.ctx, s)
	if err != nil {
		return filled{}, err
	}
	p.CutOff = told.CutOff
	for _, cause := range slices.Sorted(maps.Keys(told.Spoiled)) {
		p.Causes = append(p.Causes, paper.CauseCount{Cause: f.words(cause), Count: told.Spoiled[cause]})
	}
	for i, x := range told.Restarts {
		p.Restarts = append(p.Restarts, paper.Restart{
			At: f.local(x.ReleasedAt), Line: x.Station, By: f.officer(x.ReleasedBy).Name, Second: f.officer(x.Second).Name, Reason: startedAfter[told.After[i]],
		})
	}
	with := func(h paper.Heading) paper.Shift {
		x := p
		x.Heading = h
		return x
	}
	return filled{
		subject: s.ID, content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.ShiftSheet(with(h)) },
		table: func(h paper.Heading) []byte { return paper.ShiftCSV(with(h)) },
	}, nil
}

// anchor is the event by which a paper was issued, so that each copy names the same; before that, the head
// of the log.
func (f *form) anchor(number string) paper.Anchor {
	id, err := f.api.Registry.NewestEvent(f.ctx)
	last := of(f, id, err) - 1
	list, err := f.api.Registry.Events(f.ctx, last, 1, audit.Filter{})
	for _, e := range f.events(audit.Filter{Code: "paper.issued"}) {
		if e.Detail["paper"] == number {
			list = []audit.Event{e}
		}
	}
	if list = of(f, list, err); len(list) == 0 {
		return paper.Anchor{}
	}
	return paper.Anchor{Sequence: list[0].ID, Hash: hex.EncodeToString(list[0].Hash[:]), At: f.local(list[0].At)}
}

func stockPaper(f *form) (filled, error) {
	held, _, err := f.api.Registry.Blanks(f.ctx)
	if err != nil {
		return filled{}, err
	}
	first, err := f.api.Registry.Events(f.ctx, 0, 1, audit.Filter{})
	if len(first) == 0 {
		return f.missing("stock", "the ledger is empty")
	}
	p := paper.StockReport{From: f.local(of(f, first, err)[0].At), Keeper: f.printer()}
	tests, err := f.api.Registry.TestLots(f.ctx)
	if err != nil {
		return filled{}, err
	}
	at := map[string]int{}
	for _, h := range held {
		i, known := at[h.Lot]
		if !known {
			i = len(p.Blanks)
			at[h.Lot] = i
			use := "kartu"
			if tests[h.Lot] {
				use = "uji"
			}
			p.Blanks = append(p.Blanks, paper.LotStock{Lot: h.Lot, Use: use})
		}
		n, lot := h.Unread+h.Read, &p.Blanks[i]
		lot.Received += n
		switch h.Place.Kind {
		case stock.Shipped, stock.Delivered, stock.Holder:
			lot.Made += n
		case stock.Destroyed:
			lot.Destroyed += n
		case stock.Lost, stock.Elsewhere:
			lot.Other += n
		case stock.Spoiled, stock.Reject:
			lot.Spoiled += n
			lot.Closing += n
		default:
			lot.Closing += n
		}
	}
	rolls, err := every(func(limit int) ([]registry.RollUse, error) {
		after := ""
		if n := len(p.Rolls); n > 0 {
			after = p.Rolls[n-1].Serial
		}
		return f.api.Registry.Rolls(f.ctx, registry.RollFilter{After: after, Limit: limit})
	}, func(registry.RollUse) {})
	lists := f.rollLists()
	for _, r := range of(f, rolls, err) {
		x := paper.Roll{Serial: r.Serial, Kind: paper.RollKind(r.Kind), Line: string(r.Line), Panels: r.Panels, Used: r.Used, Wasted: max(0, r.Apart()), Seal: r.Seal}
		x.FittedAt, x.FittedBy = f.rollEvent("roll.fitted", r.Serial, r.FittedAt)
		x.RemovedAt, x.RemovedBy = f.rollEvent("roll.removed", r.Serial, r.RemovedAt)
		switch r.State {
		case registry.RollDestroyed:
			x.Destroyed = cmp.Or(lists[r.Serial], "-")
		case registry.RollLost:
			x.Lost = true
			x.RemovedAt, x.RemovedBy = f.rollEvent("roll.lost", r.Serial, r.RemovedAt)
		case registry.RollSent:
			x.Sent = cmp.Or(lists[r.Serial], "-")
		}
		p.Rolls = append(p.Rolls, x)
	}
	with := func(h paper.Heading) paper.StockReport {
		x := p
		x.Heading, x.To, x.Anchor = h, h.At, f.anchor(h.Number)
		return x
	}
	return filled{
		subject: "stock", content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.StockPages(with(h)) },
		table: func(h paper.Heading) []byte { return paper.LotsCSV(with(h)) },
	}, nil
}

// rollEvent is when and by whom something was done to a roll.
func (f *form) rollEvent(code, serial string, at time.Time) (when time.Time, who string) {
	if at.IsZero() {
		return at, ""
	}
	for _, e := range f.events(audit.Filter{Code: code}) {
		if e.Detail["roll"] == serial || e.Detail["serial"] == serial {
			who = f.officer(e.Actor).Name
		}
	}
	if who == "" {
		who = "-"
	}
	return f.local(at), who
}

// rollLists are the numbers of the lists that rolls ended with; of those of before no event tells.
func (f *form) rollLists() map[string]string {
	lists := map[string]string{}
	for _, code := range []string{"roll.destroyed", "roll.sent"} {
		for _, e := range f.events(audit.Filter{Code: code}) {
			lists[e.Detail["roll"]] = e.Detail["destruction"]
		}
	}
	return lists
}

// inspectedWords are the populations of an inspection.
var inspectedWords = map[string]string{"card": "kartu", "blank": "blangko", "roll": "pita dan film"}

func inspectionPaper(f *form, id string) (filled, error) {
	i, err := f.api.Registry.InspectionByID(f.ctx, id)
	if err != nil {
		return filled{}, err
	}
	if i.ClosedAt.IsZero() {
		return f.missing("inspection", "it is open")
	}
	p := paper.Inspection{
		Place: f.place("").Name, Inspector: f.officer(i.DrawnBy), Office: "Inspektorat", Seed: i.Seed, Method: "menurut benih pemeriksa, dari buku pada saat penarikan",
		Began: f.local(i.DrawnAt), Ended: f.local(i.ClosedAt), Escort: paper.Officer{Name: "Pendamping"},
	}
	var drawn map[string]string
	for _, e := range f.events(audit.Filter{Code: "inspection.drawn"}) {
		if e.Detail["inspection"] == id {
			drawn = e.Detail
			p.Anchor = paper.Anchor{Sequence: e.ID, Hash: hex.EncodeToString(e.Hash[:]), At: f.local(e.At)}
		}
	}
	counts := map[string]int{}
	for _, x := range i.Items {
		counts[x.Kind]++
		item := paper.Inspected{What: inspectedWords[x.Kind], Item: x.Item, Expected: x.Place, Outcome: paper.NotAppeared, At: f.local(x.PresentedAt)}
		if !x.PresentedAt.IsZero() {
			item.Outcome = paper.Presented
			if x.PresentedBy != i.DrawnBy {
				p.Escort = f.officer(x.PresentedBy)
			}
		}
		p.Sample = append(p.Sample, item)
	}
	for _, kind := range []string{"card", "blank", "roll"} {
		if n := counts[kind]; n > 0 {
			p.Populations = append(p.Populations, paper.Population{What: inspectedWords[kind], All: max(n, atoi(drawn["all_"+kind]))})
		}
	}
	with := func(h paper.Heading) paper.Inspection {
		x := p
		x.Heading = h
		return x
	}
	return filled{
		subject: i.ID, content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.InspectionReport(with(h)) },
		table: func(h paper.Heading) []byte { return paper.InspectionCSV(with(h)) },
	}, nil
}
