package console

import (
	"context"
	"crypto/sha256"
	"net/http"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/web"
)

// Config is what the console needs.
type Config struct {
	Registry *registry.Registry
	Problems *web.Problems
	Office   string
	Version  string
	Now      func() time.Time
	// Face draws the expected face of a card as PNG; nil: none can be shown.
	Face func(context.Context, ktp.Record) ([]byte, error)
	// Picture draws as PNG a picture of a kind that browsers do not show; nil: none can be shown.
	Picture func(ktp.Image) ([]byte, error)
	// Designs are what this station makes cards by, whether approved or not; nil: they are not shown.
	Designs func(context.Context) ([]UsedDesign, error)
	// Secure: it is served over TLS, and its cookies go no other way.
	Secure bool
	// Setup is the hash of the link by which the first security officer of a new station comes in; zero:
	// there is none.
	Setup [sha256.Size]byte
	// SecondCommand makes the first supervisor of a new station, typed at its machine.
	SecondCommand string
	// Desk is where the agent of a counter computer listens for pages, on that computer; empty: usualDesk.
	Desk string
	// Work is told what the ledger is asked for all open pages together: a look for changes ("mark"), or a part by
	// its id; nil: nobody counts.
	Work func(what string)
	// Idle is after how long without a touch a session is locked; 0 means 10 minutes.
	Idle time.Duration
}

const usualIdle = 10 * time.Minute

type console struct {
	Config
	sessions *sessions
	tries    *web.Limiter
	shared   shared
	marks    marks
	faces    faces
	streams  streams
}

// Bounds of trying to sign in from one address.
const (
	triesPerMinute = 20
	triesAtOnce    = 30
)

// Mount adds the pages to a mux.
func Mount(mux *http.ServeMux, cfg Config) {
	if cfg.Idle == 0 {
		cfg.Idle = usualIdle
	}
	if cfg.Desk == "" {
		cfg.Desk = usualDesk
	}
	if cfg.Work == nil {
		cfg.Work = func(string) {}
	}
	c := &console{Config: cfg, tries: web.NewLimiter(triesPerMinute, triesAtOnce, cfg.Now), shared: shared{parts: map[sharedKey]*sharedPart{}}, streams: streams{of: map[string]int{}}}
	c.sessions = newSessions(cfg)
	c.assets(mux)
	c.signInRoutes(mux)
	mux.Handle("GET /{$}", c.signedIn(c.home))
	mux.Handle("GET /aliran", c.guard(http.HandlerFunc(c.stream)))
	mux.Handle("GET /cari", c.signedIn(c.search))
	mux.Handle("GET /muka/{attempt}", c.signedIn(c.faceInWork))
	mux.Handle("GET /persetujuan/kumpulan/{batch}/{application}/muka", c.signedIn(c.faceOfSample))
	mux.Handle("GET /ketunggalan/{application}/foto", c.signedIn(c.portrait))
	mux.Handle("GET /kecamatan/kartu", c.scripted(c.cardOnReader))
	mux.Handle("POST /meja/tiket", c.scripted(c.deskTicket))
	mux.Handle("GET /rancangan/gambar/{hash}", c.signedIn(c.designPicture))
	mux.Handle("GET /lampiran/{attachment}", c.signedIn(c.scanned))
	mux.Handle("GET /bukti/{digest}", c.signedIn(c.proof))
	mux.Handle("GET /panduan/{language}/{picture}", c.signedIn(c.manualPicture))
	mux.Handle("GET /permohonan/{application}/konfirmasi/{hash}/{picture}", c.signedIn(c.printedPicture))
	mux.Handle("POST /permohonan/{application}/perekaman/{step}", c.scripted(c.sendCapture(mux)))
	mux.Handle("POST /kertas/{path...}", c.signedIn(c.printPaper(mux)))
	mux.Handle("GET /laporan/{figure}", c.signedIn(c.figureCSV))
	mux.Handle("POST /data-pribadi/salinan", c.signedIn(c.exportSubject(mux)))
	mux.Handle("POST /audit/ekspor", c.signedIn(c.exportAudit))
	mux.Handle("GET /formulir", c.signedIn(c.blankForm(mux)))
	for _, p := range pages {
		mux.Handle("GET "+p.Path, c.signedIn(c.show(p)))
	}
	for _, p := range parts {
		mux.Handle("GET /bagian/"+p.ID, c.signedIn(c.part(p)))
	}
	for _, a := range actions() {
		mux.Handle("POST "+a.Path, c.signedIn(c.act(a)))
	}
	for _, l := range listActions {
		mux.Handle("POST "+l.Path, c.signedIn(c.takeList(l)))
	}
}

// policyWith is that of every page: nothing but what the station itself serves and the desk of the same
// computer answers, and no code or style within a page (Content Security Policy Level 3).
func policyWith(desk string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' http://" + desk +
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// guard stands before every page: the policy, and no form of another site.
func (c *console) guard(next http.Handler) http.Handler {
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.Problems.Write(w, web.ForeignForm.At("console.guard", nil).With("Origin", "not this station"))
	}))
	h, policy := foreign.Handler(next), policyWith(c.Desk)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		h.ServeHTTP(w, r)
	})
}
