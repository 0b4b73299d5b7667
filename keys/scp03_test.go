package keys

import (
	"bytes"
	"crypto/cipher"
	"runtime/metrics"
	"testing"

	"blanko/fault"
	"blanko/keys/vectors"
)

// dialog is a recorded run of vectors.Dialogs.
type dialog struct{ vectors.Dialog }

// dialogs are all of them.
var dialogs = func() (out []dialog) {
	for _, d := range vectors.Dialogs {
		out = append(out, dialog{d})
	}
	return out
}()

func dialogKeys(size int) KeySet {
	enc, mac, dek := vectors.DialogKeys(size)
	return KeySet{enc, mac, dek}
}

func (d dialog) open(t *testing.T) (*Channel, []byte) {
	t.Helper()
	static, err := dialogKeys(d.Size).Static()
	if err != nil {
		t.Fatal(err)
	}
	c, external, err := OpenChannel(static, d.opening(t), unhex(t, d.Answer))
	if err != nil {
		t.Fatal(err)
	}
	return c, external
}

func (d dialog) opening(t *testing.T) Opening {
	return Opening{KVN: d.KVN, Challenge: [8]byte(unhex(t, d.Host)), Level: d.Level}
}

// With the quirk, the counter stands still for commands without data: the fourth command of the
// chain is then enciphered under counter 2 and not 4. Its MAC chain still covers every command.
func TestCounterOnlyWithData(t *testing.T) {
	t.Parallel()
	d := dialogs[2]
	static, err := dialogKeys(d.Size).Static()
	if err != nil {
		t.Fatal(err)
	}
	o := d.opening(t)
	o.CounterOnlyWithData = true
	c, _, err := OpenChannel(static, o, unhex(t, d.Answer))
	if err != nil {
		t.Fatal(err)
	}
	for i, command := range append([]string{vectors.PlainEID}, vectors.PlainCases[:]...) {
		got, err := c.Wrap(unhex(t, command))
		if err != nil {
			t.Fatal(err)
		}
		usual := append([]string{d.EID}, d.Cases[:]...)[i]
		if same := bytes.Equal(got, unhex(t, usual)); same != (i < 3) {
			t.Errorf("command %d equals the one of a usual card: %v", i, same)
		}
	}
	if c.counter != 3 {
		t.Errorf("the counter stands at %d after three commands with data", c.counter)
	}
}

func TestWrongCryptogram(t *testing.T) {
	t.Parallel()
	d := dialogs[2]
	static, err := dialogKeys(d.Size).Static()
	if err != nil {
		t.Fatal(err)
	}
	for at := 13; at < 29; at++ { // card challenge and cryptogram
		answer := unhex(t, d.Answer)
		answer[at] ^= 1
		c, external, err := OpenChannel(static, d.opening(t), answer)
		if !fault.Is(err, CardCryptogramWrong) || c != nil || external != nil {
			t.Errorf("byte %d: %v, command %X", at, err, external)
		}
	}
}

