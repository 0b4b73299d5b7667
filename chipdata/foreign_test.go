package chipdata_test

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/internal/rig"
	"blanko/ktp"
)

// The emulated chip's decoder, written apart from this room, reads the same card.
func TestEmulatedChipDecodes(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	oneFinger := record(t)
	oneFinger.Fingers[1] = ktp.FingerSlot{}
	oneFinger.Exceptions = []ktp.FingerException{{Finger: ktp.LeftIndex, Reason: ktp.FingerMissing}}
	substitute := record(t)
	substitute.Fingers[0] = slot(t, ktp.RightMiddle, 9)
	substitute.Exceptions = []ktp.FingerException{{Finger: ktp.RightIndex, Reason: ktp.FingerBelowQuality}}
	none := record(t)
	none.Fingers = [2]ktp.FingerSlot{}
	none.Exceptions = []ktp.FingerException{{Finger: ktp.RightIndex, Reason: ktp.FingerMissing}, {Finger: ktp.LeftIndex, Reason: ktp.FingerOther}}
	specimen := record(t)
	specimen.Identity = ktp.IdentitySignature{}
	for _, name := range profileNames {
		for what, r := range map[string]ktp.Record{"two fingers": record(t), "one finger": oneFinger, "substitute": substitute, "no finger": none, "specimen": specimen} {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				pl := sealed(t, name, r, a)
				files := map[uint16][]byte{0x0204: chipdata.EncodePROF(pl.Profile, ktp.AttemptID{1}, chipdata.MarkerWritten)}
				for _, f := range pl.Files {
					files[f.FID] = f.Data
				}
				d, err := chip.Decode(files)
				if err != nil || !d.Sealed {
					t.Fatalf("sealed %v: %v", d.Sealed, err)
				}
				if d.DG1.DocumentNumber != r.Person.NIK.Digits() {
					t.Error("another NIK")
				}
				for slot, f := range []*chip.FingerFile{d.FPR, d.FPL} {
					if (f == nil) != r.Fingers[slot].Empty() {
						t.Errorf("slot %d", slot+1)
					}
				}
			})
		}
	}
}

// OpenSSL verifies the signature of EF.SOD and its certificate.
func TestOpenSSLVerifiesSOD(t *testing.T) {
	t.Parallel()
	rig.Need(t, "openssl", rig.Tool{Program: "openssl", Package: "openssl"})
	a := newAuthority(t, "ID")
	dir := t.TempDir()
	root := filepath.Join(dir, "csca.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.csca.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range profileNames {
		sod := fileOf(t, sealed(t, name, record(t), a), 0x011D)
		cms, rest, err := chipdata.NextTLV(sod)
		if err != nil || len(rest) > 0 {
			t.Fatal(err)
		}
		verify := func(der []byte) (string, error) {
			cmd := exec.Command("openssl", "cms", "-verify", "-inform", "DER", "-CAfile", root, "-purpose", "any", "-no_check_time", "-out", filepath.Join(dir, name+".lds"))
			cmd.Stdin = bytes.NewReader(der)
			out, err := cmd.CombinedOutput()
			return string(out), err
		}
		if out, err := verify(cms.Value); err != nil || !strings.Contains(strings.ToLower(out), "verification successful") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		lds, err := os.ReadFile(filepath.Join(dir, name+".lds"))
		if err != nil || !bytes.Contains(cms.Value, lds) || len(lds) == 0 {
			t.Errorf("%s: the content that openssl took out is not the LDSSecurityObject: %v", name, err)
		}
		wrong := bytes.Clone(cms.Value)
		wrong[len(wrong)-1] ^= 1
		if out, err := verify(wrong); err == nil {
			t.Errorf("%s: openssl takes a wrong signature: %s", name, out)
		}
	}
}
