package web

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"

	"go.uber.org/zap"

	"blanko/fault"
)

// Text is one sentence in both languages of the print room.
type Text struct {
	ID string `json:"id" doc:"Indonesian"`
	EN string `json:"en" doc:"English"`
}

// Steps say what to do, one after the other, in both languages.
type Steps struct {
	ID []string `json:"id" nullable:"false" doc:"Indonesian"`
	EN []string `json:"en" nullable:"false" doc:"English"`
}

// Wrong names one value of a request and says why it was refused.
type Wrong struct {
	Field    string `json:"field" doc:"Name of the value"`
	Reason   string `json:"reason" doc:"Why it was refused, in English"`
	ReasonID string `json:"reason_id,omitempty" doc:"Why it was refused, in Indonesian"`
}

// Problem is the answer to a request that did not succeed (RFC 9457). Type, title and status are
// the RFC's; the others are extension members (section 3.2).
type Problem struct {
	Type      string  `json:"type" doc:"urn:blanko:fault: and the code"`
	Title     string  `json:"title" doc:"What happened, in English"`
	Status    int     `json:"status" doc:"HTTP status"`
	Code      string  `json:"code" doc:"Stable code"`
	Kind      string  `json:"kind" enum:"internal,invalid,not_found,conflict,denied,transient,device,in_doubt" doc:"What kind of error it is"`
	Reference string  `json:"reference" doc:"Number under which the log has this problem"`
	Text      Text    `json:"text" doc:"What happened"`
	Steps     Steps   `json:"steps" doc:"What to do"`
	Errors    []Wrong `json:"errors,omitempty" nullable:"false" doc:"Values that were refused"`
}

// ProblemType is the media type of a problem (RFC 9457, section 6.1).
const ProblemType = "application/problem+json"

func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is [ProblemType] whatever was asked for.
func (p *Problem) ContentType(string) string { return ProblemType }

// retryAfter is when what is transient may be tried again, in seconds.
const retryAfter = "2"

// retries of codes that take longer.
var retries = map[string]string{string(ComplaintsFull.Code): "3600"}

// GetHeaders are headers that go with the problem.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	switch p.Status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h.Set("Retry-After", cmp.Or(retries[p.Code], retryAfter))
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="blanko"`)
	}
	return h
}

// Status is the HTTP status of a kind of error (RFC 9110, section 15).
func Status(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict, fault.InDoubt:
		return http.StatusConflict
	case fault.Denied:
		return http.StatusForbidden
	case fault.Transient:
		return http.StatusServiceUnavailable
	case fault.Device:
		return http.StatusBadGateway
	default:
		return http.StatusInternalServerError
	}
}

// statuses of codes that HTTP knows better than their kind (RFC 9110, section 15.5; RFC 6585).
var statuses = map[fault.Code]int{
	"web.sign_in_needed":       http.StatusUnauthorized,
	"registry.not_signed_in":   http.StatusUnauthorized,
	"registry.changed":         http.StatusPreconditionFailed,
	"web.not_offered":          http.StatusNotAcceptable,
	"web.gone":                 http.StatusGone,
	"web.too_many":             http.StatusTooManyRequests,
	"web.too_large":            http.StatusRequestEntityTooLarge,
	"registry.too_many_opened": http.StatusTooManyRequests,
}

// Cause explains a code that stands in the ledger: why a line stopped, why a card was spoiled.
type Cause struct {
	Code  string `json:"code" doc:"Stable code"`
	Text  *Text  `json:"text,omitempty" doc:"What it means, where the code has an entry"`
	Steps *Steps `json:"steps,omitempty" doc:"What to do"`
}

// Problems turns errors into problems and codes into causes. Safe for concurrent use.
type Problems struct {
	entries   map[fault.Code]fault.Entry
	log       *zap.Logger
	reference func() string
}

// NewProblems knows the entries of the rooms whose errors can reach a request. A nil reference
// is random.
func NewProblems(entries []fault.Entry, log *zap.Logger, reference func() string) *Problems {
	p := &Problems{entries: map[fault.Code]fault.Entry{}, log: log, reference: reference}
	for _, e := range append(entries, Faults...) {
		p.entries[e.Code] = e
	}
	if p.log == nil {
		p.log = zap.NewNop()
	}
	if p.reference == nil {
		p.reference = randomReference
	}
	return p
}

// referenceBytes keeps the references of a year's log apart.
const referenceBytes = 6

func randomReference() string {
	var b [referenceBytes]byte
	rand.Read(b[:]) // never fails: it ends the program instead
	return hex.EncodeToString(b[:])
}

// Of makes the problem of an error and logs the error under its reference. What is internal, or
// has no entry, shows neither its code nor its text.
func (p *Problems) Of(err error) *Problem {
	e, ok := errors.AsType[*fault.Error](err)
	entry := Unexpected
	if ok && e.Kind != fault.Internal {
		if known, found := p.entries[e.Code]; found {
			entry = known
		}
	}
	pr := &Problem{
		Type: "urn:blanko:fault:" + string(entry.Code), Title: entry.EN, Status: cmp.Or(statuses[entry.Code], Status(entry.Kind)), Code: string(entry.Code),
		Kind: entry.Kind.String(), Reference: p.reference(), Text: Text{entry.ID, entry.EN}, Steps: Steps{entry.StepsID, entry.StepsEN},
	}
	if entry.Kind != fault.Internal && (e.Field != "" || e.Detail != "") {
		why := Reason(e)
		pr.Errors = []Wrong{{e.Field, why.EN, why.ID}}
	}
	level := zap.InfoLevel
	if pr.Status >= http.StatusInternalServerError {
		level = zap.ErrorLevel
	}
	p.log.Log(level, "request failed", zap.String("reference", pr.Reference), zap.String("code", string(fault.CodeOf(err))), zap.Error(err))
	return pr
}

// Explain is what a code in the ledger means; nil for no code. The text of an internal code is
// not shown.
func (p *Problems) Explain(code string) *Cause {
	if code == "" {
		return nil
	}
	c := &Cause{Code: code}
	if e, ok := p.entries[fault.Code(code)]; ok && e.Kind != fault.Internal {
		c.Text, c.Steps = &Text{e.ID, e.EN}, &Steps{e.StepsID, e.StepsEN}
	}
	return c
}

// Write answers a request with the problem of an error.
func (p *Problems) Write(w http.ResponseWriter, err error) { p.Of(err).write(w) }

func (p *Problem) write(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range p.GetHeaders() {
		h[name] = values
	}
	h.Set("Content-Type", ProblemType)
	w.WriteHeader(p.Status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(p) // who asked has gone
}
