package station

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"blanko/applet/inspect"
	"blanko/ktp"
	"blanko/paper"
)

// CardVerifyCommand is blanko card verify.
type CardVerifyCommand struct {
	OptionalConfig
	CardReader
	CardAccess
	Slip string `help:"Write a slip for the holder as PDF; it must not be there yet." placeholder:"FILE"`
	By   string `help:"Name of the officer, for the slip." placeholder:"NAME"`
	JSON bool   `name:"json" help:"Print the examination as JSON. It holds no personal data."`
}

// Run examines the card; ErrShown when something speaks against it.
func (c CardVerifyCommand) Run(ctx context.Context, t Terminal, keys CardKeys) error {
	const op = "station.CardVerifyCommand"
	if c.Slip != "" && c.By == "" {
		return OutputRefused.At(op, nil).With("by", "a slip names the officer who examined the card")
	}
	if c.Slip != "" && !c.there() {
		return OutputRefused.At(op, nil).With("config", "the head of the slip stands in a configuration file; name one with --config")
	}
	if _, err := os.Lstat(c.Slip); c.Slip != "" && err == nil {
		return OutputRefused.At(op, nil).With("slip", "%s is there already", c.Slip)
	}
	began := time.Now()
	x, reader, err := examine(ctx, t, keys, c.OptionalConfig, c.CardReader, c.CardAccess)
	if err != nil {
		return err
	}
	number := slipNumber(began)
	var slip error // what was found is told all the same
	if c.Slip != "" {
		slip = c.writeSlip(x, number, began)
	}
	if c.JSON {
		err = printJSON(t.Out, struct {
			Number string    `json:"number"`
			Reader string    `json:"reader"`
			At     time.Time `json:"at"`
			inspect.Examination
		}{number, reader, began.UTC(), x})
	} else {
		err = printExamination(t, number, reader, x, time.Since(began))
	}
	switch {
	case err != nil:
		return err
	case slip != nil:
		return slip
	case !x.Cause.Explain().Sound || x.Cause == inspect.ContentUnread:
		return ErrShown
	}
	return nil
}

// slipNumber is the reference of one examination: its time and a word that no other one has.
func slipNumber(at time.Time) string {
	const letters = 4
	return "PC-" + at.Format("20060102-150405") + "-" + rand.Text()[:letters]
}

// findingWords are what came of one proof.
var findingWords = map[inspect.Finding]words{
	inspect.Good: {"sah", "good"}, inspect.Bad: {"TIDAK SAH", "BAD"}, inspect.None: {"tidak ada pada kartu", "not on the card"},
	inspect.NotChecked: {"tidak diperiksa", "not checked"},
}

// proof is one line of the result.
type proof struct {
	what   words
	result inspect.Finding
	more   string // codes and names of the machine's own, in no language
}

// centerProof is the place of the data center's signature among proofs.
const centerProof = 1

// proofs are what an examination proves, in the order in which a person asks.
func proofs(x inspect.Examination) []proof {
	return []proof{
		{words{"tanda tangan stasiun atas kartu", "station's signature over the card"}, x.Station.Result, join(x.Station.Signer, x.Station.Reason)},
		{words{"tanda tangan pusat data atas orang", "data center's signature over the person"}, x.Center.Result, join(x.Center.KeyID, x.Center.Anchor, x.Center.Reason)},
		{words{"autentikasi cip", "chip authentication"}, x.ChipProof.ChipAuthentication, ""},
		{words{"autentikasi aktif", "active authentication"}, x.ChipProof.ActiveAuthentication, ""},
		{words{"kunci SAM kartu ini", "SAM key of this card"}, x.ChipProof.SAMKey, ""},
	}
}

func join(parts ...string) string {
	text := ""
	for _, p := range filled(parts...) {
		if text != "" {
			text += ", "
		}
		text += p
	}
	return text
}

// standingWords say how the register has a card.
var standingWords = map[inspect.Standing]words{
	inspect.Made: {"dibuat, belum diserahkan", "made, not handed over"}, inspect.InForce: {"berlaku", "in force"}, inspect.Retired: {"tidak berlaku lagi", "retired"},
}

// inRegister says what the status list has, and of when the list is: an old one, or one that nobody
// signed, is worth what its holder believes.
func inRegister(x inspect.Examination) words {
	r := x.Register
	w := words{"tidak diketahui (tanpa daftar status)", "not known (no status list)"}
	if r.List != 0 {
		s := words{"tidak tercantum", "not named"}
		if r.Known {
			s = standingWords[r.Standing]
		}
		sign := words{"", ""}
		switch {
		case !r.Signed:
			sign = words{", tanpa tanda tangan", ", not signed"}
		case r.Local:
			sign = words{", jangkar lokal", ", local anchor"}
		}
		day := r.Date.Format(time.DateOnly)
		w = words{fmt.Sprintf("%s (daftar %d, %s%s)", s.ID, r.List, day, sign.ID), fmt.Sprintf("%s (list %d, %s%s)", s.EN, r.List, day, sign.EN)}
	}
	if r.Reason != "" {
		w = words{w.ID + ": " + r.Reason, w.EN + ": " + r.Reason}
	}
	if r.Held {
		w = words{w.ID + ", ditahan", w.EN + ", held"}
	}
	return w
}

