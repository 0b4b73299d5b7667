package center

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
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
