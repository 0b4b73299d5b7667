package keys

import (
	"bytes"
	"crypto/cipher"
	"runtime/metrics"
	"testing"

	"blanko/fault"
)

// dialog is one recorded run of osmocom/pysim, tests/unittests/test_globalplatform.py
// (classes SCP03_Test_AES*): host challenge, answer of INITIALIZE UPDATE, EXTERNAL AUTHENTICATE,
// then five commands of one chain.
type dialog struct {
	name        string
	size        int // bytes per key
	kvn, level  byte
	host        string
	answer      string
	external    string
	eid, eidRsp string
	cases       [4]string
}

var dialogs = []dialog{
	{
		"AES-128 level 11", 16, 0x30, 0x11, "B13E5F938FC108C4",
		"00000000000000000000 300370 3EB51047495B249F 66C484C1D2EF1948 000002",
		"8482110010 7D5F5826A993EBC89EEA24957FA0B3CE",
		"84E291000EBF3E035C015A558D036518A2829700",
		"BF3E125A1089882119900000000000000000000005971BE68992DBBDFA",
		[4]string{
			"84F220020863A63F8959827FB2", "84CA006608A0C6A4A74166F7CE00",
			"84F22002124F0212345C054F9F70C52249B50272656536", "84F280020A4F00E91443F6DCE6B8ED00",
		},
	},
	{
		"AES-128 level 03", 16, 0x30, 0x03, "8E1552D0513C60F3",
		"00000000000000000000 300370 30760CD2C47C1DD3 95065FE5EAD8A9D7 000001",
		"8482030010 FD4721A14D9B07003C451D2F8AE6BB21",
		"84E2910018CA9C00F6713D79BC8BAA642BDFF51C3F6A4082D3BD9AD26C00",
		"BF3E125A1089882119900000000000000000000005",
		[4]string{
			"84F2200208C9811B11F1264CF1", "84CA006608E10AB60B3054798800",
			"84F22002184E2908BDB48B2315A55482E9E936CA122D6ECFAE7D17416E", "84F28002180DD10A6B6193E5340B9E77D32D5A179CD710AC2773AEFB2800",
		},
	},
	{
		"AES-128 level 33", 16, 0x30, 0x33, "FDF38259A1E0DE44",
		"00000000000000000000 300370 3B1ACA81E821F219 081CDC01C26B372D 000003",
		"8482330010 8C36F96BCC00724A4E13AD591D7DA3F0",
		"84E2910018267A85DFE4A98FCA6FB0527E0DFECCE4914E40401433C87F00",
		"F3BA2B1013AA6224F5E1C138D71805C569E5439B47576260B75FC021B25097CB2E68F8A0144975B9",
		[4]string{
			"84F2200208AC6A59024BED84CC", "84CA006608409912AD8FB7AED000",
			"84F22002185F3DAFC3AC14C381536A488BF44E06D056DF9D74DBD21E5A", "84F280021865165105BE3373347D0424D4400AF2AC393F569EC779389E00",
		},
	},
	{
		"AES-192 level 11", 24, 0x31, 0x11, "7396430B768B085B",
		"00000000000000000000 310370 8CFC23522FFDBF1E 5DF5542CAC8FD866 000003",
		"8482110010 2145ED30B146F5DB252FB7E624CEC244",
		"84E291000EBF3E035C015AFF42CF801D14394400",
		"BF3E125A1089882119900000000000000000000005162FBD33E04940A9",
		[4]string{
			"84F22002084584E4F6784811EE", "84CA006608937776EBE190FA3000",
			"84F22002124F0212345C054F9F70C59A52BDDF3040368C", "84F280020A4F009804B11411F7393D00",
		},
	},
	{
		"AES-192 level 03", 24, 0x31, 0x03, "69C65DA8202BF19F",
		"00000000000000000000 310370 B570A67BE3844671 7729D6DD3D2EC5B1 000001",
		"8482030010 65DF4F1A356A887905466516D9E5B7C1",
		"84E2910018D2C6FB477C5D4AFE4FD4D21F17EFF10D3578EC1774A12A2D00",
		"BF3E125A1089882119900000000000000000000005",
		[4]string{
			"84F2200208964E188F0B1BB697", "84CA006608F0820035A41D3E1800",
			"84F220021806B076ED452CD1FA84F77F5C08A146AA77A9286757DEA791", "84F2800218D06527E39222DCE091FABDB8E9B898417A67A6852D3577DB00",
		},
	},
	{
		"AES-192 level 33", 24, 0x31, 0x33, "9B3F2EEF0E8C9374",
		"00000000000000000000 310370 F6BB305A15BAE1A6 8F79FB08212FBED7 000002",
		"8482330010 9100BC22D58B45B86A26365CE39FF3CF",
		"84E29100188F7F946C84F70D17994BC6E8791251BB1BB1BF02CF8DE58900",
		"C05176C1B6F72AAE50C32CBEE63B0E95998928FD4DFB2BE9F27FFDE8C8476F5909B4805CC4039599",
		[4]string{
			"84F2200208D5D97754B6B3D2BA", "84CA006608516C82B8E30ADBEB00",
			"84F2200218CC247F4761E6944277A4E0D6E32E44025B1E31537E2FC668", "84F2800218BA22B63D509BEF5D093B43E5EAED03ED23144AB2D9CB51DE00",
		},
	},
	{
		"AES-256 level 11", 32, 0x32, 0x11, "11666D57866C6F54",
		"00000000000000000000 320370 53EA8847EFA7674E 41498A4D66CF0DEE 000003",
		"8482110010 2F2AD190EFF2FAFC4908996D1CEBD310",
		"84E291000EBF3E035C015AF4B680372542B59D00",
		"BF3E125A10898821199000000000000000000000058012DD7F01F1C4C1",
		[4]string{
			"84F2200208D618B7DA68D5FE52", "84CA0066088F3E055DB23AD5E500",
			"84F22002124F0212345C054F9F70C5B6E15CC42404915E", "84F280020A4F00AA124AA74AFE7F7500",
		},
	},
	{
		"AES-256 level 03", 32, 0x32, 0x03, "C6066990FC426E1D",
		"00000000000000000000 320370 8682CD81BBD8919F 2DE3F2664581F118 000001",
		"8482030010 77C493B632EDADAF865A1E64ACC07CE9",
		"84E29100183DDAA60594963BEFAADA3525B492EDE23C2AB2C1CE3AFE4400",
		"BF3E125A1089882119900000000000000000000005",
		[4]string{
			"84F2200208480DDC8E419DA38D", "84CA0066083E9D6A6C0B2D732000",
			"84F22002183EBFEF2DA8B04AF2A85F491F299B76973DF76FF08A4031BE", "84F2800218783FFF80990F5585B1055010EA95094A26E4A8F1EF4B18E100",
		},
	},
	{
		"AES-256 level 33", 32, 0x32, 0x33, "97B2055FE58599FD",
		"00000000000000000000 320370 A8439A22CEDF045F A9F1903B2834F26E 000002",
		"8482330010 508A0FD959D2E547C6B33154A6BE2057",
		"84E29100187A5EF717EAF1E135AE92FE54429D0E465DECDA65F5FE5AEA00",
		"EA90DBFA648A67C5EB6ABC57F8530B97D0CD5647C5E8732016B55203B078DD2ACE7F8BC5D1C1CD99",
		[4]string{
			"84F2200208BCC5C17275545D93", "84CA00660804806ABA9D543BB600",
			"84F2200218717222491556EC81A45F49CE48BE33320024801A1C4CB0E0", "84F2800218561F105BCCD3A1642904B251CCC1228BEB80A82370A8637000",
		},
	},
}

