package console_test

import (
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
)

// Who reads the results sees whether the center can be reached, how the devices of the places are, and what waits to go
// there; the machines of the print room are not among them.
func TestLinkToTheCenter(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.DatacenterOfficer)
	dewi := sit[access.DatacenterOfficer]
	dewi.open("/ketunggalan")
	if text := dewi.says(); !strings.Contains(text, "Belum ada kabar tentang sambungan ke data center") || !strings.Contains(text, "Menunggu diambil data center tidak ada") {
		t.Errorf("before anything was told: %s", text)
	}
	for device, place := range map[string]string{"sintang-1.link.center": "", "sintang-1.line.lini-1": "", "loket-1.iris_scanner": "61.05.01"} {
		o.as(center, registry.ReportHealth{Device: device, Place: place, Cause: "network", State: registry.HealthDown, Code: "center_away"})
	}
	app := o.examinedOf(1)
	o.captured(app)
	o.as(staffOf(access.EnrolmentOperator), registry.Send{Application: app})
	dewi.open("/ketunggalan")
	text := dewi.says()
	for _, want := range []string{"sintang-1.link.center mati", "loket-1.iris_scanner mati", "Menunggu diambil data center 1 permohonan, yang tertua baru saja"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	if strings.Contains(text, "lini-1") || strings.Contains(text, "Belum ada kabar") {
		t.Errorf("the page says more than it should: %s", text)
	}
	if strings.Index(text, "link.center") > strings.Index(text, "iris_scanner") {
		t.Error("the link is not first")
	}
}
