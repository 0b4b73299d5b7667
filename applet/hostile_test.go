package applet

import (
	"bytes"
	"context"
	"runtime/metrics"
	"slices"
	"testing"

	"blanko/chipdata"
	"blanko/fault"
)

// parrot answers with what it was given, in order; then the last answer over and over.
type parrot struct {
	answers [][]byte
	sent    int
}

func (p *parrot) Reset(context.Context) ([]byte, error) { return []byte{0x3B, 0x80}, nil }
func (p *parrot) Close() error                          { return nil }

func (p *parrot) Transmit(context.Context, []byte) ([]byte, error) {
	a := p.answers[min(p.sent, len(p.answers)-1)]
	p.sent++
	return a, nil
}

// hostile makes cards that answer so.
func hostile(t testing.TB) func(answers ...[]byte) (*Card, *parrot) {
	p := profile(t, "ktpel-op-1-8k")
	return func(answers ...[]byte) (*Card, *parrot) {
		says := &parrot{answers: answers}
		return &Card{Transport: says, Keys: &nullKeys{}, Profile: p}, says
	}
}

// allocates is how many bytes f takes from the heap, whatever is given back; 0 when they are not more
// than most. What others take at the same time is counted too, so a figure above most is
// believed when it comes every time.
func allocates(most uint64, f func()) (least uint64) {
	const tries = 10
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	for range tries {
		metrics.Read(s)
		before := s[0].Value.Uint64()
		f()
		metrics.Read(s)
		got := s[0].Value.Uint64() - before
		if got <= most {
			return 0
		}
		if least == 0 || got < least {
			least = got
		}
	}
	return least
}

// coded fails on an error without a code of this room or of the files.
func coded(t *testing.T, err error) {
	t.Helper()
	if err != nil && fault.CodeOf(err) == "" {
		t.Fatalf("no code: %v", err)
	}
}

// FuzzIdentify: CPLC and KDD. A chip is known by what stands in them, or not at all.
func FuzzIdentify(f *testing.F) {
	lay := hostile(f)
	cplc := append([]byte{0x9F, 0x7F, 0x2A}, make([]byte, 42)...)
	kdd := append([]byte{0xCF, 0x0A}, unhex(f, kddHex)...)
	f.Add(append(bytes.Clone(cplc), 0x90, 0), []byte{0x6A, 0x88})
	f.Add([]byte{0x6A, 0x88}, append(bytes.Clone(kdd), 0x90, 0))
	f.Add([]byte{0x9F, 0x7F, 0x82, 0xFF, 0xFF, 0x90, 0}, []byte{0xCF, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x90, 0})
	f.Add([]byte{0x6C, 0x2D}, []byte{0x61, 0x05})
	f.Fuzz(func(t *testing.T, first, second []byte) {
		card, p := lay(first, second, []byte{0x6F, 0x00})
		gotCPLC, gotKDD, err := card.Identify(context.Background())
		coded(t, err)
		if err != nil {
			return
		}
		written := append([]byte{0x9F, 0x7F, 0x2A}, gotCPLC...)
		if gotCPLC == nil {
			written = append([]byte{0xCF, 0x0A}, gotKDD[:]...)
		} else if !bytes.Equal(gotKDD[2:], gotCPLC[10:18]) || gotKDD[0] != 0 || gotKDD[1] != 0 {
			t.Fatalf("CPLC %X, KDD %X", gotCPLC, gotKDD)
		}
		var said []byte // whatever came in pieces
		for _, a := range p.answers[:min(p.sent, len(p.answers))] {
			said = append(said, a[:max(len(a)-2, 0)]...)
		}
		if !bytes.Contains(said, written) {
			t.Fatalf("%X %X gives CPLC %X, KDD %X", first, second, gotCPLC, gotKDD)
		}
	})
}

// FuzzPoint: the answer of GENERATE ASYMMETRIC KEY PAIR has one form.
func FuzzPoint(f *testing.F) {
	good := append([]byte{0x7F, 0x49, 0x43, 0x86, 0x41, 0x04}, bytes.Repeat([]byte{0xAB}, 64)...)
	f.Add(good)
	f.Add(good[:20])
	f.Add([]byte{0x7F, 0x49, 0x82, 0xFF, 0xFF, 0x86, 0x41})
	f.Fuzz(func(t *testing.T, b []byte) {
		point, err := parsePoint(b)
		coded(t, err)
		if err != nil {
			return
		}
		if again := chipdata.AppendTLV(nil, tagPublicKey, chipdata.AppendTLV(nil, tagPoint, point...)...); !bytes.Equal(again, b) {
			t.Fatalf("%X came back as %X", b, again)
		}
	})
}

