package station

import (
	"context"
	"encoding/hex"

	"blanko/keys"
	"blanko/keys/sam"
	"blanko/web/api"
)

// samsReady reports an error where the token could not sign a renewal now.
func (k stationKeys) samsReady() func(context.Context) error {
	if k.ring == nil || k.misbuilt != nil {
		return nil
	}
	return func(ctx context.Context) error {
		if err := k.ring.token.Ready(ctx); err != nil {
			return err
		}
		_, err := ownKey(ctx, k.ring.token)
		return err
	}
}

// signSAM has the token's own key sign the renewals of SAMs; nil where the configuration names no token.
func (k stationKeys) signSAM() func(context.Context, api.SAMGrant) ([]byte, error) {
	if k.ring == nil || k.misbuilt != nil {
		return nil
	}
	return func(ctx context.Context, g api.SAMGrant) ([]byte, error) {
		own, err := ownKey(ctx, k.ring.token)
		if err != nil {
			return nil, err
		}
		r, err := sam.Grant(own, sam.Request{Serial: g.Serial, Nonce: g.Nonce}, g.Uses, g.Today, g.Until)
		return r.Signature, err
	}
}

// readingMasters are the check values of the generations of MK_SAM on the token.
func (k *keyring) readingMasters(ctx context.Context) (map[int]string, error) {
	list, err := k.token.Keys(ctx)
	if err != nil {
		return nil, err
	}
	out := map[int]string{}
	for _, held := range list {
		if held.Role == keys.Reading {
			out[held.Generation] = hex.EncodeToString(held.KCV[:])
		}
	}
	return out, nil
}
