package evolis

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"testing"
)

// Worked bytes of commands: ESC, mnemonic, parameters behind semicolons, CR.
func TestFrames(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		command command
		bytes   string
	}{
		{readFirmware, "1b5266760d"},
		{toContactless, "1b5369630d"},
		{readPosition, "1b526c723b700d"},
		{command{text: "Pem;2"}, "1b50656d3b320d"},
		{readRibbonLeft, "1b5272743b636f756e740d"},
		{holdAfterPrint, "1b506e6561623b450d"},
		{toRejectBox, "1b5365720d"},
		{clearError, "1b5363730d"},
	} {
		if got := hex.EncodeToString(v.command.frame()); got != v.bytes {
			t.Errorf("%s: %s, want %s", v.command.text, got, v.bytes)
		}
	}
}

// A job ends filled to a multiple of 64 with 64 NUL more.
func TestLastFrame(t *testing.T) {
	t.Parallel()
	want := append([]byte("\x1bSe\r"), make([]byte, 60+64)...)
	if got := sequenceEnd.lastFrame(); !bytes.Equal(got, want) {
		t.Errorf("got % x", got)
	}
}

// Bitmap commands on the wire: the sizes of the Db command from ESC to CR (formula of the
// Programming Guide A5013 Rev E) filled to multiples of 64.
func TestPanelFrames(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		levels, command, wire int
	}{
		{32, 411_490, 411_520},
		{64, 493_786, 493_824},
		{128, 576_083, 576_128},
	} {
		frame, name, _ := panelFrame('Y', v.levels, landscape(func(x, y int) int { return (x + 2*y) % v.levels }))
		if want := "Db;y;" + strconv.Itoa(v.levels); name != want || !bytes.HasPrefix(frame, []byte("\x1b"+want+";")) {
			t.Errorf("begins with %q, named %q, want %q", frame[:12], name, want)
		}
		if len(frame) != v.wire || frame[v.command-1] != 0x0d {
			t.Errorf("%d levels: %d bytes, want %d with CR at %d", v.levels, len(frame), v.wire, v.command-1)
		}
		if rest := frame[v.command:]; len(bytes.Trim(rest, "\x00")) != 0 {
			t.Errorf("%d levels: filled with % x", v.levels, rest)
		}
	}
}

// The compressed command tells the length of its data: 83,036 bytes for the pattern, 1,016
// for a blank panel.
func TestCompressedFrames(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name string
		dots []byte
		head string
		data int
	}{
		{"pattern", landscape(ink11), "\x1bDbc;k;2;83036;", 83_036},
		{"blank", make([]byte, Columns*Rows), "\x1bDbc;k;2;1016;", 1_016},
		{"solid", landscape(func(int, int) int { return 1 }), "\x1bDbc;k;2;83312;", 83_312},
	} {
		frame, name, _ := panelFrame('K', 2, v.dots)
		if name != "Dbc;k;2" || !bytes.HasPrefix(frame, []byte(v.head)) {
			t.Errorf("%s: begins with %q, named %q", v.name, frame[:20], name)
		}
		if end := len(v.head) + v.data; frame[end] != 0x0d || len(frame)%64 != 0 || len(frame)-end > 64 {
			t.Errorf("%s: %d bytes, CR not at %d", v.name, len(frame), end)
		}
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		command command
		answer  reply
		fits    bool
	}{
		{toContactless, "OK", true},
		{toContactless, "FEEDER EMPTY", true},
		{toContactless, "312", false},
		{toContactless, "CONTACTLESS CARD", false},
		{readRibbonLeft, "312", true},
		{readRibbonLeft, "OK", false},
		{readRibbonLeft, "-1", false},
		{readRibbonLeft, "ERR RIB DETECTION", true},
		{readCover, "5,00 Volts", true},
		{readCover, "CARD", false},
		{readPosition, "OK", true},
		{readPosition, "5,00 Volts", false},
		{readOutput, "NO CARD", true},
		{readOutput, "OK", false},
		{readModel, "Primacy 2", true},
		{readModel, "OK", false},
		{readRibbonEnd, "OK", true},
		{readRibbonEnd, "0", false},
	} {
		if got := v.command.fits(v.answer); got != v.fits {
			t.Errorf("%s, %q: %v", v.command.text, v.answer, got)
		}
	}
}