// FuzzKeyAnswer: PUT KEY is done when the card answers with the very check values, and in no
// other case.
func FuzzKeyAnswer(f *testing.F) {
	lay := hostile(f)
	right := append([]byte{0x31}, make([]byte, 9)...)
	right = append(right, 0x90, 0x00)
	f.Add(right)
	f.Add([]byte{0x90, 0x00})
	f.Add(append(bytes.Clone(right), 0x90, 0x00))
	f.Fuzz(func(t *testing.T, answer []byte) {
		card, _ := lay(unhex(t, initialized("30")), []byte{0x90, 0x00}, answer)
		if _, err := card.Open(context.Background(), 0x30, nil); err != nil {
			t.Fatal(err)
		}
		e := &Encoder{Keys: card.Keys, Profile: card.Profile, card: card}
		err := e.putKey(context.Background(), newKeySet, 0x31)
		coded(t, err)
		if (err == nil) != bytes.Equal(answer, right) {
			t.Fatalf("%X: %v", answer, err)
		}
	})
}

// FuzzOpening: what a card may say to INITIALIZE UPDATE and EXTERNAL AUTHENTICATE. Without the
// right form nothing is asked of the keys, and no channel is open after an error.
func FuzzOpening(f *testing.F) {
	lay := hostile(f)
	f.Add(unhex(f, initialized("31")), []byte{0x90, 0x00})
	f.Add(unhex(f, initialized("31")), []byte{0x63, 0x00})
	f.Add(unhex(f, initialized("30")), []byte{0x90, 0x00})
	f.Add([]byte{0x61, 0x20}, unhex(f, initialized("31")))
	f.Fuzz(func(t *testing.T, initialize, external []byte) {
		card, p := lay(initialize, external, []byte{0x6F, 0x00})
		kdd, err := card.Open(context.Background(), 0x31, nil)
		coded(t, err)
		if (err == nil) != (card.Channel() == 0x31) {
			t.Fatalf("%X, %X: channel %02X, %v", initialize, external, card.Channel(), err)
		}
		if err == nil && p.sent == 2 && (len(initialize) != 34 || !bytes.Equal(initialize[:13], append(kdd[:], 0x31, 0x03, 0x70))) {
			t.Fatalf("%X opens a channel", initialize)
		}
	})
}

// cut takes an answer apart where the fuzzer says; every piece but the last promises more.
func cut(b []byte, size int, sw []byte) [][]byte {
	var out [][]byte
	for piece := range slices.Chunk(b, max(size, 1)) {
		out = append(out, append(bytes.Clone(piece), 0x61, 0x00))
	}
	return append(out, sw)
}

// FuzzChain: answers in pieces. They are put together as they are, up to the longest answer that
// there is, and a chain that does not end is left.
func FuzzChain(f *testing.F) {
	lay := hostile(f)
	f.Add([]byte("an answer in pieces"), uint8(4), []byte{0x90, 0x00})
	f.Add(make([]byte, 600), uint8(255), []byte{0x62, 0x82})
	f.Add([]byte{1, 2, 3}, uint8(1), []byte{0x61, 0x00})
	f.Add([]byte{}, uint8(0), []byte{0x90})
	f.Fuzz(func(t *testing.T, data []byte, size uint8, last []byte) {
		answers := cut(data, int(size), last)
		var card *Card
		var p *parrot
		var a Answer
		var err error
		got := allocates(1<<20+4096*uint64(len(answers))+16*uint64(len(data)), func() {
			card, p = lay(answers...)
			a, err = card.Plain(context.Background(), getCPLC())
		})
		coded(t, err)
		if got > 0 {
			t.Fatalf("%d bytes allocated for %d in pieces of %d", got, len(data), size)
		}
		if p.sent > maxPieces+2 {
			t.Fatalf("%d commands", p.sent)
		}
		want := append(bytes.Clone(data), last[:max(len(last)-2, 0)]...)
		if err == nil && !bytes.Equal(a.Data, want) {
			t.Fatalf("%X, put together %X", want, a.Data)
		}
		if err != nil && !card.lost {
			t.Fatalf("the card's state is believed after %v", err)
		}
	})
}

