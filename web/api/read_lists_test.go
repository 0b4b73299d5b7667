package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"blanko/ktp"
	"blanko/registry"
)

// pages reads a list item by item through its cursor and tells a member of each.
func (o *office) pages(who, target, member string) (found []string) {
	o.t.Helper()
	const most = 50
	for cursor := ""; len(found) < most; {
		status, body := o.gets(who, target+"&limit=1&cursor="+url.QueryEscape(cursor))
		var p struct {
			Items []map[string]any
			Next  string
		}
		o.must(json.Unmarshal([]byte(body), &p))
		if status != http.StatusOK {
			o.t.Fatalf("%s: %d %s", target, status, body)
		}
		for _, i := range p.Items {
			found = append(found, fmt.Sprint(i[member]))
		}
		if cursor = p.Next; cursor == "" {
			return found
		}
	}
	o.t.Fatalf("%s does not end", target)
	return nil
}

// What was examined, taken in, drawn and denied is read by pages, narrowed by filters, by those who may; none of it
// shows a person.
func TestListsOfTheRoom(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	auditor, keeper, clerk := "Wati, auditor", "Rina, stock keeper", "Sari, service officer"
	const secret = "NAMA RAHASIA"
	chips := []string{"0000CAFE0000000000A1", "0000CAFE0000000000A2", "0000CAFE0000000000A3"}
	var numbers, drawn, foreign []string
	for n, chip := range chips {
		o.done(keeper, "/v1/deny-list/"+chip, map[string]any{"reason": []string{"stolen", "missing"}[n%2]})
		foreign = append(foreign, o.done(clerk, "/v1/foreign-cards", map[string]any{"kind": []string{"ktp_el", "unknown"}[n%2], "chip": chip, "detail": secret})["answer"].(string))
		res, err := o.reg.Do(t.Context(), staff["Tono, service officer"], registry.ExamineChip{Chip: ktp.ChipUID(chip), Cause: "chip.foreign", Told: registry.Told{
			Mark: registry.MarkWarning, Finding: "Kartu bukan dari sini", Steps: []string{"Tahan kartu"}, Checks: []registry.ExaminationCheck{{What: "sod", Mark: registry.MarkBad, Text: "tidak cocok"}},
		}}, fmt.Sprintf("examination-%d", n))
		o.must(err)
		numbers = append(numbers, res.Answer)
		drawn = append(drawn, o.done(auditor, "/v1/inspections", map[string]any{"seed": fmt.Sprintf("benih-%04d", n), "cards": 1, "blanks": 1, "rolls": 0})["answer"].(string))
		o.clock.Advance(1e9)
	}
	o.done(keeper, "/v1/deny-list", map[string]any{"reason": "stolen", "labels": []string{"KE-000009", "KE-000008"}})
	slices.Sort(foreign)
	slices.Reverse(drawn)
	o.done(auditor, "/v1/inspections/"+drawn[0]+"/closing", nil)
	for _, c := range []struct {
		who, target, member string
		want                []string
	}{
		{keeper, "/v1/deny-list?", "chip", chips},
		{keeper, "/v1/deny-list?reason=stolen", "chip", []string{chips[0], chips[2]}},
		{keeper, "/v1/deny-list/labels?", "label", []string{"KE-000008", "KE-000009"}},
		{keeper, "/v1/foreign-cards?", "id", foreign},
		{keeper, "/v1/foreign-cards?kind=unknown&state=kept", "chip", chips[1:2]},
		{keeper, "/v1/foreign-cards?chip=" + chips[2], "chip", chips[2:]},
		{keeper, "/v1/foreign-cards?state=destroyed", "id", nil},
		{clerk, "/v1/examinations?", "number", numbers},
		{clerk, "/v1/examinations?origin=foreign&chip=" + chips[1], "number", numbers[1:2]},
		{clerk, "/v1/examinations?origin=here", "number", nil},
		{auditor, "/v1/inspections?", "id", drawn},
		{auditor, "/v1/inspections?state=open", "id", drawn[1:]},
	} {
		if got := o.pages(c.who, c.target, c.member); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.target, got, c.want)
		}
		if _, body := o.gets(c.who, c.target); strings.Contains(body, secret) {
			t.Errorf("%s shows a person: %s", c.target, body)
		}
	}
	var one struct {
		Examination struct{ Chip string }
		Checks      []struct{ What, Mark string }
	}
	o.see(clerk, "/v1/examinations/"+numbers[0], &one)
	if one.Examination.Chip != chips[0] || len(one.Checks) != 2 || one.Checks[0].Mark != registry.MarkBad || one.Checks[1].What != "chip" { // and what the deny list took the place of
		t.Errorf("%+v", one)
	}
	for _, cursor := range []string{"e30", "eyJyIjpbMSwyXSwiaSI6ImEifQ", "x"} {
		if status, body := o.gets(auditor, "/v1/inspections?cursor="+cursor); status != http.StatusUnprocessableEntity {
			t.Errorf("cursor %s: %d %s", cursor, status, body)
		}
	}
}

// An application is found by the number of its receipt, by a card and, by those alone who may see persons, by a NIK; the
// answer is without personal data.
func TestApplicationsFound(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	clerk := "Sari, service officer"
	p, _ := o.resident(0)
	q, _ := o.resident(1)
	o.listed("dpt-1", p, q)
	apps := map[string]string{}
	for _, x := range []ktp.Person{p, q} {
		apps[x.NIK.Digits()] = o.done(clerk, "/v1/applications", map[string]any{
			"type": "new", "nik": x.NIK.Digits(), "requirements": []any{map[string]any{"id": "family_card"}, map[string]any{"id": "rt_rw_letter"}},
		})["application"].(string)
	}
	mine := apps[p.NIK.Digits()]
	in, _, err := o.reg.Intake(t.Context(), registry.ApplicationID(mine))
	o.must(err)
	for target, want := range map[string][]string{
		"nik=" + p.NIK.Digits():                     {mine},
		"nik=" + p.NIK.Digits() + "&state=received": {mine},
		"nik=" + p.NIK.Digits() + "&state=queued":   nil,
		"nik=6105011708450009":                      nil,
		"receipt=" + in.Receipt:                     {mine},
		"receipt=none":                              nil,
		"chip=0000CAFE0000000000FF":                 nil,
	} {
		if got := o.pages(clerk, "/v1/applications?"+target, "id"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", target, got, want)
		}
		if _, body := o.gets(clerk, "/v1/applications?"+target); strings.Contains(body, p.NIK.Digits()) || strings.Contains(body, p.Names[0]) {
			t.Errorf("%s shows the person: %s", target, body)
		}
	}
	for target, want := range map[string]int{"nik=" + p.NIK.Digits(): http.StatusForbidden, "receipt=" + in.Receipt: http.StatusOK} {
		if status, body := o.gets("Wati, auditor", "/v1/applications?"+target); status != want || strings.Contains(body, p.NIK.Digits()) {
			t.Errorf("an auditor asks for %.4s: %d %s", target, status, body)
		}
	}
	var clocks struct {
		Items []struct {
			ID           string
			LimitSeconds int64
		}
	}
	o.see(clerk, "/v1/applications/"+mine+"/clocks", &clocks)
	if len(clocks.Items) == 0 || clocks.Items[0].LimitSeconds == 0 {
		t.Errorf("%+v", clocks)
	}
}
