package applet

import (
	"testing"

	"blanko/chipdata"
)

// StepCost is one row of the table of the card profile KTPEL-OP 1, section 8.2: how many commands a
// step sends, and how many bytes they and their answers have on the wire, status words included.
type StepCost struct {
	Number int // of the step in section 8.2
	Name   string
	APDUs  int
	Bytes  int
}

// stepNames are the rows of the table. Step 16, printing, is none of the card's.
var stepNames = []struct {
	number int
	name   string
}{
	{1, "card identity"},
	{2, "select issuer view"},
	{3, "read EF.PROF"},
	{4, "authenticate with the transport keys"},
	{5, "claim"},
	{6, "put the issuer keys"},
	{7, "authenticate with the issuer keys"},
	{8, "claim shown again"},
	{9, "keys of the ICAO view and of the card"},
	{10, "sign EF.SOD"},
	{11, "create files"},
	{12, "update binary"},
	{13, "read back"},
	{14, "put the keys for life, delete the transport keys"},
	{15, "mark written"},
	{17, "activate"},
}

// Count is the table for a card that is made without any trouble: the sums of Sequence by step.
func Count(p *chipdata.Profile, sizes map[uint16]int) []StepCost {
	commands := Sequence(p, sizes)
	table := make([]StepCost, len(stepNames))
	for i, s := range stepNames {
		table[i] = StepCost{Number: s.number, Name: s.name}
		for _, c := range commands {
			if c.Step == s.number {
				table[i].APDUs++
				table[i].Bytes += c.Sent + c.Received
			}
		}
	}
	return table
}

// The table of the card profile KTPEL-OP 1, section 8.2, for the benchmark record of 16,384 bytes, and
// the sums of section 9 for 5,974 bytes. The numbers of commands are the profile's; so are
// the bytes, with two differences that the wire agreement makes: the FCI names the longest Le as
// well (38 bytes, not 31), and CREATE FILE has no access attributes (55 bytes, not 71).
func TestCount(t *testing.T) {
	t.Parallel()
	rows := map[string]map[int][2]int{
		"ktpel-op-1-32k": {
			1: {1, 52}, 2: {1, 45}, 3: {1, 39}, 4: {2, 71}, 5: {1, 71}, 6: {1, 119}, 7: {2, 71}, 8: {1, 71},
			9: {4, 350}, 10: {0, 0}, 11: {13, 715}, 12: {76, 18260}, 13: {89, 18843}, 14: {3, 293}, 15: {1, 39}, 17: {6, 249},
		},
		"ktpel-op-1-8k": {9: {1, 71}, 11: {9, 495}, 12: {29, 0}, 13: {38, 0}, 17: {6, 249}},
	}
	totals := map[string][4]int{ // written without read back, read back, activation, whole
		"ktpel-op-1-32k": {107, 89, 6, 202},
		"ktpel-op-1-8k":  {53, 38, 6, 97},
	}
	for name, want := range totals {
		var got [4]int
		bytes := 0
		for _, s := range Count(profile(t, name), nil) {
			if w, ok := rows[name][s.Number]; ok && (s.APDUs != w[0] || w[1] != 0 && s.Bytes != w[1]) {
				t.Errorf("%s, step %d %s: %d commands, %d bytes; want %v", name, s.Number, s.Name, s.APDUs, s.Bytes, w)
			}
			switch s.Number {
			case 13:
				got[1] += s.APDUs
			case 17:
				got[2] += s.APDUs
			default:
				got[0] += s.APDUs
			}
			got[3] += s.APDUs
			bytes += s.Bytes
		}
		if got != want {
			t.Errorf("%s: commands %v, want %v (%d bytes)", name, got, want, bytes)
		}
		t.Logf("%s: %d commands, %d bytes", name, got[3], bytes)
	}
}

// A file that is not on the card costs nothing.
func TestCountWithoutFile(t *testing.T) {
	t.Parallel()
	p := profile(t, "ktpel-op-1-8k")
	sizes := map[uint16]int{}
	for _, f := range p.Files {
		sizes[f.FID] = f.Reference
	}
	sum := func() (n int) {
		for _, s := range Count(p, sizes) {
			n += s.APDUs
		}
		return n
	}
	all := sum()
	delete(sizes, 0x0202) // 416 bytes: create, 2 updates, select, 2 reads
	if without := sum(); all-without != 6 {
		t.Errorf("a finger of 416 bytes costs %d commands", all-without)
	}
}
