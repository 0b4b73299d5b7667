package center

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// answer is what a call gives back.
type answer struct {
	status  int
	kind    string // content type
	body    []byte
	dropped bool // the connection ends without it
}

func (c *Center) routes() {
	c.mux = http.NewServeMux()
	for pattern, call := range map[string]func(*http.Request) answer{
		"GET /center/v1/feed":           c.feed,
		"GET /center/v1/records/{id}":   c.oneRecord,
		"POST /center/v1/reports":       c.takeReports,
		"GET /center/v1/reconciliation": c.reconcile,
		"GET /center/v1/keys":           c.keyDocument,
		"GET /center/v1/anchors":        c.giveAnchors,
		"POST /center/v1/anchors":       c.takeAnchor,
		"POST /center/v1/enrolments":    c.takeEnrolment,
		"/":                             func(*http.Request) answer { return problem(http.StatusNotFound, "no_such_call", "no such call") },
	} {
		c.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { c.give(w, r, call) })
	}
}

// ServeHTTP serves the center protocol. A dropped connection is a panic with
// http.ErrAbortHandler, as net/http wants it.
func (c *Center) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

func (c *Center) give(w http.ResponseWriter, r *http.Request, call func(*http.Request) answer) {
	b := c.behaving()
	if b.Away {
		panic(http.ErrAbortHandler)
	}
	if b.Delay > 0 && c.cfg.Sleep(r.Context(), b.Delay) != nil {
		return
	}
	var a answer
	if c.strikes("fail", b.FailEvery) {
		a = problem(http.StatusInternalServerError, "internal", "the center failed")
	} else {
		a = call(r)
	}
	if a.dropped {
		panic(http.ErrAbortHandler)
	}
	body := a.body
	if len(body) > 1024 && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		var packed bytes.Buffer
		z, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if _, err := z.Write(body); err != nil || z.Close() != nil {
			panic(http.ErrAbortHandler)
		}
		body = packed.Bytes()
		w.Header().Set("Content-Encoding", "gzip")
	}
	if a.kind != "" {
		w.Header().Set("Content-Type", a.kind)
	}
	w.Header().Set("Vary", "Accept-Encoding")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	cut := len(body) > 1 && c.strikes("cut", b.CutEvery)
	if cut {
		body = body[:len(body)/2]
	}
	w.WriteHeader(a.status)
	if _, err := w.Write(body); err != nil {
		return // the client is gone
	}
	if cut {
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		panic(http.ErrAbortHandler)
	}
}

// problem is an error answer after RFC 9457.
func problem(status int, code, detail string) answer {
	b, err := appendPlain(nil, object{
		{"type", "about:blank"}, {"title", http.StatusText(status)}, {"status", status}, {"detail", detail}, {"code", code},
	})
	if err != nil {
		return answer{dropped: true}
	}
	return answer{status: status, kind: "application/problem+json", body: b}
}

func jsonAnswer(status int, v any) answer {
	b, err := appendPlain(nil, v)
	if err != nil {
		return problem(http.StatusInternalServerError, "internal", err.Error())
	}
	return answer{status: status, kind: "application/json", body: b}
}

// peer is the office of the client certificate, "" without one.
func peer(r *http.Request) string {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return ""
	}
	return r.TLS.PeerCertificates[0].Subject.CommonName
}

// officeOf finds the office that a call is for; refused is the answer when it may not be.
func (c *Center) officeOf(r *http.Request, named string) (o *office, refused *answer) {
	fail := func(a answer) (*office, *answer) { return nil, &a }
	certified := peer(r)
	switch {
	case named == "" && certified == "":
		return fail(problem(http.StatusBadRequest, "office_missing", "the office is not named"))
	case named == "":
		named = certified
	case certified != "" && certified != named:
		return fail(problem(http.StatusForbidden, "office_other", "the client certificate is of another office"))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if o = c.offices[named]; o == nil {
		return fail(problem(http.StatusNotFound, "office_unknown", "no such office"))
	}
	return o, nil
}

// number reads a query parameter from least to most.
func number(r *http.Request, name string, otherwise, least, most int) (int, bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}

func (c *Center) feed(r *http.Request) answer {
	o, refused := c.officeOf(r, r.URL.Query().Get("office"))
	if refused != nil {
		return *refused
	}
	limit, ok := number(r, "limit", defaultLimit, 1, maxLimit)
	if !ok {
		return problem(http.StatusBadRequest, "limit_wrong", "limit is a whole number from 1 to 500")
	}
	wait, ok := number(r, "wait", 0, 0, int(maxWait/time.Second))
	if !ok {
		return problem(http.StatusBadRequest, "wait_wrong", "wait is a whole number of seconds from 0 to 60")
	}
	b := c.behaving()
	c.mu.Lock()
	c.searchDue()
	c.mu.Unlock()
	place, log, grown, ok := c.after(o, r.URL.Query().Get("after"))
	if !ok {
		return problem(http.StatusGone, "cursor_gone", "the cursor is not known; start from the beginning")
	}
	if place == len(log) && wait > 0 {
		c.wait(r.Context(), grown, time.Duration(wait)*time.Second)
		if place, log, _, ok = c.after(o, r.URL.Query().Get("after")); !ok {
			return problem(http.StatusGone, "cursor_gone", "the cursor is not known; start from the beginning")
		}
	}
	if c.strikes("repeat", b.RepeatEvery) {
		place = max(0, place-limit)
	}
	items, err := c.page(log[place:min(place+limit, len(log))], b.Spoil)
	if err != nil {
		return problem(http.StatusInternalServerError, "internal", err.Error())
	}
	next := place + len(items)
	body := make([]byte, 0, pageSize(items))
	body = append(body, `{"items":[`...)
	for i, item := range b.disturb(items, place) {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, item...)
	}
	c.mu.Lock()
	cursor := c.cursors.make(o.code, next)
	c.mu.Unlock()
	body = append(append(append(body, `],"next":"`...), cursor...), `","more":`...)
	body = strconv.AppendBool(body, next < len(log))
	return answer{status: http.StatusOK, kind: "application/json", body: append(body, '}')}
}

