package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// ticket is a number of the counter's queue.
type ticket struct {
	Place       string     `json:"place,omitempty" doc:"Absent: the Dinas"`
	Day         string     `json:"day"`
	Number      int        `json:"number"`
	State       string     `json:"state" enum:"waiting,called,served,left"`
	TakenAt     time.Time  `json:"takenAt"`
	CalledAt    *time.Time `json:"calledAt,omitempty"`
	CalledBy    string     `json:"calledBy,omitempty"`
	Jump        string     `json:"jump,omitempty" doc:"Why it was called out of order"`
	Application string     `json:"application,omitempty"`
}

// intake is how an application was taken in; the person masked.
type intake struct {
	Application  string        `json:"application"`
	Receipt      string        `json:"receipt" doc:"Number of the receipt"`
	Place        string        `json:"place,omitempty"`
	Delivery     string        `json:"delivery"`
	District     string        `json:"district"`
	List         string        `json:"list" doc:"Version of the list of obliged residents"`
	Resident     string        `json:"resident" doc:"Row of the list that matched"`
	Standard     string        `json:"standard" doc:"Version of the service standard"`
	CompleteAt   time.Time     `json:"completeAt"`
	ReadyAt      *time.Time    `json:"readyAt,omitempty" doc:"For collection"`
	NIK          string        `json:"nik" doc:"Masked"`
	Name         string        `json:"name" doc:"Masked"`
	Requirements []requirement `json:"requirements" nullable:"false"`
}

type requirement struct {
	ID       string `json:"id"`
	Evidence string `json:"evidence"`
	Override string `json:"override,omitempty" doc:"Reason; absent: it was presented"`
	Second   string `json:"second,omitempty" doc:"Who agreed to the override"`
}

// asked is what is asked for at the counter.
type asked struct {
	Type         string      `json:"type" enum:"new,old_paper,lost,damaged,data_change,moved_in,outside_domicile,foreign_new,foreign_extension,foreign_replacement"`
	NIK          string      `json:"nik" pattern:"^[0-9]{16}$" patternDescription:"16 digits"`
	Requirements []presented `json:"requirements" nullable:"false" maxItems:"50" doc:"What was presented"`
	PoliceLetter string      `json:"policeLetter,omitempty" maxLength:"60" doc:"Number of the police's letter, for a lost card"`
	Changes      []altered   `json:"changes,omitempty" maxItems:"20" doc:"Of the data on the card"`
	StayUntil    string      `json:"stayUntil,omitempty" format:"date" doc:"Of a foreign resident's permit"`
	Delivery     string      `json:"delivery,omitempty" maxLength:"40" doc:"Place of delivery; absent: the Dinas counter"`
	Ticket       int         `json:"ticket,omitempty" minimum:"1" doc:"Number of the counter's queue that is served"`
}

type presented struct {
	ID     string `json:"id" minLength:"1" maxLength:"60" doc:"Of the service standard"`
	Number string `json:"number,omitempty" maxLength:"60" doc:"Of the paper, where one is asked for"`
}

type altered struct {
	Element string `json:"element" minLength:"1" maxLength:"40"`
	Value   string `json:"value" maxLength:"200"`
	Reason  string `json:"reason,omitempty" maxLength:"100" doc:"Code"`
}

type override struct {
	Requirement string `json:"requirement" minLength:"1" maxLength:"60"`
	Reason      string `json:"reason" minLength:"1" maxLength:"100" doc:"Code"`
}

// civil is a person's data as it stands in the civil register.
type civil struct {
	NIK         string   `json:"nik" pattern:"^[0-9]{16}$" patternDescription:"16 digits"`
	FamilyCard  string   `json:"familyCard,omitempty" pattern:"^[0-9]{16}$" patternDescription:"16 digits"`
	Names       []string `json:"names" nullable:"false" minItems:"1" maxItems:"5" doc:"Full name first"`
	BirthPlace  string   `json:"birthPlace" maxLength:"100"`
	BirthDate   string   `json:"birthDate" format:"date"`
	Sex         string   `json:"sex" enum:"LAKI-LAKI,PEREMPUAN"`
	Blood       string   `json:"blood,omitempty" enum:"A,B,AB,O,A+,A-,B+,B-,AB+,AB-,O+,O-,-"`
	Street      string   `json:"street" maxLength:"200"`
	RT          string   `json:"rt" pattern:"^[0-9]{3}$" patternDescription:"three digits"`
	RW          string   `json:"rw" pattern:"^[0-9]{3}$" patternDescription:"three digits"`
	Village     string   `json:"village" maxLength:"100"`
	District    string   `json:"district" maxLength:"100"`
	Regency     string   `json:"regency" maxLength:"100"`
	Province    string   `json:"province" maxLength:"100"`
	RegionCode  string   `json:"regionCode" maxLength:"13"`
	Religion    string   `json:"religion" maxLength:"60"`
	Marital     string   `json:"marital" enum:"BELUM KAWIN,KAWIN,CERAI HIDUP,CERAI MATI"`
	Occupation  string   `json:"occupation" maxLength:"60"`
	Nationality string   `json:"nationality" pattern:"^[A-Z]{3}$" patternDescription:"three letters" doc:"IDN for citizens"`
	Citizenship string   `json:"citizenship,omitempty" maxLength:"60" doc:"As printed; absent: WNI"`
	Validity    string   `json:"validity,omitempty" maxLength:"20" doc:"SEUMUR HIDUP, or DD-MM-YYYY"`
}

