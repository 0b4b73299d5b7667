package console_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"blanko/web/console"
)

// filledForm is a form of a page with something in every field.
type filledForm struct {
	action, at string
	body       string // what stands between its tags
	fields     url.Values
	pictures   []string // names of the fields that take one
	multi      bool
}

// anything is what somebody may write into an empty field of a kind.
func anything(kind string) string {
	switch kind {
	case "number":
		return "1"
	case "date":
		return "2026-11-02"
	case "datetime-local":
		return "2026-11-02T08:00"
	}
	return "a1"
}

var choices = regexp.MustCompile(`(?s)<option\b([^>]*)>`)

// forms are those of the page, filled in whatever a person sees of them.
func (c *clerk) forms() (list []filledForm) {
	for _, m := range formTag.FindAllStringSubmatch(c.page, -1) {
		form := attributes(m[1])
		f := filledForm{action: form["action"], at: c.at, body: m[2], fields: url.Values{}, multi: form["enctype"] != ""}
		for _, at := range fieldTag.FindAllStringSubmatchIndex(m[2], -1) {
			kind, a := m[2][at[2]:at[3]], attributes(m[2][at[4]:at[5]])
			name, value := a["name"], a["value"]
			switch {
			case name == "":
				continue
			case a["type"] == "file":
				f.pictures = append(f.pictures, name)
				continue
			case kind == "select":
				within, _, _ := strings.Cut(m[2][at[1]:], "</select>")
				for _, o := range choices.FindAllStringSubmatch(within, -1) {
					if value = attributes(o[1])["value"]; value != "" {
						break
					}
				}
			case value == "" && a["type"] != "hidden":
				value = anything(a["type"])
			}
			f.fields.Add(name, value)
		}
		list = append(list, f)
	}
	return list
}

// sendsWhole sends a filled form, with a picture where one is asked for, and gives the status of the answer.
func (c *clerk) sendsWhole(f filledForm) int {
	c.t.Helper()
	var body bytes.Buffer
	kind := "application/x-www-form-urlencoded"
	if f.multi {
		w := multipart.NewWriter(&body)
		for name, values := range f.fields {
			for _, v := range values {
				c.must(w.WriteField(name, v))
			}
		}
		for _, name := range f.pictures {
			part, err := w.CreateFormFile(name, "pindaian")
			c.must(err)
			_, err = part.Write(scanned())
			c.must(err)
		}
		c.must(w.Close())
		kind = w.FormDataContentType()
	} else {
		body.WriteString(f.fields.Encode())
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+f.action, &body)
	c.must(err)
	r.Header.Set("Content-Type", kind)
	return c.take(r)
}

var wrongField = regexp.MustCompile(`<p><strong>([^<]*)</strong>:`)

// Every form of every page asks for what its act needs: filled in as it stands, it is done, or refused for what was
// written into it, and never for want of a field that it does not have.
func TestFormsAskForWhatTheyNeed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, staff...)
	o.room(6)
	o.make(o.next(), "0000A0B0C0D000000002", "")
	o.make(o.next(), "0000A0B0C0D000000001", "accept")
	o.faceAsked("lini-1")
	o.work()
	acts, sent := console.ActionPaths(), map[string]bool{}
	patternOf := func(path string) string {
		path, _, _ = strings.Cut(path, "?")
		i := slices.IndexFunc(acts, func(p string) bool {
			return regexp.MustCompile("^" + regexp.MustCompile(`\{\w+\}`).ReplaceAllString(p, "[^/]+") + "$").MatchString(path)
		})
		if i < 0 {
			return ""
		}
		return acts[i]
	}
	for _, a := range staff {
		c := o.comes(a)
		var all []filledForm
		for _, p := range console.PageRows() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+o.pathOf(p.Path), nil)
			o.must(err)
			if c.take(r) == http.StatusOK {
				all = append(all, c.forms()...)
			}
		}
		for _, f := range all {
			pattern := patternOf(f.action)
			if pattern == "" {
				continue // of the frame of the page, or of a paper
			}
			sent[pattern] = true
			code := c.sendsWhole(f)
			if code >= http.StatusInternalServerError {
				t.Errorf("%s at %s by %v: %d: %s", f.action, f.at, f.fields, code, c.problem())
			}
			if code < http.StatusBadRequest || !strings.Contains(c.problem(), "web.bad_parameter") {
				continue
			}
			names := wrongField.FindAllStringSubmatch(alert.FindString(c.page), -1)
			if len(names) == 0 {
				t.Errorf("%s at %s: %s", f.action, f.at, c.problem())
			}
			for _, n := range names {
				if !strings.Contains(html.UnescapeString(f.body), html.UnescapeString(n[1])) {
					t.Errorf("%s at %s has no field %q: %s", f.action, f.at, n[1], c.problem())
				}
			}
		}
	}
	if len(sent) < 60 {
		t.Errorf("%d acts of %d were offered", len(sent), len(acts))
	}
}
