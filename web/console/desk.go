package console

import (
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// usualDesk is where the agent of a computer listens for pages.
const usualDesk = "127.0.0.1:7610"

// deskView is the desk of the computer at which a page is open.
type deskView struct {
	Address string      // of the agent
	Words   string      // JSON: what the page's script says
	Verify  bool        // who looks may compare a holder
	Shows   bool        // who looks may show a card
	Card    bool        // the page reads cards
	Chip    bool        // the page has chips examined
	Of      ktp.ChipUID // card that the page is of; empty: of none
	Without string      // words of what is missing, what can be done without it and what cannot
}

// deskKinds are the devices of a desk.
var deskKinds = []string{"card_reader", "sam", "finger_scanner", "iris_scanner"}

func (v *view) desk(card bool) (deskView, error) {
	group := func(name string, keys ...string) map[string]string {
		m := map[string]string{}
		for _, k := range keys {
			m[k] = v.T(name + k)
		}
		return m
	}
	words := map[string]any{
		"devices": group("device.", deskKinds...), "results": group("desk.result_", "matched", "no_match", "not_genuine"),
		"signature": group("desk.signature_", "good", "bad", "not_checked", "none"), "fingers": v.fingerNames(),
		"lists": group("desk.list_", "status_list", "revocations"), "states": group("chipstate.", "blank", "claimed", "written", "active", "blocked", "terminated", "foreign"),
	}
	for _, k := range []string{"away", "start", "there", "lacking", "uses", "until", "finger", "next", "left", "chip", "name", "born", "address", "valid", "station", "center", "application", "confirm", "compare", "show", "shown", "reading", "portrait", "failed", "again", "examined", "number", "dated", "age", "old", "nolist"} {
		words[k] = v.T("desk.say_" + k)
	}
	words["missing"] = words["lacking"]
	text, err := json.Marshal(words)
	if err != nil {
		return deskView{}, web.Unexpected.At("console.desk", err)
	}
	without := "desk_capture"
	if card {
		without = "desk"
	}
	return deskView{"http://" + v.Desk, string(text), v.May(access.VerifyHolder), v.May(access.ShowCards), card, false, "", without}, nil
}

// chipDesk is the desk of a page that has the chips of cards examined; nothing for who may not.
func (v *view) chipDesk(of ktp.ChipUID) (templ.Component, error) {
	if !v.May(access.ExamineChips) {
		return nil, nil
	}
	d, err := v.desk(false)
	d.Chip, d.Of, d.Without = true, of, "desk_chip"
	return deskBox(v, d), err
}

// fingerNames are the ten fingers by their positions (ISO/IEC 19794-2).
func (v *view) fingerNames() map[string]string {
	names := map[string]string{}
	for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
		names[number(int(f))] = v.T("finger." + f.String())
	}
	return names
}

// answerJSON tells a script of a page.
func answerJSON(w http.ResponseWriter, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return web.Unexpected.At("console.answerJSON", err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // who asked has gone
	return nil
}

// cardOnReader tells a page which application the card on the reader belongs to, and whether its holder still confirms
// the data; nothing where the register does not know it.
func (c *console) cardOnReader(v *view, w http.ResponseWriter) error {
	if !v.May(access.SeeApplications) {
		return web.PageDenied.At("console.cardOnReader", nil).With("page", "needs a role for %s", access.SeeApplications)
	}
	known := struct {
		Application string `json:"application,omitempty"`
		State       string `json:"state,omitempty"`
		Confirm     bool   `json:"confirm,omitempty"`
	}{}
	found, err := c.Registry.Find(v.ctx(), v.r.URL.Query().Get("chip"), 1)
	if err == nil && len(found) > 0 {
		var d registry.ApplicationDetail
		if d, err = c.Registry.Application(v.ctx(), found[0]); err == nil {
			known.Application, known.State = string(found[0]), v.Say("state", string(d.Application.State))
			known.Confirm, err = c.Registry.LeftToConfirm(v.ctx(), found[0])
		}
	}
	if err != nil {
		return err
	}
	return answerJSON(w, known)
}

// deskRights are what somebody must be allowed to have a desk do something.
var deskRights = map[registry.DeskAct]access.Permission{
	registry.DeskReadsCard: access.SeeApplications, registry.DeskCaptures: access.Capture, registry.DeskMatches: access.VerifyHolder,
	registry.DeskShows: access.ShowCards, registry.DeskExamines: access.ExamineChips,
}

// deskTicket lets the desk beside a page do one thing, in the name of who looks and while they are signed in.
func (c *console) deskTicket(v *view, w http.ResponseWriter) error {
	const op = "console.deskTicket"
	act := registry.DeskAct(v.r.FormValue("act"))
	right, known := deskRights[act]
	if !known || !v.May(right) {
		return web.PageDenied.At(op, nil).With("act", "needs a role for %q", right)
	}
	t := registry.DeskTicket{Person: v.Person.ID, Session: c.sessions.hash(v.ctx()), Act: act, Desk: v.r.FormValue("desk"), Confirmed: v.r.FormValue("confirmed") == "yes"}
	if chip := upper(v.r.FormValue("chip")); act == registry.DeskMatches || act == registry.DeskExamines && chip != "" {
		card, err := c.Registry.CardByChip(v.ctx(), ktp.ChipUID(chip))
		if err != nil {
			return err
		}
		t.Application, t.Chip = card.Application, card.Chip
	}
	ticket, err := c.Registry.NewDeskTicket(v.ctx(), t)
	if err != nil {
		return err
	}
	return answerJSON(w, map[string]string{"ticket": ticket})
}

// scripted answers a script of a page: an error is a problem, not a page.
func (c *console) scripted(next func(*view, http.ResponseWriter) error) http.Handler {
	return c.signedIn(func(v *view, w http.ResponseWriter) error {
		if err := next(v, w); err != nil {
			c.Problems.Write(w, err)
		}
		return nil
	})
}

// texts are words for a script of a page as JSON, by the ends of their keys.
func (v *view) texts(group string, ends ...string) string {
	return asJSON(v.said(group, ends...))
}

// said are the words of a group, by the ends of their keys.
func (v *view) said(group string, ends ...string) map[string]string {
	m := map[string]string{}
	for _, end := range ends {
		m[end] = v.T(group + end)
	}
	return m
}

func asJSON(words map[string]string) string {
	text, _ := json.Marshal(words) // of texts
	return string(text)
}
