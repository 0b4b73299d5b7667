package chip

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"io"
	"math/big"
)

// P2 of PUT DATA (card profile 6 and 8.2, step 9).
const (
	dataBAC = 0xD0 // Kenc (16) | Kmac (16)
	dataCAN = 0xD1 // six digits

	bacKeysSize = 32
	canSize     = 6
)

// putData is PUT DATA: the keys of the ICAO view; atomic.
func putData(c *Card, cmd *command) status {
	if cmd.p1 != 0 || cmd.p2 != dataBAC && cmd.p2 != dataCAN {
		return swWrongParameters
	}
	next, sw := c.authorize(cmd, eventChange)
	if sw != swOK {
		return sw
	}
	size := bacKeysSize
	if cmd.p2 == dataCAN {
		size = canSize
	}
	if len(cmd.data) != size {
		return swWrongLength
	}
	if cmd.p2 == dataCAN {
		for _, d := range cmd.data {
			if d < '0' || d > '9' {
				return swWrongData
			}
		}
	}
	if sw := c.atomic(pagesRecord); sw != swOK {
		return sw
	}
	if cmd.p2 == dataCAN {
		copy(c.can[:], cmd.data)
		c.canSet, c.canFailures = true, 0
	} else {
		copy(c.bac[:], cmd.data)
		c.bacSet = true
	}
	c.enter(next)
	return swOK
}

// Key references of GENERATE ASYMMETRIC KEY PAIR: AC 03 80 01 xx.
const (
	keyChipAuthentication   = 1
	keyActiveAuthentication = 2
)

// pointSize is an uncompressed point of P-256: 04 | x | y.
const pointSize = 65

// generateKeyPair is GENERATE ASYMMETRIC KEY PAIR (ISO/IEC 7816-8): a P-256 key that never
// leaves the card; the answer is 7F49 43 { 86 41 point }. The key replaces an earlier one.
func generateKeyPair(c *Card, cmd *command) status {
	if !c.large {
		return swUnknownINS
	}
	if cmd.p1 != 0x80 || cmd.p2 != 0 {
		return swWrongParameters
	}
	next, sw := c.authorize(cmd, eventChange)
	if sw != swOK {
		return sw
	}
	d := cmd.data
	if len(d) != 5 || d[0] != 0xAC || d[1] != 3 || d[2] != 0x80 || d[3] != 1 ||
		d[4] != keyChipAuthentication && d[4] != keyActiveAuthentication {
		return swWrongData
	}
	key, err := generateP256(c.random)
	if err != nil {
		return swNoDiagnosis
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return swNoDiagnosis
	}
	c.work += c.clock.keyGeneration
	if sw := c.atomic(pagesKeySet); sw != swOK {
		return sw
	}
	c.pairs[d[4]-1] = key
	c.enter(next)
	c.answer = append(c.answer, 0x7F, 0x49, 2+pointSize, 0x86, pointSize)
	c.answer = append(c.answer, point...)
	return swOK
}

// generateP256 draws a key pair from random; the same source always gives the same key.
func generateP256(random io.Reader) (*ecdsa.PrivateKey, error) {
	scalar, err := drawScalar(random)
	if err != nil {
		return nil, err
	}
	return ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
}

// drawScalar draws a private key of P-256, 32 bytes, from random by FIPS 186-5, A.2.1 (64 extra
// bits).
func drawScalar(random io.Reader) ([]byte, error) {
	const drawn = (256 + 64) / 8
	var b [drawn]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return nil, err
	}
	n := new(big.Int).Sub(elliptic.P256().Params().N, big.NewInt(1))
	d := new(big.Int).SetBytes(b[:])
	d.Mod(d, n).Add(d, big.NewInt(1))
	return d.FillBytes(make([]byte, 32)), nil
}
