package console

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"blanko/registry/access"
	"blanko/web"
)

// page is one page of the console.
type page struct {
	ID   string // its words stand under it
	Path string
	May  access.Permission // who sees it; empty: everybody who has signed in
	// Menu: it stands in the menu, under this heading. A page without one is reached from another.
	Menu string
	Of   access.Role // whose work it is: where they come in; a person of several roles at the first of the menu
	Show func(*view) (templ.Component, error)
}

// pages is every page behind the sign-in, in the order of the menu.
var pages = []page{
	{ID: "print", Path: "/cetak", May: access.SeeOrders, Menu: "room", Of: access.Administrator, Show: (*view).printRoom},
	{ID: "acceptance", Path: "/penerimaan", May: access.Produce, Menu: "room", Show: (*view).acceptance},
	{ID: "designs", Path: "/rancangan", May: access.SeeProduction, Menu: "room", Show: (*view).designs},
	{ID: "release", Path: "/mulai", May: access.SeeProduction, Menu: "room", Show: (*view).release},
	{ID: "approvals", Path: "/persetujuan", May: access.TakePart, Menu: "room", Of: access.Supervisor, Show: (*view).approvals},
	{ID: "proposal", Path: "/persetujuan/{proposal}", May: access.TakePart, Show: (*view).proposal},
	{ID: "batch", Path: "/persetujuan/kumpulan/{batch}", May: access.Approve, Show: (*view).batch},
	{ID: "sample", Path: "/persetujuan/kumpulan/{batch}/{application}", May: access.Approve, Show: (*view).sample},
	{ID: "counter", Path: "/loket", May: access.GiveTickets, Menu: "counter", Of: access.ServiceOfficer, Show: (*view).counter},
	{ID: "applications", Path: "/permohonan", May: access.SeeApplications, Menu: "counter", Of: access.EnrolmentOperator, Show: (*view).applications},
	{ID: "application", Path: "/permohonan/{application}", May: access.SeeApplications, Show: (*view).application},
	{ID: "capture", Path: "/permohonan/{application}/perekaman", May: access.Capture, Show: (*view).capture},
	{ID: "new_application", Path: "/permohonan-baru", May: access.TakeApplications, Menu: "counter", Show: (*view).newApplication},
	{ID: "handover", Path: "/kecamatan", May: access.SeeApplications, Menu: "counter", Of: access.KecamatanOperator, Show: (*view).handover},
	{ID: "card", Path: "/kartu/{chip}", May: access.SeeApplications, Show: (*view).card},
	{ID: "complaint", Path: "/pengaduan/{complaint}", May: access.SeeComplaints, Show: (*view).complaint},
	{ID: "complaints", Path: "/pengaduan", May: access.SeeComplaints, Menu: "counter", Of: access.ComplaintOfficer, Show: (*view).complaints},
	{ID: "uniqueness", Path: "/ketunggalan", May: access.ReadResults, Menu: "counter", Of: access.DatacenterOfficer, Show: (*view).uniqueness},
	{ID: "comparison", Path: "/ketunggalan/{application}", May: access.ReadResults, Show: (*view).comparison},
	{ID: "residents", Path: "/daftar-wajib", May: access.SeeApplications, Menu: "counter", Show: (*view).residents},
	{ID: "stock", Path: "/stok", May: access.SeeStock, Menu: "store", Of: access.StockKeeper, Show: (*view).stock},
	{ID: "blank", Path: "/stok/blangko/{chip}", May: access.SeeStock, Show: (*view).blankHistory},
	{ID: "lot", Path: "/stok/lot/{lot}", May: access.SeeStock, Show: (*view).lotHistory},
	{ID: "shift", Path: "/giliran", May: access.MoveStock, Menu: "store", Show: (*view).shift},
	{ID: "shipping", Path: "/pengiriman", May: access.SeeApplications, Menu: "store", Show: (*view).shipping},
	{ID: "pulls", Path: "/pengiriman/tarik", May: access.SeeApplications, Show: (*view).pulls},
	{ID: "consignment", Path: "/pengiriman/{consignment}", May: access.SeeApplications, Show: (*view).consignment},
	{ID: "destruction", Path: "/pemusnahan", May: access.SeeStock, Menu: "store", Show: (*view).destructions},
	{ID: "destruction_one", Path: "/pemusnahan/{destruction}", May: access.SeeStock, Show: (*view).destruction},
	{ID: "inspection", Path: "/inspeksi", May: access.Inspect, Menu: "store", Show: (*view).inspections},
	{ID: "inspection_one", Path: "/inspeksi/{inspection}", May: access.Inspect, Show: (*view).inspection},
	{ID: "reports", Path: "/laporan", May: access.SeeApplications, Menu: "office", Show: (*view).reports},
	{ID: "devices", Path: "/perangkat", May: access.SeeProduction, Menu: "office", Show: (*view).devices},
	{ID: "incident", Path: "/perangkat/gangguan/{incident}", May: access.SeeProduction, Show: (*view).incident},
	{ID: "audit", Path: "/audit", May: access.SeeEvents, Menu: "office", Of: access.Auditor, Show: (*view).audit},
	{ID: "reconciliation", Path: "/pencocokan", May: access.SeeOrders, Menu: "office", Show: (*view).reconciliations},
	{ID: "people", Path: "/pengguna", May: access.ManagePeople, Menu: "office", Of: access.SecurityOfficer, Show: (*view).people},
	{ID: "person", Path: "/pengguna/{person}", May: access.ManagePeople, Show: (*view).person},
	{ID: "sams", Path: "/sam", May: access.SeeEvents, Menu: "office", Show: (*view).sams},
	{ID: "sam", Path: "/sam/{serial}", May: access.SeeEvents, Show: (*view).sam},
	{ID: "places", Path: "/tempat", May: access.SeeApplications, Menu: "office", Show: (*view).places},
	{ID: "privacy", Path: "/data-pribadi", May: access.HandleBreaches, Menu: "office", Show: (*view).privacy},
	{ID: "desks", Path: "/meja", May: access.ManagePeople, Menu: "office", Show: (*view).desks},
	{ID: "manual", Path: "/panduan", Menu: "office", Show: (*view).manual},
	{ID: "account", Path: "/akun", Menu: "office", Show: (*view).account},
}

