package station

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"time"

	"go.uber.org/zap"

	"blanko/applet/inspect"
	"blanko/fault"
	"blanko/keys"
	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/store"
	"blanko/web"
	"blanko/web/api"
)

// Service is what a serving station gets from the command that starts it.
type Service struct {
	Log   *zap.Logger
	Now   func() time.Time     // nil: the wall clock
	Ready func(address string) // told where the API listens, once

	look time.Duration // how often a line that cannot run is looked at; 0: lookAgainAtLine
	// Printers opens what is plugged in; nil: the printers of this machine.
	Printers Printers
	keys     stationKeys
	start    string // whose release the lines wait for; empty: they do not wait
	office   paper.Office
	copyAge  func() (time.Duration, bool)                 // of the newest copy of the ledger; nil: nobody makes any
	listAge  func() (age, left time.Duration, found bool) // of the last revocation list; nil: no keys are configured
	anchored bool                                         // there is a center, which takes the anchors of the event log
	ends     func() []api.CertificateLeft                 // of the certificates of the configuration
	face     func(context.Context, ktp.Record) ([]byte, error)
	osia     func(*http.ServeMux, *web.Problems)                    // mounts it; nil: not served
	console  func(mux *http.ServeMux, p *web.Problems, secure bool) // mounts it; nil: not served
	// First is told the link by which the first security officer of a station without anybody comes in, once.
	First func(link string)
	// Path of the configuration, for commands that pages tell to type at this machine; empty: the usual one.
	Path string
	// Others is told what other machines reach, and where.
	Others func(what, address string)
}

// stopGrace is how long lines may finish the card in work after the end was asked for: a card of
// 32 KB over contactless takes less than a minute.
const stopGrace = 2 * time.Minute

// Serve runs a station of the product until the context ends: the API on this machine, the loops
// to the center where one is configured, and every line. A line whose cable or keys are not there
// is defined, refused with its reason, and leaves the others alone. Nothing has changed when an
// address is taken or a file of the configuration is wrong.
func Serve(ctx context.Context, c Config, svc Service) error {
	if svc.Log == nil {
		svc.Log = zap.NewNop()
	}
	clock := svc.Now
	if svc.Now == nil {
		svc.Now = time.Now
	}
	center, err := c.centerLink(0)
	if err != nil {
		return err
	}
	opening, err := c.recordKeys()
	if err != nil {
		return err
	}
	ln, err := web.Listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	defer ln.Close() //nolint:errcheck // the server closes it first, unless it never began
	st, err := c.openLedger(ctx, clock)
	if err != nil {
		return err
	}
	defer func() {
		if err := st.Close(); err != nil {
			svc.Log.Error("ledger not closed", zap.Error(err))
		}
	}()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	release, err := st.Claim(ctx, c.Office+" "+c.Station, stop)
	if err != nil {
		return err
	}
	defer release()
	ring, misbuilt := c.keyring(len(c.Lines)+1, svc.Now) // a worker for every line, one for the counters
	ledger := c.registry()
	officers, err := c.officerKeys()
	if err != nil {
		return err
	}
	ledger.LocalKeys = slices.Collect(maps.Values(officers))
	var reg *registry.Registry
	if misbuilt == nil {
		defer ring.token.Close()
		ledger.Chips, ledger.ReadingMasters = CardPresence{ring}, ring.readingMasters
		ledger.SignDesign = func(ctx context.Context, d keys.Design) ([]byte, error) { return c.signDesign(ctx, reg, ring, d) }
	}
	svc.keys = stationKeys{ring, misbuilt}
	reg = registry.New(st, ledger, svc.Log)
	if err := c.refuseClear(ctx, reg); err != nil {
		return err
	}
	if err := c.defineLines(ctx, reg, svc); err != nil {
		return err
	}
	svc.office = c.Letterhead.office()
	if c.Backup.Folder != "" {
		svc.copyAge = func() (time.Duration, bool) { return c.copyAge(svc.Now()) }
	}
	if c.Keys.Kind != "" {
		svc.listAge = func() (age, left time.Duration, found bool) { return c.revocationAge(svc.Now()) }
	}
	svc.anchored = center.client != nil
	svc.ends = func() []api.CertificateLeft { return c.certificatesLeft(svc.Now()) }
	if svc.face, err = c.drawFace(svc.Now); err != nil {
		return err
	}
	s := New(Parts{Office: c.Office, Name: c.Station, Registry: reg, Center: center.client, Anchor: center.anchor, Keys: opening, Log: svc.Log, Now: svc.Now, Wait: c.Center.Poll, Power: c.Power.supply()})
	svc.osia = c.osia(s)
	var first string
	if svc.console, first, err = c.console(ctx, reg, svc); err != nil {
		return err
	}
	h, err := serveAPI(reg, svc)
	if err != nil {
		return err
	}
	also, err := c.alsoServe(ctx, reg, svc)
	if err != nil {
		return err
	}
	defer also()
	if svc.start, err = c.recordStart(ctx, reg, svc.Now()); err != nil {
		return err
	}
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		if c.Backup.Folder != "" {
			c.keepCopies(work, s, svc.Log, svc.Now)
		}
	}()
	defer func() {
		cut()
		<-copied
	}()
	served, ran, drain := make(chan error, 1), make(chan struct{}), make(chan struct{})
	go func() { served <- web.Serve(work, ln, h, svc.Log) }()
	finished := make(chan struct{}) // the lines have; the loops go on until then
	go func() {
		c.runLines(work, drain, s, svc)
		close(finished)
	}()
	go func() {
		s.Run(work, finished)
		<-finished
		close(ran)
	}()
	svc.Log.Info("serving", zap.String("address", ln.Addr().String()), zap.String("office", c.Office), zap.Bool("center", center.client != nil))
	if svc.Ready != nil {
		svc.Ready(ln.Addr().String())
	}
	svc.tellFirst(ln.Addr().String(), first)
	select {
	case <-ctx.Done():
	case err = <-served:
		served <- err
	}
	close(drain)
	select {
	case <-ran:
	case <-time.After(stopGrace):
		svc.Log.Warn("lines did not finish in time and are cut off")
		cut()
		<-ran
	}
	c.leaveLines(work, reg, svc.Log)
	recordStop(context.WithoutCancel(ctx), reg, svc.start, svc.Log)
	cut()
	err = <-served
	switch cause := context.Cause(ctx); {
	case store.IsClaimed(cause):
		err = errors.Join(err, StationTaken.At("station.Serve", cause).With("station", "%s", c.Station))
	case fault.CodeOf(cause) != "": // the tables are not for this program any more
		err = errors.Join(err, cause)
	}
	svc.Log.Info("stopped")
	return err
}

