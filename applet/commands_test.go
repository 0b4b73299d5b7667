package applet

import (
	"bytes"
	"testing"

	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

func profile(t testing.TB, name string) *chipdata.Profile {
	t.Helper()
	p, err := chipdata.LoadProfile(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The commands of the personalization sequence, byte by byte (card profile KTPEL-OP 1, section 8).
// Those under a channel stand as they are before protection.
func TestCommands(t *testing.T) {
	t.Parallel()
	p := profile(t, "ktpel-op-1-32k")
	id := ktp.AttemptID(unhex(t, "00112233445566778899AABBCCDDEEFF"))
	block := make([]byte, 70)
	block[0] = 0x31
	for _, c := range []struct {
		name string
		cmd  Command
		want string
	}{
		{"card identity", getCPLC(), "80CA9F7F00"},
		{"KDD", getKDD(), "80CA00CF00"},
		{"select issuer view", SelectApplication(p.AID), "00A4040007 F04B5450454C01"},
		{"read EF.PROF", ReadShort(claISO, sfiPROF(p), chipdata.SizePROF), "00B0940020"},
		{"initialize update", InitializeUpdate(0x30, [8]byte{1, 2, 3, 4, 5, 6, 7, 8}), "8050300008 0102030405060708 00"},
		{"claim", claimCommand(p, id), "80D6940020 4B5450454C2D4F50 01 00 00112233445566778899AABBCCDDEEFF 01 0000000000"},
		{"put key", putKey(newKeySet, block), "80D8008146 31" + string(bytes.Repeat([]byte("00"), 69))},
		{"replace key", putKey(0x38, []byte{0x38}), "80D8388101 38"},
		{"BAC keys", putData(tagBACKeys, make([]byte, 32)), "80DA00D020" + string(bytes.Repeat([]byte("00"), 32))},
		{"CAN", putData(tagCAN, []byte("123456")), "80DA00D106 313233343536"},
		{"chip authentication key", generateKeyPair(chipAuthKey), "8046800005 AC03800101 00"},
		{"active authentication key", generateKeyPair(activeAuthKey), "8046800005 AC03800102 00"},
		{"create DG2", createFile(0x0102, 0x02, 11380), "80E0000013 6211 80022C74 820101 83020102 880110 8A0103"},
		{"update", UpdateBinary(claCard, 0x1234, []byte{0xAA}), "80D6123401 AA"},
		{"select file", SelectFile(claCard, 0x011D), "80A4020C02 011D"},
		{"read", ReadBinary(claCard, 239, 239), "80B000EFEF"},
		{"delete file", deleteFile(0x0201), "80E4000004 83020201"},
		{"delete key", deleteKey(0x30), "80E4000003 D20130"},
		{"mark written", markCommand(p), "80D6941A01 02"},
		{"activate", activate(), "80440000"},
		{"deactivate", deactivate(), "80040000"},
		{"terminate", terminate(), "80E60000"},
		{"get response", getResponse(256), "00C0000000"},
	} {
		if got := c.cmd.Encode(); !bytes.Equal(got, unhex(t, c.want)) {
			t.Errorf("%s: %X, want %s", c.name, got, c.want)
		}
	}
}

// Doc 9303-11, appendix D.2: keys from the MRZ information of its example.
func TestBACKeys(t *testing.T) {
	t.Parallel()
	got := BACKeys("L898902C<369080619406236")
	if want := unhex(t, "AB94FDECF2674FDFB9B391F85D7F76F2 7962D9ECE03D1ACD4C76089DCE131543"); !bytes.Equal(got, want) {
		t.Errorf("%X, want %X", got, want)
	}
	for _, number := range []string{"L898902C<", "L898902C"} {
		if whole := BACInformation(number, "690806", "940623"); whole != "L898902C<369080619406236" {
			t.Errorf("MRZ information of %s: %s", number, whole)
		}
	}
	// The check digits of the example zone in the card profile KTPEL-OP 1, section 3.2: a long
	// document number counts in full.
	if got := BACInformation("3173041708901234", "900817", "991231"); got != "3173041708901234"+"1"+"9008179"+"9912315" {
		t.Errorf("MRZ information of a long number: %s", got)
	}
}

// The chunk is the longest whose sealed form fits, and never longer than the profile's.
func TestChunk(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ profile, lc, le, want int }{
		{239, 255, 256, 239},
		{239, 248, 256, 239},
		{239, 247, 256, 223},
		{239, 255, 240, 223},
		{239, 231, 256, 207},
		{239, 232, 256, 223},
		{192, 255, 256, 192},
		{192, 128, 256, 111},
		{239, 10, 10, 15},
		{1007, 255, 256, 239},
		{1007, 1016, 1016, 1007},
		{1007, 1015, 65535, 991},
	} {
		if got := chunkFor(c.profile, c.lc, c.le); got != c.want {
			t.Errorf("profile %d, Lc %d, Le %d: chunk %d, want %d", c.profile, c.lc, c.le, got, c.want)
		}
	}
}

// The public key of the card is taken in exactly one form.
func TestParsePoint(t *testing.T) {
	t.Parallel()
	point := append([]byte{0x04}, bytes.Repeat([]byte{0xAB}, 64)...)
	good := append([]byte{0x7F, 0x49, 0x43, 0x86, 0x41}, point...)
	if got, err := parsePoint(good); err != nil || !bytes.Equal(got, point) {
		t.Errorf("%X, %v", got, err)
	}
	for name, b := range map[string][]byte{
		"nothing":          nil,
		"cut":              good[:40],
		"one byte more":    append(bytes.Clone(good), 0),
		"other tag":        append([]byte{0x7F, 0x4A}, good[2:]...),
		"short point":      {0x7F, 0x49, 0x03, 0x86, 0x01, 0x04},
		"no point":         {0x7F, 0x49, 0x00},
		"length of a lie":  {0x7F, 0x49, 0x82, 0xFF, 0xFF, 0x86},
		"point and more":   append(append([]byte{0x7F, 0x49, 0x45}, good[3:]...), 0x99, 0x00),
		"compressed point": append([]byte{0x7F, 0x49, 0x23, 0x86, 0x21}, point[:33]...),
	} {
		if got, err := parsePoint(b); !fault.Is(err, notProfile) {
			t.Errorf("%s: %X, %v", name, got, err)
		}
	}
}
