package console

import (
	"maps"
	"slices"

	"github.com/a-h/templ"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
)

// printActions steer lines by wishes: the line's own station compares and acts.
var printActions = []action{
	{Path: "/cetak/jeda", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.PauseLine{Line: jobs.LineID(f.needed("line")), Because: registry.Because{Reason: "operator"}}, nil
	}},
	{Path: "/cetak/jalan", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.ResumeLine{Line: jobs.LineID(f.needed("line"))}, nil
	}},
	{Path: "/cetak/suhu", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.NoteTemperature{Line: jobs.LineID(f.needed("line")), Degrees: f.number("degrees")}, nil
	}},
	{Path: "/cetak/tahan", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.HoldApplication{Application: f.application(), Because: f.because()}, nil
	}},
	{Path: "/cetak/pindah", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.MoveOrder{Application: f.application(), Priority: f.number("priority"), Because: f.because()}, nil
	}},
	{Path: "/cetak/batal", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.CancelApplication{Application: f.application(), Because: f.because()}, nil
	}},
	{Path: "/cetak/antrekan", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.Queue{Application: f.application()}, nil
	}},
	{Path: "/cetak/lepas", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.ReleaseApplication{Application: f.application()}, nil
	}},
	{Path: "/cetak/serah", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.DoneHandOff{Attempt: f.attempt("attempt"), Question: f.number("question"), Cause: f.text("cause")}, nil
	}},
	{Path: "/cetak/bisu", Page: "print", Files: true, Op: func(f *form) (registry.Operation, error) {
		op := registry.SurrenderMute{Attempt: f.attempt("attempt")}
		op.Picture = f.picture("picture", op)
		return op, nil
	}},
	{Path: "/cetak/perlihatkan", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.PresentCard{Attempt: f.attempt("attempt")}, nil
	}},
	{Path: "/cetak/hilang", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.DeclareLost{Attempt: f.attempt("attempt"), Because: f.because()}, nil
	}},
	{Path: "/cetak/hitungan", Page: "print", Op: func(f *form) (registry.Operation, error) {
		return registry.SettleFed{Line: jobs.LineID(f.needed("line")), Stayed: f.number("stayed"), Found: f.number("found"), Lost: f.number("lost")}, nil
	}},
}

// queueShown is how many orders the print room lists.
const queueShown = 50

func (v *view) printRoom() (templ.Component, error) {
	return stack(v.LivePart("lini"), v.LivePart("ragu"), v.LivePart("antre"), pictureTools(v)), nil
}

// handOff is what a line asks a person to carry.
func (v *view) handOff(q registry.Question) string { return v.T("handoff." + string(q.Ask)) }

// asks is what a line asks for, with the kind of the blank that it waits for.
func (v *view) asks(s strip) string {
	text := v.handOff(*s.Asks)
	if s.Asks.Ask == registry.BlankToReader && s.Needs != "" {
		text += " " + v.T("print.blank_of", v.T("product."+s.Needs))
	}
	return text
}

// queue lists the orders that wait, in the order in which they will be taken, behind those on hold and those that were
// approved and that nobody has queued.
func (v *view) queue() (templ.Component, error) {
	v.keepPage()
	held, err := v.heldBack()
	if err != nil {
		return nil, err
	}
	approved, err := v.approvedOrders()
	if err != nil {
		return nil, err
	}
	waiting, err := v.waitingOrders()
	if err != nil {
		return nil, err
	}
	reserved, err := v.Registry.Reservation(v.ctx())
	if err != nil {
		return nil, err
	}
	return stack(v.shortOf(reserved), filled(v, held), filled(v, approved), table(v, waiting)), nil
}

