package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strings"
	"time"

	"blanko/store"
)

// TokenKind is how a program proves whose it is.
type TokenKind string

const (
	APIToken          TokenKind = "token"       // a secret in the Authorization header
	ClientCertificate TokenKind = "certificate" // of a TLS connection
)

// Token lets a program act for a person. The ledger has its hash alone.
type Token struct {
	ID        string
	Person    string
	Kind      TokenKind
	Hash      [sha256.Size]byte // of the token's text, or of the certificate (DER)
	Label     string
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt time.Time
	Scopes    []Scope // over OSIA
}

// tokenPrefix lets a leaked token be found by those who search for it.
const tokenPrefix = "blanko_"

const tokenBytes = 32

// NewToken makes the text of a token and its hash. The text is shown once.
func NewToken(r io.Reader) (text string, hash [sha256.Size]byte, err error) {
	if r == nil {
		r = rand.Reader
	}
	b := make([]byte, tokenBytes)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", hash, err
	}
	text = tokenPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
	return text, sha256.Sum256([]byte(text)), nil
}

// Valid reports whether the token may be used at a time.
func (t Token) Valid(now time.Time) bool {
	return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt) && !now.Before(t.CreatedAt)
}

const tokenColumns = `id, person, kind, hash, label, created_at, expires_at, revoked_at, scopes`

func tokens(tx *store.Tx, where string, args ...any) (list []Token, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var t Token
		var hash []byte
		var created, expires, revoked int64
		var scopes string
		if err := scan(&t.ID, &t.Person, &t.Kind, &hash, &t.Label, &created, &expires, &revoked, &scopes); err != nil {
			return err
		}
		copy(t.Hash[:], hash)
		t.CreatedAt, t.ExpiresAt, t.RevokedAt = store.Time(created), store.Time(expires), store.Time(revoked)
		for s := range strings.FieldsSeq(scopes) {
			t.Scopes = append(t.Scopes, Scope(s))
		}
		list = append(list, t)
		return nil
	}, `select `+tokenColumns+` from token `+where, args...)
	return list, err
}

// TokenByHash finds a token.
func TokenByHash(tx *store.Tx, hash [sha256.Size]byte) (Token, bool, error) {
	list, err := tokens(tx, `where hash = ?`, hash[:])
	if err != nil || len(list) == 0 {
		return Token{}, false, err
	}
	return list[0], true, nil
}

// TokenByID finds a token.
func TokenByID(tx *store.Tx, id string) (Token, bool, error) {
	list, err := tokens(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Token{}, false, err
	}
	return list[0], true, nil
}

// TokensOf are the tokens of a person, oldest first.
func TokensOf(tx *store.Tx, person string) ([]Token, error) {
	return tokens(tx, `where person = ? order by created_at, id`, person)
}

// Save writes a token.
func (t Token) Save(tx *store.Tx) error {
	scopes := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		scopes[i] = string(s)
	}
	_, err := tx.Exec(`insert into token (`+tokenColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set revoked_at = excluded.revoked_at`,
		t.ID, t.Person, t.Kind, t.Hash[:], t.Label, store.Micros(t.CreatedAt), store.Micros(t.ExpiresAt), store.Micros(t.RevokedAt), strings.Join(scopes, " "))
	return err
}