// The plain commands of every dialog, in the order in which they were wrapped.
const (
	plainEID    = "80E2910006BF3E035C015A00"
	plainEIDRsp = "BF3E125A1089882119900000000000000000000005"
)

var plainCases = [4]string{"80F22002", "80CA006600", "80F220020A4F0212345C054F9F70C5", "80F28002024F0000"}

// appletOfDialogs is the application the dialogs were recorded with.
const appletOfDialogs = "A0000005591010FFFFFFFF8900000100"

// dialogKeys are the keys of the recording: 000102.., 101112.., 202122.., continued from their start.
func dialogKeys(size int) KeySet {
	key := func(first byte) []byte {
		k := make([]byte, size)
		for i := range k {
			k[i] = first + byte(i%16)
		}
		return k
	}
	return KeySet{ENC: key(0x00), MAC: key(0x10), DEK: key(0x20)}
}

func (d dialog) open(t *testing.T) (*Channel, []byte) {
	t.Helper()
	static, err := dialogKeys(d.size).Static()
	if err != nil {
		t.Fatal(err)
	}
	c, external, err := OpenChannel(static, d.opening(t), unhex(t, d.answer))
	if err != nil {
		t.Fatal(err)
	}
	return c, external
}

func (d dialog) opening(t *testing.T) Opening {
	return Opening{KVN: d.kvn, Challenge: [8]byte(unhex(t, d.host)), Level: d.level}
}

