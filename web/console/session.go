package console

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"blanko/registry"
	"blanko/registry/access"
)

// What a session keeps.
const (
	sessionPerson = "person" // who has signed in
	sessionTried  = "tried"  // whose password was right; the code is missing
	sessionProved = "proved" // when it was right, RFC 3339
	sessionLocked = "locked" // set: nothing is shown before the password
	sessionSeen   = "seen"   // when the person last did something, RFC 3339
	sessionOpened = "opened" // the application whose person was asked for last
	sessionFlash  = "flash"  // what was done, for the next page
)

// longestSession is one long working day.
const longestSession = 12 * time.Hour

// seenStep is how exactly a session knows when its person last did something.
const seenStep = 30 * time.Second

// sessions of the console, kept in the ledger.
type sessions struct {
	*scs.SessionManager
	now  func() time.Time
	idle time.Duration
}

func newSessions(cfg Config) *sessions {
	m := scs.New()
	m.Store = ledger{cfg.Registry}
	m.Codec = textCodec{}
	m.HashTokenInStore = true
	m.Lifetime = longestSession
	m.Cookie = scs.SessionCookie{Name: "blanko", Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: cfg.Secure}
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) { cfg.Problems.Write(w, err) }
	return &sessions{SessionManager: m, now: cfg.Now, idle: cfg.Idle}
}

// longestCode is how long a password that was right waits for its code.
const longestCode = 5 * time.Minute

// tried is whose password was right a short while ago.
func (s *sessions) tried(ctx context.Context) string {
	at, err := time.Parse(time.RFC3339, s.GetString(ctx, sessionProved))
	if err != nil || s.now().Sub(at) >= longestCode {
		return ""
	}
	return s.GetString(ctx, sessionTried)
}

// touch notes that the person did something.
func (s *sessions) touch(ctx context.Context) {
	if s.now().Sub(s.seen(ctx)) >= seenStep {
		s.Put(ctx, sessionSeen, s.now().UTC().Format(time.RFC3339))
	}
}

func (s *sessions) seen(ctx context.Context) time.Time {
	at, err := time.Parse(time.RFC3339, s.GetString(ctx, sessionSeen))
	if err != nil {
		return time.Time{}
	}
	return at
}

// hash is by which the register knows the session of a request.
func (s *sessions) hash(ctx context.Context) string {
	sum := sha256.Sum256([]byte(s.Token(ctx))) // as scs hashes what it stores (HashTokenInStore)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// locked reports whether the person has to prove to be there still.
func (s *sessions) locked(ctx context.Context) bool {
	return s.GetString(ctx, sessionLocked) != "" || s.now().Sub(s.seen(ctx)) >= s.idle
}

// LoadAndSave reads the session of a request and keeps what the request changed in it.
func (s *sessions) LoadAndSave(next http.Handler) http.Handler {
	h := s.SessionManager.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), loadedKey{}, &loaded{})))
	})
}

type loadedKey struct{}

// loaded is the session of a request as it was when the request came.
type loaded struct {
	hash   string
	values map[string]string
}

// ledger keeps sessions in the register.
type ledger struct{ reg *registry.Registry }

func (l ledger) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	s, found, err := l.reg.SessionByHash(ctx, hash)
	if was, ok := ctx.Value(loadedKey{}).(*loaded); ok && found && err == nil {
		var kept keptSession
		err = json.Unmarshal([]byte(s.Data), &kept)
		was.hash, was.values = hash, kept.Values
	}
	return []byte(s.Data), found, err
}

// CommitCtx keeps a new session, or what a request changed in the one that it came with: what another request
// changed meanwhile stays, such as its lock, and one that was ended meanwhile stays ended.
func (l ledger) CommitCtx(ctx context.Context, hash string, data []byte, expires time.Time) error {
	var kept keptSession
	if err := json.Unmarshal(data, &kept); err != nil {
		return err
	}
	if was, ok := ctx.Value(loadedKey{}).(*loaded); ok && was.hash == hash {
		return l.reg.ChangeSession(ctx, hash, func(now string) (string, error) { return merged(now, was.values, kept.Values) })
	}
	return l.reg.KeepSession(ctx, access.Session{Hash: hash, Person: kept.Values[sessionPerson], Data: string(data), ExpiresAt: expires})
}

// merged is a session as it is now, with what differs between two states of it.
func merged(now string, was, is map[string]string) (string, error) {
	var kept keptSession
	if err := json.Unmarshal([]byte(now), &kept); err != nil {
		return "", err
	}
	for name := range was {
		if _, still := is[name]; !still {
			delete(kept.Values, name)
		}
	}
	for name, v := range is {
		if before, there := was[name]; !there || before != v {
			kept.Values[name] = v
		}
	}
	text, err := json.Marshal(kept)
	return string(text), err
}

func (l ledger) DeleteCtx(ctx context.Context, hash string) error { return l.reg.EndSession(ctx, hash) }

// The forms without a context belong to the interface and are not called.
var errNoContext = errors.New("a session needs a context")

func (ledger) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (ledger) Commit(string, []byte, time.Time) error { return errNoContext }
func (ledger) Delete(string) error                    { return errNoContext }

// keptSession is a session as text: it holds texts alone.
type keptSession struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

type textCodec struct{}

func (textCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	kept := keptSession{deadline, map[string]string{}}
	for name, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, errors.New("a session keeps texts alone: " + name)
		}
		kept.Values[name] = text
	}
	return json.Marshal(kept)
}

func (textCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var kept keptSession
	if err := json.Unmarshal(b, &kept); err != nil {
		return time.Time{}, nil, err
	}
	values := make(map[string]any, len(kept.Values))
	for name, v := range kept.Values {
		values[name] = v
	}
	return kept.Deadline, values, nil
}
