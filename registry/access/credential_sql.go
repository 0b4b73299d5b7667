package access

import (
	"crypto/sha256"
	"time"

	"blanko/store"
)

// Credential is how a person proves to be that person at the console.
type Credential struct {
	Person      string
	Password    string // argon2id, as a PHC string
	Codes       string // secret of the one-time codes, Base32
	LastStep    int64  // of the newest code that was taken
	Failures    int    // tries since the last that succeeded
	LockedUntil time.Time
	SetAt       time.Time
}

// String shows nothing but whose it is.
func (c Credential) String() string { return "Credential(" + c.Person + ")" }

// GoString shows nothing but whose it is.
func (c Credential) GoString() string { return c.String() }

// CredentialOf finds how a person signs in.
func CredentialOf(tx *store.Tx, person string) (c Credential, found bool, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var locked, set int64
		err := scan(&c.Person, &c.Password, sealedCodes.Open(&c.Codes, &c.Person), &c.LastStep, &c.Failures, &locked, &set)
		c.LockedUntil, c.SetAt, found = store.Time(locked), store.Time(set), true
		return err
	}, `select person, password, totp, last_step, failures, locked_until, set_at from credential where person = ?`, person)
	return c, found, err
}

// Save writes how a person signs in.
func (c Credential) Save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into credential (person, password, totp, last_step, failures, locked_until, set_at) values (?, ?, ?, ?, ?, ?, ?)
		on conflict (person) do update set password = excluded.password, totp = excluded.totp, last_step = excluded.last_step,
			failures = excluded.failures, locked_until = excluded.locked_until, set_at = excluded.set_at`,
		c.Person, c.Password, sealedCodes.Seal(c.Codes, c.Person), c.LastStep, c.Failures, store.Micros(c.LockedUntil), store.Micros(c.SetAt))
	return err
}

// Invitation lets a person choose a password, once. The ledger has the hash of its text alone.
type Invitation struct {
	Hash      [sha256.Size]byte
	Person    string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Save writes an invitation; the person has no other one afterwards.
func (i Invitation) Save(tx *store.Tx) error {
	if err := ForgetInvitations(tx, i.Person); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into invitation (hash, person, created_at, expires_at) values (?, ?, ?, ?)`,
		i.Hash[:], i.Person, store.Micros(i.CreatedAt), store.Micros(i.ExpiresAt))
	return err
}

// InvitationByHash finds an invitation.
func InvitationByHash(tx *store.Tx, hash [sha256.Size]byte) (i Invitation, found bool, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var created, expires int64
		err := scan(&i.Person, &created, &expires)
		i.Hash, i.CreatedAt, i.ExpiresAt, found = hash, store.Time(created), store.Time(expires), true
		return err
	}, `select person, created_at, expires_at from invitation where hash = ?`, hash[:])
	return i, found, err
}

// ForgetInvitations ends what a person was invited by.
func ForgetInvitations(tx *store.Tx, person string) error {
	_, err := tx.Exec(`delete from invitation where person = ?`, person)
	return err
}
