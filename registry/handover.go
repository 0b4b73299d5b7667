package registry

import (
	"context"
	"slices"
	"time"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// OldCard is what became of the holder's card of before.
type OldCard string

const (
	OldNone           OldCard = "none"        // there was none
	OldSurrendered    OldCard = "surrendered" // cut before the holder's eyes, kept for destruction
	OldNotSurrendered OldCard = "not_surrendered"
)

// causeReplaced is why a card ends whose successor is handed over or in force.
const causeReplaced = "replaced"

// Handover is a card that was given to its holder, or to somebody for them.
type Handover struct {
	Application ApplicationID
	Chip        ktp.ChipUID
	At          time.Time
	Actor       string
	Second      string
	Exception   string // reason; empty: as the rule says
	Matched     bool   // false: to a proxy, or on a supervisor's exception from the 1:1; until the holder matches
	Old         OldCard
	OldChip     ktp.ChipUID // of the card of this station that ended with it; empty: none
	// Proxy is who took it for the holder: personal data.
	Proxy Proxy
}

// Proxy is who takes a card for somebody: personal data.
type Proxy struct {
	NIK    string
	Name   string
	Letter string // number of the letter of authority
}

// String never shows the person.
func (Proxy) String() string { return "Proxy(redacted)" }

// GoString never shows the person.
func (p Proxy) GoString() string { return p.String() }

// HandOver gives the card to its holder: it comes into force, and the card that was in force
// until now is retired, in one transaction. By a person who did not match the holder.
type HandOver struct {
	Application ApplicationID
	Chip        ktp.ChipUID
	Old         OldCard // of a person who had a card: surrendered or not_surrendered
	Confirmed   bool    // the holder confirmed the data; needed where the data was captured elsewhere
	// Presence is the chip's answer; empty where the same session showed the card a short while ago, as for the match.
	Presence Presence
}

func (HandOver) Name() Name                          { return opHandOver }
func (o HandOver) about() ApplicationID              { return o.Application }
func (o HandOver) presence() (ktp.ChipUID, Presence) { return o.Chip, o.Presence }

func (o HandOver) run(a *act) error {
	return a.handOver(Handover{Application: o.Application, Chip: o.Chip, Old: o.Old, Matched: true}, o.Presence, o.Confirmed, EventHandOver)
}

// HandOverAlone is HandOver by the person who also matched the holder, where a place has no other, or to a holder who
// does not give up the card of before: a supervisor agrees, and it is counted.
type HandOverAlone struct {
	Application ApplicationID
	Chip        ktp.ChipUID
	Old         OldCard
	Confirmed   bool
	Presence    Presence // as of HandOver
	Because
	Second Actor
}

func (HandOverAlone) Name() Name                          { return opHandOverAlone }
func (o HandOverAlone) about() ApplicationID              { return o.Application }
func (o HandOverAlone) second() Actor                     { return o.Second }
func (o HandOverAlone) presence() (ktp.ChipUID, Presence) { return o.Chip, o.Presence }

func (o HandOverAlone) run(a *act) error {
	return a.handOver(Handover{
		Application: o.Application, Chip: o.Chip, Old: o.Old, Matched: true, Second: o.Second.ID, Exception: o.Reason,
	}, o.Presence, o.Confirmed, EventHandOver)
}

// HandOverToProxy gives the card to somebody with a letter of authority, as a supervisor's exception:
// it comes into force marked "not matched" until the holder matches at any counter.
type HandOverToProxy struct {
	Application ApplicationID
	Chip        ktp.ChipUID
	Proxy       Proxy
	Old         OldCard
	Presence    Presence // as of HandOver
	Because
	Second Actor
}

func (HandOverToProxy) Name() Name                          { return opHandOverToProxy }
func (o HandOverToProxy) about() ApplicationID              { return o.Application }
func (o HandOverToProxy) second() Actor                     { return o.Second }
func (o HandOverToProxy) presence() (ktp.ChipUID, Presence) { return o.Chip, o.Presence }

func (o HandOverToProxy) run(a *act) error {
	const op = "registry.HandOverToProxy"
	if _, err := ktp.ParseNIK(o.Proxy.NIK); err != nil {
		return badOperation.At(op, nil).With("proxy.nik", "16 digits")
	}
	if o.Proxy.Name == "" || o.Proxy.Letter == "" {
		return badOperation.At(op, nil).With("proxy", "name and letter are needed")
	}
	return a.handOver(Handover{
		Application: o.Application, Chip: o.Chip, Old: o.Old, Second: o.Second.ID, Exception: o.Reason, Proxy: o.Proxy,
	}, o.Presence, true, EventProxy)
}

// handOver brings a card into force and retires the one before it. The card lies before who gives it, as its chip
// shows.
func (a *act) handOver(h Handover, p Presence, confirmed bool, e Event) error {
	const op = "registry.HandOver"
	app, c, err := a.handable(h.Application, h.Chip)
	if err != nil {
		return err
	}
	if !confirmed && a.asksToConfirm(app) {
		return notConfirmed.At(op, nil).With("confirmed", "the holder confirms the data now")
	}
	if h.Matched {
		last, fresh, err := a.freshMatch(app.ID)
		switch {
		case err != nil:
			return err
		case !fresh:
			return matchOld.At(op, nil).With("match", "written on an earlier day")
		case last.Chip != c.Chip: // which card it was is what its chip proved then, not what a form says now
			return matchOtherCard.At(op, nil)
		}
		h.Matched = last.Result == TryMatched
	}
	if err := a.shownNow(op, c.Chip, p); err != nil {
		return err
	}
	old, err := outsideOf(a.tx, c.person)
	if err != nil {
		return err
	}
	had := len(old) > 0
	if h.Old == "" {
		h.Old = OldNone
	}
	if !slices.Contains([]OldCard{OldNone, OldSurrendered, OldNotSurrendered}, h.Old) || had && h.Old == OldNone {
		return badOperation.At(op, nil).With("old", "what became of the card of before")
	}
	if had {
		err = h.keptInForce(old)
	} else {
		err = a.gaveUp(app, c, &h)
	}
	if err != nil {
		return err
	}
	if err := a.endOutside(causeReplaced, old...); err != nil {
		return err
	}
	if had && h.Old == OldSurrendered {
		if err := a.putBlank(old[0].Attempt, stock.At(stock.Returned), "surrendered"); err != nil {
			return err
		}
	}
	if err := a.moveCard(&c, CardHandOver, ""); err != nil {
		return err
	}
	if err := a.noSuccessor(c.Attempt); err != nil {
		return err
	}
	if err := a.putBlank(c.Attempt, stock.At(stock.Holder), "handed_over"); err != nil {
		return err
	}
	h.Chip, h.At, h.Actor = c.Chip, a.now(), a.actor.ID
	if err := h.save(a.tx); err != nil {
		return err
	}
	if err := a.endSukets(app.person, "handed_over"); err != nil {
		return err
	}
	a.res.Chip = c.Chip
	return a.move(&app, e, h.Exception)
}

// keptInForce refuses to leave a card in force with its holder on one person's word. What another Dinas has is not in
// this holder's hand.
func (h Handover) keptInForce(old []Card) error {
	inForce := slices.ContainsFunc(old, func(c Card) bool { return c.State == CardInForce })
	if inForce && h.Old == OldNotSurrendered && h.Exception == "" {
		return oldCardMissing.At("registry.HandOver", nil).With("old", "the card in force is given up, or a second person lets it go")
	}
	return nil
}

// gaveUp looks for the card of before of a holder who has none outside that is known here, where the rules
// ask for one. It was given up, or a second person lets it go for a reason: it was lost.
func (a *act) gaveUp(app Application, c Card, h *Handover) error {
	asked, err := a.asksForOldCard(app)
	if err != nil || !asked {
		return err
	}
	here, err := a.oldCardHere(app, c)
	switch {
	case err != nil:
		return err
	case here:
		h.Old = OldSurrendered
	case h.Old != OldNotSurrendered || h.Exception == "":
		return oldCardMissing.At("registry.HandOver", nil).With("old", "an application of type %s gives a card up", app.Type)
	}
	return nil
}

// asksForOldCard reports whether the standard that an application was taken under wants the card of before given up.
// It does not where the police has written down that it is lost, or a second person let its paper go at the counter.
// Of one that was taken elsewhere nothing is known here.
func (a *act) asksForOldCard(app Application) (bool, error) {
	in, taken, err := intakeBy(a.tx, `where application = ?`, app.ID)
	if err != nil || !taken || in.Detail.PoliceLetter != "" {
		return false, err
	}
	s, err := a.standardOf(in)
	if err != nil {
		return false, err
	}
	if row, _, found := s.TypeOf(ktp.ApplicationType(app.Type)); !found || !row.OldCard {
		return false, nil
	}
	list, err := requirementsOf(a.tx, app.ID)
	return !slices.ContainsFunc(list, func(r Requirement) bool { return r.Evidence == EvidenceSurrendered && r.Override != "" }), err
}

// oldCardHere reports whether the card of before is in the house: one of others that was booked for the application,
// or the holder's last one of this station.
func (a *act) oldCardHere(app Application, c Card) (bool, error) {
	foreign, err := foreignCards(a.tx, `where application = ? and application <> ''`, app.ID)
	if err != nil || len(foreign) > 0 {
		return true, err
	}
	own, err := cards(a.tx, `where person = ? and (in_force_at > 0 or passed_on_at > 0)`+newest+` limit 1`, c.person)
	if err != nil || len(own) == 0 {
		return false, err
	}
	b, err := stock.OfAttempt(a.tx, own[0].Attempt.String())
	if fault.Is(err, stock.NoBlank) {
		return false, nil
	}
	away := b.Place.Kind == stock.Elsewhere && !own[0].PassedOnAt.IsZero()
	return !away && b.Place.Kind != stock.Holder && b.Place.Kind != stock.Lost, err
}

// SurrenderForeign takes in a card that this station did not make: an old paper KTP, a leftover of
// the mass program, a card of another district. It is kept for destruction.
type SurrenderForeign struct {
	Kind        string // paper_ktp, ktp_el, unknown
	Chip        ktp.ChipUID
	Application ApplicationID // at whose hand-over; empty: none
	Detail      string        // number and name on it: personal data
}

func (SurrenderForeign) Name() Name { return opSurrenderForeign }

func (o SurrenderForeign) run(a *act) error {
	const op = "registry.SurrenderForeign"
	if !slices.Contains([]string{"paper_ktp", "ktp_el", "unknown"}, o.Kind) {
		return badOperation.At(op, nil).With("kind", "paper_ktp, ktp_el or unknown")
	}
	if o.Chip != "" {
		if _, known, err := cardByChip(a.tx, o.Chip); err != nil || known {
			if err == nil {
				err = badOperation.At(op, nil).With("chip", "a card of this station")
			}
			return err
		}
	}
	if o.Application != "" {
		if _, err := a.application(o.Application); err != nil {
			return err
		}
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	f := ForeignCard{ID: id, Kind: o.Kind, Chip: o.Chip, Application: o.Application, State: ForeignKept, At: a.now(), Actor: a.actor.ID, Detail: o.Detail}
	if err := f.save(a.tx); err != nil {
		return err
	}
	a.res.Answer, a.res.Application = id, o.Application
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Chip: o.Chip, Detail: map[string]string{"foreign": id, "kind": o.Kind}})
}

