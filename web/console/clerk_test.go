package console_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"blanko/applet/inspect/inspecttest"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// clerk is somebody who works with the pages alone, as they come without a script: what can be followed is a
// link, what can be sent is a form that stands on the page, with its fields.
type clerk struct {
	*office
	http http.Client
	at   string // address of the page
	page string
}

// comes signs somebody in.
func (o *office) comes(a access.Actor) *clerk {
	o.t.Helper()
	jar, err := cookiejar.New(nil)
	o.must(err)
	c := &clerk{office: o, http: http.Client{Jar: jar}}
	o.clock.Advance(31 * time.Second) // no code is taken twice
	c.open("/masuk?ke=%2Fakun")
	c.send("/masuk", url.Values{"person": {a.ID}, "password": {password}}, nil)
	c.send("/masuk/kode", url.Values{"code": {o.code(a.ID)}}, nil)
	if !strings.HasPrefix(c.at, "/akun") {
		o.t.Fatalf("%s is not signed in: at %s", a.ID, c.at)
	}
	return c
}

func (c *clerk) open(path string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+path, nil)
	c.must(err)
	if code := c.take(r); code != http.StatusOK {
		c.t.Fatalf("%s: %d: %s", path, code, c.problem())
	}
}

func (c *clerk) take(r *http.Request) int {
	c.t.Helper()
	res, err := c.http.Do(r)
	c.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	c.must(err)
	c.at, c.page = res.Request.URL.RequestURI(), string(text)
	return res.StatusCode
}

// shows has the chip of a card on the reader answer for the session of the clerk.
func (c *clerk) shows(who access.Actor, chip ktp.ChipUID) {
	c.t.Helper()
	at, err := url.Parse(c.url)
	c.must(err)
	for _, cookie := range c.http.Jar.Cookies(at) {
		if cookie.Name == "blanko" {
			c.answers(who, cookie.Value, chip)
		}
	}
}

// examined lays a card on a reader, where its chip tells its state.
func (o *office) examined(chip ktp.ChipUID, state registry.ChipState) {
	o.t.Helper()
	o.as(staffOf(access.KecamatanOperator), registry.ExamineChip{Chip: chip, State: state, Cause: "chip_" + string(state), Told: registry.Told{
		Mark: registry.MarkBad, Finding: "Chip diperiksa.", Steps: []string{"Simpan lembar ini."},
	}})
}

// answers has a chip answer for the session that a cookie is of.
func (o *office) answers(who access.Actor, cookie string, chip ktp.ChipUID) {
	o.t.Helper()
	sum := sha256.Sum256([]byte(cookie))
	who.Session = base64.RawURLEncoding.EncodeToString(sum[:])
	asked, err := o.reg.ChallengeChip(o.t.Context(), who, chip)
	o.must(err)
	o.as(who, registry.ShowCard{Chip: chip, Presence: registry.Presence{Challenge: asked.Bytes[:], Answer: inspecttest.Answer(chip, asked.Bytes)}})
}

var (
	formTag  = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	fieldTag = regexp.MustCompile(`(?s)<(input|select|textarea)\b([^>]*)>`)
	attrs    = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
	choice   = regexp.MustCompile(`(?s)<option\b([^>]*)>`)
	tag      = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)
	alert    = regexp.MustCompile(`(?s)<section class="note bad".*?</section>`)
)

func attributes(text string) map[string]string {
	m := map[string]string{}
	for _, a := range attrs.FindAllStringSubmatch(text, -1) {
		m[a[1]] = html.UnescapeString(a[2])
	}
	return m
}

// says is the text of the page.
func (c *clerk) says() string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(c.page, " "))), " ")
}

// problem is what the page says went wrong.
func (c *clerk) problem() string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(alert.FindString(c.page), " "))), " ")
}

