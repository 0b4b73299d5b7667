package center

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestKeyDocument(t *testing.T) {
	t.Parallel()
	now := testNow
	c := testCenter(t, Config{Records: 1, Now: func() time.Time { return now }})
	s := serve(t, c)
	old := c.Keys()[0]
	now = now.Add(time.Hour)
	if err := c.ChangeKeys(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddRecords(testOffice, 1); err != nil {
		t.Fatal(err)
	}
	_, doc := s.call("/center/v1/keys", nil)
	jws := text(doc["signature"])
	delete(doc, "signature")
	payload, err := canonicalJSON(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(t, jws, payload, []Key{c.Anchor()}, UseAnchor); err != nil {
		t.Error(err)
	}
	valid := map[string]int{}
	for _, k := range doc["keys"].([]any) {
		from, err1 := time.Parse(time.RFC3339, text(dig(k, "notBefore")))
		to, err2 := time.Parse(time.RFC3339, text(dig(k, "notAfter")))
		if err1 != nil || err2 != nil || !from.Before(to) {
			t.Errorf("%v", k)
		}
		if !now.Before(from) && now.Before(to) {
			valid[text(dig(k, "use"))]++
		}
		if dig(k, "kid") == old.ID && !to.Equal(now.Add(24*time.Hour)) {
			t.Errorf("the old key ends at %v", to)
		}
		der, err := base64Std(text(dig(k, "spki")))
		if err != nil {
			t.Fatal(err)
		}
		pub, err := x509.ParsePKIXPublicKey(der)
		if p, ok := pub.(*ecdsa.PublicKey); err != nil || !ok || p.Curve != elliptic.P256() {
			t.Errorf("%v", err)
		}
	}
	if valid["record"] != 2 || valid["identity"] != 2 {
		t.Errorf("in the grace period two keys of each use are valid, not %v", valid)
	}
	_, page := s.call(fmt.Sprintf(feedPath, 10, ""), nil)
	kids := map[any]bool{}
	for _, i := range page["items"].([]any) {
		r := dig(i, "record").(map[string]any)
		if err := verify(t, text(dig(r, "integrity", 0, "signature")), signedPart(t, r), c.Keys(), UseRecord); err != nil {
			t.Error(err)
		}
		kids[dig(r, "requestData", "others", "blanko", "identity", "kid")] = true
	}
	if len(kids) != 2 {
		t.Errorf("%d identity keys sign two records", len(kids))
	}
}

func TestAnchors(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{})
	s := serve(t, c)
	anchor := func(hash string) int {
		status, _ := s.call("/center/v1/anchors", map[string]any{"office": testOffice, "day": "2026-11-22", "sequence": 812, "hash": hash})
		return status
	}
	one, two := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	for _, c1 := range []struct {
		hash string
		want int
	}{{one, 204}, {one, 204}, {two, 409}, {"ab", 400}, {"", 400}} {
		if got := anchor(c1.hash); got != c1.want {
			t.Errorf("%.8s: %d, want %d", c1.hash, got, c1.want)
		}
	}
	if got := c.Anchors()["61.05 2026-11-22"]; got != "812 "+one {
		t.Errorf("%q", got)
	}
}
