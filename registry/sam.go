package registry

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/keys"
	"blanko/registry/audit"
	"blanko/store"
)

// SAMState of a SAM in the register.
type SAMState string

// States of a SAM. It is issued once; one that was lost or taken back is not renewed any more.
const (
	SAMIssued    SAMState = "issued"
	SAMLost      SAMState = "lost"
	SAMTakenBack SAMState = "taken_back"
)

// SAM is a card that reads fingers from chips at a service place, by the master key for reading.
type SAM struct {
	Serial     string // 16 hex digits, upper case
	Generation int    // of MK_SAM
	Check      string // check value of MK_SAM, 3 bytes, hex
	Place      string // service place; empty: the Dinas
	Seal       string // number of the seal; empty: none
	Uses, Days int    // of one renewal
	State      SAMState
	IssuedBy   string
	IssuedAt   time.Time
	EndedBy    string
	EndedAt    time.Time
	Reason     string // why it ended

	// Of its renewals.
	Renewals  int
	Spent     int       // uses, as it told at its renewals
	DaysUsed  int       // from the first renewal to today, the last day that was granted, or its end
	RenewedAt time.Time // zero: never
	Granted   int       // uses of the last one
	Until     time.Time // its last day

	firstRenewal time.Time
}

// SAMRenewal is one: what the Dinas granted, and what the SAM had told.
type SAMRenewal struct {
	ID, Serial string
	Desk       string // who asked
	At         time.Time
	Spent      int // uses since the one before
	Uses       int
	Until      time.Time // last day, midnight UTC
}

const serialBytes, longestSeal = 8, 64

// IssueSAM puts a SAM into the register: for which place, and how much one renewal lets it be used.
type IssueSAM struct {
	Serial      string // 16 hex digits, as the SAM names itself
	Generation  int    // of MK_SAM
	Check       string // check value of MK_SAM, 6 hex digits
	Place, Seal string
	Uses, Days  int
	Second      Actor
}

func (IssueSAM) Name() Name      { return opIssueSAM }
func (o IssueSAM) second() Actor { return o.Second }

func (o IssueSAM) run(a *act) error {
	const op = "registry.IssueSAM"
	serial, err := hex.DecodeString(o.Serial)
	check, checkErr := hex.DecodeString(o.Check)
	switch {
	case err != nil || len(serial) != serialBytes:
		return badOperation.At(op, nil).With("serial", "%d hex digits", 2*serialBytes)
	case checkErr != nil || len(check) != len([3]byte{}) || o.Generation < 1:
		return badOperation.At(op, nil).With("check", "generation from 1, check value of 6 hex digits")
	case o.Uses < 1 || o.Uses > keys.MostSAMUses || o.Days < 1 || o.Days > keys.MostSAMDays:
		return badOperation.At(op, nil).With("uses", "1 to %d uses and 1 to %d days", keys.MostSAMUses, keys.MostSAMDays)
	case len(o.Seal) > longestSeal:
		return badOperation.At(op, nil).With("seal", "at most %d characters", longestSeal)
	}
	if _, err := a.place(o.Place); err != nil {
		return err
	}
	s := SAM{
		Serial: strings.ToUpper(o.Serial), Generation: o.Generation, Check: strings.ToLower(o.Check), Place: o.Place, Seal: o.Seal, Uses: o.Uses, Days: o.Days,
		State: SAMIssued, IssuedBy: a.actor.ID, IssuedAt: a.now(),
	}
	if before, found, err := samBySerial(a.tx, s.Serial); err != nil || found {
		if err == nil {
			err = wrongState.At(op, nil).With("serial", "it is in the register already: %s", before.State)
		}
		return err
	}
	retired, err := masterRetired(a.tx, keys.Reading, s.Check)
	if err != nil || retired {
		if err == nil {
			err = MasterRetired.At(op, nil).With("check", "%s %s", keys.Reading, strings.ToUpper(s.Check))
		}
		return err
	}
	if err := s.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = s.Serial
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"sam": s.told(), "place": s.Place, "seal": s.Seal, "check": s.Check, "uses": strconv.Itoa(s.Uses), "days": strconv.Itoa(s.Days),
	}})
}

// knownMaster refuses to issue a SAM whose generation of MK_SAM is none of the station's: a mistyped check value
// would retire a key that nobody has when the SAM is lost, and go on with its own. It is asked outside of
// transactions: a token takes its time.
func (r *Registry) knownMaster(ctx context.Context, op Operation) error {
	o, ok := op.(IssueSAM)
	if !ok || r.cfg.ReadingMasters == nil {
		return nil
	}
	masters, err := r.cfg.ReadingMasters(ctx)
	if err == nil && !strings.EqualFold(masters[o.Generation], o.Check) {
		err = samKeyUnknown.At("registry.IssueSAM", nil).With("check", "generation %d of %s has another check value here, or is not here", o.Generation, keys.Reading)
	}
	return err
}

