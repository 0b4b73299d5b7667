package public

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"blanko/fault"
	"blanko/registry"
	"blanko/web"
)

// Bounds of what is typed, in characters, and of the whole form, in bytes.
const (
	mostText    = 1000
	mostName    = 60
	mostContact = 100
	mostReceipt = 20
	mostForm    = 16 << 10
)

// subjects are what a complaint can be about.
var subjects = []string{"waiting", "card", "data", "officer", "fee", "other"}

// complaintPage is the form with what was typed, or the number of what was taken.
type complaintPage struct {
	Key      string
	Subjects []string
	Fields   []typed
	Trouble  string // key of why nothing was taken
	Number   string
}

// typed is one field of the form.
type typed struct {
	Name, Value, Trouble string
	Most                 int
	Optional             bool
}

// Of is a field by its name.
func (c *complaintPage) Of(name string) typed {
	for _, f := range c.Fields {
		if f.Name == name {
			return f
		}
	}
	return typed{}
}

// form is what was typed, each field with what is wrong with it.
func form(r *http.Request) *complaintPage {
	c := &complaintPage{Key: keyOf(r), Subjects: subjects}
	for _, f := range []typed{
		{Name: "subject", Most: mostName}, {Name: "text", Most: mostText}, {Name: "receipt", Most: mostReceipt, Optional: true}, {Name: "name", Most: mostName}, {Name: "contact", Most: mostContact},
	} {
		f.Value = strings.ToValidUTF8(strings.TrimSpace(r.PostForm.Get(f.Name)), "")
		switch {
		case r.Method != http.MethodPost:
		case f.Value == "" && !f.Optional:
			f.Trouble = "needed." + f.Name
		case utf8.RuneCountInString(f.Value) > f.Most:
			f.Trouble = "too_long"
		}
		if f.Trouble != "" {
			c.Trouble = "complaint.incomplete"
		}
		c.Fields = append(c.Fields, f)
	}
	return c
}

var keyForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// keyOf makes that what is sent twice is taken once.
func keyOf(r *http.Request) string {
	if k := r.PostForm.Get("key"); keyForm.MatchString(k) {
		return k
	}
	return rand.Text()
}

func (s *site) complaint(p *shown) (int, error) {
	p.Page, p.Of = "complaint", form(p.r)
	return http.StatusOK, nil
}

func (s *site) complain(p *shown) (int, error) {
	p.r.Body = http.MaxBytesReader(nil, p.r.Body, mostForm)
	if err := p.r.ParseForm(); err != nil {
		return 0, web.TooLarge.At("public.complain", err)
	}
	c := form(p.r)
	p.Page, p.Of = "complaint", c
	if err := s.Visitors.Ask(p.r.RemoteAddr); err != nil {
		c.Trouble = "complaint.too_many"
		return p.later(err), nil
	}
	if c.Trouble != "" {
		return http.StatusUnprocessableEntity, nil
	}
	if err := s.Visitors.Complain(p.r.RemoteAddr); err != nil {
		if c.Trouble = "complaint.too_many"; fault.Is(err, web.ComplaintsFull) {
			c.Trouble = "complaint.full"
		}
		return p.later(err), nil
	}
	res, err := s.Registry.Do(p.r.Context(), web.Visitor, registry.RegisterComplaint{
		Channel: "website", Subject: c.Of("subject").Value, Text: c.Of("text").Value, Receipt: c.Of("receipt").Value, FullName: c.Of("name").Value, Contact: c.Of("contact").Value,
	}, "public-"+c.Key)
	if err != nil {
		return 0, err
	}
	c.Number = res.Answer
	return http.StatusOK, nil
}
