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
	Signature            []byte // of the token's own key, see keys.Design; empty: the station has it signed once the second person agrees
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
	}
	signature, err := o.signatureOf(a)
	if err != nil {
		return err
	}
	if err := o.checkPicture(); err != nil {
		return err
	}
	d := Design{keys.Design{Kind: o.Kind, Name: o.Title, Version: o.Version, Hash: o.Hash}, a.actor.ID, o.Second.ID, a.now(), signature}
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

// signatureOf is what the token signed: at the machine of the token before two persons were asked, else after both
// agreed. While it is tried there is none yet.
func (o ApproveDesign) signatureOf(a *act) ([]byte, error) {
	switch {
	case len(o.Signature) > 0:
		return o.Signature, nil
	case len(a.signature) > 0:
		return a.signature, nil
	case a.trying && a.r.cfg.SignDesign != nil:
		return []byte("tried"), nil
	}
	return nil, badOperation.At("registry.ApproveDesign", nil).With("signature", "the token signs what is approved, and this station has none: blanko design approve")
}

// signed has the token sign a design when its second person agrees and nothing speaks against it; nil for
// everything else. The token is asked outside the transaction, which waits for no device.
func (r *Registry) signed(ctx context.Context, actor Actor, op Operation) ([]byte, error) {
	decide, ok := op.(Decide)
	if !ok || !decide.Agree || r.cfg.SignDesign == nil {
		return nil, nil
	}
	p, waiting, err := r.Proposal(ctx, decide.Proposal)
	design, ok := waiting.(ApproveDesign)
	if err != nil || p.State != ProposalOpen || !ok || len(design.Signature) > 0 {
		return nil, nil //nolint:nilerr // carrying it out says why not
	}
	if _, _, err := r.DryRun(ctx, actor, op); err != nil {
		return nil, nil //nolint:nilerr // carrying it out refuses it, and writes that down
	}
	return r.cfg.SignDesign(ctx, keys.Design{Kind: design.Kind, Name: design.Title, Version: design.Version, Hash: design.Hash})
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
