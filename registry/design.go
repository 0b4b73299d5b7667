package registry

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"blanko/keys"
	"blanko/registry/audit"
	"blanko/store"
)

// Kinds of what is approved.
const (
	DesignProfile  = "profile"  // of the chip
	DesignArtwork  = "artwork"  // template of the face
	DesignStandard = "standard" // service standard
)

// Design is a version that one person changed, another approved and the station's token signed. The
// newest of a kind and name is the one that may be used.
type Design struct {
	keys.Design
	ChangedBy, ApprovedBy string
	ApprovedAt            time.Time
	Signature             []byte
}

// ApproveDesign lets a version be used from now on, in place of the one of before.
type ApproveDesign struct {
	Kind, Title, Version string // Title is the name of the file
	Hash                 string // SHA-256 of its content, hex
	Signature            []byte // of the token's own key; see keys.Design
	Picture              []byte `json:",omitempty"` // of a face, PNG; empty: none
	Second               Actor
}

func (ApproveDesign) Name() Name { return opApproveDesign }

func (o ApproveDesign) second() Actor { return o.Second }

const longestDesignName = 64

func (o ApproveDesign) run(a *act) error {
	const op = "registry.ApproveDesign"
	sum, err := hex.DecodeString(o.Hash)
	switch {
	case !slices.Contains([]string{DesignProfile, DesignArtwork, DesignStandard}, o.Kind):
		return badOperation.At(op, nil).With("kind", "profile, artwork or standard")
	case o.Title == "" || len(o.Title) > longestDesignName || o.Version == "" || len(o.Version) > longestDesignName:
		return badOperation.At(op, nil).With("name", "name and version, 1 to %d characters each", longestDesignName)
	case err != nil || len(sum) != 32:
		return badOperation.At(op, nil).With("hash", "SHA-256 in hex")
	case len(o.Signature) == 0:
		return badOperation.At(op, nil).With("signature", "the token signs what is approved")
	}
	if err := o.checkPicture(); err != nil {
		return err
	}
	d := Design{keys.Design{Kind: o.Kind, Name: o.Title, Version: o.Version, Hash: o.Hash}, a.actor.ID, o.Second.ID, a.now(), o.Signature}
	before, _, err := designInForce(a.tx, o.Kind, o.Title)
	if err != nil {
		return err
	}
	if err := d.insert(a.tx); err != nil {
		return err
	}
	if len(o.Picture) > 0 {
		if err := keepDesignPicture(a.tx, o.Hash, o.Picture); err != nil {
			return err
		}
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"kind": o.Kind, "name": o.Title, "version": o.Version, "hash": o.Hash, "before": before.Hash}})
}

// FeedsByDesigns reports whether no blank is fed by what two persons have not approved.
func (r *Registry) FeedsByDesigns() bool { return r.cfg.Designs }

// DesignsInForce are the versions that may be used now.
func (r *Registry) DesignsInForce(ctx context.Context) (list []Design, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = designs(tx, `where seq in (select max(seq) from design group by kind, name) order by kind, name`)
		return err
	})
	return list, err
}

// Designs are all that were ever approved, newest first.
func (r *Registry) Designs(ctx context.Context, limit int) (list []Design, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = designs(tx, `order by seq desc limit ?`, limit)
		return err
	})
	return list, err
}
