package station

import (
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"blanko/chipdata"
	"blanko/keys"
	"blanko/keys/pkcs11"
	"blanko/registry"
)

// designs are what a station of this configuration makes cards by: profile, templates, standard in force.
func (c Config) designs(ctx context.Context, reg *registry.Registry) ([]keys.Design, error) {
	p, err := chipdata.LoadProfile(c.Profile)
	if err != nil {
		return nil, err
	}
	sum := p.Hash()
	out := []keys.Design{{Kind: registry.DesignProfile, Name: p.Name, Version: fmt.Sprintf("%d.%d", p.Version, p.Revision), Hash: hex.EncodeToString(sum[:])}}
	templates, _, err := faces()
	if err != nil {
		return nil, err
	}
	for name, t := range templates {
		sum := t.Hash()
		out = append(out, keys.Design{Kind: registry.DesignArtwork, Name: name, Version: strconv.Itoa(t.Version()), Hash: hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(out[1:], func(a, b keys.Design) int { return strings.Compare(a.Name, b.Name) })
	s, err := reg.Standard(ctx)
	if err != nil {
		return nil, err
	}
	return append(out, keys.Design{Kind: registry.DesignStandard, Name: s.ID, Version: s.Version, Hash: s.Hash()}), nil
}

// DesignCommands are those about what cards are made by.
type DesignCommands struct {
	List    DesignListCommand    `cmd:"" help:"List profile, templates and standard of the station, and whether two persons approved them. Exit status 1: one is not approved."`
	Approve DesignApproveCommand `cmd:"" help:"Approve what is not approved yet: two persons type their tokens, and the key token signs."`
}

// DesignListCommand is blanko design list.
type DesignListCommand struct {
	ConfigFile
	JSON bool `name:"json" help:"Print them as JSON."`
}

// UsedDesign is one with the version that was approved; an empty hash: none.
type UsedDesign struct {
	keys.Design
	Approved string `json:",omitempty"` // hash of the version in force
	By       string `json:",omitempty"` // who changed and who approved it
}

func usedDesigns(ctx context.Context, cfg Config, reg *registry.Registry) (out []UsedDesign, all bool, err error) {
	used, err := cfg.designs(ctx, reg)
	if err != nil {
		return nil, false, err
	}
	list, err := reg.DesignsInForce(ctx)
	all = true
	for _, u := range used {
		d := UsedDesign{Design: u}
		at := slices.IndexFunc(list, func(d registry.Design) bool { return d.Kind == u.Kind && d.Name == u.Name })
		if at >= 0 {
			d.Approved, d.By = list[at].Hash, list[at].ChangedBy+", "+list[at].ApprovedBy
		}
		all = all && at >= 0 && list[at].Design == u
		out = append(out, d)
	}
	return out, all, err
}

// Run lists.
func (c DesignListCommand) Run(ctx context.Context, t Terminal) error {
	return withLedger(ctx, c.ConfigFile, func(cfg Config, reg *registry.Registry) error {
		list, all, err := usedDesigns(ctx, cfg, reg)
		if err != nil {
			return err
		}
		if c.JSON {
			err = printJSON(t.Out, list)
		} else {
			err = printDesigns(t, list)
		}
		if err == nil && !all {
			err = ErrShown
		}
		return err
	})
}

func printDesigns(t Terminal, list []UsedDesign) error {
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	for _, d := range list {
		said := say("disetujui %s", "approved by %s", d.By)
		switch d.Approved {
		case d.Hash:
		case "":
			said = words{"BELUM disetujui", "NOT approved"}
		default:
			said = say("BELUM disetujui; yang disetujui: %s", "NOT approved; approved is: %s", d.Approved)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.Kind, d.Name, d.Version, d.Hash, t.Language.of(said))
	}
	return w.Flush()
}

// DesignApproveCommand is blanko design approve.
type DesignApproveCommand struct{ TokenChoice }

// Run shows what would be used from now on, asks two persons, and has the token sign it.
func (c DesignApproveCommand) Run(ctx context.Context, t Terminal) error {
	return withLedger(ctx, c.ConfigFile, func(cfg Config, reg *registry.Registry) error {
		list, _, err := usedDesigns(ctx, cfg, reg)
		if err != nil {
			return err
		}
		if err := printDesigns(t, list); err != nil {
			return err
		}
		ask := t.asker()
		first, err := signedIn(ctx, reg, ask, words{"Token Anda:", "Your token:"})
		if err != nil {
			return err
		}
		second, err := signedIn(ctx, reg, ask, words{"Token orang kedua:", "Token of the second person:"})
		if err != nil {
			return err
		}
		token, _, err := c.open(t, ask)
		if err != nil {
			return err
		}
		defer token.Close()
		own, err := ownKey(ctx, token)
		if err != nil {
			return err
		}
		inForce, err := reg.DesignsInForce(ctx)
		if err != nil {
			return err
		}
		public, _ := own.Public().(*ecdsa.PublicKey)
		for _, d := range list {
			if slices.ContainsFunc(inForce, func(f registry.Design) bool { return f.Design == d.Design && d.SignedBy(public, f.Signature) }) {
				continue
			}
			signature, err := d.Sign(own)
			if err != nil {
				return err
			}
			op := registry.ApproveDesign{Kind: d.Kind, Title: d.Name, Version: d.Version, Hash: d.Hash, Signature: signature, Second: second}
			if d.Kind == registry.DesignArtwork {
				if op.Picture, err = designPicture(d.Name); err != nil {
					return err
				}
			}
			if _, err := reg.Do(ctx, first, op, "design:"+hex.EncodeToString(signature)); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintln(t.Out, t.Language.of(words{"Disetujui dan ditandatangani.", "Approved and signed."}))
		return err
	})
}

// signDesign has the token of the lines sign what two persons approved, where it is what this station makes cards by:
// nobody has anything else signed by way of a page.
func (c Config) signDesign(ctx context.Context, reg *registry.Registry, ring *keyring, d keys.Design) ([]byte, error) {
	used, err := c.designs(ctx, reg)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(used, d) {
		return nil, registry.DesignUnapproved.At("station.signDesign", nil).With(d.Kind, "%s %s, %s is none of this station's", d.Name, d.Version, d.Hash)
	}
	own, err := ownKey(ctx, ring.token)
	if err != nil {
		return nil, err
	}
	return d.Sign(own)
}

// ownKey is the newest key by which a token signs for itself.
func ownKey(ctx context.Context, token *pkcs11.Token) (*pkcs11.Signer, error) {
	list, err := token.Keys(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(k pkcs11.Key) bool {
		return k.Role == keys.Attestation && k.Generation == newest(list, keys.Attestation)
	})
	if at < 0 {
		return nil, pkcs11.KeyMissing.At("station.ownKey", nil).With("key", "%s; run blanko keys init first", keys.Attestation)
	}
	return token.Signer(ctx, list[at].Public)
}
