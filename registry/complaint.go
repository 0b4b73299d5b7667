package registry

import (
	"cmp"
	"context"
	"slices"
	"time"

	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// ComplaintState is where a complaint stands.
type ComplaintState string

const (
	ComplaintAbsent   ComplaintState = "absent"
	ComplaintReceived ComplaintState = "received"
	ComplaintVerified ComplaintState = "verified" // the matter was looked into
	ComplaintAnswered ComplaintState = "answered"
	ComplaintClosed   ComplaintState = "closed"
)

// ComplaintEvent moves a complaint.
type ComplaintEvent string

const (
	ComplaintEventReceive ComplaintEvent = "receive"
	ComplaintEventVerify  ComplaintEvent = "verify"
	ComplaintEventAnswer  ComplaintEvent = "answer"
	ComplaintEventClose   ComplaintEvent = "close"
	ComplaintEventReopen  ComplaintEvent = "reopen"
)

// Complaints is the state table of a complaint. Nothing is closed without an answer.
var Complaints = ktp.Table[ComplaintState, ComplaintEvent]{
	Name: "complaint", Start: ComplaintAbsent, Final: []ComplaintState{ComplaintClosed},
	Rows: []ktp.Row[ComplaintState, ComplaintEvent]{
		{From: ComplaintAbsent, Event: ComplaintEventReceive, To: ComplaintReceived},
		{From: ComplaintReceived, Event: ComplaintEventVerify, To: ComplaintVerified},
		{From: ComplaintVerified, Event: ComplaintEventAnswer, To: ComplaintAnswered},
		{From: ComplaintAnswered, Event: ComplaintEventReopen, To: ComplaintReceived},
		{From: ComplaintAnswered, Event: ComplaintEventClose, To: ComplaintClosed},
	},
}

// Complaint is what somebody complains of, suggests or asks.
type Complaint struct {
	ID            string
	Number        string // given to who complains
	Channel       string // of the service standard
	State         ComplaintState
	Subject       string // code: card, data, waiting, officer, fee, other
	Application   ApplicationID
	Chip          ktp.ChipUID
	Verifiable    bool   // false: anonymous
	ForeignNumber string // of LAPOR!
	ReceivedAt    time.Time
	ReceivedBy    string
	AssignedTo    string
	Due           time.Time // of the answer
	VerifiedAt    time.Time
	VerifiedBy    string
	Finding       string // code: right, wrong, unclear
	AnsweredAt    time.Time
	AnsweredBy    string
	ClosedAt      time.Time
	ErasedAt      time.Time
	Content       ComplaintContent
}

// ComplaintContent is personal data.
type ComplaintContent struct {
	Receipt string // as who complains wrote it, whether it was ever given out or not
	Name    string // empty: anonymous
	Contact string // telephone, address, electronic mail
	Text    string
	Matter  string // what the verification found, in words
	Answer  string
}

// String never shows it.
func (ComplaintContent) String() string { return "ComplaintContent(redacted)" }

// GoString never shows it.
func (c ComplaintContent) GoString() string { return c.String() }

// Subjects of complaints.
var complaintSubjects = []string{"card", "data", "waiting", "officer", "fee", "other"}

const (
	longestText    = 4000
	longestName    = 120
	longestContact = 200
	longestReceipt = 80
)

// RegisterComplaint writes a complaint down. Identity and contact are needed but for a channel that
// takes anonymous ones; those are marked as not verifiable and never lost. Result.Answer is the number
// that is given out. It is linked to what it is about, as far as that is told: by the officer with an id or a chip,
// or by who complains with a receipt, of which nobody is told whether it was ever given out.
type RegisterComplaint struct {
	Channel       string
	Subject       string
	Text          string
	FullName      string
	Contact       string
	Application   ApplicationID
	Chip          ktp.ChipUID
	Receipt       string // as it was written
	ForeignNumber string // of LAPOR!
}

func (RegisterComplaint) Name() Name { return opRegisterComplaint }

func (o RegisterComplaint) run(a *act) error {
	const op = "registry.RegisterComplaint"
	s, err := a.standard()
	if err != nil {
		return err
	}
	channel, known := s.Channel(o.Channel)
	anonymous := o.FullName == "" && o.Contact == ""
	switch {
	case !known:
		return badOperation.At(op, nil).With("channel", "none of the service standard")
	case !slices.Contains(complaintSubjects, o.Subject):
		return badOperation.At(op, nil).With("subject", "card, data, waiting, officer, fee or other")
	case o.Text == "" || len(o.Text) > longestText:
		return badOperation.At(op, nil).With("text", "1 to %d bytes", longestText)
	case len(o.FullName) > longestName || len(o.Contact) > longestContact:
		return badOperation.At(op, nil).With("contact", "name up to %d bytes, contact up to %d", longestName, longestContact)
	case !channel.Anonymous && (o.FullName == "" || o.Contact == ""):
		return badOperation.At(op, nil).With("contact", "name and contact are needed; a suggestion box alone may be anonymous")
	case len(o.Receipt) > longestReceipt:
		return badOperation.At(op, nil).With("receipt", "at most %d bytes", longestReceipt)
	}
	if o.Application == "" && o.Chip == "" {
		if o.Application, err = a.ofReceipt(o.Receipt); err != nil {
			return err
		}
	}
	if o.Application, o.Chip, err = a.complainedOf(o.Application, o.Chip); err != nil {
		return err
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	number, err := a.r.newNumber(complaintLetter)
	if err != nil {
		return err
	}
	c := Complaint{
		ID: id, Number: number, Channel: o.Channel, State: ComplaintAbsent, Subject: o.Subject, Application: o.Application, Chip: o.Chip,
		Verifiable: !anonymous, ForeignNumber: o.ForeignNumber, ReceivedAt: a.now(), ReceivedBy: a.actor.ID, Due: a.now().AddDate(0, 0, s.Complaints.AnswerDays),
		Content: ComplaintContent{Receipt: o.Receipt, Name: o.FullName, Contact: o.Contact, Text: o.Text},
	}
	return a.moveComplaint(&c, ComplaintEventReceive, map[string]string{"channel": o.Channel, "subject": o.Subject, "verifiable": yesNo(!anonymous)})
}

// ofReceipt is the application of a receipt as somebody wrote it; none where it was misread, or is not of this station.
func (a *act) ofReceipt(written string) (ApplicationID, error) {
	receipt, ok := ParseReceipt(written)
	if !ok {
		return "", nil
	}
	in, _, err := intakeBy(a.tx, `where receipt = ?`, receipt)
	return in.Application, err
}

// complainedOf completes what a complaint is about: of a card its application, of an application its last card.
func (a *act) complainedOf(id ApplicationID, chip ktp.ChipUID) (ApplicationID, ktp.ChipUID, error) {
	if id != "" {
		if _, err := a.application(id); err != nil {
			return id, chip, err
		}
	}
	if chip != "" {
		card, _, err := a.cardAndApplication(chip)
		return cmp.Or(id, card.Application), chip, err
	}
	if id == "" {
		return id, chip, nil
	}
	last, _, err := oneCard(a.tx, `where application = ?`+newest+` limit 1`, id)
	return id, last.Chip, err
}

// moveComplaint changes the state by the table and writes the event, without a word of the content.
func (a *act) moveComplaint(c *Complaint, e ComplaintEvent, detail map[string]string) error {
	to, err := Complaints.Next(c.State, e)
	if err != nil {
		return wrongState.At("registry.complaint", err).With("complaint", "it is %s", c.State)
	}
	c.State = to
	if err := c.save(a.tx); err != nil {
		return err
	}
	all := map[string]string{"complaint": c.ID, "state": string(to)}
	for k, v := range detail {
		all[k] = v
	}
	a.res.Application, a.res.Answer = c.Application, c.Number
	return a.tell(audit.Event{Code: "complaint." + codeOf(string(e)), Application: string(c.Application), Chip: c.Chip, Detail: all})
}

func (a *act) complaint(id string) (Complaint, error) {
	c, found, err := complaintByID(a.tx, id)
	if err == nil && !found {
		err = complaintUnknown.At("registry.complaint", nil)
	}
	return c, err
}

// AssignComplaint gives a complaint to an officer of the team.
type AssignComplaint struct {
	Complaint string
	Person    string
}

func (AssignComplaint) Name() Name { return opAssignComplaint }

func (o AssignComplaint) run(a *act) error {
	c, err := a.complaint(o.Complaint)
	if err != nil {
		return err
	}
	if c.State == ComplaintClosed {
		return wrongState.At("registry.AssignComplaint", nil).With("complaint", "it is closed")
	}
	p, found, err := access.PersonByID(a.tx, o.Person)
	if err != nil || !found || !p.Actor().May(access.AnswerComplaints) {
		if err == nil {
			err = personUnknown.At("registry.AssignComplaint", nil).With("person", "nobody who answers complaints")
		}
		return err
	}
	c.AssignedTo = o.Person
	if err := c.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"complaint": c.ID, "person": o.Person}})
}

