package store

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
)

// RootSize is the length of a root key and of a data key, in bytes.
const RootSize = 32

// dataKeysSince is the version of the tables that brought data keys.
const dataKeysSince = 81

// Root is a root key: it lies outside of the ledger and wraps the data keys, which lie in it and seal
// personal data.
type Root struct {
	id  string
	key cipher.AEAD
}

// NewRoot takes a root key of RootSize bytes.
func NewRoot(key []byte) (Root, error) {
	if len(key) != RootSize {
		return Root{}, rootWrong.At("store.NewRoot", nil).With("key", "it has %d bytes, %d are wanted", len(key), RootSize)
	}
	sum := sha256.Sum256(append([]byte("blanko root key "), key...))
	gcm, err := newGCM(key)
	return Root{hex.EncodeToString(sum[:8]), gcm}, err
}

// ID names the key and says nothing of it.
func (r Root) ID() string { return r.id }

// String shows nothing but its name.
func (r Root) String() string { return "Root(" + r.id + ")" }

// GoString shows nothing but its name.
func (r Root) GoString() string { return r.String() }

func (r Root) bound(id int64) []byte { return append([]byte("blanko data key "), sealHeadOf(id)...) }

func (r Root) wrap(id int64, key []byte) ([]byte, error) {
	nonce := make([]byte, sealNonce)
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return r.key.Seal(nonce, nonce, key, r.bound(id)), nil
}

func (r Root) unwrap(id int64, wrapped []byte) ([]byte, error) {
	if len(wrapped) < sealNonce {
		return nil, errors.New("cut")
	}
	return r.key.Open(nil, wrapped[:sealNonce], wrapped[sealNonce:], r.bound(id))
}

// WithRoots gives the root keys of the ledger. A fresh ledger gets its first data key under all of them; one
// with data keys gets them wrapped by each, so that any of them opens it. Without root keys what is sealed
// cannot be read, and nothing can be written beside it.
func WithRoots(roots ...Root) Option { return func(s *settings) { s.roots = roots } }

// ring is the data keys that this process has unwrapped.
type ring struct {
	roots []Root
	mu    sync.RWMutex
	keys  map[int64]cipher.AEAD
}

func (r *ring) has(id int64) (cipher.AEAD, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	key, ok := r.keys[id]
	return key, ok
}

func (r *ring) take(id int64, key []byte) error {
	gcm, err := newGCM(key)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys == nil {
		r.keys = map[int64]cipher.AEAD{}
	}
	r.keys[id] = gcm
	return nil
}

// wrapped is a data key under one root key.
type wrapped struct {
	id   int64
	root string
	text []byte
	at   int64
}

func (t *Tx) wrapped() (list []wrapped, err error) {
	err = t.Each(func(scan func(...any) error) error {
		var w wrapped
		err := scan(&w.id, &w.root, &w.text, &w.at)
		list = append(list, w)
		return err
	}, `select id, root, wrapped, made_at from data_key order by id, root`)
	return list, err
}

// sealsBy learns which data key is in use: it is read in every transaction, so that no station ever seals
// under a key that is retired, and every value that the transaction sees is under a key that it sees, too.
func (t *Tx) sealsBy() error {
	_, err := t.Get([]any{&t.dataKey}, `select coalesce(max(id), 0) from data_key`)
	if err != nil || t.dataKey == 0 || len(t.ring.roots) == 0 {
		return err
	}
	if _, known := t.ring.has(t.dataKey); known {
		return nil
	}
	list, err := t.wrapped()
	if err != nil {
		return err
	}
	for _, w := range list {
		for _, r := range t.ring.roots {
			if r.id != w.root {
				continue
			}
			key, err := r.unwrap(w.id, w.text)
			if err != nil {
				return valueDamaged.At("store.data_key", nil).With("data_key", "key %d under root %s", w.id, r.id)
			}
			if err := t.ring.take(w.id, key); err != nil {
				return err
			}
			clear(key)
		}
	}
	return nil
}

// cipher is a data key by its number.
func (t *Tx) cipher(c Column, id int64) (cipher.AEAD, error) {
	if id == t.dataKey && t.made != nil {
		return t.made, nil
	}
	if key, ok := t.ring.has(id); ok {
		return key, nil
	}
	return nil, dataKeyMissing.At("store.data_key", nil).With(c.String(), "data key %d", id)
}

