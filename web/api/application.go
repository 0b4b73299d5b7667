package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// application is one wish for one card, without personal data.
type application struct {
	ID         string     `json:"id"`
	Origin     string     `json:"origin" doc:"center: captured elsewhere; local: taken at a counter of this office"`
	Type       string     `json:"type" doc:"Application type: new, lost, damaged, ..."`
	State      string     `json:"state" doc:"In the words of the station"`
	Word       string     `json:"word" doc:"The national status word"`
	Since      time.Time  `json:"since"`
	Cause      *web.Cause `json:"cause,omitempty" doc:"What brought it into this state, where it was no ordinary step"`
	Held       string     `json:"held,omitempty" doc:"Reason of the center's hold"`
	Withdrawn  string     `json:"withdrawn,omitempty" doc:"Reason of the center's withdrawal"`
	Version    int        `json:"version" doc:"Of its record; 0 while there is none"`
	Priority   int        `json:"priority" doc:"0 lowest to 9 highest"`
	Due        time.Time  `json:"due"`
	ReceivedAt time.Time  `json:"receivedAt"`
	Specimen   bool       `json:"specimen" doc:"Not signed by a center: never handed over"`
	Warnings   []string   `json:"warnings" nullable:"false" doc:"Codes; none is a reason to refuse"`
}

// applicationDetail is one application with what was done for it.
type applicationDetail struct {
	Application application `json:"application"`
	Delivery    string      `json:"delivery" doc:"Service place where its card is handed over"`
	Attempts    []attempt   `json:"attempts" nullable:"false" doc:"Oldest first"`
	Cards       []Card      `json:"cards" nullable:"false" doc:"Oldest first"`
	Order       *order      `json:"order,omitempty" doc:"The open one"`
	Chain       []made      `json:"chain" nullable:"false" doc:"Everything made for it, each with why it was not the last"`
	Tries       []matchTry  `json:"tries" nullable:"false" doc:"Of the 1:1 with the holder"`
	Handover    *Handover   `json:"handover,omitempty"`
	Events      []event     `json:"events" nullable:"false" doc:"Oldest first"`
}

type made struct {
	Attempt string     `json:"attempt"`
	Chip    string     `json:"chip,omitempty"`
	State   string     `json:"state"`
	Card    string     `json:"card,omitempty"`
	Cause   *web.Cause `json:"cause,omitempty"`
	At      time.Time  `json:"at"`
}

