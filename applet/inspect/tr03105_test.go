package inspect_test

import (
	"bytes"
	_ "embed"
	"encoding/asn1"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"blanko/chipdata"
)

//go:embed testdata/tr03105.yaml
var tr03105Rows []byte

// tr03105Row is one row of the file, or one for each id up to the number Through.
type tr03105Row struct {
	ID      string `yaml:"id"`
	Through int    `yaml:"through"`
	Subject string `yaml:"subject"`
	Result  string `yaml:"result"` // passed, not_applicable
	Because string `yaml:"because"`
	Instead string `yaml:"instead"`
}

// tr03105Units are the test cases of version 1.5.1 by unit: how many there are, and those that a unit has
// beside its numbers.
var tr03105Units = []struct {
	unit  string
	last  int
	extra []string
}{
	{"ISO7816_H", 16, nil},
	{"ISO7816_J", 56, nil},
	{"ISO7816_K", 20, []string{"ISO7816_K_1a", "ISO7816_K_1b"}},
	{"ISO7816_L", 16, nil},
	{"ISO7816_M", 6, nil},
	{"ISO7816_N", 1, nil},
	{"LDS_E", 5, nil},
	{"LDS_F", 1, nil},
	{"LDS_G", 11, nil},
	{"LDS_H", 11, nil},
	{"LDS_L", 5, nil},
}

// tr03105Tests are the rows that run. A function that tries nothing is an error.
var tr03105Tests = map[string]func(*subject){
	"ISO7816_H_1":  func(s *subject) { s.inChannel(func(r *reader) { s.cannotSelect(r, 0x0103, 0x0201) }) },
	"ISO7816_H_2":  func(s *subject) { s.inChannel(func(r *reader) { s.cannotSelect(r, 0x0104, 0x0202) }) },
	"ISO7816_H_3":  func(s *subject) { s.inChannel(func(r *reader) { s.cannotReadSFI(r, 0x03, 0x11) }) },
	"ISO7816_H_4":  func(s *subject) { s.inChannel(func(r *reader) { s.cannotReadSFI(r, 0x04, 0x12) }) },
	"ISO7816_H_5":  func(s *subject) { s.inChannel(func(r *reader) { s.cannotReadOdd(r, 0x0003, 0x0011) }) },
	"ISO7816_H_6":  func(s *subject) { s.inChannel(func(r *reader) { s.cannotReadOdd(r, 0x0004, 0x0012) }) },
	"ISO7816_H_7":  func(s *subject) { s.inTheClear(0x00, 0xA4, 0x02, 0x0C, 0x02, 0x01, 0x1C) },
	"ISO7816_H_8":  func(s *subject) { s.inTheClear(0x00, 0xB0, 0x80|0x1C, 0x00, 0x01) },
	"ISO7816_H_9":  func(s *subject) { s.inTheClear(0x00, 0xB1, 0x00, 0x1C, 0x03, 0x54, 0x01, 0x00, 0x07) },
	"ISO7816_H_10": func(s *subject) { s.inTheClear(0x00, 0xB1, 0x01, 0x1C, 0x03, 0x54, 0x01, 0x00, 0x07) },
	"ISO7816_H_11": func(s *subject) { s.inChannel(func(r *reader) { s.cannotReadOdd(r, 0x0103, 0x0201) }) },
	"ISO7816_H_12": func(s *subject) { s.inChannel(func(r *reader) { s.cannotReadOdd(r, 0x0104, 0x0202) }) },

	"LDS_E_2": func(s *subject) { s.noTerminalInfo() },

	"LDS_G_2": func(s *subject) { s.fingers(func(f fingerObjects) bool { return f.whole }) },
	"LDS_G_5": func(s *subject) { s.fingers(func(f fingerObjects) bool { return f.tag == 0x7F60 && f.whole }) },
	"LDS_G_6": func(s *subject) { s.fingers(func(f fingerObjects) bool { return f.headerTag == 0xA1 }) },
	"LDS_G_7": func(s *subject) {
		s.fingers(func(f fingerObjects) bool { return bytes.Equal(f.header[0x87], []byte{1, 1}) })
	},
	"LDS_G_8": func(s *subject) {
		s.fingers(func(f fingerObjects) bool { return bytes.Equal(f.header[0x88], []byte{0, 1}) })
	},
	"LDS_G_9":  func(s *subject) { s.fingers(fingerObjects.subtype) },
	"LDS_G_10": func(s *subject) { s.fingers(func(f fingerObjects) bool { return f.blockTag == 0x5F2E }) },
	"LDS_G_11": func(s *subject) {
		s.fingers(func(f fingerObjects) bool { return bytes.HasPrefix(f.block, []byte("FMR\x00")) })
	},

	"LDS_L_1": withATRInfo(func(s *subject, objects map[uint16][]byte) { s.check(len(objects) > 0, "no data object") }),
	"LDS_L_2": withATRInfo(func(s *subject, objects map[uint16][]byte) { s.check(objects[0x7F66] != nil, "no object 7F66") }),
	"LDS_L_3": withATRInfo((*subject).twoLengths),
	"LDS_L_4": withATRInfo(func(s *subject, objects map[uint16][]byte) {
		capabilities := objects[0x47]
		s.check(len(capabilities) == 3 && capabilities[2]&0x80 != 0, "card capabilities %X", capabilities)
	}),
	"LDS_L_5": withATRInfo(func(s *subject, _ map[uint16][]byte) {
		s.open.reset()
		s.open.need(0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00)
		a := s.open.plain(0x00, 0xA4, 0x02, 0x0C, 0x02, 0x2F, 0x01)
		s.check(a.sw == 0x9000 && len(a.data) == 0, "%v", a)
	}),
}

