package station

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/applet/pcsc"
	"blanko/fault"
)

// The zone is the worked example of the card profile KTPEL-OP 1, section 3.2.
const zone = "I<IDN317304170<89012341<<<<<<<\n9008179M9912315IDN<<<<<<<<<<<0\nSANTOSO<<BUDI<<<<<<<<<<<<<<<<<\n"

func TestParseAccess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       icao.Access
		wrong      bool
	}{
		{name: "CAN", text: "123456\n", want: icao.Access{CAN: "123456"}},
		{name: "zone", text: zone, want: icao.Access{DocumentNumber: "3173041708901234", BirthDate: "900817", Expiry: "991231"}},
		{name: "both, with empty lines", text: "\r\n 123456 \r\n" + zone + "\n", want: icao.Access{CAN: "123456", DocumentNumber: "3173041708901234", BirthDate: "900817", Expiry: "991231"}},
		{name: "five digits", text: "12345", wrong: true},
		{name: "two CANs", text: "123456\n654321", wrong: true},
		{name: "a check digit is wrong", text: strings.Replace(zone, "9008179M", "9008178M", 1), wrong: true},
		{name: "two lines", text: strings.Join(strings.Split(zone, "\n")[:2], "\n"), wrong: true},
		{name: "four lines", text: zone + strings.Split(zone, "\n")[0], wrong: true},
		{name: "lower case", text: strings.ToLower(zone), wrong: true},
		{name: "nothing", text: "\n\n", wrong: true},
	} {
		got, err := parseAccess(c.text)
		if c.wrong {
			if !fault.Is(err, icao.AccessMalformed) {
				t.Errorf("%s: %v", c.name, err)
			} else if e := err.Error(); strings.Contains(e, "12345") || strings.Contains(e, "SANTOSO") || strings.Contains(e, "3173") {
				t.Errorf("%s: the error shows what was typed: %s", c.name, e)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestChooseReader: one reader needs no name; several that fit are refused, never the first taken.
func TestChooseReader(t *testing.T) {
	t.Parallel()
	one := pcsc.Reader{Name: "Maker CL (S1) 00 00", Model: "Maker CL", Serial: "S1"}
	two := pcsc.Reader{Name: "Maker CL (S2) 01 00", Model: "Maker CL", Serial: "S2"}
	other := pcsc.Reader{Name: "Other 02 00", Model: "Other"}
	for _, c := range []struct {
		name string
		from CardReader
		list []pcsc.Reader
		want string
		code fault.Code
	}{
		{"none", CardReader{}, nil, "", pcsc.NoReader.Code},
		{"the only one", CardReader{}, []pcsc.Reader{one}, one.Name, ""},
		{"two, none named", CardReader{}, []pcsc.Reader{one, other}, "", ReaderUnnamed.Code},
		{"by whole name", CardReader{Reader: two.Name}, []pcsc.Reader{one, two}, two.Name, ""},
		{"by serial number", CardReader{Serial: "S2"}, []pcsc.Reader{one, two}, two.Name, ""},
		{"by model", CardReader{Reader: "Oth*"}, []pcsc.Reader{one, two, other}, other.Name, ""},
		{"a model that two have", CardReader{Reader: "Maker*"}, []pcsc.Reader{one, two, other}, "", ReaderUnnamed.Code},
		{"a name that none has", CardReader{Reader: "Third"}, []pcsc.Reader{one}, "", pcsc.NoReader.Code},
		{"an old name with its numbers", CardReader{Reader: "Maker CL (S9) 00 00"}, []pcsc.Reader{one}, "", pcsc.BindingWrong.Code},
	} {
		got, err := c.from.choose(c.list)
		if got != c.want || fault.CodeOf(err) != c.code {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

func TestRowIsVisible(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	row(&out, "en", words{"nama", "name"}, "BUDI\x1b[2J\u202eIDUB\tX\n\u2019")
	if got, want := out.String(), "name\tBUDI\ufffd[2J\ufffdIDUB\ufffdX\ufffd\u2019\n"; got != want {
		t.Errorf("%q, expected %q", got, want)
	}
}

// A folder that cannot be filled whole is taken away, and one that was there is left alone.
func TestSaveCardWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "card")
	x := inspect.Examination{Content: map[uint16][]byte{0x0101: {0x61}}}
	x.Files = []inspect.FileFacts{{FID: "0101", Name: "DG1"}, {FID: "0102", Name: "no/folder"}}
	if err := saveCard(folder, x); !fault.Is(err, OutputRefused) {
		t.Error(err)
	}
	if _, err := os.Lstat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a card is left: %v", err)
	}
	x.Files = x.Files[:1]
	if err := saveCard(folder, x); err != nil {
		t.Fatal(err)
	}
	if err := saveCard(folder, x); !fault.Is(err, OutputRefused) {
		t.Error(err)
	}
	if got, err := os.ReadFile(filepath.Join(folder, "0101-DG1.bin")); err != nil || string(got) != "a" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTrustRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.cer"), []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]CardAccess{
		"a certificate that is none":  {CSCA: folder},
		"an empty folder":             {CSCA: t.TempDir()},
		"a key that is none":          {CenterKeys: folder},
		"a local key that is none":    {LocalKeys: folder},
		"a status list that is none":  {Status: filepath.Join(folder, "a.cer")},
		"a status list that is away":  {Status: filepath.Join(folder, "b")},
		"a folder that is not there":  {CSCA: filepath.Join(folder, "c")},
		"a folder that is the config": {},
	} {
		cfg := Config{}
		if name == "a folder that is the config" {
			cfg.Keys.Anchors = folder
		}
		if _, err := c.trust(cfg); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
