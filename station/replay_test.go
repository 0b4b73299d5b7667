package station

import (
	"bytes"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/emulator/center"

	"blanko/registry"
	"blanko/registry/datacenter"
)

type item = map[string]any

// between stands on the way from the center to the station and changes the items of a page.
func (b *inbox) between(change func(items []item) []item) {
	b.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		r.Header.Del("Accept-Encoding")
		b.center.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		var page map[string]any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if r.URL.Path == "/center/v1/feed" && rec.Code == http.StatusOK && d.Decode(&page) == nil {
			var items []item
			for _, i := range page["items"].([]any) {
				items = append(items, i.(item))
			}
			page["items"] = change(items)
			body, _ = json.Marshal(page)
		}
		w.WriteHeader(rec.Code)
		_, _ = io.Copy(w, bytes.NewReader(body))
	}))
	b.t.Cleanup(server.Close)
	b.Center = datacenter.New(datacenter.Config{URL: server.URL, Office: testOffice})
}

// copied is an item of which no member is shared.
func copied(i item) item {
	out := item{}
	for k, v := range i {
		out[k] = v
	}
	return out
}

// twin is the signature (r, n - s) that is as good as (r, s).
func twin(jws string) string {
	at := strings.LastIndexByte(jws, '.') + 1
	sig, _ := base64.RawURLEncoding.DecodeString(jws[at:])
	half := len(sig) / 2
	s := new(big.Int).SetBytes(sig[half:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(sig[half:])
	return jws[:at] + base64.RawURLEncoding.EncodeToString(sig)
}

// An old release that comes again, in other bytes or late, does not lift a newer hold: a signature is
// good for ever, the center's order is not.
func TestOldReleaseLiftsNoHold(t *testing.T) {
	t.Parallel()
	for name, deliver := range map[string]func(release item) item{
		"the same bytes": func(i item) item { return i },
		"with the other signature that ECDSA knows for it": func(i item) item {
			i["signature"] = twin(i["signature"].(string))
			return i
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newCenter(t, center.Config{Records: 1}).opened(0)
			var mu sync.Mutex
			var kept item
			again, late := false, false
			b.between(func(items []item) []item {
				mu.Lock()
				defer mu.Unlock()
				var out []item
				for _, i := range items {
					if i["kind"] == "release" {
						kept = copied(i)
						if late {
							continue // held back
						}
					}
					out = append(out, i)
				}
				if again && kept != nil {
					out, again = append(out, deliver(copied(kept))), false
				}
				return out
			})
			set := func(f func()) {
				mu.Lock()
				f()
				mu.Unlock()
			}
			b.pulled()
			id := b.center.Account()[0].ID
			held := func() string { return b.application(id).Application.Held }

			must(t, b.center.Hold(id, "investigation"))
			must(t, b.center.Release(id, "investigation"))
			must(t, b.center.Hold(id, "investigation"))
			b.pulled()
			if held() == "" {
				t.Fatal("the newer hold is not there")
			}
			set(func() { again = true })
			b.add(1) // so that a page comes
			b.pulled()
			if held() == "" {
				t.Error("an old release, delivered again, lifted the hold")
			}

			set(func() { late = true })
			must(t, b.center.Release(id, "investigation"))
			must(t, b.center.Hold(id, "court"))
			b.pulled()
			set(func() { late, again = false, true })
			b.add(1)
			b.pulled()
			if held() != "court" {
				t.Errorf("a release that was held back and came after the newer hold: %q", held())
			}

			// The center's own next release is heeded.
			must(t, b.center.Release(id, "court"))
			b.pulled()
			if held() != "" {
				t.Errorf("still held: %q", held())
			}
		})
	}
}

// What a center, or somebody on the way, puts into names and reasons never stops the feed: what
// comes behind it arrives.
func TestOddItemsDoNotStopTheFeed(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{Records: 2}).opened(0)
	odd := []item{
		{"sequence": 1, "kind": "record", "id": "6105014107900001", "version": 1, "record": item{}},
		{"sequence": 1, "kind": "record", "id": "baris\nbaru", "version": 1, "record": item{}},
		{"sequence": 1, "kind": "record", "id": "", "version": 1, "record": item{}},
		{"sequence": 1, "kind": "withdrawal", "id": "Ng\u1ec7", "version": 1, "reason": "died", "signature": "x"},
		{"sequence": 1, "kind": "hold", "id": string(bytes.Repeat([]byte("a"), 5000)), "version": 1, "reason": "x"},
		{"sequence": 1, "kind": "kartu", "id": "6105014107900001", "version": 1},
		{"sequence": "1", "kind": "record", "id": "R", "version": 1},
		{"sequence": 1, "kind": 7, "id": "R", "version": 1},
		{"sequence": 1, "kind": "record", "id": "R", "version": 1.5, "record": item{}},
	}
	b.between(func(items []item) []item { return append(append([]item(nil), odd...), items...) })
	b.pulled()
	list, err := b.Registry.ListApplications(b.ctx, "", "", 10)
	if err != nil || len(list) != 2 {
		t.Errorf("%d records arrived, %v", len(list), err)
	}
	b.Center = datacenter.New(datacenter.Config{URL: b.url, Office: testOffice})

	// A withdrawal whose reason is no word is heeded all the same.
	id := b.center.Account()[0].ID
	must(t, b.center.Hold(id, "tahan \u00e9 6105014107900001\n"))
	b.pulled()
	if a := b.application(id).Application; a.Held == "" || a.State != registry.PrintReady {
		t.Errorf("held for an odd reason: %+v", a)
	}
	b.clock.pass(time.Minute)
}
