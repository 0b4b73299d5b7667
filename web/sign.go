package web

import (
	"context"
	"crypto/sha256"
	"net/http"
	"strings"
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
				if !failures.May(AskerOf(r.RemoteAddr)) {
					err = TooMany.At(op, nil).With("Authorization", "too many credentials that were refused")
				}
				failures.Take(AskerOf(r.RemoteAddr))
				p.Write(w, err)
				return
			}
		}
		name := who.ID
		if name == "" {
			name = AskerOf(r.RemoteAddr)
		}
		if !requests.Try(name) {
			p.Write(w, TooMany.At(op, nil).With("request", "too many in a minute"))
			return
		}
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