// tr03105Reasons prove that a row is not applicable.
var tr03105Reasons = map[string]func(*subject){
	"no_terminal_authentication": func(s *subject) {
		s.noTerminalInfo()
		s.inChannel(s.refusesTerminal)
	},
	"no_cvca": func(s *subject) {
		s.noTerminalInfo()
		s.inChannel(func(r *reader) { s.cannotSelect(r, 0x011C); s.cannotReadSFI(r, 0x1C) })
	},
	"no_group_template": func(s *subject) {
		s.absent(3)
		s.fingers(func(f fingerObjects) bool { return f.tag == 0x7F60 && f.whole })
	},
	"no_dg4":  func(s *subject) { s.absent(4) },
	"deleted": func(s *subject) { s.tried++ },
}

// TestTR03105 runs the table: every id has one row, and what is marked passed or not applicable is so.
func TestTR03105(t *testing.T) {
	t.Parallel()
	var file struct {
		Reasons map[string]string `yaml:"reasons"`
		Rows    []tr03105Row      `yaml:"rows"`
	}
	if err := yaml.UnmarshalWithOptions(tr03105Rows, &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	rows := expand(t, file.Rows)
	for _, u := range tr03105Units {
		ids := slices.Clone(u.extra)
		for n := range u.last {
			ids = append(ids, fmt.Sprintf("%s_%d", u.unit, n+1))
		}
		for _, id := range ids {
			if _, ok := rows[id]; !ok {
				t.Errorf("%s has no row", id)
			}
		}
		for id := range rows {
			if strings.HasPrefix(id, u.unit+"_") && !slices.Contains(ids, id) {
				t.Errorf("%s is no test case of unit %s", id, u.unit)
			}
		}
	}
	const cases = 117 + 33 // of the units with ISO7816 in their names, and of those with LDS
	if len(rows) != cases {
		t.Errorf("%d rows, expected %d", len(rows), cases)
	}
	for id := range tr03105Tests {
		if rows[id].Result != "passed" {
			t.Errorf("%s has a test but is not marked passed", id)
		}
	}

	subjects := newSubjects(t)
	proved := map[string]bool{}
	passed := 0
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		row := rows[id]
		if row.Subject == "" {
			t.Errorf("%s has no subject", id)
		}
		run := tr03105Tests[id]
		switch row.Result {
		case "passed":
			if run == nil || row.Because != "" {
				t.Errorf("%s is marked passed, but nothing runs", id)
				continue
			}
			passed++
		case "not_applicable":
			run = tr03105Reasons[row.Because]
			if run == nil || file.Reasons[row.Because] == "" || row.Instead != "" {
				t.Errorf("%s is not applicable for a reason that nothing proves: %q", id, row.Because)
				continue
			}
			if proved[row.Because] {
				continue
			}
			proved[row.Because] = true
			id = row.Because
		default:
			t.Errorf("%s is marked %q", id, row.Result)
			continue
		}
		t.Run(id, func(t *testing.T) {
			for _, s := range subjects {
				s.run(t, run)
			}
		})
	}
	if len(proved) != len(file.Reasons) {
		t.Errorf("%d reasons, of which %d are used", len(file.Reasons), len(proved))
	}
	t.Logf("TR-03105 Part 3.2, version 1.5.1: %d test cases, %d passed, %d not applicable", len(rows), passed, len(rows)-passed)
}

