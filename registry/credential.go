package registry

import (
	"context"
	"slices"
	"strings"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// CredentialStatus is what a card is to those outside (OSIA Credential Services 1.3.0).
type CredentialStatus string

const (
	CredentialNew       CredentialStatus = "NEW"       // made, not handed over
	CredentialActive    CredentialStatus = "ACTIVE"    // in force
	CredentialSuspended CredentialStatus = "SUSPENDED" // a hold on one of these
	CredentialRevoked   CredentialStatus = "REVOKED"   // retired or destroyed
	CredentialOther     CredentialStatus = "OTHER"     // in doubt: it may be active, its place is not proved; or another Dinas has it and may have handed it over
)

// Credential is one card as those outside see it.
type Credential struct {
	Card    Card
	Profile string
	Foreign bool
	NIK     ktp.NIK // personal data
	Expiry  string  // DD-MM-YYYY of a foreign resident's card; personal data
	Doubt   bool
	Matched bool // the holder with this card, 1:1; false while it was let be, or a proxy took it
	Version int  // of its record
	State   State
	Others  map[string]any // that the center keeps with it; may be personal data
}

// Status of the card.
func (c Credential) Status() CredentialStatus {
	switch {
	case c.Card.State == CardRetired || c.Card.State == CardDestroyed:
		return CredentialRevoked
	case c.Doubt:
		return CredentialOther
	case c.Card.Held != "":
		return CredentialSuspended
	case c.Card.State == CardMade && c.Card.outside():
		return CredentialOther
	case c.Card.State == CardMade:
		return CredentialNew
	}
	return CredentialActive
}

// String never shows the person.
func (c Credential) String() string { return "Credential(" + c.Card.Attempt.String() + ")" }

// GoString never shows the person.
func (c Credential) GoString() string { return c.String() }

// Condition is one comparison of a search for credentials: all must hold.
type Condition struct {
	Field    string // of CredentialFields
	Operator string // <, >, =, >=, <=, !=
	Text     string
	At       time.Time // of a time, instead of Text
}

// CredentialFields are what credentials are searched by, each with the column it stands in.
var CredentialFields = map[string]struct {
	column  string
	Ordered bool // <, >, <= and >= mean something
	Time    bool
}{
	"credentialId":        {column: "c.attempt"},
	"personId":            {column: "c.person"},
	"serialNumber":        {column: "c.chip"},
	"credentialProfileId": {column: "r.profile"},
	"issuedDate":          {column: "c.made_at", Ordered: true, Time: true},
	"status":              {column: credentialStatusSQL},
}

// operators of a Condition, as the database writes them.
var operators = map[string]string{"<": "<", ">": ">", "=": "=", ">=": ">=", "<=": "<=", "!=": "<>"}

// Credentials finds cards, by the order of their ids, at most limit.
func (r *Registry) Credentials(ctx context.Context, conditions []Condition, limit int) ([]Credential, error) {
	return r.CredentialsThat(ctx, conditions, func(Credential) bool { return true }, limit)
}

// CredentialsThat are those of Credentials of which something else holds, that the database cannot compare: it
// stands among personal data.
func (r *Registry) CredentialsThat(ctx context.Context, conditions []Condition, holds func(Credential) bool, limit int) (list []Credential, err error) {
	const op = "registry.Credentials"
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		where, args := []string{"1 = 1"}, []any{}
		for _, c := range conditions {
			f, known := CredentialFields[c.Field]
			sign, ok := operators[c.Operator]
			if !known || !ok || !f.Ordered && c.Operator != "=" && c.Operator != "!=" {
				return badOperation.At(op, nil).With(c.Field, "not searched by it so")
			}
			var value any = c.Text
			switch {
			case f.Time:
				value = store.Micros(c.At)
			case c.Field == "personId":
				key, known, err := a.knownPersonKey(ktp.NIK(c.Text))
				if err != nil {
					return err
				}
				if !known {
					key = []byte{}
				}
				value = key
			}
			where, args = append(where, f.column+" "+sign+" ?"), append(args, value)
		}
		list = nil
		for after := ""; len(list) < limit; {
			page, err := credentials(tx, `where `+strings.Join(where, " and ")+` and c.attempt > ? order by c.attempt limit ?`, append(args, after, limit)...)
			if err != nil {
				return err
			}
			for _, c := range page {
				if holds(c) && len(list) < limit {
					list = append(list, c)
				}
				after = c.Card.Attempt.String()
			}
			if len(page) < limit {
				return nil
			}
		}
		return nil
	})
	return list, err
}

// Credential finds the card of an attempt; registry.card_unknown when there is none.
func (r *Registry) Credential(ctx context.Context, id ktp.AttemptID) (c Credential, err error) {
	list, err := r.Credentials(ctx, []Condition{{Field: "credentialId", Operator: "=", Text: id.String()}}, 1)
	if err == nil && len(list) == 0 {
		err = cardUnknown.At("registry.Credential", nil).With("credentialId", "not a card of this register")
	}
	if err != nil {
		return c, err
	}
	return list[0], nil
}

// causeRevoked holds a card that was revoked before it came into force, until it is retired.
const causeRevoked = "revoked"

// SetCardStatus is what the center says of a card. Suspended: a hold. Active or new: the hold is
// lifted, and the card is what it was; one that another Dinas has and that is active was handed over
// there. Revoked: a card in force ends; one that is not handed over is stopped for good and called
// back; where the reason is that its holder died, nothing else of them goes on either. What the card is already changes
// nothing of it; what cannot be is registry.wrong_state.
type SetCardStatus struct {
	Credential  ktp.AttemptID
	Status      CredentialStatus // empty: lift the hold, whatever the card was
	Reason      string           // code
	Requester   string           // id
	Transaction string
}

