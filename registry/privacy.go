package registry

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// mostUnmasked is how many persons somebody may look at in a day before it is refused and reported
// (a whole day at a counter serves about 80).
const mostUnmasked = 200

// mostExported is how many persons' whole data somebody may take out in a day, of those: each is asked for by the
// person themselves.
const mostExported = 20

// Unmask shows the person of an application, which every list masks. It is written down who looked,
// at what and why; too many in a day are refused. Nothing personal is in the result: the caller reads
// the person once this is done (Registry.PersonOf).
type Unmask struct {
	Application ApplicationID
	Because
}

func (Unmask) Name() Name             { return opUnmask }
func (o Unmask) about() ApplicationID { return o.Application }

func (o Unmask) run(a *act) error {
	return a.unmask(unmaskApplication, string(o.Application), o.Reason)
}

// lookLasts is how long who has asked to see a person is shown what belongs to them: one visit at a counter.
const lookLasts = time.Hour

// looked reports whether the actor has asked to see the person of an application just now.
func (a *act) looked(id ApplicationID) (bool, error) {
	return unmaskedJust(a.tx, a.actor.ID, string(id), a.now().Add(-lookLasts))
}

// unmask counts and writes a look at personal data, and tells the event log when the day's measure is full.
func (a *act) unmask(kind, item, reason string) error {
	used, of, err := unmaskedSince(a.tx, a.actor.ID, kind, a.now().Add(-day))
	if err != nil {
		return err
	}
	if used >= mostUnmasked || kind == unmaskSubject && of >= mostExported {
		return tooManyOpened.At("registry.Unmask", nil).With("person", "%d in a day, %d of them as %s", used, of, kind)
	}
	if err := keepUnmasking(a.tx, a.actor.ID, kind, item, reason); err != nil {
		return err
	}
	used, of = used+1, of+1
	e := audit.Event{Code: "person.unmasked", Application: string(a.res.Application), Detail: map[string]string{"kind": kind, "cause": reason, "today": strconv.Itoa(used)}}
	switch kind {
	case unmaskApplication:
		e.Application, a.res.Application = item, ApplicationID(item)
	case unmaskSubject:
		e.Detail["request"] = item
	case unmaskNote:
		e.Detail["note"] = item
	}
	if err := a.tell(e); err != nil || used < mostUnmasked && (kind != unmaskSubject || of < mostExported) {
		return err
	}
	return a.tell(audit.Event{Code: "person.unmask_limit", Detail: map[string]string{"kind": kind, "today": strconv.Itoa(used)}})
}

// Kinds of looks at personal data.
const (
	unmaskApplication = "application"
	unmaskSubject     = "subject"
	unmaskNote        = "note"
)

// PersonOf is the person of an application: personal data. Only for a request that Unmask let pass.
func (r *Registry) PersonOf(ctx context.Context, id ApplicationID) (p ktp.Person, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		if app.Version > 0 {
			p, err = recordPerson(tx, id)
			return err
		}
		in, err := a.intake(id)
		p = in.Person
		return err
	})
	return p, err
}

// ExportSubject is everything that the station holds about one person, for that person (Law 27/2022,
// right of access). Result.Answer is its number of items.
type ExportSubject struct {
	NIK     ktp.NIK
	Request string // its number
}

var requestNumber = regexp.MustCompile(`^[A-Z0-9][A-Z0-9./-]{0,59}$`)

func (ExportSubject) Name() Name { return opExportSubject }

func (o ExportSubject) run(a *act) error {
	const op = "registry.ExportSubject"
	if _, err := ktp.ParseNIK(o.NIK.Digits()); err != nil {
		return badOperation.At(op, nil).With("nik", "16 digits")
	}
	if !requestNumber.MatchString(o.Request) {
		return badOperation.At(op, nil).With("request", "its number: capitals, digits and . / -")
	}
	s, err := a.subjectData(o.NIK)
	if err != nil {
		return err
	}
	a.res.Answer = strconv.Itoa(len(s.Applications))
	return a.unmask(unmaskSubject, o.Request, "")
}

// SubjectData is what the station holds about a person: personal data.
type SubjectData struct {
	List         string    // version of the list of obliged residents in use
	Resident     *Resident // the person's row of it; nil: none
	Applications []SubjectApplication
}

// SubjectApplication is one application of a person with everything that hangs on it.
type SubjectApplication struct {
	ID           ApplicationID
	Type, State  string
	Word         Word
	Due          time.Time
	Person       ktp.Person
	Intake       *Intake
	Requirements []Requirement
	Attachments  []Attachment
	Capture      *CaptureInfo
	Confirmed    []Confirmation
	Sukets       []Suket
	Cards        []Card
	Tries        []MatchTry // of the holder's fingers
	Handover     *Handover
	Foreign      []ForeignCard // cards of others that were given up for it
	Fines        []Fine
	Complaints   []Complaint
	Events       []audit.Event
}

