package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/zap"

	"blanko/applet/inspect"
	"blanko/internal/rig"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/store"
	"blanko/trial"
)

// TestCardCommands works with emulated cards in a real pcscd, as a person at a counter does. In the
// scripts $CAN and $MRZ1 to $MRZ3 are what the first card shows, trust/csca and trust/center is what a
// reader believes, with a key of the center's for status lists, and "cards ORDER" changes the cards.
func TestCardCommands(t *testing.T) {
	t.Parallel()
	rig.NeedPCSC(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/rig", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			r, err := trial.OpenCards(t.Context(), trial.CardOptions{Cards: 2, Chip: "32k", Finished: true, Private: true, Seed: 1})
			if err != nil {
				return err
			}
			e.Defer(func() {
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			})
			first := r.Settled(t.Context())[0]
			e.Setenv("PCSCLITE_CSOCK_NAME", r.Socket())
			e.Setenv("CAN", first.CAN)
			for i, line := range first.MRZ {
				e.Setenv("MRZ"+string(rune('1'+i)), line)
			}
			e.Values["cards"] = r
			if err := r.WriteTrust(e.WorkDir + "/trust"); err != nil {
				return err
			}
			key, err := newListKey(e.WorkDir + "/trust/center/lists.pem")
			e.Values["lists"] = key
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"data": func(ts *testscript.TestScript, _ bool, args []string) { // the ledger of a configuration
				text := regexp.MustCompile(`(?m)^data: "[^"]*"`).ReplaceAllString(ts.ReadFile(args[0]), fmt.Sprintf("data: %q", ts.MkAbs(args[1])))
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
			},
			"fields": fields,
			"cards": func(ts *testscript.TestScript, _ bool, args []string) {
				r := ts.Value("cards").(*trial.CardReaders)
				o, err := trial.ParseCardOrder(strings.Join(args, " "))
				ts.Check(err)
				ts.Check(r.Do(t.Context(), o))
				r.Settled(t.Context())
			},
			"officer": officer,
			"status":  status,
			"type": func(ts *testscript.TestScript, _ bool, args []string) { // lines into a file
				ts.Check(writeLines(ts.MkAbs(args[0]), args[1:]))
			},
		},
	})
}

func writeLines(path string, lines []string) error {
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}

// newListKey makes the key that signs status lists, and lays down its public part as a center key.
func newListKey(path string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	return key, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}), 0o600)
}

// signedList is a status list as a compact JWS (RFC 7515) under ES256.
func signedList(key *ecdsa.PrivateKey, list string) (string, error) {
	id, err := inspect.KeyID(&key.PublicKey)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"alg":"ES256","kid":"%x","typ":"ktp-status-list"}`, id)) +
		"." + base64.RawURLEncoding.EncodeToString([]byte(list))
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	const half = 32 // bytes of r and of s (RFC 7518, 3.4)
	sig := s.FillBytes(make([]byte, half))
	return text + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, half)), sig...)), nil
}

// status makes a status list of the chip that card info --json has told: "status INFO LIST STANDING
// [plain]". It is signed, but for a plain one.
func status(ts *testscript.TestScript, _ bool, args []string) {
	var info struct {
		Chip struct {
			UID string `json:"uid"`
		} `json:"chip"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &info))
	list := fmt.Sprintf(`{"format":"ktp-status-list/1","number":12,"date":"2026-11-24T03:00:00Z","cards":[{"chip":%q,"standing":%q}]}`, info.Chip.UID, args[2])
	if len(args) == 3 {
		var err error
		list, err = signedList(ts.Value("lists").(*ecdsa.PrivateKey), list)
		ts.Check(err)
	}
	ts.Check(writeLines(ts.MkAbs(args[1]), []string{list}))
}

// officer makes a ledger in which somebody of a kecamatan works, and lays down their token: "officer LEDGER
// TOKEN".
func officer(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	st, err := store.Open(ctx, ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	reg := registry.New(st, registry.Config{Office: "61.05"}, zap.NewNop())
	guard := access.Actor{ID: "guard", Roles: []access.Role{access.SecurityOfficer}}
	second := access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}}
	text, hash, err := access.NewToken(nil)
	ts.Check(err)
	for i, op := range []registry.Operation{
		registry.SetPerson{ID: "rina", FullName: "RINA OKTAVIANI", Roles: []access.Role{access.KecamatanOperator}, Active: true, Second: second},
		registry.IssueToken{ID: "t-rina", Person: "rina", Kind: access.APIToken, Hash: hex.EncodeToString(hash[:]), ExpiresAt: time.Now().AddDate(0, 0, 1), Second: second},
	} {
		_, err := reg.Do(ctx, guard, op, fmt.Sprintf("officer-%d", i))
		ts.Check(err)
	}
	ts.Check(writeLines(ts.MkAbs(args[1]), []string{text}))
}
