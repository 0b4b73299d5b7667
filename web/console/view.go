package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/lists"
	"blanko/web"
	"blanko/web/console/words"
)

// view is what one page is made from: who looks, in which language, and what was just done.
type view struct {
	*console
	r          *http.Request
	Lang       words.Language
	Page       page
	Person     access.Person
	Actor      access.Actor
	Done       *done
	Problem    *web.Problem
	List       *lists.Outcome    // of the file that was just brought
	Values     url.Values        // of a form that was refused, so that nothing has to be typed again
	Typed      []fact            // of a refused form that is not offered any more
	Alone      bool              // nobody is here who could agree to another person
	Live       bool              // a part alone is wanted, renewed by the stream
	placeNames map[string]string // those that were asked for
	// liveQuery is what a part has to be told of itself when it is renewed.
	liveQuery string
	// kept are the pages of its lists that it shows.
	kept string
}

func (c *console) view(r *http.Request) *view {
	v := &view{console: c, r: r, Lang: languageOf(r), Values: url.Values{}}
	return v
}

func (v *view) ctx() context.Context { return v.r.Context() }

// languageCookie remembers the language, also of who has not signed in.
const languageCookie = "bahasa"

func languageOf(r *http.Request) words.Language {
	if k, err := r.Cookie(languageCookie); err == nil {
		return words.LanguageOf(k.Value)
	}
	return words.Indonesian
}

// T is a text of the page's language.
func (v *view) T(key string, values ...any) string { return words.Of(v.Lang, key, values...) }

// Say is a text by its key where it has one, else the code itself: codes grow faster than words.
func (v *view) Say(group, code string) string {
	if code == "" {
		return ""
	}
	key := group + "." + strings.ReplaceAll(code, " ", "_")
	if words.Has(key) {
		return v.T(key)
	}
	return code
}

// Both is a text that stands in the code in both languages.
func (v *view) Both(id, en string) string {
	if v.Lang == words.English {
		return en
	}
	return id
}

// Event says what an event of the log is.
func (v *view) Event(code string) string {
	w := registry.EventWordOf(code)
	return v.Both(w.ID, w.EN)
}

// May reports whether who looks may do an operation or see what a permission names.
func (v *view) May(p access.Permission) bool { return v.Actor.May(p) }

// Can reports whether who looks may begin an operation.
func (v *view) Can(op registry.Operation) bool { return v.Actor.May(registry.RowOf(op.Name()).Who) }

// Explain is what a code of the ledger means.
func (v *view) Explain(code string) *web.Cause { return v.Problems.Explain(code) }

// Text is a sentence of the page's language.
func (v *view) Text(t *web.Text) string {
	if t == nil {
		return ""
	}
	return v.Both(t.ID, t.EN)
}

// Steps are numbered steps in the page's language.
func (v *view) Steps(s *web.Steps) []string {
	switch {
	case s == nil:
		return nil
	case v.Lang == words.English:
		return s.EN
	}
	return s.ID
}

// Key is a new idempotency key: what is sent twice is done once.
func (v *view) Key() string { return "web-" + rand.Text() }

// zone is that of the office, whatever the computer is set to.
func (v *view) zone() *time.Location { return v.Registry.Zone() }

// Time is a moment, by the clock of the office.
func (v *view) Time(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	if v.Lang == words.English {
		return t.In(v.zone()).Format("2 Jan 2006 15:04")
	}
	return t.In(v.zone()).Format("02-01-2006 15.04")
}

// Day is a date.
func (v *view) Day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	if v.Lang == words.English {
		return t.In(v.zone()).Format("2 Jan 2006")
	}
	return t.In(v.zone()).Format("02-01-2006")
}

// Ago is how long something has lasted.
func (v *view) Ago(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	d := v.Now().Sub(t)
	switch {
	case d < time.Minute:
		return v.T("age.now")
	case d < time.Hour:
		return v.T("age.minutes", int(d/time.Minute))
	case d < 48*time.Hour:
		return v.T("age.hours", int(d/time.Hour))
	}
	return v.T("age.days", int(d/(24*time.Hour)))
}

