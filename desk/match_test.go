package desk

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A try whose answer is lost is handed in once more, word for word, so that its ticket counts it once.
func TestTryIsHandedInAgain(t *testing.T) {
	t.Parallel()
	tries := make(chan string, 3)
	station := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if tries <- r.URL.Path + " " + string(text); len(tries) == 1 {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, `{"answer":"not_genuine","tried":{"result":"not_genuine","left":3}}`)
	}))
	defer station.Close()
	a, err := New(Config{Identity: Identity{
		Station: station.URL, Authority: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: station.Certificate().Raw})),
	}})
	if err != nil {
		t.Fatal(err)
	}
	a.reading = &reading{id: "r", at: time.Now(), forged: true}
	said, err := a.match(t.Context(), tryWish{Reading: "r", Ticket: "t"})
	if err != nil || said.Result != "not_genuine" || said.Left != 3 {
		t.Errorf("%+v, %v", said, err)
	}
	if len(tries) != 2 {
		t.Fatalf("the station got %d tries", len(tries))
	}
	if first, second := <-tries, <-tries; first != second {
		t.Errorf("the station got %q, then %q", first, second)
	}
}
