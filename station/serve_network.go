package station

import (
	"context"
	"net/http"
	"sync"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
	"blanko/web/api"
	"blanko/web/public"
)

// alsoServe opens what other machines reach: the API over TLS, and the public listener. The function
// it gives ends both and waits for them.
func (c Config) alsoServe(ctx context.Context, reg *registry.Registry, svc Service) (end func(), err error) {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	end = func() {
		stop()
		running.Wait()
	}
	open := func(n NetworkConfig, name string, h http.Handler) error {
		ln, err := web.ListenTLS(ctx, web.Secured{Address: n.Listen, Certificate: n.Certificate, Key: n.Key, Clients: n.Clients})
		if err != nil {
			return err
		}
		svc.Log.Info("serving others", zap.String("what", name), zap.String("address", ln.Addr().String()))
		if svc.Others != nil {
			svc.Others(name, ln.Addr().String())
		}
		running.Go(func() {
			if err := web.Serve(work, ln, h, svc.Log); err != nil {
				svc.Log.Error("server ended", zap.String("what", name), zap.Error(err))
			}
		})
		return nil
	}
	if c.Network.Listen != "" {
		signed, problems, err := signedAPI(reg, access.Actor{}, svc, true)
		if err == nil {
			err = open(c.Network, "api", web.Guard(signed, problems, c.Network.Names...))
		}
		if err != nil {
			end()
			return nil, err
		}
	}
	if c.Public.Listen != "" {
		problems := web.NewProblems(Entries(), svc.Log, nil)
		mux := http.NewServeMux()
		visitors := web.NewVisitors(web.Complaints(c.Complaints), svc.Now)
		if err := api.Public(mux, api.Config{Registry: reg, Problems: problems, Version: Version(), Now: svc.Now}, visitors); err != nil {
			end()
			return nil, err
		}
		public.Mount(mux, public.Config{Registry: reg, Problems: problems, Office: c.Office, Visitors: visitors})
		web.Rest(mux, problems)
		if err := open(c.Public, "public", web.Guard(mux, problems, c.Public.Names...)); err != nil {
			end()
			return nil, err
		}
	}
	return end, nil
}