type matchTry struct {
	Number int       `json:"number"`
	Chip   string    `json:"chip"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Place  string    `json:"place"`
	Finger int       `json:"finger" doc:"ISO/IEC 19794-2 position, 0 where none was shown"`
	Second int       `json:"secondFinger,omitempty" doc:"Which decided together with the first"`
	Score  int       `json:"score,omitempty" doc:"Of a match alone"`
	// Threshold and Calibration are absent of scores that a client told, before the station compared.
	Threshold   int    `json:"threshold,omitempty" doc:"From which a score matched"`
	Calibration string `json:"calibration,omitempty" doc:"Name of the measured curve; absent: nothing was compared here, a score was told by a client without calibration"`
	Result      string `json:"result" enum:"matched,no_match,not_genuine,exception"`
	Cause       string `json:"cause,omitempty" doc:"Of an exception: why, a code"`
}

// Handover is one without the name of a proxy.
type Handover struct {
	Chip      string    `json:"chip"`
	At        time.Time `json:"at"`
	Actor     string    `json:"actor"`
	Second    string    `json:"second,omitempty"`
	Exception string    `json:"exception,omitempty" doc:"Reason; absent: as the rule says"`
	Matched   bool      `json:"matched" doc:"false: to a proxy, or by an exception from the 1:1; until the holder matches"`
	Old       string    `json:"old" enum:"none,surrendered,not_surrendered"`
	Proxy     bool      `json:"proxy"`
}

type applicationFilter struct {
	State   string `query:"state" maxLength:"40" doc:"Only applications in this state"`
	Receipt string `query:"receipt" maxLength:"64" doc:"Only the application of this receipt"`
	Chip    string `query:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"Only the application that a card with this chip was made for"`
	NIK     string `query:"nik" pattern:"^[0-9]{16}$" patternDescription:"16 digits" doc:"Only applications of this person; for those alone who may see persons"`
	Paging
}

// ApplicationKeyed is an application and a key.
type ApplicationKeyed struct {
	Keyed
	ApplicationName
}

// ApplicationReason is an application, a key and a reason.
type ApplicationReason struct {
	ApplicationKeyed
	Body struct {
		Because
	}
}

func applications(a *api) {
	get(a, access.SeeApplications, "/v1/applications", "listApplications", "Applications in the order of their ids",
		func(ctx context.Context, in *applicationFilter) (*answer[list[application]], error) {
			if in.NIK != "" {
				if err := may(ctx, access.SeePersons); err != nil {
					return nil, err
				}
			}
			return idPage(in.Paging, func(after string, limit int) ([]registry.Application, error) {
				return a.Registry.ApplicationsThat(ctx, registry.ApplicationFilter{
					State: registry.State(in.State), Receipt: in.Receipt, Chip: ktp.ChipUID(in.Chip), NIK: ktp.NIK(in.NIK), After: registry.ApplicationID(after), Limit: limit,
				})
			}, func(x registry.Application) string { return string(x.ID) }, a.application)
		})
	get(a, access.SeeApplications, "/v1/applications/{application}", "getApplication", "One application with what was done for it", a.getApplication)
	change(a, registry.Approve{}, "/v1/applications/{application}/approval", "approveApplication", "Let a record be printed",
		func(_ context.Context, in *ApplicationKeyed) (registry.Operation, error) {
			return registry.Approve{Application: in.id()}, nil
		})
	change(a, registry.Queue{}, "/v1/applications/{application}/queue", "queueApplication", "Give an approved application to the lines",
		func(_ context.Context, in *ApplicationKeyed) (registry.Operation, error) {
			return registry.Queue{Application: in.id()}, nil
		})
	change(a, registry.CancelApplication{}, "/v1/applications/{application}/cancellation", "cancelApplication", "End an application for which no blank was used",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.CancelApplication{Application: in.id(), Because: in.Body.why()}, nil
		})
	change(a, registry.HoldApplication{}, "/v1/applications/{application}/hold", "holdApplication", "Keep an application in its place in the queue, so that no line takes it",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.HoldApplication{Application: in.id(), Because: in.Body.why()}, nil
		})
	change(a, registry.ReleaseApplication{}, "/v1/applications/{application}/release", "releaseApplication", "Send an application that was held back into the queue",
		func(_ context.Context, in *ApplicationKeyed) (registry.Operation, error) {
			return registry.ReleaseApplication{Application: in.id()}, nil
		})
	change(a, registry.Remake{}, "/v1/applications/{application}/remake", "remakeCard", "Make another card where one came back and was retired",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.Remake{Application: in.id(), Because: in.Body.why()}, nil
		})
	change(a, registry.CloseReturned{}, "/v1/applications/{application}/closing", "closeReturned", "End an application whose card came back, without another card",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.CloseReturned{Application: in.id(), Because: in.Body.why()}, nil
		})
	change(a, registry.Redirect{}, "/v1/applications/{application}/delivery", "redirectApplication", "Change where the card is handed over",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Place string `json:"place" minLength:"1" maxLength:"40"`
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.Redirect{Application: in.id(), Place: in.Body.Place, Because: in.Body.why()}, nil
		})
}

func (a *api) getApplication(ctx context.Context, in *ApplicationName) (*answer[applicationDetail], error) {
	d, err := a.Registry.Application(ctx, in.id())
	if err != nil {
		return nil, err
	}
	place, err := a.Registry.DeliveryOf(ctx, in.id())
	if err != nil {
		return nil, err
	}
	chain, err := a.Registry.Chain(ctx, in.id())
	if err != nil {
		return nil, err
	}
	tries, err := a.Registry.MatchTries(ctx, in.id())
	if err != nil {
		return nil, err
	}
	given, found, err := a.Registry.HandoverOf(ctx, in.id())
	if err != nil {
		return nil, err
	}
	b := applicationDetail{
		Application: a.application(d.Application), Delivery: place.ID, Attempts: []attempt{}, Cards: []Card{}, Chain: []made{}, Tries: []matchTry{}, Events: []event{},
	}
	for _, t := range d.Attempts {
		b.Attempts = append(b.Attempts, a.attempt(t))
	}
	for _, c := range d.Cards {
		b.Cards = append(b.Cards, a.card(c))
	}
	if d.Order != nil {
		o := orderOf(*d.Order)
		b.Order = &o
	}
	for _, m := range chain {
		b.Chain = append(b.Chain, made{m.Attempt.String(), string(m.Chip), string(m.State), string(m.Card), a.Problems.Explain(m.Cause), m.At.UTC()})
	}
	for _, t := range tries {
		if t.Result != registry.TryMatched {
			t.Score = 0 // nobody is told how near it was
		}
		b.Tries = append(b.Tries, matchTry{
			t.Number, string(t.Chip), t.At.UTC(), t.Actor, t.Place, int(t.Finger), int(t.Second), t.Score, t.Threshold, t.Calibration, t.Result, t.Cause,
		})
	}
	if found {
		b.Handover = &Handover{
			Chip: string(given.Chip), At: given.At.UTC(), Actor: given.Actor, Second: given.Second, Exception: given.Exception, Matched: given.Matched,
			Old: string(given.Old), Proxy: given.Proxy != (registry.Proxy{}),
		}
	}
	for _, e := range d.Events {
		b.Events = append(b.Events, eventOf(e))
	}
	return &answer[applicationDetail]{b}, nil
}

func (a *api) application(x registry.Application) application {
	warnings := x.Warnings
	if warnings == nil {
		warnings = []string{}
	}
	return application{
		ID: string(x.ID), Origin: x.Origin, Type: x.Type, State: string(x.State), Word: string(x.Word()), Since: x.Since.UTC(), Cause: a.Problems.Explain(x.Cause),
		Held: x.HeldFor(), Withdrawn: x.Withdrawn, Version: x.Version, Priority: x.Priority, Due: x.Due.UTC(), ReceivedAt: x.ReceivedAt.UTC(), Specimen: x.Specimen,
		Warnings: warnings,
	}
}
