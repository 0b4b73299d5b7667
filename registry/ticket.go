package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"blanko/ktp"
	"blanko/registry/access"
	"blanko/store"
)

// ticketOpen is how long a desk may act on a ticket.
const ticketOpen = 5 * time.Minute

// DeskAct is what a desk does for a page.
type DeskAct string

// Acts of a desk.
const (
	DeskReadsCard DeskAct = "card"    // reads the card on the reader
	DeskCaptures  DeskAct = "capture" // takes a picture of a finger or an iris
	DeskMatches   DeskAct = "match"   // carries one try of a 1:1 to the station
	DeskShows     DeskAct = "show"    // shows the station that a card lies on the reader
	DeskExamines  DeskAct = "examine" // reads what the chip on the reader tells of itself, for the station to keep
)

// DeskTicket is what a person's page gives to the desk beside it, so that this desk does one thing in the
// person's name, while the person is signed in. No other program of the computer has one.
type DeskTicket struct {
	Person      string
	Session     string // hash; empty: the person works without a browser
	Act         DeskAct
	Desk        string        // id
	Application ApplicationID // of a match
	Chip        ktp.ChipUID   // of an examination: the card that the page is of
	Confirmed   bool          // of a match: the holder confirmed the data, as the page says
}

// NewDeskTicket makes the text of a ticket, which is shown once. The desk that gives it back reads or captures
// once, or carries out one operation, and the same one again answers as before.
func (r *Registry) NewDeskTicket(ctx context.Context, t DeskTicket) (text string, err error) {
	const op = "registry.NewDeskTicket"
	text, hash, err := access.NewToken(r.cfg.Rand)
	if err != nil {
		return "", err
	}
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		d, found, err := deskByID(tx, t.Desk)
		if err == nil && (!found || d.PairedAt.IsZero() || !d.RevokedAt.IsZero()) {
			err = unknownID.At(op, nil).With("desk", "no such desk is paired here")
		}
		if err != nil {
			return err
		}
		return deskTicket{hash, t, tx.Now().Add(ticketOpen)}.save(tx)
	})
	return text, err
}

// UseTicket lets a desk read or capture once; registry.ticket_over as OnTicket.
func (r *Registry) UseTicket(ctx context.Context, desk Actor, act DeskAct, ticket string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		t, _, err := openTicket(tx, "registry.UseTicket", desk, act, ticket)
		if err != nil {
			return err
		}
		return dropTicket(tx, t.hash)
	})
}

// OnTicket is who a desk acts for, and the ticket, which says about what; registry.ticket_over where the ticket is
// unknown or has run out, is of another desk or act, or its person left or signed out. The key is that of the
// one operation.
func (r *Registry) OnTicket(ctx context.Context, desk Actor, act DeskAct, ticket string) (who Actor, given DeskTicket, key string, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		t, p, err := openTicket(tx, "registry.OnTicket", desk, act, ticket)
		who, given, key = p.Actor(), t.DeskTicket, "desk-"+hex.EncodeToString(t.hash[:])
		who.Session = t.Session
		return err
	})
	return who, given, key, err
}

// openTicket finds a ticket that a desk may act on now, and its person.
func openTicket(tx *store.Tx, op string, desk Actor, act DeskAct, ticket string) (t deskTicket, p access.Person, err error) {
	over := func(reason string) (deskTicket, access.Person, error) {
		return t, p, ticketOver.At(op, nil).With("ticket", "%s", reason)
	}
	t, found, err := ticketByHash(tx, sha256.Sum256([]byte(ticket)))
	switch {
	case err != nil:
		return t, p, err
	case !found || !tx.Now().Before(t.expires):
		return over("unknown, used or run out")
	case t.Desk != strings.TrimPrefix(desk.ID, deskPrefix) || t.Act != act:
		return over("of another desk or for another act")
	}
	if t.Session != "" {
		s, open, err := access.SessionByHash(tx, t.Session)
		if err != nil {
			return t, p, err
		}
		if !open || s.Person != t.Person {
			return over("its person signed out")
		}
	}
	p, found, err = access.PersonByID(tx, t.Person)
	if err == nil && (!found || !p.Active) {
		return over("its person left")
	}
	return t, p, err
}
