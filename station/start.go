package station

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml"
	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/access"
)

// recordStart writes down that the station was started, and gives the id of the start.
func (c Config) recordStart(ctx context.Context, reg *registry.Registry, now time.Time) (string, error) {
	program, err := programDigest()
	if err != nil {
		return "", err
	}
	configuration, err := yaml.Marshal(c)
	if err != nil {
		return "", err
	}
	o := registry.RecordStart{Station: c.Station, Program: program, Configuration: digestOf(configuration), Keys: c.keysDigest()}
	res, err := reg.Do(ctx, Actor, o, fmt.Sprintf("start:%s:%d", c.Station, now.UnixNano()))
	return res.Answer, err
}

// recordStop writes down that it ended in order. A start without it has crashed.
func recordStop(ctx context.Context, reg *registry.Registry, start string, log *zap.Logger) {
	if _, err := reg.Do(ctx, Actor, registry.RecordStop{Start: start}, "stop:"+start); err != nil {
		log.Warn("stop not kept", zap.Error(err))
	}
}

func digestOf(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		one := sha256.Sum256(p)
		h.Write(one[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// programDigest is the SHA-256 of the program that runs, read once.
var programDigest = sync.OnceValues(func() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // it was only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
})

// keysDigest tells of signer, authorities and ceremonies: production refuses a key on the token that
// none of them names. Revocation lists change by themselves and do not count. What cannot be read counts
// as nothing; the lines are refused for it.
func (c Config) keysDigest() string {
	var parts [][]byte
	if signer, err := onlyCertificate(c.Keys.Signer); err == nil {
		parts = append(parts, signer.Raw)
	}
	if anchors, err := certificates(c.Keys.Anchors); err == nil {
		for _, a := range anchors {
			parts = append(parts, a.Raw)
		}
	}
	if list, err := protocols(c.Keys.Protocols); err == nil {
		for _, p := range list {
			if text, err := p.Encode(); err == nil {
				parts = append(parts, text)
			}
		}
	}
	return digestOf(parts...)
}

// releasedStart reports an error until the start of this process was released.
func (r *lineRunner) releasedStart(ctx context.Context) error {
	if r.svc.start == "" || r.released {
		return nil
	}
	s, err := r.station.Registry.Started(ctx, r.svc.start)
	if err == nil && s.ReleasedAt.IsZero() {
		err = registry.NotReleased.At("station.lineRunner", nil).With("start", "%s", s.ID)
	}
	r.released = err == nil
	return err
}

// StartCommands are those about the starts of a station and their release.
type StartCommands struct {
	List    StartListCommand    `cmd:"" help:"List the starts whose lines wait, or that a second person has not confirmed; with --all the others, too."`
	Release StartReleaseCommand `cmd:"" help:"Let the lines go after a start. Two persons type their tokens; with --alone one does, inside an open shift where nothing has changed."`
	Confirm StartConfirmCommand `cmd:"" help:"Confirm, as the second person, a start that one person released; the shift does not close before."`
}

// StartListCommand is blanko start list.
type StartListCommand struct {
	ConfigFile
	All  bool `help:"Those that are settled, too."`
	JSON bool `name:"json" help:"Print them as JSON."`
}

// reasons why a start takes two persons.
var reasonsForTwo = map[string]words{
	registry.TwoFirst:         {"penyalaan pertama stasiun ini", "first start of this station"},
	registry.TwoNewDay:        {"penyalaan pertama hari ini", "first start of the day"},
	registry.TwoNoShift:       {"di luar shift yang terbuka", "outside an open shift"},
	registry.TwoDoubt:         {"ada kartu yang diragukan", "a card is in doubt"},
	registry.TwoProgram:       {"program berubah", "the program changed"},
	registry.TwoConfiguration: {"konfigurasi berubah", "the configuration changed"},
	registry.TwoKeys:          {"kunci atau sertifikat berubah", "keys or certificates changed"},
}

// Run lists.
func (c StartListCommand) Run(ctx context.Context, t Terminal) error {
	return withLedger(ctx, c.ConfigFile, func(cfg Config, reg *registry.Registry) error {
		const most = 100
		list, err := reg.Starts(ctx, registry.StartFilter{Waiting: !c.All, Limit: most})
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.Out, list)
		}
		w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
		for _, s := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.ID, s.Station, s.At.UTC().Format(time.RFC3339), t.Language.of(tellStart(s, t.Language)))
		}
		return w.Flush()
	})
}

