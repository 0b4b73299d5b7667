package openapitest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// Judged is a handler of which every recorded answer in a test is one that the document names. At an address that the
// document does not know, only a refusal is fine: there is no such address, or no such method.
func (d *Document) Judged(t testing.TB, h http.Handler) http.Handler {
	t.Helper()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := r.Clone(r.Context()) // a handler may change the request
		h.ServeHTTP(w, r)
		answer, ok := w.(*httptest.ResponseRecorder)
		if !ok {
			return
		}
		if err := d.judge(asked, answer); err != nil {
			t.Errorf("%s %s: %v: %.400s", r.Method, r.URL, err, answer.Body)
		}
		if _, pattern := d.addresses.Handler(asked); answer.Code < http.StatusMultipleChoices && !strings.HasPrefix(t.Name(), ByChance) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.answeredWell[pattern] = true
		}
	})
}

// ByChance begins the names of tests whose requests are random: what they meet may not be met tomorrow.
const ByChance = "TestRandom"

// Silent are the operations that answered no judged request with success, but for those of tests by chance.
func (d *Document) Silent() (patterns []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, op := range d.Operations {
		if !d.answeredWell[op.Pattern()] {
			patterns = append(patterns, op.Pattern())
		}
	}
	slices.Sort(patterns)
	return patterns
}

// judge tells what is wrong with an answer; nothing where the document names it as it is.
func (d *Document) judge(r *http.Request, w *httptest.ResponseRecorder) error {
	_, pattern := d.addresses.Handler(r)
	op := d.byPattern[pattern]
	if op == nil {
		return d.judgeStranger(r, w)
	}
	return d.judgeAnswer(op, w)
}

// judgeStranger judges the answer at an address that the document does not know.
func (d *Document) judgeStranger(r *http.Request, w *httptest.ResponseRecorder) error {
	if _, known := d.beside.Handler(r); known != "" {
		return nil
	}
	if w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed {
		return fmt.Errorf("%d at an address that is not in the document", w.Code)
	}
	if d.elsewhere == nil {
		return nil
	}
	return d.judgeContent(d.elsewhere, w)
}

func (d *Document) judgeAnswer(op *Operation, w *httptest.ResponseRecorder) error {
	named, ok := op.Responses[fmt.Sprint(w.Code)]
	if !ok && w.Code >= http.StatusBadRequest {
		named, ok = op.Responses[anyOther]
	}
	if !ok {
		return fmt.Errorf("%d is not in the document", w.Code)
	}
	return d.judgeContent(named, w)
}

func (d *Document) judgeContent(named *response, w *httptest.ResponseRecorder) error {
	kind := w.Header().Get("Content-Type")
	content, ok := named.Content[kind]
	if short, _, err := mime.ParseMediaType(kind); !ok && err == nil {
		kind = short
		content, ok = named.Content[kind]
	}
	body := w.Body.Bytes()
	switch {
	case !ok && len(named.Content) == 0 && len(body) == 0:
		return nil
	case !ok:
		return fmt.Errorf("%d as %q is not in the document", w.Code, kind)
	case strings.HasSuffix(kind, "json"):
		return d.judgeJSON(content.schema, body)
	case kind == "text/csv":
		return judgeTable(content.Schema, body)
	case kind == "text/html" && !bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(body)), []byte("<!doctype html>")):
		return fmt.Errorf("%.40q is no page", body)
	case kind == "application/pdf" && !bytes.HasPrefix(body, []byte("%PDF-")):
		return fmt.Errorf("%.40q is no PDF", body)
	}
	return nil
}

func (d *Document) judgeJSON(schema *huma.Schema, body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	found := &huma.ValidateResult{}
	huma.Validate(d, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, found)
	return errors.Join(found.Errors...)
}

// judgeTable compares the header of a table with the columns that the document names.
func judgeTable(schema map[string]any, body []byte) error {
	lines, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return err
	}
	told, _ := schema["description"].(string)
	if columns, ok := strings.CutPrefix(told, "Columns: "); ok && (len(lines) == 0 || !strings.HasPrefix(columns, strings.Join(lines[0], ", ")+". ")) {
		return fmt.Errorf("a table without the columns of %q", told)
	}
	return nil
}
