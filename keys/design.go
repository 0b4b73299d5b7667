package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"fmt"
)

// Design is a version of a card profile, a template of the face or a service standard, as a token signs
// that it may be used: by its content's SHA-256 alone.
type Design struct {
	Kind, Name, Version string
	Hash                string // hex
}

// digest is SHA-256 over the lines of the design, each quoted, so that no two designs have one text.
func (d Design) digest() [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "blanko design 1\n%q\n%q\n%q\n%q\n", d.Kind, d.Name, d.Version, d.Hash))
}

// Sign signs with the token's own key: ECDSA with SHA-256, ASN.1.
func (d Design) Sign(key crypto.Signer) ([]byte, error) {
	digest := d.digest()
	return key.Sign(nil, digest[:], crypto.SHA256)
}

// SignedBy reports whether the token with this key has signed it.
func (d Design) SignedBy(token *ecdsa.PublicKey, signature []byte) bool {
	digest := d.digest()
	return token != nil && ecdsa.VerifyASN1(token, digest[:], signature)
}