// spread makes the first data key of a fresh ledger, and has every root key of this process wrap every data
// key: the others of a ledger are told a new root key by whichever station knows it first.
func (s *Store) spread(ctx context.Context) error {
	if len(s.ring.roots) == 0 {
		return nil
	}
	missing := func(t *Tx) (out []wrapped, fresh bool, err error) {
		list, err := t.wrapped()
		if err != nil {
			return nil, false, err
		}
		if len(list) == 0 {
			var events int
			_, err := t.Get([]any{&events}, `select count(*) from (select 1 from event limit 1) e`)
			return nil, events == 0, err
		}
		for id, at := range madeAt(list) {
			if _, ok := t.ring.has(id); !ok {
				return nil, false, dataKeyMissing.At("store.Open", nil).With("data_key", "data key %d lies under none of the root keys that are here", id)
			}
			for _, r := range t.ring.roots {
				if !slices.ContainsFunc(list, func(w wrapped) bool { return w.id == id && w.root == r.id }) {
					out = append(out, wrapped{id: id, root: r.id, at: at})
				}
			}
		}
		return out, false, nil
	}
	var some bool
	if err := s.Read(ctx, func(t *Tx) error {
		out, fresh, err := missing(t)
		some = fresh || len(out) > 0
		return err
	}); err != nil || !some {
		return err
	}
	return s.Write(ctx, func(t *Tx) error {
		out, fresh, err := missing(t)
		if fresh {
			_, err = t.NewDataKey()
		}
		if err != nil || len(out) == 0 {
			return err
		}
		list, err := t.wrapped()
		if err != nil {
			return err
		}
		for _, w := range out {
			key, err := t.plainKey(list, w.id)
			if err != nil {
				return err
			}
			if err := t.keepWrapped(w, key); err != nil {
				return err
			}
		}
		return nil
	})
}

func madeAt(list []wrapped) map[int64]int64 {
	out := map[int64]int64{}
	for _, w := range list {
		out[w.id] = w.at
	}
	return out
}

// plainKey unwraps a data key.
func (t *Tx) plainKey(list []wrapped, id int64) ([]byte, error) {
	for _, w := range list {
		for _, r := range t.ring.roots {
			if w.id == id && w.root == r.id {
				return r.unwrap(id, w.text)
			}
		}
	}
	return nil, dataKeyMissing.At("store.data_key", nil).With("data_key", "data key %d", id)
}

func (t *Tx) keepWrapped(w wrapped, key []byte) error {
	i := slices.IndexFunc(t.ring.roots, func(r Root) bool { return r.id == w.root })
	text, err := t.ring.roots[i].wrap(w.id, key)
	if err != nil {
		return err
	}
	_, err = t.Exec(`insert into data_key (id, root, wrapped, made_at) values (?, ?, ?, ?)`, w.id, w.root, text, w.at)
	return err
}

// NewDataKey makes the next data key, under every root key; what is written from now on in this
// transaction, and after it by all stations, is sealed under it. It is refused where another station's root key is not
// here: that station could not read what is written.
func (t *Tx) NewDataKey() (id int64, err error) {
	const op = "store.NewDataKey"
	if len(t.ring.roots) == 0 {
		return 0, dataKeyMissing.At(op, nil).With("root", "no root key is here")
	}
	list, err := t.wrapped()
	if err != nil {
		return 0, err
	}
	for _, w := range list {
		if !slices.ContainsFunc(t.ring.roots, func(r Root) bool { return r.id == w.root }) {
			return 0, rootUnknown.At(op, nil).With("root", "%s", w.root)
		}
	}
	if t.dataKey >= math.MaxInt32 {
		return 0, rootWrong.At(op, nil).With("data_key", "there is no number left")
	}
	id = t.dataKey + 1
	key := make([]byte, RootSize)
	defer clear(key)
	if _, err := rand.Read(key); err != nil {
		return 0, err
	}
	for _, r := range t.ring.roots {
		if err := t.keepWrapped(wrapped{id: id, root: r.id, at: Micros(t.Now())}, key); err != nil {
			return 0, err
		}
	}
	if t.made, err = newGCM(key); err != nil {
		return 0, err
	}
	t.dataKey = id
	return id, nil
}

// ForgetRoots removes what lies under root keys that are not here any more: whoever has one of those cannot
// open the ledger with it from now on. It returns their names.
func (t *Tx) ForgetRoots() (gone []string, err error) {
	if len(t.ring.roots) == 0 {
		return nil, dataKeyMissing.At("store.ForgetRoots", nil).With("root", "no root key is here")
	}
	list, err := t.wrapped()
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		if slices.ContainsFunc(t.ring.roots, func(r Root) bool { return r.id == w.root }) || slices.Contains(gone, w.root) {
			continue
		}
		if _, err := t.Exec(`delete from data_key where root = ?`, w.root); err != nil {
			return nil, err
		}
		gone = append(gone, w.root)
	}
	return gone, nil
}

// DataKey is a data key as it may be shown.
type DataKey struct {
	ID     int64     `json:"id"`
	MadeAt time.Time `json:"made_at"`
	Roots  []string  `json:"roots"` // that open it
}

// DataKeys are those of the ledger, the one in use last; none: the ledger stands in clear.
func (t *Tx) DataKeys() (keys []DataKey, err error) {
	list, err := t.wrapped()
	for _, w := range list {
		if n := len(keys); n == 0 || keys[n-1].ID != w.id {
			keys = append(keys, DataKey{ID: w.id, MadeAt: Time(w.at)})
		}
		k := &keys[len(keys)-1]
		k.Roots = append(k.Roots, w.root)
	}
	return keys, err
}

