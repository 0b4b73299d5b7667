package console_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Who guesses at a password is told, in both languages, that the person is locked out and what to do; so is the person, with
// the right password too, until the time is over.
func TestLockOutOnThePage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	jar, err := cookiejar.New(nil)
	o.must(err)
	c := &clerk{office: o, http: http.Client{Jar: jar}}
	tries := func(text string) string {
		t.Helper()
		c.open("/masuk?ke=%2Fakun")
		c.tries("/masuk", url.Values{"person": {admin.ID}, "password": {text}}, nil)
		return c.problem()
	}
	const failures = 5
	for n := 1; n < failures; n++ {
		if says := tries("salah sama sekali"); !strings.Contains(says, "registry.sign_in_refused") {
			t.Fatalf("failure %d: %s", n, says)
		}
	}
	tries("salah sama sekali")
	for l, want := range map[string]string{"id": "Tunggu", "en": "Wait"} {
		c.speaks(l)
		if says := tries(password); !strings.Contains(says, "registry.locked_out") || !strings.Contains(says, want) {
			t.Errorf("locked out, in %s: %s", l, says)
		}
	}
	o.clock.Advance(time.Hour)
	if says := tries(password); says != "" || !strings.HasPrefix(c.at, "/masuk") || !strings.Contains(c.page, `name="code"`) {
		t.Errorf("after the time, at %s: %s", c.at, says)
	}
}
