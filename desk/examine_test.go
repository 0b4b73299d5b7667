package desk

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"blanko/applet"
	"blanko/applet/inspect"
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

// A chip that the desk's list calls denied, and one that only the ledger denies, are both told as such to the page.
func TestExaminesADeniedChip(t *testing.T) {
	t.Parallel()
	serial := chip.Config{Serial: [8]byte{7: 9}, Size: chip.Size32K}
	uid := fmt.Sprintf("%X", chip.New(serial).View().KDD)
	const here, away = `{"answer":"PC-2026-000001"}`, `{"answer":"PC-2026-000001","refusal":{"code":"registry.blank_denied"}}`
	for name, c := range map[string]struct {
		list, answer string
		kept         string // by the station
	}{
		"on the desk's list":    {`{"chip":"` + uid + `","standing":"denied","reason":"stolen"}`, here, "denied"},
		"on the ledger's alone": {"", away, "not_personalized"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := make(chan chipFound, 1)
			station := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var kept chipFound
				if err := json.NewDecoder(r.Body).Decode(&kept); err != nil {
					t.Error(err)
				}
				got <- kept
				_, _ = io.WriteString(w, c.answer)
			}))
			defer station.Close()
			status, err := inspect.ParseStatusList([]byte(`{"format":"ktp-status-list/1","number":7,"date":"2026-11-22T03:00:00Z","cards":[`+c.list+`]}`), inspect.Trust{})
			if err != nil {
				t.Fatal(err)
			}
			a, err := New(Config{
				Identity: Identity{Station: station.URL, Authority: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: station.Certificate().Raw}))},
				Devices:  Devices{Readers: onTable{card: chip.New(serial)}}, Trust: inspect.Trust{Status: status},
			})
			if err != nil {
				t.Fatal(err)
			}
			said, err := a.examine(t.Context(), examineWish{Ticket: "t"})
			kept := <-got
			if err != nil || kept.Chip != uid || kept.Cause != c.kept || kept.Mark != "bad" || !strings.Contains(said.Finding.ID, "daftar larangan") || !strings.Contains(said.Finding.EN, "deny list") {
				t.Errorf("kept %+v, said %+v, %v", kept, said, err)
			}
		})
	}
}

// answered writes an answer behind what a handler does.
func answered(h http.Handler, text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		_, _ = io.WriteString(w, text)
	})
}
