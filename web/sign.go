package web

import (
	"context"
	"crypto/sha256"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"blanko/registry/access"
)

// Authenticate finds who a credential, by its hash, acts for; an error where nobody.
type Authenticate func(ctx context.Context, kind access.TokenKind, hash [sha256.Size]byte) (access.Actor, error)

type actorKey struct{}

// ActorOf is who sent a request; without an id, nobody who is known.
func ActorOf(ctx context.Context) access.Actor {
	who, _ := ctx.Value(actorKey{}).(access.Actor)
	return who
}

// WithActor is a context of a request that somebody sent.
func WithActor(ctx context.Context, who access.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, who)
}

const bearer = "Bearer "

// SignIn finds who sends a request: by the token in its Authorization header, else by the client
// certificate of its connection, else nobody (guest, who may be nobody too). A credential that
// fails is refused, never taken for a guest; so is who asks too often. One that is good goes on though
// somebody guesses from the same address: a token is not guessed, but its owner could be shut out.
func SignIn(next http.Handler, auth Authenticate, guest access.Actor, p *Problems, now func() time.Time) http.Handler {
	failures := NewLimiter(failuresPerMinute, failuresPerMinute, now)
	requests := NewLimiter(requestsPerMinute, requestsAtOnce, now)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const op = "web.SignIn"
		kind, hash, given, wrong := credential(r)
		who := guest
		if given {
			var err error
			if wrong {
				err = SignInNeeded.At(op, nil).With("Authorization", "Bearer and a token")
			} else {
				who, err = auth(r.Context(), kind, hash)
			}
			if err != nil {
				if !failures.May(address(r)) {
					err = TooMany.At(op, nil).With("Authorization", "too many credentials that were refused")
				}
				failures.Take(address(r))
				p.Write(w, err)
				return
			}
		}
		name := who.ID
		if name == "" {
			name = address(r)
		}
		if !requests.May(name) {
			p.Write(w, TooMany.At(op, nil).With("request", "too many in a minute"))
			return
		}
		requests.Take(name)
		next.ServeHTTP(w, r.WithContext(WithActor(r.Context(), who)))
	})
}

// Bounds of asking. A console and a desk ask a few times a second.
const (
	failuresPerMinute = 20
	requestsPerMinute = 3000
	requestsAtOnce    = 1000
)

func credential(r *http.Request) (kind access.TokenKind, hash [sha256.Size]byte, given, wrong bool) {
	if h := r.Header.Get("Authorization"); h != "" {
		token, ok := strings.CutPrefix(h, bearer)
		if len(h) > len(bearer) && strings.EqualFold(h[:len(bearer)], bearer) {
			token, ok = h[len(bearer):], true
		}
		return access.APIToken, sha256.Sum256([]byte(token)), true, !ok || token == ""
	}
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 { // ListenTLS let it in, and its client has the key
		return access.ClientCertificate, sha256.Sum256(r.TLS.PeerCertificates[0].Raw), true, false
	}
	return "", hash, false, false
}

func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Limiter bounds how often each name may do something: a bucket of tokens that fills with time.
// Safe for concurrent use.
type Limiter struct {
	mu      sync.Mutex
	rate    float64 // per second
	most    float64
	now     func() time.Time
	buckets map[string]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// NewLimiter allows so many in a minute, and so many at once.
func NewLimiter(perMinute, atOnce float64, now func() time.Time) *Limiter {
	return &Limiter{rate: perMinute / time.Minute.Seconds(), most: atOnce, now: now, buckets: map[string]bucket{}}
}

// mostNames bounds the memory of a limiter; full buckets are forgotten beyond it.
const mostNames = 10000

func (l *Limiter) fill(name string) bucket {
	now := l.now()
	b, known := l.buckets[name]
	if !known {
		b = bucket{l.most, now}
	}
	b.tokens = min(l.most, b.tokens+max(0, now.Sub(b.at).Seconds())*l.rate)
	b.at = now
	return b
}

// May reports whether the name has something left.
func (l *Limiter) May(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fill(name).tokens >= 1
}

// Take uses one up.
func (l *Limiter) Take(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.fill(name)
	b.tokens = max(0, b.tokens-1)
	if len(l.buckets) >= mostNames {
		for n := range l.buckets {
			if l.fill(n).tokens >= l.most {
				delete(l.buckets, n)
			}
		}
		if len(l.buckets) >= mostNames { // all of them busy: start anew rather than grow
			clear(l.buckets)
		}
	}
	l.buckets[name] = b
}
