package registry

import (
	"context"
	"regexp"
	"slices"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// PlaceKind is what a service place is.
type PlaceKind string

const (
	PlaceDinas       PlaceKind = "dinas" // its own counter: no consignment
	PlaceKecamatan   PlaceKind = "kecamatan"
	PlaceKelurahan   PlaceKind = "kelurahan"   // served onward from a kecamatan
	PlaceDirectorate PlaceKind = "directorate" // the Directorate General, which takes faulty cards back
	PlaceOtherDinas  PlaceKind = "other_dinas" // where cards that came here by mistake belong
)

// placeKinds lists every kind, and which kind its parent has; none: it has no parent.
var placeKinds = map[PlaceKind]PlaceKind{
	PlaceDinas: "", PlaceKecamatan: PlaceDinas, PlaceKelurahan: PlaceKecamatan, PlaceDirectorate: "", PlaceOtherDinas: "",
}

// Place is where people are served, or where cards are sent.
type Place struct {
	ID     string
	Kind   PlaceKind
	Name   string
	Parent string
	Region string // PP.KK, PP.KK.CC or PP.KK.CC.DDDD; empty for the Directorate
	Active bool
	Since  time.Time
}

// outside reports whether nobody of the station works there.
func (p Place) outside() bool { return p.Kind == PlaceDirectorate || p.Kind == PlaceOtherDinas }

// Dinas is the id of the station's own counter. It exists without being defined.
const Dinas = "dinas"

var placeID = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,39}$`)

// SetPlace defines or changes a service place.
type SetPlace struct {
	ID        string
	Kind      PlaceKind
	PlaceName string
	Parent    string
	Region    string
	Active    bool
}

func (SetPlace) Name() Name { return opSetPlace }

func (o SetPlace) run(a *act) error {
	const op = "registry.SetPlace"
	parent, known := placeKinds[o.Kind]
	switch {
	case !placeID.MatchString(o.ID):
		return badOperation.At(op, nil).With("id", "1 to 40 lower case letters, digits, dots, dashes")
	case !known:
		return badOperation.At(op, nil).With("kind", "dinas, kecamatan, kelurahan, directorate or other_dinas")
	case o.PlaceName == "":
		return badOperation.At(op, nil).With("name", "is needed")
	case (o.ID == Dinas) != (o.Kind == PlaceDinas):
		return badOperation.At(op, nil).With("id", "the one Dinas is %q", Dinas)
	}
	if o.Region != "" {
		if ktp.RegionCodeLevel(o.Region) < ktp.LevelRegency {
			return badOperation.At(op, nil).With("region", "PP.KK, PP.KK.CC or PP.KK.CC.DDDD")
		}
	}
	if parent == "" && o.Parent != "" || parent != "" && o.Parent == "" {
		return badOperation.At(op, nil).With("parent", "a %s has a %s above it", o.Kind, parent)
	}
	if parent != "" {
		above, err := a.place(o.Parent)
		if err != nil {
			return err
		}
		if above.Kind != parent {
			return badOperation.At(op, nil).With("parent", "a %s has a %s above it", o.Kind, parent)
		}
	}
	p := Place{o.ID, o.Kind, o.PlaceName, o.Parent, o.Region, o.Active, a.now()}
	if err := p.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"place": o.ID, "kind": string(o.Kind), "active": yesNo(o.Active)}})
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// place finds a service place.
func (a *act) place(id string) (Place, error) {
	if id == Dinas || id == "" {
		p, found, err := placeByID(a.tx, Dinas)
		if err == nil && !found {
			p = Place{ID: Dinas, Kind: PlaceDinas, Name: "Dinas", Region: a.r.cfg.Office, Active: true}
		}
		return p, err
	}
	p, found, err := placeByID(a.tx, id)
	if err == nil && !found {
		err = placeUnknown.At("registry.place", nil).With("place", "no such place")
	}
	return p, err
}

// actorAt refuses an actor who works somewhere else; who has no place works at the Dinas, and so
// does the place of the empty id.
func (a *act) actorAt(place string) error {
	if mine, want := orDinas(a.actor.Place), orDinas(place); mine != want {
		return notAllowed.At("registry.place", nil).With("place", "this is for those at %s", want)
	}
	return nil
}

// workplace is the place of somebody who works at one: empty for the Dinas.
func (a *act) workplace(id string) (string, error) {
	if id == "" || id == Dinas {
		return "", nil
	}
	p, found, err := placeByID(a.tx, id)
	if err == nil && (!found || !p.Active || p.Kind != PlaceKecamatan && p.Kind != PlaceKelurahan) {
		err = badOperation.At("registry.workplace", nil).With("place", "nobody is served there")
	}
	return p.ID, err
}

// ofDinas is the place of a counter as its queue knows it: empty for the Dinas.
func ofDinas(place string) string {
	if place == Dinas {
		return ""
	}
	return place
}

func orDinas(place string) string {
	if place == "" {
		return Dinas
	}
	return place
}

// deliveryOf is where the card of an application goes: what a person chose last, else what the
// application or its record says, else the Dinas.
func (a *act) deliveryOf(id ApplicationID) (Place, error) {
	chosen, err := deliveryFor(a.tx, id)
	if err != nil {
		return Place{}, err
	}
	for _, candidate := range chosen {
		p, found, err := placeByName(a.tx, candidate)
		if err != nil || found && p.Active {
			return p, err
		}
	}
	return a.place(Dinas)
}

// Redirect changes where the card of an application goes. A card that is on its way is redirected
// by a consignment.
type Redirect struct {
	Application ApplicationID
	Place       string
	Because
}

func (Redirect) Name() Name             { return opRedirect }
func (o Redirect) about() ApplicationID { return o.Application }

func (o Redirect) run(a *act) error {
	p, err := a.place(o.Place)
	if err != nil {
		return err
	}
	switch {
	case !p.Active || !slices.Contains([]PlaceKind{PlaceDinas, PlaceKecamatan, PlaceKelurahan}, p.Kind):
		return badOperation.At("registry.Redirect", nil).With("place", "cards are not handed over there")
	}
	if _, known, err := placeByID(a.tx, p.ID); err != nil {
		return err
	} else if !known { // the Dinas that nobody defined
		p.Since = a.now()
		if err := p.save(a.tx); err != nil {
			return err
		}
	}
	if err := keepDelivery(a.tx, o.Application, p.ID, a.actor.ID); err != nil {
		return err
	}
	a.res.Application = o.Application
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: map[string]string{"place": p.ID, "cause": o.Reason}})
}

// Places are all service places, in the order of their ids.
func (r *Registry) Places(ctx context.Context) (list []Place, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = places(tx, `order by id`)
		return err
	})
	return list, err
}

// DeliveryOf is where the card of an application goes.
func (r *Registry) DeliveryOf(ctx context.Context, id ApplicationID) (p Place, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		if _, err := a.application(id); err != nil {
			return err
		}
		p, err = a.deliveryOf(id)
		return err
	})
	return p, err
}
