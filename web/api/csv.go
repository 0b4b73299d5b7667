package api

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"blanko/paper"
)

// formatCSV writes the items of a list as CSV (RFC 4180): UTF-8, a header, a line for each, the same as JSON
// shows. Its columns are those of the item's type. What is no list is a problem and stays JSON.
var formatCSV = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		items := itemsOf(reflect.ValueOf(v))
		if !items.IsValid() {
			return json.NewEncoder(w).Encode(v)
		}
		columns := columnsOf(items.Type().Elem())
		records := make([][]any, items.Len())
		for i := range records {
			for _, c := range columns {
				records[i] = append(records[i], c.of(items.Index(i)))
			}
		}
		_, err := w.Write(paper.CSV(namesOf(columns), records))
		return err
	},
}

// itemsOf is the items of a list; invalid for what is none.
func itemsOf(v reflect.Value) (items reflect.Value) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() == reflect.Struct {
		items = v.FieldByName("Items")
	}
	if items.IsValid() && items.Kind() != reflect.Slice {
		return reflect.Value{}
	}
	return items
}

// asTable says of an answer in CSV where its next page is, as JSON does in next (RFC 8288).
func asTable(c huma.Context, status string, v any) (any, error) {
	if c.Header("Accept") != typeCSV || status != "200" {
		return v, nil
	}
	list := reflect.Indirect(reflect.ValueOf(v))
	if !itemsOf(list).IsValid() {
		return v, nil
	}
	c.SetHeader("Content-Type", mimeCSV)
	c.SetHeader("Content-Disposition", "attachment")
	if next := list.FieldByName("Next"); next.IsValid() && !next.IsZero() && itemsOf(list).Len() > 0 {
		address := c.URL()
		query := address.Query()
		if next.Kind() == reflect.Int64 { // of the event log
			query.Set("after", fmt.Sprint(next.Int()))
		} else {
			query.Set("cursor", next.String())
		}
		address.RawQuery = query.Encode()
		c.SetHeader("Link", "<"+address.RequestURI()+`>; rel="next"`)
	}
	return v, nil
}

// offersTable adds CSV to the document of a list and tells whether it is one.
func (a *api) offersTable(path string, answer reflect.Type) bool {
	body, ok := answer.FieldByName("Body")
	if !ok || !itemsOf(reflect.New(body.Type)).IsValid() {
		return false
	}
	items, _ := body.Type.FieldByName("Items")
	a.huma.OpenAPI().Paths[path].Get.Responses["200"].Content[typeCSV] = &huma.MediaType{Schema: &huma.Schema{
		Type: huma.TypeString, Description: "Columns: " + strings.Join(namesOf(columnsOf(items.Type.Elem())), ", ") + ". A header Link leads to the next page.",
	}}
	return true
}

// column of a table: its name and how its value is found in an item.
type column struct {
	name string
	of   func(item reflect.Value) any
}

func namesOf(columns []column) (names []string) {
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}

// columnsOf are the columns of a type, in the order of its fields: the names of its JSON in snake_case, those
// of a part behind the name of the part.
func columnsOf(t reflect.Type) []column {
	if t.Kind() == reflect.Pointer {
		inner := columnsOf(t.Elem())
		for i, c := range inner {
			inner[i].of = func(v reflect.Value) any {
				if !v.IsValid() || v.IsNil() {
					return ""
				}
				return c.of(v.Elem())
			}
		}
		return inner
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return []column{{"", cell}}
	}
	var all []column
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" {
			continue
		}
		for _, c := range columnsOf(f.Type) {
			all = append(all, column{strings.TrimSuffix(snake(name)+"_"+c.name, "_"), func(v reflect.Value) any { return c.of(v.FieldByIndex(f.Index)) }})
		}
	}
	return all
}

// cell is a value as it stands in a table: several words behind each other, more than words as JSON.
func cell(v reflect.Value) any {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Float64:
		return v.Float()
	case reflect.Bool:
		return v.Bool()
	case reflect.Slice, reflect.Map, reflect.Interface:
		if v.IsNil() || v.Kind() != reflect.Interface && v.Len() == 0 {
			return ""
		}
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x
	case []string:
		return strings.Join(x, "; ")
	case map[string]string:
		var pairs []string
		for k, word := range x {
			pairs = append(pairs, k+"="+word)
		}
		slices.Sort(pairs)
		return strings.Join(pairs, "; ")
	default:
		text, err := json.Marshal(x)
		if err != nil {
			return ""
		}
		return string(text)
	}
}

// snake is a name of JSON as a column is named: receivedAt is received_at.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
