package console

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"blanko/registry"
)

// listed is how many rows a page of a list shows.
const listed = 100

// after is the row that was seen last of a list, by its word in the address; empty: the list is shown from its beginning.
func (v *view) after(word string) string { return v.r.URL.Query().Get(word) }

// behind is the number of the row that was seen last; 0: none was.
func (v *view) behind() int64 {
	n, _ := strconv.ParseInt(v.after("sesudah"), 10, 64) // another text is no row
	return max(0, n)
}

// cut shows a page of a list that was read one row further than it, and leads to the next page and back to the beginning.
// The words to keep are those of the address that say something else.
func cut[T any](v *view, t *tableView, most int, list []T, word string, id func(T) string, keep ...string) []T {
	path, q := v.Page.Path, url.Values{}
	if strings.Contains(path, "{") {
		path = v.r.URL.EscapedPath()
	}
	for _, k := range keep {
		if value := v.after(k); value != "" {
			q.Set(k, value)
		}
	}
	if v.after(word) != "" {
		t.First = path
		if len(q) > 0 {
			t.First += "?" + q.Encode()
		}
	}
	if len(list) <= most {
		return list
	}
	list = list[:most]
	q.Set(word, id(list[most-1]))
	t.More = path + "?" + q.Encode()
	return list
}

// worklist shows a page of what is open or of what is over: a page of the console has both, each with its own word in the
// address.
func worklist[T any](v *view, t *tableView, l registry.Worklist, of func(context.Context, registry.Worklist) ([]T, error), id func(T) string, keep ...string) ([]T, error) {
	word, other := "sesudah", "selesai"
	if l.Over {
		word, other = other, word
	}
	l.After, l.Limit = v.after(word), listed+1
	list, err := of(v.ctx(), l)
	return cut(v, t, listed, list, word, id, append(keep, other)...), err
}

// short shows the first rows of a list that was read one row further, and nothing of the others but that there are some.
func short[T any](t *tableView, list []T) []T {
	t.Cut = t.Cut || len(list) > listed
	return list[:min(len(list), listed)]
}

// firstIn shows the first applications in a state of a list that was read one row further; the page of applications has
// the others.
func (v *view) firstIn(t *tableView, s registry.State, list []registry.Application) []registry.Application {
	if len(list) <= listed {
		return list
	}
	list, t.Cut = list[:listed], true
	t.More = "/permohonan?keadaan=" + escaped(string(s)) + "&sesudah=" + escaped(placeIn(s)(list[listed-1]))
	return list
}

// pill is how many rows there are; of a page of them whose rest nobody counted, that there are more, or nothing.
func (t tableView) pill(v *view) string {
	switch {
	case t.Total > 0:
		return v.Count(t.Total)
	case t.First != "" || len(t.Rows) == 0:
		return ""
	case t.Cut || t.More != "":
		return v.Count(len(t.Rows)) + "+"
	}
	return v.Count(len(t.Rows))
}

// onward names the way to the next page.
func (t tableView) onward(v *view) string {
	if t.Older {
		return v.T("list.older")
	}
	return v.T("list.more")
}

// keepPage has a part that is renewed by itself show the same page of its lists.
func (v *view) keepPage(words ...string) {
	for _, w := range words {
		if at := v.after(w); at != "" {
			v.liveQuery += "&" + w + "=" + escaped(at)
			v.kept = v.liveQuery
		}
	}
}
