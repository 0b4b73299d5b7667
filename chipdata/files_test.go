package chipdata

import (
	"bytes"
	"crypto/ecdh"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/ktp"
)

// The sample EF.COM of Doc 9303-10: DG1, DG2, DG3 and DG14.
func TestCOM(t *testing.T) {
	t.Parallel()
	want := unhex(t, "6016 5F01 04 30313037 5F36 06 303430303030 5C 04 6175636E")
	if got := EncodeCOM([]int{1, 2, 3, 14}); !bytes.Equal(got, want) {
		t.Errorf("% X", got)
	}
	c, err := ParseCOM(want)
	if err != nil || c.LDS != "0107" || c.Unicode != "040000" || len(c.DataGroups) != 4 || c.DataGroups[3] != 14 {
		t.Errorf("%+v, %v", c, err)
	}
	for name, s := range map[string]string{
		"twice": "6016 5F01 04 30313037 5F36 06 303430303030 5C 04 61756161", "no group": "6016 5F01 04 30313037 5F36 06 303430303030 5C 04 61757760",
		"order": "6016 5F36 06 303430303030 5F01 04 30313037 5C 04 6175636E", "tail": "6016 5F01 04 30313037 5F36 06 303430303030 5C 04 6175636E00",
	} {
		if _, err := ParseCOM(unhex(t, s)); !fault.Is(err, fileMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// base is the base point of P-256: a key that everybody knows.
func base(t testing.TB) []byte {
	t.Helper()
	one := make([]byte, 32)
	one[31] = 1
	k, err := ecdh.P256().NewPrivateKey(one)
	if err != nil {
		t.Fatal(err)
	}
	return k.PublicKey().Bytes()
}

func TestChipKeyFiles(t *testing.T) {
	t.Parallel()
	point := base(t)
	dg14, err := EncodeDG14(point)
	if err != nil || len(dg14) != sizeDG14 {
		t.Fatalf("DG14 %d bytes, %v", len(dg14), err)
	}
	dg15, err := EncodeDG15(point)
	if err != nil || len(dg15) != sizeDG15 {
		t.Fatalf("DG15 %d bytes, %v", len(dg15), err)
	}
	if got, err := ParseDG14(dg14); err != nil || !bytes.Equal(got, point) {
		t.Errorf("DG14: %v", err)
	}
	if got, err := ParseDG15(dg15); err != nil || !bytes.Equal(got, point) {
		t.Errorf("DG15: %v", err)
	}
	// PACEInfo as in EF.CardAccess (Doc 9303-11).
	if !bytes.Contains(dg14, unhex(t, "30 12 06 0A 04007F00070202040202 02 01 02 02 01 0C")) {
		t.Error("DG14 lacks PACEInfo")
	}
	off := bytes.Clone(point)
	off[64] ^= 1
	compressed := append([]byte{2}, point[1:33]...)
	for name, bad := range map[string][]byte{"nil": nil, "off the curve": off, "compressed": compressed, "infinity": make([]byte, 65)} {
		if _, err := EncodeDG14(bad); !fault.Is(err, chipKeyInvalid) {
			t.Errorf("DG14 %s: %v", name, err)
		}
		if _, err := EncodeDG15(bad); !fault.Is(err, chipKeyInvalid) {
			t.Errorf("DG15 %s: %v", name, err)
		}
	}
}

func TestPROF(t *testing.T) {
	t.Parallel()
	p, err := LoadProfile("ktpel-op-1-32k")
	if err != nil {
		t.Fatal(err)
	}
	id := ktp.AttemptID{0xA1, 0xB2}
	b := EncodePROF(p, id, MarkerClaimed)
	if want := unhex(t, "4B5450454C2D4F50 01 00 A1B20000000000000000000000000000 01 0000000000"); !bytes.Equal(b, want) {
		t.Errorf("% X", b)
	}
	if got, err := ParsePROF(b); err != nil || got.ID != "KTPEL-OP" || got.Attempt != id || got.Marker != MarkerClaimed || got.Version != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := ParsePROF(EncodePROF(p, ktp.AttemptID{}, MarkerBlank)); err != nil || !got.Attempt.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
	for name, bad := range map[string][]byte{
		"31 bytes": b[:31], "33 bytes": append(bytes.Clone(b), 0), "marker 3": EncodePROF(p, id, 3), "claimed by nobody": EncodePROF(p, ktp.AttemptID{}, MarkerClaimed),
		"blank with an attempt": EncodePROF(p, id, MarkerBlank), "reserved": append(bytes.Clone(b[:31]), 1), "id": append([]byte{0}, b[1:]...),
	} {
		if _, err := ParsePROF(bad); !fault.Is(err, fileMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// date is a birth date of the examples.
var date = time.Date(1990, 8, 17, 0, 0, 0, 0, time.UTC)

func details() Details {
	return Details{Names: []string{"BUDI SANTOSO", "BUDHI", "B. SANTOSO"}, NIK: "3173041708901234", BirthDate: date, BirthPlace: "SA’DAN", Street: "JL. A", RTRW: "001/002", Village: "V", District: "D", Occupation: "GURU"}
}

func TestDG11(t *testing.T) {
	t.Parallel()
	d := details()
	b := EncodeDG11(d)
	got, err := ParseDG11(b)
	if err != nil || strings.Join(got.Names, "|") != strings.Join(d.Names, "|") || got.BirthPlace != d.BirthPlace || got.RTRW != d.RTRW || !got.BirthDate.Equal(date) || got.Issue != nil {
		t.Errorf("%#v, %v", got, err)
	}
	d.Issue = &IssueDetails{IssueDate: date, PersonalizedAt: date.Add(90 * time.Second), Station: "S"}
	whole := EncodeDG11(d)
	if got, err := ParseDG11(whole); err != nil || *got.Issue != *d.Issue {
		t.Errorf("%#v, %v", got, err)
	}
	// The tag list is the same with and without issue data, and no list may name them.
	list := func(b []byte) []byte {
		body, err := only(b, 0x6B)
		if err != nil {
			t.Fatal(err)
		}
		first, _, err := NextTLV(body)
		if err != nil || first.Tag != 0x5C {
			t.Fatalf("%X, %v", first.Tag, err)
		}
		return first.Value
	}
	if !bytes.Equal(list(whole), list(b)) {
		t.Errorf("tag list %X", list(whole))
	}
	named := AppendTLV(nil, 0x5C, append(bytes.Clone(list(b)), 0x5F, 0x26, 0x5F, 0x55, 0x5F, 0x56)...)
	body, err := only(whole, 0x6B)
	if err != nil {
		t.Fatal(err)
	}
	rest := body[len(AppendTLV(nil, 0x5C, list(b)...)):]
	for name, bad := range map[string][]byte{
		"listed":  append(named, rest...),
		"not all": body[:len(body)-len(AppendTLV(nil, tagStation, 'S'))],
	} {
		if _, err := ParseDG11(AppendTLV(nil, 0x6B, bad...)); !fault.Is(err, fileMalformed) {
			t.Errorf("issue data %s: %v", name, err)
		}
	}
	if s := d.String() + d.GoString(); strings.Contains(s, "BUDI") {
		t.Error("the person shows")
	}
}

// Dates of other issuers in BCD are read as well.
func TestDG12(t *testing.T) {
	t.Parallel()
	want := IssueDetails{"DISDUKCAPIL", date, time.Date(2026, 11, 22, 9, 30, 15, 0, time.UTC), "S1"}
	text := EncodeDG12(want)
	bcd := AppendTLV(nil, 0x6C, bytes.Join([][]byte{
		AppendTLV(nil, 0x5C, 0x5F, 0x19, 0x5F, 0x26, 0x5F, 0x55, 0x5F, 0x56), AppendTLV(nil, 0x5F19, []byte("DISDUKCAPIL")...),
		unhex(t, "5F2604 19900817"), unhex(t, "5F5507 20261122093015"), AppendTLV(nil, 0x5F56, 'S', '1'),
	}, nil)...)
	for name, b := range map[string][]byte{"text": text, "BCD": bcd} {
		if got, err := ParseDG12(b); err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := ParseDG12(bytes.Replace(text, []byte("19900817"), []byte("19900832"), 1)); !fault.Is(err, fileMalformed) {
		t.Errorf("no such day: %v", err)
	}
}

func TestTagListMustAgree(t *testing.T) {
	t.Parallel()
	b := EncodeDG11(details())
	list := bytes.Index(b, []byte{0x5C})
	for name, change := range map[string]func([]byte){
		"another tag in the list": func(b []byte) { b[list+3]++ },
		"odd list":                func(b []byte) { b[list+1]-- },
		"another tag in the body": func(b []byte) { b[bytes.LastIndex(b, []byte{0x5F, 0x13})+1] = 0x14 },
	} {
		c := bytes.Clone(b)
		change(c)
		if _, err := ParseDG11(c); !fault.Is(err, fileMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func manifest() Manifest {
	h := [32]byte{9}
	return Manifest{
		Files:      []FileHash{{0x0201, [32]byte{1}}, {0x0203, [32]byte{3}}},
		Exceptions: []ktp.FingerException{{Finger: ktp.LeftIndex, Reason: ktp.FingerMissing}},
		Center:     &CenterSignature{KeyID: [8]byte{7}, Signature: [64]byte{8}, Other: [2]*[32]byte{&h, nil}},
		Religion:   1, Marital: 2, Blood: ktp.UnknownCode, Nationality: "IDN", Validity: ktp.Lifelong,
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	b, err := EncodeDG13(manifest())
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseDG13(b)
	if err != nil || len(m.Files) != 2 || m.Exceptions[0].Reason != ktp.FingerMissing || *m.Center.Other[0] != [32]byte{9} || m.Center.Other[1] != nil || m.Blood != ktp.UnknownCode {
		t.Errorf("%+v, %v", m, err)
	}
	for name, spoil := range map[string]func(*Manifest){
		"neither finger nor exception": func(m *Manifest) { m.Exceptions = nil },
		"file out of order":            func(m *Manifest) { m.Files[0], m.Files[1] = m.Files[1], m.Files[0] },
		"a file that it never lists":   func(m *Manifest) { m.Files[1].FID = 0x0204 },
		"exception without a reason":   func(m *Manifest) { m.Exceptions[0].Reason = 0 },
		"exception of a thumb":         func(m *Manifest) { m.Exceptions[0].Finger = ktp.LeftThumb },
		"exception twice":              func(m *Manifest) { m.Exceptions = append(m.Exceptions, m.Exceptions[0]) },
		"other record of no finger":    func(m *Manifest) { m.Center.Other[1] = m.Center.Other[0] },
		"no validity":                  func(m *Manifest) { m.Validity = "" },
		"no nationality":               func(m *Manifest) { m.Nationality = "ID" },
	} {
		m := manifest()
		spoil(&m)
		if _, err := EncodeDG13(m); !fault.Is(err, recordIncomplete) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string][2]string{
		"version 2": {"800101", "800102"}, "file of 31 bytes": {"A126", "A226"}, "reason 5": {"800107810101", "800107810105"}, "validity tag": {"C40C", "C50C"},
	} {
		bad := bytes.Replace(b, unhex(t, c[0]), unhex(t, c[1]), 1)
		if _, err := ParseDG13(bad); bytes.Equal(bad, b) || !fault.Is(err, fileMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// fingerOf is a record of n minutiae, all at the origin.
func fingerOf(f ktp.Finger, n int) []byte {
	b := append([]byte("FMR\x00 20\x00"), 0, 0, byte((30+6*n)>>8), byte(30+6*n), 0, 0, 1, 0, 1, 0, 0, 197, 0, 197, 1, 0, byte(f), 0, 80, byte(n))
	return append(b, make([]byte, 6*n+2)...)
}

// Position codes and CBEFF subtypes of all ten fingers (card profile KTPEL-OP 1, section 3.4).
func TestFingerFile(t *testing.T) {
	t.Parallel()
	for f, subtype := range map[ktp.Finger]byte{1: 0x05, 2: 0x09, 3: 0x0D, 4: 0x11, 5: 0x15, 6: 0x06, 7: 0x0A, 8: 0x0E, 9: 0x12, 10: 0x16} {
		for n, want := range map[int]int{60: 416, 40: 296} {
			b, err := EncodeFingerFile(fingerOf(f, n))
			if err != nil || len(b) != want {
				t.Fatalf("%d minutiae: %d bytes, %v", n, len(b), err)
			}
			got, err := ParseFingerFile(b)
			if err != nil || got.Subtype != subtype || got.Finger != f || got.Count != n {
				t.Errorf("%+v, %v", got, err)
			}
			b[bytes.Index(b, []byte{0x82, 1})+2] ^= 0x03 // the other hand
			if _, err := ParseFingerFile(b); !fault.Is(err, fileMalformed) {
				t.Errorf("finger %d under another subtype: %v", f, err)
			}
		}
	}
	for name, bad := range map[string][]byte{"unknown finger": fingerOf(0, 40), "finger 11": fingerOf(11, 40), "cut": fingerOf(2, 40)[:100], "nil": nil} {
		if _, err := EncodeFingerFile(bad); !fault.Is(err, fingerUnusable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFaceAndSignature(t *testing.T) {
	t.Parallel()
	img := append([]byte{0xFF, 0x4F, 0xFF, 0x51}, make([]byte, 2840)...)
	for _, sex := range []ktp.Sex{ktp.Male, ktp.Female, 0} {
		b, err := EncodeDG2(Face{Image: img, MIME: mimeJ2C, Width: 180, Height: 240, Sex: sex})
		if err != nil || len(b) != headerDG2+len(img) {
			t.Fatalf("%d bytes, %v", len(b), err)
		}
		f, err := ParseDG2(b)
		if err != nil || f.Width != 180 || f.Height != 240 || f.Sex != sex || f.MIME != mimeJ2C || !bytes.Equal(f.Image, img) {
			t.Errorf("%d x %d, %s, %v", f.Width, f.Height, f.MIME, err)
		}
	}
	b := EncodeDG7(img)
	if got, mime, err := ParseDG7(b); err != nil || mime != mimeJ2C || !bytes.Equal(got, img) || len(b) != headerDG7+len(img) {
		t.Errorf("%s, %v", mime, err)
	}
	if _, err := EncodeDG2(Face{Image: img, MIME: "image/png", Width: 1, Height: 1}); !fault.Is(err, codecNotAllowed) {
		t.Errorf("PNG: %v", err)
	}
	if _, _, err := ParseDG7(EncodeDG7([]byte("GIF89a"))); !fault.Is(err, fileMalformed) {
		t.Errorf("GIF: %v", err)
	}
}

func TestBIO(t *testing.T) {
	t.Parallel()
	want := biodataOf(ktp.Person{
		NIK: "3173041708901234", Names: []string{"BUDI"}, BirthPlace: "B", BirthDate: date, Sex: ktp.Female, Street: "S", RT: "001", RW: "002", Village: "V", District: "D",
		Regency: "R", Province: "P", Religion: 3, Marital: 4, Blood: 13, Occupation: "O", Nationality: "IDN", Validity: ktp.Lifelong,
	})
	b := EncodeBIO(want)
	if got, err := ParseBIO(b); err != nil || got != want {
		t.Errorf("%v", err)
	}
	if _, err := ParseBIO(bytes.Replace(b, []byte("19900817"), []byte("1990081X"), 1)); !fault.Is(err, fileMalformed) {
		t.Errorf("no date: %v", err)
	}
}