// livePart is a piece of a page that is true while it is looked at.
type livePart struct {
	ID   string
	Page string
	Show func(*view) (templ.Component, error)
	// Own: it shows each person something else, so that it is made for each.
	Own bool
	// Of are the kinds of news that may change what it shows: the words of the codes of events before the dot, or those of
	// mark.go; none: all.
	Of []string
}

// ofThis is the news of parts that change only when what their page is about does.
var ofThis = []string{newsOfThis}

// ofApplicationPage is what changes the page of an application: its clocks stop by incidents.
var ofApplicationPage = []string{newsOfThis, "incident", "standard"}

// parts lists them. The page shows each through the component live.
var parts = []livePart{
	{ID: "lini", Page: "print", Show: (*view).lines},
	{ID: "ragu", Page: "print", Show: (*view).doubts},
	{ID: "antre", Page: "print", Show: (*view).queue},
	{ID: "muka", Page: "acceptance", Show: (*view).face, Own: true},
	{ID: "usulan", Page: "approvals", Show: (*view).openProposals, Own: true, Of: []string{"proposal"}},
	{ID: "terbuka", Page: "approvals", Show: (*view).openBatches, Own: true, Of: []string{"application", "batch"}},
	{ID: "siap", Page: "approvals", Show: (*view).printReady, Of: []string{"application", "batch", "stock"}},
	{ID: "satu-usulan", Page: "proposal", Show: (*view).oneProposal, Own: true, Of: ofThis},
	{ID: "kumpulan", Page: "batch", Show: (*view).oneBatch, Own: true, Of: ofThis},
	{ID: "serah", Page: "handover", Show: (*view).waiting},
	{ID: "loket", Page: "counter", Show: (*view).tickets, Own: true, Of: []string{"application", "counter"}},
	{ID: "permohonan", Page: "applications", Show: (*view).applicationList, Of: []string{"application"}},
	{ID: "berkas", Page: "application", Show: (*view).applicationState, Own: true, Of: ofApplicationPage},
	{ID: "orang", Page: "application", Show: (*view).applicationPerson, Own: true, Of: ofApplicationPage},
	{ID: "lampiran", Page: "application", Show: (*view).applicationScans, Own: true, Of: ofThis},
	{ID: "riwayat", Page: "application", Show: (*view).applicationCourse, Own: true, Of: ofApplicationPage},
	{ID: "kartu", Page: "card", Show: (*view).cardState, Own: true, Of: ofThis},
	{ID: "kartu-langkah", Page: "card", Show: (*view).cardNext, Own: true, Of: ofThis},
	{ID: "pengaduan", Page: "complaints", Show: (*view).openComplaints, Of: []string{"complaint"}},
	{ID: "pengaduan-selesai", Page: "complaints", Show: (*view).overComplaints, Of: []string{"complaint"}},
	{ID: "satu-pengaduan", Page: "complaint", Show: (*view).complaintState, Own: true, Of: ofThis},
	{ID: "pengaduan-langkah", Page: "complaint", Show: (*view).complaintNext, Own: true, Of: ofThis},
	{ID: "stok", Page: "stock", Show: (*view).stockState, Of: []string{"application", "attempt", "chip", "destruction", "feed", "roll", "shift", "stock"}},
	{ID: "kiriman", Page: "shipping", Show: (*view).underWay, Of: []string{"application", "card", "consignment", "investigation", "stock"}},
	{ID: "kiriman-selesai", Page: "shipping", Show: (*view).arrived, Of: []string{"consignment"}},
	{ID: "isi-kiriman", Page: "consignment", Show: (*view).consignmentState, Of: []string{newsOfThis, "card", "investigation"}},
	{ID: "kiriman-langkah", Page: "consignment", Show: (*view).consignmentNext, Of: ofThis},
	{ID: "pemusnahan", Page: "destruction", Show: (*view).openDestructions, Of: []string{"destruction"}},
	{ID: "pemusnahan-selesai", Page: "destruction", Show: (*view).overDestructions, Of: []string{"destruction"}},
	{ID: "isi-pemusnahan", Page: "destruction_one", Show: (*view).destructionState, Of: []string{newsOfThis, "card", "chip", "destruction", "stock"}},
	{ID: "pemusnahan-langkah", Page: "destruction_one", Show: (*view).destructionNext, Of: ofThis},
	{ID: "perangkat", Page: "devices", Show: (*view).deviceState, Of: []string{"device", "health", "incident", "line", newsOfDevices}},
	{ID: "gangguan-selesai", Page: "devices", Show: (*view).overIncidents, Of: []string{"incident"}},
	{ID: "ketunggalan", Page: "uniqueness", Show: (*view).searched, Of: []string{"application", "device", "enrolment", "health", "uniqueness"}},
	{ID: "giliran", Page: "shift", Show: (*view).turnOfShift, Of: []string{"attempt", "chip", "destruction", "feed", "roll", "shift", "stock"}},
	{ID: "gangguan", Page: "incident", Show: (*view).outage, Of: ofThis},
	{ID: "isi-inspeksi", Page: "inspection_one", Show: (*view).inspectionState, Of: ofThis},
	{ID: "rancangan", Page: "designs", Show: (*view).inForce, Of: []string{"design", "standard"}},
	{ID: "pengguna", Page: "people", Show: (*view).peopleList, Of: []string{"person"}},
	{ID: "satu-pengguna", Page: "person", Show: (*view).personKnown, Of: ofThis},
	{ID: "masuk", Page: "person", Show: (*view).personSignIns, Of: ofThis},
	{ID: "sam", Page: "sams", Show: (*view).samList, Of: []string{"sam"}},
	{ID: "satu-sam", Page: "sam", Show: (*view).samState, Of: []string{"sam"}},
	{ID: "perbandingan", Page: "comparison", Show: (*view).sideBySide, Own: true, Of: []string{newsOfThis, "application"}},
	{ID: "daftar-wajib", Page: "residents", Show: (*view).residentLists, Of: []string{"resident"}},
	{ID: "tempat", Page: "places", Show: (*view).placeList, Of: []string{"place"}},
	{ID: "meja", Page: "desks", Show: (*view).deskList, Of: []string{"desk", "health"}},
	{ID: "mulai", Page: "release", Show: (*view).starts},
}

