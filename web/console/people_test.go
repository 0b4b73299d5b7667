package console_test

import (
	"slices"
	"strings"
	"testing"

	"blanko/registry/access"
)

// The form of a person asks for the roles as one group with its name, offers nobody the role of machines, and is headed by
// what it does; that the person works here stands apart from the roles. No two fields have one id.
func TestFormOfAPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t, boss, guard)
	v := o.visit()
	v.signIn(guard)
	v.click(".menu a[href='/pengguna']")
	for _, page := range []struct {
		title, submit string
		roles         []string
	}{{"Pengguna baru", "Usulkan pengguna", nil}, {"Simpan pengguna", "Simpan pengguna", []string{string(access.Supervisor)}}} {
		if got := v.read("#person h2"); got != page.title {
			t.Errorf("headed %q, not %q", got, page.title)
		}
		if got := v.read("#person button[type=submit]"); got != page.submit {
			t.Errorf("sent by %q, not %q", got, page.submit)
		}
		if legend := v.read("#person fieldset legend"); legend != "Peran" {
			t.Errorf("the roles are named %q", legend)
		}
		all := ask[[]string](v, `[...document.querySelectorAll('#person fieldset input')].map(i => i.value)`)
		if len(all) != len(access.Roles)-1 || slices.Contains(all, string(access.System)) || slices.Contains(all, "yes") {
			t.Errorf("roles to choose: %v", all)
		}
		if got := ask[[]string](v, `[...document.querySelectorAll('#person fieldset input:checked')].map(i => i.value)`); !slices.Equal(got, page.roles) {
			t.Errorf("roles that are marked: %v, not %v", got, page.roles)
		}
		if twice := ask[[]string](v, `[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)`); len(twice) > 0 {
			t.Errorf("ids of several things: %v", twice)
		}
		v.clean("person")
		if page.title == "Pengguna baru" {
			v.click("main a[href='/pengguna/" + boss.ID + "']")
		}
	}
}

// The store shows the forms of every day, and folds up what is done seldom; no two of them are sent by the same words.
func TestStoreFoldsWhatIsSeldom(t *testing.T) {
	t.Parallel()
	o := newOffice(t, keeper)
	o.room(0)
	v := o.visit()
	v.signIn(keeper)
	v.click(".menu a[href='/stok']")
	shown := ask[[]string](v, `[...document.querySelectorAll('main form button[type=submit]')].filter(b => b.checkVisibility()).map(b => b.innerText)`)
	if len(shown) == 0 || len(shown) > 4 {
		t.Errorf("forms that stand open: %q", shown)
	}
	all := ask[[]string](v, `[...document.querySelectorAll('main form button[type=submit]')].map(b => b.textContent)`)
	slices.Sort(all)
	if n := len(slices.Compact(slices.Clone(all))); n != len(all) || n < 12 {
		t.Errorf("buttons: %q", all)
	}
	v.sends("deny", map[string]string{"chip": "0000A0B0C0D000000009", "reason": "stolen"})
	if text := v.read("main"); !strings.Contains(text, "0000A0B0C0D000000009") {
		t.Errorf("the store says %s", text)
	}
}
