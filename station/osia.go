package station

import (
	"context"
	"net/http"

	"blanko/registry/osia"
	"blanko/web"
	service "blanko/web/osia"
)

// osia mounts what a central system calls that speaks OSIA. Without a center whose keys are trusted
// every record that is pushed is refused.
func (c Config) osia(s *Station) func(*http.ServeMux, *web.Problems) {
	return func(mux *http.ServeMux, p *web.Problems) {
		service.Mount(mux, service.Config{Registry: s.Registry, Problems: p, Checker: s.pushChecker, Keys: s.Keys, Now: s.Now, Authority: c.Authority, Place: c.IssuePlace})
	}
}

func (s *Station) pushChecker(ctx context.Context) (osia.Checker, error) {
	if s.Center == nil {
		return osia.Checker{Office: s.Office, Keys: s.Keys}, nil
	}
	return s.checker(ctx)
}
