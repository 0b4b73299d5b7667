package api

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/stock"
	"blanko/web"
)

// counts is everything counted from the ledger.
type counts struct {
	Applications   []wordCount  `json:"applications" nullable:"false" doc:"By state"`
	Attempts       []stateCount `json:"attempts" nullable:"false" doc:"By state"`
	Cards          []stateCount `json:"cards" nullable:"false" doc:"In the register, by state"`
	Made           int          `json:"made" doc:"Cards that were finished"`
	Matched        int          `json:"matched1to1" doc:"Of them, matched 1:1 after the write"`
	EqualByHash    int          `json:"equalByHash" doc:"Of them, equal by hash, without a 1:1"`
	InDoubt        int          `json:"inDoubt"`
	Spoiled        []causeCount `json:"spoiled" nullable:"false" doc:"Never active, by cause"`
	Blocked        []causeCount `json:"blocked" nullable:"false" doc:"Were active, blocked and revoked, by cause"`
	Lost           int          `json:"lost" doc:"Declared lost"`
	Blanks         []holding    `json:"blanks" nullable:"false" doc:"Where every blank is; store and hoppers are left out for who counts them blind"`
	ReportsWaiting int          `json:"reportsWaiting" doc:"That the center has not taken"`
	RecordsRefused int          `json:"recordsRefused"`
}

type wordCount struct {
	State string `json:"state"`
	Word  string `json:"word,omitempty" doc:"National status word"`
	Count int    `json:"count"`
}

type stateCount struct {
	State string `json:"state"`
	Count int    `json:"count"`
}

type causeCount struct {
	Cause *web.Cause `json:"cause,omitempty"`
	Count int        `json:"count"`
}

type holding struct {
	Place  string `json:"place"`
	Lot    string `json:"lot"`
	Unread int    `json:"unread" doc:"Counted only"`
	Read   int    `json:"read" doc:"With a row of their own"`
}

// reserved tells of one kind of blank whether there are enough for the cards that were approved.
type reserved struct {
	Product string `json:"product" enum:"ktp-el-wni,ktp-el-oa" doc:"Kind of blank"`
	Cards   int    `json:"cards" doc:"That were approved and have no blank yet"`
	Short   bool   `json:"short" doc:"There are fewer blanks in the store and the hoppers"`
	Unfed   bool   `json:"unfed" doc:"Orders are ready, and no line's hopper holds blanks for them, nor is empty"`
	Blanks  *int   `json:"blanks,omitempty" doc:"How many there are; absent for who counts them blind"`
}

func summary(a *api) {
	get(a, access.SeeProduction, "/v1/reservation", "getReservation", "Whether there is a blank for every card that was approved, by kind of blank",
		func(ctx context.Context, _ *struct{}) (*answer[list[reserved]], error) {
			r, err := a.Registry.Reservation(ctx)
			of := func(product string, x registry.Reserved) reserved {
				out := reserved{Product: product, Cards: x.Cards, Short: x.Short() > 0, Unfed: x.Unfed}
				if !registry.CountedBlind(actor(ctx), stock.At(stock.Store)) {
					out.Blanks = &x.Blanks
				}
				return out
			}
			return &answer[list[reserved]]{list[reserved]{Items: []reserved{of(ktp.ProfileCitizen, r.Citizens), of(ktp.ProfileForeign, r.Foreign)}}}, err
		})
	get(a, access.SeeProduction, "/v1/summary", "getSummary", "Everything counted from the ledger",
		func(ctx context.Context, _ *struct{}) (*answer[counts], error) {
			s, err := a.Registry.Summary(ctx)
			if err != nil {
				return nil, err
			}
			s.Blanks = slices.DeleteFunc(s.Blanks, func(h stock.Holding) bool { return registry.CountedBlind(actor(ctx), h.Place) })
			return &answer[counts]{a.counts(s)}, nil
		})
}

func (a *api) counts(s registry.Summary) counts {
	out := counts{
		Applications: []wordCount{}, Attempts: byState(s.Attempts), Cards: byState(s.Cards), Made: s.Made, Matched: s.Matched,
		EqualByHash: s.EqualByHash, InDoubt: s.InDoubt, Spoiled: a.byCause(s.Spoiled), Blocked: a.byCause(s.Blocked), Lost: s.Lost,
		Blanks: []holding{}, ReportsWaiting: s.Reports, RecordsRefused: s.Refused,
	}
	for _, st := range slices.Sorted(maps.Keys(s.Applications)) {
		out.Applications = append(out.Applications, wordCount{string(st), string(registry.WordOf(st)), s.Applications[st]})
	}
	for _, h := range s.Blanks {
		out.Blanks = append(out.Blanks, holding{h.Place.String(), h.Lot, h.Unread, h.Read})
	}
	slices.SortFunc(out.Blanks, func(x, y holding) int { return cmp.Or(cmp.Compare(x.Place, y.Place), cmp.Compare(x.Lot, y.Lot)) })
	return out
}

func byState[S ~string](m map[S]int) []stateCount {
	out := []stateCount{}
	for _, s := range slices.Sorted(maps.Keys(m)) {
		out = append(out, stateCount{string(s), m[s]})
	}
	return out
}

func (a *api) byCause(counted []registry.CountByCause) []causeCount {
	out := []causeCount{}
	for _, c := range counted {
		out = append(out, causeCount{a.Problems.Explain(c.Cause), c.Count})
	}
	return out
}
