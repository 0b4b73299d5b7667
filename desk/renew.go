package desk

import (
	"context"
	"encoding/hex"
	"time"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/keys/sam"
)

// What is left of a SAM's cap when the station is asked to renew it.
const (
	fewUses = 20
	fewDays = 2
)

// samWish is what the station is asked for a SAM.
type samWish struct {
	Serial string `json:"serial"`
	Nonce  string `json:"nonce"`
	Check  string `json:"check"`
	Left   int    `json:"left"`
	Used   int    `json:"used"`
}

// samGrant is the station's word for it.
type samGrant struct {
	Uses      uint32 `json:"uses"`
	Today     string `json:"today"`
	Until     string `json:"until"`
	Signature []byte `json:"signature"`
}

// renew has the station renew the SAM when little is left of its cap. While something is left, a station that
// is away or refuses hinders nobody.
func (a *Agent) renew(ctx context.Context, s *sam.Source) error {
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	today := a.Now().UTC().Truncate(24 * time.Hour)
	if st.Uses > fewUses && st.Until.After(today.AddDate(0, 0, fewDays)) {
		return nil
	}
	err = a.askForRenewal(ctx, s, st)
	if err != nil && st.Uses > 0 && !st.Until.Before(today) {
		a.Log.Warn("SAM not renewed", zap.String("code", string(fault.CodeOf(err))), zap.Error(err))
		return nil
	}
	if fault.Is(err, StationAway) {
		return SAMOver.At("desk.renew", err).With("sam", "%d uses left, last day %s", st.Uses, st.Until.Format(time.DateOnly))
	}
	return err
}

func (a *Agent) askForRenewal(ctx context.Context, s *sam.Source, st sam.Status) error {
	q, err := s.Request(ctx)
	if err != nil {
		return err
	}
	wish := samWish{hex.EncodeToString(q.Serial[:]), hex.EncodeToString(q.Nonce[:]), hex.EncodeToString(st.KCV[:]), st.Uses, st.Used}
	var said samGrant
	err = a.link.post(ctx, "/v1/desk/sam", "", wish, &said)
	if fault.Is(err, StationAway) { // it may have arrived: by its nonce it counts once
		err = a.link.post(ctx, "/v1/desk/sam", "", wish, &said)
	}
	if err != nil {
		return err
	}
	r := sam.Renewal{Uses: said.Uses, Signature: said.Signature}
	if r.Today, err = time.Parse(time.DateOnly, said.Today); err == nil {
		r.Until, err = time.Parse(time.DateOnly, said.Until)
	}
	if err != nil {
		return unexpected.At("desk.askForRenewal", err)
	}
	return s.Renew(ctx, r)
}
