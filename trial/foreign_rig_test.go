package trial

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"blanko/internal/rig"
)

// stranger is a finished card in a reader of a pcscd of its own, for programs that nobody here wrote.
type stranger struct {
	*emulatedCard
	maker          *cardMaker
	reader, socket string
}

func newStranger(t *testing.T) *stranger {
	t.Helper()
	rig.NeedPCSC(t)
	r := openCards(t, CardOptions{Cards: 1, Chip: "32k", Finished: true, Private: true, Seed: 7})
	state := r.Settled(t.Context())[0]
	if !state.Seen {
		t.Fatalf("pcscd does not see the card: %+v", state)
	}
	return &stranger{r.readers[0].card, r.maker, state.Name, r.Socket()}
}

// run gives what a program says on standard output.
func (s *stranger) run(t *testing.T, input, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "PCSCLITE_CSOCK_NAME="+s.socket)
	cmd.Stdin = strings.NewReader(input)
	var said, complained bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complained
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", program, err, said.String(), complained.String())
	}
	return said.String()
}

// icaoFiles are the files that a stranger reads, in the order of the profile.
func (s *stranger) icaoFiles() (out []uint16) {
	for _, f := range s.maker.profile.Files {
		if f.ICAO {
			out = append(out, f.FID)
		}
	}
	return out
}

// TestForeignReaders: two readers of travel documents that nobody here wrote, libmrtd by Basic
// Access Control and OpenPACE by PACE with the CAN and with the zone, read every file of the ICAO view
// through pcscd as it lies on the chip; OpenSSL finds the document signer's signature good under the
// CSCA, and its hashes are those of what was read (Doc 9303-11, 5.1).
func TestForeignReaders(t *testing.T) {
	t.Parallel()
	rig.Need(t, "pcsc", rig.Tool{Program: "openssl", Package: "openssl"})
	s := newStranger(t)
	number := strings.ReplaceAll(s.mrz[0][5:14]+s.mrz[0][15:], "<", "")
	information := number + s.mrz[1][0:7] + s.mrz[1][8:15] // each with its check digit (Doc 9303-11, 4.3.2)
	seed := sha1.Sum([]byte(information))
	bac, pace := rig.ForeignReader(t, rig.BAC), rig.ForeignReader(t, rig.PACE)
	var fids []string
	for _, fid := range s.icaoFiles() {
		fids = append(fids, fmt.Sprintf("%04X", fid))
	}
	for _, c := range []struct {
		name, program string
		args          []string
	}{
		{"BAC", bac, []string{hex.EncodeToString(seed[:16])}},
		{"PACE with the CAN", pace, []string{"can", s.can}},
		{"PACE with the zone", pace, []string{"mrz", hex.EncodeToString(seed[:])}},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := s.run(t, "", c.program, append(append([]string{s.reader}, c.args...), fids...)...)
			read := map[uint16][]byte{}
			for line := range strings.Lines(said) {
				var fid uint16
				var content []byte
				if _, err := fmt.Sscanf(line, "%04X %x", &fid, &content); err != nil {
					t.Fatalf("%q: %v", line, err)
				}
				read[fid] = content
			}
			want := s.chip.View().Files
			for _, fid := range s.icaoFiles() {
				if !bytes.Equal(read[fid], want[fid]) {
					t.Errorf("file %04X: %d bytes read that differ from the %d on the chip", fid, len(read[fid]), len(want[fid]))
				}
			}
			s.passiveAuthentication(t, read)
		})
	}
}