// offers finds the first form of the page for an address in which a hidden field of the same name has the value
// that is given.
func (c *clerk) offers(action string, given url.Values) (fields url.Values, multi bool, found bool) {
	for _, f := range formTag.FindAllStringSubmatch(c.page, -1) {
		form := attributes(f[1])
		if form["action"] != action {
			continue
		}
		fields, same := url.Values{}, true
		for _, loc := range fieldTag.FindAllStringSubmatchIndex(f[2], -1) {
			kind, a := f[2][loc[2]:loc[3]], attributes(f[2][loc[4]:loc[5]])
			name := a["name"]
			_, checked := a["checked"]
			switch {
			case name == "":
			case kind == "select":
				list, _, _ := strings.Cut(f[2][loc[1]:], "</select>")
				for _, o := range choice.FindAllStringSubmatch(list, -1) {
					opt := attributes(o[1])
					if _, chosen := opt["selected"]; chosen || !fields.Has(name) {
						fields.Set(name, opt["value"])
					}
				}
			case kind == "textarea":
				text, _, _ := strings.Cut(f[2][loc[1]:], "</textarea>")
				fields.Set(name, html.UnescapeString(text))
			case a["type"] == "checkbox" && !checked:
				if !fields.Has(name) {
					fields[name] = nil
				}
			case a["type"] == "hidden" && given.Has(name) && given.Get(name) != a["value"]:
				same = false
			default:
				fields.Add(name, a["value"])
			}
		}
		if same {
			return fields, form["enctype"] != "", true
		}
	}
	return nil, false, false
}

// send fills in a form of the page and sends it; where it is refused, the page says why.
func (c *clerk) send(action string, given url.Values, files map[string][]byte) {
	c.t.Helper()
	if code := c.tries(action, given, files); code != http.StatusOK {
		c.t.Fatalf("%s by %v: %d: %s", action, given, code, c.problem())
	}
}

// refused sends a form that is not taken, and finds the code on the page that answers.
func (c *clerk) refused(action string, given url.Values, files map[string][]byte, want string) {
	c.t.Helper()
	if code := c.tries(action, given, files); code < 400 || !strings.Contains(c.problem(), want) {
		c.t.Errorf("%s by %v: %d: %s, want %s", action, given, code, c.problem(), want)
	}
}

func (c *clerk) tries(action string, given url.Values, files map[string][]byte) int {
	c.t.Helper()
	fields, multi, found := c.offers(action, given)
	if !found {
		c.t.Fatalf("%s offers no form to %s", c.at, action)
	}
	for name, values := range given {
		if _, there := fields[name]; !there {
			c.t.Fatalf("the form to %s has no field %s", action, name)
		}
		fields[name] = values
	}
	var body bytes.Buffer
	kind := "application/x-www-form-urlencoded"
	if multi {
		w := multipart.NewWriter(&body)
		for name, values := range fields {
			if data, is := files[name]; is {
				part, err := w.CreateFormFile(name, "pindaian")
				c.must(err)
				_, err = part.Write(data)
				c.must(err)
				continue
			}
			for _, v := range values {
				c.must(w.WriteField(name, v))
			}
		}
		c.must(w.Close())
		kind = w.FormDataContentType()
	} else {
		body.WriteString(fields.Encode())
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+action, &body)
	c.must(err)
	r.Header.Set("Content-Type", kind)
	return c.take(r)
}

// links are the addresses that the page leads to.
func (c *clerk) links(prefix string) (list []string) {
	for _, m := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(c.page, -1) {
		if to := html.UnescapeString(m[1]); strings.HasPrefix(to, prefix) && !slices.Contains(list, to) {
			list = append(list, to)
		}
	}
	return list
}

// many is one more than a page of a list shows.
const many = 101

// follow goes on from a page by the one link that begins so and names a last row.
func (c *clerk) follow(path, word string) {
	c.t.Helper()
	on := slices.DeleteFunc(c.links(path+"?"), func(to string) bool { return !strings.Contains(to, word+"=") })
	if len(on) != 1 {
		c.t.Fatalf("%s leads on by %v: %s", c.at, on, c.says())
	}
	c.open(on[0])
}
