package registry

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"time"

	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// Desk is a computer at a counter whose agent brings devices to the pages. It has a certificate of its own
// and acts for nobody but the person whose page gave it a ticket.
type Desk struct {
	ID          string
	Place       string            // service place; empty: the Dinas
	Code        []byte            // hash of the pairing code; nil once it was used
	Taken       []byte            // hash of the code that was used last
	Certificate [sha256.Size]byte // hash of the paired certificate; zero before
	InvitedBy   string
	ExpiresAt   time.Time // of the code
	PairedAt    time.Time
	RevokedAt   time.Time
}

// deskPrefix stands before a desk that acts: no person has such an id.
const deskPrefix = "desk:"

// actor is the desk as one who acts; after the revocation it is nobody.
func (d Desk) actor() Actor {
	return Actor{ID: deskPrefix + d.ID, Roles: []access.Role{access.DeskAgent}, Place: d.Place}
}

// longestPairing is how long a pairing code may be open.
const longestPairing = 24 * time.Hour

// pairingBytes of randomness, which a person types as sixteen letters and digits.
const pairingBytes = 10

// NewPairingCode makes a code that a person types at the desk, in groups of four. It is shown once.
func NewPairingCode() string {
	b := make([]byte, pairingBytes)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	text := base32.StdEncoding.EncodeToString(b)
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

// PairingHash is the hash of a code, however it was typed.
func PairingHash(code string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(strings.TrimSpace(code)))))
}

// InviteDesk opens a pairing of a computer, once; a desk that is paired already changes its certificate by
// it. The caller makes the code (NewPairingCode) and passes its hash.
type InviteDesk struct {
	ID        string
	Place     string
	Hash      string // SHA-256, hex
	ExpiresAt time.Time
}

func (InviteDesk) Name() Name { return opInviteDesk }

func (o InviteDesk) run(a *act) error {
	const op = "registry.InviteDesk"
	hash, err := hex.DecodeString(o.Hash)
	switch {
	case !access.ValidID(o.ID) || strings.Contains(o.ID, "."): // a dot ends the desk's name in those of its devices
		return badOperation.At(op, nil).With("id", "1 to 64 lower case letters, digits, dashes")
	case err != nil || len(hash) != sha256.Size:
		return badOperation.At(op, nil).With("hash", "SHA-256 in hex")
	case !o.ExpiresAt.After(a.now()) || o.ExpiresAt.After(a.now().Add(longestPairing)):
		return badOperation.At(op, nil).With("expiresAt", "in the future, at most a day ahead")
	}
	if o.Place, err = a.workplace(o.Place); err != nil {
		return err
	}
	d, _, err := deskByID(a.tx, o.ID)
	if err != nil {
		return err
	}
	d.ID, d.Place, d.Code, d.Taken, d.InvitedBy, d.ExpiresAt = o.ID, o.Place, hash, nil, a.actor.ID, o.ExpiresAt
	if err := d.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = d.ID
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"desk": d.ID, "place": d.Place}})
}

// RevokeDesk ends what a desk may, at once, and a code that is open for it.
type RevokeDesk struct{ Desk string }

func (RevokeDesk) Name() Name { return opRevokeDesk }

func (o RevokeDesk) run(a *act) error {
	d, found, err := deskByID(a.tx, o.Desk)
	if err == nil && !found {
		err = unknownID.At("registry.RevokeDesk", nil).With("desk", "no such id here")
	}
	if err != nil || !d.RevokedAt.IsZero() && d.Code == nil {
		return err
	}
	d.RevokedAt, d.Code, d.Taken = a.now(), nil, nil
	if err := d.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = d.ID
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"desk": d.ID, "place": d.Place}})
}

// PairDesk lets the computer that shows an open code act as its desk from now on, by the certificate whose
// hash it is; registry.pairing_over for any other code. The same certificate with the same code, whose answer
// may have been lost, is told the same while the code would be open. It is no operation, as signing in is none.
func (r *Registry) PairDesk(ctx context.Context, code, certificate [sha256.Size]byte) (d Desk, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		var found bool
		d, found, err = deskByTaken(tx, code)
		if again := found && d.Certificate == certificate && d.RevokedAt.IsZero() && tx.Now().Before(d.ExpiresAt); err != nil || again {
			return err
		}
		d, found, err = deskByCode(tx, code)
		if err == nil && (!found || !tx.Now().Before(d.ExpiresAt)) {
			err = pairingOver.At("registry.PairDesk", nil).With("code", "no open pairing")
		}
		if err != nil {
			return err
		}
		d.Code, d.Taken, d.Certificate, d.PairedAt, d.RevokedAt = nil, code[:], certificate, tx.Now(), time.Time{}
		if err := d.save(tx); err != nil {
			return err
		}
		a := &act{r: r, tx: tx, actor: d.actor()}
		return a.tell(audit.Event{Code: "desk.paired", Detail: map[string]string{"desk": d.ID, "place": d.Place, "invited": d.InvitedBy}})
	})
	return d, err
}

// Desks are all of them, in the order of their ids.
func (r *Registry) Desks(ctx context.Context) (list []Desk, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = desks(tx, `order by id`)
		return err
	})
	return list, err
}