// Masked is a NIK as it is shown to who has not asked for all of it: its first six and last two digits.
func Masked(n ktp.NIK) string {
	d := n.Digits()
	const first, last = 6, 2
	if len(d) <= first+last {
		return strings.Repeat("•", len(d))
	}
	return d[:first] + strings.Repeat("•", len(d)-first-last) + d[len(d)-last:]
}

// done is what an operation did, told on the next page.
type done struct {
	Operation string `json:"operation"`
	// Application: the one that it was done with.
	Application registry.ApplicationID `json:"application,omitempty"`
	Answer      string                 `json:"answer,omitempty"`
	State       string                 `json:"state,omitempty"`
	Paper       string                 `json:"paper,omitempty"`
	Proposal    string                 `json:"proposal,omitempty"`
	Code        string                 `json:"code,omitempty"` // of a problem
	Field       string                 `json:"field,omitempty"`
	Reason      string                 `json:"reason,omitempty"`
	Undo        string                 `json:"undo,omitempty"`
	Text        string                 `json:"text,omitempty"` // says it in words of its own
}

// just reports whether what this page tells of is an operation.
func (v *view) just(op registry.Operation) bool {
	if v.Done == nil && v.Problem == nil {
		v.Done = v.takeDone(v.ctx())
	}
	return v.Done != nil && v.Done.Operation == string(op.Name())
}

// did is what an operation did; of one that only begins something, what is to come.
func (v *view) did() string {
	if v.Done.Text != "" {
		return v.Done.Text
	}
	if key := "did." + v.Done.Operation; words.Has(key) {
		return v.T(key)
	}
	return v.T("did.done", v.Say("op", v.Done.Operation))
}

func (c *console) keepDone(ctx context.Context, d done) {
	if text, err := json.Marshal(d); err == nil {
		c.sessions.Put(ctx, sessionFlash, string(text))
	}
}

func (c *console) takeDone(ctx context.Context) *done {
	text := c.sessions.PopString(ctx, sessionFlash)
	if text == "" {
		return nil
	}
	d := &done{}
	if json.Unmarshal([]byte(text), d) != nil {
		return nil
	}
	return d
}

// local is a path of this console, or the way home where it is none. Browsers drop tabs and line ends of an address
// before they read it (WHATWG URL Standard, section 4.4).
func local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, "\\") || strings.ContainsFunc(path, unicode.IsControl) {
		return "/"
	}
	return path
}

func escaped(text string) string { return url.QueryEscape(text) }

// number is one as a program writes it: an id, a measure of a picture.
func number(n int) string { return strconv.Itoa(n) }

// Count is a number as a person reads it, its thousands apart.
func (v *view) Count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + v.Both(".", ",") + text[i:]
	}
	return text
}

// Decimal is a number with one digit after the sign of the language.
func (v *view) Decimal(f float64) string {
	whole, rest, _ := strings.Cut(strconv.FormatFloat(f, 'f', 1, 64), ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n == 0 { // "-0"
		return whole + v.Both(",", ".") + rest
	}
	return v.Count(n) + v.Both(",", ".") + rest
}

func languageFrom(r *http.Request) words.Language { return words.LanguageOf(r.PostForm.Get("bahasa")) }

// hours is a length of time in days and hours.
func (v *view) hours(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == 0:
		return "–"
	case d >= day && d%day == 0:
		return v.T("length.days", int(d/day))
	case d >= day:
		return v.T("length.days_hours", int(d/day), int(d%day/time.Hour))
	case d >= time.Hour:
		return v.T("length.hours", int(d/time.Hour))
	}
	return v.T("length.minutes", int(d/time.Minute))
}

// why is the reason for which a value was refused.
func (v *view) why(w web.Wrong) string { return v.Both(cmp.Or(w.ReasonID, w.Reason), w.Reason) }

// problemText is what an error says to a person.
func (v *view) problemText(err error) string {
	p := v.Problems.Of(err)
	text := v.Both(p.Text.ID, p.Text.EN)
	for _, w := range p.Errors {
		text += " (" + v.Say("field", w.Field) + ": " + v.why(w) + ")"
	}
	return text
}
