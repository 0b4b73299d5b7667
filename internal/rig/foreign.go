package rig

import (
	"embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// foreignSources join readers of travel documents that others wrote to PC/SC.
//
//go:embed foreign
var foreignSources embed.FS

// Readers of travel documents.
const (
	BAC  = "bac"  // libmrtd: bac READER SEED FID...
	PACE = "pace" // OpenPACE: pace READER can CAN FID..., or pace READER mrz SHA1 FID...
)

// foreignTools are what each is built of, and foreignFlags how.
var (
	foreignTools = map[string][]Tool{
		BAC:  {{File: "/usr/include/mrtd/bachelper.h", Package: "libmrtd-dev"}, {File: "/usr/include/nfc/nfc.h", Package: "libnfc-dev"}},
		PACE: {{File: "/usr/include/eac/eac.h", Package: "libeac-dev"}, {File: "/usr/include/openssl/evp.h", Package: "libssl-dev"}},
	}
	foreignFlags = map[string]string{
		BAC:  "-rdynamic -I/usr/include/PCSC -lmrtd -lpcsclite",
		PACE: "-Wno-deprecated-declarations -I/usr/include/PCSC -leac -lcrypto -lpcsclite",
	}
)

// ForeignReader builds a reader that nobody here wrote, and gives the path of its program. Its
// output is a line for each file: the FID and the content, in hex.
func ForeignReader(t testing.TB, name string) string {
	t.Helper()
	Need(t, "pcsc", append([]Tool{{Program: "gcc", Package: "gcc"}, {File: "/usr/include/PCSC/winscard.h", Package: "libpcsclite-dev"}}, foreignTools[name]...)...)
	dir := t.TempDir()
	for _, file := range []string{name + ".c", "reader.h"} {
		text, err := foreignSources.ReadFile("foreign/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, name)
	args := append([]string{"-Wall", "-Werror", "-O1", "-o", program, filepath.Join(dir, name+".c")}, strings.Fields(foreignFlags[name])...)
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return program
}
