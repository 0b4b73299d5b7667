package console

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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

// onceAsked are words of an address that another page of a list does not say again: the version of a part and what it is
// about, and a search through the whole chain.
var onceAsked = []string{"v", "tentang", "periksa"}

// asked is what the address says, but for that.
func (v *view) asked() url.Values {
	q := v.r.URL.Query()
	maps.DeleteFunc(q, func(word string, said []string) bool { return said[0] == "" || slices.Contains(onceAsked, word) })
	return q
}

// turned is the address of this page with the row that was seen last of a list; empty: of its beginning. Whatever else the
// address says stays, so that no filter and no other list is forgotten.
func (v *view) turned(word, last string) string {
	path, q := v.path(), v.asked()
	if q.Del(word); last != "" {
		q.Set(word, last)
	}
	return strings.TrimSuffix(path+"?"+q.Encode(), "?")
}

// turns leads back to the beginning of a list, and on where a row is the last of its page; to the list itself where it has
// an id.
func (v *view) turns(t *tableView, word, last string) {
	at := ""
	if t.ID != "" {
		at = "#" + t.ID
	}
	if v.after(word) != "" {
		t.First = v.turned(word, "") + at
	}
	if last != "" {
		t.More = v.turned(word, last) + at
	}
}

// cut shows a page of a list that was read one row further than it, and leads to the next page and back to the beginning.
func cut[T any](v *view, t *tableView, most int, list []T, word string, id func(T) string) []T {
	last := ""
	if len(list) > most {
		list = list[:most]
		last = id(list[most-1])
	}
	v.turns(t, word, last)
	return list
}

// paged shows a page of a table that is there as a whole, with the number of all rows; the address has the number of its first.
func (v *view) paged(t tableView) tableView {
	all := len(t.Rows)
	from, err := strconv.Atoi(v.after(t.ID))
	if err != nil || from < 0 || from >= all {
		from = 0
	}
	to := min(from+listed, all)
	if t.Rows = t.Rows[from:to]; all > listed {
		t.Total = all
	}
	last := ""
	if to < all {
		last = number(to)
	}
	v.turns(&t, t.ID, last)
	return t
}

// worklist shows a page of what is open or of what is over: a page of the console has both, each with its own word in the
// address.
func worklist[T any](v *view, t *tableView, l registry.Worklist, of func(context.Context, registry.Worklist) ([]T, error), id func(T) string) ([]T, error) {
	word := "sesudah"
	if l.Over {
		word = "selesai"
	}
	l.After, l.Limit = v.after(word), listed+1
	list, err := of(v.ctx(), l)
	return cut(v, t, listed, list, word, id), err
}

// short shows the first rows of a list that was read one row further, and nothing of the others but that there are some.
func short[T any](t *tableView, list []T) []T {
	t.Cut = t.Cut || len(list) > listed
	return list[:min(len(list), listed)]
}

// seenIn names an application as the last one that was seen of the list of a state, as an address says it.
func seenIn(state registry.State) func(registry.Application) string {
	return func(a registry.Application) string {
		s := a.SeenIn(state)
		return strconv.FormatInt(s.At.UnixMicro(), 10) + "." + s.ID
	}
}

// parseSeen reads what seenIn wrote; zero where it is nothing of the kind.
func parseSeen(text string) registry.Seen {
	at, id, found := strings.Cut(text, ".")
	micros, err := strconv.ParseInt(at, 10, 64)
	if !found || err != nil {
		return registry.Seen{}
	}
	return registry.Seen{At: time.UnixMicro(micros), ID: id}
}

// firstIn shows the first applications in a state of a list that was read one row further; the page of applications has
// the others.
func (v *view) firstIn(t *tableView, s registry.State, list []registry.Application) []registry.Application {
	if len(list) <= listed {
		return list
	}
	list = list[:listed]
	t.More = "/permohonan?" + url.Values{"keadaan": {string(s)}, "sesudah": {seenIn(s)(list[listed-1])}}.Encode()
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
func (v *view) keepPage() {
	if q := v.asked(); len(q) > 0 {
		v.kept = "&" + q.Encode()
	}
}
