package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"blanko/registry/access"
)

// cells are what the columns of a table have to say of an item in JSON. A list of anything but words, and an object of
// names that are data, are no cell of this comparison.
func cells(name string, v any, into map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			column := inSnake(k)
			if name != "" {
				column = name + "_" + column
			}
			cells(column, inner, into)
		}
	case []any:
		words := []string{}
		for _, w := range v {
			word, ok := w.(string)
			if !ok {
				into[name] = anything
				return
			}
			words = append(words, word)
		}
		into[name] = strings.Join(words, "; ")
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			v = at.Format(time.RFC3339)
		}
		into[name] = v
	case float64:
		into[name] = strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		into[name] = strconv.FormatBool(v)
	}
}

// anything stands for a cell that holds JSON.
const anything = "\x00"

func inSnake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// differences of a row of a table from its item in JSON: a value in the wrong column, or one that is not there.
func differences(columns, row []string, item any) (list []string) {
	want := map[string]string{}
	cells("", item, want)
	for i, column := range columns {
		said, is := want[column]
		compound := false
		for name := range want {
			compound = compound || strings.HasPrefix(name, column+"_")
		}
		got := strings.TrimPrefix(row[i], "'")
		absent := !is && (compound || got == "" || got == "0" || got == "false")
		if !absent && said != anything && (!is || got != strings.TrimPrefix(said, "'")) {
			list = append(list, fmt.Sprintf("%s is %q, not %q", column, got, said))
		}
	}
	return list
}

// A wrong column is found.
func TestTableDiffers(t *testing.T) {
	t.Parallel()
	columns := []string{"id", "received_at", "part_count", "words", "open"}
	item := map[string]any{"id": "a", "receivedAt": "2026-11-23T08:00:00.5Z", "part": map[string]any{"count": 2.0}, "words": []any{"x", "y"}}
	for row, want := range map[string]int{
		"a,2026-11-23T08:00:00Z,2,x; y,false": 0, "b,2026-11-23T08:00:00Z,2,x; y,false": 1, "a,2,2026-11-23T08:00:00Z,x; y,false": 2, "a,2026-11-23T08:00:00Z,2,x,true": 2,
	} {
		if got := differences(columns, strings.Split(row, ","), item); len(got) != want {
			t.Errorf("%s: %v", row, got)
		}
	}
}

// readerOfAll is the token of somebody who may read everything.
func (o *office) readerOfAll() string {
	o.t.Helper()
	everything := access.Actor{ID: "reader-of-all"}
	for _, row := range access.Roles {
		if row.Role != access.System {
			everything.Roles = append(everything.Roles, row.Role)
		}
	}
	return o.token(everything, access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}})
}

// tablesSayWhatJSONSays compares every table that needs no name in its path, cell by cell, and tells which had rows.
func (o *office) tablesSayWhatJSONSays(token string) (full map[string]bool) {
	o.t.Helper()
	list, _ := o.addresses()
	full = map[string]bool{}
	for _, a := range list {
		if a.Method != http.MethodGet || !a.Table || strings.Contains(a.Path, "{") {
			continue
		}
		asJSON := o.in("application/json", token, a.Path)
		if asJSON.Code == 422 {
			continue // it needs parameters
		}
		w := o.in("text/csv", token, a.Path)
		if asJSON.Code != 200 || w.Code != 200 {
			o.t.Errorf("%s: %d %.200s, as a table %d", a.Path, asJSON.Code, asJSON.Body, w.Code)
			continue
		}
		var body struct{ Items []any }
		o.must(json.Unmarshal(asJSON.Body.Bytes(), &body))
		lines, err := csv.NewReader(w.Body).ReadAll()
		o.must(err)
		if len(lines) != len(body.Items)+1 {
			o.t.Errorf("%s: %d lines of %d items", a.Path, len(lines), len(body.Items))
			continue
		}
		for i, item := range body.Items {
			full[a.Path] = true
			for _, d := range differences(lines[0], lines[i+1], item) {
				o.t.Errorf("%s, line %d: %s", a.Path, i+1, d)
			}
		}
	}
	return full
}

// readsEveryThing asks for each thing that a list names by the address of one: the list's address and a name behind it.
func (o *office) readsEveryThing(token string) {
	o.t.Helper()
	list, _ := o.addresses()
	for _, a := range list {
		from, name, one := strings.Cut(a.Path, "/{")
		name, rest, _ := strings.Cut(name, "}")
		if a.Method != http.MethodGet || !one || rest != "" {
			continue
		}
		var body struct{ Items []map[string]any }
		if w := o.in("application/json", token, from); w.Code != http.StatusOK || json.Unmarshal(w.Body.Bytes(), &body) != nil || len(body.Items) == 0 {
			continue
		}
		for _, field := range []string{name, "id", "number"} {
			if id, ok := body.Items[0][field].(string); ok {
				if w := o.in("application/json", token, from+"/"+url.PathEscape(id)); w.Code != http.StatusOK {
					o.t.Errorf("%s of %s: %d %.200s", a.Path, id, w.Code, w.Body)
				}
				break
			}
		}
	}
}
