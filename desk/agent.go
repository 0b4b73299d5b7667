package desk

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"go.uber.org/zap"

	"blanko/applet/inspect"
)

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
	return a.Devices.Look(ctx)
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
