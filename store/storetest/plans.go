package storetest

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"blanko/store"
)

// growing are the tables that hold a row for each card, or more. Who works at a line or a counter waits for no
// statement that reads one of them from end to end.
var growing = []string{
	"application", "area", "attempt", "blank", "blank_label", "capture", "capture_part", "card", "card_order", "card_shown", "chip_counter", "chip_key", "confirmation",
	"consignment_card", "denied_range", "duty", "enrolment", "event", "fine", "handover", "intake", "journal", "match_try", "message", "operation", "outbox",
	"paper", "record", "record_part", "resident", "search_result", "stock_movement",
}

// walks are statements that read one of them through, by a part of their text, and why they may.
var walks = []walk{
	{`from tally_counted`, "the counts are proved against what was counted, on demand"},
	{`sum\(moved\), sum\(recorded\)`, "the stock is proved against its movements, on demand"},
	{`1 as n from blank`, "stock by lots as an auditor counts it"},
	{`from event order by id$`, "the chain is walked, or exported"},
	{`^select "`, "a ledger is copied whole"},
	{`from card order by chip$`, "the signed list says of every card how it stands, once a minute at most"},
	{`min\(taken_at\) as taken from enrolment`, "the station is held against the center, once a day"},
	{`not in \(select resident from intake`, "a list of residents is thrown away"},
	{`where intake.ready_at >= \?`, "a report of a month"},
	{`passed_on_at = 0\) and \(chip > \?\) and \(held`, "cards to pull are listed on demand"},
	{`k.role = \? and k.check_value = \?`, "cards of a master key that is replaced are listed on demand"},
	{`^select record from refusal`, "what was refused and is withdrawn now, once a day"},
	{`limit \?$`, "a page of a list, in the order of an index"},
	{`^with recursive`, "a test fills a table"},
	{`^(insert into stage_time|update handover set matched)`, "a migration that a test does again"},
	{`^select (count\(\*\) from|\(select count|state, count)|code like 'data_key`, "a test counts"},
	{`^(delete from|update) (journal|stock_movement)`, "a test alters what nobody may"},
	{`from (application|card|attempt) *(order by (received_at desc, id|started_at, id))?$`, "a test reads everything"},
}

type walk struct{ part, why string }

// mayWalk finds the part of one of them.
var mayWalk = sync.OnceValue(func() *regexp.Regexp {
	var parts []string
	for _, w := range walks {
		parts = append(parts, "(?:"+w.part+")")
	}
	return regexp.MustCompile(strings.Join(parts, "|"))
})

// heard are the statements of a test whose plans are looked at when it ends.
type heard struct {
	mu         sync.Mutex
	statements map[string]bool
}

// plansKnown are the statements that were looked at in this process.
var plansKnown sync.Map

func (h *heard) hear(statement string) {
	if _, known := plansKnown.LoadOrStore(statement, true); known {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.statements[statement] = true
}

// plansOf looks, when the test has ended, at the plans of the statements that it was the first to use: SQLite asks no table
// how many rows it has, so that an empty one is walked as a full one is.
func plansOf(t testing.TB, path string) *heard {
	h := &heard{statements: map[string]bool{}}
	t.Cleanup(func() {
		if len(h.statements) == 0 {
			return
		}
		s, err := store.Open(context.Background(), path, store.WithRelaxedDurability())
		if err != nil {
			for statement := range h.statements { // the test spoiled its ledger: another one looks
				plansKnown.Delete(statement)
			}
			return
		}
		defer s.Close() //nolint:errcheck // it was read alone
		short := shortIndexes(t, s)
		for statement := range h.statements {
			for _, table := range walked(s, statement, short) {
				t.Errorf("%s is read through, row by row (name why in walks, or give it an index): %s", table, statement)
			}
		}
	})
	return h
}

var scan = regexp.MustCompile(`^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?`)

// walked are the growing tables that a statement reads through. One that this database refuses is no statement of its.
func walked(s *store.Store, statement string, short map[string]bool) (tables []string) {
	if mayWalk().MatchString(statement) {
		return nil
	}
	_ = s.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Each(func(scanRow func(...any) error) error {
			var id, parent, unused int
			var step string
			err := scanRow(&id, &parent, &unused, &step)
			m := scan.FindStringSubmatch(step)
			if m == nil || short[m[2]] {
				return err
			}
			if table := named(statement, m[1]); slices.Contains(growing, table) {
				tables = append(tables, table)
			}
			return err
		}, "explain query plan "+statement, make([]any, strings.Count(statement, "?"))...)
	})
	return tables
}

// shortIndexes are those of some rows alone: what waits, what is open.
func shortIndexes(t testing.TB, s *store.Store) map[string]bool {
	short := map[string]bool{}
	if err := s.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Each(func(scanRow func(...any) error) error {
			var name string
			err := scanRow(&name)
			short[name] = true
			return err
		}, `select name from sqlite_master where type = 'index' and lower(sql) like '% where %'`)
	}); err != nil {
		t.Fatal(err)
	}
	return short
}

// named is the table behind a name of a statement, which may be a short one of its own.
func named(statement, name string) string {
	if slices.Contains(growing, name) {
		return name
	}
	if m := regexp.MustCompile(`(\w+) (?:as )?` + name + `\b`).FindStringSubmatch(statement); m != nil {
		return m[1]
	}
	return name
}