// VerifyComplaint says what looking into the matter found, and which application and card it is about, where that was
// not known, or told wrongly.
type VerifyComplaint struct {
	Complaint   string
	Finding     string        // right, wrong, unclear
	Matter      string        // in words: personal data
	Application ApplicationID // this one and Chip empty: as they were
	Chip        ktp.ChipUID
}

func (VerifyComplaint) Name() Name { return opVerifyComplaint }

func (o VerifyComplaint) run(a *act) error {
	const op = "registry.VerifyComplaint"
	c, err := a.complaint(o.Complaint)
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"right", "wrong", "unclear"}, o.Finding) || o.Matter == "" || len(o.Matter) > longestText {
		return badOperation.At(op, nil).With("finding", "right, wrong or unclear, and what was found, up to %d bytes", longestText)
	}
	if o.Application != "" || o.Chip != "" {
		if c.Application, c.Chip, err = a.complainedOf(o.Application, o.Chip); err != nil {
			return err
		}
	}
	c.VerifiedAt, c.VerifiedBy, c.Finding, c.Content.Matter = a.now(), a.actor.ID, o.Finding, o.Matter
	return a.moveComplaint(&c, ComplaintEventVerify, map[string]string{"finding": o.Finding})
}

// AnswerComplaint gives the answer.
type AnswerComplaint struct {
	Complaint string
	Text      string // personal data
}

