package api

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"blanko/registry"
	"blanko/web"
)

// list is one page.
type list[T any] struct {
	Items []T    `json:"items" nullable:"false" doc:"In the order of the list"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
}

// Paging is embedded where a list is asked for by pages: its parameters of a list.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"512" doc:"next of the page before; empty for the first"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Items of a page"`
}

// Period is embedded where a list is asked for by time.
type Period struct {
	Since time.Time `query:"since" doc:"From then on; absent: from the beginning"`
	Until time.Time `query:"until" doc:"Before then; absent: until now"`
}

func (p Period) period() registry.Period { return registry.Period(p) }

// key is the place of an item in its list: numbers first, then its id.
type key struct {
	Rank []int64 `json:"r"`
	ID   string  `json:"i"`
}

func (k key) cursor() (string, error) {
	text, err := json.Marshal(k)
	return base64.RawURLEncoding.EncodeToString(text), err
}

// place reads a cursor; ranks is how many numbers it has.
func (p Paging) place(ranks int) (k key, err error) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(p.Cursor)
	if err == nil {
		err = json.Unmarshal(text, &k)
	}
	if err != nil || len(k.Rank) != ranks {
		return k, notOfThisList()
	}
	return k, nil
}

// seen is the last item of the page before, of a list in the order of time.
func (p Paging) seen() (registry.Seen, error) {
	if p.Cursor == "" {
		return registry.Seen{}, nil
	}
	k, err := p.place(1)
	if err != nil {
		return registry.Seen{}, err
	}
	return registry.Seen{At: time.UnixMicro(k.Rank[0]), ID: k.ID}, nil
}

// timePage is a page of a list in the order of time.
func timePage[S, T any](p Paging, read func(after registry.Seen, limit int) ([]S, error), seenOf func(S) registry.Seen, wire func(S) T) (*answer[list[T]], error) {
	after, err := p.seen()
	if err != nil {
		return nil, err
	}
	return page(p, func(limit int) ([]S, error) { return read(after, limit) }, func(s S) key {
		last := seenOf(s)
		return key{[]int64{last.At.UnixMicro()}, last.ID}
	}, wire)
}

func notOfThisList() error {
	return web.BadParameter.At("api.cursor", nil).With("cursor", "not one that this list gave")
}

// page is a page of a list that the ledger itself cuts: read gives the items behind the cursor. A cursor
// names the last item seen, so that what comes and goes before it moves nothing.
func page[S, T any](p Paging, read func(limit int) ([]S, error), keyOf func(S) key, wire func(S) T) (*answer[list[T]], error) {
	found, err := read(p.Limit + 1)
	if err != nil {
		return nil, err
	}
	out := &answer[list[T]]{list[T]{Items: []T{}}}
	for _, s := range found[:min(len(found), p.Limit)] {
		out.Body.Items = append(out.Body.Items, wire(s))
	}
	if len(found) <= p.Limit {
		return out, nil
	}
	out.Body.Next, err = keyOf(found[p.Limit-1]).cursor()
	return out, err
}

// idPage is a page of a list in the order of ids.
func idPage[S, T any](p Paging, read func(after string, limit int) ([]S, error), idOf func(S) string, wire func(S) T) (*answer[list[T]], error) {
	after := ""
	if p.Cursor != "" {
		k, err := p.place(0)
		if err != nil {
			return nil, err
		}
		after = k.ID
	}
	return page(p, func(limit int) ([]S, error) { return read(after, limit) }, func(s S) key { return key{ID: idOf(s)} }, wire)
}

// whole is a list that is no longer than a page.
func whole[S, T any](all []S, err error, wire func(S) T) (*answer[list[T]], error) {
	if err != nil {
		return nil, err
	}
	return &answer[list[T]]{list[T]{Items: each(all, wire)}}, nil
}

// thing is one thing as the register has it.
func thing[S, T any](found S, err error, wire func(S) T) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{wire(found)}, nil
}

// among finds a thing in its list.
func among[S any](all []S, err error, is func(S) bool) (found S, _ error) {
	if err != nil {
		return found, err
	}
	i := slices.IndexFunc(all, is)
	if i < 0 {
		return found, web.NoSuchPage.At("api.among", nil)
	}
	return all[i], nil
}
