package api

import (
	"cmp"
	"context"
	"encoding/hex"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// shift is a working day of the print room between two counts.
type shift struct {
	ID           string       `json:"id"`
	State        string       `json:"state" enum:"open,closed"`
	OpenedBy     string       `json:"openedBy"`
	OpenedSecond string       `json:"openedSecond"`
	OpenedAt     time.Time    `json:"openedAt"`
	ClosedBy     string       `json:"closedBy,omitempty"`
	ClosedSecond string       `json:"closedSecond,omitempty"`
	ClosedAt     *time.Time   `json:"closedAt,omitempty"`
	Recounts     int          `json:"recounts" doc:"Counts that did not fit"`
	Reason       string       `json:"reason,omitempty" doc:"Of a difference that was settled"`
	AnchorID     int64        `json:"anchorId,omitempty" doc:"Newest event when it closed"`
	Anchor       string       `json:"anchor,omitempty" doc:"Its hash, hex"`
	Counts       []shiftCount `json:"counts" nullable:"false"`
}

type shiftCount struct {
	Turn     string `json:"turn" enum:"open,close"`
	N        int    `json:"n"`
	Kind     string `json:"kind" enum:"blank,ribbon,film"`
	Place    string `json:"place"`
	Lot      string `json:"lot" doc:"Of rolls: their product"`
	Counted  int    `json:"counted"`
	Expected *int   `json:"expected,omitempty" doc:"Absent while the shift is open: the count is blind"`
}

// heap is blanks of a lot, or rolls of a product, as two people counted them.
type heap struct {
	Kind     string `json:"kind,omitempty" enum:"blank,ribbon,film" doc:"Absent: blanks"`
	Place    string `json:"place" minLength:"1" maxLength:"80" doc:"Of blanks: store, hopper/LINE, or testing; of ribbons and films: store or fitted/LINE"`
	Lot      string `json:"lot" minLength:"1" maxLength:"64" doc:"Of ribbons and films: their product"`
	Quantity int    `json:"quantity" minimum:"0" maximum:"1000000"`
}

type heaps struct {
	Keyed
	Body struct {
		Counts []heap `json:"counts" nullable:"false" maxItems:"200"`
	}
}

func (h heaps) counts() []registry.Counted { return countedOf(h.Body.Counts) }

func countedOf(list []heap) (out []registry.Counted) {
	for _, c := range list {
		out = append(out, registry.Counted{Heap: registry.Heap{Kind: cmp.Or(c.Kind, registry.CountedBlank), Place: c.Place, Lot: c.Lot}, Quantity: c.Quantity})
	}
	return out
}

func shifts(a *api) {
	change(a, registry.OpenShift{}, "/v1/shifts", "openShift", "Begin a shift by a blind count of two; answer recount: it does not fit",
		func(_ context.Context, in *heaps) (registry.Operation, error) {
			return registry.OpenShift{Counts: in.counts()}, nil
		})
	change(a, registry.CloseShift{}, "/v1/shifts/closing", "closeShift", "End the shift by a blind count of two; answer recount: it does not fit",
		func(_ context.Context, in *heaps) (registry.Operation, error) {
			return registry.CloseShift{Counts: in.counts()}, nil
		})
	change(a, registry.SettleShift{}, "/v1/shifts/settlement", "settleShift", "End a shift whose counts do not fit after a recount; a roll too many stays a difference until it is received",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Because
				Counts  []heap   `json:"counts,omitempty" maxItems:"200" doc:"Of an opening that did not fit; it opens a shift then"`
				Missing []string `json:"missing,omitempty" maxItems:"5000" doc:"Chips of missing blanks that the ledger knows by their chips, and the serial of every missing roll. While a roll is not named, whoever decides is refused, with those that the ledger has there"`
			}
		},
		) (registry.Operation, error) {
			return registry.SettleShift{Because: in.Body.why(), Counts: countedOf(in.Body.Counts), Missing: in.Body.Missing}, nil
		})
	get(a, access.SeeStock, "/v1/shifts", "listShifts", "Shifts, newest first",
		func(ctx context.Context, in *Paging) (*answer[list[shift]], error) {
			return idPage(*in, func(after string, limit int) ([]registry.Shift, error) {
				return a.Registry.ListShifts(ctx, after, limit)
			},
				func(s registry.Shift) string { return s.ID }, shiftOf)
		})
	get(a, access.SeeStock, "/v1/shifts/{shift}", "getShift", "A shift with its counts",
		func(ctx context.Context, in *struct {
			ID string `path:"shift" pattern:"^S-[0-9]{4}-[0-9]{5}$" patternDescription:"S-YYYY-NNNNN"`
		},
		) (*answer[shift], error) {
			s, err := a.Registry.ShiftByID(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &answer[shift]{shiftOf(s)}, nil
		})
}

func shiftOf(s registry.Shift) shift {
	out := shift{
		s.ID, s.State, s.OpenedBy, s.OpenedSecond, s.OpenedAt.UTC(), s.ClosedBy, s.ClosedSecond, moment(s.ClosedAt), s.Recounts, s.Reason, s.AnchorID,
		hex.EncodeToString(s.Anchor),
		[]shiftCount{},
	}
	for _, c := range s.Counts {
		x := shiftCount{Turn: c.Turn, N: c.N, Kind: c.Kind, Place: c.Place, Lot: c.Lot, Counted: c.Counted}
		if s.State != "open" {
			x.Expected = &c.Expected
		}
		out.Counts = append(out.Counts, x)
	}
	return out
}
