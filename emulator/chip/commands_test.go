package chip

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// Plain commands: exact bytes, exact answer. The card is selected, in the situation named.
func TestPlainAnswers(t *testing.T) {
	t.Parallel()
	serial := "FAB101020304BA7C"
	for _, c := range []struct {
		name    string
		in      situation
		command string
		answer  string // with status word
	}{
		{"KDD", inBlank, "80CA00CF00", "CF0A0000" + serial + "9000"},
		{"KDD, exact Le", inBlank, "80CA00CF0C", "CF0A0000" + serial + "9000"},
		{"KDD, wrong Le", inBlank, "80CA00CF05", "6C0C"},
		{"KDD without Le", inBlank, "80CA00CF", "6700"},
		{"KDD of a terminated card", inTerminated, "80CA00CF00", "CF0A0000" + serial + "9000"},
		{"unknown data object", inBlank, "80CA006600", "6A88"},
		{"CPLC", inActive, "80CA9F7F00", "9F7F2A B1A04B54504560010001" + serial + fmt.Sprintf("%048d", 0) + "9000"},

		{
			"SELECT", inBlank, "00A4040007F04B5450454C01",
			"6F1D8407F04B5450454C018A0103850F80084B5450454C2D4F50820301FF00 9000",
		},
		{
			"SELECT with Le", inActive, "00A4040007F04B5450454C0100",
			"6F1D8407F04B5450454C018A0105850F80084B5450454C2D4F50820301FF00 9000",
		},
		{"SELECT without answer", inBlank, "00A4040C07F04B5450454C01", "9000"},
		{"SELECT of a blocked card", inBlocked, "00A4040C07F04B5450454C01", "6283"},
		{"SELECT of a terminated card", inTerminated, "00A4040C07F04B5450454C01", "6285"},
		{"ICAO view off", inActive, "00A4040C07A0000002471001", "6A82"},
		{"SELECT of something else", inBlank, "00A4040007A0000000041010", "6A82"},
		{"SELECT, other P1", inBlank, "00A4080C02011E", "6A86"},
		{"SELECT, other P2", inBlank, "00A4040407F04B5450454C01", "6A86"},
		{"SELECT without data", inBlank, "00A40400", "6700"},
		{"SELECT EF.PROF", inBlank, "00A4020C020204", "9000"},
		{"SELECT EF with Le", inBlank, "00A4020C02020400", "6700"},
		{"SELECT EF that is not there", inBlank, "00A4020C020101", "6A82"},
		{"SELECT EF of a terminated card", inTerminated, "00A4020C020204", "6985"},

		{"READ EF.PROF", inBlank, "00B0940020", "4B5450454C2D4F500100" + fmt.Sprintf("%044d", 0) + "9000"},
		{"READ EF.PROF, Le 00", inClaimed, "00B0940A00", "A77E4D970102030405060708090A0B0C 01 0000000000 9000"},
		{"READ EF.PROF, long Le", inClaimed, "00B0941AFF", "010000000000 9000"},
		{"READ EF.PROF of a blocked card", inBlocked, "00B0941A01", "029000"},
		{"READ EF.PROF of a terminated card", inTerminated, "00B0940020", "6985"},
		{"READ behind the end", inBlank, "00B0942001", "6B00"},
		{"READ without Le", inBlank, "00B09400", "6700"},
		{"READ with data", inBlank, "00B094000100", "6700"},
		{"READ without a current file", inBlank, "00B0000001", "6986"},
		{"READ, reserved bits of P1", inBlank, "00B0E00001", "6A86"},
		{"READ of the fingers without a channel", inActive, "00B0910020", "6982"},
		{"READ of DG1 without a channel", inWritten, "00B0810020", "6982"},
		{"READ of DG1 of a blocked card", inBlocked, "00B0810020", "6985"},
		{"READ of a file that is not there", inActive, "00B0930020", "6A82"},

		{"plain UPDATE", inActive, "00D681000161", "6985"},
		{"plain UPDATE of no file", inBlank, "00D6000001AA", "6985"},
		{"plain UPDATE of EF.PROF", inBlank, "00D6940001AA", "6985"},
		{"plain UPDATE without data", inBlank, "00D68100", "6700"},
		{"plain CREATE", inWritten, "00E00000020000", "6982"},
		{"plain CREATE on an active card", inActive, "00E00000020000", "6985"},
		{"plain DELETE", inClaimed, "00E40000020000", "6982"},
		{"plain PUT KEY", inClaimed31, "80D80081023100", "6982"},
		{"plain ACTIVATE", inWritten, "00440000", "6982"},
		{"plain ACTIVATE of a blocked card", inBlocked, "00440000", "6985"},
		{"plain TERMINATE", inActive, "00E60000", "6985"},
		{"secure messaging without a channel", inActive, "84B0810008 0000000000000000 20", "6982"},

		{"INITIALIZE UPDATE, unknown set", inBlank, "805000000801020304050607 0800", "6A88"},
		{"INITIALIZE UPDATE, key id", inBlank, "8050300108010203040506070800", "6A86"},
		{"INITIALIZE UPDATE, short challenge", inBlank, "80503000070102030405060700", "6700"},
		{"INITIALIZE UPDATE without Le", inBlank, "80503000080102030405060708", "6700"},
		{"EXTERNAL AUTHENTICATE alone", inBlank, "8482330010" + fmt.Sprintf("%032d", 0), "6985"},

		{"unknown instruction", inBlank, "00FF0000", "6D00"},
		{"odd READ", inBlank, "00B1000000", "6D00"},
		{"unknown class", inBlank, "0CB0940020", "6E00"},
		{"chaining", inBlank, "10D6940001AA", "6E00"},
		{"READ in the other class", inBlank, "80B0940020", "6E00"},
		{"three bytes", inBlank, "00A404", "6700"},
		{"Lc too long", inBlank, "00D69400051122", "6700"},
		{"extended length", inBlank, "00B09400000020", "6700"},
		{"bytes behind Le", inBlank, "00A4020C0202040000", "6700"},
	} {
		h := hostIn(t, c.in)
		r, sw, err := h.raw(unhex(t, c.command))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := append(r, byte(sw>>8), byte(sw)); !bytes.Equal(got, unhex(t, c.answer)) {
			t.Errorf("%s: %X, want %s", c.name, got, c.answer)
		}
	}
}

