package console

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"blanko/registry/access"
	"blanko/web"
)

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
