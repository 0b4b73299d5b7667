package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"text/tabwriter"
	"time"

	"go.uber.org/zap"

	"blanko/fault"
)

// Commands are those of the product, as the command line shows them; blanko-lab has them too.
type Commands struct {
	Serve   ServeCommand    `cmd:"" help:"Run the station: its lines, the link to the data center, the API on this machine."`
	Doctor  DoctorCommand   `cmd:"" help:"Look whether everything is there that the configuration needs, and say what to do. Exit status 1: something is missing."`
	Card    CardCommands    `cmd:"" help:"Work with the card in a reader: list, info, read, verify, write."`
	Printer PrinterCommands `cmd:"" help:"Work with a card printer: list, status, test-card, clean, move, supplies."`
	Keys    KeysCommands    `cmd:"" help:"Work with the keys on the token: init, list, kcv, ceremony, rotate, retire, csca, dsc, crl, export-public."`
	Audit   AuditCommands   `cmd:"" help:"Work with the event log: list, verify, export."`
	Backup  BackupCommands  `cmd:"" help:"Work with sealed copies of the ledger: create, verify, restore."`
	People  PeopleCommands  `cmd:"" help:"Make the two persons by whom a new station begins: first, second."`
	Start   StartCommands   `cmd:"" help:"Release the lines after a start of the station: list, release, confirm."`
	Design  DesignCommands  `cmd:"" help:"Approve the card profile, the templates of the face and the service standard that the station uses: list, approve."`
	Finger  FingerCommands  `cmd:"" help:"Work with fingerprint files: extract, quality, match, convert, show, bench."`
	Version VersionCommand  `cmd:"" help:"Print the version."`
	Lang    string          `help:"Language of messages, id or en; without it that of the variable LANG, else Indonesian." enum:",id,en" default:"" placeholder:"id|en"`
}

// ServeCommand is blanko serve.
type ServeCommand struct {
	ConfigFile
	PrintConfig bool `help:"Print a configuration with every value explained, and end."`
}

// Run serves until the context ends.
func (c ServeCommand) Run(ctx context.Context, t Terminal) error {
	if c.PrintConfig {
		_, err := io.WriteString(t.Out, Sample)
		return err
	}
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	log := t.log(zap.InfoLevel)
	if err := forbidDumps(); err != nil {
		log.Warn("the memory of this process may be dumped", zap.Error(err))
	}
	err = Serve(ctx, cfg, Service{Log: log, Path: c.Config, Ready: func(address string) {
		fmt.Fprintln(t.Out, t.Language.of(say("Blanko melayani di http://%s/v1", "Blanko serves at http://%s/v1", address)))
	}, First: func(link string) {
		fmt.Fprintln(t.Err, t.Language.of(say(
			"Stasiun ini belum punya siapa pun. Petugas keamanan pertama masuk satu kali lewat %s",
			"This station has nobody yet. Its first security officer comes in once by %s", link)))
	}})
	if err != nil && fault.KindOf(err) != fault.Internal { // what is internal, Terminal.Fail logs with its causes
		log.Error("not serving", zap.String("code", string(fault.CodeOf(err))), zap.Error(err))
	}
	return err
}

// DoctorCommand is blanko doctor.
type DoctorCommand struct {
	ConfigFile
	JSON bool `name:"json" help:"Print the report as JSON."`
}

// levels are the words of a report.
var levels = map[Level]words{
	Fine: {"baik", "ok"}, Note: {"catatan", "note"}, Warning: {"perhatian", "warning"}, Missing: {"KURANG", "MISSING"}, Skipped: {"dilewati", "skipped"},
}

// Run examines and reports; ErrShown when something that the configuration needs is missing.
func (c DoctorCommand) Run(ctx context.Context, t Terminal, ports Printers) error {
	d := Examine(ctx, Examination{Config: c.Config, Printers: ports})
	if err := c.print(t, d); err != nil {
		return err
	}
	if !d.Ready {
		return ErrShown
	}
	return nil
}