func TestDialogs(t *testing.T) {
	t.Parallel()
	for _, d := range dialogs {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			c, external := d.open(t)
			if !bytes.Equal(external, unhex(t, d.external)) {
				t.Errorf("EXTERNAL AUTHENTICATE %X, want %s", external, d.external)
			}
			got, err := c.Wrap(unhex(t, plainEID))
			if err != nil || !bytes.Equal(got, unhex(t, d.eid)) {
				t.Errorf("first command %X, %v; want %s", got, err, d.eid)
			}
			plain, err := c.Unwrap(unhex(t, d.eidRsp+"9000"))
			if err != nil || !bytes.Equal(plain, unhex(t, plainEIDRsp+"9000")) {
				t.Errorf("first answer %X, %v", plain, err)
			}
			for i, want := range d.cases {
				got, err := c.Wrap(unhex(t, plainCases[i]))
				if err != nil || !bytes.Equal(got, unhex(t, want)) {
					t.Errorf("case %d: %X, %v; want %s", i+1, got, err, want)
				}
			}
		})
	}
}

// The pseudo-random card challenge of all nine dialogs follows from the sequence counter
// (GlobalPlatform Amendment D, table 4-1: derivation constant 02).
func TestCardChallenge(t *testing.T) {
	t.Parallel()
	const constant = 0x02
	for _, d := range dialogs {
		a, err := ParseInitialized(unhex(t, d.answer))
		if err != nil {
			t.Fatal(err)
		}
		static, err := dialogKeys(d.size).Static()
		if err != nil {
			t.Fatal(err)
		}
		got, err := sessionKDF(static.ENC, constant, 64, append(a.Sequence[:], unhex(t, appletOfDialogs)...))
		if err != nil || !bytes.Equal(got, a.Challenge[:]) {
			t.Errorf("%s: %X, %v; want %X", d.name, got, err, a.Challenge)
		}
	}
}

// The session keys of the AES-128 dialog at level 33, as published with it.
func TestSessionKeys(t *testing.T) {
	t.Parallel()
	static, err := dialogKeys(16).Static()
	if err != nil {
		t.Fatal(err)
	}
	context := unhex(t, "FDF38259A1E0DE44 3B1ACA81E821F219")
	for _, c := range []struct {
		name     string
		from     MAC
		constant byte
		want     string
	}{
		{"S-ENC", static.ENC, kdfSENC, "BC5689F3A0B783A9ED6DA1C5C6BC1F99"},
		{"S-MAC", static.MAC, kdfSMAC, "0415F56CBB9E488BB171B2B66081F004"},
		{"S-RMAC", static.MAC, kdfSRMAC, "1EE185123244E047BC9D68B914BD1FBE"},
	} {
		if got, err := sessionKDF(c.from, c.constant, 128, context); err != nil || upper(got) != c.want {
			t.Errorf("%s: %X, %v; want %s", c.name, got, err, c.want)
		}
	}
}

// Session keys under 404142..4F with a context of 10 bytes, by key check value
// (martinpaljak/GlobalPlatformPro, TestPlaintextKeys.java, testSessionKeys_SCP03).
func TestSessionKeysGlobalPlatformPro(t *testing.T) {
	t.Parallel()
	mac, err := NewMAC(unhex(t, "404142434445464748494A4B4C4D4E4F"))
	if err != nil {
		t.Fatal(err)
	}
	for constant, want := range map[byte]string{kdfSENC: "C25559", kdfSMAC: "0E12CC", kdfSRMAC: "9ACB9C"} {
		key, err := sessionKDF(mac, constant, 128, unhex(t, "00010203040506070809"))
		if err != nil {
			t.Fatal(err)
		}
		if kcv, err := KCV(key); err != nil || upper(kcv[:]) != want {
			t.Errorf("constant %02X: key check value %X, %v; want %s", constant, kcv, err, want)
		}
	}
}