func (SetCardStatus) Name() Name { return opSetCardStatus }

// run says it of the card, and of the person where they died: also of one whose card had ended before.
func (o SetCardStatus) run(a *act) error {
	const op = "registry.SetCardStatus"
	if err := aCode(op, o.Reason); err != nil {
		return err
	}
	c, found, err := cardOf(a.tx, o.Credential)
	switch {
	case err != nil:
		return err
	case !found:
		return cardUnknown.At(op, nil).With("credentialId", "not a card of this register")
	}
	if err := o.say(a, c); err != nil || o.Status != CredentialRevoked {
		return err
	}
	return a.ifDied(o.Reason, c.person)
}

func (o SetCardStatus) say(a *act, c Card) error {
	const op = "registry.SetCardStatus"
	a.also[outside] = o.Transaction
	if o.Requester != "" {
		a.also["requester"] = o.Requester
	}
	t, err := jobs.AttemptByID(a.tx, o.Credential)
	if err != nil {
		return err
	}
	now := Credential{Card: c, Doubt: t.State == jobs.InDoubt}
	was := CredentialActive
	if c.State == CardMade {
		was = CredentialNew
	}
	elsewhere := c.State == CardMade && c.outside()
	wanted := o.Status
	if wanted == "" {
		wanted = was
	}
	a.res.Chip, a.res.Application, a.res.Answer = c.Chip, c.Application, AnswerUnchanged
	if now.Status() == wanted || wanted == CredentialRevoked && c.Held == causeRevoked {
		return nil
	}
	forbidden := wrongState.At(op, nil).With("status", "%s cannot become %s", now.Status(), wanted)
	if now.Doubt || now.Status() == CredentialRevoked {
		return forbidden
	}
	switch wanted {
	case CredentialSuspended:
		a.row.Event = RowOf(opHoldCard).Event
		return HoldCard{Chip: c.Chip, Because: Because{Reason: o.Reason}}.run(a)
	case CredentialActive, CredentialNew:
		if wanted != was && !elsewhere {
			return forbidden
		}
		a.row.Event = RowOf(opFreeCard).Event
		if err := (FreeCard{Chip: c.Chip}).run(a); err != nil || wanted == was {
			return err
		}
		return a.handedOverElsewhere(c.Chip)
	case CredentialRevoked:
		return o.revoke(a, c)
	}
	return badOperation.At(op, nil).With("status", "NEW, ACTIVE, SUSPENDED or REVOKED")
}

// handedOverElsewhere brings a card into force that another Dinas handed over, and retires the ones before it.
func (a *act) handedOverElsewhere(chip ktp.ChipUID) error {
	c, app, err := a.cardAndApplication(chip)
	if err != nil {
		return err
	}
	list, err := outsideOf(a.tx, c.person)
	if err != nil {
		return err
	}
	before := slices.DeleteFunc(list, func(old Card) bool { return old.Chip == chip })
	if err := a.endOutside(causeReplaced, before...); err != nil {
		return err
	}
	if err := a.endSukets(app.person, "handed_over"); err != nil {
		return err
	}
	a.res.Chip, a.res.Application, a.res.Answer = chip, app.ID, AnswerDone
	return a.moveCard(&c, CardHandOver, "")
}

func (o SetCardStatus) revoke(a *act, c Card) error {
	a.res.Answer = AnswerDone
	if c.outside() {
		return a.endOutside(o.Reason, c)
	}
	c.Held = causeRevoked
	if err := c.save(a.tx); err != nil {
		return err
	}
	if err := a.tell(audit.Event{
		Code: RowOf(opHoldCard).Event, Application: string(c.Application), Chip: c.Chip, Detail: map[string]string{"cause": causeRevoked, "reason": o.Reason},
	}); err != nil {
		return err
	}
	a.res.Answer = AnswerRecall
	app, err := a.application(c.Application)
	if err != nil {
		return err
	}
	if _, none := Applications.Next(app.State, EventRecall); none != nil {
		return nil // on its line, or called back already: the hold stops it
	}
	return a.move(&app, EventRecall, o.Reason)
}

// longestOthers bounds what the center keeps with a credential, in bytes of JSON.
const longestOthers = 16 << 10

// UpdateCredential keeps what the center wants to find again beside a credential, in place of what it kept
// before. The station never reads it. Everything else of a credential is printed, and renewed instead.
type UpdateCredential struct {
	Credential  ktp.AttemptID
	Others      map[string]any
	Transaction string
}

func (UpdateCredential) Name() Name { return opUpdateCredential }

func (o UpdateCredential) run(a *act) error {
	const op = "registry.UpdateCredential"
	c, found, err := cardOf(a.tx, o.Credential)
	switch {
	case err != nil:
		return err
	case !found:
		return cardUnknown.At(op, nil).With("credentialId", "not a card of this register")
	}
	text, err := sealed(o.Others)
	if err != nil {
		return badOperation.At(op, err)
	}
	if len(text) > longestOthers {
		return badOperation.At(op, nil).With("others", "at most %d bytes", longestOthers)
	}
	before, err := othersOf(a.tx, o.Credential)
	if err != nil {
		return err
	}
	a.also[outside] = o.Transaction
	a.res.Chip, a.res.Application, a.res.Answer = c.Chip, c.Application, AnswerUnchanged
	if text == before || before == "" && len(o.Others) == 0 {
		return nil
	}
	if err := keepOthers(a.tx, o.Credential, text); err != nil {
		return err
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Application: string(c.Application), Chip: c.Chip})
}
