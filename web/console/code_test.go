package console_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A password that was right waits five minutes for its code: at a computer that somebody left between the two, a code
// alone lets nobody in.
func TestPasswordWaitsAWhileForItsCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		waits time.Duration
		code  int
	}{{4 * time.Minute, http.StatusOK}, {5 * time.Minute, http.StatusForbidden}} {
		o := newOffice(t, admin)
		jar, err := cookiejar.New(nil)
		o.must(err)
		who := &clerk{office: o, http: http.Client{Jar: jar}}
		who.open("/masuk?ke=%2Fakun")
		who.send("/masuk", url.Values{"person": {admin.ID}, "password": {password}}, nil)
		o.clock.Advance(c.waits)
		if code := who.tries("/masuk/kode", url.Values{"code": {o.code(admin.ID)}}, nil); code != c.code || strings.HasPrefix(who.at, "/akun") != (code == http.StatusOK) {
			t.Errorf("after %s: %d at %s", c.waits, code, who.at)
		}
	}
}