// waitingOrders are counted by the ledger where they are more than a page.
func (v *view) waitingOrders() (tableView, error) {
	t := tableView{
		Title: v.T("print.queue"), Empty: v.T("print.queue_empty"),
		Heads: []string{v.T("head.application"), v.T("account.name"), v.T("head.delivery"), v.T("head.priority"), v.T("head.due"), v.T("head.waiting"), v.T("head.state"), v.T("head.do")},
	}
	const word = "sesudah"
	var behind *jobs.Rank
	if r, ok := jobs.ParseRank(v.after(word)); ok {
		behind = &r
	}
	list, err := v.Registry.OrdersBehind(v.ctx(), jobs.Waiting, behind, queueShown+1)
	if err != nil {
		return t, err
	}
	if list = cut(v, &t, queueShown, list, word, func(w jobs.Wanted) string { return w.Rank().String() }); t.More != "" || t.First != "" {
		if t.Total, err = v.Registry.QueueLength(v.ctx()); err != nil {
			return t, err
		}
	}
	var ids []registry.ApplicationID
	for _, w := range list {
		ids = append(ids, registry.ApplicationID(w.Application))
	}
	labels, err := v.labels(ids...)
	for _, w := range list {
		id := registry.ApplicationID(w.Application)
		l, state := labels[id], v.T("order.ready")
		switch {
		case l.State == registry.OnHold:
			state = v.T("order.on_hold")
		case w.Held:
			state = v.T("order.held")
		case w.NeedsRecord:
			state = v.T("order.needs_record")
		case w.Profile == ktp.ProfileForeign:
			state = v.T("order.foreign")
		}
		t.Rows = append(t.Rows, []cell{
			{Text: w.Application, Link: v.applicationPath(id)},
			{Text: v.holderOf(l)},
			{Text: v.placeName(l.Place.ID)},
			{Text: number(w.Priority), Class: "number"},
			{Text: v.Day(w.Due)},
			{Text: v.Ago(w.CreatedAt)},
			{Text: state},
			{Part: v.orderActs(w)},
		})
	}
	return t, err
}

// approvedOrders are the approved applications that nobody has queued, those that wait longest first, each with the button
// that queues it; none for who may not.
func (v *view) approvedOrders() (tableView, error) {
	t := tableView{
		Title: v.T("print.approved"),
		Heads: []string{v.T("head.application"), v.T("account.name"), v.T("head.type"), v.T("head.delivery"), v.T("head.due"), v.T("head.since"), v.T("head.do")},
	}
	if !v.Can(registry.Queue{}) {
		return t, nil
	}
	const word = "disetujui"
	list, err := v.Registry.ApplicationsBehind(v.ctx(), registry.Approved, parseSeen(v.after(word)), queueShown+1)
	if err != nil {
		return t, err
	}
	list = cut(v, &t, queueShown, list, word, seenIn(registry.Approved))
	labels, err := v.labels(idsOf(list)...)
	for _, a := range list {
		l := labels[a.ID]
		t.Rows = append(t.Rows, []cell{
			{Text: string(a.ID), Link: v.applicationPath(a.ID)},
			{Text: v.holderOf(l)},
			{Text: v.Say("type", a.Type)},
			{Text: v.placeName(l.Place.ID)},
			{Text: v.Day(a.Due)},
			{Text: v.Ago(a.Since)},
			{Part: button(v, "queue-"+string(a.ID), "/cetak/antrekan", v.T("op.application.queue"), "", map[string]string{"application": string(a.ID)})},
		})
	}
	return t, err
}

// heldBack are the applications on hold, each with the way to release it.
func (v *view) heldBack() (tableView, error) {
	t := tableView{Title: v.T("print.on_hold"), Heads: []string{v.T("head.application"), v.T("head.why"), v.T("head.since"), v.T("head.by"), v.T("head.do")}}
	const word = "tertahan"
	list, err := v.Registry.HeldBack(v.ctx(), registry.ApplicationID(v.after(word)), queueShown+1)
	for _, a := range cut(v, &t, queueShown, list, word, func(a registry.HeldBack) string { return string(a.ID) }) {
		var do cell
		switch {
		case a.State != registry.OnHold:
			do.Text = v.T("order.hold_kept", v.Say("state", string(a.State)))
		case v.Can(registry.ReleaseApplication{}):
			do.Part = button(v, "release-"+string(a.ID), "/cetak/lepas", v.T("op.application.release"), "", map[string]string{"application": string(a.ID)})
		}
		t.Rows = append(t.Rows, []cell{{Text: string(a.ID), Link: v.applicationPath(a.ID)}, {Text: v.causeText(a.Event.Detail["cause"])}, {Text: v.Ago(a.Event.At)}, {Text: orDash(a.Event.Actor)}, do})
	}
	return t, err
}

// orderActs move an order that waits, hold it, where it is not held already, and cancel it, each with a reason; none for
// who may not.
func (v *view) orderActs(w jobs.Wanted) templ.Component {
	id := w.Application
	which := func() input { return input{Name: "application", Kind: "hidden", Value: id} }
	list := []templ.Component{
		v.foldOf("move-"+id, "/cetak/pindah", registry.MoveOrder{}, which(), v.priorityInput(w.Priority)),
		v.foldOf("cancel-"+id, "/cetak/batal", registry.CancelApplication{}, which()),
	}
	if !w.Held {
		list = append(list, v.foldOf("hold-"+id, "/cetak/tahan", registry.HoldApplication{}, which()))
	}
	return stack(list...)
}

