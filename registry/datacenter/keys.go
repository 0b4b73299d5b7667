package datacenter

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/go-resty/resty/v2"

	"blanko/registry/osia"
)

// keyID is how the center names a key: the first 8 bytes of the SHA-256 of its SPKI, hex.
func keyID(public *ecdsa.PublicKey) (string, error) {
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(spki)
	return hex.EncodeToString(sum[:8]), nil
}

// Anchor is the trust that the station has from installation: the key that signs the center's
// key list.
func Anchor(public *ecdsa.PublicKey) (osia.Trust, error) {
	id, err := keyID(public)
	if err != nil {
		return nil, err
	}
	const ever = 200 * 365 * 24 * time.Hour
	return osia.Trust{{ID: id, Use: osia.UseAnchor, Public: public, NotAfter: time.Unix(0, 0).Add(ever)}}, nil
}

// algs are the algorithms of the uses of a key (RFC 7518).
var algs = map[string]string{osia.UseRecord: "ES256", osia.UseIdentity: "ES256", osia.UseEnrol: "ECDH-ES"}

// Keys asks for the center's key list; see [ReadKeys].
func (c *Client) Keys(ctx context.Context, anchor osia.Trust, now time.Time) (osia.Trust, error) {
	var raw json.RawMessage
	req := func(ctx context.Context) *resty.Request { return c.rest.R().SetContext(ctx) }
	if err := c.get(ctx, "datacenter.Keys", "/center/v1/keys", req, 0, maxSmall, &raw); err != nil {
		return nil, err
	}
	return ReadKeys(raw, anchor, now)
}

// ReadKeys reads a key list as the center serves it and believes it only when the anchor has
// signed it. A key whose name is not the hash of its own value is refused with the whole list.
func ReadKeys(raw []byte, anchor osia.Trust, now time.Time) (osia.Trust, error) {
	const op = "datacenter.ReadKeys"
	if r := anchor.VerifyKeyList(raw, now); r != nil {
		return nil, KeysUntrusted.At(op, r)
	}
	var list struct {
		Keys []struct {
			KID       string    `json:"kid"`
			Use       string    `json:"use"`
			Alg       string    `json:"alg"`
			SPKI      string    `json:"spki"`
			NotBefore time.Time `json:"notBefore"`
			NotAfter  time.Time `json:"notAfter"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, AnswerWrong.At(op, nil).With("keys", "not the agreed JSON")
	}
	var trust osia.Trust
	for _, k := range list.Keys {
		der, err := base64.StdEncoding.DecodeString(k.SPKI)
		if err != nil {
			return nil, KeysUntrusted.At(op, nil).With("spki", "not base64")
		}
		public, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			return nil, KeysUntrusted.At(op, err).With("spki", "not a public key")
		}
		ec, ok := public.(*ecdsa.PublicKey)
		if !ok || ec.Curve != elliptic.P256() {
			return nil, KeysUntrusted.At(op, nil).With("spki", "P-256 is wanted")
		}
		if id, err := keyID(ec); err != nil || id != k.KID {
			return nil, KeysUntrusted.At(op, err).With("kid", "not the hash of the key")
		}
		alg, known := algs[k.Use]
		if !known {
			continue // a use that this version does not know is of no use to it
		}
		if k.Alg != alg {
			return nil, KeysUntrusted.At(op, nil).With("alg", "%s is wanted for %s", alg, k.Use)
		}
		trust = append(trust, osia.Key{ID: k.KID, Use: k.Use, Public: ec, NotBefore: k.NotBefore, NotAfter: k.NotAfter})
	}
	return trust, nil
}
