package keys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
)

// A signature holds for one design under one key alone.
func TestDesignSignature(t *testing.T) {
	t.Parallel()
	pair := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	key, other := pair(), pair()
	d := Design{"artwork", "ktp-el-wni", "2", "ab"}
	signature, err := d.Sign(key)
	if err != nil || !d.SignedBy(&key.PublicKey, signature) {
		t.Fatalf("%v", err)
	}
	if d.SignedBy(&other.PublicKey, signature) || d.SignedBy(nil, signature) || d.SignedBy(&key.PublicKey, nil) {
		t.Error("another key, or no signature, is as good")
	}
	for _, forged := range []Design{
		{"profile", "ktp-el-wni", "2", "ab"},
		{"artwork", "ktp-el-oa", "2", "ab"},
		{"artwork", "ktp-el-wni", "3", "ab"},
		{"artwork", "ktp-el-wni", "2", "ac"},
		{"artwork", "ktp-el-wni\"\n\"2", "", "ab"},
		{"artworkktp-el-wni", "", "2", "ab"},
	} {
		if forged.SignedBy(&key.PublicKey, signature) {
			t.Errorf("it holds for %+v", forged)
		}
	}
}