// ForeignKept is the state of a card of other origin that lies in the house.
const ForeignKept = "kept"

// ForeignCard is a card that the station never made.
type ForeignCard struct {
	ID          string
	Kind        string
	Chip        ktp.ChipUID
	Application ApplicationID
	State       string // ForeignKept, destroyed, sent
	At          time.Time
	Actor       string
	Detail      string // personal data
}

// HandoverExceptions are hand-overs outside the rule of a time, oldest first: alone, to a proxy, without the card of
// before, and those whose holder was not matched and still is not.
func (r *Registry) HandoverExceptions(ctx context.Context, of Period, after Seen, limit int) (list []Handover, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`exception <> '' or matched = 0`)
		since, until := of.bounds()
		w.And(`at >= ? and at < ?`, since, until)
		behind, last := after.behind("at", "application")
		w.And(behind, last...)
		list, err = handovers(tx, w.Text()+` order by at, application limit ?`, w.Args(limit)...)
		return err
	})
	return list, err
}

// HandoverOf is how the card of an application was handed over; found is false while it was not.
func (r *Registry) HandoverOf(ctx context.Context, id ApplicationID) (h Handover, found bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if h, found, err = handoverOf(tx, id); err != nil || !found {
			return err
		}
		app, err := (&act{r: r, tx: tx}).application(id)
		if err != nil {
			return err
		}
		old, _, err := oneCard(tx, `where person = ? and retired_at = ? and cause = ?`, app.person, store.Micros(h.At), causeReplaced)
		h.OldChip = old.Chip
		return err
	})
	return h, found, err
}
