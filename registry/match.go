package registry

import (
	"context"
	"strconv"
	"strings"
	"time"

	"blanko/applet/inspect"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// mostTries is how often a holder may try in one visit, and visit how long one lasts; mostVisits how often a
// card may be tried in many, within tried.
const (
	mostTries  = 4
	visit      = 12 * time.Hour
	mostVisits = 12
	tried      = 30 * 24 * time.Hour
)

// Results of a try.
const (
	TryMatched    = "matched"
	TryNoMatch    = "no_match"
	TryNotGenuine = "not_genuine"
	TryException  = "exception"
)

// MatchTry is one try to match a holder with a card.
type MatchTry struct {
	Number int
	Chip   ktp.ChipUID
	At     time.Time
	Actor  string
	Place  string
	Finger ktp.Finger // 0: none was shown
	Second ktp.Finger // 0: one finger alone
	Score  int
	// Threshold and Calibration (finger.Calibration.Name) give the score its meaning. Empty: nothing was
	// compared here; the score was told by a client and says nothing about its rate.
	Threshold   int
	Calibration string
	Result      string
	Cause       string   // code: why a supervisor let it be; empty: of no exception, or of before it was kept
	Reasons     []string // codes, of the pictures; in the event alone
}

// VerifyHolder is one try of a 1:1: one or two living fingers against those read from the chip, once the
// chip is proved genuine, while the card lies on the reader: its chip answers a challenge of the station. The
// comparison is made here; nobody tells a score. At or above the threshold it writes "BERHASIL", the guard of
// the hand-over; below it the try is counted and Result.Answer is no_match. After four in one visit, or twelve
// of one card in thirty days, only a supervisor's exception is left.
type VerifyHolder struct {
	Application ApplicationID
	Chip        ktp.ChipUID // read from the card
	Live        []Live
	OnChip      inspect.FingerFiles
	Presence    Presence
	// NotGenuine: passive authentication of the chip failed, as the client says. Nothing is compared, and nothing
	// becomes of it but a line in the log: two persons set the card apart (SetApart).
	NotGenuine bool
}

func (VerifyHolder) Name() Name                          { return opVerifyHolder }
func (o VerifyHolder) about() ApplicationID              { return o.Application }
func (o VerifyHolder) presence() (ktp.ChipUID, Presence) { return o.Chip, o.Presence }

func (o VerifyHolder) run(a *act) error {
	const op = "registry.VerifyHolder"
	app, c, err := a.handable(o.Application, o.Chip)
	if err != nil {
		return err
	}
	if err := a.comparable(op, app); err != nil {
		return err
	}
	a.res.Chip, a.res.Application, a.res.State, a.res.Word = c.Chip, app.ID, app.State, app.Word()
	if !o.NotGenuine {
		if err := a.present(op, c.Chip, o.Presence); err != nil {
			return err
		}
	}
	try, err := a.tryOnce(op, app.ID, c, o.Live, o.OnChip, o.NotGenuine)
	if err != nil {
		return err
	}
	if try.Result != TryMatched {
		a.res.Answer = try.Result
		return nil
	}
	return a.berhasil(&app, "")
}

// berhasil writes "BERHASIL"; anew where that of before is too old to hand over on.
func (a *act) berhasil(app *Application, cause string) error {
	app.MatchedBy = a.actor.ID
	if app.State != Matched {
		return a.move(app, EventMatch, cause)
	}
	app.Since = a.now()
	if err := app.save(a.tx); err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Word = app.ID, app.State, app.Word()
	detail := map[string]string{"from": string(Matched), detailState: string(Matched)}
	if cause != "" {
		detail["cause"] = cause
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Detail: detail})
}

// comparable refuses the holder of a card that is matched already, while the hand-over may follow.
func (a *act) comparable(op string, app Application) error {
	if app.State != Matched {
		return nil
	}
	_, fresh, err := a.freshMatch(app.ID)
	if err == nil && fresh {
		err = wrongState.At(op, nil).With("state", "%s is %s", app.ID, app.State)
	}
	return err
}

// freshMatch is the try that wrote the last "BERHASIL" of an application, and whether its card may be handed over on
// that: it is of today, or as old as the configuration lets it be.
func (a *act) freshMatch(id ApplicationID) (last MatchTry, fresh bool, err error) {
	last, found, err := lastMatch(a.tx, id)
	switch {
	case err != nil || !found:
		return last, false, err
	case a.r.cfg.MatchValid > 0:
		return last, a.now().Before(last.At.Add(a.r.cfg.MatchValid)), nil
	}
	return last, last.At.In(a.r.zone()).Format(time.DateOnly) == a.today(), nil
}

