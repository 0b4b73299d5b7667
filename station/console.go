package station

import (
	"cmp"
	"context"
	"crypto/sha256"
	"net/http"
	"path/filepath"
	"strings"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
	"blanko/web/console"
)

// console mounts the operators' console beside the API. While the station has nobody, the text that it
// gives lets the first security officer in, once; it is kept nowhere, and the next start makes another.
func (c Config) console(ctx context.Context, reg *registry.Registry, svc Service) (mount func(*http.ServeMux, *web.Problems, bool), first string, err error) {
	var setup [sha256.Size]byte
	nobody, err := reg.Nobody(ctx)
	if err == nil && nobody {
		first, setup, err = access.NewToken(nil)
	}
	if err != nil {
		return nil, "", err
	}
	return func(mux *http.ServeMux, p *web.Problems, secure bool) {
		console.Mount(mux, console.Config{
			Registry: reg, Problems: p, Office: c.Office, Version: Version(), Now: svc.Now, Face: svc.face, Picture: browserPicture, Designs: c.shownDesigns(reg), Secure: secure, Setup: setup, SecondCommand: secondCommand(svc.Path),
		})
	}, first, nil
}

// secondCommand is what makes the first supervisor of a station, as a shell of its machine takes it.
func secondCommand(path string) string {
	if whole, err := filepath.Abs(cmp.Or(path, defaultConfig)); err == nil {
		path = whole
	}
	return "blanko people second --config '" + strings.ReplaceAll(path, "'", `'\''`) + `' atasan "NAMA ATASAN"`
}

// tellFirst tells the link of the first start.
func (svc Service) tellFirst(address, text string) {
	if text == "" {
		return
	}
	svc.Log.Info("the station has nobody yet: the first security officer comes in by the link on the terminal", zap.String("address", address))
	if svc.First != nil {
		svc.First("http://" + address + "/undangan/" + text)
	}
}
