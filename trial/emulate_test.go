package trial

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/internal/rig"
)

func TestCardOrders(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]CardOrder{
		"insert":                 {},
		"remove 2":               {reader: 2},
		" remove  all ":          {all: true},
		"mute":                   {},
		"mute after 3":           {after: 3},
		"die 1 after 0":          {reader: 1},
		"mute all after 1000000": {all: true, after: maxAfter},
		"slow 2.5":               {factor: 2.5},
		"slow 1 0.1":             {reader: 1, factor: 0.1},
		"slow all 100":           {all: true, factor: 100},
		"already-active 16":      {reader: 16},
		"show":                   {},
		"finished 1":             {reader: 1},
		"blank all":              {all: true},
		"foreign-atr":            {},
		"wrong-key 3":            {reader: 3},
		"foreign-card 1":         {reader: 1},
	} {
		got, err := ParseCardOrder(text)
		verb := strings.Fields(text)[0]
		if err != nil || got.word.word != verb || got.reader != want.reader || got.all != want.all || got.after != want.after || got.factor != want.factor {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "  ", "explode", "Remove 1", "remove 0", "remove -1", "remove one", "remove 1 2", "remove 1 after 2", "show 1",
		"mute after", "mute 1 after", "mute after x", "mute after -1", "mute after 1000001", "mute 1 2", "mute 1 after 2 3",
		"slow", "slow 1", "slow 0", "slow 1 0", "slow 1 101", "slow 1 NaN", "slow 1 Inf", "slow x 2", "slow 1 2 3", "insert all 1",
	} {
		o, err := ParseCardOrder(text)
		if text == "slow 1" { // one word is the factor
			if err != nil || o.factor != 1 {
				t.Errorf("%q: %+v, %v", text, o, err)
			}
			continue
		}
		if !errors.Is(err, ErrOrder) {
			t.Errorf("%q: %+v, %v", text, o, err)
		}
	}
	for _, w := range CardWords() {
		if w.Help() == "" || !strings.HasPrefix(w.Form(), w.word) {
			t.Errorf("%q is not explained", w.word)
		}
	}
}

func TestCardOptions(t *testing.T) {
	t.Parallel()
	good := CardOptions{Cards: 2, Chip: "8k", Address: "127.0.0.1:35963", Speed: 1}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*CardOptions){
		"--cards: 1 to 16, as many readers as a pcscd has": func(o *CardOptions) { o.Cards = 17 },
		"--chip: 8k or 32k": func(o *CardOptions) { o.Chip = "16k" },
		"--speed: 0 (as fast as possible), 1 (real time) or a factor, 0.001 to 1000": func(o *CardOptions) { o.Speed = -1 },
		`--address: "35963" is no host:port, such as 127.0.0.1:35963`:                func(o *CardOptions) { o.Address = "35963" },
		`--address: ":35963" is no host:port, such as 127.0.0.1:35963`:               func(o *CardOptions) { o.Address = ":35963" },
		`--address: "127.0.0.1:0" is no host:port, such as 127.0.0.1:35963`:          func(o *CardOptions) { o.Address = "127.0.0.1:0" },
		"--address: 2 cards need ports up to 65536; there are 65535":                 func(o *CardOptions) { o.Address = "127.0.0.1:65535" },
	} {
		o := good
		change(&o)
		if err := o.Check(); err == nil || err.Error() != want {
			t.Errorf("%+v: %v, want %s", o, err, want)
		}
	}
}

