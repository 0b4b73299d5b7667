package registry

import (
	"context"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"time"

	"blanko/jobs"
	"blanko/keys"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// ChipCounter is the sequence counter (SCP03) of one key set of a chip, as it was last proved: how often a channel
// was asked for under it. The chip raises it and never lowers it; a key set that is put begins at 0.
type ChipCounter struct {
	Role    keys.Role // of the master
	Version byte      // of the key set
	Counter int
	At      time.Time
}

// mostCounter is the highest value of a sequence counter: three bytes.
const mostCounter = 1<<24 - 1

// ChipCounters are those that are known of a chip, by key version.
func (r *Registry) ChipCounters(ctx context.Context, chip ktp.ChipUID) (list []ChipCounter, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = chipCounters(tx, chip)
		return err
	})
	return list, err
}

// count writes down what a line proved of its chip.
func (w *work) count(out jobs.Outcome) error {
	if w.t.Chip == "" || out.Result != jobs.Done {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(out.Counters)) {
		c := ChipCounter{Counter: out.Counters[name], At: w.now()}
		version, err := hex.DecodeString(name)
		if err == nil && len(version) == 1 {
			c.Version = version[0]
			c.Role, _ = keys.RoleOf(c.Version)
		}
		if c.Role == "" || c.Counter < 0 || c.Counter > mostCounter {
			return badOperation.At("registry.Settle", err).With("counters", "%s: no key version with a counter", strconv.Quote(name))
		}
		if err := c.save(w.tx, w.t.Chip); err != nil {
			return err
		}
	}
	return nil
}

// risen refuses an answer whose sequence counter is not beyond the last one of this chip, and writes it down:
// where the ledger has seen a higher one, two chips answer under one name.
func (a *act) risen(op string, chip ktp.ChipUID, counter int) error {
	known, err := chipCounters(a.tx, chip)
	if err != nil {
		return err
	}
	for _, c := range known {
		if c.Role == keys.Reading && counter <= c.Counter {
			return chipCounterBack.At(op, nil).With("presence.answer", "counter %d of %s, the ledger has %d", counter, keys.Reading, c.Counter)
		}
	}
	return ChipCounter{keys.Reading, keys.Reading.Version(), counter, a.now()}.save(a.tx, chip)
}

// suspectTwo writes down that two chips may answer under one name, and holds the card until two persons have found
// out (ReleaseQuarantine, CloseInvestigation). It follows a refusal of risen, which itself changed nothing.
func (a *act) suspectTwo(chip ktp.ChipUID, counter int) error {
	c, app, err := a.cardAndApplication(chip)
	if err != nil {
		return err
	}
	known, err := chipCounters(a.tx, chip)
	if err != nil {
		return err
	}
	detail := map[string]string{"role": string(keys.Reading), "counter": strconv.Itoa(counter)}
	for _, k := range known {
		if k.Role == keys.Reading {
			detail["known"] = strconv.Itoa(k.Counter)
		}
	}
	if err := a.tell(audit.Event{Code: "chip.counter_back", Application: string(app.ID), Attempt: c.Attempt.String(), Chip: chip, Detail: detail}); err != nil || c.Held != "" {
		return err
	}
	c.Held = InvestigateCounterfeit
	if err := c.save(a.tx); err != nil {
		return err
	}
	return a.investigate(Investigation{Kind: InvestigateCounterfeit, Chip: chip, Application: app.ID})
}