// tryOnce compares and counts the try, where one is left in this visit.
func (a *act) tryOnce(op string, id ApplicationID, c Card, live []Live, onChip inspect.FingerFiles, notGenuine bool) (MatchTry, error) {
	used, err := triesSince(a.tx, id, a.now().Add(-visit))
	if err != nil {
		return MatchTry{}, err
	}
	if used >= mostTries {
		return MatchTry{}, matchExhausted.At(op, nil).With("live", "%d tries in this visit", used)
	}
	ever, err := triesOfCard(a.tx, c.Chip, a.now().Add(-tried))
	if err != nil {
		return MatchTry{}, err
	}
	if ever >= mostVisits {
		return MatchTry{}, matchSpent.At(op, nil).With("live", "%d tries of this card in %d days", ever, int(tried.Hours()/24))
	}
	t, err := a.tryHolder(op, c, live, onChip, notGenuine)
	if err != nil {
		return t, err
	}
	left := min(mostTries-used, mostVisits-ever)
	a.res.Tried = &Tried{Result: t.Result, Reasons: t.Reasons}
	switch t.Result {
	case TryMatched:
		a.res.Tried.Score, a.res.Tried.Threshold, a.res.Tried.Calibration = t.Score, t.Threshold, t.Calibration
	case TryNoMatch: // nobody is told how near it was
		left--
	}
	a.res.Tried.Left = left
	return t, a.keepTry(id, t)
}

// keepTry counts a try and writes its event.
func (a *act) keepTry(id ApplicationID, t MatchTry) error {
	t.At, t.Actor, t.Place = a.now(), a.actor.ID, orDinas(a.actor.Place)
	if err := t.insert(a.tx, id); err != nil {
		return err
	}
	detail := map[string]string{"result": t.Result, "finger": strconv.Itoa(int(t.Finger))}
	if t.Result == TryMatched {
		detail["score"], detail["threshold"], detail["calibration"] = strconv.Itoa(t.Score), strconv.Itoa(t.Threshold), t.Calibration
	}
	if t.Second != 0 {
		detail["second_finger"] = strconv.Itoa(int(t.Second))
	}
	if len(t.Reasons) > 0 {
		detail["reasons"] = strings.Join(t.Reasons, ",")
	}
	return a.tell(audit.Event{Code: "match.tried", Application: string(id), Chip: t.Chip, Detail: detail})
}

// ExceptMatch lets a card be handed over though its holder could not be matched: worn or missing
// fingers, a broken scanner. By a supervisor as the second person; it is counted.
type ExceptMatch struct {
	Application ApplicationID
	Chip        ktp.ChipUID
	Presence    Presence // as of HandOver: a mute card is returned or retired, and never handed over
	Because
	Second Actor
}

func (ExceptMatch) Name() Name                          { return opExceptMatch }
func (o ExceptMatch) about() ApplicationID              { return o.Application }
func (o ExceptMatch) second() Actor                     { return o.Second }
func (o ExceptMatch) presence() (ktp.ChipUID, Presence) { return o.Chip, o.Presence }

func (o ExceptMatch) run(a *act) error {
	app, c, err := a.handable(o.Application, o.Chip)
	if err != nil {
		return err
	}
	if err := a.comparable("registry.ExceptMatch", app); err != nil {
		return err
	}
	if err := a.shownNow("registry.ExceptMatch", c.Chip, o.Presence); err != nil {
		return err
	}
	if err := a.keepTry(app.ID, MatchTry{Chip: c.Chip, Result: TryException, Cause: o.Reason}); err != nil {
		return err
	}
	a.res.Chip = c.Chip
	return a.berhasil(&app, o.Reason)
}

// MatchLater matches the holder of a card that a proxy took, or that was handed over by an exception from the 1:1, as
// VerifyHolder does; from then on it is a card like others. The holder may come to any counter. A card that is held or
// denied is not matched.
type MatchLater struct {
	Chip       ktp.ChipUID
	Live       []Live
	OnChip     inspect.FingerFiles
	Presence   Presence
	Confirmed  bool // the holder confirmed the data, as at a hand-over; needed where a proxy took the card
	NotGenuine bool // as of VerifyHolder
}

func (MatchLater) Name() Name                          { return opMatchLater }
func (o MatchLater) presence() (ktp.ChipUID, Presence) { return o.Chip, o.Presence }

func (o MatchLater) run(a *act) error {
	const op = "registry.MatchLater"
	c, app, err := a.cardAndApplication(o.Chip)
	if err != nil {
		return err
	}
	h, found, err := handoverOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	reason, denied, err := stock.Denied(a.tx, o.Chip)
	switch {
	case err != nil:
		return err
	case denied:
		return BlankDenied.At(op, nil).With("chip", "%s", reason)
	case c.State == CardInForce && (app.Held != "" || c.Held != ""):
		return RecordHeld.At(op, nil).With("chip", "held: %s%s", app.Held, c.Held)
	case !found || h.Matched || c.State != CardInForce:
		return wrongState.At(op, nil).With("chip", "no card in force that waits for its holder")
	case !o.Confirmed && !o.NotGenuine && a.leftToConfirm(app, h):
		return notConfirmed.At(op, nil).With("confirmed", "a proxy took the card; the holder confirms the data now")
	}
	if !o.NotGenuine {
		if err := a.present(op, c.Chip, o.Presence); err != nil {
			return err
		}
	}
	try, err := a.tryOnce(op, app.ID, c, o.Live, o.OnChip, o.NotGenuine)
	if err != nil {
		return err
	}
	a.res.Chip, a.res.Application, a.res.Answer = o.Chip, app.ID, try.Result
	if try.Result != TryMatched {
		return nil
	}
	h.Matched = true
	return h.save(a.tx)
}

// MatchTries are the tries for an application, oldest first.
func (r *Registry) MatchTries(ctx context.Context, id ApplicationID) (list []MatchTry, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = matchTries(tx, id)
		return err
	})
	return list, err
}
