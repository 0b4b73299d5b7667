package center

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"blanko/ktp"
)

// Words that an office reports. REFUSED carries a refusal code as its reason; the others are
// the national status words.
var Words = []string{"SENT_FOR_ENROLLMENT", "RECEIVED_AT_CENTRAL", "DUPLICATE_RECORD", "ADJUDICATE_RECORD", "ENROLL_FAILURE_AT_CENTRAL", "SEARCH_FAILURE_AT_CENTRAL", "BIO_CAPTURED", "PROCESSING", "UNREGISTERED", "PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING", "CARD_PRINTED", "CARD_SHIPPED", "CARD_ISSUED", "REFUSED"}

// What the center thinks before any report: of a request with its record, and of a package alone.
const (
	wordReady    = "PRINT_READY_RECORD"
	wordReceived = "RECEIVED_AT_CENTRAL"
)

// Report is one report of an office as it arrived.
type Report struct {
	Key      string
	ID       string
	Version  int
	Word     string
	State    string
	At       time.Time
	Chip     ktp.ChipUID
	Attempts int
	Reason   string
	Received time.Time
}

// taken remembers a report by its idempotency key.
type taken struct {
	body   [32]byte // SHA-256 of its canonical form
	status int
	code   string
}

var reportMembers = []string{"idempotencyKey", "id", "version", "word", "state", "at", "chip", "attempts", "reason", "signature"}

var chipForm = regexp.MustCompile(`^[0-9A-F]{20}$`)

func (c *Center) takeReports(r *http.Request) answer {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxReportBody+1))
	if err != nil {
		return problem(http.StatusBadRequest, "body_unreadable", "the body ended early")
	}
	if len(raw) > maxReportBody {
		return problem(http.StatusRequestEntityTooLarge, "body_too_large", "at most 4 MiB")
	}
	v, err := parse(bytes.NewReader(raw))
	body, _ := v.(map[string]any)
	list, isList := body["reports"].([]any)
	named, _ := body["office"].(string)
	switch {
	case err != nil || body == nil || !isList:
		return problem(http.StatusBadRequest, "schema", "an object with office and reports")
	case len(list) > maxReports:
		return problem(http.StatusBadRequest, "batch_too_large", "at most 500 reports")
	}
	o, refused := c.officeOf(r, named)
	if refused != nil {
		return *refused
	}
	b := c.behaving()
	forget := c.strikes("lose reports", b.LoseReportsEvery)
	results := []any{}
	for _, one := range list {
		key, status, code, detail := c.takeReport(o, one, forget)
		result := object{{"idempotencyKey", key}, {"status", status}}
		if code != "" {
			result = append(result, &member{"code", code}, &member{"detail", detail})
		}
		results = append(results, result)
	}
	if c.strikes("lose answers", b.LoseAnswersEvery) {
		return answer{dropped: true}
	}
	return jsonAnswer(http.StatusMultiStatus, object{{"results", results}})
}

// takeReport checks one report and keeps it, unless it is to be forgotten.
func (c *Center) takeReport(o *office, v any, forget bool) (key string, status int, code, detail string) {
	m, _ := v.(map[string]any)
	key, _ = m["idempotencyKey"].(string)
	if key == "" || len(key) > 128 {
		return key, http.StatusBadRequest, "key_missing", "idempotencyKey has 1 to 128 characters"
	}
	for name := range m {
		if !slices.Contains(reportMembers, name) {
			return key, http.StatusBadRequest, "schema", "unknown member " + name
		}
	}
	rep, wrong := readReport(m)
	if wrong != "" {
		return key, http.StatusBadRequest, "schema", wrong
	}
	if pub := c.cfg.OfficeKeys[o.code]; pub != nil {
		if code := verifyReport(pub, m); code != "" {
			return key, http.StatusBadRequest, code, "the office's signature over the report"
		}
	}
	canonical, err := canonicalJSON(m)
	if err != nil {
		return key, http.StatusBadRequest, "schema", err.Error()
	}
	sum := sha256.Sum256(canonical)

	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.keys[o.code+" "+key]; ok {
		if before.body != sum {
			return key, http.StatusConflict, "key_used", "the key was used for another report"
		}
		return key, before.status, before.code, ""
	}
	req := c.requests[rep.ID]
	switch {
	case req == nil || req.office != o:
		return key, http.StatusNotFound, "record_unknown", "no such record of this office"
	case rep.Version > req.latest().version:
		return key, http.StatusConflict, "version_unknown", "the center has no such version"
	}
	if forget {
		return key, http.StatusOK, "", ""
	}
	rep.Key, rep.Received = key, c.cfg.Now().UTC()
	req.reports = append(req.reports, rep)
	c.keys[o.code+" "+key] = taken{body: sum, status: http.StatusOK}
	c.strike(req, rep)
	c.heed(req, rep)
	return key, http.StatusOK, "", ""
}

