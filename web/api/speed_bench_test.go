package api_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/registry/access"
	"blanko/store"
	"blanko/store/storetest"
)

// crowded adds n print-ready applications, copies of one that came through the operations, each with its
// record and its event.
func (r *room) crowded(n int) {
	r.t.Helper()
	r.must(r.store.Write(r.t.Context(), func(tx *store.Tx) error {
		blob, first := "blob", ""
		if tx.ForUpdate() != "" {
			blob, first = "bytea", `set local session_replication_role = replica`
		}
		for _, q := range []string{
			first,
			`insert into application (id, origin, type, state, since, cause, held, withdrawn, person, version, priority, due, received_at, received_by, approved_by, queued_by, matched_by, specimen, spoiled, warnings)
				select 'copy-' || i, origin, type, state, since, cause, held, withdrawn, cast('copy-' || i as ` + blob + `), version, priority, due, received_at, received_by, approved_by, queued_by, matched_by, specimen, spoiled, warnings
				from application, n where id = 'req-5'`,
			`insert into record (application, version, office, profile, delivery_office, valid_until, parent, person, fingers, exceptions, identity_key, identity, digest)
				select 'copy-' || i, version, office, profile, delivery_office, valid_until, parent, person, fingers, exceptions, identity_key, identity, digest from record, n where application = 'req-5'`,
			`insert into event (id, at, actor, code, application, card_order, attempt, chip, line, detail, prev, hash)
				select h.id + i, h.latest, 'c', 'application.deliver', 'copy-' || i, '', '', '', '', '{}', cast('v' || i as ` + blob + `), cast('h' || i as ` + blob + `) from event_head h, n`,
			`update event_head set id = id + ` + fmt.Sprint(n),
			`delete from tally`,
			`insert into tally (subject, word, cause, match, day, n) select subject, word, cause, match, day, n from tally_counted`,
		} {
			if strings.HasPrefix(q, "insert") && strings.Contains(q, ", n") && !strings.Contains(q, "tally") {
				q = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ` + fmt.Sprint(n) + `) ` + q
			}
			if q == "" {
				continue
			}
			if _, err := tx.Exec(q); err != nil {
				return err
			}
		}
		if first != "" {
			_, err := tx.Exec(`analyze`)
			return err
		}
		return nil
	}))
	r.must(r.store.EmptyLog(r.t.Context()))
}

// BenchmarkServer asks the server over a connection of this machine, with 1,000 applications and with
// 100,000, in turns: a page of a list, one of a state, one application, its events, the summary, and an
// approval.
func BenchmarkServer(b *testing.B) {
	sizes := [2]int{1_000, 100_000}
	for _, d := range []struct {
		name  string
		fresh func(testing.TB) storetest.DB
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.PostgreSQLOnce}} {
		b.Run(d.name, func(b *testing.B) {
			var addresses, tokens [2]string
			for i, n := range sizes {
				r := newRoomOn(b, d.fresh(b))
				r.crowded(n)
				tokens[i] = r.token(boss, access.Actor{ID: "boss-2", Roles: boss.Roles})
				address, end := r.serve()
				addresses[i] = address
				b.Cleanup(end)
			}
			round := 0
			steps := []struct{ name, method, target string }{
				{"list", http.MethodGet, "/v1/applications?limit=20&cursor=%s"},
				{"list-state", http.MethodGet, "/v1/applications?state=print+ready&limit=20&cursor=%s"},
				{"detail", http.MethodGet, "/v1/applications/copy-%d"},
				{"events-of-one", http.MethodGet, "/v1/events?application=copy-%d"},
				{"summary", http.MethodGet, "/v1/summary#%d"},
				{"approve", http.MethodPost, "/v1/applications/copy-%d/approval"},
			}
			took := map[string]*[2][]time.Duration{}
			for _, s := range steps {
				took[s.name] = &[2][]time.Duration{}
			}
			for b.Loop() {
				round++
				for _, s := range steps {
					for i, n := range sizes {
						var at any = n/2 + round
						if strings.Contains(s.target, "cursor") {
							at = base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"r":[],"i":"copy-%d"}`, at))
						}
						req, err := http.NewRequestWithContext(b.Context(), s.method, "http://"+addresses[i]+fmt.Sprintf(s.target, at), nil)
						if err != nil {
							b.Fatal(err)
						}
						if s.method == http.MethodPost { // what is asked is asked as the auditor at this machine
							req.Header.Set("Authorization", "Bearer "+tokens[i])
							req.Header.Set("Idempotency-Key", fmt.Sprintf("bench-%d", round))
						}
						began := time.Now()
						resp, err := http.DefaultClient.Do(req)
						if err != nil {
							b.Fatal(err)
						}
						text, err := io.ReadAll(resp.Body)
						took[s.name][i] = append(took[s.name][i], time.Since(began))
						if err != nil || resp.StatusCode != http.StatusOK {
							b.Fatalf("%s: %d %s %v", s.name, resp.StatusCode, text, err)
						}
						if err := resp.Body.Close(); err != nil {
							b.Fatal(err)
						}
					}
				}
			}
			for _, s := range steps {
				var median [2]float64
				for i, list := range took[s.name] {
					slices.Sort(list)
					median[i] = float64(list[len(list)/2].Nanoseconds()) / 1000
				}
				b.ReportMetric(median[1], s.name+"-us")
				b.ReportMetric(median[1]/median[0], s.name+"-ratio")
			}
		})
	}
}
