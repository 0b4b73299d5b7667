package console

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/registry/access"
	"blanko/web"
	"blanko/web/console/words"
)

// show answers with a page.
func (c *console) show(p page) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error { return c.render(v, p, w, http.StatusOK) }
}

func (c *console) render(v *view, p page, w http.ResponseWriter, status int) error {
	v.Page = p
	if !v.see(p) {
		return web.PageDenied.At("console.show", nil).With("page", "needs a role for %s", p.May)
	}
	body, err := p.Show(v)
	if err != nil {
		return err
	}
	if v.May(access.ManagePeople) {
		if v.Alone, err = c.Registry.NobodyAgrees(v.ctx()); err != nil {
			return err
		}
	}
	if v.Done == nil && v.Problem == nil {
		v.Done = c.takeDone(v.ctx())
	}
	if v.Problem != nil {
		if body, err = v.keepTyped(body); err != nil {
			return err
		}
	}
	return write(v, w, status, layout(v, v.title(p), body))
}

// title names a page, with the number of what it is about.
func (v *view) title(p page) string {
	title := v.T("page." + p.ID)
	if name := p.about(); name != "" {
		title += " " + v.r.PathValue(name)
	}
	return title
}

// about is the name in its path of what a page is about; empty: it is about nothing alone.
func (p page) about() string {
	at := strings.LastIndex(p.Path, "{")
	if at < 0 {
		return ""
	}
	name, _, _ := strings.Cut(p.Path[at+1:], "}")
	return name
}

// about is what the page is about.
func (v *view) about() string {
	if name := v.Page.about(); name != "" {
		return v.r.PathValue(name)
	}
	return ""
}

// pathWord is a part of a path that says which one of many.
var pathWord = regexp.MustCompile(`\{\w+\}`)

// path is where the page is found, without the words behind it.
func (v *view) path() string {
	return pathWord.ReplaceAllStringFunc(v.Page.Path, func(word string) string { return url.PathEscape(v.r.PathValue(strings.Trim(word, "{}"))) })
}

// streamPath is where the page is told of news.
func (v *view) streamPath() string {
	if about := v.about(); about != "" {
		return "/aliran?tentang=" + escaped(about)
	}
	return "/aliran"
}

// longNumber is a UUID (RFC 9562), or an id of 20 hex digits.
var longNumber = regexp.MustCompile(`\b([0-9a-f]{8})(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12})\b`)

// headed is a heading whose long number is cut off behind what tells it from others; the title of the page and what
// stands below have it whole.
func headed(heading string) string {
	const kept = 8
	return longNumber.ReplaceAllStringFunc(heading, func(number string) string {
		if !strings.ContainsAny(number, "abcdef-") {
			return number
		}
		return number[:kept] + "…"
	})
}

// keepTyped draws a page on which something was refused. Where the form of it is not offered any more, what was
// typed is shown beside what went wrong.
func (v *view) keepTyped(body templ.Component) (templ.Component, error) {
	var b bytes.Buffer
	if err := body.Render(v.ctx(), &b); err != nil {
		return nil, web.Unexpected.At("console.render", err)
	}
	if !bytes.Contains(b.Bytes(), []byte(`action="`+v.r.URL.Path+`"`)) {
		for _, name := range slices.Sorted(maps.Keys(v.Values)) {
			if text := strings.Join(v.Values[name], ", "); text != "" && words.Has("field."+name) {
				v.Typed = append(v.Typed, fact{Name: v.T("field." + name), Value: v.typed(name, text)})
			}
		}
	}
	return templ.Raw(b.String()), nil
}

// typed is what was typed or chosen in a field, as the form showed it.
func (v *view) typed(name, text string) string {
	if name == "reason" {
		return v.reason(text)
	}
	return v.Say(name, text)
}
