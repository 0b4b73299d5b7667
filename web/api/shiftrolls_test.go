package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"blanko/paper/papertest"
	"blanko/registry/stock"
)

// Rolls are counted beside blanks, and whoever counts them is told their number by no answer. One that is missing is
// settled by its serial; the sheet of the shift names it, and tells rolls from blanks.
func TestRollsOfAShiftOverTheAPI(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	joko, ratna, rina := "Joko, administrator", "Ratna, supervisor", "Rina, stock keeper"
	for serial, kind := range map[string]string{"EV-F-1": "film", "EV-R-1": "ribbon", "EV-R-2": "ribbon", "EV-R-3": "ribbon"} {
		o.done(rina, "/v1/rolls/"+serial+"/receipt", map[string]any{"kind": kind, "product": map[string]string{"film": "BENING", "ribbon": "YMCKO"}[kind], "panels": 300})
	}
	o.agreed(rina, joko, "/v1/rolls/EV-R-1/fitting", map[string]any{"line": "line-1"})

	counts := func(ribbons, films int) (list []any) {
		held, _, err := o.reg.Blanks(t.Context())
		o.must(err)
		for _, h := range held {
			if h.Place.Kind == stock.Store || h.Place.Kind == stock.Hopper {
				list = append(list, map[string]any{"place": h.Place.String(), "lot": h.Lot, "quantity": h.Unread + h.Read})
			}
		}
		return append(list,
			map[string]any{"kind": "ribbon", "place": "store", "lot": "YMCKO", "quantity": ribbons}, map[string]any{"kind": "film", "place": "store", "lot": "BENING", "quantity": films},
			map[string]any{"kind": "ribbon", "place": "fitted/line-1", "lot": "YMCKO", "quantity": 1})
	}
	o.agreed(rina, joko, "/v1/shifts", map[string]any{"counts": counts(2, 1)})
	for range 2 {
		if out := o.agreed(rina, joko, "/v1/shifts/closing", map[string]any{"counts": counts(1, 2)}); out["answer"] != "recount" || strings.Contains(fmt.Sprint(out), "EV-R") {
			t.Errorf("%v", out)
		}
	}

	type rolls struct {
		Items []struct{ Serial, State string }
	}
	for who, want := range map[string]int{rina: 1, joko: 1, ratna: 4} {
		var list, stored rolls
		o.see(who, "/v1/rolls", &list)
		o.see(who, "/v1/rolls?state=store", &stored)
		if len(list.Items) != want || len(stored.Items) != want-1 {
			t.Errorf("%s is told of %+v, and of %+v in the store", who, list, stored)
		}
	}
	var shifts struct {
		Items []struct{ ID string }
	}
	o.see(rina, "/v1/shifts", &shifts)
	var open struct {
		Counts []struct {
			Kind     string
			Expected *int
		}
	}
	at := "/v1/shifts/" + shifts.Items[0].ID
	o.see(rina, at, &open)
	kinds := map[string]int{}
	for _, c := range open.Counts {
		if kinds[c.Kind]++; c.Expected != nil {
			t.Errorf("the open shift tells %d", *c.Expected)
		}
	}
	if kinds["ribbon"] != 6 || kinds["film"] != 3 || kinds["blank"] == 0 {
		t.Errorf("%v", kinds)
	}

	status, out := o.post(rina, "/v1/shifts/settlement", map[string]any{"reason": "missing"})
	if status != http.StatusAccepted || strings.Contains(fmt.Sprint(out), "EV-R-") {
		t.Errorf("who proposes is told %d %v", status, out)
	}
	status, out = o.post(ratna, fmt.Sprintf("/v1/proposals/%s/decision", out["proposal"]), map[string]any{"agree": true})
	if status != http.StatusUnprocessableEntity && status != http.StatusBadRequest || !strings.Contains(fmt.Sprint(out["errors"]), "EV-R-2, EV-R-3") {
		t.Errorf("the supervisor who decides: %d %v", status, out)
	}
	o.agreed(rina, ratna, "/v1/shifts/settlement", map[string]any{"reason": "missing", "missing": []string{"EV-R-3"}})
	var lost rolls
	o.see(ratna, "/v1/rolls?state=lost", &lost)
	if len(lost.Items) != 1 || lost.Items[0].Serial != "EV-R-3" || lost.Items[0].State != "lost" {
		t.Errorf("%+v", lost)
	}
	for target, tells := range map[string][]string{
		at + "/papers/sheet": {
			"blangko, hopper/line-1, lot LOT-A", "pita YMCKO, gudang 2 0 0 2 1 -1", "film BENING, gudang 1 0 0 1 2 +1", "pita YMCKO, di printer line-1 1 0 0 1 1 0",
			"Rol hilang: EV-R-3.", "Rol lebih: belum ada di buku sampai diterima ke gudang.",
		},
		"/v1/stock/papers/report": {"EV-R-3", "hilang"},
	} {
		w := o.printed(rina, target, "application/pdf", target)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
		text := strings.Join(strings.Fields(papertest.Text(t, w.Body.Bytes())), " ")
		for _, fact := range tells {
			if !strings.Contains(text, fact) {
				t.Errorf("%s does not tell %q: %s", target, fact, text)
			}
		}
	}
}
