package rig

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A foreign program reaches the token through the cable until it is pulled, and again when it is
// back. A PIN that was wrong three times is locked.
func TestSoftHSM(t *testing.T) {
	t.Parallel()
	Need(t, "softhsm", Tool{Program: "pkcs11-tool", Package: "opensc"})
	h := NeedSoftHSM(t)
	tool := func(pin string, args ...string) (string, error) {
		out, err := exec.Command("pkcs11-tool", append([]string{"--module", h.Module, "--token-label", h.Label, "--login", "--pin", pin}, args...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := tool(h.PIN, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "signer", "--usage-sign"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	digest := filepath.Join(t.TempDir(), "digest")
	if err := os.WriteFile(digest, make([]byte, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	sign := func() (string, error) {
		return tool(h.PIN, "--sign", "--mechanism", "ECDSA", "--label", "signer", "--input-file", digest, "--output-file", digest+".signature")
	}
	for _, step := range []struct {
		name string
		do   func() error
		ok   bool
	}{
		{"as it was made", func() error { return nil }, true},
		{"pulled", h.Pull, false},
		{"plugged in again", h.Plug, true},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		out, err := sign()
		if (err == nil) != step.ok {
			t.Fatalf("%s: %v\n%s", step.name, err, out)
		}
	}
	before, err := h.Logins()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if out, err := tool("wrong", "--list-objects"); err == nil || !strings.Contains(out, "CKR_PIN_INCORRECT") {
			t.Errorf("a wrong PIN: %v\n%s", err, out)
		}
	}
	if out, err := sign(); err == nil || !strings.Contains(out, "CKR_PIN_LOCKED") {
		t.Errorf("a locked PIN: %v\n%s", err, out)
	}
	if after, err := h.Logins(); err != nil || after != before+4 {
		t.Errorf("%d logins after %d: %v", after, before, err)
	}
}
