package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// Signing in is no operation: what proves a person (password, one-time code) is never part of one, so
// that it stands in no proposal and under no key.

// Limits of signing in.
const (
	mostFailures = 5                // tries in a row before a person is locked out
	lockedFor    = 15 * time.Minute // and for how long
	// longestInvitation is how long an invitation may be open.
	longestInvitation = 7 * 24 * time.Hour
)

// Invite lets a person choose a password and a second factor at the console, once; what the person had
// before ends when it is taken up. By the security officer, agreed to by a second person, as a token is: who
// invites alone could act as anybody. The caller makes the text (access.NewToken) and passes its hash.
type Invite struct {
	Person    string
	Hash      string // SHA-256, hex
	ExpiresAt time.Time
	Second    Actor
}

func (Invite) Name() Name        { return opInvite }
func (o Invite) second() Actor   { return o.Second }
func (o Invite) subject() string { return "person:" + o.Person }

func (o Invite) run(a *act) error {
	const op = "registry.Invite"
	hash, err := hex.DecodeString(o.Hash)
	switch {
	case err != nil || len(hash) != sha256.Size:
		return badOperation.At(op, nil).With("hash", "SHA-256 in hex")
	case !o.ExpiresAt.After(a.now()) || o.ExpiresAt.After(a.now().Add(longestInvitation)):
		return badOperation.At(op, nil).With("expiresAt", "in the future, at most 7 days ahead")
	case o.Person == a.actor.ID || o.Person == o.Second.ID:
		return samePerson.At(op, nil).With("person", "nobody invites themselves")
	}
	p, found, err := access.PersonByID(a.tx, o.Person)
	switch {
	case err != nil:
		return err
	case !found || !p.Active:
		return personUnknown.At(op, nil)
	case p.Actor().Has(access.System):
		return badOperation.At(op, nil).With("person", "a system has tokens, no password")
	}
	i := access.Invitation{Hash: [sha256.Size]byte(hash), Person: o.Person, CreatedAt: a.now(), ExpiresAt: o.ExpiresAt}
	if err := i.Save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"person": o.Person}})
}

// EndSessions signs a person out everywhere.
type EndSessions struct{ Person string }

func (EndSessions) Name() Name { return opEndSessions }

func (o EndSessions) run(a *act) error {
	if _, found, err := access.PersonByID(a.tx, o.Person); err != nil || !found {
		if err == nil {
			err = personUnknown.At("registry.EndSessions", nil)
		}
		return err
	}
	if err := access.EndSessions(a.tx, o.Person); err != nil {
		return err
	}
	if err := dropTickets(a.tx, o.Person); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"person": o.Person}})
}

// Invited is whom an invitation is for; registry.invitation_over when it is unknown, was taken up or has
// run out.
func (r *Registry) Invited(ctx context.Context, hash [sha256.Size]byte) (p access.Person, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		p, err = invited(tx, hash)
		return err
	})
	return p, err
}

func invited(tx *store.Tx, hash [sha256.Size]byte) (p access.Person, err error) {
	const op = "registry.Invited"
	i, found, err := access.InvitationByHash(tx, hash)
	if err != nil {
		return p, err
	}
	if !found || !tx.Now().Before(i.ExpiresAt) {
		return p, invitationOver.At(op, nil)
	}
	p, found, err = access.PersonByID(tx, i.Person)
	if err == nil && (!found || !p.Active) {
		err = invitationOver.At(op, nil)
	}
	return p, err
}

// TakeUpInvitation gives the invited person a password and the secret of one-time codes, of which one is
// shown as proof that it arrived. A token with the text of the invitation ends with it, and so does every
// session of the person.
func (r *Registry) TakeUpInvitation(ctx context.Context, hash [sha256.Size]byte, password, codes, code string) (person string, err error) {
	const op = "registry.TakeUpInvitation"
	if !access.ValidPassword(password) {
		return "", passwordWeak.At(op, nil).With("password", "%d to %d characters", access.ShortestPassword, access.LongestPassword)
	}
	if _, err := r.Invited(ctx, hash); err != nil {
		return "", err
	}
	hashed, err := access.HashPassword(password, r.cfg.Rand)
	if err != nil {
		return "", err
	}
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		p, err := invited(tx, hash)
		if err != nil {
			return err
		}
		step, right := access.CodeStep(codes, code, tx.Now())
		if !right {
			return codeWrong.At(op, nil).With("code", "not the code of now")
		}
		person = p.ID
		if err := (access.Credential{Person: p.ID, Password: hashed, Codes: codes, LastStep: step, SetAt: tx.Now()}).Save(tx); err != nil {
			return err
		}
		if err := access.ForgetInvitations(tx, p.ID); err != nil {
			return err
		}
		if err := access.EndSessions(tx, p.ID); err != nil {
			return err
		}
		if err := dropTickets(tx, p.ID); err != nil {
			return err
		}
		if t, found, err := access.TokenByHash(tx, hash); err != nil || found && t.RevokedAt.IsZero() {
			if err != nil {
				return err
			}
			t.RevokedAt = tx.Now()
			if err := t.Save(tx); err != nil {
				return err
			}
		}
		a := &act{r: r, tx: tx, actor: access.Actor{ID: p.ID}}
		return a.tell(audit.Event{Code: "credential.set", Detail: map[string]string{"person": p.ID}})
	})
	return person, err
}

// CheckPassword reports by its error whether a password is a person's: registry.sign_in_refused where it
// is not, or nobody has the id; registry.locked_out after too many tries. address is where it came from.
func (r *Registry) CheckPassword(ctx context.Context, person, password, address string) error {
	c, err := r.try(ctx, person)
	right := access.MatchPassword(password, c.Password) // takes as long for who is not known
	if err != nil {
		return err
	}
	return r.settleTry(ctx, c, address, false, func(c *access.Credential, _ time.Time) bool {
		if right {
			c.Failures = max(0, c.Failures-1) // one-time codes may not be tried on and on
		}
		return right
	})
}

