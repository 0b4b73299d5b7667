package desk

import (
	"bytes"
	"context"
	"crypto/x509"
	"slices"
	"time"

	"go.uber.org/zap"

	"blanko/applet/inspect"
)

// trustEvery is how often what the desk trusts is read anew, as a station does: a revocation reaches a desk
// that runs.
const trustEvery = time.Minute

// trust is what cards are checked by now.
func (a *Agent) trust() inspect.Trust {
	a.trusting.Lock()
	defer a.trusting.Unlock()
	return a.Trust
}

// follow reads the trust anew until the context ends.
func (a *Agent) follow(ctx context.Context) {
	if a.Anchors == nil {
		return
	}
	tick := time.NewTicker(trustEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := a.trustAnew(); err != nil {
				a.Log.Warn("what is trusted not read anew", zap.Error(err))
			}
		case <-ctx.Done():
			return
		}
	}
}

// trustAnew takes what lies on this computer now. What cannot be read leaves what was known; so does a list that
// is older than the one that was known: nothing that was revoked comes back.
func (a *Agent) trustAnew() error {
	fresh, err := a.Anchors()
	if err != nil {
		return err
	}
	a.trusting.Lock()
	defer a.trusting.Unlock()
	fresh.Revoked = newest(a.Trust.Revoked, fresh.Revoked)
	if known := a.Trust.Status; known != nil && (fresh.Status == nil || fresh.Status.Number < known.Number) {
		fresh.Status = known
	}
	a.Trust = fresh
	return nil
}

// newest are the lists that lie here now, and those known ones of their authority that are newer than all of these.
func newest(known, here []*x509.RevocationList) []*x509.RevocationList {
	out := slices.Clone(here)
	for _, k := range known {
		older := func(l *x509.RevocationList) bool {
			return bytes.Equal(l.RawIssuer, k.RawIssuer) && l.Number != nil && k.Number != nil && l.Number.Cmp(k.Number) >= 0
		}
		if !slices.ContainsFunc(here, older) {
			out = append(out, k)
		}
	}
	return out
}
