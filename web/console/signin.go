package console

import (
	"net"
	"net/http"
	"strings"
	"time"

	"blanko/web"
)

// open is a page in front of the sign-in.
func (c *console) open(next func(*view, http.ResponseWriter) error) http.Handler {
	return c.guard(c.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := c.view(r)
		err := v.readForm(w)
		if err == nil {
			v.Values = r.PostForm
			err = next(v, w)
		}
		if err != nil {
			c.fail(v, w, err)
		}
	})))
}

func (c *console) signInRoutes(mux *http.ServeMux) {
	mux.Handle("GET /masuk", c.open(c.showSignIn))
	mux.Handle("POST /masuk", c.open(c.trying(c.takePassword, c.showSignIn)))
	mux.Handle("POST /masuk/kode", c.open(c.trying(c.takeCode, c.showSignIn)))
	mux.Handle("GET /undangan/{text}", c.open(c.showInvitation))
	mux.Handle("POST /undangan/{text}", c.open(c.trying(c.takeUp, c.showInvitation)))
	mux.Handle("POST /keluar", c.open(c.signOut))
	mux.Handle("GET /kunci", c.open(c.showLock))
	mux.Handle("POST /kunci", c.open(c.lock))
	mux.Handle("POST /kunci/buka", c.open(c.trying(c.unlock, c.showLock)))
	mux.Handle("POST /hadir", c.open(c.present))
	mux.Handle("POST /bahasa", c.open(c.setLanguage))
}

// trying bounds how often one asker may try, also side by side, and shows the page again where a try fails. One that
// succeeds counts for nothing: an office behind one address begins its day together.
func (c *console) trying(try, again func(*view, http.ResponseWriter) error) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error {
		from := web.AskerOf(v.r.RemoteAddr)
		err := error(web.TooMany.At("console.trying", nil).With("sign-in", "too many tries from this machine"))
		if c.tries.Try(from) {
			if err = inTurn(v, w, try); err == nil {
				c.tries.Give(from)
				return nil
			}
		}
		v.Problem = c.Problems.Of(err)
		return again(v, w)
	}
}

func inTurn(v *view, w http.ResponseWriter, try func(*view, http.ResponseWriter) error) error {
	done, err := web.Proof(v.ctx())
	if err != nil {
		return err
	}
	defer done()
	return try(v, w)
}

func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (v *view) status() int {
	if v.Problem != nil {
		return v.Problem.Status
	}
	return http.StatusOK
}

// back is where somebody wanted to go before.
func (v *view) back() string { return local(v.r.FormValue("ke")) }

func (c *console) showSignIn(v *view, w http.ResponseWriter) error {
	tried := c.sessions.tried(v.ctx())
	if v.r.Method == http.MethodGet && v.r.URL.Query().Has("lagi") {
		tried = ""
		c.sessions.Remove(v.ctx(), sessionTried)
	}
	if tried != "" {
		return write(v, w, v.status(), outside(v, v.T("sign_in.code_title"), codeForm(v)))
	}
	return write(v, w, v.status(), outside(v, v.T("sign_in.title"), signInForm(v)))
}

func (c *console) takePassword(v *view, w http.ResponseWriter) error {
	person := strings.ToLower(strings.TrimSpace(v.r.PostForm.Get("person")))
	if err := c.Registry.CheckPassword(v.ctx(), person, v.r.PostForm.Get("password"), addressOf(v.r)); err != nil {
		return err
	}
	if err := c.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	c.sessions.Put(v.ctx(), sessionTried, person)
	c.sessions.Put(v.ctx(), sessionProved, c.Now().UTC().Format(time.RFC3339))
	http.Redirect(w, v.r, "/masuk?ke="+escaped(v.back()), http.StatusSeeOther)
	return nil
}

func (c *console) takeCode(v *view, w http.ResponseWriter) error {
	person := c.sessions.tried(v.ctx())
	code := strings.Join(strings.Fields(v.r.PostForm.Get("code")), "")
	if err := c.Registry.CheckCode(v.ctx(), person, code, addressOf(v.r)); err != nil {
		return err
	}
	return c.begin(v, w, person, v.back())
}

// begin opens a session for a person, under a new name.
func (c *console) begin(v *view, w http.ResponseWriter, person, to string) error {
	if err := c.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	c.sessions.Remove(v.ctx(), sessionTried)
	c.sessions.Remove(v.ctx(), sessionProved)
	c.sessions.Remove(v.ctx(), sessionLocked)
	c.sessions.Put(v.ctx(), sessionPerson, person)
	c.sessions.Put(v.ctx(), sessionSeen, c.Now().UTC().Format(time.RFC3339))
	http.Redirect(w, v.r, to, http.StatusSeeOther)
	return nil
}

func (c *console) signOut(v *view, w http.ResponseWriter) error {
	if person := c.sessions.GetString(v.ctx(), sessionPerson); person != "" {
		if err := c.Registry.SignedOut(v.ctx(), person, addressOf(v.r)); err != nil {
			return err
		}
	}
	if err := c.sessions.Destroy(v.ctx()); err != nil {
		return err
	}
	http.Redirect(w, v.r, "/masuk", http.StatusSeeOther)
	return nil
}

// languageKept is how long a language is remembered.
const languageKept = 365 * 24 * time.Hour

func (c *console) setLanguage(v *view, w http.ResponseWriter) error {
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: string(languageFrom(v.r)), Path: "/", MaxAge: int(languageKept / time.Second),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: c.Secure,
	})
	http.Redirect(w, v.r, v.back(), http.StatusSeeOther)
	return nil
}
