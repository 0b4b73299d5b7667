package console

import (
	"github.com/a-h/templ"

	"blanko/registry/access"
)

// signInsShown is how many tries the page of one's own account lists.
const signInsShown = 20

// account shows who one is, where one is signed in and who tried to be.
func (v *view) account() (templ.Component, error) {
	open, err := v.Registry.SessionsOf(v.ctx(), v.Person.ID)
	if err != nil {
		return nil, err
	}
	tries, err := v.Registry.SignInsOf(v.ctx(), v.Person.ID, signInsShown)
	if err != nil {
		return nil, err
	}
	return accountPage(v, open, tries), nil
}

func (v *view) roleNames(p access.Person) (names []string) {
	for _, r := range p.Roles {
		names = append(names, v.T("role."+string(r)))
	}
	return names
}

func (v *view) openSessions(open []access.Session) tableView {
	t := tableView{Title: v.T("account.open"), Empty: v.T("people.no_sessions"), Heads: []string{v.T("account.since"), v.T("account.seen"), v.T("account.until")}}
	for _, s := range open {
		t.Rows = append(t.Rows, []cell{{Text: v.Time(s.OpenedAt)}, {Text: v.Ago(s.SeenAt)}, {Text: v.Time(s.ExpiresAt)}})
	}
	return t
}

func (v *view) signIns(tries []access.SignIn) tableView {
	t := tableView{Title: v.T("account.tries"), Heads: []string{v.T("account.at"), v.T("account.outcome"), v.T("account.from")}, Empty: v.T("account.no_tries")}
	for _, s := range tries {
		t.Rows = append(t.Rows, []cell{{Text: v.Time(s.At)}, {Text: v.T("sign_in.outcome_" + string(s.Outcome))}, {Text: s.Address}})
	}
	return t
}
