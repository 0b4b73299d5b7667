package chipdata

import (
	"errors"
	"strings"
	"testing"

	"blanko/fault"
)

func TestEmbeddedProfiles(t *testing.T) {
	t.Parallel()
	hashes := map[[32]byte]bool{}
	for _, c := range []struct {
		name         string
		files, total int // card profile KTPEL-OP 1, section 3.1
		groups       int
		chipKeys     bool
	}{{"ktpel-op-1-32k", 14, 16384, 8, true}, {"ktpel-op-1-8k", 10, 5974, 5, false}} {
		p, err := LoadProfile(c.name)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, f := range p.Files {
			total += f.Reference
		}
		if len(p.Files) != c.files || total != c.total || len(p.DataGroups()) != c.groups || p.NeedsChipKeys() != c.chipKeys || p.Name != c.name {
			t.Errorf("%s: %d files, %d bytes, %d data groups", c.name, len(p.Files), total, len(p.DataGroups()))
		}
		if p.Chunk != 239 || p.Keys.Level != 0x33 || p.Keys.I != 0x70 || string(p.AID) != "\xF0KTPEL\x01" || len(p.Access) != 8 {
			t.Errorf("%s: %+v", c.name, p.Keys)
		}
		hashes[p.Hash()] = true
	}
	if len(hashes) != 2 {
		t.Error("two profiles have one hash")
	}
	if _, err := LoadProfile("../profiles/ktpel-op-1-8k"); !fault.Is(err, profileUnknown) {
		t.Errorf("%v", err)
	}
}

// Every rule of a profile file is refused by itself, with the field.
func TestProfileRules(t *testing.T) {
	t.Parallel()
	good, err := profiles.ReadFile("profiles/ktpel-op-1-8k.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, field string }{
		{"usable_bytes: 7000", "usable_bytes: 7000\ncolor: red", ""},
		{"usable_bytes: 7000", "usable_bytes: 7000\nusable_bytes: 7000", ""},
		{"usable_bytes: 7000", "usable_bytes: many", ""},
		{"usable_bytes: 7000", "usable_bytes: 40000", "usable_bytes"},
		{"id: KTPEL-OP", "id: KTPEL", "id"},
		{"version: 1\n", "version: 0\n", "version"},
		{"name: ktpel-op-1-8k", "name: ''", "name"},
		{`program: "0.1"`, `program: ""`, "program"},
		{`"F04B5450454C01"`, `"F04B"`, "aid"},
		{`"F04B5450454C01"`, `"F04B5450454C0"`, ""},
		{`"A0000002471001"`, `"00"`, "icao_aid"},
		{"chunk: 239", "chunk: 240", "chunk"},
		{"admin: 0x39", "admin: 0x38", "keys"},
		{"scp: 0x03", "scp: 0x02", "keys.scp"},
		{"level: 0x33", "level: 0x01", "keys.level"},
		{"mac_length: 8", "mac_length: 4", "keys.mac_length"},
		{"key_length: 16", "key_length: 8", "keys.key_length"},
		{"derivation: kdf3", "derivation: visa2", "keys.derivation"},
		{"builder: com", "builder: con", "files[1]"},
		{"builder: com", "builder: prof", "files[1]"},
		{"fid: 0x010B", "fid: 0x0107", "files[5]"},
		{"sfi: 0x1E", "sfi: 0x1F", "files[1]"},
		{"sfi: 0x1E", "sfi: 0x01", "files[2]"},
		{"name: DG1,", "name: '',", "files[2]"},
		{"hash: sod, read: sam, icao: true, reference: 95", "read: sam, icao: true, reference: 95", "files[2]"},
		{"hash: manifest", "hash: paper", "files[7]"},
		{"hash: manifest, read: sam, icao: false, reference: 416}\n  - {fid: 0x0202", "read: sam, icao: false, reference: 416}\n  - {fid: 0x0202", "files[7]"},
		{"codecs: [jpeg2000]", "codecs: [webp]", "files[3]"},
		{"codecs: [jpeg2000], ", "", "files[3]"},
		{"reference: 95", "reference: 0", "files[2]"},
		{"read: free", "read: all", "files[0]"},
		{"builder: dg11+dg12", "builder: dg12", "files"},
		{"least: 1500", "least: 5000", "photo"},
		{"floor: 28", "floor: 0", "photo.sizes[0]"},
		{"{width: 120, height: 160, floor: 28}", "{width: 360, height: 480, floor: 28}", "photo.sizes[1]"},
		{"{most: 60, least: 40}", "{most: 40, least: 60}", "minutiae"},
		{"act: read, file: 0x0201", "act: read, file: 0x0203", "access[5]"},
		{"act: initialize_update, kvn: 0x31", "act: initialize_update", "access[3]"},
		{"act: update", "act: erase", "access[0]"},
		{"view: icao", "view: bank", "access[0]"},
		{"channel: plain", "channel: loud", "access[0]"},
		{"sw: 0x6982", "sw: 0x9000", "access[0]"},
	} {
		bad := strings.Replace(string(good), c.old, c.new, 1)
		if bad == string(good) {
			t.Fatalf("%q is not in the profile", c.old)
		}
		_, err := ParseProfile([]byte(bad))
		e, ok := errors.AsType[*fault.Error](err)
		if !ok || e.Code != profileMalformed.Code || e.Field != c.field {
			t.Errorf("%s: %v", c.new, err)
		}
	}
	for name, bad := range map[string]string{"empty": "", "not YAML": ":\n\t-", "a list": "- 1", "too large": "# " + strings.Repeat("x", maxProfile)} {
		if _, err := ParseProfile([]byte(bad)); !fault.Is(err, profileMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Longer chunks belong to chip types that take APDUs of extended length.
func TestExtendedChunk(t *testing.T) {
	t.Parallel()
	good, err := profiles.ReadFile("profiles/ktpel-op-1-32k.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		chunk, extended string
		ok              bool
	}{
		{"1007", "true", true},
		{"32735", "true", true},
		{"239", "true", true},
		{"32736", "true", false},
		{"1007", "false", false},
	} {
		s := strings.Replace(string(good), "chunk: 239", "chunk: "+c.chunk, 1)
		s = strings.Replace(s, "extended_length: false", "extended_length: "+c.extended, 1)
		if _, err := ParseProfile([]byte(s)); (err == nil) != c.ok {
			t.Errorf("chunk %s, extended %s: %v", c.chunk, c.extended, err)
		}
	}
}

// A changed byte is another profile, a comment as well.
func TestProfileHash(t *testing.T) {
	t.Parallel()
	good, err := profiles.ReadFile("profiles/ktpel-op-1-8k.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a, err := ParseProfile(good)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseProfile(append(good, "# \n"...))
	if err != nil || a.Hash() == b.Hash() {
		t.Errorf("%v", err)
	}
}

func FuzzProfile(f *testing.F) {
	for _, name := range []string{"ktpel-op-1-32k", "ktpel-op-1-8k"} {
		b, err := profiles.ReadFile("profiles/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := ParseProfile(b); err != nil {
			if !fault.Is(err, profileMalformed) {
				t.Fatal(err)
			}
		} else if _, ok := p.File(BuildSOD); !ok {
			t.Fatal("a profile without EF.SOD")
		}
	})
}
