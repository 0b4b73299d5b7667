package station

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"blanko/applet/inspect"
)

// CardReadCommand is blanko card read.
type CardReadCommand struct {
	OptionalConfig
	CardReader
	CardAccess
	Out  string `help:"Folder for the files of the card and its pictures; it is made, and must not be there yet." placeholder:"FOLDER"`
	JSON bool   `name:"json" help:"Print the content as JSON."`
}

// Run shows what the card says about its holder, with the verdict over it. Personal data go to the
// terminal and the folder that were asked for, and nowhere else.
func (c CardReadCommand) Run(ctx context.Context, t Terminal, keys CardKeys) error {
	x, reader, err := examine(ctx, t, keys, c.OptionalConfig, c.CardReader, c.CardAccess)
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := saveCard(c.Out, x); err != nil {
			return err
		}
	}
	if c.JSON {
		err = printJSON(t.Out, struct {
			Reader  string              `json:"reader"`
			Verdict inspect.Verdict     `json:"verdict"`
			Cause   inspect.Cause       `json:"cause"`
			Chip    inspect.ChipFacts   `json:"chip"`
			Files   []inspect.FileFacts `json:"files"`
			Person  *inspect.Person     `json:"person"`
		}{reader, x.Verdict, x.Cause, x.Chip, x.Files, x.Person})
	} else {
		err = c.print(t, reader, x)
	}
	if err == nil && (x.Person == nil || !x.Cause.Explain().Sound) {
		return ErrShown
	}
	return err
}

// print shows the verdict, then person and files, a line each.
func (c CardReadCommand) print(t Terminal, reader string, x inspect.Examination) error {
	if err := printChip(t, reader, x); err != nil || deaf(x.Cause) != "" {
		return err
	}
	if _, err := fmt.Fprintf(t.Out, "\n%s\n", t.Language.of(words{x.Verdict.Indonesian(), string(x.Verdict)})); err != nil {
		return err
	}
	if !x.Cause.Explain().Sound {
		if err := printCause(t, x.Cause); err != nil {
			return err
		}
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w)
	if p := x.Person; p != nil {
		for _, r := range personRows(p) {
			row(w, t.Language, r.label, r.value)
		}
		fmt.Fprintln(w)
	}
	for _, f := range x.Files {
		fmt.Fprintf(w, "%s\t%s\t%d B\t%s\n", f.FID, f.Name, f.Size, f.View)
	}
	return w.Flush()
}

// personRow is one line about a person.
type personRow struct {
	label words
	value string
}

// personRows are the lines of a card's face and what else the chip says, in the order of the face.
func personRows(p *inspect.Person) []personRow {
	address := strings.Join(filled(p.Street, p.RTRW, p.Village, p.District, p.Regency, p.Province), ", ")
	rows := []personRow{
		{words{"NIK", "NIK"}, p.NIK},
		{words{"nama", "name"}, strings.Join(p.Names, "; ")},
		{words{"tempat, tanggal lahir", "place and date of birth"}, strings.Join(filled(p.BirthPlace, p.BirthDate), ", ")},
		{words{"jenis kelamin", "sex"}, p.Sex},
		{words{"golongan darah", "blood type"}, p.Blood},
		{words{"alamat", "address"}, address},
		{words{"agama", "religion"}, p.Religion},
		{words{"status perkawinan", "marital status"}, p.Marital},
		{words{"pekerjaan", "occupation"}, p.Occupation},
		{words{"kewarganegaraan", "nationality"}, p.Nationality},
		{words{"berlaku hingga", "valid until"}, p.Validity},
		{words{"MRZ", "MRZ"}, strings.Join(p.MRZ, " ")},
		{words{"sidik jari", "fingerprints"}, strings.Join(p.Fingers, ", ")},
		{words{"jari yang tidak ada", "fingers left out"}, strings.Join(p.Exceptions, ", ")},
		{words{"foto", "photo"}, pictureSize(p.Portrait)},
		{words{"tanda tangan", "signature"}, pictureSize(p.Signature)},
	}
	if i := p.Issue; i != nil {
		rows = append(rows,
			personRow{words{"penerbit", "issued by"}, strings.Join(filled(i.Authority, i.IssueDate), ", ")},
			personRow{words{"dibuat", "made"}, strings.Join(filled(i.Station, i.PersonalizedAt.UTC().Format("2006-01-02 15:04:05 UTC")), ", ")})
	}
	return rows
}

func filled(parts ...string) (out []string) {
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func pictureSize(p *inspect.PictureOf) string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf("%s, %d x %d, %d B", p.MIME, p.Width, p.Height, len(p.Data))
}

// extensions of pictures by their type.
var extensions = map[string]string{"image/jpeg": ".jpg", "image/jp2": ".jp2", "image/j2c": ".j2k"}

// saveCard lays the files of a card and its pictures into a new folder, for its owner alone. A folder
// that cannot be filled whole is not left behind.
func saveCard(folder string, x inspect.Examination) (err error) {
	const op = "station.saveCard"
	if err := os.Mkdir(folder, 0o700); err != nil {
		return OutputRefused.At(op, err).With("out", "%s is there already, or cannot be made", folder)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(folder) // what could not be written is told
		}
	}()
	save := func(name string, content []byte) error {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return OutputRefused.At(op, err).With("out", "%s cannot be written", name)
		}
		return nil
	}
	for _, f := range x.Files {
		var fid uint16
		if _, err := fmt.Sscanf(f.FID, "%04X", &fid); err != nil {
			return OutputRefused.At(op, err).With("out", "%s", f.FID)
		}
		if err := save(f.FID+"-"+f.Name+".bin", x.Content[fid]); err != nil {
			return err
		}
	}
	if x.Person == nil {
		return nil
	}
	for name, p := range map[string]*inspect.PictureOf{"photo": x.Person.Portrait, "signature": x.Person.Signature} {
		if p == nil {
			continue
		}
		if err := save(name+extensions[p.MIME], p.Data); err != nil {
			return err
		}
	}
	return nil
}

// examine reads the card in the chosen reader with all that this reader has.
func examine(ctx context.Context, t Terminal, keys CardKeys, oc OptionalConfig, cr CardReader, ca CardAccess) (x inspect.Examination, reader string, err error) {
	cfg, err := oc.read()
	if err != nil {
		return x, "", err
	}
	access, err := ca.access(t)
	if err != nil {
		return x, "", err
	}
	trust, err := ca.trust(cfg)
	if err != nil {
		return x, "", err
	}
	sam, err := keys.Reading(cfg)
	if err != nil {
		return x, "", err
	}
	r, err := cr.open(ctx, t)
	if err != nil {
		return x, "", err
	}
	defer r.Close() //nolint:errcheck // the card was only read
	x, err = inspect.Examine(ctx, r, sam, access, trust)
	return x, r.Reader().Name, err
}
