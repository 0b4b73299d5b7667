package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/osia"
	"blanko/store"
)

// confirmationDomain separates the hash that a resident confirms from every other.
const confirmationDomain = "blanko/confirmation/1"

// ToConfirm is exactly what will be printed, as it is shown to the resident: personal data.
type ToConfirm struct {
	Person    ktp.Person
	Portrait  ktp.Image
	Signature ktp.Image
	Hash      string // of all of it; see ConfirmationHash
}

// String shows the hash alone.
func (c ToConfirm) String() string { return "ToConfirm(" + c.Hash + ")" }

// GoString shows the hash alone.
func (c ToConfirm) GoString() string { return c.String() }

// ConfirmationHash is what the resident signs: SHA-256, in hex, over the canonical JSON (RFC 8785) of
// an object with the members "blanko" (the word blanko/confirmation/1), "person" (every printed value
// by its JSON name, the birth date as yyyy-mm-dd, codes as numbers), "portrait" and "signature"
// (SHA-256 of the pictures, in hex).
func ConfirmationHash(p ktp.Person, portrait, signature []byte) (string, error) {
	names := p.Names
	if names == nil {
		names = []string{}
	}
	digest := func(b []byte) string {
		sum := sha256.Sum256(b)
		return hex.EncodeToString(sum[:])
	}
	text, err := json.Marshal(map[string]any{
		"blanko": confirmationDomain,
		"person": map[string]any{
			"nik": p.NIK.Digits(), "names": names, "placeOfBirth": p.BirthPlace, "dateOfBirth": p.BirthDate.UTC().Format(time.DateOnly),
			"sex": string(rune(p.Sex)), "bloodType": int(p.Blood), "address": p.Street, "rt": p.RT, "rw": p.RW, "village": p.Village,
			"district": p.District, "regency": p.Regency, "province": p.Province, "religion": int(p.Religion), "maritalStatus": int(p.Marital),
			"occupation": p.Occupation, "citizenship": p.Citizenship, "validUntil": p.Validity,
		},
		"portrait": digest(portrait), "signature": digest(signature),
	})
	if err != nil {
		return "", err
	}
	canonical, err := osia.Canonical(text)
	if err != nil {
		return "", err
	}
	return digest(canonical), nil
}

// Method is how a resident confirms.
type Method string

const (
	MethodPad    Method = "signature_pad" // signed on a pad; the proof is the picture of the signature
	MethodFinger Method = "finger"        // by a finger; the proof is its record
)

// mostProof bounds the bytes of a confirmation's proof.
const mostProof = 256 << 10

// Confirm keeps the resident's electronic signature over the hash of exactly what will be printed.
// When the center corrected the data later, the resident confirms what is in the record now.
type Confirm struct {
	Application ApplicationID
	Hash        string // as it was shown with the data
	Method      Method
	Proof       []byte // personal data
}

// String shows the application alone.
func (o Confirm) String() string { return "Confirm(" + string(o.Application) + ")" }

// GoString shows the application alone.
func (o Confirm) GoString() string { return o.String() }

func (Confirm) Name() Name             { return opConfirm }
func (o Confirm) about() ApplicationID { return o.Application }

func (o Confirm) run(a *act) error {
	const op = "registry.Confirm"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	shown, err := a.toConfirm(app)
	if err != nil {
		return err
	}
	switch {
	case o.Hash != shown.Hash:
		return confirmationDiffers.At(op, nil).With("hash", "the data are not those that were shown")
	case o.Method != MethodPad && o.Method != MethodFinger:
		return badOperation.At(op, nil).With("method", "signature_pad or finger")
	case len(o.Proof) == 0 || len(o.Proof) > mostProof:
		return badOperation.At(op, nil).With("proof", "1 to %d bytes", mostProof)
	}
	last, _, err := confirmationOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	c := Confirmation{Application: app.ID, Number: last.Number + 1, Hash: o.Hash, At: a.now(), Actor: a.actor.ID, Method: o.Method}
	if err := c.insert(a.tx, o.Proof); err != nil {
		return err
	}
	a.res.Answer = o.Hash
	if err := a.tell(audit.Event{Code: "confirmation.kept", Application: string(app.ID), Detail: map[string]string{
		"number": strconv.Itoa(c.Number), "hash": c.Hash, "method": string(c.Method),
	}}); err != nil {
		return err
	}
	return a.move(&app, EventConfirm, "")
}