// Observed states of a line that nothing runs.
const (
	stateRefused = "refused"
	stateOff     = "off"
)

// defineLines tells the ledger of the lines of the configuration and why one cannot run. A line
// of this station that the configuration no longer names is off.
func (c Config) defineLines(ctx context.Context, reg *registry.Registry, svc Service) error {
	for _, l := range c.Lines {
		// The operation is safe to repeat; a key of its own lets a line change its kind back.
		key := fmt.Sprintf("define:%s:%s:%d", l.ID, l.Kind, svc.Now().UnixNano())
		if _, err := reg.Do(ctx, Actor, registry.DefineLine{Line: l.ID, Kind: l.Kind, Station: c.Station}, key); err != nil {
			return err
		}
		r := refusal(l, c.Keys)
		if r == nil {
			continue
		}
		svc.Log.Warn("line refused", zap.String("line", string(l.ID)), zap.String("code", string(r.Code)), zap.String("field", r.Field), zap.String("detail", r.Detail))
		if err := reg.Observe(ctx, l.ID, c.Station, stateRefused, string(r.Code)); err != nil {
			return err
		}
	}
	known, err := reg.Lines(ctx)
	if err != nil {
		return err
	}
	for _, l := range known {
		if slices.ContainsFunc(c.Lines, func(lc LineConfig) bool { return lc.ID == l.ID }) || l.Observed.State == stateOff ||
			l.Station != "" && l.Station != c.Station {
			continue
		}
		if err := reg.Observe(ctx, l.ID, c.Station, stateOff, ""); err != nil {
			return err
		}
	}
	return nil
}

// leaveLines writes that nothing runs the lines any more.
func (c Config) leaveLines(ctx context.Context, reg *registry.Registry, log *zap.Logger) {
	for _, l := range c.Lines {
		if err := reg.Observe(ctx, l.ID, c.Station, stateOff, ""); err != nil {
			log.Warn("line state not kept", zap.String("line", string(l.ID)), zap.Error(err))
		}
	}
}

// API is everything that a station answers over HTTP on its own machine. The guest is who a request
// without a token comes from: nobody, but in a trial.
func API(reg *registry.Registry, guest access.Actor, log *zap.Logger, now func() time.Time) (http.Handler, error) {
	return guardedAPI(reg, guest, Service{Log: log, Now: now})
}

// serveAPI is the API of a serving station, which shows faces.
func serveAPI(reg *registry.Registry, svc Service) (http.Handler, error) {
	return guardedAPI(reg, access.Actor{}, svc)
}

func guardedAPI(reg *registry.Registry, guest access.Actor, svc Service) (http.Handler, error) {
	signed, problems, err := signedAPI(reg, guest, svc, false)
	if err != nil {
		return nil, err
	}
	return web.Guard(signed, problems), nil
}

// signedAPI is the API behind the sign-in, before the guard.
func signedAPI(reg *registry.Registry, guest access.Actor, svc Service, secure bool) (http.Handler, *web.Problems, error) {
	problems := web.NewProblems(Entries(), svc.Log, nil)
	mux := http.NewServeMux()
	if err := api.Mount(mux, api.Config{Registry: reg, Problems: problems, Version: Version(), Now: svc.Now, Face: svc.face, Office: svc.office, StatusList: svc.keys.statusList(reg, svc.Now), SignSAM: svc.keys.signSAM(), SAMsReady: svc.keys.samsReady(), CopyAge: svc.copyAge, ListAge: svc.listAge, Anchored: svc.anchored, Certificates: svc.ends}); err != nil {
		return nil, nil, err
	}
	if svc.osia != nil {
		svc.osia(mux, problems)
	}
	if svc.console != nil {
		svc.console(mux, problems, secure)
	}
	web.Rest(mux, problems)
	return web.SignIn(mux, reg.Authenticate, guest, problems, svc.Now), problems, nil
}

// officerKeys are the keys of the data center officers who vouch for persons where the station stands alone, by
// key id; none elsewhere.
func (c Config) officerKeys() (map[[8]byte]*ecdsa.PublicKey, error) {
	if c.Service.OfficerKeys == "" {
		return nil, nil
	}
	return inspect.LoadCenterKeys(os.DirFS(c.Service.OfficerKeys))
}

// registry is how the ledger of a serving station behaves.
func (c Config) registry() registry.Config {
	return registry.Config{
		Office: c.Office, Production: true, Standard: c.Service.Standard, Shifts: c.Service.Shifts, Dispatch: c.Service.Dispatch,
		ConfirmAtHandOver: c.Service.ConfirmAtHandOver, StandAlone: c.Service.StandAlone, MatchValid: c.Service.MatchValid, Releases: true, Designs: true,
	}
}
