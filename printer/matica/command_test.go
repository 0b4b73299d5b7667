package matica

import (
	"bytes"
	"context"
	"encoding/hex"
	"testing"
	"testing/synctest"

	"blanko/printer"
)

// Worked command blocks, made by hand from Bulk-Only Transport 1.0, section 5.1, and the command
// table of the family.
func TestWorkedBlocks(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		tag  uint32
		c    command
		want string
	}{
		{1, testUnitReady, "55 53 42 43 01 00 00 00 00 00 00 00 00 00 06 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
		{2, requestSense, "55 53 42 43 02 00 00 00 14 00 00 00 80 00 06 03 00 00 00 14 00 00 00 00 00 00 00 00 00 00 00"},
		{3, readInquiry, "55 53 42 43 03 00 00 00 60 00 00 00 80 00 06 12 00 00 00 60 00 00 00 00 00 00 00 00 00 00 00"},
		{4, readParameters, "55 53 42 43 04 00 00 00 40 00 00 00 80 00 06 1a 00 68 00 40 00 00 00 00 00 00 00 00 00 00 00"},
		{5, readPosition, "55 53 42 43 05 00 00 00 08 00 00 00 80 00 0a 34 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
		{6, load(atRFID, 0), "55 53 42 43 06 00 00 00 00 00 00 00 00 00 0a 31 01 00 00 00 00 00 02 00 00 00 00 00 00 00 00"},
		{7, engageRFID, "55 53 42 43 07 00 00 00 00 00 00 00 00 00 0a 32 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
		{8, disengageRFID, "55 53 42 43 08 00 00 00 00 00 00 00 00 00 0a 32 05 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
		{9, move(atPrint, 0), "55 53 42 43 09 00 00 00 00 00 00 00 00 00 0a 31 0b 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
		{10, sendPanel('Y', make([]byte, 1036*664)), "55 53 42 43 0a 00 00 00 20 7f 0a 00 00 00 0a 2a 00 03 00 00 00 0a 7f 20 00 00 00 00 00 00 00"},
		{11, sendPanel('K', make([]byte, 2072*1328)), "55 53 42 43 0b 00 00 00 80 fc 29 00 00 00 0a 2a 00 00 00 00 00 29 fc 80 00 00 00 00 00 00 00"},
		{12, printPanels(printYMC | printK), "55 53 42 43 0c 00 00 00 00 00 00 00 00 00 0a 31 08 06 00 00 00 00 00 00 00 00 00 00 00 00 00"},
		{13, transferAndEject, "55 53 42 43 0d 00 00 00 00 00 00 00 00 00 0a 31 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
		{14, move(atReject, 0), "55 53 42 43 0e 00 00 00 00 00 00 00 00 00 0a 31 0b 00 00 00 00 00 04 00 00 00 00 00 00 00 00"},
		{15, load(atPrint, withFlip|withFilm), "55 53 42 43 0f 00 00 00 00 00 00 00 00 00 0a 31 01 00 00 06 00 00 00 00 00 00 00 00 00 00 00"},
		{16, readRibbon, "55 53 42 43 10 00 00 00 2c 00 00 00 80 00 06 1a 00 63 00 2c 00 00 00 00 00 00 00 00 00 00 00"},
		{17, readCounters, "55 53 42 43 11 00 00 00 34 00 00 00 80 00 0a 4d 00 78 00 00 00 00 00 34 00 00 00 00 00 00 00"},
		{18, writeSettings(make([]byte, 32)), "55 53 42 43 12 00 00 00 20 00 00 00 00 00 06 15 10 28 00 20 00 00 00 00 00 00 00 00 00 00 00"},
		{19, transferAndFlip, "55 53 42 43 13 00 00 00 00 00 00 00 00 00 0a 31 0a 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
		{20, transferAndReturn, "55 53 42 43 14 00 00 00 00 00 00 00 00 00 0a 31 0d 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
	} {
		got := block(v.tag, v.c.in+len(v.c.out), v.c.in > 0, v.c.cdb)
		if want := unhex(v.want); !bytes.Equal(got, want) {
			t.Errorf("%s\n got % x\nwant % x", v.c.name, got, want)
		}
	}
}

// A card from the hopper to the output, as the commands go over the wire. The tags count, every
// command follows a look at the sense, and the first card lays a fresh frame of the film.
func TestCardScript(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := positionOf
		s := &script{answers: answersOf(map[string][]string{
			askPosition: {noCard, at(2), at(2), at(0), at(0), at(0), at(2), at(2), noCard},
		})}
		p := opened(t, s, Config{HoldAfterPrint: true})
		job := small('K')
		dye := small('M').Front.Panels[0]
		job.Front.Panels = append([]printer.Panel{dye}, job.Front.Panels...)
		for _, step := range []func() error{
			func() error { return p.Move(t.Context(), printer.PositionContactless) },
			func() error { return p.Print(t.Context(), job) },
			func() error { return p.Move(t.Context(), printer.PositionContactless) },
			func() error { return p.Eject(t.Context(), printer.TrayOutput) },
		} {
			if err := step(); err != nil {
				t.Fatalf("%v\n%q", err, s.sent)
			}
		}
		same(t, "acts", s.acts(), []string{
			"31010000040000020000", // load to RFID, fresh film
			"32040000000000000000",
			"32050000000000000000",
			"310b0000000000000000", // to print
			"2a00030000000a7f2000", "2a00020000000a7f2000", "2a00010000000a7f2000", "2a00000000000a7f2000",
			"31080600000000000000",
			"310d0000000000000000", // transfer, the card stays
			"310b0000000000020000", // to RFID
			"32040000000000000000",
			"32050000000000000000",
			"310b0000000000050000", // to the output
		})
		for i, b := range s.blocks {
			if i > 0 && b[4] != s.blocks[i-1][4]+1 {
				t.Errorf("tag %d follows %d", b[4], s.blocks[i-1][4])
			}
		}
		for i, c := range s.sent {
			if len(s.acts()) > 0 && (c[:2] == "31" || c[:2] == "32" || c[:2] == "2a") && (s.sent[i-1] != askSense || s.sent[i-2] != askReady) {
				t.Errorf("%s follows %s and %s", c, s.sent[i-2], s.sent[i-1])
			}
		}
	})
}

// Both sides: the front is pressed on with a flip, and the back goes over the same film.
func TestBothSidesScript(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, v := range map[string]struct {
			front bool
			want  []string
		}{
			"both":      {true, []string{"310b0000040000000000", "2a00000000000a7f2000", "31080400000000000000", "310a0000000000000000", "2a00000000000a7f2000", "31080400000000000000", "31090000000000000000"}},
			"back only": {false, []string{"310b0000060000000000", "2a00000000000a7f2000", "31080400000000000000", "31090000000000000000"}},
		} {
			s := &script{answers: answersOf(map[string][]string{askPosition: {positionOf(0), positionOf(0), noCard}})}
			p := opened(t, s, Config{})
			job := small('K')
			back := small('K').Front
			job.Back = &back
			if !v.front {
				job.Front.Panels[0].Dots[5] = 0
			}
			if err := p.Print(t.Context(), job); err != nil {
				t.Fatal(err)
			}
			same(t, name, s.acts(), v.want)
		}
	})
}

func TestFlipScript(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{askPosition: {positionOf(2), positionOf(0)}})}
		p := opened(t, s, Config{})
		if err := p.Flip(t.Context()); err != nil {
			t.Fatal(err)
		}
		// Who opens a printer with a card at the encoder does not know whether it is engaged.
		same(t, "acts", s.acts(), []string{"32050000000000000000", "310b0000060000000000"})

		s = &script{answers: answersOf(nil)}
		p = opened(t, s, Config{Fitted: &Fitted{Contactless: true}})
		if err := p.Flip(t.Context()); printer.ClassOf(err) != printer.ClassUnsupported || len(s.sent) != 0 {
			t.Errorf("%v, %q", err, s.sent)
		}
	})
}

