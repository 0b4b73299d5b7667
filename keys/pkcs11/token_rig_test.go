//go:build cgo

package pkcs11

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"blanko/fault"
	"blanko/internal/refused"
	"blanko/internal/rig"
	"blanko/keys"
)

func hexOf(kcv [3]byte) string { return hex.EncodeToString(kcv[:]) }

// What becomes of a token, and what is said of it. Between two rows the token is used again.
func TestTokenComesAndGoes(t *testing.T) {
	t.Parallel()
	h := rig.NeedSoftHSM(t)
	token := openRig(t, h, nil)
	for _, c := range []struct {
		name string
		do   func() error
		want fault.Code
	}{
		{"there", nil, ""},
		{"pulled", h.Pull, TokenAway.Code},
		{"still away", nil, TokenAway.Code},
		{"plugged in", h.Plug, ""},
		{"sessions cut", h.Cut, ""},
		{"pulled and plugged in between two calls", func() error {
			if err := h.Pull(); err != nil {
				return err
			}
			return h.Plug()
		}, ""},
	} {
		if c.do != nil {
			if err := c.do(); err != nil {
				t.Fatal(err)
			}
		}
		if got := fault.CodeOf(token.Ready(t.Context())); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	token.Close()
	if err := token.Ready(t.Context()); !fault.Is(err, TokenAway) {
		t.Errorf("closed: %v", err)
	}
}

// A wrong PIN is shown once, however often the token is asked for; a new PIN in the file is another
// matter, but not while the token reports the wrong one. A person's right PIN mends it.
func TestWrongPIN(t *testing.T) {
	t.Parallel()
	h := rig.NeedSoftHSM(t)
	text := "wrong"
	c := Config{Module: h.Module, Label: h.Label, PIN: func() ([]byte, error) { return []byte(text), nil }}
	token, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	defer token.Close()
	logins := func(want int) {
		t.Helper()
		if n, err := h.Logins(); err != nil || n != want {
			t.Errorf("%d PINs were shown, want %d: %v", n, want, err)
		}
	}
	if err := token.Ready(t.Context()); !fault.Is(err, PINWrong) {
		t.Errorf("wrong: %v", err)
	}
	for range 5 {
		if err := token.Ready(t.Context()); !fault.Is(err, PINDoubtful) {
			t.Errorf("again: %v", err)
		}
	}
	logins(1)
	text = h.PIN // the file is right now, and still nobody was there
	if err := token.Ready(t.Context()); !fault.Is(err, PINDoubtful) {
		t.Errorf("right, unattended: %v", err)
	}
	logins(1)
	attended := c
	attended.Attended = true
	text = "wrong again"
	person, err := New(attended)
	if err != nil {
		t.Fatal(err)
	}
	defer person.Close()
	for range 3 {
		if err := person.Ready(t.Context()); !fault.Is(err, PINWrong) {
			t.Errorf("a person, wrong: %v", err)
		}
	}
	logins(2)
	text = h.PIN
	for _, who := range []*Token{person, token} {
		if err := who.Ready(t.Context()); err != nil {
			t.Errorf("right: %v", err)
		}
	}
}

func TestLockedPIN(t *testing.T) {
	t.Parallel()
	h := rig.NeedSoftHSM(t)
	for n := range 3 {
		token, err := New(Config{Module: h.Module, Label: h.Label, PIN: pin("wrong" + string(rune('0'+n))), Attended: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := token.Ready(t.Context()); !fault.Is(err, PINWrong) {
			t.Fatal(err)
		}
		token.Close()
	}
	token, err := New(Config{Module: h.Module, Label: h.Label, PIN: pin(h.PIN), Attended: true})
	if err != nil {
		t.Fatal(err)
	}
	defer token.Close()
	for range 3 {
		if err := token.Ready(t.Context()); !fault.Is(err, PINLocked) {
			t.Errorf("%v", err)
		}
	}
	if n, err := h.Logins(); err != nil || n != 4 {
		t.Errorf("%d PINs were shown: %v", n, err)
	}
}

// Tokens and configurations that are refused before a PIN is shown.
func TestNotThisToken(t *testing.T) {
	t.Parallel()
	h := rig.NeedSoftHSM(t)
	seen := map[string]string{}
	for _, c := range []struct {
		name string
		c    Config
		want fault.Entry
	}{
		{"no module", Config{Module: "/no/such/module.so", Label: h.Label, PIN: pin(h.PIN)}, ModuleMissing},
		{"not a module", Config{Module: "/lib/x86_64-linux-gnu/libm.so.6", Label: h.Label, PIN: pin(h.PIN)}, ModuleMissing},
		{"another label", Config{Module: h.Module, Label: "another", PIN: pin(h.PIN)}, TokenAway},
		{"another serial number", Config{Module: h.Module, Label: h.Label, Serial: "1234", PIN: pin(h.PIN)}, TokenStrange},
		{"no PIN", Config{Module: h.Module, Label: h.Label}, PINMissing},
		{"no PIN file", Config{Module: h.Module, Label: h.Label, PIN: func() ([]byte, error) { return os.ReadFile("/no/such/file") }}, PINMissing},
	} {
		token, err := Open(c.c)
		if !fault.Is(err, c.want) || token != nil {
			t.Errorf("%s: %v, want %s", c.name, err, c.want.Code)
		}
		seen[c.name] = string(fault.CodeOf(err))
	}
	if differs, err := refused.Compare("../../docs/refusals.tsv", "keys/pkcs11/token_rig_test.go TestNotThisToken", seen); err != nil || differs != "" {
		t.Errorf("%v\n%s", err, differs)
	}
	if n, err := h.Logins(); err != nil || n != 0 {
		t.Errorf("%d PINs were shown: %v", n, err)
	}
}

// While sessions are lost again and again, callers get the right CMAC or a fault, never another value,
// and at the end the token works.
func TestNeverAWrongValue(t *testing.T) {
	t.Parallel()
	h := rig.NeedSoftHSM(t)
	token := openRig(t, h, func(c *Config) { c.Workers = 4 })
	equip(t, token, 1)
	source, err := token.Source(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	list, err := token.Keys(t.Context())
	if err != nil || len(list) != len(keys.Roles) {
		t.Fatal(len(list), err)
	}
	var done atomic.Bool
	var right, away atomic.Int64
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			role := keys.Roles[w%len(keys.Roles)]
			software, err := keys.NewMAC(masterBytes(1)[role])
			if err != nil {
				t.Error(err)
				return
			}
			mac := token.mac(Name{role, 1}, list[w%len(list)].KCV)
			for _, k := range list {
				if k.Role == role {
					mac = token.mac(k.Name, k.KCV)
				}
			}
			for n := 0; !done.Load(); n++ {
				message := []byte{byte(n), byte(n >> 8), byte(w)}
				want, err := software(message)
				if err != nil {
					t.Error(err)
					return
				}
				switch got, err := mac(message); {
				case err != nil && !fault.Is(err, TokenAway) && !fault.Is(err, SessionLost):
					t.Error(err)
				case err != nil:
					away.Add(1)
				case !bytes.Equal(got[:], want[:]):
					t.Errorf("%s: a wrong value", role)
				default:
					right.Add(1)
				}
			}
		})
	}
	for n := range 60 {
		step := h.Cut
		if n%3 == 0 {
			step = h.Pull
		}
		before := right.Load() + away.Load()
		if err := step(); err != nil {
			t.Error(err)
		}
		for right.Load()+away.Load() < before+50 {
			if _, err := source.Challenge(t.Context(), 0x31); err != nil && fault.CodeOf(err) == "" {
				t.Error(err)
			}
		}
		if err := h.Plug(); err != nil {
			t.Error(err)
		}
	}
	done.Store(true)
	group.Wait()
	if err := token.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if right.Load() == 0 || away.Load() == 0 {
		t.Errorf("%d right, %d away: the test saw nothing", right.Load(), away.Load())
	}
	t.Logf("%d right, %d away", right.Load(), away.Load())
}

// The signature of a token is one that the standard library and OpenSSL take.
func TestSigner(t *testing.T) {
	t.Parallel()
	h := rig.NeedSoftHSM(t)
	token := openRig(t, h, nil)
	public, err := token.GeneratePair(t.Context(), Name{"DS", 1})
	if err != nil {
		t.Fatal(err)
	}
	s, err := token.Signer(t.Context(), public)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("document"))
	for range 50 { // r and s of fewer bytes, or with the highest bit, come by chance
		sig, err := s.Sign(nil, digest[:], crypto.SHA256)
		if err != nil || !ecdsa.VerifyASN1(public, digest[:], sig) {
			t.Fatalf("%X: %v", sig, err)
		}
	}
	for name, bad := range map[string]func() error{
		"SHA-384":      func() error { _, err := s.Sign(nil, make([]byte, 48), crypto.SHA384); return err },
		"short digest": func() error { _, err := s.Sign(nil, digest[:20], crypto.SHA256); return err },
	} {
		if err := bad(); !fault.Is(err, TokenFailed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := token.Destroy(t.Context(), Name{"DS", 1}); err != nil {
		t.Fatal(err)
	}
	if err := h.Cut(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(nil, digest[:], crypto.SHA256); !fault.Is(err, KeyMissing) {
		t.Errorf("destroyed: %v", err)
	}
}

// Keys on the token that are not used, and say why.
func TestKeysRefused(t *testing.T) {
	t.Parallel()
	rig.Need(t, "softhsm", rig.Tool{Program: "pkcs11-tool", Package: "opensc"})
	h := rig.NeedSoftHSM(t)
	token := openRig(t, h, nil)
	equip(t, token, 1)
	source, err := token.Source(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// foreign puts a key on the token as another program does.
	foreign := func(label string, key []byte, flags ...string) {
		t.Helper()
		path := filepath.Join(dir, "key")
		if err := os.WriteFile(path, key, 0o600); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"--module", h.Module, "--token-label", h.Label, "--login", "--pin", h.PIN, "--write-object", path, "--type", "secrkey", "--key-type", "AES:16", "--label", label}, flags...)
		if out, err := exec.Command("pkcs11-tool", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if err := token.Load(t.Context(), Name{keys.Admin, 1}, make([]byte, 16)); !fault.Is(err, KeyNotMade) {
		t.Errorf("loaded over another: %v", err)
	}
	// Another key takes the place of a master while the token is away.
	if err := token.Destroy(t.Context(), Name{keys.Admin, 1}); err != nil {
		t.Fatal(err)
	}
	if err := token.Load(t.Context(), Name{keys.Admin, 1}, bytes.Repeat([]byte{9, 8, 7, 6}, 4)); err != nil {
		t.Fatal(err)
	}
	if err := h.Cut(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := source.Open(t.Context(), 0x39, [10]byte{}, [8]byte{}, 0x33, append(make([]byte, 10), append([]byte{0x39, 0x03, 0x70}, make([]byte, 19)...)...)); !fault.Is(err, KeyChanged) {
		t.Errorf("changed: %v", err)
	}
	// A well-known key: the source opens nothing.
	if err := token.Destroy(t.Context(), Name{keys.Admin, 1}); err != nil {
		t.Fatal(err)
	}
	known, err := hex.DecodeString("404142434445464748494A4B4C4D4E4F")
	if err != nil {
		t.Fatal(err)
	}
	if err := token.Load(t.Context(), Name{keys.Admin, 1}, known); err != nil {
		t.Fatal(err)
	}
	poor, err := token.Source(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, production, _, err := poor.Describe(t.Context()); production || fault.CodeOf(err) != "keys.well_known_key" {
		t.Errorf("well known: production %v, %v", production, err)
	}
	if err := token.Destroy(t.Context(), Name{keys.Admin, 1}); err != nil {
		t.Fatal(err)
	}
	// A key that can be read out.
	foreign(Name{keys.Admin, 1}.String(), bytes.Repeat([]byte{3, 1, 4, 1}, 4), "--usage-sign", "--extractable")
	if _, err := token.Source(context.Background(), true); !fault.Is(err, keys.KeyExposed) {
		t.Errorf("exposed: %v", err)
	}
}
