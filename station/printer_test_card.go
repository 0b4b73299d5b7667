package station

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"image/png"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"blanko/artwork"
	"blanko/fault"
	device "blanko/printer"
)

// PrinterTestCardCommand is blanko printer test-card.
type PrinterTestCardCommand struct {
	PrinterChoice
	Operator
	Reason string `help:"Why a blank of the test stock is used, such as \"new print head\"." placeholder:"TEXT"`
	Out    string `help:"Write the picture as PNG and print nothing; the file must not be there yet." placeholder:"FILE"`
	DPI    int    `name:"dpi" help:"Resolution of the picture with --out; without it that of the printer." placeholder:"300|600"`
	JSON   bool   `name:"json" help:"Print the report as JSON."`
}

// TestPrint is the report of one test card.
type TestPrint struct {
	Printer string        `json:"printer"`
	Model   string        `json:"model,omitempty"`
	Reason  string        `json:"reason"`
	Job     string        `json:"job"`
	Panels  string        `json:"panels"`
	DPI     int           `json:"dpi"`
	Took    time.Duration `json:"nanoseconds"`
	FedNow  told[int]     `json:"cards_fed"`
	Left    told[int]     `json:"ribbon_left"`
	Proved  bool          `json:"proved"` // the printer's own word that a card was printed; a print queue has none
	// Card is what is inside now: none once it lies in the tray, exit where a person must draw it.
	Card told[device.Position] `json:"card"`
}

// Run prints a test card on a blank of the test stock, or writes its picture.
func (c PrinterTestCardCommand) Run(ctx context.Context, t Terminal, ports Printers) error {
	const op = "station.PrinterTestCardCommand"
	if c.Out == "" && strings.TrimSpace(c.Reason) == "" {
		return ReasonMissing.At(op, nil).With("reason", "it goes with the blank into the test stock")
	}
	if c.Out != "" && c.DPI != 0 {
		return c.picture(t, c.DPI, "-")
	}
	o, err := c.open(ctx, ports)
	if err != nil {
		return err
	}
	defer o.close() //nolint:errcheck // nothing is left to be done with the printer
	if caps := o.Capabilities(); c.Out != "" {
		return c.picture(t, caps.Geometry.DPI, o.title())
	}
	out, err := c.print(ctx, o)
	if err != nil {
		if fault.KindOf(err) == fault.InDoubt {
			fmt.Fprintln(t.Err, t.Language.of(words{"Blangko uji mungkin sudah tercetak: catat sebagai rusak pada stok uji dan jangan mencetaknya lagi.", "The test blank may be printed: enter it as spoiled in the test stock, and do not print on it again."}))
		}
		return err
	}
	if c.JSON {
		return printJSON(t.Out, out)
	}
	return out.print(t)
}

// title is the printer as the test card names it.
func (o *openedPrinter) title() string {
	caps := o.Capabilities()
	return strings.TrimSpace(fmt.Sprintf("%s %s, %d dpi", caps.Model, o.Name, caps.Geometry.DPI))
}

// face draws the test card.
func (c PrinterTestCardCommand) face(dpi int, title string) (*artwork.Face, error) {
	f, err := artwork.TestCard(dpi, title, time.Now().Format(time.DateTime), c.Reason)
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Field == "notes[2]" {
		return nil, ReasonUnfit.At("station.PrinterTestCardCommand", err).With("reason", "%s", e.Detail)
	}
	return f, err
}

// picture writes the face as a file.
func (c PrinterTestCardCommand) picture(t Terminal, dpi int, title string) error {
	const op = "station.PrinterTestCardCommand"
	f, err := c.face(dpi, title)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return OutputRefused.At(op, err).With("out", "%s cannot be written", c.Out)
	}
	if err := errors.Join(png.Encode(file, f.Proof()), file.Close()); err != nil {
		return OutputRefused.At(op, err).With("out", "%s cannot be written", c.Out)
	}
	if c.JSON {
		return printJSON(t.Out, map[string]any{"file": c.Out, "dpi": dpi, "columns": f.Width, "rows": f.Height})
	}
	_, err = fmt.Fprintln(t.Out, t.Language.of(say("Gambar %d x %d titik ditulis ke %s; tidak ada yang dicetak.", "A picture of %d x %d dots was written to %s; nothing was printed.", f.Width, f.Height, c.Out)))
	return err
}

