package console

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"blanko/web/console/words"
)

// sharedFor is how long a part that was made for one is shown to others, where nothing changed: it holds words
// such as "2 minutes ago".
const sharedFor = 2 * time.Second

// mostShared is how many are kept before those that are old are thrown away.
const mostShared = 100

// shared holds parts that were made once for all who look at them: thirty open consoles ask for the same part
// at the same moment. Two people see the same where their language, roles and place are the same.
type shared struct {
	sync.Mutex
	parts map[sharedKey]*sharedPart
}

type sharedKey struct {
	part  string
	query string // which page of a list
	lang  words.Language
	roles string
	place string
}

// sharedPart is one of them, as of a mark of the ledger.
type sharedPart struct {
	mark mark
	at   time.Time
	made sync.Once
	view liveView
	err  error
}

// sharedPart is a part for who looks, made by the first of all who ask for it after a change. The keys of its
// forms are each one's own: what is sent twice is done once, but not what two people send.
func (v *view) sharedPart(p livePart) (liveView, error) {
	now, err := v.mark(v.ctx())
	if err != nil {
		return liveView{}, err
	}
	var roles []string
	for _, r := range v.Actor.Roles {
		roles = append(roles, string(r))
	}
	slices.Sort(roles)
	s := v.shared.of(sharedKey{p.ID, v.partQuery(), v.Lang, strings.Join(roles, " "), v.Actor.Place}, now, v.Now())
	s.made.Do(func() {
		v.Work(p.ID)
		s.view, s.err = v.liveOf(p)
	})
	if s.err != nil { // the one for whom it was made may have gone
		return v.liveOf(p)
	}
	out := s.view
	out.HTML = keyField.ReplaceAllStringFunc(out.HTML, func(string) string { return `<input type="hidden" name="key" value="` + v.Key() + `">` })
	return out, nil
}

// partQuery is what of the address says which page of its lists a part shows.
func (v *view) partQuery() string {
	q := v.r.URL.Query()
	q.Del("v")
	return q.Encode()
}

// of is what is shared under a key, new where the ledger has changed or it is old.
func (s *shared) of(k sharedKey, mark mark, now time.Time) *sharedPart {
	s.Lock()
	defer s.Unlock()
	p := s.parts[k]
	if p == nil && len(s.parts) >= mostShared {
		maps.DeleteFunc(s.parts, func(_ sharedKey, p *sharedPart) bool { return now.Sub(p.at) > sharedFor })
	}
	if p == nil || p.mark != mark || now.Sub(p.at) > sharedFor {
		p = &sharedPart{mark: mark, at: now}
		s.parts[k] = p
	}
	return p
}
