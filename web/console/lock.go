package console

import (
	"net/http"
	"time"
)

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
