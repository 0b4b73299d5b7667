package console

import (
	"net/http"

	"github.com/a-h/templ"

	"blanko/docs/manual"
	"blanko/web"
)

// manual is the short manual in the language of the page.
func (v *view) manual() (templ.Component, error) {
	text, err := manual.HTML(string(v.Lang), "/panduan/"+string(v.Lang)+"/")
	if err != nil {
		return nil, web.Unexpected.At("console.manual", err)
	}
	return templ.Raw(`<article class="card manual">` + text + `</article>`), nil
}

// manualPicture is a picture of the manual.
func (c *console) manualPicture(v *view, w http.ResponseWriter) error {
	content, ok := manual.Picture(v.r.PathValue("language"), v.r.PathValue("picture"))
	if !ok {
		return web.NoSuchPage.At("console.manualPicture", nil)
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(content) // who asked has gone
	return nil
}
