package api

import (
	"cmp"
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/stock"
)

// denied is a chip that no card may be made of.
type denied struct {
	Chip   string    `json:"chip"`
	Reason string    `json:"reason" doc:"Code"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Place  string    `json:"place,omitempty" doc:"Where the ledger has its blank; absent of one that never came"`
}

// deniedLabel is what is printed on a blank that may not be used.
type deniedLabel struct {
	Label  string    `json:"label"`
	Reason string    `json:"reason" doc:"Code"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
}

// deniedRange is a range of printed numbers on the deny list.
type deniedRange struct {
	From   string    `json:"from"`
	To     string    `json:"to"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
}

// Labels are printed numbers that follow each other.
type Labels struct {
	From string `json:"from" minLength:"4" maxLength:"32" doc:"The first of them"`
	To   string `json:"to,omitempty" maxLength:"32" doc:"The last of them, which differs from the first in its last digits alone; none: the first alone"`
}

func (l Labels) of() stock.LabelRange {
	return stock.LabelRange{From: stock.Label(l.From), To: stock.Label(cmp.Or(l.To, l.From))}
}

func denyList(a *api) {
	get(a, access.SeeStock, "/v1/deny-list", "listDenied", "The deny list in the order of its chips: blanks, and cards made of them, that may not go on",
		func(ctx context.Context, in *struct {
			Reason string `query:"reason" maxLength:"100" doc:"Code"`
			Paging
		},
		) (*answer[list[denied]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]stock.DeniedBlank, error) {
				return a.Registry.Denied(ctx, in.Reason, ktp.ChipUID(after), limit)
			}, func(d stock.DeniedBlank) string { return string(d.Chip) }, func(d stock.DeniedBlank) denied {
				return denied{string(d.Chip), d.Reason, d.At.UTC(), d.Actor, d.Place.String()}
			})
		})
	get(a, access.SeeStock, "/v1/deny-list/labels", "listDeniedLabels", "Printed numbers of blanks that may not be used and that no list has brought here yet",
		func(ctx context.Context, in *Paging) (*answer[list[deniedLabel]], error) {
			return idPage(*in, func(after string, limit int) ([]stock.DeniedLabel, error) {
				return a.Registry.DeniedLabels(ctx, stock.Label(after), limit)
			}, func(d stock.DeniedLabel) string { return string(d.Label) }, func(d stock.DeniedLabel) deniedLabel {
				return deniedLabel{string(d.Label), d.Reason, d.At.UTC(), d.Actor}
			})
		})
	get(a, access.SeeStock, "/v1/deny-list/ranges", "listDeniedRanges", "Ranges of printed numbers whose blanks may not be used, behind the first number of the last one seen",
		func(ctx context.Context, in *Paging) (*answer[list[deniedRange]], error) {
			return idPage(*in, func(after string, limit int) ([]stock.DeniedRange, error) {
				return a.Registry.DeniedRanges(ctx, stock.Label(after), limit)
			}, func(d stock.DeniedRange) string { return string(d.From) }, func(d stock.DeniedRange) deniedRange {
				return deniedRange{string(d.From), string(d.To), d.Reason, d.At.UTC(), d.Actor}
			})
		})
	changeOf(a, chipsBody, registry.ImportDenied{}, "/v1/deny-list", "importDenied", "Put a list of stolen or suspended blanks on the deny list, by their chips or by what is printed on them",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Because
				Chips  []string `json:"chips,omitempty" maxItems:"20000" doc:"UIDs, 20 hex digits in capitals, each once"`
				Labels []string `json:"labels,omitempty" maxItems:"20000" doc:"Printed numbers, where no chip is known; one that no blank here has is denied as soon as a list brings it"`
				Ranges []Labels `json:"ranges,omitempty" maxItems:"20000" doc:"Printed numbers that follow each other"`
			}
		},
		) (registry.Operation, error) {
			op := registry.ImportDenied{Because: in.Body.why(), Chips: chipsOf(in.Body.Chips), Labels: labelsOf(in.Body.Labels)}
			for _, r := range in.Body.Ranges {
				op.Ranges = append(op.Ranges, r.of())
			}
			return op, nil
		})
	change(a, registry.AllowBlank{}, "/v1/deny-list/lifting", "allowBlank", "Take a chip off the deny list again, or printed numbers: one, also out of a range, or those of a range",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Because
				Chip string `json:"chip,omitempty" maxLength:"20" doc:"UID; none: printed numbers"`
				From string `json:"from,omitempty" maxLength:"32" doc:"The first printed number"`
				To   string `json:"to,omitempty" maxLength:"32" doc:"The last of them; none: the first alone"`
			}
		},
		) (registry.Operation, error) {
			return registry.AllowBlank{Chip: ktp.ChipUID(in.Body.Chip), Labels: Labels{in.Body.From, in.Body.To}.of(), Because: in.Body.why()}, nil
		})
}
