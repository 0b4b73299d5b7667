package station

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/registry"
)

// lookAtKeys is how often a serving station looks whether its token came or went.
const lookAtKeys = 5 * time.Second

// watchKeys tells the ledger why each line that has its devices does not run, whenever that changes: the
// token is away, its PIN was refused, production refuses its keys. It ends with the context.
func (c Config) watchKeys(ctx context.Context, reg *registry.Registry, svc Service) {
	var whole []LineConfig
	for _, l := range c.Lines {
		if refusal(l, c.Keys) == nil {
			whole = append(whole, l)
		}
	}
	if len(whole) == 0 {
		return
	}
	k, misbuilt := c.keyring(len(whole), svc.Now)
	if misbuilt == nil {
		defer k.token.Close()
	}
	if svc.look == 0 {
		svc.look = lookAtKeys
	}
	var told fault.Code
	for ctx.Err() == nil {
		why := misbuilt
		if why == nil {
			why = k.Ready(ctx)
		}
		if why == nil {
			why = FaceUnseen.At("station.watchKeys", nil)
		}
		if e, ok := errors.AsType[*fault.Error](why); ok && e.Code != told {
			svc.Log.Warn("lines refused", zap.String("code", string(e.Code)), zap.String("field", e.Field), zap.String("detail", e.Detail))
			for _, l := range whole {
				if err := reg.Observe(ctx, l.ID, stateRefused, string(e.Code)); err != nil && ctx.Err() == nil {
					svc.Log.Warn("line state not kept", zap.String("line", string(l.ID)), zap.Error(err))
				}
			}
			told = e.Code
		}
		select {
		case <-ctx.Done():
		case <-time.After(svc.look):
		}
	}
}
