package center

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/ktp"
)

// station is a client that knows the protocol from its text alone.
type station struct {
	t    *testing.T
	url  string
	http *http.Client
}

func serve(t *testing.T, c *Center) station {
	t.Helper()
	s := httptest.NewServer(c)
	t.Cleanup(s.Close)
	return station{t, s.URL, s.Client()}
}

// call sends a request; body nil is GET. It fails the test only when there is no answer.
func (s station) call(path string, body any) (status int, answer map[string]any) {
	s.t.Helper()
	status, answer, err := s.try(path, body)
	if err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	return status, answer
}

func (s station) try(path string, body any) (int, map[string]any, error) {
	s.t.Helper()
	method, reader := http.MethodGet, io.Reader(nil)
	if body != nil {
		b, ok := body.([]byte)
		if !ok {
			var err error
			if b, err = json.Marshal(body); err != nil {
				s.t.Fatal(err)
			}
		}
		method, reader = http.MethodPost, bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, reader)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp.StatusCode, nil, err
	}
	if len(raw) == 0 {
		return resp.StatusCode, nil, nil
	}
	v, err := parse(bytes.NewReader(raw))
	if err != nil {
		return resp.StatusCode, nil, err
	}
	m := v.(map[string]any)
	if resp.StatusCode >= 400 {
		if got := resp.Header.Get("Content-Type"); got != "application/problem+json" || m["code"] == nil || m["title"] == nil || m["status"] != json.Number(fmt.Sprint(resp.StatusCode)) {
			s.t.Errorf("%s: %d is no problem of RFC 9457: %s %v", path, resp.StatusCode, got, m)
		}
	}
	return resp.StatusCode, m, nil
}

const feedPath = "/center/v1/feed?office=61.05&limit=%d&after=%s"

// names lists the items of a page as id, version and kind.
func names(page map[string]any) []string {
	var out []string
	list, _ := page["items"].([]any)
	for _, i := range list {
		out = append(out, fmt.Sprint(dig(i, "kind"), " ", dig(i, "id"), " ", dig(i, "version")))
	}
	return out
}