// passiveAuthentication is OpenSSL's word for EF.SOD, and the comparison of its hashes.
func (s *stranger) passiveAuthentication(t *testing.T, read map[uint16][]byte) {
	t.Helper()
	const efSOD = 0x011D
	dir := t.TempDir()
	sod := read[efSOD]
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(sod, &outer); err != nil || outer.Class != asn1.ClassApplication || outer.Tag != 0x17 {
		t.Fatalf("EF.SOD is no application class object 23: %v", err)
	}
	file := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cms := file("sod.cms", outer.Bytes)
	anchor := file("csca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.maker.signing.Anchors[0].Raw}))
	content := filepath.Join(dir, "lds.der")
	at := fmt.Sprint(batchStart.Unix())
	s.run(t, "", "openssl", "cms", "-verify", "-inform", "DER", "-in", cms, "-CAfile", anchor, "-purpose", "any", "-attime", at, "-binary", "-out", content)

	shown := s.run(t, "", "openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", cms)
	for _, want := range []string{"version: 3", "2.23.136.1.1.1", "C=ID", "signingTime"} {
		if !strings.Contains(shown, want) {
			t.Errorf("OpenSSL does not show %q in EF.SOD", want)
		}
	}
	der, err := os.ReadFile(content)
	if err != nil {
		t.Fatal(err)
	}
	var lds struct {
		Version   int
		Algorithm asn1.RawValue
		Hashes    []struct {
			Group int
			Hash  []byte
		}
	}
	if rest, err := asn1.Unmarshal(der, &lds); err != nil || len(rest) > 0 {
		t.Fatalf("LDS security object: %v", err)
	}
	groups := map[uint16]bool{}
	for _, h := range lds.Hashes {
		fid := uint16(0x0100 + h.Group)
		groups[fid] = true
		if sum := sha256.Sum256(read[fid]); !bytes.Equal(sum[:], h.Hash) {
			t.Errorf("DG%d is not what was signed", h.Group)
		}
	}
	for fid := range read {
		if isGroup := fid != efSOD && fid < 0x0111; isGroup && !groups[fid] {
			t.Errorf("file %04X is not signed; signed are %v", fid, slices.Sorted(maps.Keys(groups)))
		}
	}
}

// TestForeignPrograms: OpenSC, pcsc-tools and scriptor find the reader, the ATR and the free files,
// and an application that is not there.
func TestForeignPrograms(t *testing.T) {
	t.Parallel()
	rig.Need(t, "pcsc", rig.Tool{Program: "opensc-tool", Package: "opensc"}, rig.Tool{Program: "pcsc_scan", Package: "pcsc-tools"}, rig.Tool{Program: "scriptor", Package: "pcsc-tools"})
	s := newStranger(t)
	view := s.chip.View()
	spaced := func(b []byte) string { return strings.ToUpper(fmt.Sprintf("% x", b)) }
	const cardAccess = "31 14 30 12 06 0A 04 00 7F 00 07 02 02 04 02 02 02 01 02 02 01 0C" // PACEInfo, P-256 (Doc 9303-11, 9.2.1)
	prof := view.Files[0x0204]

	if list := s.run(t, "", "opensc-tool", "-l"); !strings.Contains(list, s.reader) {
		t.Errorf("opensc-tool lists\n%s", list)
	}
	if atr := s.run(t, "", "opensc-tool", "-r", s.reader, "-a"); !strings.EqualFold(strings.TrimSpace(atr), strings.ReplaceAll(spaced(view.ATR), " ", ":")) {
		t.Errorf("opensc-tool sees the ATR %s", atr)
	}
	said := s.run(t, "", "opensc-tool", "-r", s.reader, "-c", "default",
		"-s", "00A4000C023F00", "-s", "00A4020C02011C", "-s", "00B0000000", // EF.CardAccess
		"-s", "00A4040007F04B5450454C01", "-s", "00B0940020", // EF.PROF
		"-s", "00A4040C07A0000002471001", "-s", "00B0810004") // DG1 without a channel
	flat := shownBytes(said)
	for what, want := range map[string]string{"EF.CardAccess": cardAccess, "EF.PROF": spaced(prof), "a refusal of DG1": "SW1=0x69, SW2=0x82"} {
		if !strings.Contains(flat, strings.ReplaceAll(want, " ", "")) && !strings.Contains(said, want) {
			t.Errorf("opensc-tool does not show %s:\n%s", what, said)
		}
	}
	if scan := s.run(t, "", "pcsc_scan", "-n", "-t", "1"); !strings.Contains(scan, s.reader) || !strings.Contains(scan, spaced(view.ATR)) {
		t.Errorf("pcsc_scan sees\n%s", scan)
	}
	script := "reset\n00 A4 00 0C 02 3F 00\n00 A4 02 0C 02 01 1C\n00 B0 00 00 00\n00 A4 04 00 05 A0 00 00 00 99\n"
	answers := s.run(t, script, "scriptor", "-r", s.reader)
	for _, want := range []string{spaced(view.ATR), cardAccess, "6A 82"} {
		if !strings.Contains(strings.ReplaceAll(answers, "\n", ""), want) {
			t.Errorf("scriptor does not show %s:\n%s", want, answers)
		}
	}
}

// shownBytes are the bytes that opensc-tool shows, without spaces and without its column of letters.
func shownBytes(said string) string {
	var b strings.Builder
	for line := range strings.Lines(said) {
		const width = 16 * 3
		if len(line) > width {
			line = line[:width]
		}
		b.WriteString(strings.ReplaceAll(strings.TrimSpace(line), " ", ""))
	}
	return b.String()
}
