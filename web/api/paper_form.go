package api

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // portraits
	_ "image/png"  // faces and signatures
	"strings"
	"time"

	"blanko/fault"
	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/registry/standard"
	"blanko/web"
)

// form is a paper while it is filled. It keeps the first error; what is asked of it after that is empty.
type form struct {
	ctx    context.Context
	api    *api
	zone   *time.Location
	places map[string]registry.Place
	failed error
}

// of keeps an error and hands the value on.
func of[T any](f *form, v T, err error) T {
	if f.failed == nil {
		f.failed = err
	}
	return v
}

// missing says what the paper would tell and the ledger does not have, or not yet.
func (f *form) missing(field, reason string) (filled, error) {
	return filled{}, web.NothingToTell.At("api.paper", nil).With(field, "%s", reason)
}

// local is a time at the office.
func (f *form) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(f.zone)
}

// officer is somebody by name.
func (f *form) officer(id string) paper.Officer {
	if id == "" || f.failed != nil {
		return paper.Officer{}
	}
	name, err := f.api.Registry.NameOf(f.ctx, id)
	return paper.Officer{Name: of(f, name, err)}
}

// printer is who prints the paper.
func (f *form) printer() paper.Officer { return f.officer(web.ActorOf(f.ctx).ID) }

// place is a service place by name; empty: the Dinas.
func (f *form) place(id string) paper.Place {
	if f.places == nil {
		f.places = map[string]registry.Place{}
		list, err := f.api.Registry.Places(f.ctx)
		for _, p := range of(f, list, err) {
			f.places[p.ID] = p
		}
	}
	o := f.api.office()
	switch p, known := f.places[id]; {
	case id == "" || known && p.Kind == registry.PlaceDinas:
		return paper.Place{Name: o.Name, Address: o.Address}
	case known:
		return paper.Place{Name: strings.TrimSpace(placeWords[p.Kind] + " " + p.Name)}
	}
	return paper.Place{Name: id}
}

var placeWords = map[registry.PlaceKind]string{registry.PlaceKecamatan: "KECAMATAN", registry.PlaceKelurahan: "KELURAHAN/DESA"}

// person of an application; its name is never empty.
func (f *form) person(id registry.ApplicationID) (p ktp.Person, name string) {
	if f.failed != nil || id == "" {
		return p, "-"
	}
	p, err := f.api.Registry.PersonOf(f.ctx, id)
	if name = "terhapus menurut masa simpan"; len(p.Names) > 0 {
		name = p.Names[0]
	}
	return of(f, p, err), name
}

// standardAt is the service standard that was in force when something was done.
func (f *form) standardAt(at time.Time) standard.Standard {
	s, err := f.api.Registry.StandardAt(f.ctx, at)
	return of(f, s, err)
}

// standardOf is the one that an application was taken under.
func (f *form) standardOf(id registry.ApplicationID) standard.Standard {
	s, err := f.api.Registry.StandardOf(f.ctx, id)
	return of(f, s, err)
}

// words is a code in words, where there are any.
func (f *form) words(code string) string {
	if c := f.api.Problems.Explain(code); c != nil && c.Text != nil {
		return c.Text.ID
	}
	if w, known := causeWords[code]; known {
		return w
	}
	if id, _, known := registry.ReasonWords(code); known {
		return id
	}
	return strings.ReplaceAll(code, "_", " ")
}

// causeWords are causes beside the reasons of operations, in Indonesian.
var causeWords = map[string]string{
	"encode_failed": "gagal encode", "print_failed": "gagal cetak", "data_changed": "perubahan elemen data", "not_collected": "tidak diambil",
	"test_card": "kartu uji", "used_roll": "bekas pakai", "paper_ktp": "KTP lama di atas kertas", "ktp_el": "dibuat Dinas lain", "unknown": "asal tidak diketahui",
}

// events of the log, oldest first.
func (f *form) events(filter audit.Filter) []audit.Event {
	after := int64(0)
	list, err := every(func(limit int) ([]audit.Event, error) {
		return f.api.Registry.Events(f.ctx, after, limit, filter)
	}, func(e audit.Event) { after = e.ID })
	return of(f, list, err)
}

// picture is one that the ledger keeps; nil where it is of no kind that is drawn, or was erased.
func pictureOf(data []byte) image.Image {
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return m
}

// ofApplication registers a paper about an application. Its version is read before it is filled.
func ofApplication(a *api, kind registry.PaperKind, word, id, what string, fill func(*form, registry.Application) (filled, error)) {
	paperOf(a, kind, "/v1/applications/{application}/papers/"+word, id, what, false, func(f *form, in *struct {
		Keyed
		ApplicationName
	},
	) (filled, error) {
		seen, err := a.Registry.PaperVersion(f.ctx, in.id())
		if err != nil {
			return filled{}, err
		}
		d, err := a.Registry.Application(f.ctx, in.id())
		if err != nil {
			return filled{}, err
		}
		if who, _ := f.person(in.id()); who.NIK == "" {
			return f.missing("application", "its person was erased by the rules of retention")
		}
		out, err := fill(f, d.Application)
		if out.subject == "" {
			out.subject = in.Application
		}
		out.application, out.seen = in.id(), seen
		if fault.KindOf(err) == fault.NotFound && err != nil {
			return f.missing("application", "nothing of this is kept for it")
		}
		return out, err
	})
}
