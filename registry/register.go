package registry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/standard"
	"blanko/registry/stock"
	"blanko/store"
)

// Presented is one requirement of an application as it was brought.
type Presented struct {
	ID     string // of the service standard
	Number string // of the paper, where one is asked for: personal data
}

// String shows which requirement it is.
func (p Presented) String() string { return "Presented(" + p.ID + ")" }

// GoString shows which requirement it is.
func (p Presented) GoString() string { return p.String() }

// Override lets an application in without one requirement.
type Override struct {
	Requirement string
	Reason      string // code
}

// Register takes an application at the counter: matched to the list of obliged residents, complete
// by the service standard in force, one open per person. The data on the card are those of the list,
// with the changes that are asked for; nothing else is typed. Answer: the receipt number.
type Register struct {
	Type         ktp.ApplicationType
	NIK          ktp.NIK
	Requirements []Presented
	PoliceLetter string // number of the police's letter, for a lost card: the card in force ends by it
	Changes      []ElementChange
	StayUntil    time.Time // of a foreign resident's permit, as it is shown
	Delivery     string    // place of delivery, its id or code; empty: the Dinas counter
	Ticket       int       // number of the counter's queue that is served
}

func (Register) Name() Name { return opRegister }

// String shows the type alone.
func (o Register) String() string { return "Register(" + string(o.Type) + ")" }

// GoString shows the type alone.
func (o Register) GoString() string { return o.String() }

func (o Register) run(a *act) error { return a.register(o, nil) }

// RegisterOverride takes an application that lacks requirements, with a reason for each and a second
// person.
type RegisterOverride struct {
	Application Register
	Overrides   []Override
	Note        string `json:",omitempty"`
	Second      Actor
}

func (RegisterOverride) Name() Name         { return opRegisterOverride }
func (o RegisterOverride) second() Actor    { return o.Second }
func (o RegisterOverride) because() Because { return letPass(o.Overrides, o.Note) }
func (o RegisterOverride) ticket() int      { return o.Application.Ticket }

func (o RegisterOverride) run(a *act) error {
	if len(o.Overrides) == 0 {
		return badOperation.At("registry.RegisterOverride", nil).With("overrides", "at least one")
	}
	return a.register(o.Application, o.Overrides)
}

// RegisterUnmatched takes an application of a person whom the list of obliged residents lacks. The
// data come from a source that the second person looks at, too, and are added to the list.
type RegisterUnmatched struct {
	Application Register
	Person      ktp.Person
	MarriedOn   time.Time
	Source      string // of Sources
	Overrides   []Override
	Note        string `json:",omitempty"`
	Second      Actor
}

// Sources are where the data of somebody may come from whom the list lacks.
var Sources = []string{"siak", "family_card", "moving_letter"}

func (RegisterUnmatched) Name() Name         { return opRegisterUnmatched }
func (o RegisterUnmatched) second() Actor    { return o.Second }
func (o RegisterUnmatched) because() Because { return letPass(o.Overrides, o.Note) }
func (o RegisterUnmatched) ticket() int      { return o.Application.Ticket }

