package console

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
)

// ofApplication is an action of the page of one application, by a button or a reason.
func ofApplication(path string, op func(*form, registry.ApplicationID) registry.Operation) action {
	return action{Path: "/permohonan/{application}/" + path, Page: "application", Op: func(f *form) (registry.Operation, error) {
		return op(f, registry.ApplicationID(f.r.PathValue("application"))), nil
	}}
}

var applicationActions = []action{
	ofApplication("setuju", func(_ *form, id registry.ApplicationID) registry.Operation { return registry.Approve{Application: id} }),
	ofApplication("antre", func(_ *form, id registry.ApplicationID) registry.Operation { return registry.Queue{Application: id} }),
	ofApplication("periksa", func(_ *form, id registry.ApplicationID) registry.Operation { return registry.Examine{Application: id} }),
	ofApplication("kirim", func(_ *form, id registry.ApplicationID) registry.Operation { return registry.Send{Application: id} }),
	ofApplication("lepas", func(_ *form, id registry.ApplicationID) registry.Operation {
		return registry.ReleaseApplication{Application: id}
	}),
	ofApplication("kepentingan", func(_ *form, id registry.ApplicationID) registry.Operation {
		return registry.DeclareConflict{Application: id}
	}),
	ofApplication("tahan", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.HoldApplication{Application: id, Because: f.because()}
	}),
	ofApplication("batal", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.CancelApplication{Application: id, Because: f.because()}
	}),
	ofApplication("urung", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.AbandonApplication{Application: id, Because: f.because()}
	}),
	ofApplication("rekam-ulang", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.Recapture{Application: id, Because: f.because()}
	}),
	ofApplication("tolak", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.RejectApplication{Application: id, Because: f.because()}
	}),
	ofApplication("ulang", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.Remake{Application: id, Because: f.because()}
	}),
	ofApplication("lihat", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.Unmask{Application: id, Because: f.because()}
	}),
	{Path: "/permohonan/berikut", Page: "applications", Op: func(f *form) (registry.Operation, error) {
		return registry.TakeNext{Task: registry.Task(f.needed("task"))}, nil
	}, Next: func(v *view, res registry.Result) string {
		if v.r.PostForm.Get("task") == string(registry.TaskAdjudicate) {
			return comparisonPath(res.Application)
		}
		return v.applicationPath(res.Application)
	}},
	{Path: "/permohonan/panggil", Page: "applications", Op: func(*form) (registry.Operation, error) { return registry.CallNext{}, nil }},
}

const applicationsShown = 50

// applications hands out the next piece of work, and lists applications by their state.
func (v *view) applications() (templ.Component, error) {
	return stack(applicationTools(v), v.LivePart("permohonan")), nil
}

func (v *view) applicationList() (templ.Component, error) {
	v.keepPage()
	state := registry.State(v.after("keadaan"))
	list, err := v.Registry.ApplicationsBehind(v.ctx(), state, parseSeen(v.after("sesudah")), applicationsShown+1)
	if err != nil {
		return nil, err
	}
	sum, err := v.Registry.Summary(v.ctx())
	if err != nil {
		return nil, err
	}
	t := tableView{
		Title: v.T("applications.list"), Empty: v.T("applications.none"),
		Heads: []string{v.T("head.application"), v.T("account.name"), v.T("head.type"), v.T("head.state"), v.T("head.word"), v.T("head.delivery"), v.T("head.since"), v.T("head.due")},
	}
	if t.Total = sum.Applications[state]; state == "" {
		for _, n := range sum.Applications {
			t.Total += n
		}
	}
	list = cut(v, &t, applicationsShown, list, "sesudah", seenIn(state))
	labels, err := v.labels(idsOf(list)...)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		l := labels[a.ID]
		t.Rows = append(t.Rows, []cell{
			{Text: string(a.ID), Link: v.applicationPath(a.ID)},
			{Text: v.holderOf(l), Class: "name"},
			{Text: v.Say("type", a.Type)},
			{Text: v.Say("state", string(a.State))},
			{Text: string(a.Word()), Class: "mono"},
			{Text: v.placeName(l.Place.ID)},
			{Text: v.Ago(a.Since), Class: "when"},
			{Text: v.Day(a.Due), Class: "when"},
		})
	}
	return applicationsPage(v, sum, state, t), nil
}

func idsOf(list []registry.Application) (ids []registry.ApplicationID) {
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	return ids
}

// statesOf are the states that applications are in, in the order of the table.
func statesOf(sum registry.Summary) (list []registry.State) {
	for _, s := range registry.Applications.States() {
		if sum.Applications[s] > 0 {
			list = append(list, s)
		}
	}
	return list
}

// applicationView is one application as its page shows it.
type applicationView struct {
	registry.ApplicationDetail
	Place    registry.Place
	CameBack bool            // its card, which somebody has
	Further  templ.Component // what is done seldom, and what is kept of it
}

// applicationID is the application that the page is about.
func (v *view) applicationID() registry.ApplicationID {
	return registry.ApplicationID(v.r.PathValue("application"))
}

// application shows the person in full on the page that answers the request to see it, and on no other, wherever the
// request led.
func (v *view) application() (templ.Component, error) {
	id, who := v.applicationID(), v.LivePart("orang")
	if _, err := v.Registry.Application(v.ctx(), id); err != nil {
		return nil, err
	}
	if v.May(access.SeePersons) && v.Done == nil {
		v.Done = v.takeDone(v.ctx())
	}
	if v.May(access.SeePersons) && v.Done != nil && v.Done.Operation == "person.unmask" && v.Done.Application == id {
		v.sessions.Put(v.ctx(), sessionOpened, string(id))
		if p, err := v.Registry.PersonOf(v.ctx(), id); err == nil {
			who = personCard(v, strings.Join(p.Names, " "), p.NIK.Digits(), false)
		}
	}
	scans := templ.Component(nil)
	if v.Can(registry.Attach{}) {
		scans = pictureTools(v)
	}
	return stack(who, v.LivePart("berkas"), v.LivePart("lampiran"), v.LivePart("riwayat"), scans), nil
}

