package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// question is what a line asks of a person.
type question struct {
	Attempt string    `json:"attempt" doc:"32 hex digits"`
	Number  int       `json:"number" doc:"Within the attempt"`
	Line    string    `json:"line"`
	Kind    string    `json:"kind" enum:"accept,hand_off" doc:"accept: is the printed face good? hand_off: carry the card"`
	Ask     string    `json:"ask,omitempty" enum:"blank_to_reader,card_to_reader,card_to_printer,card_to_output,card_to_reject" doc:"What to do, of a hand-off"`
	Since   time.Time `json:"since"`
	Face    string    `json:"face,omitempty" doc:"Address of the expected face"`
	// Why is of a card in doubt that was brought and not read.
	Why *web.Cause `json:"why,omitempty" doc:"Why it is asked again"`
}

// answerCause is why a face is refused or a card cannot be carried.
type answerCause struct {
	Kind string `json:"kind" enum:"accept,hand_off"`
	Code string `json:"code"`
	ID   string `json:"id" doc:"In Indonesian"`
	EN   string `json:"en" doc:"In English"`
	// Finding has its own word: it stops the line.
	Finding bool `json:"finding" doc:"Card and person do not belong together: the line stops, and what was made before and after is set apart"`
}

// questionList is all that lines ask, with the words that may answer.
type questionList struct {
	Items  []question    `json:"items" nullable:"false" doc:"The oldest first"`
	Causes []answerCause `json:"causes" nullable:"false"`
}

func questions(a *api) {
	get(a, access.SeeOrders, "/v1/questions", "listQuestions", "What lines wait for a person to answer",
		func(ctx context.Context, _ *struct{}) (*answer[questionList], error) {
			all, err := a.Registry.Questions(ctx)
			if err != nil {
				return nil, err
			}
			out := &answer[questionList]{questionList{Items: []question{}, Causes: []answerCause{}}}
			for _, q := range all {
				item := question{Attempt: q.Attempt.String(), Number: q.N, Line: string(q.Line), Kind: string(q.Kind), Ask: string(q.Ask), Since: q.Since.UTC(), Why: a.Problems.Explain(q.Cause)}
				if q.Kind == registry.AskFace && a.Face != nil {
					item.Face = "/v1/attempts/" + item.Attempt + "/face"
				}
				out.Body.Items = append(out.Body.Items, item)
			}
			for _, c := range registry.AnswerCauses {
				out.Body.Causes = append(out.Body.Causes, answerCause{string(c.Kind), c.Code, c.ID, c.EN, c.WrongPerson})
			}
			return out, nil
		})
	change(a, registry.AcceptFace{}, "/v1/attempts/{id}/face", "acceptFace", "Say whether the printed face is the expected one, with the card before the eyes",
		func(_ context.Context, in *struct {
			AttemptKeyed
			Body struct {
				Good  bool   `json:"good"`
				Cause string `json:"cause,omitempty" maxLength:"32" doc:"Of the causes, exactly where it is not good"`
			}
		},
		) (registry.Operation, error) {
			id, err := in.attempt()
			return registry.AcceptFace{Attempt: id, Good: in.Body.Good, Cause: in.Body.Cause}, err
		})
	change(a, registry.DoneHandOff{}, "/v1/attempts/{id}/hand-off", "doneHandOff", "Say that the card was carried to where it was asked for, or that it cannot be",
		func(_ context.Context, in *struct {
			AttemptKeyed
			Body struct {
				Question int    `json:"question" minimum:"1" maximum:"1000000" doc:"Number of the question"`
				Cause    string `json:"cause,omitempty" maxLength:"32" doc:"Of the causes, where it cannot be done"`
			}
		},
		) (registry.Operation, error) {
			id, err := in.attempt()
			return registry.DoneHandOff{Attempt: id, Question: in.Body.Question, Cause: in.Body.Cause}, err
		})
	a.faces()
}

// faces shows the expected face to who has the printed one before the eyes.
func (a *api) faces() {
	op := huma.Operation{
		OperationID: "getFace", Method: "GET", Path: "/v1/attempts/{id}/face", Summary: "The expected face of a card that a line has in work; personal data", Description: readers(access.Produce),
		Responses: map[string]*huma.Response{
			"200":     {Description: "Front of the card", Content: map[string]*huma.MediaType{"image/png": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}},
			"default": a.anyProblem(),
		},
	}
	a.secure(&op, access.Produce)
	huma.Register(a.huma, op, func(ctx context.Context, in *AttemptName) (*huma.StreamResponse, error) {
		id, err := in.attempt()
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		rec, err := a.Registry.ExpectedFace(ctx, id)
		if err == nil && a.Face == nil {
			err = web.Gone.At("api.getFace", nil)
		}
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		png, err := a.Face(ctx, rec)
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", "image/png")
			c.SetHeader("Cache-Control", "no-store")
			_, _ = c.BodyWriter().Write(png) // who asked has gone
		}}, nil
	})
}
