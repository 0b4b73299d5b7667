package desk

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

// furnished is a desk whose reader and SAM are there.
type furnished struct{ bare }

func (furnished) Look(context.Context) []Device {
	return []Device{{Kind: CardReader, Present: true}, {Kind: SAM, Present: true, Uses: 118}}
}

// The station is told what a SAM has left; of no other device, and not of a SAM that is missing.
func TestUsesOfTheSAMAreTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		readers Readers
		want    any
	}{"there": {furnished{}, 118.0}, "missing": {bare{}, nil}} {
		told := make(chan map[string]any, 4)
		identity := stationOf(t, func(w http.ResponseWriter, r *http.Request) {
			var body map[string]any
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
				t.Error(err)
			}
			told <- body
			_, _ = io.WriteString(w, "{}")
		})
		identity.Desk = "loket-1"
		a, err := New(Config{Identity: identity, Devices: Devices{Readers: c.readers, Finger: Program{Kind: FingerScanner}, Iris: Program{Kind: IrisScanner}}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { a.tell(ctx); close(ended) }()
		for range 4 {
			body := <-told
			want := c.want
			if body["device"] != "loket-1.sam" {
				want = nil
			}
			if body["uses"] != want {
				t.Errorf("%s: %v tells %v uses, want %v", name, body["device"], body["uses"], want)
			}
		}
		stop()
		<-ended
		a.link.close()
	}
}