func (c DoctorCommand) print(t Terminal, d Diagnosis) error {
	if c.JSON {
		return printJSON(t.Out, d)
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	for _, r := range d.Checks {
		fmt.Fprintf(w, "%s\t%s\t%s\n", t.Language.of(levels[r.Level]), t.Language.of(r.What), t.Language.of(r.Seen))
		if r.Mend != nil {
			fmt.Fprintf(w, "\t\t-> %s\n", t.Language.of(*r.Mend))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	last := words{"Tidak ada yang kurang untuk konfigurasi ini.", "Nothing that this configuration needs is missing."}
	if !d.Ready {
		last = words{"Ada yang kurang; lihat KURANG di atas.", "Something is missing; see MISSING above."}
	}
	_, err := fmt.Fprintln(t.Out, t.Language.of(last))
	return err
}

// ImportCommand is blanko import.
type ImportCommand struct {
	ConfigFile
	File string `arg:"" help:"Records of the center: a JSON array, or one JSON value on each line." placeholder:"FILE"`
	Keys string `help:"The center's signed key list, instead of center.key_list." placeholder:"FILE"`
	JSON bool   `name:"json" help:"Print what became of every record as JSON."`
}

// Run imports signed records alone.
func (c ImportCommand) Run(ctx context.Context, t Terminal) error { return c.Import(ctx, t, false) }

// Import imports, and with unsigned lets in specimens; ErrShown when a record was refused.
func (c ImportCommand) Import(ctx context.Context, t Terminal, unsigned bool) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	list, err := Import(ctx, cfg, ImportOptions{File: c.File, KeyList: c.Keys, Unsigned: unsigned, Now: time.Now, Log: t.log(zap.WarnLevel)})
	if err != nil && list == nil {
		return err
	}
	if err := errors.Join(err, c.print(t, list)); err != nil {
		return err
	}
	for _, i := range list {
		if !i.Accepted {
			return ErrShown
		}
	}
	return nil
}

// answers are the words for what the register answers.
var answers = map[string]words{
	"new": {"diterima, baru", "accepted, new"}, "superseded": {"diterima, menggantikan versi lama", "accepted, replaces an older version"},
	"unchanged": {"sudah ada, tidak berubah", "here already, unchanged"},
}

func (c ImportCommand) print(t Terminal, list []Imported) error {
	if c.JSON {
		return printJSON(t.Out, list)
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	accepted := 0
	for _, i := range list {
		fmt.Fprintf(w, "%d\t%s\t%s\tv%d\t%s\n", i.Place, i.Kind, i.ID, i.Version, i.tell(t.Language))
		if i.Accepted {
			accepted++
		}
	}
	if err := w.Flush(); err != nil || len(list) == 0 {
		return err
	}
	_, err := fmt.Fprintln(t.Out, t.Language.of(say("%d diterima, %d ditolak dari %s", "%d accepted, %d refused of %s", accepted, len(list)-accepted, filepath.Base(c.File))))
	return err
}

// refusalEntry finds the entry of a refusal: the protocol's codes are those of registry/osia without
// the room, any other is a fault's own.
func refusalEntry(code string) (fault.Entry, bool) {
	if e, ok := entryOf(fault.Code("osia." + code)); ok {
		return e, true
	}
	return entryOf(fault.Code(code))
}

// tell says what became of a record.
func (i Imported) tell(l Language) string {
	if i.Accepted {
		w, known := answers[i.Answer]
		if !known {
			w = say("diterima: %s", "accepted: %s", i.Answer)
		}
		if i.Specimen {
			w = say("%s (contoh)", "%s (specimen)", l.of(w))
		}
		return l.of(w)
	}
	text := l.of(say("DITOLAK %s", "REFUSED %s", i.Refusal))
	if e, ok := refusalEntry(i.Refusal); ok {
		text += ": " + l.of(words{e.ID, e.EN})
	}
	if i.Field != "" || i.Reason != "" {
		text += fmt.Sprintf(" (%s %s)", i.Field, i.Reason)
	}
	return text
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// VersionCommand is blanko version.
type VersionCommand struct{}

// Run prints the version.
func (VersionCommand) Run(t Terminal) error {
	_, err := fmt.Fprintln(t.Out, "blanko", Version())
	return err
}
