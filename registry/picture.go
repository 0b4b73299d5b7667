package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// Picture is one that proves what was done with a card: personal data.
type Picture struct {
	Digest string // SHA-256, hex: by it operations name the picture
	MIME   string
	At     time.Time
	Actor  string
	Data   []byte
	Proves string // attempt/ID, card/CHIP, destruction/ID: the one thing that it was named for; empty: none yet
}

var pictureKinds = []string{"image/jpeg", "image/png"}

// KeepPicture keeps a picture, to be named by an operation that needs a proof. The caller has checked and
// re-encoded what came from outside. Result.Answer is its SHA-256; one that is here already is kept once.
type KeepPicture struct {
	MIME string
	Data []byte
}

// String shows the size alone.
func (o KeepPicture) String() string { return "KeepPicture(" + strconv.Itoa(len(o.Data)) + " bytes)" }

// GoString shows the size alone.
func (o KeepPicture) GoString() string { return o.String() }

func (KeepPicture) Name() Name { return opKeepPicture }

func (o KeepPicture) run(a *act) error {
	const op = "registry.KeepPicture"
	switch {
	case !slices.Contains(pictureKinds, o.MIME):
		return badOperation.At(op, nil).With("mime", "image/jpeg or image/png")
	case len(o.Data) == 0 || len(o.Data) > mostAttachment:
		return badOperation.At(op, nil).With("data", "1 to %d bytes", mostAttachment)
	}
	sum := sha256.Sum256(o.Data)
	p := Picture{Digest: hex.EncodeToString(sum[:]), MIME: o.MIME, At: a.now(), Actor: a.actor.ID, Data: o.Data}
	if err := p.insert(a.tx); err != nil {
		return err
	}
	a.res.Answer = p.Digest
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"digest": p.Digest, "size": strconv.Itoa(len(o.Data))}})
}

// pictured refuses a digest that is not of a picture which who acts has kept for this subject: one that is here, was
// kept by them, and has proved nothing else.
func (a *act) pictured(op, field, digest, subject string) error {
	p, found, err := pictureBy(a.tx, digest)
	switch {
	case err != nil:
		return err
	case !found || len(p.Data) == 0:
		return pictureMissing.At(op, nil).With(field, "no such picture is kept here")
	case p.Actor != a.actor.ID:
		return pictureMissing.At(op, nil).With(field, "kept by another person")
	case p.Proves != "" && p.Proves != subject:
		return pictureMissing.At(op, nil).With(field, "it proves something else")
	}
	return proves(a.tx, digest, subject)
}

// PictureBy is a picture by its SHA-256: personal data. It is empty once erased.
func (r *Registry) PictureBy(ctx context.Context, digest string) (p Picture, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var found bool
		if p, found, err = pictureBy(tx, digest); err == nil && !found {
			err = unknownID.At("registry.PictureBy", nil).With("picture", "no such picture is kept here")
		}
		return err
	})
	return p, err
}
