package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
)

// gets reads an address as somebody, whatever comes.
func (o *office) gets(who, target string) (status int, body string) {
	o.t.Helper()
	req := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+target, nil)
	req.Header.Set("Authorization", "Bearer "+o.tokens[who])
	w := httptest.NewRecorder()
	o.http.ServeHTTP(w, req)
	return w.Code, w.Body.String()
}

// A scan is for who attached it and for who has asked to see the person; what the resident confirms is shown while
// that is what the application waits for. Each look is an event that counts.
func TestWhatIsSeenIsWrittenDown(t *testing.T) {
	o := newOffice(t)
	clerk, operator, admin := "Sari, service officer", "Budi, enrolment operator", "Joko, administrator"
	p, slots := o.resident(0)
	o.listed("dpt-1", p)
	app := o.done(clerk, "/v1/applications", map[string]any{
		"type": "new", "nik": p.NIK.Digits(), "requirements": []any{map[string]any{"id": "family_card"}, map[string]any{"id": "rt_rw_letter"}},
	})["application"].(string)
	at := "/v1/applications/" + app
	looks := func() (list []string) {
		events, err := o.reg.Events(o.t.Context(), 0, 1000, audit.Filter{Application: app, Code: "person.unmasked"})
		o.must(err)
		for _, e := range events {
			list = append(list, e.Actor+" "+e.Detail["cause"])
		}
		return list
	}
	says := func(who, target string, status int, word string) {
		t.Helper()
		if got, body := o.gets(who, target); got != status || !strings.Contains(body, word) {
			t.Errorf("%s reads %s: %d %.200s, want %d %s", who, target, got, body, status, word)
		}
	}
	steps := o.front(app, clerk, operator, p, slots)
	says(operator, at+"/to-confirm", http.StatusConflict, "registry.wrong_state")
	for _, s := range steps[:3] {
		s.do()
	}
	scans, err := o.reg.Attachments(o.t.Context(), registry.ApplicationID(app))
	o.must(err)
	scan := "/v1/attachments/" + scans[0].ID
	says(clerk, scan, http.StatusOK, "%PDF")
	says(admin, scan, http.StatusForbidden, "registry.not_allowed")
	o.done(admin, at+"/person", map[string]any{"reason": "check"})
	says(admin, scan, http.StatusOK, "%PDF")
	says(operator, at+"/to-confirm", http.StatusOK, p.NIK.Digits())
	says(operator, at+"/to-confirm", http.StatusOK, p.NIK.Digits())
	if got := strings.Join(looks(), ", "); got != "joko check, budi confirmation" {
		t.Errorf("looks: %s", got)
	}
	ink := map[string]any{"hash": strings.Repeat("0", 64), "method": "signature_pad", "proof": []byte("MZ, a program")}
	o.refused(operator, at+"/confirmation", ink, "web.not_a_picture")
	for _, s := range steps[3:] {
		s.do()
	}
	says(operator, at+"/to-confirm", http.StatusConflict, "registry.wrong_state")
}

// Who counts the heaps blind is not told by the summary how many there should be.
func TestSummaryKeepsTheCountBlind(t *testing.T) {
	o := newOffice(t)
	for who, sees := range map[string]bool{"Rina, stock keeper": false, "Joko, administrator": false, "Wati, auditor": true} {
		var sum struct{ Blanks []struct{ Place string } }
		o.see(who, "/v1/summary", &sum)
		told := false
		for _, b := range sum.Blanks {
			told = told || b.Place == "store" || strings.HasPrefix(b.Place, "hopper")
		}
		if told != sees {
			t.Errorf("%s sees %v", who, sum.Blanks)
		}
	}
}

// The blank form is printed from the standard in force, without a number.
func TestBlankForm(t *testing.T) {
	o := newOffice(t)
	status, pdf := o.gets("Sari, service officer", "/v1/forms/application")
	if status != http.StatusOK || !strings.HasPrefix(pdf, "%PDF-") {
		t.Fatalf("%d %.200s", status, pdf)
	}
	if list, err := o.reg.Papers(o.t.Context(), registry.PaperFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("%d papers in the register: %v", len(list), err)
	}
}

// Whoever asks for the own data is given all of it, once that is written down.
func TestSubjectExportGivesTheData(t *testing.T) {
	o := newOffice(t)
	p, slots := o.resident(0)
	o.listed("dpt-1", p)
	app := o.taken(p, slots, nil)
	o.tokens["guard"] = o.token(access.Actor{ID: "satpam", Roles: guard.Roles}, access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}})
	given := o.done("guard", "/v1/subject-exports", map[string]any{"nik": p.NIK.Digits(), "request": "SAR-1"})
	row, _ := given["resident"].(map[string]any)
	apps, _ := given["applications"].([]any)
	if row == nil || row["person"].(map[string]any)["nik"] != p.NIK.Digits() || len(apps) != 1 {
		t.Fatalf("given %v", given)
	}
	x := apps[0].(map[string]any)
	if x["application"] != app || x["capture"] == nil || len(x["confirmations"].([]any)) != 1 || len(x["attachments"].([]any)) == 0 {
		t.Errorf("of the application %v", x)
	}
	if events, err := o.reg.Events(o.t.Context(), 0, 1000, audit.Filter{Code: "person.unmasked"}); err != nil || events[len(events)-1].Detail["request"] != "SAR-1" {
		t.Errorf("events %v, %v", events, err)
	}
}