// expand makes a row of every id; an id that stands twice is an error.
func expand(t *testing.T, list []tr03105Row) map[string]tr03105Row {
	t.Helper()
	rows := map[string]tr03105Row{}
	for _, row := range list {
		ids := []string{row.ID}
		if row.Through > 0 {
			at := strings.LastIndexByte(row.ID, '_') + 1
			first, err := strconv.Atoi(row.ID[at:])
			if err != nil || first >= row.Through {
				t.Fatalf("%s through %d", row.ID, row.Through)
			}
			for n := first + 1; n <= row.Through; n++ {
				ids = append(ids, row.ID[:at]+strconv.Itoa(n))
			}
		}
		for _, id := range ids {
			if _, twice := rows[id]; twice {
				t.Errorf("%s has two rows", id)
			}
			rows[id] = row
		}
	}
	return rows
}

func (s *subject) cannotSelect(r *reader, fids ...uint16) {
	s.t.Helper()
	for _, fid := range fids {
		a := r.send(0xA4, 0x02, 0x0C, []byte{byte(fid >> 8), byte(fid)}, noLe)
		if a.sealed && a.sw == 0x9000 {
			a = r.send(0xB0, 0x00, 0x00, nil, 1)
		}
		s.check(a.sealed && a.refused(), "file %04X: %v", fid, a)
	}
}

func (s *subject) cannotReadSFI(r *reader, sfis ...byte) {
	s.t.Helper()
	for _, sfi := range sfis {
		a := r.send(0xB0, 0x80|sfi, 0x00, nil, 1)
		s.check(a.sealed && a.refused(), "short identifier %02X: %v", sfi, a)
	}
}

func (s *subject) cannotReadOdd(r *reader, names ...uint16) {
	s.t.Helper()
	for _, n := range names {
		a := r.send(0xB1, byte(n>>8), byte(n), []byte{0x54, 0x01, 0x00}, 7)
		s.check(a.sealed && a.refused(), "P1 P2 %04X: %v", n, a)
	}
}

// inTheClear sends a command in the LDS application before any channel: a plain refusal.
func (s *subject) inTheClear(capdu ...byte) {
	s.t.Helper()
	s.open.reset()
	s.open.need(selectLDS...)
	a := s.open.plain(capdu...)
	if capdu[1] == 0xA4 && a.sw == 0x9000 {
		a = s.open.plain(0x00, 0xB0, 0x00, 0x00, 0x01)
	}
	s.check(a.refused(), "%X: %v", capdu, a)
}

// refusesTerminal: the commands of terminal authentication, under secure messaging.
func (s *subject) refusesTerminal(r *reader) {
	s.t.Helper()
	reference := object(0x83, []byte("IDCVCA00001")...)
	for _, c := range []struct {
		name string
		a    answer
	}{
		{"MSE:Set DST", r.send(0x22, 0x81, 0xB6, reference, noLe)},
		{"PSO: verify certificate", r.send(0x2A, 0x00, 0xBE, append(object(0x7F4E, 1), object(0x5F37, 1)...), noLe)},
		{"MSE:Set AT", r.send(0x22, 0x81, 0xA4, reference, noLe)},
		{"GET CHALLENGE", r.send(0x84, 0x00, 0x00, nil, 8)},
		{"EXTERNAL AUTHENTICATE", r.send(0x82, 0x00, 0x00, make([]byte, 64), noLe)},
	} {
		s.check(c.a.sealed && c.a.refused(), "%s: %v", c.name, c.a)
	}
}

