package station

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"blanko/fault"
)

// Language of the operator.
type Language string

const (
	Indonesian Language = "id"
	English    Language = "en"
)

// LanguageOf is what was asked for, or that of the environment's LANG, or Indonesian.
func LanguageOf(asked, lang string) Language {
	switch {
	case asked != "":
		return Language(asked)
	case lang == "en" || strings.HasPrefix(lang, "en_") || strings.HasPrefix(lang, "en."):
		return English
	}
	return Indonesian
}

// words are one text in both languages.
type words struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

// say fills both languages with the same values.
func say(id, en string, values ...any) words {
	return words{fmt.Sprintf(id, values...), fmt.Sprintf(en, values...)}
}

func (l Language) of(w words) string {
	if l == English {
		return w.EN
	}
	return w.ID
}

// Terminal is where a command speaks with its operator. The log goes to Err, as JSON.
type Terminal struct {
	Name     string // of the command
	Out, Err io.Writer
	In       io.Reader // what its persons type; nil: standard input
	Language Language
	// Entries of rooms beside the station's own, whose errors are shown too.
	Entries []fault.Entry
}

// Say tells one sentence, in the language of the operator.
func (t Terminal) Say(id, en string) { fmt.Fprintln(t.Out, t.Language.of(words{id, en})) }

// Log is where a command that runs for long writes.
func (t Terminal) Log() *zap.Logger { return t.log(zap.InfoLevel) }

// log writes from a level on.
func (t Terminal) log(from zapcore.Level) *zap.Logger {
	cfg := zap.NewProductionEncoderConfig()
	cfg.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(cfg), zapcore.Lock(zapcore.AddSync(t.Err)), from))
}

// ErrShown ends a command whose findings the operator has read already; there is nothing to add.
var ErrShown = errors.New("shown already")

// errNotSmall is the cause of a file that is no plain file, or too large.
var errNotSmall = errors.New("not a plain file, or too large")

// unexpected is shown for an error without an entry.
var unexpected = words{"Terjadi kesalahan di dalam program.", "Something went wrong inside the program."}

// interrupted is shown for a command that a signal has ended.
var interrupted = words{"Dihentikan sebelum selesai.", "Interrupted before it was done."}

// Fail shows an error: the sentence of its entry with code and field, then what to do. What is
// internal goes to the log with its causes.
func (t Terminal) Fail(err error) {
	if errors.Is(err, ErrShown) {
		return
	}
	log := t.log(zap.WarnLevel)
	e, ok := errors.AsType[*fault.Error](err)
	if !ok && errors.Is(err, context.Canceled) {
		fmt.Fprintln(t.Err, t.Name+":", t.Language.of(interrupted))
		return
	}
	if !ok {
		fmt.Fprintln(t.Err, t.Name+":", t.Language.of(unexpected))
		log.Error("failed", zap.Error(err))
		return
	}
	sentence, steps := unexpected, []string(nil)
	entry, known := entryOf(e.Code)
	for _, more := range t.Entries {
		if more.Code == e.Code {
			entry, known = more, true
		}
	}
	if known {
		sentence, steps = words{entry.ID, entry.EN}, entry.StepsID
		if t.Language == English {
			steps = entry.StepsEN
		}
	}
	fmt.Fprintf(t.Err, "%s: %s [%s]\n", t.Name, t.Language.of(sentence), e.Code)
	if e.Kind != fault.Internal && e.Field+e.Detail != "" {
		fmt.Fprintf(t.Err, "  %s\n", strings.Trim(e.Field+": "+e.Detail, ": "))
	}
	for i, s := range steps {
		fmt.Fprintf(t.Err, "  %d. %s\n", i+1, s)
	}
	if e.Kind == fault.Internal {
		log.Error("failed", zap.String("code", string(e.Code)), zap.Error(err))
	}
}

// explain shows what was found, with what to do.
func (t Terminal) explain(sentence words, mark string, stepsID, stepsEN []string) error {
	if _, err := fmt.Fprintf(t.Out, "\n%s [%s]\n", t.Language.of(sentence), mark); err != nil {
		return err
	}
	return t.steps(stepsID, stepsEN)
}

// steps shows what to do.
func (t Terminal) steps(id, en []string) error {
	list := id
	if t.Language == English {
		list = en
	}
	for i, s := range list {
		if _, err := fmt.Fprintf(t.Out, "  %d. %s\n", i+1, s); err != nil {
			return err
		}
	}
	return nil
}
