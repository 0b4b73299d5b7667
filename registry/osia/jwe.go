package osia

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// What is encrypted for a holder of a P-256 key is a compact JWE (RFC 7516) with direct key agreement
// ECDH-ES and content encryption A256GCM (RFC 7518, 4.6 and 5.3).
const (
	jweAlg      = "ECDH-ES"
	jweEnc      = "A256GCM"
	contentKey  = 32 // bytes
	gcmNonce    = 12
	gcmTag      = 16
	coordinate  = 32 // of P-256
	mostJWE     = 64 << 20
	uncompacted = 4 // the first byte of an uncompressed point (SEC 1, 2.3.3)
)

type jweHeader struct {
	Alg string `json:"alg"`
	Enc string `json:"enc"`
	KID string `json:"kid"`
	EPK JWK    `json:"epk"`
	APU string `json:"apu,omitempty"`
	APV string `json:"apv,omitempty"`
	Typ string `json:"typ,omitempty"`
	Cty string `json:"cty,omitempty"`
}

// JWK is a public key on P-256 (RFC 7517; RFC 7518, 6.2).
type JWK struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

// Encrypt makes a compact JWE for the holder of a key. Every call has a key and a nonce of its own.
func Encrypt(random io.Reader, to *ecdsa.PublicKey, kid string, content []byte) (string, error) {
	public, err := to.ECDH()
	if err != nil {
		return "", err
	}
	own, err := ecdh.P256().GenerateKey(random)
	if err != nil {
		return "", err
	}
	point := own.PublicKey().Bytes()
	head, err := json.Marshal(jweHeader{Alg: jweAlg, Enc: jweEnc, KID: kid, EPK: JWK{
		Kty: "EC", Crv: "P-256", X: b64(point[1 : 1+coordinate]), Y: b64(point[1+coordinate:]),
	}})
	if err != nil {
		return "", err
	}
	shared, err := own.ECDH(public)
	if err != nil {
		return "", err
	}
	seal, err := gcm(concatKDF(shared, jweEnc, nil, nil, contentKey))
	if err != nil {
		return "", err
	}
	nonce := make([]byte, gcmNonce)
	if _, err := io.ReadFull(random, nonce); err != nil {
		return "", err
	}
	protected := b64(head)
	text := seal.Seal(nil, nonce, content, []byte(protected))
	body, tag := text[:len(text)-gcmTag], text[len(text)-gcmTag:]
	return strings.Join([]string{protected, "", b64(nonce), b64(body), b64(tag)}, "."), nil
}

var errJWE = errors.New("a compact JWE with ECDH-ES on P-256 and A256GCM is wanted")

// headOf is the header of a compact JWE of this kind; nothing of it is proved yet.
func headOf(text string) (head jweHeader, err error) {
	protected, _, _ := strings.Cut(text, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(protected)
	if err != nil || strict(raw, &head) != nil || head.Alg != jweAlg || head.Enc != jweEnc || head.EPK.Kty != "EC" || head.EPK.Crv != "P-256" {
		return jweHeader{}, errJWE
	}
	return head, nil
}

// point is the public key of a header; ecdh refuses what is not on the curve.
func (k JWK) point() (*ecdh.PublicKey, error) {
	x, xerr := base64.RawURLEncoding.Strict().DecodeString(k.X)
	y, yerr := base64.RawURLEncoding.Strict().DecodeString(k.Y)
	if xerr != nil || yerr != nil || len(x) != coordinate || len(y) != coordinate {
		return nil, errJWE
	}
	return ecdh.P256().NewPublicKey(slices.Concat([]byte{uncompacted}, x, y))
}

// Decrypt opens a compact JWE that was made for a key. Whatever is wrong with it, the error tells no
// more than that it does not open.
func Decrypt(key *ecdsa.PrivateKey, text string) (content []byte, err error) {
	parts := strings.Split(text, ".")
	if len(text) > mostJWE || len(parts) != 5 || parts[1] != "" {
		return nil, errJWE
	}
	head, err := headOf(text)
	if err != nil {
		return nil, err
	}
	raw := map[string][]byte{}
	for name, p := range map[string]string{"nonce": parts[2], "text": parts[3], "tag": parts[4], "apu": head.APU, "apv": head.APV} {
		if raw[name], err = base64.RawURLEncoding.Strict().DecodeString(p); err != nil {
			return nil, errJWE
		}
	}
	if len(raw["nonce"]) != gcmNonce || len(raw["tag"]) != gcmTag {
		return nil, errJWE
	}
	theirs, err := head.EPK.point()
	if err != nil {
		return nil, errJWE
	}
	own, err := key.ECDH()
	if err != nil {
		return nil, err
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		return nil, errJWE
	}
	open, err := gcm(concatKDF(shared, jweEnc, raw["apu"], raw["apv"], contentKey))
	if err != nil {
		return nil, err
	}
	if content, err = open.Open(nil, raw["nonce"], slices.Concat(raw["text"], raw["tag"]), []byte(parts[0])); err != nil {
		return nil, errJWE
	}
	return content, nil
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// concatKDF is the key derivation of ECDH-ES (RFC 7518, 4.6.2): the one-step function of NIST SP 800-56A
// with SHA-256, for keys of at most 32 bytes.
func concatKDF(shared []byte, alg string, apu, apv []byte, size int) []byte {
	h := sha256.New()
	number := func(n int) { h.Write(binary.BigEndian.AppendUint32(nil, uint32(n))) }
	field := func(b []byte) {
		number(len(b))
		h.Write(b)
	}
	number(1) // the first and only round
	h.Write(shared)
	field([]byte(alg))
	field(apu)
	field(apv)
	number(8 * size)
	return h.Sum(nil)[:size]
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
