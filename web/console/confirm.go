package console

import (
	"net/http"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// printedPictures are those of a card, by the ends of their addresses.
var printedPictures = []struct {
	Path, Name string
	Of         func(registry.ToConfirm) ktp.Image
}{
	{"foto", "capture.photo", func(c registry.ToConfirm) ktp.Image { return c.Portrait }},
	{"tanda-tangan", "capture.signature", func(c registry.ToConfirm) ktp.Image { return c.Signature }},
}

// printedAt is the address of a picture that is printed with the data of a hash, and with no other.
func (v *view) printedAt(id registry.ApplicationID, hash, picture string) string {
	return v.applicationPath(id) + "/konfirmasi/" + escaped(hash) + "/" + picture
}

// printedPicture is a picture that the resident confirms, as long as it is one of the data of the page.
func (c *console) printedPicture(v *view, w http.ResponseWriter) error {
	const op = "console.printedPicture"
	if !v.May(access.Capture) {
		return web.PageDenied.At(op, nil).With("page", "needs a role for %s", access.Capture)
	}
	shown, err := c.Registry.ShowToConfirm(v.ctx(), v.Actor, registry.ApplicationID(v.r.PathValue("application")))
	if err != nil {
		return err
	}
	for _, p := range printedPictures {
		if p.Path == v.r.PathValue("picture") && shown.Hash == v.r.PathValue("hash") {
			return c.browserPicture(w, p.Of(shown))
		}
	}
	return web.NoSuchPage.At(op, nil)
}

// browserPicture answers with a picture, drawn anew where browsers do not show its kind.
func (c *console) browserPicture(w http.ResponseWriter, i ktp.Image) error {
	if !viewable(i.MIME) && c.Picture != nil {
		drawn, err := c.Picture(i)
		if err != nil {
			return err
		}
		i = ktp.Image{MIME: "image/png", Data: drawn}
	}
	w.Header().Set("Content-Type", i.MIME)
	_, _ = w.Write(i.Data) // who asked has gone
	return nil
}
