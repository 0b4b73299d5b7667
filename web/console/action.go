package console

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/web"
)

// action is one thing that a page changes: a form, and the operation that it becomes.
type action struct {
	Path string // of the form, by POST
	Page string // that offers it, and says what went wrong
	Op   func(*form) (registry.Operation, error)
	// Files: the form may bring scans.
	Files bool
	// Then is what one act brings about besides, in the same answer.
	Then func(*form, registry.Result) error
	// Did says what it did, where its name does not; nil: its name does.
	Did func(*view, registry.Result) string
	// Next is where it leads; nil: back to where the form was.
	Next func(*view, registry.Result) string
}

// mostForm bounds a form, in bytes.
const mostForm = 1 << 20

var keyField = regexp.MustCompile(`<input type="hidden" name="key" value="[^"]*">`)

// act carries an action out. Two persons are needed for some: what one sends then waits for the other.
func (c *console) act(a action) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error {
		err := a.read(v, w)
		f := &form{view: v}
		var op registry.Operation
		if err == nil {
			op, err = a.Op(f)
		}
		if err == nil {
			err = f.err
		}
		var res registry.Result
		if err == nil {
			res, err = c.carryOut(v, op)
		}
		if err != nil {
			v.Problem, v.Values = c.Problems.Of(err), v.r.PostForm
			return c.render(v, pageOf(a.Page), w, v.Problem.Status)
		}
		if a.Then != nil && !registry.NeedsSecond(op.Name()) {
			if err := a.Then(f, res); err != nil {
				return err
			}
		}
		d := done{Operation: string(op.Name()), Application: res.Application, Answer: res.Answer, State: string(res.State), Paper: res.Paper, Code: res.Refusal, Undo: undo[op.Name()]}
		if registry.NeedsSecond(op.Name()) {
			d.Proposal, d.Answer, d.Undo = res.Answer, "", ""
		} else if a.Did != nil {
			d.Text = a.Did(v, res)
		}
		c.keepDone(v.ctx(), d)
		to := local(v.r.PostForm.Get("kembali"))
		if a.Next != nil && d.Proposal == "" { // what is proposed has made nothing yet
			to = a.Next(v, res)
		}
		http.Redirect(w, v.r, to, http.StatusSeeOther)
		return nil
	}
}

// read reads what was sent.
func (a action) read(v *view, w http.ResponseWriter) error {
	if a.Files {
		return parseFiles(v.r)
	}
	return v.readForm(w)
}

// readForm reads what a form without files sent.
func (v *view) readForm(w http.ResponseWriter) error {
	v.r.Body = http.MaxBytesReader(w, v.r.Body, mostForm)
	if err := v.r.ParseForm(); err != nil {
		return web.BadParameter.At("console.readForm", nil).With("form", "cannot be read")
	}
	return nil
}

func (c *console) carryOut(v *view, op registry.Operation) (registry.Result, error) {
	key := v.r.PostForm.Get("key")
	if registry.NeedsSecond(op.Name()) {
		return c.Registry.Propose(v.ctx(), v.Actor, op, key)
	}
	return c.Registry.Do(v.ctx(), v.Actor, op, key)
}

// undo says by which other act an operation is taken back; for the rest there is none.
var undo = map[registry.Name]string{
	"line.pause": "line.resume", "line.resume": "line.pause", "consignment.pack": "consignment.unpack", "consignment.unpack": "consignment.pack",
	"consignment.seal": "consignment.unseal", "consignment.unseal": "consignment.seal", "consignment.open": "consignment.cancel",
	"application.hold": "application.release", "card.hold": "card.free", "card.free": "card.hold", "work.take_next": "work.give_back", "destruction.open": "destruction.cancel",
	"destruction.count_in": "destruction.reopen", "suket.issue": "suket.end", "desk.invite": "desk.revoke", "application.attach": "application.detach",
}

// form reads what was sent. The first value that is wrong is kept as the error.
type form struct {
	*view
	err   error
	scans []registry.Attach // that came with it, to be attached to what it makes
}

func (f *form) refuse(field, why string) {
	if f.err == nil {
		f.err = web.BadParameter.At("console.form", nil).With(field, "%s", why)
	}
}

// text is a value; empty where it was left out.
func (f *form) text(field string) string { return strings.TrimSpace(f.r.PostForm.Get(field)) }

// needed is a value that must be there.
func (f *form) needed(field string) string {
	s := f.text(field)
	if s == "" {
		f.refuse(field, "is needed")
	}
	return s
}

// because is why: a code that is chosen, and a note.
func (f *form) because() registry.Because {
	return registry.Because{Reason: f.text("reason"), Note: f.text("note")}
}

// list is the words of a value, or its lines.
func (f *form) list(field string) []string { return strings.Fields(f.r.PostForm.Get(field)) }

func (f *form) number(field string) int {
	n, err := strconv.Atoi(f.text(field))
	if err != nil {
		f.refuse(field, "a whole number is needed")
	}
	return n
}

func (f *form) yes(field string) bool { return f.r.PostForm.Get(field) != "" }

// moment is a date with or without a time, as a browser sends it, by the clock of the office.
func (f *form) moment(field string) time.Time {
	text := f.text(field)
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, f.zone()); err == nil {
			return t
		}
	}
	f.refuse(field, "a date is needed")
	return time.Time{}
}

func (f *form) attempt(field string) ktp.AttemptID {
	text := f.text(field)
	if text == "" {
		text = f.r.PathValue(field)
	}
	id, err := ktp.ParseAttemptID(strings.ToLower(text))
	if err != nil {
		f.refuse(field, "32 hex digits")
	}
	return id
}

func isNumber(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= 0
}

func numberOf(text string) int {
	n, _ := strconv.Atoi(text) // was looked at before
	return n
}

func upper(text string) string { return strings.ToUpper(text) }

// chips are the UIDs of chips, as a scanner gives one after the other.
func (f *form) chips(field string) (list []ktp.ChipUID) {
	for _, c := range f.list(field) {
		list = append(list, ktp.ChipUID(upper(c)))
	}
	return list
}
