package rig

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// SoftHSM is a token that SoftHSM2 plays for one process, behind a cable that can be pulled. Each has
// a copy of the module and a folder of its own, so that any number can be used side by side.
type SoftHSM struct {
	Module          string // path of the PKCS#11 module: the cable, and SoftHSM behind it
	Label           string
	PIN, OfficerPIN string

	dir, tokens string
	keeper      *keeper
	pulls       int
}

// SoftHSMTools is what a token needs on the machine; a guest has the cable ready.
var SoftHSMTools = softHSMTools()

func softHSMTools() []Tool {
	tools := []Tool{{Program: "softhsm2-util", Package: "softhsm2"}, {File: softHSMModule, Package: "softhsm2"}}
	if !InGuest() {
		tools = append(tools, Tool{Program: "gcc", Package: "gcc"})
	}
	return tools
}

const softHSMModule = "/usr/lib/softhsm/libsofthsm2.so"

// softHSMVariable is where SoftHSM looks for its configuration, once, when it is initialized. Each
// copy is made to look at a variable of its own, of the same length.
const softHSMVariable = "SOFTHSM2_CONF"

// softHSMs counts the tokens of this process.
var softHSMs atomic.Int32

//go:embed preload/token_cable.c
var tokenCable []byte

// SoftHSMMissing names what the machine lacks for a token; empty: nothing.
func SoftHSMMissing() []string { return missing(SoftHSMTools) }

// NeedSoftHSM is StartSoftHSM for a test, which ends it.
func NeedSoftHSM(t testing.TB) *SoftHSM {
	t.Helper()
	Need(t, "softhsm", SoftHSMTools...)
	h, err := StartSoftHSM()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// StartSoftHSM makes an empty token, its PINs set. It is gone with Close, or when this process ends.
func StartSoftHSM() (_ *SoftHSM, err error) {
	const op = "rig softhsm"
	if lacking := SoftHSMMissing(); len(lacking) > 0 {
		return nil, errors.New(op + ": missing " + strings.Join(lacking, ", "))
	}
	n := softHSMs.Add(1)
	variable := fmt.Sprintf("BLANKO_HSM%03d", n)
	if len(variable) != len(softHSMVariable) {
		return nil, fmt.Errorf("%s: token %d of one process", op, n)
	}
	h := &SoftHSM{Label: fmt.Sprintf("BLANKO RIG %d", n), PIN: "2468-user", OfficerPIN: "1357-officer"}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if h.dir, err = os.MkdirTemp("", "softhsm"); err != nil {
		return h, err
	}
	if h.tokens, err = os.MkdirTemp(memory(), "softhsm"); err != nil {
		return h, err
	}
	if h.keeper, err = keep(h.dir, h.tokens); err != nil {
		return h, err
	}
	conf := filepath.Join(h.dir, "softhsm2.conf")
	text := "directories.tokendir = " + h.tokens + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return h, err
	}
	library, err := os.ReadFile(softHSMModule)
	if err != nil {
		return h, err
	}
	if bytes.Count(library, []byte(softHSMVariable+"\x00")) != 1 {
		return h, fmt.Errorf("%s: %s does not look at %s", op, softHSMModule, softHSMVariable)
	}
	library = bytes.Replace(library, []byte(softHSMVariable+"\x00"), []byte(variable+"\x00"), 1)
	if err := os.WriteFile(filepath.Join(h.dir, "softhsm.so"), library, 0o700); err != nil {
		return h, err
	}
	if h.Module, err = tokenCableIn(h.dir); err != nil {
		return h, fmt.Errorf("%s: %w", op, err)
	}
	if err := os.Setenv(variable, conf); err != nil {
		return h, err
	}
	cmd := exec.Command("softhsm2-util", "--module", softHSMModule, "--init-token", "--free", "--label", h.Label, "--pin", h.PIN, "--so-pin", h.OfficerPIN)
	cmd.Env = append(os.Environ(), softHSMVariable+"="+conf)
	if out, err := cmd.CombinedOutput(); err != nil {
		return h, fmt.Errorf("%s: softhsm2-util: %w\n%s", op, err, out)
	}
	return h, h.cable("in")
}

// tokenCableFile is the cable of a token: it looks for SoftHSM and for its orders beside itself.
const tokenCableFile = "cable.so"

// tokenCableIn lays a cable into a folder.
func tokenCableIn(dir string) (string, error) {
	to := filepath.Join(dir, tokenCableFile)
	if InGuest() {
		made, err := os.ReadFile(filepath.Join("/", guestLibraries, tokenCableFile))
		if err != nil {
			return "", err
		}
		return to, os.WriteFile(to, made, 0o700)
	}
	source := filepath.Join(dir, "token_cable.c")
	if err := os.WriteFile(source, tokenCable, 0o600); err != nil {
		return "", err
	}
	if out, err := exec.Command("gcc", "-O1", "-shared", "-fPIC", "-o", to, source, "-ldl").CombinedOutput(); err != nil {
		return "", fmt.Errorf("gcc: %w\n%s", err, out)
	}
	return to, nil
}

// cable writes what the cable looks at before every call.
func (h *SoftHSM) cable(state string) error {
	next := filepath.Join(h.dir, "cable.next")
	if err := os.WriteFile(next, fmt.Appendf(nil, "%s %d\n", state, h.pulls), 0o600); err != nil {
		return err
	}
	return os.Rename(next, filepath.Join(h.dir, "cable"))
}

// Pull takes the token out: calls fail with CKR_DEVICE_REMOVED or CKR_TOKEN_NOT_PRESENT, and every
// session is gone.
func (h *SoftHSM) Pull() error { h.pulls++; return h.cable("out") }

// Plug puts it in again; nobody is signed in.
func (h *SoftHSM) Plug() error { return h.cable("in") }

// Cut takes every session away and leaves the token in, as a restarted network HSM does.
func (h *SoftHSM) Cut() error { h.pulls++; return h.cable("in") }

// PretendHardware makes the token say that it works in a device, as production wants it.
func (h *SoftHSM) PretendHardware() error {
	return os.WriteFile(filepath.Join(h.dir, "hardware"), nil, 0o600)
}

// Logins counts the times a PIN was shown to the token, right or wrong.
func (h *SoftHSM) Logins() (int, error) {
	text, err := os.ReadFile(filepath.Join(h.dir, "logins"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	return len(text), err
}

// Close removes the token. A module that was loaded stays in the process.
func (h *SoftHSM) Close() error {
	if h.keeper != nil {
		h.keeper.release()
		h.keeper = nil
	}
	var errs []error
	for _, dir := range []string{h.dir, h.tokens} {
		if dir != "" {
			errs = append(errs, os.RemoveAll(dir))
		}
	}
	return errors.Join(errs...)
}

// memory is a folder in memory, where there is one: SoftHSM waits for the disk at every attribute of a
// key. Programs may not be run from there.
func memory() string {
	const shared = "/dev/shm"
	if i, err := os.Stat(shared); err == nil && i.IsDir() {
		return shared
	}
	return ""
}