// Commands under key 31 after the claim, on a card with files.
func TestSecureAnswers(t *testing.T) {
	t.Parallel()
	fcp := "62118002%s820101 8302%s 8801%s 8A0103"
	for _, c := range []struct {
		name        string
		ins, p1, p2 byte
		data        string
		le          int
		want        uint16
	}{
		{"CREATE", 0xE0, 0, 0, fmt.Sprintf(fcp, "0010", "0107", "38"), -1, 0x9000},
		{"CREATE, same file", 0xE0, 0, 0, fmt.Sprintf(fcp, "0010", "0101", "38"), -1, 0x6A89},
		{"CREATE, same short identifier", 0xE0, 0, 0, fmt.Sprintf(fcp, "0010", "0107", "08"), -1, 0x6A89},
		{"CREATE of EF.PROF", 0xE0, 0, 0, fmt.Sprintf(fcp, "0020", "0204", "A0"), -1, 0x6A80},
		{"CREATE, foreign identifier", 0xE0, 0, 0, fmt.Sprintf(fcp, "0010", "2F00", "38"), -1, 0x6A80},
		{"CREATE, empty", 0xE0, 0, 0, fmt.Sprintf(fcp, "0000", "0107", "38"), -1, 0x6A80},
		{"CREATE, over 15 bits", 0xE0, 0, 0, fmt.Sprintf(fcp, "8000", "0107", "38"), -1, 0x6A80},
		{"CREATE, no room", 0xE0, 0, 0, fmt.Sprintf(fcp, "7FFF", "0107", "38"), -1, 0x6A84},
		{"CREATE, no short identifier", 0xE0, 0, 0, fmt.Sprintf(fcp, "0010", "0107", "00"), -1, 0x6A80},
		{"CREATE, not transparent", 0xE0, 0, 0, "62118002001082010283020107 8801388A0103", -1, 0x6A80},
		{"CREATE, object missing", 0xE0, 0, 0, "620E80020010820101 83020107 8A0103", -1, 0x6A80},
		{"CREATE, object twice", 0xE0, 0, 0, "6215 80020010 80020010 820101 83020107 880138 8A0103", -1, 0x6A80},
		{"CREATE, P1", 0xE0, 1, 0, fmt.Sprintf(fcp, "0010", "0107", "38"), -1, 0x6A86},
		{"CREATE with Le", 0xE0, 0, 0, fmt.Sprintf(fcp, "0010", "0107", "38"), 0, 0x6700},

		{"UPDATE by short identifier", 0xD6, 0x81, 0x05, "0102", -1, 0x9000},
		{"UPDATE to the end", 0xD6, 0x81, 93, "0102", -1, 0x9000},
		{"UPDATE over the end", 0xD6, 0x81, 94, "0102", -1, 0x6B00},
		{"UPDATE of no file", 0xD6, 0x93, 0, "0102", -1, 0x6A82},
		{"UPDATE without data", 0xD6, 0x81, 0, "", -1, 0x6700},
		{"UPDATE with Le", 0xD6, 0x81, 0, "01", 0, 0x6700},
		{"part of EF.PROF", 0xD6, 0x94, 10, "0102", -1, 0x6985},
		{"marker blank", 0xD6, 0x94, 26, "00", -1, 0x6985},
		{"EF.PROF over the end", 0xD6, 0x94, 31, "0102", -1, 0x6B00},
		{"claim, other profile", 0xD6, 0x94, 0, "4B5450454C2D4F51" + fmt.Sprintf("0100%X010000000000", testID), -1, 0x6A80},
		{"claim, other version", 0xD6, 0x94, 0, "4B5450454C2D4F50" + fmt.Sprintf("0200%X010000000000", testID), -1, 0x6A80},
		{"claim, marker 02", 0xD6, 0x94, 0, "4B5450454C2D4F50" + fmt.Sprintf("0100%X020000000000", testID), -1, 0x6A80},
		{"claim, reserved bytes", 0xD6, 0x94, 0, "4B5450454C2D4F50" + fmt.Sprintf("0100%X010000000001", testID), -1, 0x6A80},
		{"mark too early", 0xD6, 0x94, 26, "02", -1, 0x6985},

		{"READ", 0xB0, 0x81, 0, "", 0x5F, 0x9000},
		{"READ, Le 240", 0xB0, 0x82, 0, "", 240, 0x6700},
		{"READ behind the end", 0xB0, 0x81, 95, "", 1, 0x6B00},
		{"READ without Le", 0xB0, 0x81, 0, "", -1, 0x6700},
		{"SELECT EF", 0xA4, 0x02, 0x0C, "0102", -1, 0x9000},

		{"DELETE FILE", 0xE4, 0, 0, "83020102", -1, 0x9000},
		{"DELETE, not there", 0xE4, 0, 0, "83020107", -1, 0x6A82},
		{"DELETE of EF.PROF", 0xE4, 0, 0, "83020204", -1, 0x6985},
		{"DELETE KEY 30", 0xE4, 0, 0, "D20130", 0, 0x9000},
		{"DELETE KEY 31", 0xE4, 0, 0, "D20131", -1, 0x6985},
		{"DELETE KEY 38, not there", 0xE4, 0, 0, "D20138", -1, 0x6A88},
		{"DELETE of an unknown key", 0xE4, 0, 0, "D20101", -1, 0x6A88},
		{"DELETE of something", 0xE4, 0, 0, "4F00", -1, 0x6A80},
		{"DELETE, P2", 0xE4, 0, 1, "83020102", -1, 0x6A86},

		{"PUT DATA BAC", 0xDA, 0, 0xD0, fmt.Sprintf("%064d", 0), -1, 0x9000},
		{"PUT DATA BAC, short", 0xDA, 0, 0xD0, "00", -1, 0x6700},
		{"PUT DATA CAN", 0xDA, 0, 0xD1, "313233343536", -1, 0x9000},
		{"PUT DATA CAN, letters", 0xDA, 0, 0xD1, "414243444546", -1, 0x6A80},
		{"PUT DATA of something", 0xDA, 0, 0xD2, "00", -1, 0x6A86},

		{"GENERATE", 0x46, 0x80, 0, "AC03800101", 0, 0x9000},
		{"GENERATE without Le", 0x46, 0x80, 0, "AC03800102", -1, 0x9000},
		{"GENERATE, unknown key", 0x46, 0x80, 0, "AC03800103", 0, 0x6A80},
		{"GENERATE, P1", 0x46, 0, 0, "AC03800101", 0, 0x6A86},

		{"PUT KEY, P2", 0xD8, 0, 0x01, "38", -1, 0x6A86},
		{"PUT KEY, nothing", 0xD8, 0, 0x81, "", -1, 0x6700},
		{"PUT KEY, cut off", 0xD8, 0, 0x81, "38881110", -1, 0x6A80},
		{"PUT KEY 30", 0xD8, 0, 0x81, "30881110", -1, 0x6985},
		{"PUT KEY, unknown set", 0xD8, 0, 0x81, "40881110", -1, 0x6985},
		{"PUT KEY in place of an absent set", 0xD8, 0x38, 0x81, "38881110", -1, 0x6A88},
		{"PUT KEY in place of another", 0xD8, 0x31, 0x81, "38881110", -1, 0x6A80},

		{"ACTIVATE too early", 0x44, 0, 0, "", -1, 0x6985},
		{"ACTIVATE, P1", 0x44, 1, 0, "", -1, 0x6A86},
		{"ACTIVATE with data", 0x44, 0, 0, "00", -1, 0x6700},
		{"GET DATA", 0xCA, 0, 0xCF, "", 0, 0x9000},
		{"INITIALIZE UPDATE under a channel", 0x50, 0x31, 0, "0102030405060708", 0, 0x6E00},
		{"unknown instruction", 0xFF, 0, 0, "", -1, 0x6D00},
	} {
		h := hostIn(t, inClaimed31)
		if err := errors.Join(h.open(0x31, 0x33), h.claim(testID)); err != nil {
			t.Fatal(err)
		}
		_, sw, err := h.send(c.ins, c.p1, c.p2, unhex(t, c.data), c.le)
		if err != nil || sw != c.want {
			t.Errorf("%s: %04X, %v, want %04X", c.name, sw, err, c.want)
			continue
		}
		// A refusal under the channel leaves it open; its counters went on.
		if r, err := h.want("READ after it", 0xB0, 0x94, 0, nil, 32); err != nil || len(r) != 32 {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// EF.CardAccess lies beside the application of the large chip and is free to read.
func TestCardAccess(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]uint16{Size32K: 0x9000, Size8K: 0x6A82} {
		h := newHost(Config{Size: size})
		if _, sw, _ := h.raw(unhex(t, "00A4020C02011C")); sw != want {
			t.Errorf("size %d: SELECT %04X, want %04X", size, sw, want)
		}
		r, sw, _ := h.raw(unhex(t, "00B09C0000"))
		if sw != want || want == 0x9000 && !bytes.Equal(r, unhex(t, "31143012060A04007F0007020204020202010202010C")) {
			t.Errorf("size %d: READ %X %04X", size, r, sw)
		}
		if _, _, err := h.probe(); err != nil {
			t.Error(err)
		}
		if _, sw, _ := h.raw(unhex(t, "00A4000C023F00")); sw != 0x9000 {
			t.Errorf("SELECT MF: %04X", sw)
		}
		if _, sw, _ := h.raw(unhex(t, "00B0940020")); sw != 0x6A82 {
			t.Errorf("READ EF.PROF in the MF: %04X", sw)
		}
	}
}

// The ICAO view shows its refusals (card profile 8.4).
func TestICAOView(t *testing.T) {
	t.Parallel()
	h := newHost(Config{ICAOView: true})
	if err := errors.Join(h.personalize(smallPlan()), h.activate(testID)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, command string
		want          uint16
	}{
		{"SELECT", "00A4040C07A0000002471001", 0x9000},
		{"SELECT DG1", "00A4020C020101", 0x9000},
		{"READ DG1", "00B0000020", 0x6982},
		{"READ DG1 by short identifier", "00B0810020", 0x6982},
		{"plain UPDATE of DG1", "00D681000161", 0x6982},
		{"READ of the fingers", "00B0910020", 0x6A82},
		{"SELECT of the fingers", "00A4020C020201", 0x6A82},
		{"READ EF.PROF", "00B0940020", 0x6A82},
		{"INITIALIZE UPDATE", "8050380008010203040506070800", 0x6985},
		{"plain CREATE", "00E00000020000", 0x6985},
	} {
		if _, sw, err := h.raw(unhex(t, c.command)); err != nil || sw != c.want {
			t.Errorf("%s: %04X, %v, want %04X", c.name, sw, err, c.want)
		}
	}
}

// Memory: a file costs its size and 40 bytes; the usable bytes of the variant fit beside the
// headers of the profile's files.
func TestMemory(t *testing.T) {
	t.Parallel()
	for _, size := range []int{Size8K, Size32K} {
		h := newHost(Config{Size: size})
		before := h.card.View().Free
		if want := size + 14*40 - 72; before != want {
			t.Errorf("blank chip of %d: %d bytes free, want %d", size, before, want)
		}
		if _, _, err := h.probe(); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(h.open(0x30, 0x33), h.claim(testID), h.putKey(0x31, 0x30), h.open(0x31, 0x33), h.claim(testID)); err != nil {
			t.Fatal(err)
		}
		rest := before - 40
		if err := h.create(testFile{0x0102, 2, make([]byte, rest)}); err != nil {
			t.Error(err)
		}
		var refused swError
		if err := h.create(testFile{0x0101, 1, make([]byte, 1)}); !errors.As(err, &refused) || refused.sw != 0x6A84 {
			t.Errorf("full chip: %v", err)
		}
		if _, err := h.want("DELETE", 0xE4, 0, 0, []byte{0x83, 2, 1, 2}, -1); err != nil {
			t.Error(err)
		}
		if err := h.create(testFile{0x0102, 2, make([]byte, rest+1)}); !errors.As(err, &refused) || refused.sw != 0x6A84 {
			t.Errorf("one byte too many: %v", err)
		}
		if free := h.card.View().Free; free != before {
			t.Errorf("%d bytes free after DELETE, %d before", free, before)
		}
	}
}

// Reading in the issuer view by key: only the key of the state's column reads, the others get
// 6982, EF.PROF is free.
func TestReadingByKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   situation
		key  byte
		want uint16
	}{
		{inClaimed31, 0x30, 0x6982},
		{inClaimed31, 0x31, 0x9000},
		{inClaimedKeys, 0x39, 0x6982},
		{inWritten, 0x31, 0x9000},
		{inWritten, 0x39, 0x6982},
		{inActive, 0x38, 0x9000},
		{inActive, 0x39, 0x6982},
		{inBlocked, 0x39, 0x6985},
	} {
		h := hostIn(t, c.in)
		if err := h.open(c.key, 0x33); err != nil {
			t.Fatalf("%s, key %02X: %v", c.in, c.key, err)
		}
		for _, sfi := range []byte{0x01, 0x11, 0x1D} {
			if _, sw, err := h.send(0xB0, 0x80|sfi, 0, nil, 32); err != nil || sw != c.want {
				t.Errorf("%s, key %02X, file %02X: %04X, %v, want %04X", c.in, c.key, sfi, sw, err, c.want)
			}
		}
		if r, err := h.want("READ EF.PROF", 0xB0, 0x94, 10, nil, 16); err != nil || !bytes.Equal(r, testID[:]) {
			t.Errorf("%s, key %02X, EF.PROF: %X, %v", c.in, c.key, r, err)
		}
	}
}
