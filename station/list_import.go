package station

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
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
	Product string `required:"" help:"What they are, such as ktp-el-wni." placeholder:"PRODUCT"`
}

// ImportDeniedCommand is blanko import denied.
type ImportDeniedCommand struct {
	ListFile
	Reason string `required:"" help:"Code of why they are denied, such as stolen." placeholder:"CODE"`
}

// listImport is a list on its way in: rows of one kind, batch by batch.
type listImport struct {
	kind  string
	rows  []listRow
	batch int // rows of one operation: one transaction, one event with a root hash
	op    func(from, to int) registry.Operation
	known func(context.Context, *registry.Registry) (bad []badRow, err error) // every row that the ledger has already; nil: the operation alone tells
}

// listResult is what became of a list.
type listResult struct {
	File     string   `json:"file"`
	Good     int      `json:"good"`
	Bad      []badRow `json:"bad"`
	DryRun   bool     `json:"dryRun"`
	Imported int      `json:"imported"`
	Before   int      `json:"before"` // of them, imported by the same file before
}

// Help names the columns.
func (ImportResidentsCommand) Help() string {
	needed, others := []string{}, []string{}
	for _, c := range residentColumns() {
		if c.needed {
			needed = append(needed, c.name)
		} else {
			others = append(others, c.name)
		}
	}
	return "Columns: " + strings.Join(needed, ", ") + "; where they are known " + strings.Join(others, ", ") + ". Dates as 2026-11-26, words as on the card."
}

// Help names the column.
func (ImportBlanksCommand) Help() string { return chipHelp }

// Help names the column.
func (ImportDeniedCommand) Help() string { return chipHelp }

const chipHelp = "Column: chip, the UID in 20 hex digits."

// residentsOf are the residents of the lines of a list; good are the lines that they come from.
func residentsOf(rows []listRow, bad []badRow) (list []registry.Resident, good []listRow, wrong []badRow) {
	ids, niks := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		r, wrong := residentOf(row)
		for column, value := range map[string]string{"id": r.ID, "nik": r.Person.NIK.Digits()} {
			seen := ids
			if column == "nik" {
				seen = niks
			}
			if value != "" && seen[value] {
				wrong = append(wrong, badRow{row.line, column, valueTwice})
			}
			seen[value] = true
		}
		bad = append(bad, wrong...)
		if len(wrong) == 0 {
			list, good = append(list, r), append(good, row)
		}
	}
	return list, good, bad
}

// mostNamed is how many wrong lines of a list are named at once.
const mostNamed = 20

// residentsInFile reads the file of a list of residents that a page brought; one wrong line refuses it all.
func residentsInFile(file []byte) ([]registry.Resident, error) {
	rows, bad, err := readColumns(file, residentColumns())
	if err != nil {
		return nil, err
	}
	list, _, bad := residentsOf(rows, bad)
	if len(bad) == 0 {
		return list, nil
	}
	e := ListMalformed.At("station.residentsInFile", nil)
	for _, b := range bad[:min(len(bad), mostNamed)] {
		e = e.With(fmt.Sprintf("line %d %s", b.Line, b.Column), "%s / %s", b.Reason.ID, b.Reason.EN)
	}
	return nil, e
}

// Run imports residents.
func (c ImportResidentsCommand) Run(ctx context.Context, t Terminal) error {
	rows, bad, err := readList(c.File, residentColumns())
	if err != nil {
		return err
	}
	list, good, bad := residentsOf(rows, bad)
	const batch = 5000
	return c.take(ctx, t, bad, listImport{kind: "residents", rows: good, batch: batch, op: func(from, to int) registry.Operation {
		return registry.ImportResidents{Version: c.List, Rows: list[from:to]}
	}})
}

