package registry

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/keys"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// IncidentState is where an outage stands.
type IncidentState string

const (
	IncidentAbsent    IncidentState = "absent"
	IncidentReported  IncidentState = "reported" // by a device or a place; stops no clock yet
	IncidentOpen      IncidentState = "open"     // by the data center officer
	IncidentEnded     IncidentState = "ended"
	IncidentDismissed IncidentState = "dismissed" // it was none
)

// IncidentEvent moves an incident.
type IncidentEvent string

const (
	IncidentReport  IncidentEvent = "report"
	IncidentBegin   IncidentEvent = "open"
	IncidentEnd     IncidentEvent = "end"
	IncidentDismiss IncidentEvent = "dismiss"
)

// Incidents is the state table of an incident.
var Incidents = ktp.Table[IncidentState, IncidentEvent]{
	Name: "incident", Start: IncidentAbsent, Final: []IncidentState{IncidentEnded, IncidentDismissed},
	Rows: []ktp.Row[IncidentState, IncidentEvent]{
		{From: IncidentAbsent, Event: IncidentReport, To: IncidentReported},
		{From: IncidentAbsent, Event: IncidentBegin, To: IncidentOpen},
		{From: IncidentReported, Event: IncidentBegin, To: IncidentOpen},
		{From: IncidentReported, Event: IncidentDismiss, To: IncidentDismissed},
		{From: IncidentOpen, Event: IncidentEnd, To: IncidentEnded},
	},
}

// IncidentCauses are what may stop the 24-hour clock (Permendagri 19/2018 names network, power, blanks
// and equipment).
var IncidentCauses = []string{"power", "network", "blanks", "equipment"}

// Incident is an outage that the data center officer answers for.
type Incident struct {
	ID         string
	State      IncidentState
	Cause      string // of IncidentCauses
	Place      string // service place; empty: everywhere
	Device     string // that reported it; empty: a person did
	Code       string // what exactly
	BeganAt    time.Time
	EndedAt    time.Time
	ReportedBy string
	OpenedBy   string
	EndedBy    string
}

var thingCode = regexp.MustCompile(`^[a-z0-9][a-z0-9_.:-]{0,63}$`)

func (a *act) incident(id string) (Incident, error) {
	i, found, err := incidentByID(a.tx, id)
	if err == nil && !found {
		err = unknownID.At("registry.incident", nil).With("incident", "no such id here")
	}
	return i, err
}

func (a *act) moveIncident(i *Incident, e IncidentEvent) error {
	from := i.State
	to, err := Incidents.Next(from, e)
	if err != nil {
		return wrongState.At("registry.incident", err).With("incident", "it is %s", from)
	}
	i.State = to
	if err := i.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = i.ID
	return a.tell(audit.Event{Code: "incident." + codeOf(string(to)), Detail: map[string]string{
		"incident": i.ID, "cause": i.Cause, "place": i.Place, "device": i.Device, "began": strconv.FormatInt(i.BeganAt.Unix(), 10),
	}})
}

// OpenIncident writes down an outage, or takes over one that a device or a place reported. From now
// on, back to its beginning, the 24-hour clock of what it concerns stands still. Answer: its id.
type OpenIncident struct {
	Reported string // id of a reported one; empty: a new one
	Cause    string
	Place    string
	Code     string
	BeganAt  time.Time // zero: now, or when it was reported
}

func (OpenIncident) Name() Name { return opOpenIncident }

func (o OpenIncident) run(a *act) error {
	const op = "registry.OpenIncident"
	i := Incident{State: IncidentAbsent, Cause: o.Cause, Place: o.Place, Code: o.Code, BeganAt: a.now()}
	var err error
	if o.Reported != "" {
		if i, err = a.incident(o.Reported); err != nil {
			return err
		}
		if o.Cause != "" {
			i.Cause = o.Cause
		}
	} else if i.ID, err = a.r.random(orderIDBytes); err != nil {
		return err
	}
	if !o.BeganAt.IsZero() {
		i.BeganAt = o.BeganAt
	}
	switch {
	case !slices.Contains(IncidentCauses, i.Cause):
		return badOperation.At(op, nil).With("cause", "power, network, blanks or equipment")
	case i.Code != "" && !reasonForm.MatchString(i.Code):
		return badOperation.At(op, nil).With("code", "small letters, digits, _ and ., a letter first")
	case i.BeganAt.After(a.now()):
		return badOperation.At(op, nil).With("beganAt", "not in the future")
	}
	i.OpenedBy = a.actor.ID
	return a.moveIncident(&i, IncidentBegin)
}

// EndIncident ends an outage.
type EndIncident struct {
	Incident string
	EndedAt  time.Time // zero: now
}

func (EndIncident) Name() Name { return opEndIncident }

func (o EndIncident) run(a *act) error {
	i, err := a.incident(o.Incident)
	if err != nil {
		return err
	}
	i.EndedAt, i.EndedBy = a.now(), a.actor.ID
	if !o.EndedAt.IsZero() {
		i.EndedAt = o.EndedAt
	}
	if i.EndedAt.Before(i.BeganAt) || i.EndedAt.After(a.now()) {
		return badOperation.At("registry.EndIncident", nil).With("endedAt", "after its beginning, not in the future")
	}
	return a.moveIncident(&i, IncidentEnd)
}

// DismissIncident says that what a device reported was no outage.
type DismissIncident struct {
	Incident string
	Because
}

func (DismissIncident) Name() Name { return opDismissIncident }

func (o DismissIncident) run(a *act) error {
	i, err := a.incident(o.Incident)
	if err != nil {
		return err
	}
	a.also["reason"] = o.Reason
	i.EndedAt, i.EndedBy = a.now(), a.actor.ID
	return a.moveIncident(&i, IncidentDismiss)
}