// readReport takes the members apart; wrong names the first that does not fit.
func readReport(m map[string]any) (rep Report, wrong string) {
	text := func(name string, needed bool) string {
		v, there := m[name]
		s, ok := v.(string)
		if wrong == "" && (there && !ok || needed && s == "") {
			wrong = name + " is a text"
		}
		return s
	}
	whole := func(name string, needed bool) int {
		v, there := m[name]
		n, ok := v.(json.Number)
		i, err := n.Int64()
		if wrong == "" && (there && (!ok || err != nil || i < 0) || needed && !there) {
			wrong = name + " is a whole number"
		}
		return int(i)
	}
	rep = Report{
		ID: text("id", true), Version: whole("version", true), Word: text("word", true), State: text("state", false),
		Chip: ktp.ChipUID(text("chip", false)), Attempts: whole("attempts", false), Reason: text("reason", false),
	}
	at, err := time.Parse(time.RFC3339, text("at", true))
	switch {
	case wrong != "":
	case err != nil:
		wrong = "at is an RFC 3339 time"
	case !slices.Contains(Words, rep.Word):
		wrong = "word is one of " + strings.Join(Words, ", ")
	case rep.Word == "REFUSED" && !slices.Contains(Refusals, rep.Reason):
		wrong = "the reason of a refusal is a code of the protocol"
	case rep.Chip != "" && !chipForm.MatchString(string(rep.Chip)):
		wrong = "chip is the UID, 20 upper-case hex digits"
	}
	rep.At = at.UTC()
	return rep, wrong
}

// verifyReport checks the detached JWS of the office over the report without its signature.
func verifyReport(pub *ecdsa.PublicKey, m map[string]any) (code string) {
	jws, _ := m["signature"].(string)
	if jws == "" {
		return refSignatureMissing
	}
	parts := strings.Split(jws, ".")
	if len(parts) != 3 || parts[1] != "" {
		return refSignatureWrong
	}
	var head struct{ Alg string }
	raw, err := base64.RawURLEncoding.Strict().DecodeString(parts[0])
	if err != nil || json.Unmarshal(raw, &head) != nil || head.Alg != "ES256" {
		return refSignatureWrong
	}
	sig, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(sig) != 64 {
		return refSignatureWrong
	}
	covered := map[string]any{}
	for name, v := range m {
		if name != "signature" {
			covered[name] = v
		}
	}
	payload, err := canonicalJSON(covered)
	if err != nil {
		return refSignatureWrong
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + base64url(payload)))
	if !ecdsa.Verify(pub, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return refSignatureWrong
	}
	return ""
}

func (c *Center) reconcile(r *http.Request) answer {
	o, refused := c.officeOf(r, r.URL.Query().Get("office"))
	if refused != nil {
		return *refused
	}
	day, err := time.Parse(time.DateOnly, r.URL.Query().Get("day"))
	if err != nil {
		return problem(http.StatusBadRequest, "day_wrong", "day is yyyy-mm-dd")
	}
	var list []any
	for _, line := range c.Account() {
		if line.Office != o.code || !line.Created.Before(day.AddDate(0, 0, 1)) {
			continue
		}
		list = append(list, object{{"id", line.ID}, {"version", line.Version}, {"word", line.Word}})
	}
	slices.SortFunc(list, func(a, b any) int {
		return strings.Compare(a.(object).get("id").(string), b.(object).get("id").(string))
	})
	if list == nil {
		list = []any{}
	}
	return jsonAnswer(http.StatusOK, object{{"office", o.code}, {"day", day.Format(time.DateOnly)}, {"records", list}})
}

// giveAnchors lists the daily anchors that were taken from an office, oldest first.
func (c *Center) giveAnchors(r *http.Request) answer {
	o, refused := c.officeOf(r, r.URL.Query().Get("office"))
	if refused != nil {
		return *refused
	}
	held := c.Anchors()
	list := []any{}
	for _, slot := range slices.Sorted(maps.Keys(held)) {
		day, ours := strings.CutPrefix(slot, o.code+" ")
		sequence, hash, _ := strings.Cut(held[slot], " ")
		if ours {
			list = append(list, object{{"day", day}, {"sequence", json.Number(sequence)}, {"hash", hash}})
		}
	}
	return jsonAnswer(http.StatusOK, object{{"office", o.code}, {"anchors", list}})
}

// takeAnchor keeps the daily anchor of an office's event log. A second one for the same day must
// be equal.
func (c *Center) takeAnchor(r *http.Request) answer {
	v, err := parse(io.LimitReader(r.Body, maxReportBody))
	m, _ := v.(map[string]any)
	if err != nil || m == nil {
		return problem(http.StatusBadRequest, "schema", "an object with office, day, sequence and hash")
	}
	text := func(name string) string { s, _ := m[name].(string); return s }
	o, refused := c.officeOf(r, text("office"))
	if refused != nil {
		return *refused
	}
	_, dayErr := time.Parse(time.DateOnly, text("day"))
	sum, hashErr := hex.DecodeString(text("hash"))
	sequence, isNumber := m["sequence"].(json.Number)
	if _, err := sequence.Int64(); dayErr != nil || hashErr != nil || len(sum) != sha256.Size || !isNumber || err != nil {
		return problem(http.StatusBadRequest, "schema", "day is yyyy-mm-dd, sequence a whole number, hash a SHA-256 in hex")
	}
	value := sequence.String() + " " + strings.ToLower(text("hash"))
	c.mu.Lock()
	defer c.mu.Unlock()
	slot := o.code + " " + text("day")
	if before, ok := c.anchors[slot]; ok && before != value {
		return problem(http.StatusConflict, "anchor_differs", "another anchor was taken for this day")
	}
	c.anchors[slot] = value
	return answer{status: http.StatusNoContent}
}