func (o RegisterUnmatched) run(a *act) error {
	const op = "registry.RegisterUnmatched"
	if !slices.Contains(Sources, o.Source) {
		return badOperation.At(op, nil).With("source", "one of %s", strings.Join(Sources, ", "))
	}
	if o.Person.NIK != o.Application.NIK {
		return badOperation.At(op, nil).With("person.nik", "not that of the application")
	}
	list, _, found, err := a.matched(o.Application.NIK)
	if err != nil {
		return err
	}
	if found {
		return wrongState.At(op, nil).With("nik", "the list has this person")
	}
	if list == "" {
		return noList.At(op, nil)
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	r := Resident{ID: "added-" + id, Person: o.Person, MarriedOn: o.MarriedOn, StayUntil: o.Application.StayUntil}
	if field, why := r.wrong(); why != "" {
		return badOperation.At(op, nil).With("person."+field, "%s", why)
	}
	row, err := a.keep(r, a.actor.ID)
	if err != nil {
		return err
	}
	if _, err := insertResidents(a.tx, list, []keptResident{row}); err != nil {
		return err
	}
	a.also["source"] = o.Source
	if err := a.tell(audit.Event{Code: "resident.added", Detail: map[string]string{"list": list, "resident": r.ID}}); err != nil {
		return err
	}
	return a.register(o.Application, o.Overrides)
}

// register is what the three ways in have in common.
func (a *act) register(o Register, let []Override) error {
	const op = "registry.Register"
	row, known := ktp.Application(o.Type)
	if !known {
		return badOperation.At(op, nil).With("type", "no application type")
	}
	if _, err := ktp.ParseNIK(o.NIK.Digits()); err != nil {
		return badOperation.At(op, nil).With("nik", "%v", err)
	}
	list, resident, found, err := a.matched(o.NIK)
	switch {
	case err != nil:
		return err
	case list == "":
		return noList.At(op, nil)
	case !found:
		return unmatched.At(op, nil).With("nik", "not in version %s of the list", list)
	}
	rules, err := a.rules(o.Type)
	if err != nil {
		return err
	}
	if err := o.allowed(a, row, rules, resident); err != nil {
		return err
	}
	person, err := o.person(resident)
	if err != nil {
		return err
	}
	key, err := a.personKey(o.NIK)
	if err != nil {
		return err
	}
	if err := a.free(key, row); err != nil {
		return err
	}
	delivery, err := o.delivery(a)
	if err != nil {
		return err
	}
	requirements, err := o.complete(rules, let, resident, a)
	if err != nil {
		return err
	}
	stayed, err := a.permitOf(key)
	if err != nil {
		return err
	}
	if stayed.IsZero() {
		stayed = resident.StayUntil
	}
	app := Application{
		Origin: originLocal, Type: string(o.Type), State: Absent, Priority: rules.Priority, ReceivedAt: a.now(), Due: rules.due(a.now()),
		ReceivedBy: a.actor.ID, Warnings: person.NIK.Warnings(person.BirthDate, person.Sex, ktp.Regions().KnownDistrict), person: key,
	}
	if app.ID, err = a.r.newApplicationID(); err != nil {
		return err
	}
	in := Intake{
		Application: app.ID, Place: a.actor.Place, Delivery: delivery, District: districtOf(person), List: list, Resident: resident.ID,
		Standard: rules.Standard, StandardHash: rules.Hash, CompleteAt: a.now(), Person: person,
		Detail: IntakeDetail{PoliceLetter: o.PoliceLetter, Changes: o.Changes, StayUntil: o.StayUntil, MarriedOn: resident.MarriedOn, StayedUntil: stayed},
	}
	if in.Receipt, err = a.r.newNumber(receiptLetter); err != nil {
		return err
	}
	if err := app.save(a.tx); err != nil {
		return err
	}
	if err := in.save(a.tx); err != nil {
		return err
	}
	for _, r := range requirements {
		if err := r.insert(a.tx, app.ID); err != nil {
			return err
		}
	}
	if err := a.serve(o.Ticket, app.ID); err != nil {
		return err
	}
	if err := a.tellIntake(in, let); err != nil {
		return err
	}
	if err := a.move(&app, EventRegister, ""); err != nil {
		return err
	}
	a.res.Answer = in.Receipt
	if o.PoliceLetter != "" {
		if err := a.endLost(app); err != nil {
			return err
		}
	}
	return a.assessFines(app, in)
}

func (a *act) tellIntake(in Intake, let []Override) error {
	detail := map[string]string{
		"receipt": in.Receipt, "place": in.Place, "delivery": in.Delivery, "list": in.List, "resident": in.Resident,
		"standard": in.Standard, "standardHash": in.StandardHash,
	}
	if err := a.tell(audit.Event{Code: "intake.kept", Application: string(in.Application), Detail: detail}); err != nil {
		return err
	}
	for _, o := range let {
		if err := a.tell(audit.Event{Code: "intake.overridden", Application: string(in.Application), Detail: map[string]string{
			"requirement": o.Requirement, "cause": o.Reason,
		}}); err != nil {
			return err
		}
	}
	return nil
}

// mayChange are the elements that an application of a type may change; "*" is any that is not static.
var mayChange = map[ktp.ApplicationType][]string{
	ktp.TypeDataChange: {"*"},
	ktp.TypeMovedIn:    {"regionCode", "address", "rt", "rw", "familyCardNumber"},
	ktp.TypeDamaged:    {"photo"},
}

// ChangesOf are the elements that an application of a type may change.
func ChangesOf(t ktp.ApplicationType) (list []Element) {
	for _, e := range Elements {
		if may := mayChange[t]; !e.Static && (slices.Contains(may, "*") || slices.Contains(may, e.ID)) {
			list = append(list, e)
		}
	}
	return list
}

// allowed refuses what the type does not go with.
func (o Register) allowed(a *act, row ktp.ApplicationRow, rules Rules, r Resident) error {
	const op = "registry.Register"
	here := a.r.cfg.Office == "" || strings.HasPrefix(r.Person.RegionCode, a.r.cfg.Office+".")
	switch {
	case row.Foreign != r.Person.Foreign():
		return badOperation.At(op, nil).With("type", "does not go with the citizenship in the list")
	case rules.OnlyAtDinas && a.actor.Place != "":
		return onlyAtDinas.At(op, nil).With("type", "%s is taken at the Dinas alone", o.Type)
	case o.Type == ktp.TypeOutsideDomicile && here:
		return badOperation.At(op, nil).With("type", "the domicile is in this district")
	case o.Type != ktp.TypeOutsideDomicile && o.Type != ktp.TypeMovedIn && !here:
		return badOperation.At(op, nil).With("type", "the domicile is in another district")
	case (o.Type == ktp.TypeLost || o.saysLost(rules)) && (len(o.PoliceLetter) < 3 || len(o.PoliceLetter) > 60):
		return badOperation.At(op, nil).With("policeLetter", "the number of the police's letter, 3 to 60 characters")
	case !o.saysLost(rules) && o.PoliceLetter != "":
		return badOperation.At(op, nil).With("policeLetter", "of lost cards alone, with the paper among the requirements")
	case row.Foreign && !o.StayUntil.After(a.now()):
		return badOperation.At(op, nil).With("stayUntil", "the end of the stay permit, in the future")
	case !row.Foreign && !o.StayUntil.IsZero():
		return badOperation.At(op, nil).With("stayUntil", "of foreign residents alone")
	case o.Type == ktp.TypeDataChange && len(o.Changes) == 0:
		return badOperation.At(op, nil).With("changes", "what changes?")
	}
	may := mayChange[o.Type]
	for _, c := range o.Changes {
		if !slices.Contains(may, "*") && !slices.Contains(may, c.Element) {
			return badOperation.At(op, nil).With("changes."+c.Element, "not by an application of type %s", o.Type)
		}
	}
	return nil
}

// person is what will stand on the card.
func (o Register) person(r Resident) (ktp.Person, error) {
	p, err := changed(r.Person, o.Changes)
	if err == nil && p.Foreign() {
		p.Validity = o.StayUntil.Format(ktp.DateLayout)
	}
	return p, err
}

// delivery is the place where the card will be handed over.
func (o Register) delivery(a *act) (string, error) {
	if o.Delivery == "" || o.Delivery == Dinas {
		return Dinas, nil
	}
	p, found, err := placeByName(a.tx, o.Delivery)
	if err == nil && (!found || !p.Active || p.Kind != PlaceDinas && p.Kind != PlaceKecamatan && p.Kind != PlaceKelurahan) {
		err = badOperation.At("registry.Register", nil).With("delivery", "cards are not handed over there")
	}
	return p.ID, err
}

// free refuses a person who has an application open, a card on the way, or a card outside where the
// type is a first card.
func (a *act) free(person []byte, row ktp.ApplicationRow) error {
	const op = "registry.Register"
	other, busy, err := openFor(a.tx, person)
	if err != nil {
		return err
	}
	if busy {
		return personBusy.At(op, nil).With("nik", "application %s is open", other.ID)
	}
	if taken, err := hasSuccessor(a.tx, person, ""); err != nil || taken {
		if err == nil {
			err = personBusy.At(op, nil).With("nik", "a card is on its way")
		}
		return err
	}
	if row.Request != "FIRST_ISSUANCE" {
		return nil
	}
	if has, err := outsideOf(a.tx, person); err != nil || len(has) > 0 {
		if err == nil {
			err = hasCard.At(op, nil)
		}
		return err
	}
	return nil
}

// complete pairs what the type asks for with what was brought or let go. What is missing is named.
func (o Register) complete(rules Rules, overrides []Override, r Resident, a *act) ([]Requirement, error) {
	const op = "registry.Register"
	var out []Requirement
	var missing []string
	known := map[string]bool{}
	for _, want := range rules.Requirements {
		ids := []string{want.ID}
		for _, q := range want.Instead {
			ids = append(ids, q.ID)
		}
		for _, id := range ids {
			known[id] = true
		}
		got, met, err := o.meets(want, overrides, rules.obliged(r, a.now()), a.also["second"])
		switch {
		case err != nil:
			return nil, err
		case met:
			out = append(out, got)
		default:
			missing = append(missing, strings.Join(ids, " or "))
		}
	}
	for _, p := range o.Requirements {
		if !known[p.ID] {
			return nil, badOperation.At(op, nil).With("requirements", "%s is none of this type", safe(p.ID))
		}
	}
	for _, v := range overrides {
		if !known[v.Requirement] {
			return nil, badOperation.At(op, nil).With("overrides", "%s is none of this type", safe(v.Requirement))
		}
	}
	if len(missing) > 0 {
		return nil, requirementMissing.At(op, nil).With("requirements", "%s", strings.Join(missing, ", "))
	}
	return out, nil
}

// meets finds what was brought for a requirement, or for what does in its place, or who let it go. An
// age is shown by the list and by nothing else.
func (o Register) meets(want RequirementRule, overrides []Override, obliged bool, second string) (got Requirement, met bool, err error) {
	const op = "registry.Register"
	for _, q := range append([]RequirementRule{want}, want.Instead...) {
		i := slices.IndexFunc(o.Requirements, func(p Presented) bool { return p.ID == q.ID })
		j := slices.IndexFunc(overrides, func(v Override) bool { return v.Requirement == q.ID })
		one := Requirement{ID: q.ID, Evidence: q.Evidence}
		switch {
		case q.Age && !obliged || i < 0 && j < 0 && !q.Age:
			continue
		case q.Age:
		case i >= 0 && j >= 0:
			return got, false, badOperation.At(op, nil).With("overrides", "%s was presented", q.ID)
		case i >= 0:
			one.Number = o.Requirements[i].Number
			if q.Evidence == EvidenceNumber && one.Number == "" {
				return got, false, requirementMissing.At(op, nil).With("requirements."+q.ID, "its number")
			}
		case !q.Overridable:
			return got, false, requirementMissing.At(op, nil).With("requirements."+q.ID, "nobody lets this one go")
		case !slices.Contains(ReasonsFor(opRegisterOverride).Codes, overrides[j].Reason):
			return got, false, ReasonsFor(opRegisterOverride).refuse("overrides." + q.ID)
		default:
			one.Override, one.Second = overrides[j].Reason, second
		}
		switch {
		case !met:
			got, met = one, true
		case got.Evidence != standard.ByAge:
			return got, false, badOperation.At(op, nil).With("requirements."+q.ID, "one of %s and this, not both", got.ID)
		}
	}
	return got, met, nil
}

// saysLost reports whether a paper was presented that ends the card in force.
func (o Register) saysLost(rules Rules) bool {
	for _, want := range rules.Requirements {
		for _, q := range append([]RequirementRule{want}, want.Instead...) {
			if q.Retires && slices.ContainsFunc(o.Requirements, func(p Presented) bool { return p.ID == q.ID }) {
				return true
			}
		}
	}
	return false
}

// safe is an id from outside as it may stand in an error.
func safe(id string) string {
	if thingCode.MatchString(id) {
		return id
	}
	return "one"
}

// endLost retires the person's card, and what it has replaced elsewhere: the police's letter says that it is lost.
func (a *act) endLost(app Application) error {
	old, err := outsideOf(a.tx, app.person)
	if err != nil || len(old) == 0 {
		return err
	}
	if err := a.endOutside("lost", old[0]); err != nil {
		return err
	}
	if err := a.endOutside("replaced", old[1:]...); err != nil {
		return err
	}
	return a.putBlank(old[0].Attempt, stock.At(stock.Lost), "lost")
}

// newApplicationID is a random UUID (RFC 9562, version 4): the center keeps its record under it.
func (r *Registry) newApplicationID() (ApplicationID, error) {
	s, err := r.random(16)
	if err != nil {
		return "", err
	}
	const variant = "89ab"
	n, err := r.below(len(variant))
	return ApplicationID(fmt.Sprintf("%s-%s-4%s-%c%s-%s", s[:8], s[8:12], s[13:16], variant[n], s[17:20], s[20:])), err
}

// districtOf is the kecamatan of a person, PP.KK.CC.
func districtOf(p ktp.Person) string {
	const district = 8
	return p.RegionCode[:min(district, len(p.RegionCode))]
}

// Examine ends the check of form and requirements: the signed form and every scan that is asked for
// are attached.
type Examine struct{ Application ApplicationID }

func (Examine) Name() Name             { return opExamine }
func (o Examine) about() ApplicationID { return o.Application }

func (o Examine) run(a *act) error {
	const op = "registry.Examine"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	wanted, err := a.wantedScans(app.ID)
	if err != nil {
		return err
	}
	for _, class := range wanted {
		there, err := attached(a.tx, app.ID, class)
		if err != nil {
			return err
		}
		if !there {
			return scanMissing.At(op, nil).With("attachments", "%s", class)
		}
	}
	return a.move(&app, EventExamine, "")
}

// AttachmentOf is the class of the scan of a requirement.
func AttachmentOf(requirement string) string { return "requirement." + requirement }

// RejectApplication ends an application that is not granted, with its reason.
type RejectApplication struct {
	Application ApplicationID
	Because
}

func (RejectApplication) Name() Name             { return opReject }
func (o RejectApplication) about() ApplicationID { return o.Application }

func (o RejectApplication) run(a *act) error {
	if err := a.dropOrder(o.Application, causeCancelled); err != nil {
		return err
	}
	return a.finish(o.Application, EventReject, o.Reason)
}

// AbandonApplication ends an application on the wish of its resident before a card is approved.
type AbandonApplication struct {
	Application ApplicationID
	Because
}

func (AbandonApplication) Name() Name             { return opAbandon }
func (o AbandonApplication) about() ApplicationID { return o.Application }

func (o AbandonApplication) run(a *act) error { return a.finish(o.Application, EventCancel, o.Reason) }

// Intake is what was taken at the counter: personal data in Person and Detail.
type Intake struct {
	Application  ApplicationID
	Receipt      string
	Place        string // service place; empty: the Dinas
	Delivery     string // place of delivery
	District     string // PP.KK.CC
	List         string // version of the list of obliged residents, and the row that matched
	Resident     string
	Standard     string // version of the service standard that was in force, and its hash
	StandardHash string
	CompleteAt   time.Time
	ReadyAt      time.Time // for collection; zero: not yet
	Person       ktp.Person
	Detail       IntakeDetail
}

// String shows the application alone.
func (i Intake) String() string { return "Intake(" + string(i.Application) + ")" }

// GoString shows the application alone.
func (i Intake) GoString() string { return i.String() }

// IntakeDetail is personal data that only some types have.
type IntakeDetail struct {
	PoliceLetter string
	Changes      []ElementChange
	StayUntil    time.Time // of the permit that was shown
	MarriedOn    time.Time
	StayedUntil  time.Time // of the permit by which the card of before is valid; of the list where no card is known here
}

// String shows nothing of it.
func (IntakeDetail) String() string { return "IntakeDetail(redacted)" }

// GoString shows nothing of it.
func (d IntakeDetail) GoString() string { return d.String() }

// Requirement is one requirement of an application as it was met.
type Requirement struct {
	ID       string
	Evidence Evidence
	Number   string // personal data
	Override string // reason; empty: it was presented
	Second   string // who agreed to the override
}

// intake is that of an application of a counter.
func (a *act) intake(id ApplicationID) (Intake, error) {
	in, found, err := intakeBy(a.tx, `where application = ?`, id)
	if err == nil && !found {
		err = wrongState.At("registry.intake", nil).With("application", "it was not taken at a counter")
	}
	return in, err
}

// Intake is what was taken at the counter for an application: personal data.
func (r *Registry) Intake(ctx context.Context, id ApplicationID) (in Intake, list []Requirement, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if in, err = (&act{r: r, tx: tx}).intake(id); err != nil {
			return err
		}
		list, err = requirementsOf(tx, id)
		return err
	})
	return in, list, err
}