func pageSize(items [][]byte) int {
	n := 128
	for _, i := range items {
		n += 2*len(i) + 2 // room for doubled ones
	}
	return n
}

// after is the place of a cursor, the log as it stands, and a channel that closes when it grows.
func (c *Center) after(o *office, cursor string) (place int, log []*entry, grown <-chan struct{}, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	place, ok = c.cursors.place(o.code, cursor, len(o.log))
	return place, o.log[:len(o.log):len(o.log)], o.grown, ok
}

// wait ends when the log grows, the time is over or the client is gone.
func (c *Center) wait(ctx context.Context, grown <-chan struct{}, d time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = c.cfg.Sleep(ctx, d) // ended by cancel, or by time: both end the wait
	}()
	select {
	case <-grown:
	case <-over:
	}
}

// page builds the items of a page, several at a time, up to the size of a page.
func (c *Center) page(log []*entry, spoil Spoil) ([][]byte, error) {
	var out [][]byte
	size := 0
	workers := runtime.GOMAXPROCS(0)
	for len(log) > 0 {
		n := min(len(log), 4*workers)
		built, err := c.items(log[:n], spoil, workers)
		if err != nil {
			return nil, err
		}
		for _, b := range built {
			if size += len(b); size > maxPage && len(out) > 0 {
				return out, nil
			}
			out = append(out, b)
		}
		log = log[n:]
	}
	return out, nil
}

func (c *Center) items(log []*entry, spoil Spoil, workers int) ([][]byte, error) {
	out, errs := make([][]byte, len(log)), make([]error, len(log))
	var group sync.WaitGroup
	turn := make(chan struct{}, workers)
	for i, e := range log {
		group.Add(1)
		turn <- struct{}{}
		go func() {
			defer group.Done()
			out[i], errs[i] = c.item(e, spoil)
			<-turn
		}()
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *Center) oneRecord(r *http.Request) answer {
	id, office := r.PathValue("id"), r.URL.Query().Get("office")
	if office == "" {
		office = peer(r)
	}
	c.mu.Lock()
	found := c.requests[id]
	var e *entry
	var withdrawn string
	if found != nil && len(found.versions) > 0 {
		e, withdrawn = found.latest(), found.withdrawn
	}
	c.mu.Unlock()
	switch {
	case found == nil || e == nil || office != "" && found.office.code != office || peer(r) != "" && found.office.code != peer(r):
		return problem(http.StatusNotFound, "record_unknown", "no such record of this office")
	case withdrawn != "":
		return problem(http.StatusNotFound, "record_withdrawn", "the record was withdrawn: "+withdrawn)
	}
	b, err := c.item(e, c.behaving().Spoil)
	if err != nil {
		return problem(http.StatusInternalServerError, "internal", err.Error())
	}
	return answer{status: http.StatusOK, kind: "application/json", body: b}
}

// algOf is the algorithm of a key's use (RFC 7518).
func algOf(use string) string {
	if use == UseEnrol {
		return "ECDH-ES"
	}
	return "ES256"
}

func (c *Center) keyDocument(*http.Request) answer {
	list := []any{}
	for _, k := range c.Keys() {
		list = append(list, object{
			{"kid", k.ID},
			{"use", k.Use},
			{"alg", algOf(k.Use)},
			{"spki", base64.StdEncoding.EncodeToString(k.SPKI)},
			{"notBefore", k.NotBefore.Format(time.RFC3339)},
			{"notAfter", k.NotAfter.Format(time.RFC3339)},
		})
	}
	doc, err := c.anchor.signedItem(object{{"keys", list}, {"issuedAt", c.cfg.Now().UTC().Format(time.RFC3339)}})
	if err != nil {
		return problem(http.StatusInternalServerError, "internal", err.Error())
	}
	return jsonAnswer(http.StatusOK, doc)
}
