package software

import (
	"bytes"
	"context"
	"testing"
	"time"

	"blanko/keys"
)

var from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Two sources of one seed are the same, of two seeds differ in every key.
func TestSeeded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, b, c := New([]byte("seed")), New([]byte("seed")), New([]byte("another seed"))
	kind, production, kcv, err := a.Describe(ctx)
	if err != nil || kind != "software" || production || len(kcv) != 4 {
		t.Errorf("%s, production %v, %v, %v", kind, production, kcv, err)
	}
	for _, role := range keys.Roles {
		if !bytes.Equal(a.Master(role), b.Master(role)) || bytes.Equal(a.Master(role), c.Master(role)) || len(a.Master(role)) != 16 {
			t.Errorf("%s: %X %X %X", role, a.Master(role), b.Master(role), c.Master(role))
		}
		a.Master(role)[0] ^= 1
		if !bytes.Equal(a.Master(role), b.Master(role)) {
			t.Errorf("%s: a caller changed the master", role)
		}
	}
	seen := map[[8]byte]bool{}
	for range 100 {
		x, errX := a.Challenge(ctx, 0x30)
		y, errY := b.Challenge(ctx, 0x30)
		if errX != nil || errY != nil || x != y || seen[x] {
			t.Fatalf("challenges %X and %X: %v, %v", x, y, errX, errY)
		}
		seen[x] = true
	}
	if a.Master("MK_X") != nil {
		t.Error("an unknown role has a master")
	}
}

func TestDevelopmentPKI(t *testing.T) {
	t.Parallel()
	a, err := DevelopmentPKI([]byte("seed"), from)
	if err != nil {
		t.Fatal(err)
	}
	b, err := DevelopmentPKI([]byte("seed"), from)
	if err != nil {
		t.Fatal(err)
	}
	c, err := DevelopmentPKI([]byte("another seed"), from)
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][3][]byte{
		"CSCA":    {a.CSCA.Raw, b.CSCA.Raw, c.CSCA.Raw},
		"full":    {a.Full.Certificate, b.Full.Certificate, c.Full.Certificate},
		"compact": {a.Compact.Certificate, b.Compact.Certificate, c.Compact.Certificate},
	} {
		if !bytes.Equal(pair[0], pair[1]) || bytes.Equal(pair[0], pair[2]) {
			t.Errorf("%s does not follow from its seed alone", name)
		}
	}
	if !a.Full.Key.Equal(b.Full.Key) || a.Full.Key.Equal(a.Compact.Key) || a.Full.Key.Equal(a.CSCAKey) {
		t.Error("keys are not one per purpose")
	}
	if n := len(a.Compact.Certificate); n > 430 {
		t.Errorf("compact certificate of %d bytes", n)
	}
}