// Run imports blanks.
func (c ImportBlanksCommand) Run(ctx context.Context, t Terminal) error {
	rows, chips, bad, err := chipList(c.File)
	if err != nil {
		return err
	}
	return c.take(ctx, t, bad, listImport{kind: "blanks", rows: rows, batch: chipBatch, op: func(from, to int) registry.Operation {
		return registry.ImportBlanks{Lot: c.Lot, Product: c.Product, Chips: chips[from:to]}
	}, known: func(ctx context.Context, reg *registry.Registry) (bad []badRow, err error) {
		here, err := reg.KnownBlanks(ctx, chips)
		for i, row := range rows {
			if here[chips[i]] {
				bad = append(bad, badRow{row.line, "chip", isKnown})
			}
		}
		return bad, err
	}})
}

// Run imports denied chips.
func (c ImportDeniedCommand) Run(ctx context.Context, t Terminal) error {
	rows, chips, bad, err := chipList(c.File)
	if err != nil {
		return err
	}
	return c.take(ctx, t, bad, listImport{kind: "denied", rows: rows, batch: chipBatch, op: func(from, to int) registry.Operation {
		return registry.ImportDenied{Reason: c.Reason, Chips: chips[from:to]}
	}})
}

// chipBatch is how many chips one operation takes.
const chipBatch = 10000

var chipUID = regexp.MustCompile(`^[0-9A-F]{20}$`)

// chipList reads a list with the one column chip.
func chipList(path string) (good []listRow, chips []ktp.ChipUID, bad []badRow, err error) {
	rows, bad, err := readList(path, []listColumn{{"chip", true}})
	seen := map[string]bool{}
	for _, row := range rows {
		switch chip := row.values["chip"]; {
		case !chipUID.MatchString(chip):
			bad = append(bad, badRow{row.line, "chip", notChip})
		case seen[chip]:
			bad = append(bad, badRow{row.line, "chip", valueTwice})
		default:
			seen[chip] = true
			good, chips = append(good, row), append(chips, ktp.ChipUID(chip))
		}
	}
	return good, chips, bad, err
}

// take imports a list, or tells what an import would do. A list with a bad line changes nothing.
func (c ListFile) take(ctx context.Context, t Terminal, bad []badRow, l listImport) error {
	return withLedger(ctx, c.ConfigFile, func(_ Config, reg *registry.Registry) error {
		who, err := signedIn(ctx, reg, t.asker(), words{"Token Anda:", "Your token:"})
		if err != nil {
			return err
		}
		out := listResult{File: filepath.Base(c.File), Good: len(l.rows), Bad: bad, DryRun: c.DryRun}
		switch {
		case c.DryRun:
			err = l.tried(ctx, reg, who, &out)
		case len(bad) == 0:
			err = l.carried(ctx, reg, who, &out)
		}
		slices.SortStableFunc(out.Bad, func(x, y badRow) int { return cmp.Compare(x.Line, y.Line) })
		if err == nil {
			err = c.tell(t, out)
		}
		if err == nil && len(out.Bad) > 0 {
			err = ErrShown
		}
		return err
	})
}

// tried finds what the ledger would refuse. Nothing is changed.
func (l listImport) tried(ctx context.Context, reg *registry.Registry, who access.Actor, out *listResult) error {
	if l.known != nil {
		known, err := l.known(ctx, reg)
		if err != nil {
			return err
		}
		out.Bad, out.Good = append(out.Bad, known...), out.Good-len(known)
		if len(known) > 0 {
			return nil
		}
	}
	for from := 0; from < len(l.rows); from += l.batch {
		to := min(from+l.batch, len(l.rows))
		if _, _, err := reg.DryRun(ctx, who, l.op(from, to)); err != nil {
			bad, told := l.refused(err, from)
			if !told {
				return err
			}
			out.Bad, out.Good = append(out.Bad, bad), out.Good-1
		}
	}
	return nil
}

