package osia

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/osia"
	"blanko/web"
)

// Base is where the operations are mounted; the paths of the specification follow.
const Base = "/osia/cms"

// Config of the service.
type Config struct {
	Registry *registry.Registry
	Problems *web.Problems // logs what went wrong
	// Checker checks pushed records with the keys that are trusted now.
	Checker   func(context.Context) (osia.Checker, error)
	Keys      osia.Keys // open what requests have encrypted; the checker has them, too
	Now       func() time.Time
	Authority string // that issues cards
	Place     string // where
}

type server struct{ Config }

// request is one request that was let in.
type request struct {
	*http.Request
	who         access.Actor
	operation   string
	transaction string // as sent
	attributes  []string
	body        []byte
}

// operation of Credential Services 1.3.0: how it is reached, what it takes and who may.
type operation struct {
	ID, Method, Path string
	Scope            access.Scope
	Body             int64 // bytes at most; 0: it has none
	Attributes       bool
	Do               func(*server, request) (status int, body any, err error)
}

// smallBody bounds every body but that of a record, in bytes.
const smallBody = 64 << 10

// operations of the specification, all twelve (cms.yaml 1.3.0).
var operations = []operation{
	{"createCredentialRequest", http.MethodPost, "/v1/credentialRequests/{credentialRequestId}", access.RequestWrite, osia.MaxRecord, false, (*server).createRequest},
	{"readCredentialRequest", http.MethodGet, "/v1/credentialRequests/{credentialRequestId}", access.RequestRead, 0, true, (*server).readRequest},
	{"updateCredentialRequest", http.MethodPut, "/v1/credentialRequests/{credentialRequestId}", access.RequestWrite, osia.MaxRecord, false, (*server).updateRequest},
	{"cancelCredentialRequest", http.MethodPost, "/v1/credentialRequests/{credentialRequestId}/cancel", access.RequestWrite, 0, false, (*server).cancelRequest},
	{"findCredentials", http.MethodPost, "/v1/credentials", access.CredentialRead, smallBody, true, (*server).findCredentials},
	{"readCredential", http.MethodGet, "/v1/credentials/{credentialId}", access.CredentialRead, 0, true, (*server).readCredential},
	{"updateCredential", http.MethodPut, "/v1/credentials/{credentialId}", access.CredentialWrite, smallBody, false, (*server).updateCredential},
	{"suspendCredential", http.MethodPost, "/v1/credentials/{credentialId}/suspend", access.CredentialWrite, smallBody, false, rule(registry.CredentialSuspended)},
	{"unsuspendCredential", http.MethodPost, "/v1/credentials/{credentialId}/unsuspend", access.CredentialWrite, smallBody, false, rule("")},
	{"revokeCredential", http.MethodPost, "/v1/credentials/{credentialId}/revoke", access.CredentialWrite, smallBody, false, rule(registry.CredentialRevoked)},
	{"setCredentialStatus", http.MethodPost, "/v1/credentials/{credentialId}/status", access.CredentialWrite, smallBody, false, (*server).setStatus},
	{"findCredentialProfiles", http.MethodPost, "/v1/credentialProfiles", access.ProfileRead, smallBody, true, (*server).findProfiles},
}

// Mount puts the operations and their document on a mux, behind the sign-in of the house.
func Mount(mux *http.ServeMux, cfg Config) {
	s := &server{cfg}
	for _, op := range operations {
		mux.HandleFunc(op.Method+" "+Base+op.Path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, op) })
	}
	mux.HandleFunc("GET "+Base+"/openapi.yaml", web.Document(document))
	mux.HandleFunc(Base+"/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, noSuchAddress) })
}

func (s *server) serve(w http.ResponseWriter, r *http.Request, op operation) {
	req, err := let(w, r, op)
	if err != nil {
		s.fail(w, err)
		return
	}
	status, body, err := op.Do(s, req)
	if err == nil && body != nil {
		body, err = only(body, req.attributes)
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	write(w, status, body)
}

// let checks everything about a request that is the same for all operations.
func let(w http.ResponseWriter, r *http.Request, op operation) (request, error) {
	req := request{Request: r, who: web.ActorOf(r.Context()), operation: op.ID}
	switch {
	case req.who.ID == "":
		return req, notSignedIn
	case !req.who.Has(access.System) || !req.who.Within(op.Scope):
		return req, refusal{http.StatusForbidden, codeScope, "the scope " + string(op.Scope) + " is needed"}
	}
	query := r.URL.Query()
	for name, values := range query {
		switch {
		case name == "transactionId" && len(values) == 1:
		case name == "attributes" && op.Attributes:
			for _, v := range values {
				req.attributes = append(req.attributes, strings.Split(v, ",")...)
			}
		default:
			return req, bad(codeQuery, "query", "not a parameter of the operation, or given twice")
		}
	}
	if req.transaction = query.Get("transactionId"); req.transaction == "" || len(req.transaction) > longestTransaction {
		return req, bad(codeTransaction, "transactionId", "1 to 128 characters")
	}
	if op.Body == 0 {
		return req, nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return req, bad(codeBody, "body", "application/json is wanted")
	}
	var err error
	if req.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, op.Body)); err != nil || len(req.body) == 0 {
		return req, bad(codeBody, "body", "missing, cut short or too large")
	}
	return req, nil
}

