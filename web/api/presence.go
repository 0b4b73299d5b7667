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

// challenges gives who compares holders what the chip of a card has to answer, for one try.
func challenges(a *api) {
	op := huma.Operation{
		OperationID: "challengeChip", Method: http.MethodPost, Path: "/v1/cards/{chip}/challenge", Summary: "What the chip of a card on a reader has to answer for one try of a 1:1",
		Description: readers(access.VerifyHolder), DefaultStatus: http.StatusOK, MaxBodyBytes: usualBody, Responses: map[string]*huma.Response{"default": a.anyProblem()},
	}
	a.secure(&op, access.VerifyHolder)
	op.Middlewares = huma.Middlewares{a.admit(func(ctx context.Context, who access.Actor) error {
		if who.May(access.VerifyHolder) {
			return nil
		}
		return a.Registry.Refuse(ctx, who, registry.VerifyHolder{}.Name())
	})}
	register(a, op, func(ctx context.Context, in *struct {
		Chip string `path:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits"`
	},
	) (*answer[challenge], error) {
		return a.challenge(ctx, web.ActorOf(ctx), in.Chip)
	})
}

func (a *api) challenge(ctx context.Context, who access.Actor, chip string) (*answer[challenge], error) {
	c, err := a.Registry.ChallengeChip(ctx, who, ktp.ChipUID(chip))
	if err != nil {
		return nil, err
	}
	return &answer[challenge]{challenge{c.Bytes[:], c.Until.UTC()}}, nil
}
