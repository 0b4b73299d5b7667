package station

import (
	"net/http"
	"time"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
	"blanko/web/console"
)

// trialProfile is that of the cards of a trial's first line.
const trialProfile = "ktpel-op-1-8k"

// Pages is the API and the console of a station whose lines somebody else runs, as a trial does; also mounts
// what stands beside them. The guest is who a request to the API without a token comes from, the place where
// cards are issued.
func Pages(reg *registry.Registry, guest access.Actor, office, place string, log *zap.Logger, now func() time.Time, also func(*http.ServeMux, *web.Problems)) (http.Handler, error) {
	c := Config{Office: office, Profile: trialProfile, IssuePlace: place}
	face, err := c.drawFace(now)
	if err != nil {
		return nil, err
	}
	svc := Service{Log: log, Now: now, face: face}
	svc.console = func(mux *http.ServeMux, p *web.Problems, secure bool) {
		console.Mount(mux, console.Config{Registry: reg, Problems: p, Office: office, Version: Version(), Now: now, Face: face, Picture: browserPicture, Designs: c.shownDesigns(reg), Secure: secure})
		also(mux, p)
	}
	return guardedAPI(reg, guest, svc)
}
