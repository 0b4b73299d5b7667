package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// Keyed is embedded in the parameters of everything that changes something.
type Keyed struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"200" doc:"Chosen by the sender, a new one for each wish; the same one again answers as before"`
}

func (k Keyed) key() string { return k.Key }

// keyed is parameters with an idempotency key.
type keyed interface{ key() string }

// done is what an operation did.
type done struct {
	Operation   string     `json:"operation" doc:"Its name"`
	Application string     `json:"application,omitempty"`
	State       string     `json:"state,omitempty" doc:"Of the application, afterwards"`
	Word        string     `json:"word,omitempty" doc:"The national status word"`
	Chip        string     `json:"chip,omitempty"`
	Answer      string     `json:"answer,omitempty" doc:"Id of what was made, or what the asker is told"`
	Refusal     *web.Cause `json:"refusal,omitempty" doc:"Why a record was not taken, or a chip that was examined may not be used"`
	Tried       *tried     `json:"tried,omitempty" doc:"Of a 1:1: what the comparison said"`
	Events      []int64    `json:"events" nullable:"false" doc:"Ids in the event log"`
	Paper       string     `json:"paper,omitempty" doc:"To be printed"`
	Proposal    string     `json:"proposal,omitempty" doc:"It waits for its second person under this id; nothing was changed yet"`
	Replayed    bool       `json:"replayed" doc:"The key was used before; this is the answer of then"`
}

type changed struct {
	Status   int
	Location string `header:"Location" doc:"Of the proposal"`
	Body     done
}

// change registers one address that carries out one operation of the registry. Who may is in the
// table of operations; the document repeats it.
func change[I any, P interface {
	*I
	keyed
}](a *api, of registry.Operation, path, id, what string, op func(context.Context, *I) (registry.Operation, error),
) {
	changeOf[I, P](a, usualBody, of, path, id, what, op)
}

// usualBody bounds the body of a change, in bytes.
const usualBody = 1 << 20

// changeOf is change with a body of so many bytes at most.
func changeOf[I any, P interface {
	*I
	keyed
}](a *api, body int64, of registry.Operation, path, id, what string, op func(context.Context, *I) (registry.Operation, error),
) {
	two := registry.NeedsSecond(of.Name())
	doc(a, body, of.Name(), path, id, what, func(ctx context.Context, in *I) (registry.Result, error) {
		o, err := op(ctx, in)
		if err != nil {
			return registry.Result{}, err
		}
		return a.carryOut(ctx, two, o, P(in).key())
	})
}

// doc registers one address for an operation of the table, whoever carries it out.
func doc[I any](a *api, body int64, of registry.Name, path, id, what string, carry func(context.Context, *I) (registry.Result, error)) {
	row := registry.RowOf(of)
	d := a.posting(row, body, path, id, what)
	register(a, d, func(ctx context.Context, in *I) (*changed, error) {
		res, err := carry(ctx, in)
		if err != nil {
			return nil, err
		}
		out := &changed{Status: d.DefaultStatus, Body: a.done(res)}
		if row.Second != "" {
			out.Body.Proposal, out.Body.Answer, out.Location = res.Answer, "", "/v1/proposals/"+res.Answer
		}
		return out, nil
	})
}

// posting is what the document says of an address that carries out an operation of the table.
func (a *api) posting(row registry.Row, body int64, path, id, what string) huma.Operation {
	description := "For: " + roles(row.Who) + "."
	status := http.StatusOK
	if row.Second != "" {
		status = http.StatusAccepted
		description += " A second person decides: " + roles(row.Second) + "."
	}
	d := huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: path, Summary: what, Description: description, DefaultStatus: status, MaxBodyBytes: body,
		Responses:  map[string]*huma.Response{"default": a.anyProblem()},
		Extensions: map[string]any{"x-operation": string(row.Name)},
	}
	a.secure(&d, row.Who)
	d.Middlewares = huma.Middlewares{a.admit(func(ctx context.Context, who access.Actor) error {
		if who.May(row.Who) {
			return nil
		}
		return a.Registry.Refuse(ctx, who, row.Name)
	}), a.conditionally, a.offering(typeJSON)}
	return d
}

// admit lets somebody in who may, before anything else of the request is looked at.
func (a *api) admit(may func(context.Context, access.Actor) error) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		var err error
		if who := web.ActorOf(c.Context()); who.ID == "" {
			err = web.SignInNeeded.At("api.admit", nil)
		} else {
			err = may(c.Context(), who)
		}
		if err != nil {
			_, w := humago.Unwrap(c)
			a.Problems.Write(w, err)
			return
		}
		next(c)
	}
}

// register takes a request of somebody who signed in.
func register[I, O any](a *api, d huma.Operation, do func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, d, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		return out, nil
	})
}

func (a *api) carryOut(ctx context.Context, two bool, o registry.Operation, key string) (registry.Result, error) {
	who := web.ActorOf(ctx)
	if two {
		return a.Registry.Propose(ctx, who, o, key)
	}
	return a.Registry.Do(ctx, who, o, key)
}

func (a *api) done(r registry.Result) done {
	events := r.Events
	if events == nil {
		events = []int64{}
	}
	var t *tried
	if r.Tried != nil {
		t = new(tried(*r.Tried))
	}
	return done{
		Tried: t, Operation: string(r.Operation), Application: string(r.Application), State: string(r.State), Word: string(r.Word), Chip: string(r.Chip),
		Answer: r.Answer, Refusal: a.Problems.Explain(r.Refusal), Events: events, Paper: r.Paper, Replayed: r.Replayed,
	}
}