// priorityInput chooses one of the ten priorities.
func (v *view) priorityInput(now int) input {
	const highest = 9
	i := input{Name: "priority", Label: v.T("head.priority"), Kind: "select", Value: number(now), Needed: true}
	for n := highest; n >= 0; n-- {
		i.Options = append(i.Options, option{number(n), number(n)})
	}
	i.Options[0].Text = v.T("order.first", highest)
	return i
}

// causeText is a code of the ledger as one sentence.
func (v *view) causeText(code string) string {
	if c := v.Explain(code); c != nil && c.Text != nil {
		return v.Text(c.Text)
	}
	return v.reason(code)
}

// doubts lists the cards of which nobody can prove where they are, or what they are, and the blanks that a
// printer counted while its line stood.
func (v *view) doubts() (templ.Component, error) {
	list, err := v.Registry.Attempts(v.ctx(), jobs.InDoubt)
	if err != nil {
		return nil, err
	}
	standing, err := v.Registry.FedStanding(v.ctx())
	if err != nil {
		return nil, err
	}
	asked, err := v.Registry.Questions(v.ctx())
	if err != nil {
		return nil, err
	}
	var open []templ.Component
	if len(list) > 0 {
		laid, err := v.laidDown(list)
		if err != nil {
			return nil, err
		}
		open = append(open, openDoubts(v, list, asked, laid))
	}
	if len(standing) > 0 {
		open = append(open, fedStanding(v, standing))
	}
	return stack(open...), nil
}

// laidDown are the cards in doubt that lie on the reader, as a person has said, and that their lines have not read yet.
func (v *view) laidDown(list []jobs.Attempt) (map[ktp.AttemptID]int, error) {
	laid := map[ktp.AttemptID]int{}
	for _, line := range linesOf(list) {
		there, err := v.Registry.Presented(v.ctx(), line)
		if err != nil {
			return nil, err
		}
		maps.Copy(laid, there)
	}
	return laid, nil
}

func linesOf(list []jobs.Attempt) (lines []jobs.LineID) {
	for _, t := range list {
		if !slices.Contains(lines, t.Line) {
			lines = append(lines, t.Line)
		}
	}
	return lines
}

// questionOf is what a line asks about an attempt.
func questionOf(asked []registry.Question, id ktp.AttemptID) (registry.Question, bool) {
	i := slices.IndexFunc(asked, func(q registry.Question) bool { return q.Attempt == id && q.Kind == registry.AskHandOff })
	if i < 0 {
		return registry.Question{}, false
	}
	return asked[i], true
}

// doubtAsks is what is to be done with the card of a doubt. A line with a path reads it on the desk.
func (v *view) doubtAsks(t jobs.Attempt, q registry.Question) string {
	if q.Ask == registry.CardToReader && t.Kind != jobs.Desktop {
		return v.T("doubt.lay")
	}
	return v.handOff(q)
}

func handOffValues(q registry.Question, cause string) map[string]string {
	return map[string]string{"attempt": q.Attempt.String(), "question": number(q.N), "cause": cause}
}

// causesOf are the reasons that answer a kind of question with no.
func causesOf(k registry.QuestionKind) (list []registry.AnswerCause) {
	for _, c := range registry.AnswerCauses {
		if c.Kind == k {
			list = append(list, c)
		}
	}
	return list
}

// cannot are the reasons why a hand-off is not done: a blank may be lacking, a card may be missing.
func cannot(q registry.Question) []registry.AnswerCause {
	never := "no_blank"
	if q.Ask == registry.BlankToReader {
		never = "card_missing"
	}
	return slices.DeleteFunc(causesOf(registry.AskHandOff), func(c registry.AnswerCause) bool { return c.Code == never })
}

// blanksFor says of a hopper that its blanks are for foreign residents' cards; nothing where they are for citizens'.
func (v *view) blanksFor(s strip) string {
	if s.Blanks != ktp.ProfileForeign {
		return ""
	}
	return ", " + v.T("product."+s.Blanks)
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// seconds is a duration of a step.
func (v *view) seconds(millis int64) string {
	return v.Decimal(float64(millis)/1000) + " s"
}
