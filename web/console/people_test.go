package console_test

import (
	"net/url"
	"regexp"
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

// Right after a link was asked for the page shows no other one, which would open nothing and looks just like it.
func TestNoOtherLinkAfterAnInvitation(t *testing.T) {
	t.Parallel()
	_, sit := sits(t, access.SecurityOfficer, access.Supervisor)
	officer, chief := sit[access.SecurityOfficer], sit[access.Supervisor]
	for _, once := range []struct {
		name, page, action string
		given              url.Values
		shown              *regexp.Regexp
	}{
		{"a link", "/pengguna/" + boss.ID, "/pengguna/" + boss.ID + "/undang", nil, regexp.MustCompile(`/undangan/blanko_[a-z2-7]+`)},
		{"a token", "/pengguna/" + boss.ID, "/pengguna/" + boss.ID + "/token-baru", url.Values{"token_id": {"program"}}, regexp.MustCompile(`>blanko_[a-z2-7]+`)},
		{"a code of pairing", "/meja", "/meja", url.Values{"desk": {"loket-9"}}, regexp.MustCompile(`class="secret mono"`)},
	} {
		officer.open(once.page)
		if !once.shown.MatchString(officer.page) {
			t.Fatalf("%s is not shown before", once.name)
		}
		officer.send(once.action, once.given, nil)
		if text := officer.says(); once.shown.MatchString(officer.page) || !strings.Contains(text, "Yang berlaku ialah yang Anda salin") {
			t.Errorf("%s, after it was asked for: %s", once.name, text)
		}
		if officer.open(once.page); !once.shown.MatchString(officer.page) {
			t.Errorf("%s is not shown any more on a page that is opened again", once.name)
		}
	}
	chief.open("/persetujuan")
	if text := chief.says(); strings.Contains(text, "person:") || !strings.Contains(text, "Undang Nama pengguna "+boss.ID) {
		t.Errorf("what waits is about: %s", text)
	}
}