// actions is everything that pages change.
func actions() []action {
	return slices.Concat(printActions, releaseActions, acceptanceActions, approvalActions, batchActions, applicationActions, noteActions, registerActions, scanActions, stockActions, shiftActions, shippingActions, handoverActions, destructionActions, complaintActions, uniquenessActions, comparisonActions, inspectionActions, deviceActions, incidentActions, furtherActions, fineActions, suketActions, issuedActions, cardActions, counterActions, residentActions, samActions, placeActions, privacyActions, designActions, peopleActions, desksActions)
}

func pageOf(id string) page {
	i := slices.IndexFunc(pages, func(p page) bool { return p.ID == id })
	return pages[i]
}

// see reports whether who looks may see a page.
func (v *view) see(p page) bool { return p.May == "" || v.Actor.May(p.May) }

// menu is the pages that who looks may see, by headings.
func (v *view) menu() (groups []menuGroup) {
	for _, p := range pages {
		if p.Menu == "" || !v.see(p) {
			continue
		}
		if n := len(groups); n == 0 || groups[n-1].ID != p.Menu {
			groups = append(groups, menuGroup{ID: p.Menu})
		}
		g := &groups[len(groups)-1]
		g.Pages = append(g.Pages, p)
	}
	return groups
}

type menuGroup struct {
	ID    string
	Pages []page
}

// home is the first page that who looks may see.
func (c *console) home(v *view, w http.ResponseWriter) error {
	at := slices.IndexFunc(pages, func(p page) bool { return p.Of != "" && v.see(p) && slices.Contains(v.Actor.Roles, p.Of) })
	if at < 0 {
		at = slices.IndexFunc(pages, func(p page) bool { return p.Menu != "" && v.see(p) })
	}
	if at < 0 {
		return web.NoSuchPage.At("console.home", nil)
	}
	http.Redirect(w, v.r, pages[at].Path, http.StatusSeeOther)
	return nil
}
