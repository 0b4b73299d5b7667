package console_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// cleanByDayAndNight has axe look at a page in its light and in its dark colors.
func (v *visitor) cleanByDayAndNight(what string) {
	v.t.Helper()
	v.clean(what)
	v.dark(true)
	v.clean(what + "-dark")
	v.dark(false)
}

// The first officer comes in by the link of the first start, once; everybody else by a password and a code.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.visit()
	v.open("/undangan/" + o.setup)
	v.cleanByDayAndNight("undangan")
	v.language("en")
	v.cleanByDayAndNight("invitation")
	v.language("id")
	v.fill("#person", "keamanan-9")
	v.fill("#name", "PETUGAS PERTAMA")
	v.fill("#password", password)
	v.fill("#again", password)
	secret := v.read("#secret")
	code, err := totp.GenerateCode(secret, o.clock.Now())
	o.must(err)
	v.fill("#code", "000000")
	v.expect("a status of 422")
	v.click("main button[type=submit]")
	if v.read("#problem") == "" || v.read("#secret") != secret {
		t.Errorf("a wrong code: %s", v.read("main"))
	}
	v.fill("#password", password)
	v.fill("#again", "kata yang lain")
	v.fill("#code", code)
	v.click("main button[type=submit]")
	if said := v.read("#problem"); !strings.Contains(said, "Ulangi kata sandi: kedua kata sandi berbeda") {
		t.Errorf("two passwords: %s", said)
	}
	v.language("en")
	if at := v.where(); at != "/undangan/"+o.setup {
		t.Fatalf("the language leads from a refused invitation to %s", at)
	}
	v.language("id")
	v.fill("#person", "keamanan-9")
	v.fill("#name", "PETUGAS PERTAMA")
	code, err = totp.GenerateCode(v.read("#secret"), o.clock.Now())
	o.must(err)
	v.fill("#password", password)
	v.fill("#again", password)
	v.fill("#code", code)
	v.click("main button[type=submit]")
	if who := v.read(".who"); !strings.Contains(who, "keamanan-9") {
		t.Errorf("signed in as %q at %s", who, v.where())
	}
	other := o.visit()
	other.expect("a status of 404")
	other.open("/undangan/" + o.setup)
	if !strings.Contains(other.read("#problem"), "registry.invitation_over") {
		t.Errorf("the link works twice: %s", other.read("main"))
	}
	other.clean("invitation-over")
}

// A wrong password is refused in both languages; the language is remembered; a page that was wanted comes
// after the sign-in; signing out ends it.
func TestSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	v := o.visit()
	v.open("/akun")
	if at := v.where(); at != "/masuk?ke=%2Fakun" {
		t.Errorf("turned away to %s", at)
	}
	v.cleanByDayAndNight("masuk")
	v.language("en")
	v.cleanByDayAndNight("sign-in")
	v.language("id")
	v.expect("a status of 403")
	v.fill("#person", admin.ID)
	v.fill("#password", "salah sama sekali")
	v.click("main button[type=submit]")
	if !strings.Contains(v.read("#problem"), "tidak cocok") {
		t.Errorf("refused: %s", v.read("main"))
	}
	v.open("/masuk?ke=%2Fakun")
	v.language("en")
	if !strings.Contains(v.where(), "akun") {
		t.Errorf("the language lost the way: %s", v.where())
	}
	v.fill("#person", admin.ID)
	v.fill("#password", password)
	v.click("main button[type=submit]")
	v.see("#code")
	v.cleanByDayAndNight("code")
	v.language("id")
	v.see("#code")
	v.cleanByDayAndNight("kode")
	v.language("en")
	v.see("#code")
	v.fill("#code", o.code(admin.ID))
	v.click("main button[type=submit]")
	if v.where() != "/akun" || v.read("h1") != "My account" {
		t.Errorf("at %s: %s", v.where(), v.read("h1"))
	}
	if tries := v.read("main"); !strings.Contains(tries, "Refused") || !strings.Contains(tries, "Signed in") {
		t.Errorf("list of sign-ins: %s", tries)
	}
	v.click(".who form[action='/keluar'] button")
	v.open("/akun")
	if at := v.where(); !strings.HasPrefix(at, "/masuk") {
		t.Errorf("after signing out: %s", at)
	}
}

// A page that is left alone is locked by the clock of the station, without a key of anybody; the password brings
// it back as it was.
func TestLockByTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	v := o.visit()
	v.signIn(admin)
	v.open("/akun")
	v.see("body[data-stream=open]")
	v.fill("#q", "req-1")
	v.looked(true)
	if ask[bool](v, `document.querySelector('#lock').open`) {
		t.Error("locked before its time")
	}
	o.clock.Advance(time.Duration(ask[int](v, `Number(document.body.dataset.idle)`)+1000) * time.Millisecond)
	v.expect("a status of 423")
	v.looked(true) // the page asks the station whether the person is there
	v.see("#lock")
	v.fill("#unlock-password", password)
	v.do(chromedp.Click(chromedp.CSS("#unlock button")), chromedp.WaitNotVisible(chromedp.CSS("#lock")))
	if typed := ask[string](v, `document.getElementById('q').value`); typed != "req-1" {
		t.Errorf("what was typed is lost: %q", typed)
	}
}

// The lock hides the page and keeps what was typed; the password brings it back, a wrong one does not; the
// station gives nothing meanwhile, whatever the page says.
func TestLockKeepsThePage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	v := o.visit()
	v.signIn(admin)
	v.open("/akun")
	v.fill("#q", "6105014107900001")
	v.do(chromedp.Click(chromedp.CSS("#lock-form button")))
	v.see("#lock")
	if got := promised[int](v, `fetch('/akun', {redirect: 'manual'}).then(r => r.type === 'opaqueredirect' ? 303 : r.status)`); got != 303 {
		t.Errorf("the page came though it is locked: %d", got)
	}
	if found := v.violations(); len(found) > 0 {
		t.Errorf("lock: %v", found)
	}
	v.keep("kunci")
	v.expect("a status of 403")
	v.fill("#unlock-password", "salah sama sekali")
	v.do(chromedp.Click(chromedp.CSS("#unlock button")))
	v.see("#unlock-wrong")
	v.fill("#unlock-password", password)
	v.do(chromedp.Click(chromedp.CSS("#unlock button")), chromedp.WaitNotVisible(chromedp.CSS("#lock")))
	if typed := ask[string](v, `document.getElementById('q').value`); typed != "6105014107900001" {
		t.Errorf("what was typed is lost: %q", typed)
	}
}