// With the quirk, the counter stands still for commands without data: the fourth command of the
// chain is then enciphered under counter 2 and not 4. Its MAC chain still covers every command.
func TestCounterOnlyWithData(t *testing.T) {
	t.Parallel()
	d := dialogs[2]
	static, err := dialogKeys(d.size).Static()
	if err != nil {
		t.Fatal(err)
	}
	o := d.opening(t)
	o.CounterOnlyWithData = true
	c, _, err := OpenChannel(static, o, unhex(t, d.answer))
	if err != nil {
		t.Fatal(err)
	}
	for i, command := range append([]string{plainEID}, plainCases[:]...) {
		got, err := c.Wrap(unhex(t, command))
		if err != nil {
			t.Fatal(err)
		}
		usual := append([]string{d.eid}, d.cases[:]...)[i]
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
	static, err := dialogKeys(d.size).Static()
	if err != nil {
		t.Fatal(err)
	}
	for at := 13; at < 29; at++ { // card challenge and cryptogram
		answer := unhex(t, d.answer)
		answer[at] ^= 1
		c, external, err := OpenChannel(static, d.opening(t), answer)
		if !fault.Is(err, cardCryptogramWrong) || c != nil || external != nil {
			t.Errorf("byte %d: %v, command %X", at, err, external)
		}
	}
}

// An answer of INITIALIZE UPDATE that does not fit what was asked for is refused before
// anything is computed from it.
func TestBadInitializeUpdate(t *testing.T) {
	t.Parallel()
	d := dialogs[2]
	static, err := dialogKeys(d.size).Static()
	if err != nil {
		t.Fatal(err)
	}
	good := func() []byte { return unhex(t, d.answer) }
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
	whole := unhex(t, d.eidRsp+"9000")
	answers := map[string][]byte{
		"no status word":        {0x90},
		"nothing":               nil,
		"plain 9000":            unhex(t, "9000"),
		"plain data":            unhex(t, plainEIDRsp+"9000"),
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
		if _, err := c.Wrap(unhex(t, plainEID)); err != nil {
			t.Fatal(err)
		}
		if plain, err := c.Unwrap(answer); !fault.Is(err, channelBroken) || plain != nil {
			t.Errorf("%s: %X, %v", name, plain, err)
		}
		if _, err := c.Wrap(unhex(t, plainCases[0])); !fault.Is(err, noChannel) {
			t.Errorf("%s: the channel lives on: %v", name, err)
		}
		if _, err := c.Unwrap(whole); !fault.Is(err, noChannel) {
			t.Errorf("%s: the channel still opens answers: %v", name, err)
		}
	}
}

// An error of the card carries no MAC and does not end the channel.
func TestErrorAnswerLeavesChannel(t *testing.T) {
	t.Parallel()
	c, _ := dialogs[2].open(t)
	if _, err := c.Wrap(unhex(t, plainEID)); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Unwrap(unhex(t, "6A82")); err != nil || upper(got) != "6A82" {
		t.Errorf("%X, %v", got, err)
	}
	if got, err := c.Wrap(unhex(t, plainCases[0])); err != nil || !bytes.Equal(got, unhex(t, dialogs[2].cases[0])) {
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
		if _, err := c.Wrap(unhex(t, plainEID)); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, n)
		if n >= 2 {
			answer[n-2] = 0x90
		}
		if plain, err := c.Unwrap(answer); !fault.Is(err, channelBroken) {
			t.Errorf("%d bytes: %d bytes, %v", n, len(plain), err)
		}
		if _, err := c.Wrap(unhex(t, plainEID)); !fault.Is(err, noChannel) {
			t.Errorf("%d bytes: the channel lives: %v", n, err)
		}
	}
}

// FuzzUnwrap: no answer of a card makes the channel fail otherwise than with its entries.
func FuzzUnwrap(f *testing.F) {
	f.Add(unhex(f, dialogs[2].eidRsp+"9000"))
	f.Add([]byte{0x62, 0x83})
	f.Add([]byte{})
	static, err := dialogKeys(16).Static()
	if err != nil {
		f.Fatal(err)
	}
	d := dialogs[2]
	good := unhex(f, d.eidRsp+"9000")
	f.Fuzz(func(t *testing.T, answer []byte) {
		var plain []byte
		if got := allocates(256<<10+16*uint64(len(answer)), func() {
			c, _, opened := OpenChannel(static, d.opening(t), unhex(t, d.answer))
			if opened != nil {
				t.Fatal(opened)
			}
			if _, err := c.Wrap(unhex(t, plainEID)); err != nil {
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
		case err != nil && !fault.Is(err, channelBroken):
			t.Fatal(err)
		}
	})
}

// FuzzInitialized: the answer of INITIALIZE UPDATE is hostile input.
func FuzzInitialized(f *testing.F) {
	for _, d := range dialogs {
		f.Add(unhex(f, d.answer))
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
