package api_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	mathrand "math/rand/v2"
	"testing"
	"time"

	"blanko/applet/inspect/inspecttest"
	"blanko/registry"
)

// Where no center is, the station searches itself, and the key of the data center officer makes the record.
func TestWalkOfAStationAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	o.must(err)
	o.opens(registry.Config{
		Office: "61.05", StandAlone: true, LocalKeys: []*ecdsa.PublicKey{&key.PublicKey}, Rand: mathrand.NewChaCha8([32]byte{8}), Poll: time.Hour, Chips: inspecttest.NewChips(),
	})
	w := o.started(0, "sent")
	o.done(dewi, w.at()+"/search", nil)
	o.done(dewi, w.at()+"/result/reading", nil)
	var to struct{ Statement []byte }
	o.see(dewi, w.at()+"/statement", &to)
	if len(to.Statement) == 0 {
		t.Fatal("nothing to sign")
	}
	sum := sha256.Sum256(to.Statement)
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	o.must(err)
	var signature [64]byte
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	o.must(err)
	id := sha256.Sum256(spki)
	o.done(dewi, w.at()+"/record", map[string]any{"keyId": hex.EncodeToString(id[:8]), "signature": hex.EncodeToString(signature[:])})
	o.is(w.app, "print ready")
}