// older is the condition of values that are not under the data key in use, and its argument.
func (t *Tx) older(c Column) (string, any) {
	head := sealHeadOf(t.dataKey)
	if !c.Text {
		return `length(` + c.Name + `) > 0 and substr(` + c.Name + `, 1, 6) <> ?`, head
	}
	return c.Name + ` not in ('', '{}', '[]', 'null') and substr(` + c.Name + `, 1, 8) <> ?`, base64.RawStdEncoding.EncodeToString(head)
}

// Reseal brings values of a column under the data key in use: of the next rows behind after, the values of
// its Key, at most limit. It returns the last of them, nil at the end of the table.
func (t *Tx) Reseal(c Column, after []any, limit int) (last []any, done int, err error) {
	where, head := t.older(c)
	return t.rewrite(c, where, []any{head}, after, limit, func(held []byte, row []any) ([]byte, error) { return t.unsealed(c, held, row) })
}

// SealLedger seals every value of the columns of a ledger that stands in clear, under its first data key, and
// returns how many there were. It is one transaction: a ledger is never in clear by one half. A sealed ledger
// is left as it is.
func (t *Tx) SealLedger(columns []Column) (done int, err error) {
	const atOnce = 500
	if t.dataKey > 0 {
		return 0, nil
	}
	if _, err := t.NewDataKey(); err != nil {
		return 0, err
	}
	for _, c := range columns {
		where := `length(` + c.Name + `) > 0`
		if c.Text {
			where = c.Name + ` not in ('', '{}', '[]', 'null')`
		}
		var after []any
		for more := true; more; more = after != nil {
			last, n, err := t.rewrite(c, where, nil, after, atOnce, func(held []byte, _ []any) ([]byte, error) { return held, nil })
			if err != nil {
				return 0, err
			}
			after, done = last, done+n
		}
	}
	return done, nil
}

// rewrite seals the next values of a column that a condition finds, read by plain.
func (t *Tx) rewrite(c Column, where string, args, after []any, limit int, plain func([]byte, []any) ([]byte, error)) (last []any, done int, err error) {
	type found struct {
		row   []any
		value []byte
	}
	var rows []found
	columns := strings.Join(c.Key, ", ")
	if after != nil {
		where += ` and (` + columns + `) > (` + strings.Repeat("?, ", len(c.Key)-1) + `?)`
		args = append(args, after...)
	}
	if err := t.Each(func(scan func(...any) error) error {
		f := found{row: make([]any, len(c.Key))}
		var held sql.RawBytes
		dest := make([]any, 0, len(c.Key)+1)
		for i := range f.row {
			dest = append(dest, &f.row[i])
		}
		err := scan(append(dest, &held)...)
		f.value = slices.Clone([]byte(held))
		rows = append(rows, f)
		return err
	}, `select `+columns+`, `+c.Name+` from `+c.Table+` where `+where+` order by `+columns+` limit ?`, append(args, limit)...); err != nil {
		return nil, 0, err
	}
	for _, f := range rows {
		b := f.value
		if !c.empty(b) {
			if b, err = plain(b, f.row); err != nil {
				return nil, 0, err
			}
		}
		n, err := t.Exec(`update `+c.Table+` set `+c.Name+` = ? where `+strings.Join(c.Key, " = ? and ")+` = ?`, append([]any{sealing{c, b, f.row}}, f.row...)...)
		switch {
		case err != nil:
			return nil, 0, err
		case n != 1:
			return nil, 0, valueDamaged.At("store.Reseal", nil).With(c.String(), "its key tells %d rows apart", n)
		}
		last = f.row
	}
	if len(rows) < limit {
		last = nil
	}
	return last, len(rows), nil
}

// RetireDataKeys removes the data keys that are not in use any more, after it has looked at every row of the
// columns in the same transaction. Where a value is under one of them nothing is removed, and left tells of
// how many columns that is true. Nor is anything where the tables are [Tx.Newer]: what a column that this program
// does not know has under an older key, nobody could read any more.
func (t *Tx) RetireDataKeys(columns []Column) (retired []int64, left int, err error) {
	if newer, err := t.Newer(); err != nil || newer {
		return nil, 0, err
	}
	for _, c := range columns {
		where, head := t.older(c)
		var some int
		if _, err := t.Get([]any{&some}, `select count(*) from (select 1 from `+c.Table+` where `+where+` limit 1) e`, head); err != nil {
			return nil, 0, err
		}
		left += some
	}
	if left > 0 {
		return nil, left, nil
	}
	keys, err := t.DataKeys()
	if err != nil {
		return nil, 0, err
	}
	for _, k := range keys {
		if k.ID != t.dataKey {
			retired = append(retired, k.ID)
		}
	}
	if len(retired) > 0 {
		_, err = t.Exec(`delete from data_key where id < ?`, t.dataKey)
	}
	return retired, 0, err
}
