package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"blanko/ktp"
)

// What a district has to show stands at the public listener in the words of the standard in force: title, product,
// that it is free, what is needed, time, fines, who does what, where and to whom one complains.
func TestPublishedStandard(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	s, err := r.reg.Standard(t.Context())
	r.must(err)
	w := knock(r.public(), "GET", "/public/v1/standard", "192.0.2.1:1", "")
	type text struct{ Indonesian, English string }
	var p struct {
		Standard             string
		Title, Product, Free text
		Types                []struct {
			Type         string
			OnlyAtDinas  bool
			Requirements [][]text
		}
		Times             []struct{ Hours int }
		Fines             []struct{ Rupiah int64 }
		Procedure         []struct{ Role string }
		ComplaintChannels []struct{ Channel, Address string }
		ComplaintDesk     struct {
			Team               text
			Officer, Telephone string
		}
	}
	r.must(json.Unmarshal(w.Body.Bytes(), &p))
	if w.Code != 200 || p.Standard != "sintang/1" || p.Title != (text{s.Title.ID, s.Title.EN}) || p.Product.Indonesian != "KTP elektronik" ||
		!strings.Contains(p.Free.Indonesian, "tidak dipungut biaya") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if len(p.Types) != len(ktp.ApplicationTypes) || len(p.Procedure) != len(s.Procedure) || len(p.Times) != 2 || p.Times[0].Hours != 14*24 {
		t.Errorf("%d types, %d duties, times %v", len(p.Types), len(p.Procedure), p.Times)
	}
	if lost := p.Types[slices.IndexFunc(p.Types, func(x struct {
		Type         string
		OnlyAtDinas  bool
		Requirements [][]text
	},
	) bool {
		return x.Type == "lost"
	})]; len(lost.Requirements) != 3 || lost.Requirements[2][0].Indonesian != "Surat Keterangan Kehilangan dari Kepolisian" {
		t.Errorf("a lost card needs %v", lost.Requirements)
	}
	if len(p.Fines) != 2 || p.Fines[0].Rupiah != 25000 || p.Fines[1].Rupiah != 1000000 {
		t.Errorf("fines %v", p.Fines)
	}
	if len(p.ComplaintChannels) != 6 || p.ComplaintDesk.Officer != "nama petugas" || p.ComplaintDesk.Telephone != "nomor HP" || p.ComplaintDesk.Team.English != s.Complaints.Team.EN {
		t.Errorf("complaints go to %v %v", p.ComplaintChannels, p.ComplaintDesk)
	}
}

// The card is free: no address takes money, and a fine that nobody paid holds back no card.
func TestNothingCostsMoney(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	doc, err := committed()
	o.must(err)
	seen := map[string]bool{}
	for _, a := range doc.Operations {
		for _, name := range doc.Taken(a) {
			seen[name] = true
			for _, word := range []string{"amount", "rupiah", "price", "paid", "payment", "fee", "money", "cost"} {
				if strings.Contains(strings.ToLower(name), word) {
					t.Errorf("%s takes %q", a.Pattern(), name)
				}
			}
		}
	}
	if !seen["nik"] || !seen["requirements"] || !seen["template"] {
		t.Errorf("the bodies were not read: %d names", len(seen))
	}
	tono, sari := "Tono, service officer", "Sari, service officer"
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	o.unique(app, fingers)
	chip := o.made(app)
	o.done(tono, "/v1/applications/"+app+"/match", holderOf(chip))
	o.done(sari, "/v1/applications/"+app+"/handover", map[string]any{"chip": chip})
	var fines struct {
		Items []struct{ Application, State string }
	}
	o.see("Joko, administrator", "/v1/fines", &fines)
	if len(fines.Items) != 1 || fines.Items[0].Application != app || fines.Items[0].State != "assessed" {
		t.Errorf("fines %+v", fines.Items)
	}
	o.is(app, "handed over")
}
