package desk

import (
	"context"
	"crypto/rand"
	"time"

	"go.uber.org/zap"
)

// tell reports the devices to the station when one changes, and again from time to time.
func (a *Agent) tell(ctx context.Context) {
	tick := time.NewTicker(a.Report)
	defer tick.Stop()
	for {
		for _, d := range a.Look(ctx) {
			state, code := "works", ""
			if !d.Present {
				state, code = "down", d.Missing.Code
			}
			body := map[string]any{"device": a.Identity.Desk + "." + string(d.Kind), "cause": "equipment", "state": state}
			if code != "" {
				body["code"] = code
			}
			if d.Kind == SAM && d.Present {
				body["uses"] = d.Uses
			}
			if a.Identity.Place != "" {
				body["place"] = a.Identity.Place
			}
			if err := a.link.post(ctx, "/v1/health/devices", newKey(), body, &struct{}{}); err != nil && ctx.Err() == nil {
				a.Log.Warn("devices not told", zap.Error(err))
				break
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func newKey() string { return "desk-" + rand.Text() }
