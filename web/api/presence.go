package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// challenge is what a chip has to answer.
type challenge struct {
	Challenge []byte    `json:"challenge" doc:"Host challenge of INITIALIZE UPDATE, 8 bytes, Base64"`
	Until     time.Time `json:"until" doc:"It may be answered until then"`
}

// challenges gives who has a card before them what its chip has to answer, for one act.
func challenges(a *api) {
	op := huma.Operation{
		OperationID: "challengeChip", Method: http.MethodPost, Path: "/v1/cards/{chip}/challenge", Summary: "What the chip of a card on a reader has to answer for one act: a try of a 1:1, a hand-over, or that it is shown",
		Description: readers(access.ShowCards), DefaultStatus: http.StatusOK, MaxBodyBytes: usualBody, Responses: map[string]*huma.Response{"default": a.anyProblem()},
	}
	a.secure(&op, access.ShowCards)
	op.Middlewares = huma.Middlewares{a.admit(func(ctx context.Context, who access.Actor) error {
		if who.May(access.ShowCards) {
			return nil
		}
		return a.Registry.Refuse(ctx, who, registry.ShowCard{}.Name())
	})}
	register(a, op, func(ctx context.Context, in *struct {
		Chip string `path:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits"`
	},
	) (*answer[challenge], error) {
		return a.challenge(ctx, web.ActorOf(ctx), in.Chip)
	})
}

// shows registers how somebody shows that a card lies on their reader.
func shows(a *api) {
	change(a, registry.ShowCard{}, "/v1/cards/{chip}/shown", "showCard", "Show that a card lies on the reader: what the session does with it next needs that",
		func(_ context.Context, in *struct {
			ChipKeyed
			Body struct {
				Presence presence `json:"presence" doc:"The chip's answer to a challenge of the station"`
			}
		},
		) (registry.Operation, error) {
			return registry.ShowCard{Chip: in.uid(), Presence: in.Body.Presence.shown()}, nil
		})
}

func (a *api) challenge(ctx context.Context, who access.Actor, chip string) (*answer[challenge], error) {
	c, err := a.Registry.ChallengeChip(ctx, who, ktp.ChipUID(chip))
	if err != nil {
		return nil, err
	}
	return &answer[challenge]{challenge{c.Bytes[:], c.Until.UTC()}}, nil
}