func counter(a *api) {
	change(a, registry.TakeTicket{}, "/v1/tickets", "takeTicket", "Give out the next number of the counter's queue",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Place string `json:"place,omitempty" maxLength:"40" doc:"Absent: the Dinas"`
			}
		},
		) (registry.Operation, error) {
			return registry.TakeTicket{Place: in.Body.Place}, nil
		})
	change(a, registry.CallNext{}, "/v1/tickets/next", "callNextTicket", "Call who is next",
		func(_ context.Context, _ *struct{ Keyed }) (registry.Operation, error) {
			return registry.CallNext{}, nil
		})
	change(a, registry.CallThis{}, "/v1/tickets/{number}/call", "callTicket", "Call somebody out of order, with a reason",
		func(_ context.Context, in *struct {
			Keyed
			Number int `path:"number" minimum:"1"`
			Body   struct {
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.CallThis{Number: in.Number, Because: in.Body.why()}, nil
		})
	change(a, registry.EndTicket{}, "/v1/tickets/{number}/end", "endTicket", "Note that who was called was served, or had left",
		func(_ context.Context, in *struct {
			Keyed
			Number int `path:"number" minimum:"1"`
			Body   struct {
				Came bool `json:"came"`
			}
		},
		) (registry.Operation, error) {
			return registry.EndTicket{Number: in.Number, Came: in.Body.Came}, nil
		})
	get(a, access.SeeApplications, "/v1/tickets", "listTickets", "The counter's queue of a day",
		func(ctx context.Context, in *struct {
			Place string `query:"place" maxLength:"40" doc:"Absent: the Dinas"`
			Day   string `query:"day" format:"date" doc:"Absent: today"`
			State string `query:"state" enum:"waiting,called,served,left"`
			After int    `query:"after" minimum:"0" doc:"The last number seen"`
			Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
		},
		) (*answer[list[ticket]], error) {
			all, err := a.Registry.Tickets(ctx, registry.TicketFilter{Place: in.Place, Day: in.Day, State: registry.TicketState(in.State), After: in.After, Limit: in.Limit})
			if err != nil {
				return nil, err
			}
			out := &answer[list[ticket]]{list[ticket]{Items: []ticket{}}}
			for _, t := range all {
				out.Body.Items = append(out.Body.Items, ticket{t.Place, t.Day, t.Number, string(t.State), t.TakenAt.UTC(), moment(t.CalledAt), t.CalledBy, t.Jump, string(t.Application)})
			}
			return out, nil
		})
	change(a, registry.Register{}, "/v1/applications", "registerApplication", "Take an application: matched to the list of obliged residents, requirements complete",
		func(_ context.Context, in *struct {
			Keyed
			Body asked
		},
		) (registry.Operation, error) {
			return in.Body.register()
		})
	change(a, registry.RegisterOverride{}, "/v1/applications/with-override", "registerWithOverride", "Take an application with a requirement missing",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Application asked      `json:"application"`
				Overrides   []override `json:"overrides" nullable:"false" minItems:"1" maxItems:"20"`
				Note        string     `json:"note,omitempty" maxLength:"500" doc:"To the reasons of the overrides"`
			}
		},
		) (registry.Operation, error) {
			r, err := in.Body.Application.register()
			return registry.RegisterOverride{Application: r, Overrides: overridesOf(in.Body.Overrides), Note: in.Body.Note}, err
		})
	change(a, registry.RegisterUnmatched{}, "/v1/applications/unmatched", "registerUnmatched", "Take an application of somebody who is not on the list",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Application asked      `json:"application"`
				Person      civil      `json:"person"`
				MarriedOn   string     `json:"marriedOn,omitempty" format:"date"`
				Source      string     `json:"source" minLength:"1" maxLength:"60" doc:"Code: siak, family_card, moving_letter"`
				Overrides   []override `json:"overrides,omitempty" maxItems:"20"`
				Note        string     `json:"note,omitempty" maxLength:"500" doc:"To the reasons of the overrides"`
			}
		},
		) (registry.Operation, error) {
			r, err := in.Body.Application.register()
			if err != nil {
				return registry.RegisterUnmatched{}, err
			}
			p, err := in.Body.Person.person()
			if err != nil {
				return registry.RegisterUnmatched{}, err
			}
			married, err := dateOf("marriedOn", in.Body.MarriedOn)
			return registry.RegisterUnmatched{Application: r, Person: p, MarriedOn: married, Source: in.Body.Source, Overrides: overridesOf(in.Body.Overrides), Note: in.Body.Note}, err
		})
	change(a, registry.Examine{}, "/v1/applications/{application}/examination", "examineApplication", "Form and requirements are complete and scanned",
		func(_ context.Context, in *ApplicationKeyed) (registry.Operation, error) {
			return registry.Examine{Application: in.id()}, nil
		})
	change(a, registry.RejectApplication{}, "/v1/applications/{application}/rejection", "rejectApplication", "End an application that is not granted",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.RejectApplication{Application: in.id(), Because: in.Body.why()}, nil
		})
	change(a, registry.AbandonApplication{}, "/v1/applications/{application}/abandonment", "abandonApplication", "End an application that its holder does not want any more",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.AbandonApplication{Application: in.id(), Because: in.Body.why()}, nil
		})
	get(a, access.SeePersons, "/v1/applications/{application}/intake", "getIntake", "How an application was taken in", a.getIntake)
}