const longestTransaction = 128

// key makes the transaction the idempotency key of one operation on one thing: an asker may name
// several acts by one number.
func (r request) key(thing string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{r.operation, thing, r.transaction}, "\x00")))
	return "osia:" + r.who.ID + ":" + hex.EncodeToString(sum[:16])
}

// outside is the transaction as it may stand in the event log: as sent when it is a plain id, else
// its hash, for it may be anything.
func (r request) outside() string {
	if osia.ValidID(r.transaction) {
		return r.transaction
	}
	sum := sha256.Sum256([]byte(r.transaction))
	return "sha256:" + hex.EncodeToString(sum[:8])
}

// reasonCode is what a reason may look like in the event log.
var reasonCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// unstated stands in the event log for a reason that is no code: free text may name a person.
const unstated = "unstated"

func reasonOf(text string) string {
	if reasonCode.MatchString(text) {
		return text
	}
	return unstated
}

// read takes a body apart.
func (r request) read(into any) error {
	if no := osia.Read(r.body, into); no != nil {
		return refused(no)
	}
	return nil
}

// only keeps the named attributes of an answer, or of each of a list.
func only(body any, names []string) (any, error) {
	if len(names) == 0 {
		return body, nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	var one map[string]json.RawMessage
	var list []map[string]json.RawMessage
	if json.Unmarshal(text, &list) == nil {
		for _, o := range list {
			keep(o, names)
		}
		return list, nil
	}
	if err := json.Unmarshal(text, &one); err != nil {
		return nil, err
	}
	keep(one, names)
	return one, nil
}

func keep(o map[string]json.RawMessage, names []string) {
	for name := range o {
		if !slices.Contains(names, name) {
			delete(o, name)
		}
	}
}

func write(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who asked has gone
}

// Codes of errors: stable.
const (
	codeInternal    int32 = 1
	codeSignIn      int32 = 2
	codeScope       int32 = 3
	codeAddress     int32 = 4
	codeTransaction int32 = 10
	codeQuery       int32 = 11
	codeBody        int32 = 12
	codeSchema      int32 = 13
	codeReused      int32 = 14
	codeFixed       int32 = 15 // printed, signed or read-only
	codeExpression  int32 = 16
	codeTooMany     int32 = 17
	codeUnknown     int32 = 20
	codeKnown       int32 = 21
	codeState       int32 = 22
	codeInForce     int32 = 23
	codeRecord      int32 = 30 // the record was refused; the message names the code
)

// refusal is an answer that is no success.
type refusal struct {
	status  int
	code    int32
	message string
}

func (r refusal) Error() string { return r.message }

var (
	notSignedIn   = refusal{http.StatusUnauthorized, codeSignIn, "a token or client certificate of a system is needed"}
	noSuchAddress = refusal{http.StatusNotFound, codeAddress, "no such operation"}
)

func bad(code int32, field, reason string) refusal {
	return refusal{http.StatusBadRequest, code, field + ": " + reason}
}

func refused(r *osia.Refusal) refusal {
	code := codeRecord
	if r.Code == osia.Schema {
		code = codeSchema
	}
	return refusal{http.StatusBadRequest, code, r.Error()}
}

// faults are errors of the register that the specification has a status for.
var faults = map[fault.Code]struct {
	status int
	code   int32
}{
	"registry.application_unknown": {http.StatusNotFound, codeUnknown},
	"registry.card_unknown":        {http.StatusNotFound, codeUnknown},
	"registry.request_known":       {http.StatusConflict, codeKnown},
	"registry.record_refused":      {http.StatusBadRequest, codeRecord},
	"registry.card_in_force":       {http.StatusBadRequest, codeInForce},
	"registry.wrong_state":         {http.StatusBadRequest, codeState},
	"registry.key_reused":          {http.StatusBadRequest, codeReused},
	"registry.not_allowed":         {http.StatusForbidden, codeScope},
	"registry.bad_operation":       {http.StatusBadRequest, codeSchema},
}

// fail answers with the error body of the specification.
func (s *server) fail(w http.ResponseWriter, err error) {
	r, ok := errors.AsType[refusal](err)
	if !ok {
		p := s.Problems.Of(err)
		row, known := faults[fault.Code(p.Code)]
		if !known {
			row.status, row.code = http.StatusInternalServerError, codeInternal
		}
		r = refusal{row.status, row.code, p.Title}
		for _, e := range p.Errors {
			r.message += " " + e.Field + ": " + e.Reason
		}
		if !known {
			r.message = "internal error, reference " + p.Reference
		}
	}
	if r.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="blanko"`)
	}
	write(w, r.status, osia.Error{Code: r.code, Message: r.message})
}