// nobody is an address on loopback where nobody listens, with a port behind it.
func nobody(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func openCards(t *testing.T, o CardOptions) *CardReaders {
	t.Helper()
	r, err := OpenCards(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func do(t *testing.T, r *CardReaders, text string) error {
	t.Helper()
	o, err := ParseCardOrder(text)
	if err != nil {
		t.Fatal(err)
	}
	return r.Do(t.Context(), o)
}

// brief is a state in the words of this test.
func brief(states []CardState) string {
	var out []string
	for _, s := range states {
		text := s.Card + "/" + s.Life
		if !s.InReader {
			text += "/out"
		}
		for _, c := range s.Coming {
			text += "/" + c
		}
		if s.Slow != 1 {
			text += "/slow"
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// Orders do what they say; one that cannot be done for every reader it names is not done at all.
func TestOrdersToCards(t *testing.T) {
	t.Parallel()
	r := openCards(t, CardOptions{Cards: 2, Chip: "8k", Seed: 3, Address: nobody(t), Speed: 1})
	for _, c := range []struct{ order, refused, then string }{
		{"show", "", "blank/blank blank/blank"},
		{"insert 1", "reader 1: its card lies in it already", "blank/blank blank/blank"},
		{"remove 1", "", "blank/blank/out blank/blank"},
		{"remove all", "reader 1: no card lies in it", "blank/blank/out blank/blank"},
		{"remove", "which reader?", "blank/blank/out blank/blank"},
		{"remove 3", "there is no reader 3", "blank/blank/out blank/blank"},
		{"insert all", "reader 2: its card lies in it already", "blank/blank/out blank/blank"},
		{"insert 1", "", "blank/blank blank/blank"},
		{"mute 1", "", "blank/blank/mute at the next command blank/blank"},
		{"die 2 after 9", "", "blank/blank/mute at the next command blank/blank/die after 9 commands"},
		{"slow all 3", "", "blank/blank/mute at the next command/slow blank/blank/die after 9 commands/slow"},
		{"already-active 1", "", "already-active/active blank/blank/die after 9 commands/slow"},
		{"wrong-key 2", "", "already-active/active wrong-key/blank"},
		{"foreign-atr 1", "", "foreign-atr/blank wrong-key/blank"},
		{"remove 2", "", "foreign-atr/blank wrong-key/blank/out"},
		{"foreign-card 2", "", "foreign-atr/blank foreign-card/blank"},
		{"finished 1", "", "finished/active foreign-card/blank"},
		{"blank all", "", "blank/blank blank/blank"},
	} {
		err := do(t, r, c.order)
		if (err == nil) != (c.refused == "") || err != nil && !strings.Contains(err.Error(), c.refused) {
			t.Fatalf("%s: %v, want %q", c.order, err, c.refused)
		}
		if got := brief(r.States()); got != c.then {
			t.Fatalf("%s: %s, want %s", c.order, got, c.then)
		}
	}
	chips := map[string]bool{}
	for _, s := range r.Settled(t.Context()) {
		chips[s.Chip] = true
		if want := "no vpcd listens at " + s.Address; s.Problem != want {
			t.Errorf("problem %q, want %q", s.Problem, want)
		}
	}
	if len(chips) != 2 {
		t.Errorf("chips %v", chips)
	}
}

func TestOrdersRefusedByTheCard(t *testing.T) {
	t.Parallel()
	r := openCards(t, CardOptions{Cards: 1, Chip: "8k", Address: nobody(t)})
	if err := do(t, r, "slow 2"); err == nil || !strings.Contains(err.Error(), "start with --speed 1") {
		t.Errorf("slow without time: %v", err)
	}
	if err := do(t, r, "remove"); err != nil { // so that the card is this test's alone
		t.Fatal(err)
	}
	if err := do(t, r, "die"); err != nil {
		t.Fatal(err)
	}
	card := r.readers[0].card.chip
	if _, err := card.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := card.Transmit(t.Context(), []byte{0, 0xA4, 0, 0x0C, 2, 0x3F, 0}); err == nil {
		t.Error("a dead card answered")
	}
	for _, order := range []string{"mute", "die after 5"} {
		if err := do(t, r, order); err == nil || !strings.Contains(err.Error(), "its card is dead") {
			t.Errorf("%s: %v", order, err)
		}
	}
}

// A finished card is a true one: a stranger with the anchors that WriteTrust lays down finds nothing
// wrong with it, by the zone and, on the large chip, by the CAN.
func TestFinishedCardIsGenuine(t *testing.T) {
	t.Parallel()
	for variant, icaoView := range map[string]bool{"8k": true, "32k": true} {
		r := openCards(t, CardOptions{Cards: 2, Chip: variant, Finished: true, Seed: 5, Address: nobody(t)})
		folder := t.TempDir()
		if err := r.WriteTrust(folder); err != nil {
			t.Fatal(err)
		}
		anchors, err := inspect.LoadCSCAs(os.DirFS(folder + "/csca"))
		if err != nil {
			t.Fatal(err)
		}
		center, err := inspect.LoadCenterKeys(os.DirFS(folder + "/center"))
		if err != nil {
			t.Fatal(err)
		}
		if err := do(t, r, "remove all"); err != nil {
			t.Fatal(err)
		}
		states := r.States()
		if states[0].MRZ[0] == states[1].MRZ[0] {
			t.Error("two cards of one resident")
		}
		for i, s := range states {
			if s.Life != "active" || len(s.MRZ) != 3 || (s.CAN != "") != (variant == "32k") {
				t.Errorf("%s: %+v", variant, s)
			}
			report, err := inspect.Recheck(t.Context(), &reader{held{r.readers[i].card.chip}}, r.maker.keys, r.maker.profile, inspect.Expect{
				Anchors: anchors, CenterKeys: center, ICAOView: icaoView, Access: icao.Access{CAN: s.CAN},
			})
			if err != nil || !report.Genuine {
				t.Errorf("%s: genuine %v, %v: %+v", variant, report.Genuine, err, report.Failed())
			}
		}
	}
}

// The cards are there for programs that know nothing of this one.
func TestForeignToolsSeeEmulatedCards(t *testing.T) {
	t.Parallel()
	rig.NeedPCSC(t)
	rig.Need(t, "pcsc", rig.Tool{Program: "opensc-tool", Package: "opensc"}, rig.Tool{Program: "scriptor", Package: "pcsc-tools"})
	r := openCards(t, CardOptions{Cards: 1, Chip: "8k", Private: true})
	states := r.Settled(t.Context())
	if !states[0].Seen {
		t.Fatalf("not seen: %+v", states)
	}
	name := states[0].Name
	run := func(program string, in string, args ...string) string {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = append(os.Environ(), "PCSCLITE_CSOCK_NAME="+r.Socket())
		cmd.Stdin = strings.NewReader(in)
		out, _ := cmd.CombinedOutput() // a card that is out is an exit status
		return string(out)
	}
	atr := func() string {
		return strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(run("opensc-tool", "", "-r", name, "-a")), ":", ""))
	}
	if got := atr(); got != states[0].ATR {
		t.Errorf("ATR %s, want %s", got, states[0].ATR)
	}
	if err := do(t, r, "foreign-atr"); err != nil {
		t.Fatal(err)
	}
	if s := r.Settled(t.Context()); !s[0].Seen || atr() != s[0].ATR || s[0].ATR == states[0].ATR {
		t.Errorf("after the exchange: %s, %+v", atr(), s)
	}
	const selectMF = "00 A4 00 0C 02 3F 00\n"
	if out := run("scriptor", selectMF, "-r", name); !strings.Contains(out, "< 90 00") {
		t.Errorf("scriptor: %s", out)
	}
	if err := do(t, r, "mute after 1"); err != nil {
		t.Fatal(err)
	}
	out := run("scriptor", selectMF+selectMF, "-r", name)
	if n := strings.Count(out, "< 90 00"); n != 1 || !slices.ContainsFunc([]string{"Transaction failed", "Can not"}, func(s string) bool { return strings.Contains(out, s) }) {
		t.Errorf("scriptor and a card that goes mute: %d answers: %s", n, out)
	}
}