// applicationPerson is who the card is for, as far as it is shown unasked.
func (v *view) applicationPerson() (templ.Component, error) {
	var p ktp.Person
	if v.May(access.SeePersons) {
		p, _ = v.Registry.PersonOf(v.ctx(), v.applicationID()) // of an erased one nothing is known any more
	}
	return personCard(v, maskedName(p), Masked(p.NIK), v.Can(registry.Unmask{}) && p.NIK != ""), nil
}

// applicationState is where an application stands, and what may be done with it.
func (v *view) applicationState() (templ.Component, error) {
	id := v.applicationID()
	d, err := v.Registry.Application(v.ctx(), id)
	if err != nil {
		return nil, err
	}
	a := applicationView{ApplicationDetail: d}
	if a.Place, err = v.Registry.DeliveryOf(v.ctx(), id); err != nil {
		return nil, err
	}
	if _, a.CameBack, err = v.Registry.CameBack(v.ctx(), id); err != nil {
		return nil, err
	}
	if a.Further, err = v.furtherOf(a); err != nil {
		return nil, err
	}
	return applicationPage(v, a), nil
}

// applicationScans are its papers; nothing where it has none and who looks may bring none.
func (v *view) applicationScans() (templ.Component, error) {
	d, err := v.Registry.Application(v.ctx(), v.applicationID())
	if err != nil {
		return nil, err
	}
	list, err := v.papersOf(d.Application)
	if err != nil || len(list) == 0 && !v.Can(registry.Attach{}) {
		return templ.NopComponent, err
	}
	return scansOf(v, d.Application, list), nil
}

// applicationCourse are its clocks, and what was done for it.
func (v *view) applicationCourse() (templ.Component, error) {
	d, err := v.Registry.Application(v.ctx(), v.applicationID())
	if err != nil {
		return nil, err
	}
	var clocks []registry.Clock
	if d.Application.Origin == "local" { // those of the center have no counter whose clocks run
		if clocks, err = v.Registry.Clocks(v.ctx(), d.Application.ID); err != nil {
			return nil, err
		}
	}
	return stack(filled(v, v.clocks(clocks)), table(v, v.timeline(d.Events))), nil
}

// keptHold is the event of a hold that a person put on the application here, and that comes back once it is queued.
func (a applicationView) keptHold() (e audit.Event, kept bool) {
	app := a.Application
	at := slices.IndexFunc(a.Events, func(e audit.Event) bool { return e.ID == app.KeptHold })
	if at < 0 || app.State == registry.OnHold || !app.Open() {
		return e, false
	}
	return a.Events[at], true
}

// maskedName shows the first letter of each word of a name.
func maskedName(p ktp.Person) string {
	words := strings.Fields(strings.Join(p.Names, " "))
	for i, w := range words {
		words[i] = string([]rune(w)[:1]) + "•••"
	}
	return orDash(strings.Join(words, " "))
}

// about is what an event concerns.
func about(e audit.Event) string {
	return orDash(cmp.Or(e.Application, string(e.Chip), e.Line, e.Detail["person"], e.Detail["consignment"], e.Detail["lot"]))
}

// timeline is what was done for an application, newest first, each with the status word that held from then on.
func (v *view) timeline(events []audit.Event) tableView {
	t := tableView{Title: v.T("application.timeline"), Heads: []string{v.T("head.time"), v.T("head.what"), v.T("head.word"), v.T("head.by"), v.T("head.detail")}, Empty: v.T("application.no_events")}
	word := registry.Word("")
	for _, e := range events {
		if to, moves := registry.MovedTo(e); moves {
			word = registry.WordOf(to)
		}
		t.Rows = append(t.Rows, []cell{{Text: v.Time(e.At), Class: "when"}, {Text: v.Event(e.Code)}, {Text: orDash(string(word)), Class: "mono"}, {Text: e.Actor, Class: "when"}, {Text: v.detail(e), Class: "detail"}})
	}
	slices.Reverse(t.Rows)
	return t
}

func (v *view) clocks(list []registry.Clock) tableView {
	t := tableView{Title: v.T("application.clocks"), Heads: []string{v.T("head.clock"), v.T("head.limit"), v.T("head.due"), v.T("head.stopped"), v.T("head.late")}}
	for _, c := range list {
		late := "–"
		if c.Late > 0 {
			late = v.hours(c.Late)
		}
		t.Rows = append(t.Rows, []cell{{Text: v.Say("clock", c.ID)}, {Text: v.hours(c.Limit)}, {Text: v.Time(c.Due)}, {Text: v.stopped(c)}, {Text: late}})
	}
	return t
}

// stopped is how long a clock stood still, and what stopped it when.
func (v *view) stopped(c registry.Clock) string {
	text := []string{v.hours(c.Stopped)}
	for _, i := range c.By {
		span := v.Time(i.BeganAt) + "–"
		if !i.EndedAt.IsZero() {
			span += v.Time(i.EndedAt)
		}
		text = append(text, v.T("outage."+i.Cause)+" ("+span+")")
	}
	return strings.Join(text, "; ")
}

// offered reports whether the operation's table lets it be done in a state by who looks.
func (v *view) offered(op registry.Operation, s registry.State) bool {
	row := registry.RowOf(op.Name())
	return v.Can(op) && (len(row.From) == 0 || slices.Contains(row.From, s))
}
