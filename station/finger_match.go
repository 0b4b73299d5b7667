package station

import (
	"errors"
	"fmt"

	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/ktp"
)

// FingerMatchCommand is blanko finger match.
type FingerMatchCommand struct {
	FingerPicture
	Probe   string `arg:"" help:"Record (ISO/IEC 19794-2 or ANSI/INCITS 378) or PNG picture." placeholder:"PROBE"`
	Gallery string `arg:"" help:"What it is compared with." placeholder:"GALLERY"`
	JSON    bool   `name:"json" help:"Print the score as JSON."`
}

// Run compares; ErrShown when the score is below the threshold, and another exit status where nothing could be
// compared. A picture without --finger is the finger of the other side.
func (c FingerMatchCommand) Run(t Terminal) error {
	err := c.compare(t)
	if err != nil && !errors.Is(err, ErrShown) {
		return &uncompared{err}
	}
	return err
}

// uncompared is an error that must not be taken for an answer.
type uncompared struct{ error }

func (u *uncompared) Unwrap() error { return u.error }

// ExitStatus is that of an error where 1 is an answer.
func (*uncompared) ExitStatus() int { return exitNoAnswer }

func (c FingerMatchCommand) compare(t Terminal) error {
	var e extract.Extractor
	probe, err := c.template(c.Probe, &e)
	if err != nil {
		return err
	}
	gallery, err := c.template(c.Gallery, &e)
	if err != nil {
		return err
	}
	take(probe, gallery, isPicture(c.Probe))
	take(gallery, probe, isPicture(c.Gallery))
	score := finger.Match(probe, gallery)
	same := score >= finger.Threshold()
	if c.JSON {
		err = printJSON(t.Out, struct {
			Score     int     `json:"score"`
			Threshold int     `json:"threshold"`
			Same      bool    `json:"same_finger"`
			FMR       float64 `json:"fmr"`
		}{score, finger.Threshold(), same, finger.FMR(score)})
	} else {
		verdict := words{"jari yang sama", "the same finger"}
		if !same {
			verdict = words{"bukan jari yang sama", "not the same finger"}
		}
		_, err = fmt.Fprintln(t.Out, t.Language.of(say("skor %d (ambang %d, salah cocok %.1e): %s", "score %d (threshold %d, false matches %.1e): %s", score, finger.Threshold(), finger.FMR(score), t.Language.of(verdict))))
	}
	if err == nil && !same {
		return ErrShown
	}
	return err
}

// take gives a picture of an unknown finger the position of the other side.
func take(t, other *finger.Template, picture bool) {
	if picture && t.Views[0].Position == ktp.Finger(0) {
		t.Views[0].Position = other.Views[0].Position
	}
}

// FingerConvertCommand is blanko finger convert.
type FingerConvertCommand struct {
	From   string `arg:"" help:"What is converted." placeholder:"FROM"`
	To     string `arg:"" help:"Where it is written." placeholder:"TO"`
	Format string `help:"Of the output: iso, the record; compact or normal, the card formats of one view." enum:"iso,compact,normal" default:"iso"`
	Given  string `help:"Of the input: record, ISO or ANSI told apart by itself; compact or normal." enum:"record,compact,normal" default:"record"`
	Finger int    `help:"Which finger a card format is." default:"0" placeholder:"CODE"`
	View   int    `help:"Which view goes into a card format, from 0." default:"0"`
	Most   int    `help:"At most so many minutiae of each view, the best." default:"255"`
}

var cardFormats = map[string]finger.CardFormat{"compact": finger.Compact, "normal": finger.Normal}

// Run converts and tells what was written.
func (c FingerConvertCommand) Run(t Terminal) error {
	if c.Finger < 0 || c.Finger > int(ktp.LeftLittle) || c.Most < 1 {
		return FingerFile.At("station.finger", nil).With("finger", "a finger is 0 to 10, at least 1 minutia stays")
	}
	b, err := fingerBytes(c.From)
	if err != nil {
		return err
	}
	var r *finger.Template
	if format, card := cardFormats[c.Given]; card {
		r, err = finger.ParseCard(b, format, ktp.Finger(c.Finger))
	} else {
		r, _, err = finger.Read(b)
	}
	if err != nil {
		return err
	}
	r = r.Best(c.Most)
	if format, card := cardFormats[c.Format]; card {
		b, err = r.EncodeCard(c.View, format)
	} else {
		b, err = r.Encode()
	}
	if err != nil {
		return err
	}
	if err := writeFinger(c.To, b); err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.Out, t.Language.of(say("%d byte ditulis", "%d bytes written", len(b))))
	return err
}
