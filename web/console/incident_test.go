package console_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// The page of an incident names the clocks that it stopped, of which applications and for how long; who may see no
// application is told of the incident alone.
func TestIncidentNamesItsClocks(t *testing.T) {
	t.Parallel()
	data, keeps := staffOf(access.DatacenterOfficer), staffOf(access.StockKeeper)
	o := newOffice(t, data, keeps)
	app := o.examinedOf(1)
	here := o.as(data, registry.OpenIncident{Cause: "power", Place: registry.Dinas}).Answer
	o.clock.Advance(3 * time.Hour)
	o.as(data, registry.EndIncident{Incident: here})
	elsewhere := o.as(data, registry.OpenIncident{Cause: "power", Place: "61.05.09"}).Answer
	o.clock.Advance(time.Hour)
	dewi, store := o.comes(data), o.comes(keeps)

	dewi.open("/perangkat")
	if at := dewi.links("/perangkat/gangguan/"); len(at) != 2 {
		t.Errorf("the page leads to %v", at)
	}
	dewi.open("/perangkat/gangguan/" + here)
	if text := dewi.says(); !strings.Contains(text, string(app)+" 24 jam (layanan) 3 jam 3 jam") || strings.Contains(text, "14 hari (") {
		t.Errorf("the page of the incident says %s", text)
	}
	if len(dewi.links("/permohonan/"+string(app))) != 1 {
		t.Error("no way to the application")
	}
	dewi.open("/perangkat/gangguan/" + elsewhere)
	if text := dewi.says(); strings.Contains(text, string(app)) || !strings.Contains(text, "Tidak ada jam layanan yang dihentikannya") {
		t.Errorf("what was elsewhere stopped: %s", text)
	}
	store.open("/perangkat/gangguan/" + here)
	if text := store.says(); !strings.Contains(text, here) || strings.Contains(text, string(app)) {
		t.Errorf("who may see no application is told %s", text)
	}
}

// An incident is opened, ended or dismissed on its own page: nobody types its number.
func TestIncidentIsEndedOnItsPage(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.DatacenterOfficer, access.Auditor)
	dewi, auditor := sit[access.DatacenterOfficer], sit[access.Auditor]
	for _, device := range []string{"printer", "link"} {
		o.as(center, registry.ReportHealth{Device: device, Cause: "network", State: registry.HealthDown})
	}
	told := map[string]string{} // address of the incident that a device reported
	dewi.open("/perangkat")
	for _, at := range dewi.links("/perangkat/gangguan/") {
		dewi.open(at)
		for _, device := range []string{"printer", "link"} {
			if strings.Contains(dewi.says(), "Perangkat "+device+" ") {
				told[device] = at
			}
		}
	}
	if len(told) != 2 {
		t.Fatalf("reported: %v", told)
	}
	dewi.open(told["link"])
	dewi.refused(told["link"]+"/bukan", url.Values{"reason": {""}}, nil, "registry.bad_operation")
	dewi.by(told["link"], told["link"]+"/bukan", url.Values{"reason": {"cable"}}, nil)
	dewi.by(told["printer"], told["printer"]+"/buka", url.Values{"incident_cause": {"equipment"}}, nil)
	o.clock.Advance(time.Minute)
	auditor.open(told["printer"])
	if _, _, offered := auditor.offers(told["printer"]+"/selesai", nil); offered {
		t.Error("an auditor is offered to end it")
	}
	dewi.by(told["printer"], told["printer"]+"/selesai", nil, nil)
	list, err := o.reg.IncidentsIn(t.Context(), registry.Worklist{Over: true, Limit: 9})
	o.must(err)
	for _, i := range list {
		if want := map[string]registry.IncidentState{"printer": registry.IncidentEnded, "link": registry.IncidentDismissed}[i.Device]; i.State != want || i.Device == "printer" && i.Cause != "equipment" {
			t.Errorf("%s: %+v, want %s", i.Device, i, want)
		}
	}
	if _, _, offered := dewi.offers(told["printer"]+"/selesai", nil); offered || len(list) != 2 {
		t.Errorf("%d are over; the ended one is ended again: %t", len(list), offered)
	}
}

// A SAM shows on the page of devices how many uses it has left, as its desk told; one that told none says so.
func TestUsesLeftOfASAM(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.DatacenterOfficer)
	dewi := sit[access.DatacenterOfficer]
	tells := registry.ReportHealth{Device: "loket-1.sam", Cause: "equipment", State: registry.HealthWorks}
	o.as(center, tells)
	dewi.open("/perangkat")
	if text := dewi.says(); !strings.Contains(text, "loket-1.sam bekerja · sisa pemakaian: belum diberitahukan") {
		t.Errorf("of a SAM that told none: %s", text)
	}
	tells.Uses = new(118)
	o.as(center, tells)
	o.as(center, registry.ReportHealth{Device: "loket-1.card_reader", Cause: "equipment", State: registry.HealthWorks})
	dewi.open("/perangkat")
	if text := dewi.says(); !strings.Contains(text, "loket-1.sam bekerja · sisa pemakaian: 118 ") || strings.Count(text, "sisa pemakaian") != 1 {
		t.Errorf("of a SAM: %s", text)
	}
}

// Each device that tells by itself has a test: what a station reads, the link to the center among it, and what a desk looks
// at; who may not test is offered none.
func TestEveryDeviceHasATest(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.DatacenterOfficer, access.Auditor)
	dewi, auditor := sit[access.DatacenterOfficer], sit[access.Auditor]
	o.must(o.reg.Tell(t.Context(), []registry.Reading{{Device: "sintang-1.link.center", Kind: registry.DeviceCenter, Fault: "center.away"}}))
	o.as(center, registry.ReportHealth{Device: "loket-1.sam", Place: "61.05.01", Cause: "equipment", State: registry.HealthWorks})
	for _, device := range []string{"sintang-1.link.center", "loket-1.sam"} {
		which := url.Values{"device": {device}}
		auditor.open("/perangkat")
		if _, _, offered := auditor.offers("/perangkat/uji", which); offered {
			t.Errorf("an auditor is offered to test %s", device)
		}
		dewi.open("/perangkat")
		dewi.send("/perangkat/uji", which, nil)
		if _, _, offered := dewi.offers("/perangkat/uji", which); offered {
			t.Errorf("%s is asked, and can be asked again", device)
		}
	}
	if text := dewi.says(); !strings.Contains(text, "Sambungan ke data center") || !strings.Contains(text, "Menunggu mejanya") {
		t.Errorf("the page says %s", text)
	}
}
