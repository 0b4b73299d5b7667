package station

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/audit"
)

// AuditCommands are those about the event log.
type AuditCommands struct {
	List   AuditListCommand   `cmd:"" help:"List events in words: of an application, an attempt, a chip, a room, or after a number."`
	Verify AuditVerifyCommand `cmd:"" help:"Verify the chain of events, in the ledger or in an exported file: what was altered, removed, reordered, inserted or cut off is named. Exit status 1: something was found."`
	Export AuditExportCommand `cmd:"" help:"Write the whole event log into a file that can be verified without the station. It holds ids and codes, no personal data."`
}

// AuditVerifyCommand is blanko audit verify.
type AuditVerifyCommand struct {
	ConfigFile
	File   string       `arg:"" optional:"" help:"A file of blanko audit export; without it the ledger of the configuration."`
	Anchor []AnchorText `help:"An anchor that was kept elsewhere (center, shift sheet): the number of the event and its hash. May be given several times." placeholder:"EVENT:HASH"`
	JSON   bool         `name:"json" help:"Print the report as JSON."`
}

// AnchorText is an anchor as a person types it: 812:9f86d0...
type AnchorText audit.Anchor

// UnmarshalText reads the number of an event and 64 hex digits; the groups of a paper may stay apart.
func (a *AnchorText) UnmarshalText(text []byte) error {
	number, digits, ok := strings.Cut(string(text), ":")
	id, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if !ok || err != nil || id < 1 {
		return errors.New("an anchor is EVENT:HASH, the number of an event and 64 hex digits")
	}
	h, err := audit.ParseHash(strings.ReplaceAll(digits, " ", ""))
	*a = AnchorText{ID: id, Hash: h}
	return err
}

// auditReport is what verify prints as JSON.
type auditReport struct {
	Sound    bool           `json:"sound"`
	Office   string         `json:"office"`
	Events   int64          `json:"events"`
	Head     int64          `json:"head"`
	Hash     string         `json:"hash"`
	Anchors  int            `json:"anchors"` // given beside those of the ledger
	Findings []auditFinding `json:"findings"`
}

type auditFinding struct {
	Harm audit.Harm `json:"harm"`
	At   int64      `json:"at"`
	To   int64      `json:"to,omitempty"`
	Note string     `json:"note"`
}

// harmWords are the words for what was done to the log.
var harmWords = map[audit.Harm]words{
	audit.Altered: {"DIUBAH", "ALTERED"}, audit.Removed: {"DIHAPUS", "REMOVED"}, audit.Reordered: {"DIPINDAH", "MOVED"},
	audit.Inserted: {"DISISIPKAN", "INSERTED"}, audit.HeadWrong: {"UJUNG RANTAI LAIN", "ANOTHER END"}, audit.Unmoored: {"BUKAN RANTAI YANG DIJANGKARKAN", "NOT THE ANCHORED CHAIN"},
}

// Run verifies and reports; ErrShown when something was found.
func (c AuditVerifyCommand) Run(ctx context.Context, t Terminal) error {
	anchors := make([]audit.Anchor, len(c.Anchor))
	for i, a := range c.Anchor {
		anchors[i] = audit.Anchor(a)
	}
	r, office, err := c.verify(ctx, anchors)
	if err != nil {
		return err
	}
	if err := c.print(t, r, office); err != nil {
		return err
	}
	if !r.Sound() {
		return ErrShown
	}
	return nil
}

func (c AuditVerifyCommand) verify(ctx context.Context, anchors []audit.Anchor) (r audit.Report, office string, err error) {
	if c.File != "" {
		f, err := os.Open(c.File)
		if err != nil {
			return r, "", FileUnreadable.At("station.audit", err).With("file", "%s", filepath.Base(c.File))
		}
		defer f.Close() //nolint:errcheck // it was only read
		return audit.VerifyExport(f, anchors...)
	}
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return r, "", err
	}
	err = cfg.withLedger(ctx, func(reg *registry.Registry) error {
		r, err = reg.VerifyEvents(ctx, anchors...)
		return err
	})
	return r, cfg.Office, err
}

func (c AuditVerifyCommand) print(t Terminal, r audit.Report, office string) error {
	if c.JSON {
		out := auditReport{
			Sound: r.Sound(), Office: office, Events: r.Events, Head: r.Head.ID, Hash: fmt.Sprintf("%x", r.Head.Hash),
			Anchors: len(c.Anchor), Findings: []auditFinding{},
		}
		for _, f := range r.Findings {
			out.Findings = append(out.Findings, auditFinding(f))
		}
		return printJSON(t.Out, out)
	}
	for _, f := range r.Findings {
		where := say("kejadian %d", "event %d", f.At)
		if f.To > f.At {
			where = say("kejadian %d sampai %d", "events %d to %d", f.At, f.To)
		}
		if _, err := fmt.Fprintf(t.Out, "%s: %s\n", t.Language.of(harmWords[f.Harm]), t.Language.of(where)); err != nil {
			return err
		}
	}
	last := say("Catatan kejadian utuh: %d kejadian, ujung %d:%x", "The event log is sound: %d events, head %d:%x", r.Events, r.Head.ID, r.Head.Hash)
	if !r.Sound() {
		last = say("Catatan kejadian TIDAK utuh: %d temuan dalam %d kejadian. Hentikan produksi dan panggil petugas keamanan.",
			"The event log is NOT sound: %d findings in %d events. Stop production and call the security officer.", len(r.Findings), r.Events)
	}
	_, err := fmt.Fprintln(t.Out, t.Language.of(last))
	return err
}

// AuditExportCommand is blanko audit export.
type AuditExportCommand struct {
	ConfigFile
	File string `arg:"" help:"File to write; it must not exist yet."`
}

// Run writes the file and says what its head is; a file that could not be finished is removed.
func (c AuditExportCommand) Run(ctx context.Context, t Terminal) (err error) {
	const op = "station.audit"
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return OutputRefused.At(op, err).With("file", "%s", filepath.Base(c.File))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(c.File))
		}
	}()
	var head audit.Head
	err = cfg.withLedger(ctx, func(reg *registry.Registry) error {
		head, err = reg.ExportEvents(ctx, io.Writer(f))
		return err
	})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.Out, t.Language.of(say("%d kejadian ditulis, ujung %d:%x", "%d events written, head %d:%x", head.ID, head.ID, head.Hash)))
	return err
}

// withLedger opens the ledger of the configuration for a command, which must be there already.
func (c Config) withLedger(ctx context.Context, fn func(*registry.Registry) error) (err error) {
	if !c.hasLedger() {
		return NoLedger.At("station.withLedger", nil).With("data", "%s", c.Data)
	}
	st, err := c.openLedger(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return fn(registry.New(st, c.registry(), zap.NewNop()))
}