// RenewSAM lets a SAM be used again, as often and as long as the register has it. A desk asks for it, at the
// place of the SAM. Result.Answer is the id of the renewal; who signs it for the SAM does so afterwards.
type RenewSAM struct {
	Serial string
	Nonce  string // of the SAM, hex: another one is another renewal
	Check  string // of MK_SAM, as the SAM tells
	Left   int    // uses, as the SAM tells
	Used   int    // uses ever, as the SAM tells
}

// refusedOf are the SAM and what it told, for the event of a refusal.
func (o RenewSAM) refusedOf() map[string]string {
	return map[string]string{"sam": SAM{Serial: strings.ToUpper(o.Serial)}.told(), "used": strconv.Itoa(o.Used), "left": strconv.Itoa(o.Left)}
}

// A SAM is renewed at most so often within a day. A place that reads more is given a SAM with more uses a renewal.
const (
	mostRenewals = 4
	renewalDay   = 24 * time.Hour
)

func (RenewSAM) Name() Name { return opRenewSAM }

func (o RenewSAM) run(a *act) error {
	const op = "registry.RenewSAM"
	s, found, err := samBySerial(a.tx, strings.ToUpper(o.Serial))
	switch {
	case err != nil:
		return err
	case !found:
		return samUnknown.At(op, nil).With("serial", "no such SAM here")
	case s.State == SAMLost:
		return samLost.At(op, nil).With("serial", "%s, since %s", s.Serial, s.EndedAt.In(a.r.zone()).Format(time.DateOnly))
	case s.State != SAMIssued:
		return samTakenBack.At(op, nil).With("serial", "%s, since %s", s.Serial, s.EndedAt.In(a.r.zone()).Format(time.DateOnly))
	case !strings.EqualFold(s.Check, o.Check):
		return samTellsWrong.At(op, nil).With("check", "the register has another key")
	case o.Used < s.Spent:
		return samTellsWrong.At(op, nil).With("used", "%d uses ever, before they were %d", o.Used, s.Spent)
	case o.Left < 0 || o.Left > s.Granted-(o.Used-s.Spent): // a renewal sets what is left, it does not add
		return samTellsWrong.At(op, nil).With("left", "%d used and %d left since it told last; the last renewal gave %d", o.Used-s.Spent, o.Left, s.Granted)
	}
	if err := a.actorAt(s.Place); err != nil {
		return err
	}
	today, err := samRenewals(a.tx, `where serial = ? and at > ?`, s.Serial, store.Micros(a.now().Add(-renewalDay)))
	if err != nil {
		return err
	}
	if len(today) >= mostRenewals {
		return samRenewedOften.At(op, nil).With("serial", "%s, %d times within 24 hours", s.Serial, len(today))
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	const day = 24 * time.Hour
	n := SAMRenewal{ID: id, Serial: s.Serial, Desk: a.actor.ID, At: a.now(), Spent: o.Used - s.Spent, Uses: s.Uses, Until: a.now().Truncate(day).Add(time.Duration(s.Days) * day)}
	if err := n.insert(a.tx); err != nil {
		return err
	}
	a.res.Answer = n.ID
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"sam": s.told(), "spent": strconv.Itoa(n.Spent), "uses": strconv.Itoa(n.Uses), "until": n.Until.Format(time.DateOnly),
	}})
}

// LoseSAM writes that a SAM was lost or stolen, at its place or after it came back to the Dinas: it is not renewed
// any more, and no card is made under its generation of the master for reading. One person suffices: to stop is safe. FindSAM, or a key ceremony and a
// start that two persons release, goes on. CardsOfSAM are the cards that it can read.
type LoseSAM struct {
	Serial string
	Because
}

func (LoseSAM) Name() Name { return opLoseSAM }

func (o LoseSAM) run(a *act) error {
	s, err := a.endSAM(o.Serial, SAMLost, o.Reason, SAMIssued, SAMTakenBack)
	if err != nil {
		return err
	}
	if err := retireMaster(a.tx, keys.Reading, s.Check, a.actor.ID, s.Serial); err != nil {
		return err
	}
	affected, unrecorded, err := underMaster(a.tx, string(keys.Reading), s.Check)
	if err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"sam": s.told(), "place": s.Place, "check": s.Check, "cause": o.Reason, "cards": strconv.Itoa(affected), "unrecorded": strconv.Itoa(unrecorded),
	}})
}

// FindSAM ends the use of a SAM that was reported lost and is at the Dinas again, where two persons are sure that
// nobody else had it: cards are made under its generation of the master again, unless another SAM of it is lost.
// It is issued to nobody any more.
type FindSAM struct {
	Serial string
	Because
	Second Actor
}

func (FindSAM) Name() Name      { return opFindSAM }
func (o FindSAM) second() Actor { return o.Second }