func TestFeedWalk(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 7})
	s := serve(t, c)
	var all []string
	var pages []string
	cursor, last := "", int64(0)
	for more := true; more; {
		status, page := s.call(fmt.Sprintf(feedPath, 3, cursor), nil)
		if status != 200 {
			t.Fatal(status)
		}
		for _, i := range page["items"].([]any) {
			n, err := dig(i, "sequence").(json.Number).Int64()
			if err != nil || n <= last {
				t.Errorf("sequence %v after %d", n, last)
			}
			last = n
		}
		again, repeated := s.call(fmt.Sprintf(feedPath, 3, cursor), nil)
		if again != 200 || !slices.Equal(names(page), names(repeated)) || page["next"] != repeated["next"] {
			t.Error("the same cursor gives other items")
		}
		all, pages = append(all, names(page)...), append(pages, cursor)
		cursor, more = page["next"].(string), page["more"].(bool)
	}
	if len(all) != 7 || len(pages) != 3 {
		t.Errorf("%d items on %d pages", len(all), len(pages))
	}
	status, page := s.call(fmt.Sprintf(feedPath, 3, cursor), nil)
	if status != 200 || len(names(page)) != 0 || page["next"] != cursor || page["more"] != false {
		t.Errorf("at the end: %d %v", status, page)
	}
	if strings.Contains(cursor, "7") && strings.Contains(cursor, "61") {
		t.Errorf("the cursor tells its place: %s", cursor)
	}

	id := c.Account()[2].ID
	for _, act := range []error{c.Withdraw(id, "died"), c.Hold(id, "under investigation"), c.Release(id, "settled"), c.Correct(c.Account()[0].ID), c.Repeat(c.Account()[1].ID)} {
		if act != nil {
			t.Fatal(act)
		}
	}
	if err := c.PublishStatusList(testOffice, StatusList{Number: 3, Date: testNow, Chips: []ktp.ChipUID{"00001122334455667788"}}); err != nil {
		t.Fatal(err)
	}
	_, page = s.call(fmt.Sprintf(feedPath, 100, cursor), nil)
	want := []string{
		"withdrawal " + id + " 1", "hold " + id + " 1", "release " + id + " 1", "record " + c.Account()[0].ID + " 2",
		"record " + c.Account()[1].ID + " 1", "status_list status-list 3",
	}
	if !slices.Equal(names(page), want) {
		t.Errorf("%v\nwant %v", names(page), want)
	}
	for _, i := range page["items"].([]any) {
		m := i.(map[string]any)
		if m["kind"] == "record" {
			continue
		}
		jws := text(m["signature"])
		delete(m, "signature")
		payload, err := canonicalJSON(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(t, jws, payload, c.Keys(), UseRecord); err != nil {
			t.Errorf("%v: %v", m["kind"], err)
		}
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 1, Offices: []string{"61.05", "61.71"}})
	s := serve(t, c)
	_, page := s.call("/center/v1/feed?office=61.71&limit=1", nil)
	foreign := page["next"].(string)
	for path, want := range map[string]int{
		"/center/v1/feed":                                           400,
		"/center/v1/feed?office=61.99":                              404,
		"/center/v1/feed?office=61.05&limit=0":                      400,
		"/center/v1/feed?office=61.05&limit=501":                    400,
		"/center/v1/feed?office=61.05&limit=many":                   400,
		"/center/v1/feed?office=61.05&wait=61":                      400,
		"/center/v1/feed?office=61.05&wait=-1":                      400,
		"/center/v1/feed?office=61.05&after=AAAA":                   410,
		"/center/v1/feed?office=61.05&after=" + foreign:             410,
		"/center/v1/feed?office=61.05&after=" + foreign + "A":       410,
		"/center/v1/records/nobody":                                 404,
		"/center/v1/records/" + c.Account()[0].ID + "?office=61.71": 404,
		"/center/v1/reconciliation?office=61.05&day=today":          400,
		"/center/v2/feed":                                           404,
		"/":                                                         404,
	} {
		if status, _ := s.call(path, nil); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	for body, want := range map[string]int{
		`{`: 400, `[]`: 400, `{"office":"61.05"}`: 400, `{"office":"61.05","reports":{}}`: 400, `{"reports":[]}`: 400,
		`{"office":"61.05","reports":[` + strings.Repeat("{},", 500) + `{}]}`: 400,
		`{"office":"61.05","reports":[]} trailing`:                            400, `{"office":"61.05","reports":[]}`: 207,
	} {
		if status, _ := s.call("/center/v1/reports", []byte(body)); status != want {
			t.Errorf("%.40s: %d, want %d", body, status, want)
		}
	}
	c.ExpireCursors()
	if status, _ := s.call("/center/v1/feed?office=61.71&after="+foreign, nil); status != 410 {
		t.Errorf("an expired cursor: %d", status)
	}
	if status, _ := s.call("/center/v1/feed?office=61.71", nil); status != 200 {
		t.Errorf("the beginning: %d", status)
	}
}

// A long poll is answered when something comes, and with nothing when the time is over.
func TestLongPoll(t *testing.T) {
	t.Parallel()
	waiting := make(chan time.Duration, 2)
	over := make(chan struct{})
	c := testCenter(t, Config{Sleep: func(ctx context.Context, d time.Duration) error {
		waiting <- d
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-over:
			return nil
		}
	}})
	s := serve(t, c)
	got := make(chan []string)
	ask := func() {
		_, page, err := s.try("/center/v1/feed?office=61.05&wait=30", nil)
		if err != nil {
			t.Error(err)
		}
		got <- names(page)
	}
	go ask()
	if d := <-waiting; d != 30*time.Second {
		t.Errorf("waits %v", d)
	}
	if _, err := c.AddRecords(testOffice, 1); err != nil {
		t.Fatal(err)
	}
	if n := <-got; len(n) != 1 {
		t.Errorf("woken with %v", n)
	}
	empty := testCenter(t, Config{Sleep: c.cfg.Sleep})
	s = serve(t, empty)
	go ask()
	<-waiting
	close(over)
	if n := <-got; len(n) != 0 {
		t.Errorf("after the wait: %v", n)
	}
}

func TestOneRecord(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 1})
	s := serve(t, c)
	id := c.Account()[0].ID
	if err := c.Correct(id); err != nil {
		t.Fatal(err)
	}
	status, item := s.call("/center/v1/records/"+id, nil)
	if status != 200 || item["version"] != json.Number("2") || dig(item, "record", "credentialRequestId") != id {
		t.Errorf("%d, version %v", status, item["version"])
	}
	if err := c.Withdraw(id, "moved"); err != nil {
		t.Fatal(err)
	}
	if status, p := s.call("/center/v1/records/"+id, nil); status != 404 || p["code"] != "record_withdrawn" {
		t.Errorf("%d %v", status, p)
	}
}

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

