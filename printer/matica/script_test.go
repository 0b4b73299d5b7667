package matica

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"blanko/printer"
)

// script is a link with fixed answers: what a unit said to each CDB. It keeps the framing by itself.
type script struct {
	answers map[string][]string // by CDB in hexadecimal; the last one is given for ever
	chunk   int                 // bytes of one read at most; 0: all there is
	onWrite func(cdb string) error
	onData  func(cdb string) error

	blocks [][]byte
	sent   []string // CDBs
	sizes  []int    // of OUT data
	queue  [][]byte
	tag    uint32
	owed   int // bytes of OUT data
	cdb    string
	resets int
	clears []bool
}

// An answer is the data in hexadecimal; "good"; "bad" for a failed command; "" for none at all;
// "=" and bytes for the status as they stand.
const (
	good = "good"
	bad  = "bad"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

func pad(b []byte, size int) string {
	return hex.EncodeToString(append(b, make([]byte, size-len(b))...))
}

func inquiryOf(model string) string {
	b := make([]byte, inquirySize)
	copy(b[8:], "MATICA  ")
	copy(b[16:], model)
	copy(b[24:], "12345678")
	copy(b[58:], "V2.31        A7      ")
	return hex.EncodeToString(b)
}

func parametersOf(dpi, columns, rows int, settings map[int]byte) string {
	b := make([]byte, parametersSize)
	be := binary.BigEndian
	be.PutUint16(b[8:], uint16(dpi))
	be.PutUint16(b[10:], uint16(dpi))
	be.PutUint16(b[32:], uint16(columns))
	be.PutUint16(b[34:], uint16(rows))
	for at, v := range settings {
		b[at] = v
	}
	return hex.EncodeToString(b)
}

func senseOf(c Code) string {
	b := make([]byte, senseSize)
	b[0], b[2], b[7], b[12] = 0x70, byte(c>>16), 0x0C, byte(c>>8)
	return hex.EncodeToString(b)
}

func positionOf(p byte) string { return fmt.Sprintf("00000000000000%02x", p) }

const noCard = "0100000000000000"

// Counters 1234 total, 766 free, 1234 head, 84 clean, 2 error.
const someCounts = "00000000 00000004000004d2 00010004000002fe 00020004000004d2 0003000400000054 0004000400000002 0000000000000000"

// The CDBs by name.
const (
	askReady      = "000000000000"
	askSense      = "030000001400"
	askInquiry    = "120000006000"
	askParameters = "1a0068004000"
	askRibbon     = "1a0063002c00"
	askCounters   = "4d007800000000003400"
	askPosition   = "34000000000000000000"
)

// answersOf is an XID580i with cards and a ribbon, and nothing inside.
func answersOf(over map[string][]string) map[string][]string {
	ribbon := make([]byte, ribbonSize)
	binary.BigEndian.PutUint16(ribbon[8:], 500)
	copy(ribbon[12:], "AB1234")
	all := map[string][]string{
		askInquiry: {inquiryOf("XID580ie")}, askParameters: {parametersOf(300, 1036, 664, nil)}, askSense: {senseOf(0)},
		askRibbon: {hex.EncodeToString(ribbon)}, askCounters: {someCounts}, askPosition: {noCard},
	}
	for k, v := range over {
		all[k] = v
	}
	return all
}

func (s *script) Write(ctx context.Context, p []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.owed > 0 {
		s.sizes = append(s.sizes, len(p))
		s.owed -= len(p)
		if s.onData != nil {
			if err := s.onData(s.cdb); err != nil {
				return err
			}
		}
		if s.owed == 0 {
			s.answer()
		}
		return nil
	}
	if len(p) != blockSize || string(p[:4]) != "USBC" {
		return errors.New("no command block")
	}
	s.tag = binary.LittleEndian.Uint32(p[4:])
	s.cdb = hex.EncodeToString(p[15 : 15+p[14]])
	s.blocks, s.sent = append(s.blocks, slices.Clone(p)), append(s.sent, s.cdb)
	if s.onWrite != nil {
		if err := s.onWrite(s.cdb); err != nil {
			return err
		}
	}
	if p[12] == 0 {
		s.owed = int(binary.LittleEndian.Uint32(p[8:]))
	}
	if s.owed == 0 {
		s.answer()
	}
	return nil
}

func (s *script) answer() {
	list := s.answers[s.cdb]
	answer := good
	if len(list) > 0 {
		answer = list[0]
		if len(list) > 1 {
			s.answers[s.cdb] = list[1:]
		}
	}
	status := binary.LittleEndian.AppendUint32([]byte("USBS"), s.tag)
	status = append(status, 0, 0, 0, 0, 0)
	switch {
	case answer == "":
		return
	case answer == bad:
		status[12] = 1
	case answer == good:
	case answer[0] == '=':
		s.queue = append(s.queue, unhex(answer[1:]))
		return
	default:
		s.queue = append(s.queue, unhex(answer))
	}
	s.queue = append(s.queue, status)
}

func (s *script) Read(ctx context.Context, p []byte) (int, error) {
	if len(s.queue) == 0 {
		<-ctx.Done()
		return 0, ctx.Err()
	}
	n := min(len(p), len(s.queue[0]))
	if s.chunk > 0 {
		n = min(n, s.chunk)
	}
	copy(p, s.queue[0][:n])
	if s.queue[0] = s.queue[0][n:]; len(s.queue[0]) == 0 {
		s.queue = s.queue[1:]
	}
	return n, nil
}

func (s *script) ClearHalt(_ context.Context, in bool) error {
	s.clears = append(s.clears, in)
	return nil
}

func (s *script) Reset(context.Context) error {
	s.resets++
	s.queue, s.owed = nil, 0
	return nil
}

func (s *script) DeviceID(context.Context) (string, error) { return "MATICA XID580ie", nil }
func (s *script) Close() error                             { return nil }

// forget drops what was sent until now.
func (s *script) forget() { s.blocks, s.sent, s.sizes, s.clears, s.resets = nil, nil, nil, nil, 0 }

// acts are the commands sent, without the reads.
func (s *script) acts() []string {
	reads := []string{askReady, askSense, askInquiry, askParameters, askRibbon, askCounters, askPosition}
	var out []string
	for _, c := range s.sent {
		if !slices.Contains(reads, c) {
			out = append(out, c)
		}
	}
	return out
}

// opened opens a printer on the script. Every test with a script runs in a bubble, so that waits cost
// nothing.
func opened(t *testing.T, s *script, cfg Config) *Printer {
	t.Helper()
	if s.answers == nil {
		s.answers = answersOf(nil)
	}
	p, err := Open(t.Context(), s, cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.forget()
	return p
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// small is a job of one panel of a printer of 300 dpi.
func small(letter byte) printer.Panels {
	p := printer.Panel{Letter: letter, Levels: levels, Dots: make([]byte, 1036*664)}
	if letter == 'K' {
		p.Levels = 2
	}
	p.Dots[5] = 1
	return printer.Panels{Geometry: printer.Geometry{Columns: 1036, Rows: 664, DPI: 300, Levels: levels}, Front: printer.Side{Panels: []printer.Panel{p}}}
}
