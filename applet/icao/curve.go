package icao

import (
	"io"
	"math/big"
)

// curve is a group over a prime field, y^2 = x^3 + a x + b, of 256 bits with cofactor 1. Generic
// mapping needs points and not only their x, on a generator of its own, and cards of other states
// have Brainpool curves, so the arithmetic stands here. It is not constant in time: every secret
// that it sees is made for one session with the card on this very reader.
type curve struct {
	name         string
	p, a, b, n   *big.Int
	gx, gy       *big.Int
	paramID      int // of standardized domain parameters (Doc 9303-11, 9.5.1)
	namedByOID   string
	bytesOfField int
}

// point is affine; x nil is the point at infinity.
type point struct{ x, y *big.Int }

const (
	fieldBytes   = 32
	uncompressed = 0x04
)

func hexInt(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic("curve parameter " + s)
	}
	return n
}

// curves are the standardized domain parameters of 256 bits that this reader knows: P-256 (FIPS
// 186-4, D.1.2.3) and brainpoolP256r1 (RFC 5639, 3.4).
var curves = []*curve{
	{
		name: "P-256", paramID: 12, namedByOID: "1.2.840.10045.3.1.7", bytesOfField: fieldBytes,
		p:  hexInt("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"),
		a:  hexInt("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC"),
		b:  hexInt("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"),
		gx: hexInt("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"),
		gy: hexInt("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"),
		n:  hexInt("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
	},
	{
		name: "brainpoolP256r1", paramID: 13, namedByOID: "1.3.36.3.3.2.8.1.1.7", bytesOfField: fieldBytes,
		p:  hexInt("A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377"),
		a:  hexInt("7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9"),
		b:  hexInt("26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6"),
		gx: hexInt("8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"),
		gy: hexInt("547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"),
		n:  hexInt("A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7"),
	},
}

func (c *curve) generator() point { return point{c.gx, c.gy} }

func (p point) infinite() bool { return p.x == nil }

func (p point) equal(q point) bool {
	if p.infinite() || q.infinite() {
		return p.infinite() == q.infinite()
	}
	return p.x.Cmp(q.x) == 0 && p.y.Cmp(q.y) == 0
}

// on reports whether a point satisfies the curve's equation with coordinates in the field.
func (c *curve) on(p point) bool {
	if p.infinite() || p.x.Sign() < 0 || p.y.Sign() < 0 || p.x.Cmp(c.p) >= 0 || p.y.Cmp(c.p) >= 0 {
		return false
	}
	left := new(big.Int).Mul(p.y, p.y)
	right := new(big.Int).Mul(p.x, p.x)
	right.Add(right, c.a).Mul(right, p.x).Add(right, c.b)
	return left.Sub(left, right).Mod(left, c.p).Sign() == 0
}

// decode reads an uncompressed point; ok is false for any other form and for a point off the
// curve.
func (c *curve) decode(b []byte) (p point, ok bool) {
	if len(b) != 1+2*c.bytesOfField || b[0] != uncompressed {
		return point{}, false
	}
	p = point{new(big.Int).SetBytes(b[1 : 1+c.bytesOfField]), new(big.Int).SetBytes(b[1+c.bytesOfField:])}
	return p, c.on(p)
}

// encode writes an uncompressed point that is not at infinity.
func (c *curve) encode(p point) []byte {
	out := make([]byte, 1+2*c.bytesOfField)
	out[0] = uncompressed
	p.x.FillBytes(out[1 : 1+c.bytesOfField])
	p.y.FillBytes(out[1+c.bytesOfField:])
	return out
}

// field is the x coordinate as bytes: the shared secret of a key agreement.
func (c *curve) field(p point) []byte { return p.x.FillBytes(make([]byte, c.bytesOfField)) }

// jacobian is (X/Z^2, Y/Z^3); Z zero is the point at infinity.
type jacobian struct{ x, y, z *big.Int }

func (c *curve) toJacobian(p point) jacobian {
	if p.infinite() {
		return jacobian{big.NewInt(1), big.NewInt(1), new(big.Int)}
	}
	return jacobian{new(big.Int).Set(p.x), new(big.Int).Set(p.y), big.NewInt(1)}
}

func (c *curve) toAffine(j jacobian) point {
	if j.z.Sign() == 0 {
		return point{}
	}
	inverse := new(big.Int).ModInverse(j.z, c.p)
	square := c.mul(inverse, inverse)
	return point{c.mul(j.x, square), c.mul(j.y, c.mul(square, inverse))}
}

func (c *curve) mul(a, b *big.Int) *big.Int {
	out := new(big.Int).Mul(a, b)
	return out.Mod(out, c.p)
}

func (c *curve) sub(a, b *big.Int) *big.Int {
	out := new(big.Int).Sub(a, b)
	return out.Mod(out, c.p)
}

func (c *curve) times(k int64, a *big.Int) *big.Int { return c.mul(big.NewInt(k), a) }

// double is 2 P for any a (IEEE 1363-2000, A.10.4).
func (c *curve) double(p jacobian) jacobian {
	if p.z.Sign() == 0 || p.y.Sign() == 0 {
		return c.toJacobian(point{})
	}
	yy := c.mul(p.y, p.y)
	s := c.times(4, c.mul(p.x, yy))
	zz := c.mul(p.z, p.z)
	m := c.times(3, c.mul(p.x, p.x))
	m.Add(m, c.mul(c.a, c.mul(zz, zz))).Mod(m, c.p)
	x := c.sub(c.mul(m, m), c.times(2, s))
	y := c.sub(c.mul(m, c.sub(s, x)), c.times(8, c.mul(yy, yy)))
	return jacobian{x, y, c.times(2, c.mul(p.y, p.z))}
}

// sum is P + Q (IEEE 1363-2000, A.10.5).
func (c *curve) sum(p, q jacobian) jacobian {
	switch {
	case p.z.Sign() == 0:
		return q
	case q.z.Sign() == 0:
		return p
	}
	zz1, zz2 := c.mul(p.z, p.z), c.mul(q.z, q.z)
	u1, u2 := c.mul(p.x, zz2), c.mul(q.x, zz1)
	s1, s2 := c.mul(p.y, c.mul(zz2, q.z)), c.mul(q.y, c.mul(zz1, p.z))
	h, r := c.sub(u2, u1), c.sub(s2, s1)
	if h.Sign() == 0 {
		if r.Sign() == 0 {
			return c.double(p)
		}
		return c.toJacobian(point{})
	}
	hh := c.mul(h, h)
	hhh := c.mul(hh, h)
	v := c.mul(u1, hh)
	x := c.sub(c.sub(c.mul(r, r), hhh), c.times(2, v))
	y := c.sub(c.mul(r, c.sub(v, x)), c.mul(s1, hhh))
	return jacobian{x, y, c.mul(h, c.mul(p.z, q.z))}
}

// add is P + Q.
func (c *curve) add(p, q point) point { return c.toAffine(c.sum(c.toJacobian(p), c.toJacobian(q))) }

// scale is k P for k of zero or more.
func (c *curve) scale(k *big.Int, p point) point {
	acc, one := c.toJacobian(point{}), c.toJacobian(p)
	for i := k.BitLen() - 1; i >= 0; i-- {
		acc = c.double(acc)
		if k.Bit(i) == 1 {
			acc = c.sum(acc, one)
		}
	}
	return c.toAffine(acc)
}

// scalar draws a number from 1 to n - 1.
func (c *curve) scalar(random io.Reader) (*big.Int, error) {
	const op, tries = "icao.scalar", 64 // each fails with a chance of at most one third
	for range tries {
		b := make([]byte, c.bytesOfField)
		if _, err := io.ReadFull(random, b); err != nil {
			return nil, randomFailed.At(op, err)
		}
		if k := new(big.Int).SetBytes(b); k.Sign() > 0 && k.Cmp(c.n) < 0 {
			return k, nil
		}
	}
	return nil, randomFailed.At(op, nil).With("random", "no number in range in %d tries", tries)
}
