package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
	"blanko/web/api"
)

// While the token is away nothing is renewed, and nothing counts as a renewal: as soon as it is back, a SAM is
// renewed as often as on any day. An auditor reads the renewals, and the standing of the cards that the token signs.
func TestTokenAwayCountsNoRenewal(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	guard, second := access.Actor{ID: "guard", Roles: []access.Role{access.SecurityOfficer}}, access.Actor{ID: "boss-2", Roles: []access.Role{access.Supervisor}}
	away := true
	mux := http.NewServeMux()
	problems := web.NewProblems(registry.Faults, r.log(), func() string { return "ref" })
	r.must(api.Mount(mux, api.Config{
		Registry: r.reg, Problems: problems, Version: "test", Now: r.clock.Now, Office: letterhead,
		StatusList: func(context.Context) ([]byte, error) { return []byte("header.standing.signature"), nil },
		SignSAM: func(context.Context, api.SAMGrant) ([]byte, error) {
			if away {
				return nil, registry.SAMUnsigned.At("test", nil)
			}
			return []byte("signed"), nil
		},
		SAMsReady: func(context.Context) error {
			if away {
				return registry.SAMUnsigned.At("test", nil)
			}
			return nil
		},
	}))
	handler := judged(t, committed, web.Guard(web.SignIn(mux, r.reg.Authenticate, access.Actor{}, problems, r.clock.Now), problems))
	code, paired := registry.NewPairingCode(), &x509.Certificate{Raw: []byte("of the desk")}
	hash := registry.PairingHash(code)
	r.do(guard, registry.InviteDesk{ID: "loket-1", Hash: hex.EncodeToString(hash[:]), ExpiresAt: r.clock.Now().Add(time.Hour)})
	_, err := r.reg.PairDesk(t.Context(), hash, sha256.Sum256(paired.Raw))
	r.must(err)
	r.do(guard, registry.IssueSAM{Serial: "0102030405060708", Generation: 1, Check: "abcdef", Uses: 40, Days: 7, Second: second})
	ask := func(n int) (int, fault.Code) {
		t.Helper()
		body := fmt.Sprintf(`{"serial":"0102030405060708","nonce":"%032x","check":"abcdef","left":0,"used":0}`, n)
		req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/v1/desk/sam", bytes.NewReader([]byte(body)))
		req.Header.Set("Content-Type", "application/json")
		req.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{paired}}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		var said struct{ Code fault.Code }
		r.must(json.Unmarshal(w.Body.Bytes(), &said))
		return w.Code, said.Code
	}
	for n := range 5 {
		if status, code := ask(n); code != registry.SAMUnsigned.Code {
			t.Fatalf("with the token away: %d %s", status, code)
		}
	}
	away = false
	if status, code := ask(9); status != http.StatusOK {
		t.Errorf("with the token there: %d %s", status, code)
	}
	token := r.token(access.Actor{ID: "audit-1", Roles: []access.Role{access.Auditor}}, second)
	for target, want := range map[string]string{"/v1/sams/0102030405060708/renewals": `"desk":"desk:loket-1"`, "/v1/status-list/signed": "header.standing.signature"} {
		req := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+target, nil)
		req.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		if w.Code != http.StatusOK || strings.Count(w.Body.String(), want) != 1 {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}
