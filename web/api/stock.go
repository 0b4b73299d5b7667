package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/stock"
)

// nameless is a blank whose chip nobody has read.
type nameless struct {
	Item  string    `json:"item" doc:"As a list of destruction names it"`
	Lot   string    `json:"lot"`
	Test  bool      `json:"test" doc:"It was used for a test card"`
	Place string    `json:"place"`
	Since time.Time `json:"since"`
}

// chipsBody bounds the body of a list of chips.
const chipsBody = 1 << 20

func stocks(a *api) {
	get(a, access.SeeStock, "/v1/blanks/nameless", "listNamelessBlanks", "Blanks whose chip nobody has read, used test cards among them, that wait for their destruction and are on no list yet",
		func(ctx context.Context, in *Paging) (*answer[list[nameless]], error) {
			return idPage(*in, func(after string, limit int) ([]registry.Nameless, error) {
				return a.Registry.NamelessBlanks(ctx, registry.NumberOfNameless(after), limit)
			}, func(n registry.Nameless) string { return n.Item }, func(n registry.Nameless) nameless {
				return nameless{n.Item, n.Lot, n.Test, n.Place.String(), n.Since.UTC()}
			})
		})
	changeOf(a, chipsBody, registry.ImportBlanks{}, "/v1/lots/{lot}/chips", "importBlanks", "Count blanks into the store by the supplier's list of chips, all or none",
		func(_ context.Context, in *struct {
			Keyed
			Lot  string `path:"lot" minLength:"1" maxLength:"64"`
			Body struct {
				Product string   `json:"product" minLength:"1" maxLength:"64"`
				Chips   []string `json:"chips" nullable:"false" minItems:"1" maxItems:"20000" doc:"UIDs, 20 hex digits in capitals, each once"`
				Labels  []string `json:"labels,omitempty" maxItems:"20000" doc:"What is printed on each, in the order of the chips, empty where nothing is"`
			}
		},
		) (registry.Operation, error) {
			return registry.ImportBlanks{Lot: in.Lot, Product: in.Body.Product, Chips: chipsOf(in.Body.Chips), Labels: labelsOf(in.Body.Labels)}, nil
		})
}

func chipsOf(list []string) []ktp.ChipUID {
	out := make([]ktp.ChipUID, len(list))
	for i, c := range list {
		out[i] = ktp.ChipUID(c)
	}
	return out
}

func labelsOf(list []string) []stock.Label {
	var out []stock.Label
	for _, l := range list {
		out = append(out, stock.Label(l))
	}
	return out
}