// Settings are written by name, all others left as they are, and read back.
func TestSettingsScript(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		set := parametersOf(300, 1036, 664, map[int]byte{0x25: 3, 0x18: 1, 0x31: 7})
		s := &script{answers: answersOf(map[string][]string{askParameters: {parametersOf(300, 1036, 664, nil), set}})}
		var data []byte
		p := opened(t, s, Config{})
		p.wire.link = &spy{script: s, seen: &data}
		if err := p.SetSettings(t.Context(), map[string]string{"transfer-temp": "+1"}); err != nil {
			t.Fatal(err)
		}
		want := bytes.Repeat([]byte{0xFF}, 32)
		want[0], want[1], want[4] = 0x28, 0x1E, 3
		if !bytes.Equal(data, want) {
			t.Errorf("sent %s", hex.EncodeToString(data))
		}
		now, err := p.Settings(t.Context())
		if err != nil || now["transfer-temp"] != "+1" || now["film-type"] != "750" || now["buzzer"] != "number 7" || now["card-thickness"] != "standard" {
			t.Errorf("%v, %v", now, err)
		}
		st, err := p.Status(t.Context())
		if err != nil || st.Film.Value.Total != printer.Know(750) || st.Film.Value.Left.Known {
			t.Errorf("film %+v, %v", st.Film, err)
		}
		s.forget()
		for name, wanted := range map[string]map[string]string{"no such setting": {"volume": "1"}, "no such value": {"transfer-temp": "9"}} {
			if err := p.SetSettings(t.Context(), wanted); err == nil || len(s.sent) != 0 {
				t.Errorf("%s: %v, %q", name, err, s.sent)
			}
		}
	})
}

// spy keeps the last OUT data.
type spy struct {
	*script
	seen *[]byte
}

func (s *spy) Write(ctx context.Context, p []byte) error {
	if s.owed > 0 {
		*s.seen = bytes.Clone(p)
	}
	return s.script.Write(ctx, p)
}