// subjectData gathers it.
func (a *act) subjectData(nik ktp.NIK) (s SubjectData, err error) {
	person, known, err := a.knownPersonKey(nik)
	if err != nil || !known {
		return s, err
	}
	list, row, listed, err := a.matched(nik)
	if err != nil {
		return s, err
	}
	if listed {
		s.List, s.Resident = list, &row
	}
	apps, err := applicationList(a.tx, `where person = ? order by id`, person)
	if err != nil {
		return s, err
	}
	for _, app := range apps {
		x := SubjectApplication{ID: app.ID, Type: app.Type, State: string(app.State), Word: app.Word(), Due: app.Due}
		if app.Version > 0 {
			record, _, err := loadRecord(a.tx, app)
			if err != nil {
				return s, err
			}
			x.Person = record.Person
		}
		if in, err := a.intake(app.ID); err == nil {
			x.Intake = &in
			if x.Requirements, err = requirementsOf(a.tx, app.ID); err != nil {
				return s, err
			}
		}
		if x.Attachments, err = attachments(a.tx, `where application = ? order by at, id`, app.ID); err != nil {
			return s, err
		}
		if c, found, err := captureOf(a.tx, app.ID); err != nil {
			return s, err
		} else if found {
			if c.Parts, err = partInfos(a.tx, app.ID); err != nil {
				return s, err
			}
			x.Capture = &c
		}
		if x.Confirmed, err = confirmations(a.tx, `where application = ? order by number`, app.ID); err != nil {
			return s, err
		}
		if x.Sukets, err = sukets(a.tx, `where application = ? order by number`, app.ID); err != nil {
			return s, err
		}
		if x.Tries, err = matchTries(a.tx, app.ID); err != nil {
			return s, err
		}
		if x.Foreign, err = foreignCards(a.tx, `where application = ? and application <> '' order by id`, app.ID); err != nil {
			return s, err
		}
		if x.Cards, err = cards(a.tx, `where application = ? order by made_at, chip`, app.ID); err != nil {
			return s, err
		}
		if h, found, err := handoverOf(a.tx, app.ID); err != nil {
			return s, err
		} else if found {
			x.Handover = &h
		}
		if x.Fines, err = fines(a.tx, `where application = ? order by id`, app.ID); err != nil {
			return s, err
		}
		if x.Complaints, err = complaints(a.tx, `where application = ? and application <> '' order by id`, app.ID); err != nil {
			return s, err
		}
		x.Complaints = slices.DeleteFunc(x.Complaints, func(c Complaint) bool { // a receipt that somebody wrote, and nobody looked into
			return c.Content.Receipt != "" && c.VerifiedAt.IsZero()
		})
		if x.Events, err = audit.After(a.tx, 0, eventsShown, audit.Filter{Application: string(app.ID)}); err != nil {
			return s, err
		}
		s.Applications = append(s.Applications, x)
	}
	return s, nil
}

// SubjectData is everything about one person: personal data. Only after ExportSubject.
func (r *Registry) SubjectData(ctx context.Context, nik ktp.NIK) (s SubjectData, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		s, err = (&act{r: r, tx: tx}).subjectData(nik)
		return err
	})
	return s, err
}

// Erased is what a round of the retention rules removed.
type Erased struct {
	Class string
	Count int
}

