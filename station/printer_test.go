package station

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/jobs"
	device "blanko/printer"
	"blanko/printer/usb"
	"blanko/registry/stock"
	"blanko/store"
)

// Not known is null, never zero, empty or fine.
func TestToldIsNullWhereNothingIs(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(SupplyReport{Since: told[int]{device.Know(0)}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"ribbon":{"total":null,"left":null,"lot":null,"fits":null},"film":null,"cards_since_cleaning":0,"cleaning_limit":null,"cleaning_due":null,"cleaning_must":null}`
	if string(got) != want {
		t.Errorf("%s", got)
	}
}

// A status of which nothing is known shows no value in either language.
func TestStatusOfNothing(t *testing.T) {
	t.Parallel()
	for _, l := range []Language{Indonesian, English} {
		var out bytes.Buffer
		s := PrinterStatus{Printer: "1", Technology: device.Retransfer, Supplies: SupplyReport{Film: &Supply{}}}
		if err := s.print(Terminal{Out: &out, Language: l}); err != nil {
			t.Fatal(err)
		}
		// ready, busy, card, cover, three stacks, two supplies of two lines, two of cleaning in one line, its
		// due, four counters
		if n := strings.Count(out.String(), l.of(notKnown)); n != 18 {
			t.Errorf("%s: %d times not known\n%s", l, n, &out)
		}
	}
}

// Every language has its cleaning, with every step in both languages, and a command only where the
// host owns the card's way.
func TestCleanings(t *testing.T) {
	t.Parallel()
	all, err := readCleanings(cleaningFile)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{spoolLanguage}
	paths := map[string]bool{}
	for _, l := range printerLanguages {
		names = append(names, l.Name)
		paths[l.Name] = l.Path
	}
	if len(all) != len(names) {
		t.Errorf("%d cleanings for %d languages", len(all), len(names))
	}
	for _, n := range names {
		c := all[n]
		if len(c.Before) == 0 || len(c.After) == 0 || c.Command && !paths[n] {
			t.Errorf("%s: %+v", n, c)
		}
		for _, s := range append(c.Before, c.After...) {
			if s.ID == "" || s.EN == "" {
				t.Errorf("%s: %+v", n, s)
			}
		}
	}
	if _, err := readCleanings([]byte("evolis: {begin: []}")); err == nil {
		t.Error("an unknown key is taken")
	}
}

func TestChoosePrinter(t *testing.T) {
	t.Parallel()
	one := usb.Device{Vendor: 0x0F49, Manufacturer: "Evolis", Name: "Primacy 2", Serial: "1", Place: "1-1"}
	two := usb.Device{Vendor: 0x2166, Product: 0x701D, Serial: "2", Place: "1-2"}
	shut := usb.Device{Vendor: 0x0C1F, Place: "1-3", Fault: "usb.not_allowed"}
	for _, c := range []struct {
		name   string
		serial string
		list   []usb.Device
		want   string
		code   fault.Code
	}{
		{"the only one", "", []usb.Device{one}, "1", ""},
		{"by serial number", "2", []usb.Device{one, two}, "2", ""},
		{"none", "", nil, "", PrinterAbsent.Code},
		{"another", "3", []usb.Device{one, two}, "", PrinterAbsent.Code},
		{"two", "", []usb.Device{one, two}, "", PrinterUnnamed.Code},
		{"one that may not be opened", "", []usb.Device{shut}, "", usb.NotAllowed.Code},
	} {
		got, err := (PrinterChoice{Serial: c.serial}).choose(c.list)
		if got.Serial != c.want || fault.CodeOf(err) != c.code {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	for serial, want := range map[string]string{"1": "evolis", "2": "matica", "": "magicard"} {
		for _, d := range []usb.Device{one, two, shut} {
			if d.Serial == serial && languageOf(d) != want {
				t.Errorf("%s speaks %s", deviceName(d), languageOf(d))
			}
		}
	}
	l, err := (PrinterChoice{}).language(two, LineConfig{Printer: PrinterConfig{Language: "evolis"}})
	if err != nil || l.Name != "evolis" {
		t.Errorf("the line's language: %v, %v", l.Name, err)
	}
	if _, err := (PrinterChoice{}).language(usb.Device{Vendor: 0x09B0}, LineConfig{}); !fault.Is(err, PrinterUnknown) {
		t.Errorf("a maker that nobody speaks to: %v", err)
	}
}

// With a ledger at hand, its blanks and the cards of its attempts are left alone.
func TestLedgerGuardsThePrinter(t *testing.T) {
	t.Parallel()
	cfg := Config{Data: filepath.Join(t.TempDir(), "blanko.db")}
	line := LineConfig{ID: "line-1", Kind: jobs.Inline, Printer: PrinterConfig{Serial: "1"}}
	o := &openedPrinter{Name: "1", Config: cfg, Line: line}
	empty := device.Status{Card: device.Know(device.PositionNone)}
	inside := device.Status{Card: device.Know(device.PositionPrint)}
	feed := func(what string, st device.Status, says Operator, want fault.Code) {
		t.Helper()
		if err := o.mayFeed(t.Context(), st, says); fault.CodeOf(err) != want {
			t.Errorf("feed, %s: %v", what, err)
		}
	}
	move := func(what string, mine bool, want fault.Code) {
		t.Helper()
		if err := (PrinterMoveCommand{CardIsMine: mine}).mayMove(t.Context(), o, inside); fault.CodeOf(err) != want {
			t.Errorf("move, %s: %v", what, err)
		}
	}
	feed("no ledger", empty, Operator{}, "")
	feed("a card inside", inside, Operator{PathEmpty: true}, CardInside.Code)
	feed("not told", device.Status{}, Operator{}, PathUnseen.Code)
	feed("looked", device.Status{}, Operator{PathEmpty: true}, "")
	move("not said", false, CardInside.Code)
	move("said", true, "")
	if _, err := os.Stat(cfg.Data); !os.IsNotExist(err) {
		t.Fatalf("looking made a ledger: %v", err)
	}

	st, err := store.Open(t.Context(), cfg.Data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	write := func(fn func(*store.Tx) error) {
		t.Helper()
		if err := st.Write(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	why := stock.Why{Actor: "test"}
	write(func(tx *store.Tx) error {
		if err := stock.Receive(tx, "LOT-A", "blank", stock.ForCards, 3, why); err != nil {
			return err
		}
		return stock.Shift(tx, "LOT-A", stock.At(stock.Store), stock.On(stock.Hopper, "line-2"), 1, why)
	})
	feed("blanks of another line", empty, Operator{}, "")
	write(func(tx *store.Tx) error {
		return stock.Shift(tx, "LOT-A", stock.At(stock.Store), stock.On(stock.Hopper, "line-1"), 2, why)
	})
	feed("its own blanks", empty, Operator{}, LiveBlanks.Code)
	move("blanks in the hopper", true, "")
	write(func(tx *store.Tx) error {
		_, _, err := stock.Feed(tx, "line-1", "00112233445566778899aabbccddeeff", stock.Path, why)
		return err
	})
	feed("a card in work", empty, Operator{}, CardOfAttempt.Code)
	move("a card in work", true, CardOfAttempt.Code)
	if err := (PrinterCleanCommand{}).pathEmpty(t.Context(), o, empty); !fault.Is(err, CardOfAttempt) {
		t.Errorf("clean with a card in work: %v", err)
	}
}

// What USB says reaches the person, not the class above it.
func TestUSBFaultsAreTold(t *testing.T) {
	t.Parallel()
	comm := device.Fault(device.ClassComm)
	for _, c := range []struct {
		err  error
		want fault.Code
	}{
		{comm.At("usb.Open", usb.InUse.At("usb.claim", nil)), usb.InUse.Code},
		{usb.NotAllowed.At("usb.claim", nil), usb.NotAllowed.Code},
		{comm.At("usb.Open", os.ErrClosed), comm.Code},
	} {
		if got := fault.CodeOf(unclassed(c.err)); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}

// The doctor warns of what a printer reports, of drift before all.
func TestDoctorJudgesPrinters(t *testing.T) {
	t.Parallel()
	jam := device.Status{Error: device.ClassJam}
	dirty := device.Status{Cleaning: device.Cleaning{Due: device.Know(true)}}
	for _, c := range []struct {
		name  string
		st    device.Status
		drift []Drift
		level Level
		says  string
	}{
		{"nothing known", device.Status{}, nil, Fine, "in order"},
		{"an error", jam, nil, Warning, "[printer.jam]"},
		{"drift and an error", jam, []Drift{{"transfer-temp", "+2", "0"}}, Warning, "transfer-temp is +2, should be 0"},
		{"dirty", dirty, nil, Warning, "cleaning is due"},
	} {
		f := judged(c.st, c.drift)
		if f.Level != c.level || !strings.Contains(f.Seen.EN, c.says) || f.Seen.ID == "" {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}