func TestMoments(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 4, Moments: []Moment{{Every: 2, Word: "SENT_FOR_CARD_PRINTING", Act: "withdraw", Reason: "died"}}})
	s := serve(t, c)
	if err := c.At(Moment{ID: c.Account()[0].ID, Word: "CARD_PRINTED", Act: "correct"}); err != nil {
		t.Fatal(err)
	}
	var list []any
	for n := range 4 {
		list = append(list, report(c, n, fmt.Sprint("s", n), "SENT_FOR_CARD_PRINTING"), report(c, n, fmt.Sprint("p", n), "CARD_PRINTED"))
	}
	s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": list})
	s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{report(c, 1, "again", "SENT_FOR_CARD_PRINTING")}})
	var withdrawn []int
	for n, l := range c.Account() {
		if l.Withdrawn == "died" {
			withdrawn = append(withdrawn, n)
		}
	}
	if !slices.Equal(withdrawn, []int{1, 3}) || c.Account()[0].Version != 2 {
		t.Errorf("withdrawn %v, version %d", withdrawn, c.Account()[0].Version)
	}
	if n := len(c.offices[testOffice].log); n != 4+2+1 {
		t.Errorf("%d items: a moment struck twice", n)
	}
	if c.At(Moment{Act: "sell"}) == nil || c.At(Moment{Act: "withdraw", Reason: "bored"}) == nil {
		t.Error("an unknown act was taken")
	}
}