// EraseDue removes the personal data whose time is over, by the rules of the service standard in force,
// with an event as the proof of each class. The loop of a station calls it.
func (r *Registry) EraseDue(ctx context.Context, actor Actor) (list []Erased, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		list = nil
		a := &act{r: r, tx: tx, actor: actor}
		s, err := a.standard()
		if err != nil {
			return err
		}
		erased := func(class string, n int64) error {
			if n == 0 {
				return nil
			}
			list = append(list, Erased{class, int(n)})
			return a.tell(audit.Event{Code: "retention.erased", Detail: map[string]string{"class": class, "count": strconv.FormatInt(n, 10), "standard": s.ID + "/" + s.Version}})
		}
		n, err := expireProposals(tx)
		if err != nil {
			return err
		}
		if err := erased("proposals", n); err != nil {
			return err
		}
		for _, c := range erasures {
			before, known := s.ErasedBefore(c.class, a.now())
			if !known || c.class == classCapture && r.cfg.StandAlone { // nobody else has it
				continue
			}
			if n, err = c.remove(tx, before); err != nil {
				return err
			}
			if err := erased(c.class, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && slices.ContainsFunc(list, func(e Erased) bool { return e.Class == classGallery }) {
		r.here.forget()
	}
	return list, err
}

// Classes of data that are erased in a way of their own.
const (
	classCapture = "capture"
	classGallery = "gallery"
)

// BreachState is where a breach of personal data stands.
type BreachState string

const (
	BreachAbsent   BreachState = "absent"
	BreachOpen     BreachState = "open"
	BreachNotified BreachState = "notified" // the persons and the authority were told
	BreachClosed   BreachState = "closed"
)

// BreachEvent moves a breach.
type BreachEvent string

const (
	BreachEventOpen   BreachEvent = "open"
	BreachEventNotify BreachEvent = "notify"
	BreachEventClose  BreachEvent = "close"
)

// Breaches is the state table of a breach.
var Breaches = ktp.Table[BreachState, BreachEvent]{
	Name: "breach", Start: BreachAbsent, Final: []BreachState{BreachClosed},
	Rows: []ktp.Row[BreachState, BreachEvent]{
		{From: BreachAbsent, Event: BreachEventOpen, To: BreachOpen},
		{From: BreachOpen, Event: BreachEventNotify, To: BreachNotified},
		{From: BreachNotified, Event: BreachEventClose, To: BreachClosed},
	},
}

// notifyWithin is how soon persons and authority are told (Law 27/2022, article 46: 3 x 24 hours).
const notifyWithin = 72 * time.Hour

// Breach is a failure to protect personal data.
type Breach struct {
	ID         string
	State      BreachState
	FoundAt    time.Time
	NotifyBy   time.Time
	FoundBy    string
	NotifiedAt time.Time
	ClosedAt   time.Time
	People     int // how many are affected
	Content    BreachContent
}

// BreachContent is what the notice says (article 46: what data, when and how, what is done).
type BreachContent struct {
	What, How, Measures string
	Affected            []ApplicationID
	Outcome             string
}

// OpenBreach writes a breach down; the clock of 72 hours runs from when it was found. Result.Answer is
// its id.
type OpenBreach struct {
	What, How, Measures string
	Affected            []ApplicationID
	People              int
	FoundAt             time.Time // zero: now
}

func (OpenBreach) Name() Name { return opOpenBreach }

func (o OpenBreach) run(a *act) error {
	const op = "registry.OpenBreach"
	switch {
	case o.What == "" || o.How == "" || len(o.What)+len(o.How)+len(o.Measures) > longestText:
		return badOperation.At(op, nil).With("what", "what data and how, together up to %d bytes", longestText)
	case o.People < len(o.Affected) || len(o.Affected) > mostScanned:
		return badOperation.At(op, nil).With("people", "at least as many as are named, at most %d named", mostScanned)
	case o.FoundAt.After(a.now()):
		return badOperation.At(op, nil).With("foundAt", "in the future")
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	found := o.FoundAt
	if found.IsZero() {
		found = a.now()
	}
	b := Breach{
		ID: id, State: BreachAbsent, FoundAt: found, NotifyBy: found.Add(notifyWithin), FoundBy: a.actor.ID, People: o.People,
		Content: BreachContent{What: o.What, How: o.How, Measures: o.Measures, Affected: o.Affected},
	}
	return a.moveBreach(&b, BreachEventOpen)
}

func (a *act) moveBreach(b *Breach, e BreachEvent) error {
	to, err := Breaches.Next(b.State, e)
	if err != nil {
		return wrongState.At("registry.breach", err).With("breach", "it is %s", b.State)
	}
	b.State = to
	if err := b.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = b.ID
	return a.tell(audit.Event{Code: "breach." + codeOf(string(e)), Detail: map[string]string{"breach": b.ID, "people": strconv.Itoa(b.People)}})
}

// NotifyBreach notes that the persons and the authority were told.
type NotifyBreach struct{ Breach string }

func (NotifyBreach) Name() Name { return opNotifyBreach }

func (o NotifyBreach) run(a *act) error {
	b, err := a.breach(o.Breach)
	if err != nil {
		return err
	}
	b.NotifiedAt = a.now()
	return a.moveBreach(&b, BreachEventNotify)
}

// CloseBreach ends it with what came of it.
type CloseBreach struct {
	Breach  string
	Outcome string
}

func (CloseBreach) Name() Name { return opCloseBreach }

func (o CloseBreach) run(a *act) error {
	b, err := a.breach(o.Breach)
	if err != nil {
		return err
	}
	if o.Outcome == "" || len(o.Outcome) > longestText {
		return badOperation.At("registry.CloseBreach", nil).With("outcome", "1 to %d bytes", longestText)
	}
	b.ClosedAt, b.Content.Outcome = a.now(), o.Outcome
	return a.moveBreach(&b, BreachEventClose)
}

func (a *act) breach(id string) (Breach, error) {
	b, found, err := breachByID(a.tx, id)
	if err == nil && !found {
		err = breachUnknown.At("registry.breach", nil)
	}
	return b, err
}

// ListBreaches are breaches in a state ("" for all) in the order of their ids.
func (r *Registry) ListBreaches(ctx context.Context, state BreachState, after string, limit int) (list []Breach, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.If(string(state), `state = ?`, state)
		w.And(`id > ?`, after)
		list, err = breaches(tx, w.Text()+` order by id limit ?`, w.Args(limit)...)
		return err
	})
	return list, err
}