// print feeds a blank and prints on it.
func (c PrinterTestCardCommand) print(ctx context.Context, o *openedPrinter) (TestPrint, error) {
	const op = "station.PrinterTestCardCommand"
	caps := o.Capabilities()
	f, err := c.face(caps.Geometry.DPI, o.title())
	if err != nil {
		return TestPrint{}, err
	}
	side, err := device.Separate(f.Color, f.Black, caps.Geometry, caps.Panels)
	if err != nil {
		return TestPrint{}, err
	}
	before, err := o.Status(ctx)
	if err != nil {
		return TestPrint{}, err
	}
	if err := o.mayFeed(ctx, before, c.Operator); err != nil {
		return TestPrint{}, err
	}
	if err := trouble(op, before); err != nil {
		return TestPrint{}, err
	}
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		return TestPrint{}, err
	}
	out := TestPrint{
		Printer: o.Name, Model: caps.Model, Reason: c.Reason, Job: "test-" + hex.EncodeToString(id[:]), Panels: caps.Panels, DPI: caps.Geometry.DPI,
		Proved: o.Language != spoolLanguage,
	}
	began := time.Now()
	if err := o.Print(ctx, device.Panels{Job: out.Job, Geometry: caps.Geometry, Front: side}); err != nil {
		return out, err
	}
	if o.Path != nil {
		if err := o.Path.Eject(ctx, device.TrayOutput); err != nil && !errors.Is(err, device.ErrNothingInside) { // one that keeps no card has laid it there
			return out, err
		}
	}
	out.Took = time.Since(began)
	after, err := o.Status(ctx)
	if err != nil {
		return out, err
	}
	out.FedNow, out.Card = told[int]{after.Counters.Cards}, told[device.Position]{after.Card}
	if after.Ribbon.Known {
		out.Left = told[int]{after.Ribbon.Value.Left}
	}
	return out, nil
}

func (r TestPrint) print(t Terminal) error {
	w, l := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0), t.Language
	row(w, l, words{"printer", "printer"}, strings.TrimSpace(r.Model+" "+r.Printer))
	row(w, l, words{"alasan", "reason"}, r.Reason)
	row(w, l, words{"pekerjaan", "job"}, r.Job)
	row(w, l, words{"panel", "panels"}, l.of(say("%s, %d dpi", "%s, %d dpi", r.Panels, r.DPI)))
	row(w, l, words{"waktu", "took"}, r.Took.Round(100*time.Millisecond).String())
	row(w, l, words{"di dalam printer", "inside the printer"}, show(l, r.Card, wordsOf(positionWords)))
	row(w, l, words{"kartu masuk", "cards fed"}, show(l, r.FedNow, number))
	row(w, l, words{"sisa pita", "ribbon left"}, show(l, r.Left, func(n int) words { return say("%d sisi kartu", "%d card sides", n) }))
	if err := w.Flush(); err != nil {
		return err
	}
	last := words{
		"Kartu uji tercetak. Bandingkan dengan gambarnya (--out), catat hasilnya, dan catat blangko pada stok uji.",
		"The test card is printed. Compare it with its picture (--out), note the result, and enter the blank in the test stock.",
	}
	if !r.Proved {
		last = words{
			"Antrean cetak menyatakan selesai; itu bukan bukti bahwa kartu tercetak. Ambil kartunya dan lihat, lalu catat blangko pada stok uji.",
			"The print queue says that it is done; that proves no printed card. Take the card out and look, then enter the blank in the test stock.",
		}
	}
	_, err := fmt.Fprintln(t.Out, l.of(last))
	return err
}