func (a *api) getIntake(ctx context.Context, in *ApplicationName) (*answer[intake], error) {
	i, wanted, err := a.Registry.Intake(ctx, in.id())
	if err != nil {
		return nil, err
	}
	name := ""
	if len(i.Person.Names) > 0 {
		name = i.Person.Names[0]
	}
	out := intake{
		Application: string(i.Application), Receipt: i.Receipt, Place: i.Place, Delivery: i.Delivery, District: i.District, List: i.List, Resident: i.Resident,
		Standard: i.Standard, CompleteAt: i.CompleteAt.UTC(), ReadyAt: moment(i.ReadyAt), NIK: maskNumber(i.Person.NIK.Digits()), Name: maskName(name), Requirements: []requirement{},
	}
	for _, r := range wanted {
		out.Requirements = append(out.Requirements, requirement{r.ID, string(r.Evidence), r.Override, r.Second})
	}
	return &answer[intake]{out}, nil
}

func (b asked) register() (registry.Register, error) {
	stay, err := dateOf("stayUntil", b.StayUntil)
	r := registry.Register{
		Type: ktp.ApplicationType(b.Type), NIK: ktp.NIK(b.NIK), PoliceLetter: b.PoliceLetter, StayUntil: stay, Delivery: b.Delivery, Ticket: b.Ticket,
	}
	for _, p := range b.Requirements {
		r.Requirements = append(r.Requirements, registry.Presented{ID: p.ID, Number: p.Number})
	}
	for _, c := range b.Changes {
		r.Changes = append(r.Changes, registry.ElementChange{Element: c.Element, Value: c.Value, Reason: c.Reason})
	}
	return r, err
}

func overridesOf(list []override) (out []registry.Override) {
	for _, o := range list {
		out = append(out, registry.Override{Requirement: o.Requirement, Reason: o.Reason})
	}
	return out
}

// dateOf reads a date; empty is none.
func dateOf(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, web.BadParameter.At("api.date", nil).With(field, "a date such as 2026-11-26")
	}
	return t, nil
}

func (c civil) person() (ktp.Person, error) {
	born, err := dateOf("person.birthDate", c.BirthDate)
	if err != nil {
		return ktp.Person{}, err
	}
	p := ktp.Person{
		NIK: ktp.NIK(c.NIK), FamilyCard: c.FamilyCard, Names: c.Names, BirthPlace: c.BirthPlace, BirthDate: born, Sex: ktp.Sex(ktp.CodeOf(ktp.Sexes, c.Sex)),
		Blood: ktp.BloodType(ktp.CodeOf(ktp.BloodTypes, orDash(c.Blood))), Street: c.Street, RT: c.RT, RW: c.RW, Village: c.Village, District: c.District,
		Regency: c.Regency, Province: c.Province, RegionCode: c.RegionCode, Religion: ktp.Religion(ktp.CodeOf(ktp.Religions, c.Religion)),
		Marital: ktp.MaritalStatus(ktp.CodeOf(ktp.MaritalStatuses, c.Marital)), Occupation: c.Occupation, Nationality: c.Nationality, Citizenship: c.Citizenship,
		Validity: c.Validity,
	}
	if p.Citizenship == "" {
		p.Citizenship = ktp.Citizen.Name
	}
	if p.Validity == "" {
		p.Validity = ktp.Lifelong
	}
	if byte(p.Religion) == ktp.UnknownCode {
		return p, web.BadParameter.At("api.person", nil).With("person.religion", "not a word of the list")
	}
	return p, nil
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
