package chip

import (
	"crypto/ecdh"
	"crypto/elliptic"
	"io"
	"math/big"
)

// point is a point of P-256, never the one at infinity.
type point struct{ x, y *big.Int }

// parsePoint reads an uncompressed point and checks that it lies on the curve.
func parsePoint(b []byte) (point, bool) {
	if len(b) != pointSize {
		return point{}, false
	}
	if _, err := ecdh.P256().NewPublicKey(b); err != nil {
		return point{}, false
	}
	return point{new(big.Int).SetBytes(b[1 : 1+32]), new(big.Int).SetBytes(b[1+32:])}, true
}

// generator is the base point of P-256.
func generator() point {
	p := elliptic.P256().Params()
	return point{p.Gx, p.Gy}
}

// bytes are 04 x y.
func (p point) bytes() []byte {
	b := make([]byte, pointSize)
	b[0] = 4
	p.x.FillBytes(b[1 : 1+32])
	p.y.FillBytes(b[1+32:])
	return b
}

// shared is the x coordinate, the secret of a key agreement.
func (p point) shared() []byte { return p.bytes()[1 : 1+32] }

// times multiplies by a scalar that is no multiple of the order.
func (p point) times(scalar []byte) point {
	x, y := elliptic.P256().ScalarMult(p.x, p.y, scalar) //nolint:staticcheck // crypto/ecdh has no base point but its own
	return point{x, y}
}

// mapped is the base point of generic mapping, s G + H (Doc 9303-11, 4.4.3.3.1); false where it
// is the point at infinity.
func mapped(s []byte, h point) (point, bool) {
	g := generator().times(s)
	x, y := elliptic.P256().Add(g.x, g.y, h.x, h.y) //nolint:staticcheck // crypto/ecdh has no addition
	return point{x, y}, x.Sign() != 0 || y.Sign() != 0
}

// keyOn draws a key pair on a base point.
func keyOn(base point, random io.Reader) (scalar []byte, public point, err error) {
	if scalar, err = drawScalar(random); err != nil {
		return nil, point{}, err
	}
	return scalar, base.times(scalar), nil
}
