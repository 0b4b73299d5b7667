package desk

import (
	"crypto/x509"
	"encoding/json"
	"math/big"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"blanko/applet/inspect"
)

// A page is told of each list how old it is, which one is too old, and that there is no status list where there is none.
func TestAgeOfTheLists(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	revoked := []*x509.RevocationList{
		{Number: big.NewInt(5), ThisUpdate: ago(1), NextUpdate: now.Add(time.Hour)},
		{ThisUpdate: ago(40), NextUpdate: ago(10)},
	}
	for name, c := range map[string]struct {
		trust inspect.Trust
		want  []List
	}{
		"none": {inspect.Trust{}, []List{{Kind: StatusList}}},
		"in time": {inspect.Trust{Status: &inspect.StatusList{Number: 12, Date: ago(3)}, StatusMaxAge: 72 * time.Hour, Revoked: revoked}, []List{
			{StatusList, "12", "2026-11-24", 3, false}, {Revocations, "5", "2026-11-26", 1, false}, {Revocations, "", "2026-10-18", 40, true},
		}},
		"too old":         {inspect.Trust{Status: &inspect.StatusList{Number: 12, Date: ago(4)}, StatusMaxAge: 72 * time.Hour}, []List{{StatusList, "12", "2026-11-23", 4, true}}},
		"from the future": {inspect.Trust{Status: &inspect.StatusList{Number: 12, Date: ago(-4)}, StatusMaxAge: 72 * time.Hour}, []List{{StatusList, "12", "2026-12-01", 0, true}}},
		"of any age":      {inspect.Trust{Status: &inspect.StatusList{Number: 12, Date: ago(400)}}, []List{{StatusList, "12", "2025-10-23", 400, false}}},
	} {
		a := agent(t)
		a.Now, a.Trust = func() time.Time { return now }, c.trust
		r := httptest.NewRequest("GET", "http://127.0.0.1:7610/v1/desk", nil)
		r.Header.Set("Origin", ours)
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		var s state
		if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || !slices.Equal(s.Lists, c.want) {
			t.Errorf("%s: %+v, want %+v; %v", name, s.Lists, c.want, err)
		}
	}
}
