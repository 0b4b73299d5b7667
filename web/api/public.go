package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"blanko/fault"
	"blanko/registry"
	"blanko/web"
)

// publicBody bounds a complaint, in bytes.
const publicBody = 16 << 10

// publicDescription is what the document says of all addresses that anybody may reach.
const publicDescription = `What anybody may ask of a Blanko station without signing in: the service standard, the status of a
number that was given out, and complaints. No answer holds personal data. Who asks too often is asked to wait (429),
and so is everybody while complaints of all have filled their bound (503). Errors are problem details (RFC 9457) with a
stable code, both languages, and what to do.`

// publicStatus is what anybody may know of a number that was given out: no personal data.
type publicStatus struct {
	Number string     `json:"number"`
	Kind   string     `json:"kind" enum:"application,complaint"`
	Word   string     `json:"word" doc:"The national status word, or the state of a complaint"`
	Next   string     `json:"next,omitempty" doc:"What follows, as a word"`
	Since  time.Time  `json:"since"`
	Due    time.Time  `json:"due"`
	Ready  *time.Time `json:"ready,omitempty" doc:"For collection"`
	Place  string     `json:"place,omitempty" doc:"Where the card is collected"`
}

// publicComplaint answers with the number alone.
type publicComplaint struct {
	Number string `json:"number" doc:"Asks for its status later"`
}

// Public puts the addresses on a mux that anybody may reach: the published service standard, the status of a
// number, and complaints. It stands apart from /v1, with a document of its own, and knows no sign-in.
func Public(mux *http.ServeMux, cfg Config, visitors *web.Visitors) error {
	a := &api{Config: cfg, began: cfg.Now()}
	settings := a.settings()
	settings.Info.Title, settings.Info.Description = "Blanko for everybody", publicDescription
	settings.Components.SecuritySchemes = nil
	a.huma = humago.New(mux, settings)
	huma.Register(a.huma, huma.Operation{
		OperationID: "getPublishedStandard", Method: http.MethodGet, Path: "/public/v1/standard", Summary: "The public service standard in force",
		Responses: map[string]*huma.Response{"default": a.anyProblem()}, Middlewares: huma.Middlewares{a.bounded(visitors.Ask)},
	}, a.published)
	huma.Register(a.huma, huma.Operation{
		OperationID: "getPublicStatus", Method: http.MethodGet, Path: "/public/v1/status/{number}", Summary: "The status of a number that was given out",
		Responses: map[string]*huma.Response{"default": a.anyProblem()}, Middlewares: huma.Middlewares{a.bounded(visitors.Ask)},
	}, a.publicStatus)
	huma.Register(a.huma, huma.Operation{
		OperationID: "complain", Method: http.MethodPost, Path: "/public/v1/complaints", Summary: "Complain of something, suggest or ask", MaxBodyBytes: publicBody,
		Responses: map[string]*huma.Response{"default": a.anyProblem()}, Middlewares: huma.Middlewares{a.bounded(visitors.Ask), a.bounded(visitors.Complain)},
	}, a.publicComplaint)
	return a.document(mux, "/public/v1/openapi.json")
}

// bounded lets an address ask so often.
func (a *api) bounded(count func(from string) error) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		if err := count(c.RemoteAddr()); err != nil {
			_, w := humago.Unwrap(c)
			a.Problems.Write(w, err)
			return
		}
		next(c)
	}
}

func (a *api) publicStatus(ctx context.Context, in *struct {
	Number string `path:"number" minLength:"8" maxLength:"20"`
},
) (*answer[publicStatus], error) {
	status, err := a.statusOf(ctx, in.Number)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return nil, a.Problems.Of(web.NoSuchNumber.At("api.public", nil))
	case err != nil:
		return nil, a.Problems.Of(err)
	}
	return &answer[publicStatus]{status}, nil
}

// statusOf answers a number by its letter; one that was misread was never given out.
func (a *api) statusOf(ctx context.Context, number string) (publicStatus, error) {
	if receipt, ok := registry.ParseReceipt(number); ok {
		s, err := a.Registry.ReceiptStatus(ctx, receipt)
		return publicStatus{receipt, "application", string(s.Word), string(s.Next), s.Since.UTC(), s.Due.UTC(), moment(s.Ready), s.Delivery}, err
	}
	if complaint, ok := registry.ParseComplaint(number); ok {
		s, err := a.Registry.ComplaintStatus(ctx, complaint)
		return publicStatus{Number: complaint, Kind: "complaint", Word: string(s.State), Since: s.Since.UTC(), Due: s.Due.UTC()}, err
	}
	return publicStatus{}, web.NoSuchNumber.At("api.public", nil)
}

// VisitorKey is the idempotency key of somebody whom the station does not know: long enough that no two visitors choose
// the same one by chance.
type VisitorKey struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"16" maxLength:"100" doc:"Drawn at random by the sender, a new one for each wish; the same one again answers as before"`
}

func (a *api) publicComplaint(ctx context.Context, in *struct {
	VisitorKey
	Body struct {
		Subject string `json:"subject" enum:"card,data,waiting,officer,fee,other"`
		Text    string `json:"text" minLength:"1" maxLength:"4000"`
		Receipt string `json:"receipt,omitempty" maxLength:"20" doc:"Of the application that it is about; the answer is the same whether it was ever given out or not"`
		Name    string `json:"name" minLength:"1" maxLength:"120"`
		Contact string `json:"contact" minLength:"3" maxLength:"200" doc:"Telephone, address or electronic mail"`
	}
},
) (*answer[publicComplaint], error) {
	b := in.Body
	res, err := a.Registry.Do(ctx, web.Visitor, registry.RegisterComplaint{
		Channel: "website", Subject: b.Subject, Text: b.Text, Receipt: b.Receipt, FullName: b.Name, Contact: b.Contact,
	}, "public-"+in.Key)
	if err != nil {
		return nil, a.Problems.Of(err)
	}
	return &answer[publicComplaint]{publicComplaint{res.Answer}}, nil
}