// FuzzReadFile: a file whose content a card makes up while it is read. What comes back is one data
// object within the limit, and no more is asked or kept than its length says.
func FuzzReadFile(f *testing.F) {
	lay := hostile(f)
	f.Add([]byte{0x61, 0x03, 1, 2, 3}, uint8(239), uint16(7000))
	f.Add(append([]byte{0x75, 0x82, 0x01, 0x00}, make([]byte, 256)...), uint8(112), uint16(7000))
	f.Add([]byte{0x75, 0x82, 0xFF, 0xFF}, uint8(1), uint16(65535))
	f.Add([]byte{0x75}, uint8(1), uint16(100))
	f.Fuzz(func(t *testing.T, file []byte, chunk uint8, limit uint16) {
		if chunk == 0 {
			return
		}
		var answers [][]byte
		for piece := range slices.Chunk(file, int(chunk)) {
			answers = append(answers, append(bytes.Clone(piece), 0x90, 0x00))
		}
		answers = append([][]byte{unhex(t, initialized("38")), {0x90, 0x00}}, append(answers, []byte{0x90, 0x00})...)
		pieces := len(file)/int(chunk) + 2
		var p *parrot
		var got []byte
		var err error
		took := allocates(1<<20+4096*uint64(pieces)+16*uint64(len(file)), func() {
			var card *Card
			card, p = lay(answers...)
			if _, err := card.Open(context.Background(), 0x38, nil); err != nil {
				t.Fatal(err)
			}
			got, err = card.ReadFile(context.Background(), int(chunk), int(limit))
		})
		coded(t, err)
		if took > 0 {
			t.Fatalf("%d bytes allocated for %d", took, len(file))
		}
		if p.sent > pieces+2 {
			t.Fatalf("%d commands for %d bytes in pieces of %d", p.sent, len(file), chunk)
		}
		if err != nil {
			return
		}
		size, err := chipdata.TLVLength(got)
		if err != nil || size != len(got) || size > int(limit) || !bytes.HasPrefix(file, got) {
			t.Fatalf("%X gives %X, %v", file, got, err)
		}
	})
}

// A card that gives one byte at a time, of a file that claims to be as long as can be: the limit
// holds before anything is read.
func TestEndlessFile(t *testing.T) {
	t.Parallel()
	lay := hostile(t)
	for _, c := range []struct {
		head  []byte
		limit int
		reads int
	}{
		{[]byte{0x75, 0x82, 0xFF, 0xF0}, 7000, 1},        // longer than the limit
		{[]byte{0x75, 0x82, 0x1B, 0x00}, 7000, 1 + 6912}, // within it: every byte is asked for once
		{[]byte{0x75, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}, 7000, 1},
	} {
		card, p := lay(unhex(t, initialized("38")), []byte{0x90, 0x00}, append(c.head, 0x90, 0x00), []byte{0xAA, 0x90, 0x00})
		if _, err := card.Open(context.Background(), 0x38, nil); err != nil {
			t.Fatal(err)
		}
		b, err := card.ReadFile(context.Background(), 239, c.limit)
		if p.sent-2 != c.reads || (err == nil) != (len(b) == c.limit-84) {
			t.Errorf("%X: %d reads, %d bytes, %v", c.head, p.sent-2, len(b), err)
		}
	}
}

// An answer longer than any that exists is refused and not kept.
func TestAnswerTooLong(t *testing.T) {
	t.Parallel()
	lay := hostile(t)
	card, _ := lay(append(make([]byte, maxAnswer+1), 0x90, 0x00))
	if a, err := card.Plain(context.Background(), getCPLC()); !fault.Is(err, CardMute) || len(a.Data) > 0 {
		t.Errorf("%d bytes, %v", len(a.Data), err)
	}
	card, _ = lay(append(make([]byte, maxAnswer), 0x90, 0x00))
	if a, err := card.Plain(context.Background(), getCPLC()); err != nil || len(a.Data) != maxAnswer {
		t.Errorf("%d bytes, %v", len(a.Data), err)
	}
}
