package desk

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"blanko/applet"
	"blanko/emulator/chip"
)

// onTable is a card on the reader of a desk, beside something in the slot of the SAM.
type onTable struct {
	bare
	card *chip.Card
}

func (t onTable) Open(context.Context) (card, module applet.Transport, err error) {
	return closing{t.card}, closing{t.card}, nil
}

type closing struct{ *chip.Card }

func (closing) Close() error { return nil }

// What the chip on the reader tells of itself is what the station keeps, under the ticket of the page; an examination
// whose answer is lost is handed in once more, word for word.
func TestExaminesTheChipOnTheReader(t *testing.T) {
	t.Parallel()
	got := make(chan string, 3)
	station := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if got <- r.URL.Path + " " + string(text); len(got) == 1 {
			panic(http.ErrAbortHandler)
		}
	}))
	station.Config.Handler = answered(station.Config.Handler, `{"answer":"PC-2026-000001"}`)
	defer station.Close()
	a, err := New(Config{
		Identity: Identity{Station: station.URL, Authority: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: station.Certificate().Raw}))},
		Devices:  Devices{Readers: onTable{card: chip.New(chip.Config{Serial: [8]byte{7: 9}, Size: chip.Size32K})}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.examine(t.Context(), examineWish{}); err == nil || len(got) != 0 {
		t.Errorf("without a ticket: %v", err)
	}
	said, err := a.examine(t.Context(), examineWish{Ticket: "t"})
	if err != nil || said.Number != "PC-2026-000001" || said.State != "blank" || said.Chip == "" || said.Finding.ID == "" {
		t.Errorf("%+v, %v", said, err)
	}
	if len(got) != 2 {
		t.Fatalf("the station got %d", len(got))
	}
	first, second := <-got, <-got
	var kept chipFound
	if err := json.Unmarshal([]byte(first[len("/v1/desk/examination "):]), &kept); err != nil || first != second {
		t.Errorf("%v: %q, then %q", err, first, second)
	}
	if kept.Ticket != "t" || kept.State != "blank" || kept.Chip != said.Chip || kept.Cause != "not_personalized" || kept.Mark != "bad" || len(kept.Steps) == 0 {
		t.Errorf("kept %+v", kept)
	}
}

// answered writes an answer behind what a handler does.
func answered(h http.Handler, text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		_, _ = io.WriteString(w, text)
	})
}