// carried imports batch by batch. Each has a key made of what it holds: the same file once more, or after it
// was cut off, doubles nothing.
func (l listImport) carried(ctx context.Context, reg *registry.Registry, who access.Actor, out *listResult) error {
	for from := 0; from < len(l.rows); from += l.batch {
		to := min(from+l.batch, len(l.rows))
		op := l.op(from, to)
		text, err := json.Marshal(op)
		if err != nil {
			return ListMalformed.At("station.carried", err)
		}
		sum := sha256.Sum256(append([]byte(l.kind+"/"), text...))
		res, err := reg.Do(ctx, who, op, "import-"+l.kind+"-"+hex.EncodeToString(sum[:]))
		if err != nil {
			bad, told := l.refused(err, from)
			if !told {
				return err
			}
			out.Bad = append(out.Bad, bad)
			if l.known != nil {
				if known, err := l.known(ctx, reg); err == nil && len(known) > 0 {
					out.Bad = known
				}
			}
			return nil
		}
		out.Imported += to - from
		if res.Replayed {
			out.Before += to - from
		}
	}
	return nil
}

// refused is the line of a batch that the register refused; told is false for what is about no line.
func (l listImport) refused(err error, from int) (bad badRow, told bool) {
	e, ok := errors.AsType[*fault.Error](err)
	entry, known := entryOf(fault.CodeOf(err))
	if !ok || !known || e.Kind != fault.Invalid && e.Kind != fault.Conflict {
		return bad, false
	}
	bad.Reason = words{entry.ID, entry.EN}
	if i, column, found := rowField(e.Field); found && from+i < len(l.rows) {
		bad.Line, bad.Column = l.rows[from+i].line, column
		if bad.Column == "" {
			bad.Reason = isKnown
		}
	}
	return bad, true
}

var rowOf = regexp.MustCompile(`^(?:rows\.|chips\[)([0-9]+)\]?\.?(.*)$`)

// rowField is the index and the column in the name of a field, such as rows.3.nik.
func rowField(field string) (i int, column string, found bool) {
	m := rowOf.FindStringSubmatch(field)
	if m == nil {
		return 0, "", false
	}
	i, err := strconv.Atoi(m[1])
	return i, m[2], err == nil
}