// noTerminalInfo: no SecurityInfo of DG14 is one of terminal authentication, id-TA with whatever is below
// (BSI TR-03110-3, A.1.1.3).
func (s *subject) noTerminalInfo() {
	s.t.Helper()
	if !s.large {
		s.check(s.files[0x010E] == nil, "DG14 on a small chip")
		return
	}
	idTA := asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 2}
	for _, info := range securityInfos(s.t, soleObject(s.t, s.files[0x010E], 0x6E)) {
		s.check(len(info.Protocol) < len(idTA) || !info.Protocol[:len(idTA)].Equal(idTA), "DG14 announces %v", info.Protocol)
	}
}

// absent: neither file nor index nor signature know the data group.
func (s *subject) absent(group int) {
	s.t.Helper()
	com, err := chipdata.ParseCOM(s.files[0x011E])
	if err != nil {
		s.t.Fatal(err)
	}
	sod, err := chipdata.ParseSOD(s.files[0x011D])
	if err != nil {
		s.t.Fatal(err)
	}
	file := s.files[0x0100+uint16(group)]
	s.check(file == nil && !slices.Contains(com.DataGroups, group) && sod.Hashes[group] == nil, "DG%d is there", group)
}

// fingerObjects are the data objects of a finger file, lengths checked.
type fingerObjects struct {
	tag, headerTag, blockTag uint16
	whole                    bool // nothing behind the template, nothing behind the block
	header                   map[uint16][]byte
	block                    []byte
}

// subtype is one finger by ISO/IEC 19785-3: a hand in the two low bits, a finger in the three above.
func (f fingerObjects) subtype() bool {
	v := f.header[0x82]
	return len(v) == 1 && (v[0]&3 == 1 || v[0]&3 == 2) && v[0]>>2 >= 1 && v[0]>>2 <= 5
}

func (s *subject) fingers(ok func(fingerObjects) bool) {
	s.t.Helper()
	for _, fid := range []uint16{0x0201, 0x0202} {
		outer, rest := nextObject(s.t, s.files[fid])
		header, behind := nextObject(s.t, outer.value)
		block, end := nextObject(s.t, behind)
		f := fingerObjects{outer.tag, header.tag, block.tag, len(rest)+len(end) == 0, map[uint16][]byte{}, block.value}
		for b := header.value; len(b) > 0; {
			var o dataObject
			o, b = nextObject(s.t, b)
			f.header[o.tag] = o.value
		}
		s.check(ok(f), "file %04X: %04X %04X %04X, header %X", fid, f.tag, f.headerTag, f.blockTag, f.header)
	}
}

// withATRInfo reads EF.ATR/INFO; a chip without extended lengths does not have it.
func withATRInfo(try func(*subject, map[uint16][]byte)) func(*subject) {
	return func(s *subject) {
		s.t.Helper()
		s.open.reset()
		s.open.need(0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00)
		a := s.open.plain(0x00, 0xA4, 0x02, 0x0C, 0x02, 0x2F, 0x01)
		if !s.large {
			s.check(a.sw == 0x6A82, "EF.ATR/INFO without extended lengths: %v", a)
			return
		}
		objects := map[uint16][]byte{}
		for b := s.open.need(0x00, 0xB0, 0x00, 0x00, 0x00); len(b) > 0; {
			var o dataObject
			o, b = nextObject(s.t, b)
			objects[o.tag] = o.value
		}
		try(s, objects)
	}
}

func (s *subject) twoLengths(objects map[uint16][]byte) {
	s.t.Helper()
	b := objects[0x7F66]
	for range 2 {
		var o dataObject
		o, b = nextObject(s.t, b)
		s.check(o.tag == 0x02 && len(o.value) > 0 && o.value[0] < 0x80 && len(bytes.Trim(o.value, "\x00")) > 0, "object %X %X", o.tag, o.value)
	}
	s.check(len(b) == 0, "more than two objects")
}