func (AnswerComplaint) Name() Name { return opAnswerComplaint }

func (o AnswerComplaint) run(a *act) error {
	c, err := a.complaint(o.Complaint)
	if err != nil {
		return err
	}
	if o.Text == "" || len(o.Text) > longestText {
		return badOperation.At("registry.AnswerComplaint", nil).With("text", "1 to %d bytes", longestText)
	}
	c.AnsweredAt, c.AnsweredBy, c.Content.Answer = a.now(), a.actor.ID, o.Text
	return a.moveComplaint(&c, ComplaintEventAnswer, nil)
}

// ReopenComplaint takes an answered complaint up again.
type ReopenComplaint struct {
	Complaint string
	Because
}

func (ReopenComplaint) Name() Name { return opReopenComplaint }

func (o ReopenComplaint) run(a *act) error {
	c, err := a.complaint(o.Complaint)
	if err != nil {
		return err
	}
	return a.moveComplaint(&c, ComplaintEventReopen, map[string]string{"cause": o.Reason})
}

// CloseComplaint ends an answered complaint.
type CloseComplaint struct{ Complaint string }

func (CloseComplaint) Name() Name { return opCloseComplaint }

func (o CloseComplaint) run(a *act) error {
	c, err := a.complaint(o.Complaint)
	if err != nil {
		return err
	}
	c.ClosedAt = a.now()
	return a.moveComplaint(&c, ComplaintEventClose, nil)
}

// ComplaintFilter says which complaints are asked for.
type ComplaintFilter struct {
	State       ComplaintState // empty: all
	Application ApplicationID  // empty: all
	Assigned    string         // person; empty: all
	Late        bool           // those alone whose answer is overdue
	After       string         // id of the last one seen
	Limit       int
}

// ListComplaints are complaints in the order of their ids, without their content.
func (r *Registry) ListComplaints(ctx context.Context, f ComplaintFilter) (list []Complaint, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		late := int64(0)
		if f.Late {
			late = store.Micros(tx.Now())
		}
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(string(f.State), `state = ?`, f.State)
		w.If(string(f.Application), `application = ? and application <> ''`, f.Application)
		w.If(f.Assigned, `assigned_to = ?`, f.Assigned)
		if late != 0 {
			w.And(`due < ? and answered_at = 0`, late)
		}
		list, err = complaints(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
		return err
	})
	return withoutContent(list), err
}

func withoutContent(list []Complaint) []Complaint {
	for i := range list {
		list[i].Content = ComplaintContent{}
	}
	return list
}

// ComplaintByID is one with its content: personal data.
func (r *Registry) ComplaintByID(ctx context.Context, id string) (c Complaint, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		c, err = a.complaint(id)
		return err
	})
	return c, err
}

// ComplaintStatus is what the bearer of a complaint's number may know: no personal data.
type ComplaintStatus struct {
	Number string
	State  ComplaintState
	Since  time.Time
	Due    time.Time
}

// ComplaintStatus answers the number of a complaint; registry.unknown_id when there is no such complaint.
func (r *Registry) ComplaintStatus(ctx context.Context, number string) (s ComplaintStatus, err error) {
	const op = "registry.ComplaintStatus"
	number, ok := ParseComplaint(number)
	if !ok {
		return s, badOperation.At(op, nil).With("complaint", "misread: its check character does not fit")
	}
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err := complaints(tx, `where number = ?`, number)
		if err == nil && len(list) == 0 {
			err = unknownID.At(op, nil).With("complaint", "no such complaint here")
		}
		if err != nil {
			return err
		}
		s = ComplaintStatus{number, list[0].State, list[0].ReceivedAt, list[0].Due}
		return nil
	})
	return s, err
}

// Suspect is what several complaints about cards have in common.
type Suspect struct {
	Kind  string // line, lot, roll
	Item  string
	Count int
}

// Suspects count the complaints about cards of a time by the line that made them, the lot of their blanks and the
// ribbon or film that was fitted then, most first: a bad lot, printer or roll stands on top.
func (r *Registry) Suspects(ctx context.Context, of Period, limit int) (list []Suspect, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = suspects(tx, of, limit)
		return err
	})
	return list, err
}
