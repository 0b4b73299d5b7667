package console

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"

	"blanko/registry/access"
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

func (c *console) showLock(v *view, w http.ResponseWriter) error {
	v.Person.ID = c.sessions.GetString(v.ctx(), sessionPerson)
	if v.Person.ID == "" {
		http.Redirect(w, v.r, "/masuk", http.StatusSeeOther)
		return nil
	}
	if quietly(v.r) { // the page stays; its script tells
		w.WriteHeader(v.status())
		return nil
	}
	return write(v, w, v.status(), outside(v, v.T("lock.title"), lockForm(v)))
}

// quietly reports whether a script of a page asks, which is told by the status alone.
func quietly(r *http.Request) bool { return r.Header.Get("X-Blanko") != "" }

func (c *console) lock(v *view, w http.ResponseWriter) error {
	if c.sessions.GetString(v.ctx(), sessionPerson) != "" {
		c.sessions.Put(v.ctx(), sessionLocked, "yes")
	}
	if quietly(v.r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, v.r, "/kunci?ke="+escaped(v.back()), http.StatusSeeOther)
	return nil
}

func (c *console) unlock(v *view, w http.ResponseWriter) error {
	person := c.sessions.GetString(v.ctx(), sessionPerson)
	if err := c.Registry.CheckPassword(v.ctx(), person, v.r.PostForm.Get("password"), addressOf(v.r)); err != nil {
		return err
	}
	if quietly(v.r) {
		c.sessions.Remove(v.ctx(), sessionLocked)
		c.sessions.Put(v.ctx(), sessionSeen, c.Now().UTC().Format(time.RFC3339))
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return c.begin(v, w, person, v.back())
}

// present notes that somebody is at the page, who sends nothing else.
func (c *console) present(v *view, w http.ResponseWriter) error {
	switch {
	case c.sessions.GetString(v.ctx(), sessionPerson) == "":
		w.WriteHeader(http.StatusUnauthorized)
	case c.sessions.locked(v.ctx()):
		w.WriteHeader(http.StatusLocked)
	default:
		c.sessions.touch(v.ctx())
		w.WriteHeader(http.StatusNoContent)
	}
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

// isSetup reports whether a text is that of the link of the first start, while nobody is here.
func (c *console) isSetup(v *view, hash [sha256.Size]byte) (bool, error) {
	if c.Setup == ([sha256.Size]byte{}) || subtle.ConstantTimeCompare(hash[:], c.Setup[:]) != 1 {
		return false, nil
	}
	return c.Registry.Nobody(v.ctx())
}

// invitation is what the page of an invitation shows.
type invitation struct {
	First  bool // of a station without anybody: the first officer names himself
	Person access.Person
	Codes  string
	Code   *picture
}

func (c *console) showInvitation(v *view, w http.ResponseWriter) error {
	hash := sha256.Sum256([]byte(v.r.PathValue("text")))
	first, err := c.isSetup(v, hash)
	if err != nil {
		return err
	}
	i := invitation{First: first, Codes: v.r.PostForm.Get("codes")}
	name := "keamanan"
	if !first {
		if i.Person, err = c.Registry.Invited(v.ctx(), hash); err != nil {
			return err
		}
		name = i.Person.ID
	}
	if i.Codes == "" {
		if i.Codes, err = access.NewCodeSecret(nil); err != nil {
			return web.Unexpected.At("console.showInvitation", err)
		}
	}
	if i.Code, err = qrCode(access.CodeURL(c.Office, name, i.Codes)); err != nil {
		return web.Unexpected.At("console.showInvitation", err)
	}
	return write(v, w, v.status(), outside(v, v.T("invitation.title"), invitationForm(v, i)))
}

// takeUp makes the first officer where the station has nobody, and gives a password and a second factor.
func (c *console) takeUp(v *view, w http.ResponseWriter) error {
	f := &form{view: v}
	hash := sha256.Sum256([]byte(v.r.PathValue("text")))
	password := v.r.PostForm.Get("password")
	if password != v.r.PostForm.Get("again") {
		return web.BadParameter.At("console.takeUp", nil).With("again", "the passwords differ")
	}
	if !access.ValidPassword(password) {
		return web.BadParameter.At("console.takeUp", nil).With("password", "%d to %d characters", access.ShortestPassword, access.LongestPassword)
	}
	codes, code := f.needed("codes"), strings.Join(strings.Fields(f.needed("code")), "")
	if _, right := access.CodeStep(codes, code, c.Now()); !right {
		return web.BadParameter.At("console.takeUp", nil).With("code", "not the code of now")
	}
	first, err := c.isSetup(v, hash)
	if err != nil {
		return err
	}
	if first {
		id, name := strings.ToLower(f.needed("person")), f.needed("name")
		if f.err != nil {
			return f.err
		}
		if err := c.Registry.FirstOfficer(v.ctx(), id, name, hash); err != nil {
			return err
		}
	}
	person, err := c.Registry.TakeUpInvitation(v.ctx(), hash, password, codes, code)
	if err != nil {
		return err
	}
	return c.begin(v, w, person, "/")
}

// picture is a QR code as the outline of its dark modules, for an SVG without a style.
type picture struct {
	Side int
	Path string
}

// quiet zone around a QR code, in modules (ISO/IEC 18004, section 5.3.8).
const quietZone = 4

func qrCode(text string) (*picture, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	side := code.Bounds().Dx()
	var path strings.Builder
	for y := range side {
		for x := range side {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				path.WriteString("M" + number(x+quietZone) + " " + number(y+quietZone) + "h1v1h-1z")
			}
		}
	}
	return &picture{side + 2*quietZone, path.String()}, nil
}
