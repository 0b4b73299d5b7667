package center

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// openJWE agrees on the key (RFC 7518, 4.6) and opens the content (5.3). The last of the parts is the
// protected header as it stands in the text.
func openJWE(private *ecdsa.PrivateKey, head jweHead, parts [][]byte) ([]byte, error) {
	const (
		size    = 32 // of a coordinate and of the key
		tagSize = 16
	)
	x, xErr := base64.RawURLEncoding.DecodeString(head.EPK.X)
	y, yErr := base64.RawURLEncoding.DecodeString(head.EPK.Y)
	nonce, text, tag, protected := parts[2], parts[3], parts[4], parts[5]
	if xErr != nil || yErr != nil || len(x) != size || len(y) != size || len(tag) != tagSize {
		return nil, errors.New("not a JWE of this kind")
	}
	point := append(append([]byte{4}, x...), y...)
	theirs, err := ecdh.P256().NewPublicKey(point)
	if err != nil {
		return nil, err
	}
	own, err := private.ECDH()
	if err != nil {
		return nil, err
	}
	z, err := own.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	info := append([]byte{0, 0, 0, 1}, z...)
	info = append(info, 0, 0, 0, 7)
	info = append(info, "A256GCM"...)
	info = append(info, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0) // no party info; 256 bits
	key := sha256.Sum256(info)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	if len(nonce) != aead.NonceSize() {
		return nil, errors.New("not a nonce of this cipher")
	}
	return aead.Open(nil, nonce, append(append([]byte{}, text...), tag...), protected)
}
