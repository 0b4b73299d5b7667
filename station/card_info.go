package station

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"blanko/applet"
	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// CardInfoCommand is blanko card info.
type CardInfoCommand struct {
	CardReader
	JSON bool `name:"json" help:"Print what is known as JSON."`
}

// Run tells what the chip says without a key. A card that says nothing is told of, and ends with
// ErrShown.
func (c CardInfoCommand) Run(ctx context.Context, t Terminal) error {
	r, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // nothing is left to be done with the card
	name := r.Reader().Name
	x, err := lookAt(ctx, r)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(t.Out, struct {
			Reader string            `json:"reader"`
			Cause  inspect.Cause     `json:"cause,omitempty"` // why it says no more
			Chip   inspect.ChipFacts `json:"chip"`
		}{name, x.Cause, x.Chip})
	} else {
		err = printChip(t, name, x)
	}
	if err == nil && x.Cause != "" {
		return ErrShown
	}
	return err
}

// lookAt takes what a chip says of itself to anybody: nothing is tried on it, and no counter of it
// rises. The cause is empty, or why it says nothing.
func lookAt(ctx context.Context, r applet.Transport) (x inspect.Examination, err error) {
	profile, err := chipdata.LoadProfile(anyProfile)
	if err != nil {
		return x, err
	}
	card := &applet.Card{Transport: r, Profile: profile}
	defer card.Close()
	atr, err := card.Reset(ctx)
	x.Chip.ATR = strings.ToUpper(hex.EncodeToString(atr))
	var look applet.Look
	if err == nil {
		look, err = card.Look(ctx)
	}
	switch {
	case fault.Is(err, applet.CardMute):
		x.Cause = inspect.NoAnswer
		return x, nil
	case fault.Is(err, applet.NoApplication):
		x.Cause = inspect.WrongCard
		return x, nil
	case err != nil:
		return x, err
	}
	cplc, kdd, err := card.Identify(ctx)
	if err != nil {
		return x, err
	}
	x.Chip.CPLC, x.Chip.UID = strings.ToUpper(hex.EncodeToString(cplc)), ktp.ChipUID(strings.ToUpper(hex.EncodeToString(kdd[:])))
	x.Chip.Profile = fmt.Sprintf("%s %d.%d", look.Profile, look.Version, look.Revision)
	x.Chip.State, x.Chip.Attempt = look.State, look.Attempt
	return x, nil
}

// anyProfile is where the names of the application and of EF.PROF are taken from: all have the same.
const anyProfile = "ktpel-op-1-32k"

// deaf is the cause where the chip is not one that could say anything; else empty.
func deaf(c inspect.Cause) inspect.Cause {
	if c == inspect.NoAnswer || c == inspect.WrongCard {
		return c
	}
	return ""
}

// stateWords are the states of a chip (card profile KTPEL-OP 1, section 7.1).
var stateWords = map[string]words{
	"blank": {"kosong", "blank"}, "claimed": {"diklaim, belum selesai diisi", "claimed, not finished"}, "written": {"terisi, belum aktif", "written, not active"},
	"active": {"aktif", "active"}, "blocked": {"diblokir", "blocked"}, "terminated": {"diakhiri", "terminated"},
}

// printChip shows what is known of the chip, a line each.
func printChip(t Terminal, reader string, x inspect.Examination) error {
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	row(w, t.Language, words{"pembaca", "reader"}, reader)
	row(w, t.Language, words{"ATR", "ATR"}, x.Chip.ATR)
	row(w, t.Language, words{"CPLC", "CPLC"}, x.Chip.CPLC)
	row(w, t.Language, words{"chip", "chip"}, string(x.Chip.UID))
	row(w, t.Language, words{"profil", "profile"}, x.Chip.Profile)
	if state, known := stateWords[string(x.Chip.State)]; known {
		row(w, t.Language, words{"keadaan", "state"}, t.Language.of(state))
	}
	if !x.Chip.Attempt.IsZero() {
		row(w, t.Language, words{"pengerjaan", "attempt"}, x.Chip.Attempt.String())
	}
	row(w, t.Language, words{"penghitung kunci", "key counters"}, keyCounters(x.Chip.Counters))
	if err := w.Flush(); err != nil {
		return err
	}
	if cause := deaf(x.Cause); cause != "" {
		return printCause(t, cause)
	}
	return nil
}

// keyCounters are the sequence counters of the key sets that a reader could open, by key version.
func keyCounters(of map[string]int) string {
	var list []string
	for _, version := range slices.Sorted(maps.Keys(of)) {
		list = append(list, fmt.Sprintf("%s: %d", version, of[version]))
	}
	return strings.Join(list, ", ")
}

// row is a label and what is known; nothing where nothing is.
func row(w io.Writer, l Language, label words, value string) {
	if value != "" {
		fmt.Fprintf(w, "%s\t%s\n", l.of(label), visible(value))
	}
}

// visible replaces what moves the cursor or the direction of a terminal: a forged card may hold anything.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// printCause shows a finding with what to do.
func printCause(t Terminal, c inspect.Cause) error {
	e := c.Explain()
	return t.explain(words{e.ID, e.EN}, string(c), e.StepsID, e.StepsEN)
}
