package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// incident stops the 24-hour clock while it lasts.
type incident struct {
	ID         string     `json:"id"`
	State      string     `json:"state" enum:"reported,open,ended,dismissed"`
	Cause      string     `json:"cause" enum:"power,network,blanks,equipment"`
	Place      string     `json:"place,omitempty" doc:"Absent: everywhere"`
	Device     string     `json:"device,omitempty"`
	Code       string     `json:"code,omitempty"`
	BeganAt    time.Time  `json:"beganAt"`
	EndedAt    *time.Time `json:"endedAt,omitempty"`
	ReportedBy string     `json:"reportedBy,omitempty"`
	OpenedBy   string     `json:"openedBy,omitempty"`
	EndedBy    string     `json:"endedBy,omitempty"`
}

// clock is how an application stands against one limit of its service standard.
type clock struct {
	ID         string     `json:"id" doc:"Of the standard"`
	Limit      int64      `json:"limitSeconds"`
	CompleteAt time.Time  `json:"completeAt" doc:"It runs from the complete application"`
	ReadyAt    *time.Time `json:"readyAt,omitempty" doc:"For collection; absent: not yet"`
	Due        time.Time  `json:"due" doc:"As far as the incidents are known"`
	Elapsed    int64      `json:"elapsedSeconds"`
	Stopped    int64      `json:"stoppedSeconds" doc:"By incidents"`
	StoppedBy  []string   `json:"stoppedBy" doc:"Ids of these incidents, in the order in which they began"`
	Late       int64      `json:"lateSeconds"`
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// deviceHealth is how a device or link of a service place is.
type deviceHealth struct {
	Place  string     `json:"place,omitempty" doc:"Absent: the Dinas"`
	Device string     `json:"device"`
	Cause  string     `json:"cause" enum:"equipment,network,power"`
	State  string     `json:"state" enum:"works,limps,down"`
	Code   string     `json:"code,omitempty"`
	Since  time.Time  `json:"since"`
	SeenAt time.Time  `json:"seenAt"`
	Uses   *int       `json:"uses,omitempty" doc:"Of a SAM: how many it had left; absent: it told none"`
	Asked  *time.Time `json:"askedAt,omitempty" doc:"Somebody waits for it to tell anew since"`
}

// fine is for something that was late; printing never waits for it.
type fine struct {
	ID          string     `json:"id"`
	Application string     `json:"application"`
	Code        string     `json:"code"`
	Amount      int64      `json:"amount" doc:"Rupiah"`
	Days        int        `json:"days" doc:"Late"`
	Basis       string     `json:"basis" doc:"Legal"`
	State       string     `json:"state" enum:"assessed,waived,settled"`
	AssessedAt  time.Time  `json:"assessedAt"`
	DecidedAt   *time.Time `json:"decidedAt,omitempty"`
	DecidedBy   string     `json:"decidedBy,omitempty"`
	Second      string     `json:"second,omitempty"`
	Reference   string     `json:"reference,omitempty" doc:"Basis of a waiver, or number of a receipt"`
}

// suket is a temporary certificate.
type suket struct {
	Number      string     `json:"number"`
	Application string     `json:"application"`
	Valid       bool       `json:"valid"`
	IssuedAt    time.Time  `json:"issuedAt"`
	IssuedBy    string     `json:"issuedBy"`
	ValidUntil  time.Time  `json:"validUntil"`
	EndedAt     *time.Time `json:"endedAt,omitempty"`
	Cause       string     `json:"cause,omitempty" doc:"Why it ended"`
}

// IncidentKeyed names an incident, with a key.
type IncidentKeyed struct {
	Keyed
	IncidentName
}

// IncidentName names an incident.
type IncidentName struct {
	ID string `path:"incident" pattern:"^[0-9a-f]{8,40}$" patternDescription:"hex digits"`
}

// FineKeyed names a fine, with a key.
type FineKeyed struct {
	Keyed
	FineName
}

// FineName names a fine.
type FineName struct {
	ID string `path:"fine" pattern:"^[0-9a-f]{8,40}$" patternDescription:"hex digits"`
}

// office is what runs beside the applications: incidents, health, fines, temporary certificates.
func office(a *api) {
	change(a, registry.OpenIncident{}, "/v1/incidents", "openIncident", "Open an incident, or take up a reported one",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Reported string    `json:"reported,omitempty" maxLength:"40" doc:"Id of a reported one"`
				Cause    string    `json:"cause,omitempty" enum:"power,network,blanks,equipment"`
				Place    string    `json:"place,omitempty" maxLength:"40" doc:"Absent: everywhere"`
				Code     string    `json:"code,omitempty" maxLength:"100"`
				BeganAt  time.Time `json:"beganAt,omitempty" doc:"Absent: now, or when it was reported"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.OpenIncident{Reported: b.Reported, Cause: b.Cause, Place: b.Place, Code: b.Code, BeganAt: b.BeganAt}, nil
		})
	change(a, registry.EndIncident{}, "/v1/incidents/{incident}/end", "endIncident", "End an incident",
		func(_ context.Context, in *struct {
			IncidentKeyed
			Body struct {
				EndedAt time.Time `json:"endedAt,omitempty" doc:"Absent: now"`
			}
		},
		) (registry.Operation, error) {
			return registry.EndIncident{Incident: in.ID, EndedAt: in.Body.EndedAt}, nil
		})
	change(a, registry.DismissIncident{}, "/v1/incidents/{incident}/dismissal", "dismissIncident", "A reported incident is none",
		func(_ context.Context, in *struct {
			IncidentKeyed
			Body struct {
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.DismissIncident{Incident: in.ID, Because: in.Body.why()}, nil
		})
	get(a, access.SeeApplications, "/v1/incidents", "listIncidents", "Incidents in the order of their ids",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"reported,open,ended,dismissed"`
			Place string `query:"place" maxLength:"40"`
			Paging
		},
		) (*answer[list[incident]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Incident, error) {
				return a.Registry.ListIncidents(ctx, registry.IncidentFilter{State: registry.IncidentState(in.State), Place: in.Place, After: after, Limit: limit})
			}, func(i registry.Incident) string { return i.ID }, incidentOf)
		})
	get(a, access.SeeApplications, "/v1/incidents/{incident}", "getIncident", "One incident", func(ctx context.Context, in *IncidentName) (*answer[incident], error) {
		i, err := a.Registry.Incident(ctx, in.ID)
		return thing(i, err, incidentOf)
	})
	get(a, access.SeeApplications, "/v1/applications/{application}/clocks", "listClocks", "How an application that was taken here stands against each limit of its service standard",
		func(ctx context.Context, in *ApplicationName) (*answer[list[clock]], error) {
			all, err := a.Registry.Clocks(ctx, in.id())
			if err != nil {
				return nil, err
			}
			out := &answer[list[clock]]{list[clock]{Items: []clock{}}}
			for _, c := range all {
				out.Body.Items = append(out.Body.Items, clock{
					c.ID, seconds(c.Limit), c.Complete.UTC(), moment(c.Ready), c.Due.UTC(), seconds(c.Elapsed), seconds(c.Stopped), each(c.By, func(i registry.Incident) string { return i.ID }), seconds(c.Late),
				})
			}
			return out, nil
		})
	change(a, registry.ReportHealth{}, "/v1/health/devices", "reportHealth", "Tell how a device or link of a service place is",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Place  string `json:"place,omitempty" maxLength:"40" doc:"dinas, or another service place; absent: the station itself, which everybody waits for"`
				Device string `json:"device" minLength:"1" maxLength:"64"`
				Cause  string `json:"cause" enum:"equipment,network,power"`
				State  string `json:"state" enum:"works,limps,down"`
				Code   string `json:"code,omitempty" maxLength:"100"`
				Uses   *int   `json:"uses,omitempty" minimum:"0" doc:"Of a SAM: how many it has left"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.ReportHealth{Place: b.Place, Device: b.Device, Cause: b.Cause, State: registry.HealthState(b.State), Code: b.Code, Uses: b.Uses}, nil
		})
	get(a, access.SeeApplications, "/v1/health/devices", "listHealth", "How the devices and links are",
		func(ctx context.Context, in *struct {
			Place string `query:"place" maxLength:"40" doc:"Absent: all"`
			Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
		},
		) (*answer[list[deviceHealth]], error) {
			all, err := a.Registry.HealthOf(ctx, in.Place, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &answer[list[deviceHealth]]{list[deviceHealth]{Items: []deviceHealth{}}}
			for _, h := range all {
				out.Body.Items = append(out.Body.Items, deviceHealth{h.Place, h.Device, h.Cause, string(h.State), h.Code, h.Since.UTC(), h.SeenAt.UTC(), h.Uses, moment(h.AskedAt)})
			}
			return out, nil
		})
	change(a, registry.WaiveFine{}, "/v1/fines/{fine}/waiver", "waiveFine", "Waive a fine, with its basis",
		func(_ context.Context, in *struct {
			FineKeyed
			Body struct {
				Basis string `json:"basis" minLength:"1" maxLength:"100" doc:"Code or number of the decision"`
			}
		},
		) (registry.Operation, error) {
			return registry.WaiveFine{Fine: in.ID, Basis: in.Body.Basis}, nil
		})
	change(a, registry.SettleFine{}, "/v1/fines/{fine}/settlement", "settleFine", "Note that a fine was settled elsewhere",
		func(_ context.Context, in *struct {
			FineKeyed
			Body struct {
				Receipt string `json:"receipt" minLength:"1" maxLength:"60" doc:"Its number"`
			}
		},
		) (registry.Operation, error) {
			return registry.SettleFine{Fine: in.ID, Receipt: in.Body.Receipt}, nil
		})
	get(a, access.SeeApplications, "/v1/fines", "listFines", "Fines in the order of their ids",
		func(ctx context.Context, in *struct {
			Application string `query:"application" maxLength:"64"`
			State       string `query:"state" enum:"assessed,waived,settled"`
			Paging
		},
		) (*answer[list[fine]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Fine, error) {
				return a.Registry.ListFines(ctx, registry.FineFilter{Application: registry.ApplicationID(in.Application), State: registry.FineState(in.State), After: after, Limit: limit})
			}, func(f registry.Fine) string { return f.ID }, fineOf)
		})
	get(a, access.SeeApplications, "/v1/fines/{fine}", "getFine", "One fine", func(ctx context.Context, in *FineName) (*answer[fine], error) {
		f, err := a.Registry.Fine(ctx, in.ID)
		return thing(f, err, fineOf)
	})
	change(a, registry.IssueSuket{}, "/v1/applications/{application}/suket", "issueSuket", "Issue a temporary certificate",
		func(_ context.Context, in *ApplicationKeyed) (registry.Operation, error) {
			return registry.IssueSuket{Application: in.id()}, nil
		})
	change(a, registry.EndSuket{}, "/v1/sukets/end", "endSuket", "End a temporary certificate",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Number string `json:"number" minLength:"1" maxLength:"60"`
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.EndSuket{Number: in.Body.Number, Because: in.Body.why()}, nil
		})
	get(a, access.SeeApplications, "/v1/sukets", "listSukets", "Temporary certificates in the order of their numbers",
		func(ctx context.Context, in *struct {
			Application string `query:"application" maxLength:"64"`
			Valid       bool   `query:"valid" doc:"Those alone that are valid"`
			Paging
		},
		) (*answer[list[suket]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Suket, error) {
				return a.Registry.Sukets(ctx, registry.SuketFilter{Application: registry.ApplicationID(in.Application), Valid: in.Valid, After: after, Limit: limit})
			}, func(s registry.Suket) string { return s.Number }, suketOf)
		})
}

func incidentOf(i registry.Incident) incident {
	return incident{i.ID, string(i.State), i.Cause, i.Place, i.Device, i.Code, i.BeganAt.UTC(), moment(i.EndedAt), i.ReportedBy, i.OpenedBy, i.EndedBy}
}

func fineOf(f registry.Fine) fine {
	return fine{f.ID, string(f.Application), f.Code, f.Amount, f.Days, f.Basis, string(f.State), f.AssessedAt.UTC(), moment(f.DecidedAt), f.DecidedBy, f.Second, f.Reference}
}

func suketOf(s registry.Suket) suket {
	return suket{s.Number, string(s.Application), s.Valid, s.IssuedAt.UTC(), s.IssuedBy, s.ValidUntil.UTC(), moment(s.EndedAt), s.Cause}
}