// An answer of INITIALIZE UPDATE that does not fit what was asked for is refused before
// anything is computed from it.
func TestBadInitializeUpdate(t *testing.T) {
	t.Parallel()
	d := dialogs[2]
	static, err := dialogKeys(d.Size).Static()
	if err != nil {
		t.Fatal(err)
	}
	good := func() []byte { return unhex(t, d.Answer) }
	edit := func(at int, b byte) []byte { a := good(); a[at] = b; return a }
	for _, c := range []struct {
		name   string
		answer []byte
		change func(*Opening)
	}{
		{"empty", nil, nil},
		{"one byte short", good()[:31], nil},
		{"one byte long", append(good(), 0), nil},
		{"no sequence counter although pseudo-random", good()[:29], nil},
		{"sequence counter although random", edit(12, 0x60), nil},
		{"SCP02", edit(11, 0x02), nil},
		{"another key version", edit(10, 0x31), nil},
		{"another card", edit(9, 0x01), nil},
		{"no R-ENC in i", edit(12, 0x30), nil},
		{"no R-MAC in i", edit(12, 0x10), nil},
		{"level 00", good(), func(o *Opening) { o.Level = 0x00 }},
		{"level 23", good(), func(o *Opening) { o.Level = 0x23 }},
		{"level 31", good(), func(o *Opening) { o.Level = 0x31 }},
	} {
		o := d.opening(t)
		if c.change != nil {
			c.change(&o)
		}
		if _, _, err := OpenChannel(static, o, c.answer); !fault.Is(err, badAnswer) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Any changed bit of a protected answer ends the channel, and nothing goes through it again.
func TestUnwrapRefuses(t *testing.T) {
	t.Parallel()
	d := dialogs[2]
	whole := unhex(t, d.EIDAnswer+"9000")
	answers := map[string][]byte{
		"no status word":        {0x90},
		"nothing":               nil,
		"plain 9000":            unhex(t, "9000"),
		"plain data":            unhex(t, vectors.PlainEIDAnswer+"9000"),
		"error with data":       unhex(t, "00112233445566776982"),
		"cut block":             append(append([]byte{}, whole[:31]...), whole[32:]...),
		"warning without a MAC": unhex(t, "6283"),
	}
	for at := range whole[:len(whole)-2] {
		changed := append([]byte{}, whole...)
		changed[at] ^= 0x01
		answers["byte "+string(rune('A'+at))] = changed
	}
	for name, answer := range answers {
		c, _ := d.open(t)
		if _, err := c.Wrap(unhex(t, vectors.PlainEID)); err != nil {
			t.Fatal(err)
		}
		if plain, err := c.Unwrap(answer); !fault.Is(err, ChannelBroken) || plain != nil {
			t.Errorf("%s: %X, %v", name, plain, err)
		}
		if _, err := c.Wrap(unhex(t, vectors.PlainCases[0])); !fault.Is(err, NoChannel) {
			t.Errorf("%s: the channel lives on: %v", name, err)
		}
		if _, err := c.Unwrap(whole); !fault.Is(err, NoChannel) {
			t.Errorf("%s: the channel still opens answers: %v", name, err)
		}
	}
}

// An error of the card carries no MAC and does not end the channel.
func TestErrorAnswerLeavesChannel(t *testing.T) {
	t.Parallel()
	c, _ := dialogs[2].open(t)
	if _, err := c.Wrap(unhex(t, vectors.PlainEID)); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Unwrap(unhex(t, "6A82")); err != nil || upper(got) != "6A82" {
		t.Errorf("%X, %v", got, err)
	}
	if got, err := c.Wrap(unhex(t, vectors.PlainCases[0])); err != nil || !bytes.Equal(got, unhex(t, dialogs[2].Cases[0])) {
		t.Errorf("%X, %v", got, err)
	}
}

// A command of extended length: the three bytes of Lc are MACed as they are sent, Le is not, and the
// answer is opened as ever (GlobalPlatform Amendment D, 6.2.4 and 6.2.5).
func TestExtendedLength(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte{0xA5}, 1007)
	for _, c := range []struct {
		name       string
		plain      []byte
		head, tail string
		size       int
	}{
		{"case 3", append(unhex(t, "80D600000003EF"), data...), "84D600000003F8", "", 7 + 1008 + 8},
		{"case 4", append(append(unhex(t, "80D600000003EF"), data...), 0x04, 0x00), "84D600000003F8", "0400", 7 + 1008 + 8 + 2},
		{"case 2", unhex(t, "80B000000003EF"), "84B00000000008", "03EF", 7 + 8 + 2},
		{"little data", unhex(t, "80D6000000000155"), "84D60000000018", "", 7 + 16 + 8},
	} {
		channel, _ := dialogs[2].open(t)
		twin, _ := dialogs[2].open(t)
		got, err := channel.Wrap(c.plain)
		if err != nil || len(got) != c.size || !bytes.HasPrefix(got, unhex(t, c.head)) || !bytes.HasSuffix(got, unhex(t, c.tail)) {
			t.Errorf("%s: %d bytes %X, %v", c.name, len(got), got[:min(len(got), 16)], err)
			continue
		}
		body := got[7 : len(got)-len(c.tail)/2]
		text, mac := body[:len(body)-8], body[len(body)-8:]
		input := append(append(append([]byte{}, twin.chain[:]...), got[:7]...), text...)
		if want, err := twin.mac(input); err != nil || !bytes.Equal(mac, want[:8]) {
			t.Errorf("%s: MAC %X, want %X, %v", c.name, mac, want[:8], err)
		}
		if len(text) > 0 {
			twin.counter++
			plain := make([]byte, len(text))
			cipher.NewCBCDecrypter(twin.enc, twin.icv(false)).CryptBlocks(plain, text)
			lc := int(c.plain[5])<<8 | int(c.plain[6])
			if out, ok := unpad(plain); !ok || !bytes.Equal(out, c.plain[7:7+lc]) {
				t.Errorf("%s: %d bytes do not come back", c.name, lc)
			}
		}
	}
}

// The logical channel goes out in CLA and not into the MAC (GlobalPlatform Amendment D, 6.2.4).
func TestLogicalChannel(t *testing.T) {
	t.Parallel()
	basic, _ := dialogs[2].open(t)
	other, _ := dialogs[2].open(t)
	want, err := basic.Wrap(unhex(t, "80F22002"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := other.Wrap(unhex(t, "81F22002"))
	if err != nil || got[0] != 0x85 || !bytes.Equal(got[1:], want[1:]) {
		t.Errorf("%X, %v; on channel 0 %X", got, err, want)
	}
}

func TestWrapRefuses(t *testing.T) {
	t.Parallel()
	for name, command := range map[string][]byte{
		"three bytes":           unhex(t, "80F220"),
		"Lc too large":          unhex(t, "80F22002034F00"),
		"Lc too small":          unhex(t, "80F22002014F0000"),
		"240 bytes":             append(unhex(t, "80D60000F0"), make([]byte, 240)...),
		"half an extended Le":   unhex(t, "80F220020000"),
		"extended Lc zero":      unhex(t, "80F22002000000FF"),
		"extended Lc too large": unhex(t, "80F22002000002FF"),
		"one byte of Le":        unhex(t, "80F22002000001FF00"),
		"65,520 bytes":          append(unhex(t, "80D6000000FFF0"), make([]byte, 65520)...),
	} {
		c, _ := dialogs[2].open(t)
		if got, err := c.Wrap(command); !fault.Is(err, badCommand) {
			t.Errorf("%s: %X, %v", name, got, err)
		}
	}
	c, _ := dialogs[2].open(t)
	most := append(unhex(t, "80D60000EF"), make([]byte, 239)...)
	if got, err := c.Wrap(most); err != nil || len(got) != 5+240+8 {
		t.Errorf("239 bytes: %d on the wire, %v", len(got), err)
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

// Answers of every length, from nothing to the longest there is, that no card made: refused, and
// the channel is gone.
func TestUnwrapLengths(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 3, 9, 10, 11, 17, 18, 25, 26, 27, 250, 258, 259, 1024, 65537, 65538} {
		c, _ := dialogs[2].open(t)
		if _, err := c.Wrap(unhex(t, vectors.PlainEID)); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, n)
		if n >= 2 {
			answer[n-2] = 0x90
		}
		if plain, err := c.Unwrap(answer); !fault.Is(err, ChannelBroken) {
			t.Errorf("%d bytes: %d bytes, %v", n, len(plain), err)
		}
		if _, err := c.Wrap(unhex(t, vectors.PlainEID)); !fault.Is(err, NoChannel) {
			t.Errorf("%d bytes: the channel lives: %v", n, err)
		}
	}
}

// FuzzUnwrap: no answer of a card makes the channel fail otherwise than with its entries.
func FuzzUnwrap(f *testing.F) {
	f.Add(unhex(f, dialogs[2].EIDAnswer+"9000"))
	f.Add([]byte{0x62, 0x83})
	f.Add([]byte{})
	static, err := dialogKeys(16).Static()
	if err != nil {
		f.Fatal(err)
	}
	d := dialogs[2]
	good := unhex(f, d.EIDAnswer+"9000")
	f.Fuzz(func(t *testing.T, answer []byte) {
		var plain []byte
		if got := allocates(256<<10+16*uint64(len(answer)), func() {
			c, _, opened := OpenChannel(static, d.opening(t), unhex(t, d.Answer))
			if opened != nil {
				t.Fatal(opened)
			}
			if _, err := c.Wrap(unhex(t, vectors.PlainEID)); err != nil {
				t.Fatal(err)
			}
			plain, err = c.Unwrap(answer)
		}); got > 0 {
			t.Fatalf("%d bytes allocated for an answer of %d", got, len(answer))
		}
		switch {
		case bytes.Equal(answer, good):
			if err != nil {
				t.Fatal(err)
			}
		case err == nil && (len(answer) != 2 || upper(answer) == "9000" || !bytes.Equal(plain, answer)):
			t.Fatalf("%X was taken for genuine", answer)
		case err != nil && !fault.Is(err, ChannelBroken):
			t.Fatal(err)
		}
	})
}

// FuzzInitialized: the answer of INITIALIZE UPDATE is hostile input.
func FuzzInitialized(f *testing.F) {
	for _, d := range dialogs {
		f.Add(unhex(f, d.Answer))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		a, err := ParseInitialized(answer)
		if err != nil {
			if !fault.Is(err, badAnswer) {
				t.Fatal(err)
			}
			return
		}
		back := append(append([]byte{}, a.KDD[:]...), a.KVN, a.SCP, a.I)
		back = append(append(back, a.Challenge[:]...), a.Cryptogram[:]...)
		if a.I&iPseudoRandom != 0 {
			back = append(back, a.Sequence[:]...)
		}
		if !bytes.Equal(back, answer) {
			t.Fatalf("%X reads as %X", answer, back)
		}
	})
}
