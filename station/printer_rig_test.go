package station

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/internal/rig"
	device "blanko/printer"
	"blanko/printer/spool"
)

// Print queues of a real CUPS by the printer commands.
func TestPrinterCommandsOverAQueue(t *testing.T) {
	t.Parallel()
	s := rig.CUPS(t, rig.CUPSOptions{})
	d := rig.NewCardDevice(t)
	s.Queue(t, "card", d.URI(), "abort-job")
	s.Queue(t, "again", d.URI(), "retry-job")
	cups := PrintService{CUPS: s.Address}
	config := OptionalConfig{ConfigFile{Config: defaultConfig}}
	choice := PrinterChoice{OptionalConfig: config, PrintService: cups, Queue: "card"}
	var out, told bytes.Buffer
	term := Terminal{Name: "blanko", Out: &out, Err: &told, Language: English}
	said := func(want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%q is not in\n%s", w, &out)
			}
		}
		out.Reset()
	}

	if err := (PrinterListCommand{OptionalConfig: config, PrintService: cups}).Run(t.Context(), term, ConnectedPrinters{}); err != nil {
		t.Error(err)
	}
	said("queue  card", "spool", "idle", "[spool.policy_wrong]")

	if err := (PrinterStatusCommand{PrinterChoice: choice, JSON: true}).Run(t.Context(), term, ConnectedPrinters{}); err != nil {
		t.Error(err)
	}
	var st map[string]any
	if err := json.Unmarshal(out.Bytes(), &st); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"ready", "card", "cover_closed", "hopper", "output", "reject", "cards_fed", "panels_printed", "cards_printed"} {
		if v, there := st[field]; !there || v != nil {
			t.Errorf("a spooler does not know %s: %v", field, v)
		}
	}
	out.Reset()

	wrong := choice
	wrong.Queue = "again"
	if err := (PrinterStatusCommand{PrinterChoice: wrong}).Run(t.Context(), term, ConnectedPrinters{}); !fault.Is(err, spool.PolicyWrong) {
		t.Errorf("a queue that repeats jobs: %v", err)
	}

	test := PrinterTestCardCommand{PrinterChoice: choice, Reason: "new film"}
	if err := test.Run(t.Context(), term, ConnectedPrinters{}); !fault.Is(err, PathUnseen) || len(d.Jobs()) > 0 {
		t.Errorf("nobody looked: %v, %d jobs", err, len(d.Jobs()))
	}
	test.PathEmpty = true
	if err := test.Run(t.Context(), term, ConnectedPrinters{}); err != nil || len(d.Jobs()) != 1 {
		t.Errorf("%v, %d jobs", err, len(d.Jobs()))
	}
	said("YMCK, 300 dpi", "not known", "proves no printed card")

	if err := (PrinterMoveCommand{PrinterChoice: choice, To: "output"}).Run(t.Context(), term, ConnectedPrinters{}); !fault.Is(err, PrinterNoPath) {
		t.Errorf("a queue moves a card: %v", err)
	}
	s.Disable(t, "card")
	if err := (PrinterStatusCommand{PrinterChoice: choice}).Run(t.Context(), term, ConnectedPrinters{}); !errors.Is(err, ErrShown) {
		t.Errorf("a queue that is stopped: %v", err)
	}
	said("ready", device.Fault(device.ClassBusy).EN)
}
