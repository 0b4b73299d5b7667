package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/stock"
)

// moved is one step of blanks from a place to another.
type moved struct {
	ID     int64     `json:"id"`
	At     time.Time `json:"at"`
	Lot    string    `json:"lot"`
	Single bool      `json:"single" doc:"One blank alone; false: as many of its lot as were counted together"`
	From   string    `json:"from" doc:"A place: supplier, store, hopper/LINE, path/LINE, holder, destroyed"`
	To     string    `json:"to"`
	By     string    `json:"by"`
	Reason string    `json:"reason" doc:"Code"`
}

func movedOf(m stock.Movement) moved {
	return moved{m.ID, m.At.UTC(), m.Lot, m.Blank != 0, m.From.String(), m.To.String(), m.Why.Actor, m.Why.Reason}
}

// labelled is a blank by what is printed on it.
type labelled struct {
	Label string `json:"label"`
	Chip  string `json:"chip" doc:"UID, 20 hex digits"`
}

func blankHistories(a *api) {
	page := func(p Paging, read func(after int64, limit int) ([]stock.Movement, error)) (*answer[list[moved]], error) {
		return sequencePage(p, read, func(m stock.Movement) int64 { return m.ID }, movedOf)
	}
	get(a, access.SeeStock, "/v1/blanks/{chip}/history", "listBlankHistory", "Where one blank has been, by its chip: received, loaded, fed, spoiled, issued, destroyed, by whom",
		func(ctx context.Context, in *struct {
			Chip string `path:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits"`
			Paging
		},
		) (*answer[list[moved]], error) {
			return page(in.Paging, func(after int64, limit int) ([]stock.Movement, error) {
				return a.Registry.HistoryOfBlank(ctx, ktp.ChipUID(in.Chip), after, limit)
			})
		})
	get(a, access.SeeStock, "/v1/labels/{label}", "getBlankLabelled", "The chip of the blank with a printed number or barcode",
		func(ctx context.Context, in *struct {
			Label string `path:"label" pattern:"^[A-Z0-9][A-Z0-9.-]{3,31}$" patternDescription:"4 to 32 capitals, digits, dots, dashes"`
		},
		) (*answer[labelled], error) {
			chip, err := a.Registry.BlankLabelled(ctx, stock.Label(in.Label))
			return &answer[labelled]{labelled{in.Label, string(chip)}}, err
		})
	get(a, access.SeeStock, "/v1/lots/{lot}/history", "listLotHistory", "How the blanks of one lot moved, by whom",
		func(ctx context.Context, in *struct {
			Lot string `path:"lot" minLength:"1" maxLength:"64"`
			Paging
		},
		) (*answer[list[moved]], error) {
			return page(in.Paging, func(after int64, limit int) ([]stock.Movement, error) {
				return a.Registry.HistoryOfLot(ctx, in.Lot, after, limit)
			})
		})
}