// CheckCode reports by its error whether a one-time code is a person's, and none that was taken before;
// it ends a sign-in, or the other errors of CheckPassword.
func (r *Registry) CheckCode(ctx context.Context, person, code, address string) error {
	c, err := r.try(ctx, person)
	if err != nil {
		return err
	}
	return r.settleTry(ctx, c, address, true, func(c *access.Credential, now time.Time) bool {
		step, right := access.CodeStep(c.Codes, code, now)
		if right = right && step > c.LastStep; right {
			c.LastStep, c.Failures = step, 0
		}
		return right
	})
}

// try counts a try before the proof is looked at, so that tries side by side are counted too.
func (r *Registry) try(ctx context.Context, person string) (c access.Credential, err error) {
	const op = "registry.SignIn"
	var why error
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		c, why = access.Credential{}, nil
		p, found, err := access.PersonByID(tx, person)
		if err == nil && found && p.Active {
			c, found, err = access.CredentialOf(tx, person)
		}
		switch {
		case err != nil:
			return err
		case !found || !p.Active:
			why = signInRefused.At(op, nil)
			return nil
		case tx.Now().Before(c.LockedUntil):
			why = lockedOut.At(op, nil).With("person", "until %s", c.LockedUntil.Format(time.RFC3339))
			return nil
		case c.Failures >= mostFailures: // the lock has run out
			c.Failures = 0
		}
		c.Failures++
		return c.Save(tx)
	})
	if err == nil {
		err = why
	}
	return c, err
}

// settleTry writes how a try went; ends: the person is signed in by it.
func (r *Registry) settleTry(ctx context.Context, tried access.Credential, address string, ends bool, proof func(*access.Credential, time.Time) bool) error {
	const op = "registry.SignIn"
	var why error
	err := r.store.Write(ctx, func(tx *store.Tx) error {
		why = nil
		a := &act{r: r, tx: tx, actor: access.Actor{ID: tried.Person}}
		tell := func(code string) error {
			return a.tell(audit.Event{Code: code, Detail: map[string]string{"person": tried.Person}})
		}
		try := access.SignIn{Person: tried.Person, Outcome: access.SignInRefused, Address: address}
		c, found, err := access.CredentialOf(tx, tried.Person)
		switch {
		case err != nil:
			return err
		case !found || !c.SetAt.Equal(tried.SetAt): // set anew meanwhile
			why = signInRefused.At(op, nil)
			return nil
		case proof(&c, tx.Now()):
			if ends {
				try.Outcome = access.SignInOpened
				if err := tell("session.opened"); err != nil {
					return err
				}
			}
		case c.Failures >= mostFailures:
			c.LockedUntil, try.Outcome = tx.Now().Add(lockedFor), access.SignInLocked
			why = lockedOut.At(op, nil).With("person", "until %s", c.LockedUntil.Format(time.RFC3339))
			if err := tell("session.locked_out"); err != nil {
				return err
			}
		default:
			why = signInRefused.At(op, nil)
		}
		if err := c.Save(tx); err != nil || why == nil && !ends {
			return err
		}
		return try.Save(tx)
	})
	if err != nil {
		return err
	}
	return why
}

// Person finds who has an id and works here; registry.person_unknown otherwise.
func (r *Registry) Person(ctx context.Context, id string) (p access.Person, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var found bool
		if p, found, err = access.PersonByID(tx, id); err == nil && (!found || !p.Active) {
			err = personUnknown.At("registry.Person", nil)
		}
		return err
	})
	return p, err
}

// Nobody reports whether the station has no person yet.
func (r *Registry) Nobody(ctx context.Context) (nobody bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err := access.Persons(tx, "", 1)
		nobody = len(list) == 0
		return err
	})
	return nobody, err
}

// KeepSession writes a new session of the console.
func (r *Registry) KeepSession(ctx context.Context, s access.Session) error {
	return r.store.Write(ctx, s.Save)
}

// ChangeSession changes what a session of the console keeps; of one that has ended nothing.
func (r *Registry) ChangeSession(ctx context.Context, hash string, change func(data string) (string, error)) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		s, found, err := access.SessionByHash(tx, hash)
		if err != nil || !found {
			return err
		}
		if s.Data, err = change(s.Data); err != nil {
			return err
		}
		return s.Save(tx)
	})
}

// SignedOut notes that a person left the console.
func (r *Registry) SignedOut(ctx context.Context, person, address string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		return access.SignIn{Person: person, Outcome: access.SignInEnded, Address: address}.Save(tx)
	})
}

// SessionByHash finds a session of the console.
func (r *Registry) SessionByHash(ctx context.Context, hash string) (s access.Session, found bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		s, found, err = access.SessionByHash(tx, hash)
		return err
	})
	return s, found, err
}

// EndSession forgets one session of the console.
func (r *Registry) EndSession(ctx context.Context, hash string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return access.EndSession(tx, hash) })
}

// SessionsOf are the open sessions of a person at the console, oldest first.
func (r *Registry) SessionsOf(ctx context.Context, person string) (list []access.Session, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = access.SessionsOf(tx, person)
		return err
	})
	return list, err
}

// SignInsOf are the newest tries of a person to sign in.
func (r *Registry) SignInsOf(ctx context.Context, person string, limit int) (list []access.SignIn, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = access.SignInsOf(tx, person, limit)
		return err
	})
	return list, err
}