func tellStart(s registry.Start, l Language) words {
	switch {
	case s.ReleasedAt.IsZero() && s.Ended != "":
		return words{"berakhir tanpa dilepas", "ended without a release"}
	case s.ReleasedAt.IsZero() && len(s.Two) == 0:
		return words{"menunggu; satu orang cukup", "waits; one person suffices"}
	case s.ReleasedAt.IsZero():
		why := make([]string, len(s.Two))
		for i, code := range s.Two {
			why[i] = l.of(reasonsForTwo[code])
		}
		return say("menunggu dua orang: %s", "waits for two persons: %s", strings.Join(why, ", "))
	case s.ConfirmedAt.IsZero():
		return say("dilepas %s, belum ditegaskan", "released by %s, not confirmed yet", s.ReleasedBy)
	}
	return say("dilepas %s dan %s", "released by %s and %s", s.ReleasedBy, s.Second)
}

// StartReleaseCommand is blanko start release.
type StartReleaseCommand struct {
	ConfigFile
	Start string `help:"Id of the start; without it the one that runs as this station." placeholder:"ID"`
	Alone bool   `help:"By one person; a second confirms it before the shift closes."`
}

// Run releases.
func (c StartReleaseCommand) Run(ctx context.Context, t Terminal) error {
	return withLedger(ctx, c.ConfigFile, func(cfg Config, reg *registry.Registry) error {
		id, err := chosenStart(ctx, reg, c.Start, cfg.Station, func(s registry.Start) bool { return s.ReleasedAt.IsZero() && s.Ended == "" })
		if err != nil {
			return err
		}
		ask := t.asker()
		first, err := signedIn(ctx, reg, ask, words{"Token Anda:", "Your token:"})
		if err != nil {
			return err
		}
		var op registry.Operation = registry.ReleaseStartAlone{Start: id}
		if !c.Alone {
			second, err := signedIn(ctx, reg, ask, words{"Token orang kedua:", "Token of the second person:"})
			if err != nil {
				return err
			}
			op = registry.ReleaseStart{Start: id, Second: second}
		}
		if _, err := reg.Do(ctx, first, op, "release:"+id); err != nil {
			return err
		}
		_, err = fmt.Fprintln(t.Out, t.Language.of(words{"Dilepas; lini mulai bekerja.", "Released; the lines begin to work."}))
		return err
	})
}

// StartConfirmCommand is blanko start confirm.
type StartConfirmCommand struct {
	ConfigFile
	Start string `help:"Id of the start; without it the newest of this station that is not confirmed." placeholder:"ID"`
}

// Run confirms.
func (c StartConfirmCommand) Run(ctx context.Context, t Terminal) error {
	return withLedger(ctx, c.ConfigFile, func(cfg Config, reg *registry.Registry) error {
		id, err := chosenStart(ctx, reg, c.Start, cfg.Station, func(s registry.Start) bool { return !s.ReleasedAt.IsZero() && s.ConfirmedAt.IsZero() })
		if err != nil {
			return err
		}
		who, err := signedIn(ctx, reg, t.asker(), words{"Token Anda:", "Your token:"})
		if err != nil {
			return err
		}
		if _, err := reg.Do(ctx, who, registry.ConfirmStart{Start: id}, "confirm:"+id); err != nil {
			return err
		}
		_, err = fmt.Fprintln(t.Out, t.Language.of(words{"Ditegaskan.", "Confirmed."}))
		return err
	})
}

// chosenStart is the one that was named, or the newest of the station that fits.
func chosenStart(ctx context.Context, reg *registry.Registry, named, station string, fits func(registry.Start) bool) (string, error) {
	const most = 100
	list, err := reg.Starts(ctx, registry.StartFilter{Station: station, Waiting: true, Limit: most})
	if err != nil || named != "" {
		return named, err
	}
	at := slices.IndexFunc(list, fits)
	if at < 0 {
		return "", NothingWaits.At("station.chosenStart", nil).With("station", "%s", station)
	}
	return list[at].ID, nil
}

// signedIn asks a person for a token of the API and tells who that is.
func signedIn(ctx context.Context, reg *registry.Registry, ask *asker, prompt words) (access.Actor, error) {
	token, err := ask.secret(prompt)
	if err != nil {
		return access.Actor{}, err
	}
	defer clear(token)
	return reg.Authenticate(ctx, access.APIToken, sha256.Sum256(token))
}

// withLedger does something with the ledger of a configuration that has one.
func withLedger(ctx context.Context, file ConfigFile, do func(Config, *registry.Registry) error) (err error) {
	cfg, err := ReadConfig(file.Config)
	if err != nil {
		return err
	}
	if !cfg.hasLedger() {
		return NothingWaits.At("station.withLedger", nil).With("data", "there is no ledger yet")
	}
	st, err := cfg.openLedger(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, st.Close()) }()
	return do(cfg, registry.New(st, cfg.registry(), zap.NewNop()))
}
