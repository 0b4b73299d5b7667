package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"go.uber.org/zap"

	"blanko/fault"
)

// maxBody bounds the body of any request, in bytes: that of a whole capture in Base64. Each address
// has its own, smaller bound.
const maxBody = 16 << 20

// headers of every answer (OWASP REST Security Cheat Sheet, "Security Headers").
var headers = map[string]string{
	"Cache-Control":                "no-store",
	"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
}

// Guard stands before every request: headers, limits, the name of the host, and no panic gets
// out. A name that is not this machine's own, and none of the names it is known by, is refused, so that
// a page from elsewhere cannot reach in through a name that it points here.
func Guard(next http.Handler, p *Problems, names ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const op = "web.Guard"
		for name, v := range headers {
			w.Header().Set(name, v)
		}
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				p.log.Error("panic", zap.String("path", r.URL.Path), zap.Stack("stack"))
				p.Write(w, Unexpected.At(op, fmt.Errorf("panic: %v", v)))
			}
		}()
		if !ownName(r.Host, names) {
			p.Write(w, HostRefused.At(op, nil).With("Host", "not a name of this machine"))
			return
		}
		if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
			p.Write(w, BadParameter.At(op, nil).With("query", "not well-formed"))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// ownName reports whether the host of a request is a loopback address, localhost or one of the names,
// with or without a port.
func ownName(host string, names []string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") || slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, host) }) {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// methods that a route may have.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// Rest answers what no other route of the mux takes: 404, or 405 where the address knows other
// methods.
func Rest(mux *http.ServeMux, p *Problems) {
	const all = "/"
	mux.HandleFunc(all, func(w http.ResponseWriter, r *http.Request) {
		const op = "web.Rest"
		allowed := slices.DeleteFunc(slices.Clone(methods), func(m string) bool {
			other := r.Clone(r.Context())
			other.Method = m
			_, pattern := mux.Handler(other)
			return pattern == all || pattern == ""
		})
		if len(allowed) == 0 {
			p.Write(w, NoSuchPage.At(op, nil))
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		p.refuseAs(w, http.StatusMethodNotAllowed, MethodRefused.At(op, nil).With("method", "%s only", strings.Join(allowed, ", ")))
	})
}

// refuseAs answers with a status that is no kind's own.
func (p *Problems) refuseAs(w http.ResponseWriter, status int, err *fault.Error) {
	pr := p.Of(err)
	pr.Status = status
	pr.write(w)
}
