package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"blanko/fault"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// issued is what the register keeps of a paper.
type issued struct {
	Number      string     `json:"number"`
	Kind        string     `json:"kind"`
	Subject     string     `json:"subject" doc:"What it tells of: an application, a list, a day"`
	Application string     `json:"application,omitempty"`
	Place       string     `json:"place,omitempty" doc:"Service place of who issued it; absent: the Dinas"`
	IssuedAt    time.Time  `json:"issuedAt"`
	IssuedBy    string     `json:"issuedBy"`
	Pages       int        `json:"pages"`
	Digest      string     `json:"digest" doc:"SHA-256 of what it tells, hex"`
	Copies      int        `json:"copies" doc:"Made of it, each marked"`
	State       string     `json:"state" enum:"valid,replaced,withdrawn"`
	EndedAt     *time.Time `json:"endedAt,omitempty"`
	Reason      string     `json:"reason,omitempty"`
}

// proved is what a verification code proves: nothing of a person.
type proved struct {
	Kind     string     `json:"kind"`
	Number   string     `json:"number"`
	Office   string     `json:"office" doc:"Code of the region"`
	Place    string     `json:"place,omitempty" doc:"Service place; absent: the Dinas"`
	IssuedAt time.Time  `json:"issuedAt"`
	Pages    int        `json:"pages"`
	State    string     `json:"state" enum:"valid,replaced,withdrawn"`
	EndedAt  *time.Time `json:"endedAt,omitempty"`
}

// filled is a paper as the ledger fills it.
type filled struct {
	subject     string
	application registry.ApplicationID // empty: it is about none
	seen        int64                  // newest event of the application before it was filled
	number      string                 // its subject's own number, which stands on it; empty: that of the register
	content     any                    // what it tells, without its heading
	draw        func(paper.Heading) ([]byte, error)
	table       func(paper.Heading) []byte // nil: it is no list
}