func TestKeyDocument(t *testing.T) {
	t.Parallel()
	now := testNow
	c := testCenter(t, Config{Records: 1, Now: func() time.Time { return now }})
	s := serve(t, c)
	old := c.Keys()[0]
	now = now.Add(time.Hour)
	if err := c.ChangeKeys(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddRecords(testOffice, 1); err != nil {
		t.Fatal(err)
	}
	_, doc := s.call("/center/v1/keys", nil)
	jws := text(doc["signature"])
	delete(doc, "signature")
	payload, err := canonicalJSON(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(t, jws, payload, []Key{c.Anchor()}, UseAnchor); err != nil {
		t.Error(err)
	}
	valid := map[string]int{}
	for _, k := range doc["keys"].([]any) {
		from, err1 := time.Parse(time.RFC3339, text(dig(k, "notBefore")))
		to, err2 := time.Parse(time.RFC3339, text(dig(k, "notAfter")))
		if err1 != nil || err2 != nil || !from.Before(to) {
			t.Errorf("%v", k)
		}
		if !now.Before(from) && now.Before(to) {
			valid[text(dig(k, "use"))]++
		}
		if dig(k, "kid") == old.ID && !to.Equal(now.Add(24*time.Hour)) {
			t.Errorf("the old key ends at %v", to)
		}
		der, err := base64Std(text(dig(k, "spki")))
		if err != nil {
			t.Fatal(err)
		}
		pub, err := x509.ParsePKIXPublicKey(der)
		if p, ok := pub.(*ecdsa.PublicKey); err != nil || !ok || p.Curve != elliptic.P256() {
			t.Errorf("%v", err)
		}
	}
	if valid["record"] != 2 || valid["identity"] != 2 {
		t.Errorf("in the grace period two keys of each use are valid, not %v", valid)
	}
	_, page := s.call(fmt.Sprintf(feedPath, 10, ""), nil)
	kids := map[any]bool{}
	for _, i := range page["items"].([]any) {
		r := dig(i, "record").(map[string]any)
		if err := verify(t, text(dig(r, "integrity", 0, "signature")), signedPart(t, r), c.Keys(), UseRecord); err != nil {
			t.Error(err)
		}
		kids[dig(r, "requestData", "others", "blanko", "identity", "kid")] = true
	}
	if len(kids) != 2 {
		t.Errorf("%d identity keys sign two records", len(kids))
	}
}

func TestAnchors(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{})
	s := serve(t, c)
	anchor := func(hash string) int {
		status, _ := s.call("/center/v1/anchors", map[string]any{"office": testOffice, "day": "2026-11-22", "sequence": 812, "hash": hash})
		return status
	}
	one, two := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	for _, c1 := range []struct {
		hash string
		want int
	}{{one, 204}, {one, 204}, {two, 409}, {"ab", 400}, {"", 400}} {
		if got := anchor(c1.hash); got != c1.want {
			t.Errorf("%.8s: %d, want %d", c1.hash, got, c1.want)
		}
	}
	if got := c.Anchors()["61.05 2026-11-22"]; got != "812 "+one {
		t.Errorf("%q", got)
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	s := serve(t, testCenter(t, Config{Records: 1}))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+fmt.Sprintf(feedPath, 1, ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := s.http.Transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v", resp.Header)
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := parse(z); err != nil || len(names(v.(map[string]any))) != 1 {
		t.Errorf("%v", err)
	}
}

func TestBehaviors(t *testing.T) {
	t.Parallel()
	var slept []time.Duration
	var mu sync.Mutex
	c := testCenter(t, Config{Records: 6, Sleep: func(_ context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		slept = append(slept, d)
		return nil
	}})
	s := serve(t, c)
	_, honest := s.call(fmt.Sprintf(feedPath, 3, ""), nil)
	next := honest["next"].(string)

	c.Behave(Behavior{Away: true})
	if _, _, err := s.try("/center/v1/keys", nil); err == nil {
		t.Error("away: answered")
	}
	c.Behave(Behavior{Delay: time.Minute})
	if status, _ := s.call("/center/v1/keys", nil); status != 200 || !slices.Equal(slept, []time.Duration{time.Minute}) {
		t.Errorf("slow: slept %v", slept)
	}
	c.Behave(Behavior{FailEvery: 2})
	for n, want := range []int{200, 500, 200, 500} {
		if status, _ := s.call("/center/v1/keys", nil); status != want {
			t.Errorf("call %d: %d, want %d", n, status, want)
		}
	}
	c.Behave(Behavior{CutEvery: 1})
	if status, _, err := s.try(fmt.Sprintf(feedPath, 3, ""), nil); err == nil || status != 200 {
		t.Errorf("cut short: %d, %v", status, err)
	}
	c.Behave(Behavior{RepeatEvery: 1})
	if _, page := s.call(fmt.Sprintf(feedPath, 3, next), nil); !slices.Equal(names(page), names(honest)) || page["next"] != next {
		t.Errorf("repeated: %v", names(page))
	}
	c.Behave(Behavior{Duplicate: true})
	if _, page := s.call(fmt.Sprintf(feedPath, 3, ""), nil); len(names(page)) != 6 || names(page)[0] != names(page)[1] || page["next"] != next {
		t.Errorf("doubled: %v", names(page))
	}
	c.Behave(Behavior{Reorder: true})
	_, page := s.call(fmt.Sprintf(feedPath, 6, ""), nil)
	shuffled := names(page)
	sorted := slices.Clone(shuffled)
	slices.Sort(sorted)
	c.Behave(Behavior{})
	_, page = s.call(fmt.Sprintf(feedPath, 6, ""), nil)
	want := names(page)
	if slices.Equal(shuffled, want) {
		t.Error("not reordered")
	}
	if slices.Sort(want); !slices.Equal(sorted, want) {
		t.Errorf("reordering lost items: %v", shuffled)
	}

	c.Behave(Behavior{Spoil: SpoilSignature})
	if err := c.Withdraw(c.Account()[5].ID, "died"); err != nil {
		t.Fatal(err)
	}
	_, page = s.call(fmt.Sprintf(feedPath, 10, next), nil)
	for _, i := range page["items"].([]any) {
		m := i.(map[string]any)
		var payload []byte
		var jws string
		if m["kind"] == "record" {
			r := m["record"].(map[string]any)
			payload, jws = signedPart(t, r), text(dig(r, "integrity", 0, "signature"))
		} else {
			jws = text(m["signature"])
			delete(m, "signature")
			var err error
			if payload, err = canonicalJSON(m); err != nil {
				t.Fatal(err)
			}
		}
		if verify(t, jws, payload, c.Keys(), UseRecord) == nil {
			t.Errorf("%v is well signed", m["kind"])
		}
	}
	c.Behave(Behavior{Spoil: SpoilExpired})
	if _, item := s.call("/center/v1/records/"+c.Account()[0].ID, nil); text(dig(item, "record", "requestData", "others", "blanko", "validUntil")) >= "2026" {
		t.Error("not expired")
	}

	c.Behave(Behavior{LoseReportsEvery: 2})
	for n := range 2 {
		if status, answer := s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{report(c, 0, fmt.Sprint("l", n), "CARD_PRINTED")}}); status != 207 || dig(answer, "results", 0, "status") != json.Number("200") {
			t.Errorf("%d %v", status, answer)
		}
	}
	if n := len(c.Account()[0].Reports); n != 1 {
		t.Errorf("%d reports kept, one of two was to be lost", n)
	}
	c.Behave(Behavior{LoseAnswersEvery: 1})
	if _, _, err := s.try("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{report(c, 1, "x", "CARD_PRINTED")}}); err == nil {
		t.Error("the answer was not lost")
	}
	c.Behave(Behavior{})
	if status, answer := s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{report(c, 1, "x", "CARD_PRINTED")}}); status != 207 || dig(answer, "results", 0, "status") != json.Number("200") {
		t.Errorf("%d %v", status, answer)
	}
	if n := len(c.Account()[1].Reports); n != 1 {
		t.Errorf("a repeated report was counted %d times", n)
	}
}

