package station

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"blanko/registry"
	"blanko/registry/lists"
)

// ImportLists are the lists that a person imports.
type ImportLists struct {
	Residents ImportResidentsCommand `cmd:"" aliases:"obliged" help:"Add the rows of a CSV file to a version of the list of obliged residents, which is not in use yet."`
	Blanks    ImportBlanksCommand    `cmd:"" help:"Count blanks of a lot into the store by the supplier's list of chips, a CSV file."`
	Denied    ImportDeniedCommand    `cmd:"" help:"Put stolen or suspended chips of a CSV file on the deny list."`
}

// ImportCommands is blanko import.
type ImportCommands struct {
	Records ImportCommand `cmd:"" default:"withargs" help:"Take in records that the data center signed; the word may be left out. Exit status 1: one was refused."`
	ImportLists
}

// ListFile is the file of a list and how it is imported. Who imports it types a token.
type ListFile struct {
	ConfigFile
	File   string `arg:"" help:"CSV in UTF-8 with a head." placeholder:"FILE"`
	DryRun bool   `help:"Name every line that is wrong, count the others, change nothing."`
	JSON   bool   `name:"json" help:"Print the outcome as JSON."`
}

// ImportResidentsCommand is blanko import residents.
type ImportResidentsCommand struct {
	ListFile
	List string `required:"" help:"Version of the list: letters, digits, dots, dashes; a letter first." placeholder:"VERSION"`
}

// ImportBlanksCommand is blanko import blanks.
type ImportBlanksCommand struct {
	ListFile
	Lot     string `required:"" help:"Lot of the blanks." placeholder:"LOT"`
	Product string `required:"" enum:"ktp-el-wni,ktp-el-oa" help:"Cards that they are for: of citizens, or of foreign residents (OA)."`
}

// ImportDeniedCommand is blanko import denied.
type ImportDeniedCommand struct {
	ListFile
	Reason string `required:"" help:"Code of why they are denied, such as stolen; another is refused with those that there are." placeholder:"CODE"`
	Note   string `help:"What no code says; it is sealed and erased when its time is over. Needed with other." placeholder:"TEXT"`
}

// listResult is what became of a file.
type listResult struct {
	File string `json:"file"`
	lists.Outcome
}

// Help names the columns.
func (ImportResidentsCommand) Help() string {
	needed, others := lists.ResidentColumns()
	return "Columns: " + strings.Join(needed, ", ") + "; where they are known " + strings.Join(others, ", ") + ". Dates as 2026-11-26, words as on the card."
}

// Help names the columns.
func (ImportBlanksCommand) Help() string {
	return "Columns: chip, the UID in 20 hex digits; where it is printed on the blanks label, 4 to 32 capitals, digits, dots, dashes."
}

// Help names the columns.
func (ImportDeniedCommand) Help() string {
	return "One column or both: chip, the UID in 20 hex digits; label, what is printed on a blank; one that is not here is denied as soon as a list brings it. With label_to, label begins a range of printed numbers that ends there."
}

// Run imports residents.
func (c ImportResidentsCommand) Run(ctx context.Context, t Terminal) error {
	return c.take(ctx, t, func(text []byte) (lists.List, error) { return lists.Residents(text, c.List) })
}

// Run imports blanks.
func (c ImportBlanksCommand) Run(ctx context.Context, t Terminal) error {
	return c.take(ctx, t, func(text []byte) (lists.List, error) { return lists.Blanks(text, c.Lot, c.Product) })
}

// Run imports denied chips.
func (c ImportDeniedCommand) Run(ctx context.Context, t Terminal) error {
	return c.take(ctx, t, func(text []byte) (lists.List, error) {
		return lists.Denied(text, registry.Because{Reason: c.Reason, Note: c.Note})
	})
}

// take reads the file and imports it; ErrShown when a line is wrong.
func (c ListFile) take(ctx context.Context, t Terminal, read func([]byte) (lists.List, error)) error {
	const op = "station.take"
	text, err := readSmall(c.File, lists.MostBytes)
	switch {
	case errors.Is(err, errNotSmall):
		return ImportTooLarge.At(op, nil).With("file", "a plain file of at most %d bytes", lists.MostBytes)
	case err != nil:
		return ImportUnreadable.At(op, err).With("file", "cannot be read")
	}
	list, err := read(text)
	if err != nil {
		return err
	}
	return withLedger(ctx, c.ConfigFile, func(_ Config, reg *registry.Registry) error {
		who, err := signedIn(ctx, reg, t.asker(), words{"Token Anda:", "Your token:"})
		if err != nil {
			return err
		}
		out := listResult{File: filepath.Base(c.File)}
		if out.Outcome, err = list.Take(ctx, reg, who, c.DryRun); err != nil {
			return err
		}
		if err := c.tell(t, out); err != nil {
			return err
		}
		if len(out.Bad) > 0 {
			return ErrShown
		}
		return nil
	})
}

// tell prints what became of a list.
func (c ListFile) tell(t Terminal, r listResult) error {
	if c.JSON {
		return printJSON(t.Out, r)
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	for _, b := range r.Bad {
		line := t.Language.of(say("baris %d", "line %d", b.Line))
		if b.Line == 0 {
			line = t.Language.of(words{"daftar", "list"})
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", line, b.Column, t.Language.of(words(b.Reason)))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	sum := say("%d baris baik dan %d salah dari %s; tidak ada yang diubah", "%d lines good and %d bad of %s; nothing was changed", r.Good, len(r.Bad), r.File)
	if !r.DryRun && (len(r.Bad) == 0 || r.Imported > 0) {
		sum = say("%d baris diimpor dari %s, %d di antaranya sudah sebelumnya", "%d lines imported from %s, %d of them before", r.Imported, r.File, r.Before)
	}
	if _, err := fmt.Fprintln(t.Out, t.Language.of(sum)); err != nil || r.Elsewhere == 0 || len(r.Bad) > 0 {
		return err
	}
	elsewhere := say("%d nomor cetak belum tercatat di sini; blangkonya dilarang begitu daftar lotnya diimpor", "%d printed numbers are not on record here; their blanks are denied once the list of their lot is imported", r.Elsewhere)
	if r.DryRun {
		elsewhere = say("%d nomor cetak belum tercatat di sini", "%d printed numbers are not on record here", r.Elsewhere)
	}
	_, err := fmt.Fprintln(t.Out, t.Language.of(elsewhere))
	return err
}
