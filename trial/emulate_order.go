package trial

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"blanko/emulator/chip"
)

// Kinds of cards, as orders name them.
const (
	kindFinished = "finished"
	kindBlank    = "blank"
)

// delivered are the kinds of cards that are blanks with a fault from the start.
var delivered = map[string]chip.Kind{
	"wrong-key":      chip.WrongTransportKey,
	"already-active": chip.AlreadyActive,
	"foreign-atr":    chip.ForeignATR,
	"foreign-card":   chip.ForeignCard,
}

// CardOrder is one thing that a person does with the cards.
type CardOrder struct {
	word   CardWord
	reader int     // from 1; 0: not named
	all    bool    // every reader
	after  int     // commands that the card still carries out
	factor float64 // of slow
}

// CardWord is a verb of orders. Nothing is changed before every reader of an order has passed prepare.
type CardWord struct {
	word, takes, help string
	prepare           func(ctx context.Context, r *CardReaders, p *cardReader, o CardOrder) (act func() error, err error)
}

// Form is how the order is written.
func (w CardWord) Form() string {
	if w.takes == "" {
		return w.word
	}
	return w.word + " " + w.takes
}

// Help says what it does.
func (w CardWord) Help() string { return w.help }

// What an order takes behind its verb.
const (
	takesReader = "READER"
	takesAfter  = "READER [after COMMANDS]"
	takesFactor = "READER FACTOR"
)

// CardWords are the orders, in the order of the help.
func CardWords() []CardWord {
	return []CardWord{
		{"insert", takesReader, "put the card back that was taken out", prepareInsert},
		{"remove", takesReader, "take the card out, also in the middle of a command", prepareRemove},
		{"mute", takesAfter, "no answer to the next command and those behind it, until a reset", prepareFault(chip.Mute)},
		{"die", takesAfter, "no answer to the next command, and never again", prepareFault(chip.Die)},
		{"slow", takesFactor, "the chip's own work takes FACTOR times as long; 1 is as new", prepareSlow},
		{kindFinished, takesReader, "exchange the card for the active card of the next resident", prepareExchange},
		{kindBlank, takesReader, "exchange it for a new blank", prepareExchange},
		{"wrong-key", takesReader, "exchange it for a blank whose transport key nobody knows", prepareExchange},
		{"already-active", takesReader, "exchange it for a card that is active, with foreign keys", prepareExchange},
		{"foreign-atr", takesReader, "exchange it for a blank with the ATR of another make", prepareExchange},
		{"foreign-card", takesReader, "exchange it for a card of another make, without the application", prepareExchange},
		{"show", "", "tell readers and cards as they are", nil},
	}
}

// Bounds of an order.
const (
	minSlow  = 0.1
	maxSlow  = 100
	maxAfter = 1_000_000
)

// ErrOrder is an order that is wrongly written, whatever the cards are like.
var ErrOrder = errors.New("no such order")

func badOrder(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrOrder, fmt.Sprintf(format, args...))
}

// ParseCardOrder reads an order: a verb, a reader's number or "all", and what the verb takes besides.
// The reader may be left out where there is one alone.
func ParseCardOrder(text string) (o CardOrder, err error) {
	words := strings.Fields(text)
	var verbs []string
	for _, w := range CardWords() {
		if len(words) > 0 && w.word == words[0] {
			o.word = w
		}
		verbs = append(verbs, w.word)
	}
	switch {
	case len(words) == 0:
		return o, badOrder("nothing is written; one of %s", strings.Join(verbs, ", "))
	case o.word.word == "":
		return o, badOrder("%q; one of %s", words[0], strings.Join(verbs, ", "))
	}
	rest, err := o.takeReader(words[1:])
	if err != nil {
		return o, err
	}
	switch {
	case o.word.takes == takesAfter && len(rest) == 2 && rest[0] == "after":
		if o.after, err = strconv.Atoi(rest[1]); err != nil || o.after < 0 || o.after > maxAfter {
			return o, badOrder("%q is no number of commands, 0 to %d", rest[1], maxAfter)
		}
		return o, nil
	case o.word.takes == takesFactor && len(rest) == 1:
		if o.factor, err = strconv.ParseFloat(rest[0], 64); err != nil || !(o.factor >= minSlow && o.factor <= maxSlow) {
			return o, badOrder("%q is no factor, %g to %d", rest[0], minSlow, maxSlow)
		}
		return o, nil
	case o.word.takes == takesFactor || len(rest) > 0:
		return o, badOrder("%q; it is written: %s", strings.Join(words, " "), o.word.Form())
	}
	return o, nil
}