// HealthState is how a device or link is.
type HealthState string

const (
	HealthWorks HealthState = "works"
	HealthLimps HealthState = "limps" // it works, and needs somebody
	HealthDown  HealthState = "down"
)

// Health of a device or link of a service place, as it was told last.
type Health struct {
	Place  string // where people are served; empty: the station itself, which everybody waits for
	Device string // link, printer, encoder, finger_scanner.2, ...
	Cause  string // of the incident that its outage is
	State  HealthState
	Code   string
	Since  time.Time // of the state
	SeenAt time.Time
	Uses   *int // of a SAM: how many it had left; nil: it told none
	// AskedAt is since when somebody waits for it to tell anew; zero: nobody does.
	AskedAt time.Time
}

// Testable reports whether it tells again and again by itself, so that one can wait for it: what a desk looks at does.
func (h Health) Testable() bool { return h.Place != "" }

// Asked reports whether somebody waits for it.
func (h Health) Asked() bool { return !h.AskedAt.IsZero() }

// ReportHealth tells how a device or link is. One that goes down is reported as an incident to the data
// center officer, once; only the officer opens and ends it.
type ReportHealth struct {
	Place  string
	Device string
	Cause  string // equipment, network or power
	State  HealthState
	Code   string
	Uses   *int // of a SAM: how many it has left
}

func (ReportHealth) Name() Name { return opReportHealth }

func (o ReportHealth) run(a *act) error {
	const op = "registry.ReportHealth"
	switch {
	case !thingCode.MatchString(o.Device):
		return badOperation.At(op, nil).With("device", "small letters, digits and _.:-")
	case o.Place != "" && !thingCode.MatchString(o.Place):
		return badOperation.At(op, nil).With("place", "small letters, digits and _.:-")
	case o.Code != "" && !reasonForm.MatchString(o.Code):
		return badOperation.At(op, nil).With("code", "small letters, digits, _ and ., a letter first")
	case o.State != HealthWorks && o.State != HealthLimps && o.State != HealthDown:
		return badOperation.At(op, nil).With("state", "works, limps or down")
	case !slices.Contains(IncidentCauses, o.Cause):
		return badOperation.At(op, nil).With("cause", "power, network, blanks or equipment")
	case o.Uses != nil && (*o.Uses < 0 || *o.Uses > keys.MostSAMUses):
		return badOperation.At(op, nil).With("uses", "0 to %d", keys.MostSAMUses)
	}
	id, desk := strings.CutPrefix(a.actor.ID, deskPrefix)
	if desk { // its counter is one of many, also at the Dinas
		o.Place = orDinas(o.Place)
	}
	if desk && (o.Place != orDinas(a.actor.Place) || !strings.HasPrefix(o.Device, id+".")) {
		return notAllowed.At(op, nil).With("device", "a desk tells of its own devices alone")
	}
	h, known, err := healthOf(a.tx, o.Place, o.Device)
	if err != nil {
		return err
	}
	changed := !known || h.State != o.State
	if changed {
		h.Since = a.now()
	}
	h.Place, h.Device, h.Cause, h.State, h.Code, h.SeenAt, h.Uses, h.AskedAt = o.Place, o.Device, o.Cause, o.State, o.Code, a.now(), o.Uses, time.Time{}
	if err := h.save(a.tx); err != nil {
		return err
	}
	if !changed {
		return nil
	}
	if err := a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"place": h.Place, "device": h.Device, "health": string(h.State), "cause": h.Code}}); err != nil {
		return err
	}
	if h.State != HealthDown {
		return nil
	}
	if open, err := incidents(a.tx, `where place = ? and device = ? and state in ('reported', 'open')`, h.Place, h.Device); err != nil || len(open) > 0 {
		return err
	}
	i := Incident{State: IncidentAbsent, Cause: h.Cause, Place: h.Place, Device: h.Device, Code: h.Code, BeganAt: a.now(), ReportedBy: a.actor.ID}
	if i.ID, err = a.r.random(orderIDBytes); err != nil {
		return err
	}
	return a.moveIncident(&i, IncidentReport)
}

// IncidentFilter says which incidents are asked for.
type IncidentFilter struct {
	State IncidentState // empty: all
	Place string        // empty: all
	After string        // id of the last one seen
	Limit int
}

// ListIncidents are incidents in the order of their ids.
func (r *Registry) ListIncidents(ctx context.Context, f IncidentFilter) (list []Incident, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(string(f.State), `state = ?`, f.State)
		w.If(f.Place, `place = ?`, f.Place)
		list, err = incidents(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}

// HealthOfDesks are the devices of all desks, whatever they are called: a desk names its own after itself.
func (r *Registry) HealthOfDesks(ctx context.Context) (list []Health, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = healthOfDesks(tx)
		return err
	})
	return list, err
}

// HealthOf are the devices and links of a place ("" for all), worst first.
func (r *Registry) HealthOf(ctx context.Context, place string, limit int) (list []Health, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = health(tx, `where ? = '' or place = ? `+worstFirst+` limit ?`, place, place, limit)
		return err
	})
	return list, err
}

// HealthTowardsCenter is what the stations of the Dinas have towards the data center: their links and their inboxes.
func (r *Registry) HealthTowardsCenter(ctx context.Context) (list []Health, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = healthTowardsCenter(tx)
		return err
	})
	return list, err
}

// HealthOfPlaces is how devices and links of the places beside the Dinas are, the worst first.
func (r *Registry) HealthOfPlaces(ctx context.Context, limit int) (list []Health, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = healthOfPlaces(tx, limit)
		return err
	})
	return list, err
}