// readingWords say how the card was read.
func readingWords(x inspect.Examination, took time.Duration) words {
	way := join(x.Reading.Protocol, x.Reading.Password)
	if x.Reading.SAM != "not_used" {
		way = join(way, "SAM")
	}
	if way == "" {
		way = "-"
	}
	return say("%s; %d perintah, %d kali diulang, potongan %d B, %v", "%s; %d commands, %d retries, chunks of %d B, %v",
		way, x.Reading.Commands, x.Reading.Retries, x.Reading.Chunk, took.Round(time.Millisecond))
}

func printExamination(t Terminal, number, reader string, x inspect.Examination, took time.Duration) error {
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	row(w, t.Language, words{"nomor", "number"}, number)
	if err := w.Flush(); err != nil {
		return err
	}
	if err := printChip(t, reader, x); err != nil || deaf(x.Cause) != "" {
		return err
	}
	row(w, t.Language, words{"dibaca", "read"}, t.Language.of(readingWords(x, took)))
	for _, p := range proofs(x) {
		row(w, t.Language, p.what, join(t.Language.of(findingWords[p.result]), p.more))
	}
	row(w, t.Language, words{"register", "register"}, t.Language.of(inRegister(x)))
	for _, c := range x.Checks {
		if !c.OK && !c.Skipped {
			fmt.Fprintf(w, "! %s\t%s\n", c.Name, t.Language.of(say("seharusnya %s, ternyata %s", "should be %s, is %s", c.Want, c.Got)))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(t.Out, "\n%s\n", t.Language.of(words{x.Verdict.Indonesian(), string(x.Verdict)})); err != nil {
		return err
	}
	if err := printCause(t, x.Cause); err != nil {
		return err
	}
	for _, also := range x.Also {
		e := also.Explain()
		if _, err := fmt.Fprintf(t.Out, "+ %s [%s]\n", t.Language.of(words{e.ID, e.EN}), also); err != nil {
			return err
		}
	}
	return nil
}

// marks of a slip.
var findingMarks = map[inspect.Finding]paper.Mark{inspect.Good: paper.Good, inspect.Bad: paper.Bad, inspect.None: paper.Warning, inspect.NotChecked: paper.Warning}

// slipOf is the holder's slip, in Indonesian as all papers are.
func (c CardVerifyCommand) slipOf(cfg Config, x inspect.Examination, number string, at time.Time) paper.ChipCheck {
	e := x.Cause.Explain()
	slip := paper.ChipCheck{
		Office: paper.Office{Government: cfg.Letterhead.Government, Name: cfg.Letterhead.Name, Address: cfg.Letterhead.Address},
		Number: number, At: at, By: c.By, Chip: x.Chip.UID, Code: string(x.Cause), Mark: paper.Bad, Finding: e.ID, Steps: holderSteps[x.Cause],
	}
	switch {
	case x.Cause == inspect.CardGenuine || x.Cause == inspect.HandOverUnknown:
		slip.Mark = paper.Good
	case e.Sound:
		slip.Mark = paper.Warning
	}
	if x.Person != nil {
		if nik, err := ktp.ParseNIK(x.Person.NIK); err == nil { // a forged zone may hold anything
			slip.NIK = nik
		}
	}
	if x.Center.Anchor == inspect.AnchorLocal && e.Sound {
		slip.Finding += " Orangnya dijamin Dinas setempat, bukan pusat data."
	}
	if deaf(x.Cause) == "" {
		for _, p := range proofs(x) {
			slip.Checks = append(slip.Checks, paper.Result{What: p.what.ID, Mark: findingMarks[p.result], Text: findingWords[p.result].ID})
		}
		if center := &slip.Checks[centerProof]; x.Center.Anchor == inspect.AnchorLocal { // never shown as the center's
			center.Mark, center.Text = max(center.Mark, paper.Warning), center.Text+", jangkar lokal"
		}
		retries := paper.Result{What: "pengulangan pembacaan", Mark: paper.Good, Text: fmt.Sprintf("%d kali", x.Reading.Retries)}
		if x.Reading.Retries >= inspect.SuspectRetries {
			retries.Mark = paper.Warning
		}
		slip.Checks = append(slip.Checks, retries, paper.Result{What: "register", Mark: registerMark(x), Text: inRegister(x).ID})
	}
	return slip
}

func (c CardVerifyCommand) writeSlip(x inspect.Examination, number string, at time.Time) error {
	cfg, err := c.read()
	if err != nil {
		return err
	}
	pdf, err := paper.ChipCheckSlip(c.slipOf(cfg, x, number, at))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.Slip, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = f.Write(pdf)
		if err = errors.Join(err, f.Close()); err != nil { // half a slip is none
			err = errors.Join(err, os.Remove(c.Slip))
		}
	}
	if err != nil {
		return OutputRefused.At("station.writeSlip", err).With("slip", "%s cannot be written", c.Slip)
	}
	return nil
}

func registerMark(x inspect.Examination) paper.Mark {
	switch {
	case x.Register.Held || x.Register.Standing == inspect.Retired:
		return paper.Bad
	case x.Register.Standing == inspect.InForce && x.Register.Signed:
		return paper.Good
	}
	return paper.Warning
}