// tell prints what became of a list.
func (c ListFile) tell(t Terminal, r listResult) error {
	if c.JSON {
		if r.Bad == nil {
			r.Bad = []badRow{}
		}
		return printJSON(t.Out, r)
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	for _, b := range r.Bad {
		line := t.Language.of(say("baris %d", "line %d", b.Line))
		if b.Line == 0 {
			line = t.Language.of(words{"daftar", "list"})
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", line, b.Column, t.Language.of(b.Reason))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	sum := say("%d baris baik dan %d salah dari %s; tidak ada yang diubah", "%d lines good and %d bad of %s; nothing was changed", r.Good, len(r.Bad), r.File)
	if !r.DryRun && (len(r.Bad) == 0 || r.Imported > 0) {
		sum = say("%d baris diimpor dari %s, %d di antaranya sudah sebelumnya", "%d lines imported from %s, %d of them before", r.Imported, r.File, r.Before)
	}
	_, err := fmt.Fprintln(t.Out, t.Language.of(sum))
	return err
}

// residentField is a column of the list of obliged residents and how its value is taken.
type residentField struct {
	listColumn
	set func(r *registry.Resident, value string) (why words, ok bool)
}

// text takes a value that is printed on a card, or kept beside it.
func text(of func(*registry.Resident) *string) func(*registry.Resident, string) (words, bool) {
	return func(r *registry.Resident, value string) (words, bool) {
		*of(r) = value
		return notPrinted, ktp.CheckText(value) == nil
	}
}

// code takes a word of a list; a dash stands for none.
func code[T ~byte](list []ktp.Word, of func(*registry.Resident) *T) func(*registry.Resident, string) (words, bool) {
	return func(r *registry.Resident, value string) (words, bool) {
		c := ktp.CodeOf(list, strings.ToUpper(cmp.Or(value, "-")))
		*of(r) = T(c)
		return notWord, value == "" || c != ktp.UnknownCode
	}
}

// date takes a day.
func date(of func(*registry.Resident) *time.Time) func(*registry.Resident, string) (words, bool) {
	return func(r *registry.Resident, value string) (words, bool) {
		if value == "" {
			return words{}, true
		}
		var err error
		*of(r), err = time.Parse(time.DateOnly, value)
		return notDate, err == nil
	}
}

const longestRowID = 40

// residentFields is the form of the list of obliged residents.
var residentFields = []residentField{
	{listColumn{"id", true}, func(r *registry.Resident, v string) (words, bool) {
		r.ID = v
		return valueLonger, len(v) <= longestRowID
	}},
	{listColumn{"nik", true}, func(r *registry.Resident, v string) (why words, ok bool) {
		n, err := ktp.ParseNIK(v)
		r.Person.NIK = n
		return notNIK, err == nil
	}},
	{listColumn{"name", true}, func(r *registry.Resident, v string) (words, bool) {
		r.Person.Names = []string{v}
		return notPrinted, ktp.CheckText(v) == nil
	}},
	{listColumn{"birth_place", false}, text(func(r *registry.Resident) *string { return &r.Person.BirthPlace })},
	{listColumn{"birth_date", true}, date(func(r *registry.Resident) *time.Time { return &r.Person.BirthDate })},
	{listColumn{"sex", true}, code(ktp.Sexes, func(r *registry.Resident) *ktp.Sex { return &r.Person.Sex })},
	{listColumn{"blood", false}, code(ktp.BloodTypes, func(r *registry.Resident) *ktp.BloodType { return &r.Person.Blood })},
	{listColumn{"religion", false}, code(ktp.Religions, func(r *registry.Resident) *ktp.Religion { return &r.Person.Religion })},
	{listColumn{"marital", false}, code(ktp.MaritalStatuses, func(r *registry.Resident) *ktp.MaritalStatus { return &r.Person.Marital })},
	{listColumn{"family_card", false}, text(func(r *registry.Resident) *string { return &r.Person.FamilyCard })},
	{listColumn{"street", false}, text(func(r *registry.Resident) *string { return &r.Person.Street })},
	{listColumn{"rt", false}, text(func(r *registry.Resident) *string { return &r.Person.RT })},
	{listColumn{"rw", false}, text(func(r *registry.Resident) *string { return &r.Person.RW })},
	{listColumn{"village", false}, text(func(r *registry.Resident) *string { return &r.Person.Village })},
	{listColumn{"district", false}, text(func(r *registry.Resident) *string { return &r.Person.District })},
	{listColumn{"regency", false}, text(func(r *registry.Resident) *string { return &r.Person.Regency })},
	{listColumn{"province", false}, text(func(r *registry.Resident) *string { return &r.Person.Province })},
	{listColumn{"region", false}, text(func(r *registry.Resident) *string { return &r.Person.RegionCode })},
	{listColumn{"occupation", false}, text(func(r *registry.Resident) *string { return &r.Person.Occupation })},
	{listColumn{"nationality", false}, func(r *registry.Resident, v string) (words, bool) {
		r.Person.Nationality = cmp.Or(v, ktp.Citizen.Code)
		return notCountry, regexp.MustCompile(`^[A-Z]{3}$`).MatchString(r.Person.Nationality)
	}},
	{listColumn{"citizenship", false}, text(func(r *registry.Resident) *string { return &r.Person.Citizenship })},
	{listColumn{"validity", false}, text(func(r *registry.Resident) *string { return &r.Person.Validity })},
	{listColumn{"married_on", false}, date(func(r *registry.Resident) *time.Time { return &r.MarriedOn })},
	{listColumn{"stay_until", false}, date(func(r *registry.Resident) *time.Time { return &r.StayUntil })},
}

func residentColumns() (list []listColumn) {
	for _, f := range residentFields {
		list = append(list, f.listColumn)
	}
	return list
}

// residentOf takes a line of the list apart and names everything that is wrong with it.
func residentOf(row listRow) (r registry.Resident, wrong []badRow) {
	for _, f := range residentFields {
		if why, ok := f.set(&r, row.values[f.name]); !ok {
			wrong = append(wrong, badRow{row.line, f.name, why})
		}
	}
	r.Person.Citizenship, r.Person.Validity = cmp.Or(r.Person.Citizenship, ktp.Citizen.Name), cmp.Or(r.Person.Validity, ktp.Lifelong)
	return r, wrong
}
