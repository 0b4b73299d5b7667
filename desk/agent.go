package desk

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.uber.org/zap"

	"blanko/applet/inspect"
)

// Devices of a desk.
type Devices struct {
	Readers Readers
	Finger  Scanner
	Iris    Scanner
}

// Config of an agent.
type Config struct {
	Identity Identity
	Devices  Devices
	Trust    inspect.Trust
	// Anchors reads the trust anew, as it lies on this computer; nil: Trust stays.
	Anchors func() (inspect.Trust, error)
	Now     func() time.Time // nil: the wall clock
	Log     *zap.Logger      // nil: none
	Report  time.Duration    // how often the devices are told to the station; 0: reportEvery
}

const reportEvery = time.Minute

// Agent serves the devices of one computer to the pages of its station.
type Agent struct {
	Config
	link *link

	page    sync.Mutex // one page uses the devices at a time
	devices sync.Mutex // who uses the devices, or looks whether they are there
	reading *reading   // of the card that was read last

	trusting sync.Mutex // on Trust
}

// New makes an agent of a paired desk.
func New(c Config) (*Agent, error) {
	l, err := linkTo(c.Identity.Station, c.Identity.Authority, &c.Identity.certificate)
	if err != nil {
		return nil, err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	if c.Report == 0 {
		c.Report = reportEvery
	}
	return &Agent{Config: c, link: l}, nil
}

// Listen opens the address of an agent, which must be one of this computer alone.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	const op = "desk.Listen"
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	if err != nil || ip == nil || !ip.IsLoopback() {
		return nil, AddressWrong.At(op, err).With("listen", "%q is no loopback address with a port", address)
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, AddressWrong.At(op, err).With("listen", "%s", address)
	}
	return ln, nil
}

// Bounds of the server.
const (
	headFor   = 10 * time.Second
	requests  = 3 * time.Minute // a holder lays a finger down meanwhile
	closeFor  = 5 * time.Second
	mostAsked = 6 << 20 // bytes of a request: a picture in Base64
)

// Serve answers pages until the context ends, and tells the station how the devices are.
func (a *Agent) Serve(ctx context.Context, ln net.Listener) error {
	s := &http.Server{Handler: a.Handler(), ReadHeaderTimeout: headFor, ReadTimeout: headFor, WriteTimeout: requests}
	told := make(chan struct{})
	telling, stop := context.WithCancel(ctx)
	go func() {
		defer close(told)
		var both sync.WaitGroup
		both.Go(func() { a.tell(telling) })
		both.Go(func() { a.follow(telling) })
		both.Wait()
	}()
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ln) }()
	a.Log.Info("serving pages", zap.String("address", ln.Addr().String()), zap.String("desk", a.Identity.Desk))
	var err error
	select {
	case <-ctx.Done():
		bound, cut := context.WithTimeout(context.WithoutCancel(ctx), closeFor)
		defer cut()
		if s.Shutdown(bound) != nil {
			_ = s.Close() // pages that hold on are cut off
		}
	case err = <-ended:
	}
	stop()
	<-told
	a.link.close()
	return err
}

// Look asks every device how it is.
func (a *Agent) Look(ctx context.Context) []Device {
	a.devices.Lock()
	defer a.devices.Unlock()
	return append(a.Devices.Readers.Look(ctx), a.Devices.Finger.Look(ctx), a.Devices.Iris.Look(ctx))
}

// use takes the devices for one act of a page, until done is called. A second page is told desk.busy; a look
// at the devices is waited for.
func (a *Agent) use(op string) (done func(), err error) {
	if !a.page.TryLock() {
		return nil, busy.At(op, nil)
	}
	a.devices.Lock()
	return func() { a.devices.Unlock(); a.page.Unlock() }, nil
}

// tell reports the devices to the station when one changes, and again from time to time.
func (a *Agent) tell(ctx context.Context) {
	tick := time.NewTicker(a.Report)
	defer tick.Stop()
	for {
		for _, d := range a.Look(ctx) {
			state, code := "works", ""
			if !d.Present {
				state, code = "down", d.Missing.Code
			}
			body := map[string]any{"device": a.Identity.Desk + "." + string(d.Kind), "cause": "equipment", "state": state}
			if code != "" {
				body["code"] = code
			}
			if d.Kind == SAM && d.Present {
				body["uses"] = d.Uses
			}
			if a.Identity.Place != "" {
				body["place"] = a.Identity.Place
			}
			if err := a.link.post(ctx, "/v1/health/devices", newKey(), body, &struct{}{}); err != nil && ctx.Err() == nil {
				a.Log.Warn("devices not told", zap.Error(err))
				break
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func newKey() string { return "desk-" + rand.Text() }

// loopback reports whether the host of a request is this computer itself: a name that a page points here is
// none.
func loopback(host string) bool {
	if name, port, err := net.SplitHostPort(host); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return false
		}
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ours reports whether an origin is that of a page of the station.
func (a *Agent) ours(origin string) bool {
	return origin != "" && slices.Contains(a.Identity.Origins, origin)
}
