package desk

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// link is the way to the station: TLS alone, with the certificate of the desk.
type link struct {
	station string
	client  *http.Client
}

// Bounds of the link.
const (
	answerFor  = 30 * time.Second
	mostAnswer = 1 << 20
)

// linkTo opens nothing yet.
func linkTo(station, authority string, certificate *tls.Certificate) (*link, error) {
	const op = "desk.linkTo"
	u, err := url.Parse(station)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		return nil, AddressWrong.At(op, err).With("station", "https://name:port is wanted")
	}
	cfg := &tls.Config{MinVersion: tls.VersionTLS13}
	if authority != "" {
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM([]byte(authority)) {
			return nil, AddressWrong.At(op, nil).With("authority", "no certificates in it")
		}
	}
	if certificate != nil {
		cfg.Certificates = []tls.Certificate{*certificate}
	}
	return &link{"https://" + u.Host, &http.Client{
		Transport: &http.Transport{TLSClientConfig: cfg, ForceAttemptHTTP2: true},
		Timeout:   answerFor, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (l *link) close() { l.client.CloseIdleConnections() }

// problem is what the station says of an error (RFC 9457).
type problem struct {
	Code string `json:"code"`
	Text Text   `json:"text"`
	Todo struct {
		ID []string `json:"id"`
		EN []string `json:"en"`
	} `json:"steps"`
	Errors []struct{ Field, Reason string } `json:"errors"`
}

// refused is an error that the station explains itself.
type refused struct {
	cause error
	said  Said
}

func (r *refused) Error() string { return r.cause.Error() }
func (r *refused) Unwrap() error { return r.cause }

// allowed asks the station whether the ticket of a page lets this desk do something. Every program of the
// computer can say that it is a page, and none but a page of somebody who is signed in has a ticket.
func (a *Agent) allowed(ctx context.Context, act, ticket string) error {
	if ticket == "" {
		return ticketMissing.At("desk.allowed", nil).With("ticket", "none for %q", act)
	}
	return a.link.post(ctx, "/v1/desk/ticket", "", map[string]string{"act": act, "ticket": ticket}, nil)
}

// post sends a request and reads the answer.
func (l *link) post(ctx context.Context, path, key string, body, answer any) error {
	const op = "desk.post"
	text, err := json.Marshal(body)
	if err != nil {
		return unexpected.At(op, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.station+path, bytes.NewReader(text))
	if err != nil {
		return unexpected.At(op, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := l.client.Do(req)
	if err != nil {
		return StationAway.At(op, err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	got, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return StationAway.At(op, err)
	}
	if answer == nil && (resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusNoContent) {
		return nil
	}
	if resp.StatusCode == http.StatusOK && answer != nil {
		if err := json.Unmarshal(got, answer); err != nil {
			return unexpected.At(op, err)
		}
		return nil
	}
	var p problem
	cause := StationRefused.At(op, nil).With("status", "%d", resp.StatusCode)
	if json.Unmarshal(got, &p) != nil || p.Code == "" || p.Text.ID == "" {
		return cause
	}
	for _, e := range p.Errors {
		p.Text.ID, p.Text.EN = p.Text.ID+" ("+e.Field+": "+e.Reason+")", p.Text.EN+" ("+e.Field+": "+e.Reason+")"
	}
	return &refused{cause.With(p.Code, "status %d", resp.StatusCode), Said{p.Code, p.Text.ID, p.Text.EN, p.Todo.ID, p.Todo.EN}}
}
