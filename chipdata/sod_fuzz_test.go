package chipdata

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"blanko/fault"
)

// Any bytes are an error or a SOD whose signature is good.
func FuzzSOD(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{Country: []string{country}}, NotAfter: time.Unix(1<<31, 0), KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		f.Fatal(err)
	}
	sod, err := sealSOD(map[int][]byte{1: make([]byte, 32), 2: make([]byte, 32)}, Signer{der, key}, time.Unix(0, 0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sod)
	f.Add([]byte{0x77, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s SOD
		var err error
		if got := allocates(1<<20+64*uint64(len(b)), func() { s, err = ParseSOD(b) }); got > 0 { // a certificate is large in memory
			t.Fatalf("%d bytes allocated for %d", got, len(b))
		}
		if err != nil {
			if !fault.Is(err, fileMalformed) && !fault.Is(err, sodUntrusted) {
				t.Fatal(err)
			}
			return
		}
		if s.Signer == nil || len(s.Hashes) == 0 {
			t.Fatal("a SOD without a signer or hashes")
		}
	})
}