// Only TLS 1.3 with a certificate of the center's authority, and only for one's own office.
func TestTLS(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 1, Offices: []string{"61.05", "61.71"}})
	server, err := c.ListenTLS("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	own, err := server.Client("61.05")
	if err != nil {
		t.Fatal(err)
	}
	client := func(cfg *tls.Config) station {
		return station{t, server.URL, &http.Client{Transport: &http.Transport{TLSClientConfig: cfg}}}
	}
	s := client(own.TLS)
	if status, page := s.call("/center/v1/feed?limit=1", nil); status != 200 || len(names(page)) != 1 {
		t.Errorf("own office: %d", status)
	}
	if status, _ := s.call("/center/v1/feed?office=61.71", nil); status != 403 {
		t.Errorf("other office: %d", status)
	}
	for _, l := range c.Account() {
		want := map[string]int{"61.05": 200, "61.71": 404}[l.Office]
		if status, _ := s.call("/center/v1/records/"+l.ID, nil); status != want {
			t.Errorf("record of %s: %d", l.Office, status)
		}
	}
	pair, err := tls.X509KeyPair(own.Certificate, own.Key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(own.CA) {
		t.Fatal("no certificate in the PEM of the authority")
	}
	now := func() time.Time { return testNow }
	if status, _ := client(&tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}, Time: now}).call("/center/v1/keys", nil); status != 200 {
		t.Errorf("from PEM: %d", status)
	}
	stranger, err := testCenter(t, Config{Seed: 8}).ListenTLS("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Close() })
	other, err := stranger.Client("61.05")
	if err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]*tls.Config{
		"no certificate":            {RootCAs: pool, Time: now},
		"certificate of a stranger": {RootCAs: pool, Certificates: other.TLS.Certificates, Time: now},
		"TLS 1.2":                   {RootCAs: pool, Certificates: []tls.Certificate{pair}, Time: now, MaxVersion: tls.VersionTLS12},
		"authority not known":       {Certificates: []tls.Certificate{pair}, Time: now},
	} {
		if status, _, err := client(cfg).try("/center/v1/keys", nil); err == nil {
			t.Errorf("%s: %d", name, status)
		}
	}
}

// The cache is bounded, and what was pushed out is made again, equal.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	made := 0
	c := newCache[int](100, func(b []byte) int { return len(b) })
	get := func(k int) []byte {
		b, err := c.get(k, func() ([]byte, error) { made++; return bytes.Repeat([]byte{byte(k)}, 40), nil })
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, k := range []int{1, 2, 1, 3, 1, 2} {
		if b := get(k); len(b) != 40 || b[0] != byte(k) {
			t.Errorf("%d: %v", k, b)
		}
		if c.bytes > 100 || len(c.cells) != c.order.Len() {
			t.Errorf("%d bytes in %d cells", c.bytes, len(c.cells))
		}
	}
	if made != 4 { // 1, 2, 3, and 2 again, which was used longest ago when 3 came
		t.Errorf("made %d times", made)
	}
	fails := 0
	for range 2 {
		if _, err := c.get(9, func() ([]byte, error) { fails++; return nil, io.ErrUnexpectedEOF }); err == nil {
			t.Error("a failure was kept as a success")
		}
	}
	if fails != 2 || len(c.cells) != c.order.Len() {
		t.Errorf("a failure was kept: %d", fails)
	}
}
