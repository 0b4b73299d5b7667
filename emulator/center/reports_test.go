package center

import (
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

func report(c *Center, n int, key, word string) map[string]any {
	return map[string]any{"idempotencyKey": key, "id": c.Account()[n].ID, "version": 1, "word": word, "at": "2026-11-22T02:00:00Z"}
}

func TestReports(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 2})
	s := serve(t, c)
	send := func(list ...map[string]any) []string {
		status, answer := s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": list})
		if status != 207 {
			t.Fatalf("%d %v", status, answer)
		}
		var out []string
		for _, r := range answer["results"].([]any) {
			out = append(out, fmt.Sprint(dig(r, "idempotencyKey"), " ", dig(r, "status")))
		}
		return out
	}
	with := func(m map[string]any, name string, v any) map[string]any {
		m[name] = v
		return m
	}
	printed := report(c, 0, "k1", "CARD_PRINTED")
	printed["chip"], printed["attempts"], printed["state"] = "00001122334455667788", 2, "made"
	for _, c1 := range []struct {
		in   map[string]any
		want string
	}{
		{printed, "k1 200"},
		{printed, "k1 200"},
		{report(c, 0, "k1", "CARD_ISSUED"), "k1 409"},
		{report(c, 1, "k2", "REFUSED"), "k2 400"},
		{with(report(c, 1, "k3", "REFUSED"), "reason", "expired"), "k3 200"},
		{with(report(c, 0, "k4", "CARD_PRINTED"), "id", "nobody"), "k4 404"},
		{with(report(c, 0, "k5", "CARD_PRINTED"), "version", 2), "k5 409"},
		{with(report(c, 0, "k6", "CARD_PRINTED"), "version", "1"), "k6 400"},
		{with(report(c, 0, "k7", "CARD_PRINTED"), "version", 1.5), "k7 400"},
		{report(c, 0, "k8", "PRINTED"), "k8 400"},
		{with(report(c, 0, "k9", "CARD_PRINTED"), "at", "today"), "k9 400"},
		{with(report(c, 0, "k10", "CARD_PRINTED"), "chip", "abc"), "k10 400"},
		{with(report(c, 0, "k11", "CARD_PRINTED"), "note", "x"), "k11 400"},
		{report(c, 0, "", "CARD_PRINTED"), " 400"},
	} {
		if got := send(c1.in); !slices.Equal(got, []string{c1.want}) {
			t.Errorf("%v: %v, want %s", c1.in, got, c1.want)
		}
	}
	if got := send(report(c, 0, "a", "CARD_SHIPPED"), report(c, 0, "b", "CARD_ISSUED")); !slices.Equal(got, []string{"a 200", "b 200"}) {
		t.Errorf("batch: %v", got)
	}
	account := c.Account()
	if n := len(account[0].Reports); n != 3 || account[0].Word != "CARD_ISSUED" || account[0].Reports[0].Chip != "00001122334455667788" || account[0].Reports[0].Attempts != 2 {
		t.Errorf("%d reports, word %s: %+v", n, account[0].Word, account[0].Reports)
	}
	if account[1].Word != "PRINT_READY_RECORD" || len(account[1].Reports) != 1 {
		t.Errorf("a refusal changed the word: %+v", account[1])
	}
	_, opinion := s.call("/center/v1/reconciliation?office=61.05&day=2026-11-22", nil)
	list := opinion["records"].([]any)
	if len(list) != 2 || text(dig(list[0], "id")) >= text(dig(list[1], "id")) {
		t.Errorf("%v", opinion)
	}
	for _, o := range list {
		for _, l := range account {
			if l.ID == dig(o, "id") && (l.Word != dig(o, "word") || dig(o, "version") != json.Number("1")) {
				t.Errorf("%v", o)
			}
		}
	}
	if _, before := s.call("/center/v1/reconciliation?office=61.05&day=2026-11-21", nil); len(before["records"].([]any)) != 0 {
		t.Errorf("the day before: %v", before)
	}
}

// Where the center has the office's key, every report is signed.
func TestSignedReports(t *testing.T) {
	t.Parallel()
	office, err := newSigner(99, UseRecord, "office")
	if err != nil {
		t.Fatal(err)
	}
	c := testCenter(t, Config{Records: 1, OfficeKeys: map[string]*ecdsa.PublicKey{testOffice: office.Public}})
	s := serve(t, c)
	result := func(r map[string]any) string {
		_, answer := s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{r}})
		return fmt.Sprint(dig(answer, "results", 0, "status"), " ", dig(answer, "results", 0, "code"))
	}
	r := report(c, 0, "k", "CARD_PRINTED")
	if got := result(r); got != "400 signature_missing" {
		t.Errorf("unsigned: %s", got)
	}
	payload, err := canonicalJSON(map[string]any{"idempotencyKey": "k", "id": r["id"], "version": 1, "word": "CARD_PRINTED", "at": r["at"]})
	if err != nil {
		t.Fatal(err)
	}
	if r["signature"], err = office.detached(payload); err != nil {
		t.Fatal(err)
	}
	r["word"] = "CARD_ISSUED"
	if got := result(r); got != "400 signature_wrong" {
		t.Errorf("changed: %s", got)
	}
	for _, bad := range []string{"x", "a..b", "e30..AAAA"} {
		r["signature"] = bad
		if got := result(r); got != "400 signature_wrong" {
			t.Errorf("%s: %s", bad, got)
		}
	}
	r["word"] = "CARD_PRINTED"
	if r["signature"], err = office.detached(payload); err != nil {
		t.Fatal(err)
	}
	if got := result(r); got != "200 <nil>" {
		t.Errorf("signed: %s", got)
	}
}