// takeReader reads the reader, where one is named, and leaves the rest.
func (o *CardOrder) takeReader(words []string) (rest []string, err error) {
	named := len(words) > 0 && words[0] != "after" && o.word.takes != ""
	if o.word.takes == takesFactor {
		named = len(words) > 1 // one word alone is the factor
	}
	if !named {
		return words, nil
	}
	if words[0] == "all" {
		o.all = true
		return words[1:], nil
	}
	if o.reader, err = strconv.Atoi(words[0]); err != nil || o.reader < 1 {
		return nil, badOrder("%q is no reader; a number from 1, or all", words[0])
	}
	return words[1:], nil
}

// Do carries out an order. An error leaves everything as it was.
func (r *CardReaders) Do(ctx context.Context, o CardOrder) error {
	if o.word.prepare == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.readers)
	chosen := make([]int, 0, n)
	switch {
	case o.all:
		for i := range r.readers {
			chosen = append(chosen, i)
		}
	case o.reader == 0 && n > 1:
		return badOrder("which reader? %s with 1 to %d, or all", o.word.Form(), n)
	case o.reader > n:
		return badOrder("there is no reader %d; 1 to %d", o.reader, n)
	default:
		chosen = append(chosen, max(o.reader, 1)-1)
	}
	acts := make([]func() error, 0, n)
	for _, i := range chosen {
		act, err := o.word.prepare(ctx, r, r.readers[i], o)
		if err != nil {
			return fmt.Errorf("reader %d: %w", i+1, err)
		}
		acts = append(acts, act)
	}
	var errs []error
	for _, act := range acts {
		errs = append(errs, act())
	}
	return errors.Join(errs...)
}

func prepareInsert(ctx context.Context, _ *CardReaders, p *cardReader, _ CardOrder) (func() error, error) {
	if p.inside {
		return nil, errors.New("its card lies in it already; remove it first, or name a kind of card to exchange it")
	}
	return func() error { return p.insert(ctx) }, nil
}

func prepareRemove(_ context.Context, _ *CardReaders, p *cardReader, _ CardOrder) (func() error, error) {
	if !p.inside {
		return nil, errors.New("no card lies in it; insert puts it back")
	}
	return func() error { p.remove(); return nil }, nil
}

// prepareFault is a fault at one of the next commands of a card, in the reader or beside it.
func prepareFault(kind chip.Kind) func(context.Context, *CardReaders, *cardReader, CardOrder) (func() error, error) {
	return func(_ context.Context, _ *CardReaders, p *cardReader, o CardOrder) (func() error, error) {
		v := p.card.chip.View()
		if v.Dead {
			return nil, errors.New("its card is dead; exchange it, such as with blank")
		}
		apdu := v.APDUs + o.after + 1
		return func() error {
			p.card.ahead = append(p.card.ahead, ahead{kind, apdu})
			return p.card.chip.Inject(chip.Fault{Kind: kind, APDU: apdu})
		}, nil
	}
}

func prepareSlow(_ context.Context, r *CardReaders, p *cardReader, o CardOrder) (func() error, error) {
	if r.speed == 0 {
		return nil, errors.New("no time passes here, so that nothing can be slow; start with --speed 1")
	}
	return func() error {
		err := p.card.chip.Inject(chip.Fault{Kind: chip.Slow, Factor: o.factor / p.card.slow})
		p.card.slow = o.factor
		return err
	}, nil
}

func prepareExchange(ctx context.Context, r *CardReaders, p *cardReader, o CardOrder) (func() error, error) {
	var fresh *emulatedCard
	var err error
	if kind := o.word.word; kind == kindFinished {
		fresh, err = r.maker.resident(ctx)
	} else {
		fresh, err = r.maker.blank(kind)
	}
	if err != nil {
		return nil, err
	}
	return func() error {
		p.remove()
		p.card = fresh
		return p.insert(ctx)
	}, nil
}
