package pkcs11

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"io"
	"math/big"
	"slices"

	"blanko/keys"
)

// Signer is a crypto.Signer: ECDSA on P-256 with SHA-256, by a key that stays on the token.
type Signer struct {
	token  *Token
	public *ecdsa.PublicKey
	id     []byte
}

var _ crypto.Signer = (*Signer)(nil)

// Signer is the pair with this public key, as it stands in a certificate. Whether the token holds it
// shows at once.
func (t *Token) Signer(ctx context.Context, public *ecdsa.PublicKey) (*Signer, error) {
	const op = "pkcs11.Token.Signer"
	id, err := keys.Identifier(public) // CKA_ID
	if err != nil {
		return nil, KeyMissing.At(op, err)
	}
	s := &Signer{t, public, id}
	_, err = use(ctx, t, op, func(m cryptoki, l *link, session uint) (uint, error) { return s.key(op, m, l, session) })
	if err != nil {
		return nil, err
	}
	return s, nil
}

// SignerOf is Signer for the key of a certificate.
func (t *Token) SignerOf(ctx context.Context, c *x509.Certificate) (*Signer, error) {
	public, ok := c.PublicKey.(*ecdsa.PublicKey)
	if !ok {
		return nil, KeyMissing.At("pkcs11.Token.SignerOf", nil).With("certificate", "its key is not on an elliptic curve")
	}
	return t.Signer(ctx, public)
}

// Public is the public key.
func (s *Signer) Public() crypto.PublicKey { return s.public }

func (s *Signer) key(op string, m cryptoki, l *link, session uint) (uint, error) {
	return l.find(op, m, session, hex.EncodeToString(s.id), func(o object) bool { return o.class == private && slices.Equal(o.id, s.id) }, func(object) error { return nil })
}

// Sign signs a SHA-256 with the token's own randomness and gives the signature in DER. A signature
// that the public key does not verify is never given.
func (s *Signer) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	const op, scalar = "pkcs11.Signer.Sign", 32
	if opts.HashFunc() != crypto.SHA256 || len(digest) != crypto.SHA256.Size() {
		return nil, TokenFailed.At(op, nil).With("digest", "SHA-256 alone is signed")
	}
	return use(context.Background(), s.token, op, func(m cryptoki, l *link, session uint) ([]byte, error) {
		key, err := s.key(op, m, l, session)
		if err != nil {
			return nil, err
		}
		raw, err := m.sign(session, key, digest)
		switch {
		case err != nil:
			return nil, err
		case len(raw) != 2*scalar:
			return nil, TokenFailed.At(op, nil).With("signature", "%d bytes", len(raw))
		}
		der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:scalar]), new(big.Int).SetBytes(raw[scalar:])})
		switch {
		case err != nil:
			return nil, err
		case !ecdsa.VerifyASN1(s.public, digest, der):
			return nil, KeyChanged.At(op, nil).With("signature", "it does not verify under the key of the certificate")
		}
		return der, nil
	})
}
