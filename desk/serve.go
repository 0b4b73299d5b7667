package desk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"

	"go.uber.org/zap"

	"blanko/fault"
)

// Handler answers the pages of the station and nobody else: by a loopback name, from an origin of the
// pairing. The browser lets no other page read an answer, and none is given.
func (a *Agent) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/desk", answering(a, func(ctx context.Context, _ struct{}) (state, error) {
		return state{Desk: a.Identity.Desk, Place: a.Identity.Place, Devices: a.Look(ctx), Lists: a.lists()}, nil
	}))
	mux.HandleFunc("POST /v1/card", answering(a, a.read))
	mux.HandleFunc("POST /v1/show", answering(a, a.show))
	mux.HandleFunc("POST /v1/examine", answering(a, a.examine))
	mux.HandleFunc("POST /v1/match", answering(a, a.match))
	mux.HandleFunc("POST /v1/capture", answering(a, a.capture))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if !loopback(r.Host) || !a.ours(origin) {
			a.refuse(w, originRefused.At("desk.Handler", nil).With("Origin", "not of this desk's station"))
			return
		}
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Vary", "Origin")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		if r.Method == http.MethodOptions { // Fetch, section 3.2.2; Private Network Access, section 2.2
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Content-Type")
			h.Set("Access-Control-Allow-Private-Network", "true")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// loopback reports whether the host of a request is this computer itself: a name that a page points here is
// none.
func loopback(host string) bool {
	if name, port, err := net.SplitHostPort(host); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return false
		}
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ours reports whether an origin is that of a page of the station.
func (a *Agent) ours(origin string) bool {
	return origin != "" && slices.Contains(a.Identity.Origins, origin)
}

// state of a desk.
type state struct {
	Desk    string   `json:"desk"`
	Place   string   `json:"place"`
	Devices []Device `json:"devices"`
	Lists   []List   `json:"lists"`
}

// answering takes a request as JSON and gives the answer, or what went wrong, as JSON.
func answering[I, O any](a *Agent, do func(context.Context, I) (O, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in I
		if r.Method == http.MethodPost {
			text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostAsked))
			if err == nil {
				err = json.Unmarshal(text, &in)
			}
			if err != nil || r.Header.Get("Content-Type") != "application/json" {
				a.refuse(w, requestWrong.At("desk.answering", err).With("body", "not the JSON that is wanted"))
				return
			}
		}
		out, err := do(r.Context(), in)
		if err != nil {
			a.refuse(w, err)
			return
		}
		send(w, http.StatusOK, out)
	}
}

func send(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // who asked has gone
}

// statuses of kinds of errors.
var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict, fault.Denied: http.StatusForbidden,
	fault.Transient: http.StatusServiceUnavailable, fault.Device: http.StatusServiceUnavailable,
}

// refuse tells a page what went wrong.
func (a *Agent) refuse(w http.ResponseWriter, err error) {
	said := say(err)
	if r, ok := errors.AsType[*refused](err); ok {
		said = &r.said
	}
	if h, ok := errors.AsType[*hinted](err); ok {
		for _, t := range h.hints {
			said.StepsID, said.StepsEN = append(said.StepsID[:len(said.StepsID):len(said.StepsID)], t.ID), append(said.StepsEN[:len(said.StepsEN):len(said.StepsEN)], t.EN)
		}
	}
	status, known := statuses[fault.KindOf(err)]
	if !known {
		status = http.StatusInternalServerError
	}
	a.Log.Info("refused", zap.String("code", said.Code), zap.Error(err))
	send(w, status, said)
}

// hinted is an error with what to do better.
type hinted struct {
	error
	hints []Text
}

func (h *hinted) Unwrap() error { return h.error }
