package desk

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"blanko/fault"
)

// A pairing whose answer is lost, as often as that happens, is asked for once more with the same key; one that the
// station refuses leaves nothing behind.
func TestPairingWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	var seen []string
	answer := ""
	station := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var wish struct{ Certificate []byte }
		if err := json.NewDecoder(r.Body).Decode(&wish); err != nil || r.URL.Path != "/v1/desks/pairing" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		seen = append(seen, string(wish.Certificate))
		switch answer {
		case "lost":
			panic(http.ErrAbortHandler)
		case "refused":
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = io.WriteString(w, `{"desk":"loket-1","place":"kec-01"}`)
		}
	}))
	defer station.Close()
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: station.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "desk")
	pair := func(how string) (Identity, error) {
		answer = how
		return Pair(t.Context(), Pairing{Folder: folder, Station: station.URL, Authority: authority, Code: "X"})
	}
	if _, err := pair("refused"); fault.CodeOf(err) != StationRefused.Code {
		t.Errorf("refused: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, waitingFolder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a refused pairing leaves its key: %v", err)
	}
	refused := seen[0]
	seen = nil
	if _, err := pair("lost"); fault.CodeOf(err) != StationAway.Code {
		t.Errorf("lost: %v", err)
	}
	if _, err := LoadIdentity(folder); fault.CodeOf(err) != NotPaired.Code {
		t.Errorf("an identity without an answer: %v", err)
	}
	if i, err := pair("well"); err != nil || i.Desk != "loket-1" {
		t.Errorf("once more: %+v, %v", i, err)
	}
	if len(seen) != 3 || seen[0] != seen[1] || seen[1] != seen[2] || seen[0] == refused {
		t.Errorf("%d requests, or not by one key", len(seen))
	}
	if i, err := LoadIdentity(folder); err != nil || string(i.certificate.Certificate[0]) != seen[2] {
		t.Errorf("kept: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, waitingFolder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the key is kept twice: %v", err)
	}
}