// toConfirm is what will be printed: the data of the counter with the capture, or the record once
// there is one.
func (a *act) toConfirm(app Application) (c ToConfirm, err error) {
	if app.Version > 0 {
		r, _, err := loadRecord(a.tx, app)
		if err != nil {
			return c, err
		}
		c = ToConfirm{Person: r.Person, Portrait: r.Portrait, Signature: r.Signature}
	} else {
		if _, err := a.captured(app.ID); err != nil {
			return c, err
		}
		in, err := a.intake(app.ID)
		if err != nil {
			return c, err
		}
		parts, err := captured(a.tx, app.ID)
		if err != nil {
			return c, err
		}
		face, ink := parts[PartPortrait], parts[PartSignature]
		c = ToConfirm{Person: in.Person, Portrait: ktp.Image{MIME: face.MIME, Data: face.Data}, Signature: ktp.Image{MIME: ink.MIME, Data: ink.Data}}
	}
	c.Hash, err = ConfirmationHash(c.Person, c.Portrait.Data, c.Signature.Data)
	return c, err
}

// confirmed compares what the resident confirmed last with the record. An application that nobody
// confirmed here is confirmed at its hand-over.
func (a *act) confirmed(app Application) (same bool, err error) {
	c, found, err := confirmationOf(a.tx, app.ID)
	if err != nil || !found {
		return true, err
	}
	now, err := a.toConfirm(app)
	return now.Hash == c.Hash, err
}

// Confirmation of a resident, without its proof.
type Confirmation struct {
	Application ApplicationID
	Number      int
	Hash        string
	At          time.Time
	Actor       string // before whom
	Method      Method
}

// ToConfirm is what the resident of an application confirms: personal data.
func (r *Registry) ToConfirm(ctx context.Context, id ApplicationID) (c ToConfirm, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		app, err := a.application(id)
		if err == nil {
			c, err = a.toConfirm(app)
		}
		return err
	})
	return c, err
}

// ShowToConfirm is ToConfirm for who shows it to the resident, while that is what the application waits for. The
// resident sees what is theirs, the actor somebody else's: the look is written down and counted as every other, once
// for what a visit shows; what is shown after it is only read.
func (r *Registry) ShowToConfirm(ctx context.Context, actor Actor, id ApplicationID) (c ToConfirm, err error) {
	var looked bool
	show := func(a *act) (err error) {
		if c, err = a.toShow(id); err == nil {
			looked, err = a.looked(id)
		}
		return err
	}
	err = r.store.Read(ctx, func(tx *store.Tx) error { return show(&act{r: r, tx: tx, actor: actor}) })
	if err == nil && !looked {
		err = r.store.Write(ctx, func(tx *store.Tx) error {
			a := &act{r: r, tx: tx, actor: actor}
			if err := show(a); err != nil || looked {
				return err
			}
			return a.unmask(unmaskApplication, string(id), lookToConfirm)
		})
	}
	if err != nil {
		return ToConfirm{}, err
	}
	return c, nil
}

// toShow is what a resident confirms of an application that waits for it.
func (a *act) toShow(id ApplicationID) (c ToConfirm, err error) {
	app, err := a.application(id)
	if err != nil {
		return c, err
	}
	if app.State != Captured && app.State != Reconfirm {
		return c, wrongState.At("registry.ShowToConfirm", nil).With("state", "%s is %s", app.ID, app.State)
	}
	return a.toConfirm(app)
}

// lookToConfirm is why an operator sees the person who is asked to confirm.
const lookToConfirm = "confirmation"

// ConfirmationProof is what a resident confirmed with, a picture or a finger: personal data.
func (r *Registry) ConfirmationProof(ctx context.Context, id ApplicationID, number int) (proof []byte, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		proof, err = confirmationProof(tx, id, number)
		return err
	})
	return proof, err
}

// Confirmations are those of an application, oldest first.
func (r *Registry) Confirmations(ctx context.Context, id ApplicationID) (list []Confirmation, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = confirmations(tx, `where application = ? order by number`, id)
		return err
	})
	return list, err
}
