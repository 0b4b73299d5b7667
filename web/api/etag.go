package api

import (
	"strconv"
	"strings"

	"blanko/web"
)

// Matched is embedded where a change is refused when its application changed since it was read.
type Matched struct {
	IfMatch string `header:"If-Match" maxLength:"64" doc:"ETag of the application as it was read; absent: whatever its state"`
}

func (m Matched) match() string { return m.IfMatch }

// matching is parameters with a condition.
type matching interface{ match() string }

// tag is the ETag of an application: its newest event.
func tag(event int64) string { return `"e` + strconv.FormatInt(event, 10) + `"` }

func eventOfTag(t string) (int64, error) {
	text, ok := strings.CutPrefix(strings.TrimSuffix(t, `"`), `"e`)
	n, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || tag(n) != t {
		return 0, web.BadParameter.At("api.etag", nil).With("If-Match", "not an ETag that was given")
	}
	return n, nil
}