func (o FindSAM) run(a *act) error {
	s, err := a.endSAM(o.Serial, SAMTakenBack, o.Reason, SAMLost)
	if err != nil {
		return err
	}
	others, err := sams(a.tx, `where check_value = ? and state = ?`, s.Check, SAMLost)
	if err != nil {
		return err
	}
	if len(others) == 0 {
		if err := restoreMaster(a.tx, keys.Reading, s.Check); err != nil {
			return err
		}
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"sam": s.told(), "place": s.Place, "check": s.Check, "cause": o.Reason, "others": strconv.Itoa(len(others)),
	}})
}

// TakeBackSAM ends the use of a SAM that came back to the Dinas.
type TakeBackSAM struct {
	Serial string
	Because
	Second Actor
}

func (TakeBackSAM) Name() Name      { return opTakeBackSAM }
func (o TakeBackSAM) second() Actor { return o.Second }

func (o TakeBackSAM) run(a *act) error {
	s, err := a.endSAM(o.Serial, SAMTakenBack, o.Reason, SAMIssued)
	if err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"sam": s.told(), "place": s.Place, "cause": o.Reason}})
}

// told is the serial number in an event: with a mark in its middle, since sixteen digits might be a NIK.
func (s SAM) told() string {
	const half = serialBytes
	if len(s.Serial) != 2*half {
		return ""
	}
	return s.Serial[:half] + "-" + s.Serial[half:]
}

// endSAM ends one, from one of the states that it must be in.
func (a *act) endSAM(serial string, to SAMState, reason string, from ...SAMState) (SAM, error) {
	const op = "registry.endSAM"
	s, found, err := samBySerial(a.tx, strings.ToUpper(serial))
	switch {
	case err != nil:
		return s, err
	case !found:
		return s, samUnknown.At(op, nil).With("serial", "no such SAM here")
	case reason == "" || len(reason) > longestSeal:
		return s, badOperation.At(op, nil).With("reason", "1 to %d characters", longestSeal)
	case !slices.Contains(from, s.State):
		return s, wrongState.At(op, nil).With("serial", "the SAM is %s", s.State)
	}
	s.State, s.EndedBy, s.EndedAt, s.Reason = to, a.actor.ID, a.now(), reason
	a.res.Answer = s.Serial
	return s, s.save(a.tx)
}

// SAM is one of the register; the case of the digits does not matter.
func (r *Registry) SAM(ctx context.Context, serial string) (s SAM, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) (err error) {
		var found bool
		if s, found, err = samBySerial(tx, strings.ToUpper(serial)); err == nil && !found {
			err = samUnknown.At("registry.SAM", nil).With("serial", "no such SAM here")
		}
		s.DaysUsed = s.daysUsed(tx.Now())
		return err
	})
	return s, err
}

// SAMs are all of the register, in the order of their serial numbers.
func (r *Registry) SAMs(ctx context.Context) (list []SAM, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = sams(tx, `order by serial`)
		for i := range list {
			list[i].DaysUsed = list[i].daysUsed(tx.Now())
		}
		return err
	})
	return list, err
}

// daysUsed counts the days on which the SAM may have been used.
func (s SAM) daysUsed(now time.Time) int {
	if s.RenewedAt.IsZero() {
		return 0
	}
	const day = 24 * time.Hour
	last := now
	for _, end := range []time.Time{s.Until, s.EndedAt} {
		if !end.IsZero() && end.Before(last) {
			last = end
		}
	}
	return int(last.Truncate(day).Sub(s.firstRenewal.Truncate(day))/day) + 1
}

// SAMRenewals are those of one SAM, newest first.
func (r *Registry) SAMRenewals(ctx context.Context, serial string) (list []SAMRenewal, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = samRenewals(tx, `where serial = ? order by at desc, id`, strings.ToUpper(serial))
		return err
	})
	return list, err
}

// SAMRenewal is the one of an id, which RenewSAM answered.
func (r *Registry) SAMRenewal(ctx context.Context, id string) (n SAMRenewal, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err := samRenewals(tx, `where id = ?`, id)
		if err == nil && len(list) == 0 {
			err = unknownID.At("registry.SAMRenewal", nil).With("renewal", "no such id here")
		}
		if err == nil {
			n = list[0]
		}
		return err
	})
	return n, err
}

// AffectedCard is a card that a lost SAM can read.
type AffectedCard struct {
	Card
	Recorded bool // false: the ledger does not know its masters, it may be under this one
}

// CardsOfSAM are the cards that a SAM can read, in the order of their chips: those whose keys follow from its
// generation of the master and that are not destroyed.
func (r *Registry) CardsOfSAM(ctx context.Context, serial string) (list []AffectedCard, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		s, found, err := samBySerial(tx, strings.ToUpper(serial))
		if err == nil && !found {
			err = samUnknown.At("registry.CardsOfSAM", nil).With("serial", "no such SAM here")
		}
		if err != nil {
			return err
		}
		list, err = cardsUnderMaster(tx, keys.Reading, s.Check)
		return err
	})
	return list, err
}