// digest stands for what a paper tells.
func (f filled) digest() (string, error) {
	text, err := json.Marshal(f.content)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// papers are the papers of the service, each at what it tells of, and the register of those issued.
func papers(a *api) {
	get(a, access.SeeApplications, "/v1/papers", "listPapers", "Papers that were issued, in the order of their numbers",
		func(ctx context.Context, in *struct {
			Kind        string `query:"kind" maxLength:"40"`
			Application string `query:"application" maxLength:"64"`
			Subject     string `query:"subject" maxLength:"100"`
			Paging
		},
		) (*answer[list[issued]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Paper, error) {
				return a.Registry.Papers(ctx, registry.PaperFilter{
					Kind: registry.PaperKind(in.Kind), Application: registry.ApplicationID(in.Application), Subject: in.Subject, After: after, Limit: limit,
				})
			}, func(p registry.Paper) string { return p.Number }, issuedOf)
		})
	get(a, access.SeeApplications, "/v1/papers/{paper}", "getPaper", "One paper that was issued", func(ctx context.Context, in *PaperName) (*answer[issued], error) {
		p, err := a.Registry.Paper(ctx, in.Number)
		return thing(p, err, issuedOf)
	})
	get(a, access.TakePart, "/v1/paper-codes/{code}", "provePaper", "What a verification code proves; nothing of a person",
		func(ctx context.Context, in *struct {
			Code string `path:"code" minLength:"8" maxLength:"20"`
		},
		) (*answer[proved], error) {
			p, err := a.Registry.PaperByCode(ctx, in.Code)
			if err != nil {
				return nil, err
			}
			return &answer[proved]{proved{string(p.Kind), p.Number, p.Office, p.Place, p.IssuedAt.UTC(), p.Pages, string(p.State), moment(p.EndedAt)}}, nil
		})
	change(a, registry.WithdrawPaper{}, "/v1/papers/{paper}/withdrawal", "withdrawPaper", "Declare a paper that was issued as not valid",
		func(_ context.Context, in *struct {
			Keyed
			PaperName
			Body struct {
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.WithdrawPaper{Number: in.Number, Because: in.Body.why()}, nil
		})
	for _, subject := range []func(*api){papersOfApplications, papersOfCards, papersOfEnds, papersOfChips, papersOfStock, papersOfOffice} {
		subject(a)
	}
}

// PaperName is the number of a paper.
type PaperName struct {
	Number string `path:"paper" pattern:"^[A-Z]{1,2}-[0-9]{4}-[0-9]{6}$" patternDescription:"XX-YYYY-NNNNNN"`
}

func issuedOf(p registry.Paper) issued {
	return issued{
		p.Number, string(p.Kind), p.Subject, string(p.Application), p.Place, p.IssuedAt.UTC(), p.IssuedBy, p.Pages, p.Digest, p.Copies, string(p.State),
		moment(p.EndedAt), p.Reason,
	}
}

// paperOf registers the address that issues a paper: as PDF, and as CSV where it is a list. The answer is
// filled from the ledger; nothing of the request stands on it.
func paperOf[I any, P interface {
	*I
	keyed
}](a *api, kind registry.PaperKind, path, id, what string, lists bool, fill func(*form, *I) (filled, error),
) {
	row := registry.RowOf(registry.IssuePaper{Kind: kind}.Name())
	op := a.posting(row, usualBody, path, id, what)
	op.Description += " The same content once more is a marked copy under the number of before."
	types := []string{typePDF}
	content := map[string]*huma.MediaType{typePDF: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	if lists {
		types = append(types, typeCSV)
		content[typeCSV] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	op.Responses["200"] = &huma.Response{Description: "The paper, to be printed; Paper-Number is its number in the register", Content: content}
	op.Middlewares[len(op.Middlewares)-1] = a.offering(types...)
	op.Middlewares = append(op.Middlewares, func(c huma.Context, next func(huma.Context)) {
		next(huma.WithValue(c, typeWanted{}, c.Header("Accept")))
	})
	register(a, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		name, mime, data, number, err := a.issue(ctx, kind, P(in).key(), func() (filled, error) {
			f := &form{ctx: ctx, api: a, zone: a.Registry.Zone()}
			out, err := fill(f, in)
			return out, cmp.Or(err, f.failed)
		})
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", mime)
			c.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
			c.SetHeader("Cache-Control", "no-store")
			c.SetHeader("Paper-Number", number)
			_, _ = c.BodyWriter().Write(data) // who asked has gone
		}}, nil
	})
}

// typeWanted is where a request keeps the type of its answer.
type typeWanted struct{}

// mostFillings is how often a paper is filled anew because its application changed meanwhile.
const mostFillings = 3

// issue fills a paper, has it numbered and draws it under its number.
func (a *api) issue(ctx context.Context, kind registry.PaperKind, key string, fill func() (filled, error)) (name, mime string, data []byte, number string, err error) {
	var f filled
	var res registry.Result
	for n := 1; ; n++ {
		if f, err = fill(); err != nil {
			return
		}
		var draft []byte
		if draft, err = f.draw(a.heading(f, registry.Paper{Number: "XX-0000-000000", Code: "K0000000000", IssuedAt: a.Now()}, 0)); err != nil {
			return
		}
		op := registry.IssuePaper{Kind: kind, Subject: f.subject, Application: f.application, Seen: f.seen, Pages: paper.Pages(draft)}
		if op.Digest, err = f.digest(); err != nil {
			return
		}
		res, err = a.Registry.Do(ctx, web.ActorOf(ctx), op, key)
		if fault.CodeOf(err) != "registry.changed" || n == mostFillings {
			break
		}
	}
	if err != nil {
		return
	}
	p, err := a.Registry.Paper(ctx, res.Answer)
	if err != nil {
		return
	}
	_, copied, _ := strings.Cut(res.Answer, "/")
	which, _ := strconv.Atoi(copied) // none: the paper itself
	h := a.heading(f, p, which)
	name, number = string(kind)+"-"+p.Number, p.Number
	if ctx.Value(typeWanted{}) == typeCSV && f.table != nil {
		return name + ".csv", mimeCSV, f.table(h), number, nil
	}
	data, err = f.draw(h)
	return name + ".pdf", typePDF, data, number, err
}

func (a *api) heading(f filled, p registry.Paper, which int) paper.Heading {
	return paper.Heading{
		Office: a.office(), Number: cmp.Or(f.number, p.Number), At: p.IssuedAt.In(a.Registry.Zone()), Code: p.Code, Copy: which,
	}
}

// office is the head of the papers.
func (a *api) office() paper.Office {
	o := a.Office
	o.Government, o.Name = cmp.Or(o.Government, "PEMERINTAH KABUPATEN/KOTA"), cmp.Or(o.Name, "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL")
	return o
}
