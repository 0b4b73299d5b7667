//go:build cgo

package pkcs11

import (
	"crypto"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"testing"

	"blanko/internal/rig"
	"blanko/keys"
)

// BenchmarkToken is how much one token does in a second, asked by as many as it has workers: signatures of a
// document (ECDSA P-256), and the three keys of one card under one master (KDF3, AES-CMAC).
func BenchmarkToken(b *testing.B) {
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			hsm := rig.NeedSoftHSM(b)
			token := openRig(b, hsm, func(c *Config) { c.Workers = workers })
			equip(b, token, 1)
			source, err := token.Source(b.Context(), true)
			if err != nil {
				b.Fatal(err)
			}
			public, err := token.GeneratePair(b.Context(), Name{"DS", 1})
			if err != nil {
				b.Fatal(err)
			}
			signer, err := token.Signer(b.Context(), public)
			if err != nil {
				b.Fatal(err)
			}
			var n atomic.Uint64
			digest := func() []byte {
				var text [8]byte
				binary.BigEndian.PutUint64(text[:], n.Add(1))
				sum := sha256.Sum256(text[:])
				return sum[:]
			}
			perSecond(b, "signatures", workers, func() error {
				_, err := signer.Sign(nil, digest(), crypto.SHA256)
				return err
			})
			perSecond(b, "diversifications", workers, func() error {
				var kdd [10]byte
				copy(kdd[:], digest())
				set, err := keys.Diversify(source.Present[keys.Personalization].MAC, kdd, 16)
				set.Wipe()
				return err
			})
		})
	}
}

// perSecond measures what so many do side by side.
func perSecond(b *testing.B, what string, workers int, do func() error) {
	b.Run(what, func(b *testing.B) {
		left := make(chan struct{}, b.N)
		for range b.N {
			left <- struct{}{}
		}
		close(left)
		errs := make(chan error, workers)
		b.ResetTimer()
		for range workers {
			go func() {
				for range left {
					if err := do(); err != nil {
						errs <- err
						return
					}
				}
				errs <- nil
			}()
		}
		for range workers {
			if err := <-errs; err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "per_s")
	})
}
