package datacenter

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/go-resty/resty/v2"
)

// Limits of the protocol.
const (
	maxPage    = 64 << 20 // bytes of a page, decompressed
	maxRecord  = 2 << 20  // bytes of a record, decompressed
	maxSmall   = 4 << 20  // bytes of any other answer
	MaxReports = 500      // reports of one batch
	tries      = 3        // of a read; anything else is sent once

	defaultTimeout = 30 * time.Second
)

// Config of the link.
type Config struct {
	URL    string      // base address of the center
	Office string      // PP.KK
	TLS    *tls.Config // the office's certificate and the authorities of the center; TLS 1.3 at least
	// Timeout of one request beyond the wait that was asked for; 0: 30 s.
	Timeout time.Duration
}

// Client speaks the center protocol. Safe for concurrent use.
type Client struct {
	rest    *resty.Client
	office  string
	timeout time.Duration
	refused error // the address of the configuration is not safe to use
}

// New makes a client. It sends nothing. An address without TLS is for this machine alone: to any
// other the client refuses to speak, with fault Insecure.
func New(cfg Config) *Client {
	if cfg.Timeout == 0 {
		cfg.Timeout = defaultTimeout
	}
	r := resty.New().SetBaseURL(cfg.URL).SetRetryCount(0).SetRedirectPolicy(stayHere).
		SetHeader("User-Agent", "blanko").SetHeader("Accept", "application/json")
	if cfg.TLS != nil {
		t := cfg.TLS.Clone()
		t.MinVersion = tls.VersionTLS13
		r.SetTLSClientConfig(t)
	}
	c := &Client{rest: r, office: cfg.Office, timeout: cfg.Timeout}
	if !safe(cfg.URL) {
		c.refused = Insecure.At("datacenter.New", nil).With("url", "an https address is wanted")
	}
	return c
}

// stayHere follows no redirect: a center that sends the station elsewhere, or back to plain HTTP,
// is not believed. The answer itself comes back, and is refused by its status.
var stayHere = resty.RedirectPolicyFunc(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })

// safe reports whether an address is HTTPS, or plain HTTP on this machine.
func safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "https" {
		return err == nil
	}
	host := u.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(host)
	return u.Scheme == "http" && (host == "localhost" || err == nil && ip.IsLoopback())
}

// Item of the feed, in the center's order.
type Item struct {
	Sequence  int64           `json:"sequence"`
	Kind      string          `json:"kind"` // record, result, withdrawal, hold, release, status_list
	ID        string          `json:"id"`
	Version   int             `json:"version"`
	Record    json.RawMessage `json:"record,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Result    string          `json:"result,omitempty"` // of the 1:N search; Version is the encounter that it answers
	Signature string          `json:"signature,omitempty"`
	Raw       json.RawMessage `json:"-"` // the whole item, as its signature covers it
}

// String shows which item it is, not what it carries.
func (i Item) String() string {
	return fmt.Sprintf("Item(%d, %s, version %d)", i.Sequence, i.Kind, i.Version)
}

// GoString shows which item it is, not what it carries.
func (i Item) GoString() string { return i.String() }

// Page of the feed.
type Page struct {
	Items []Item
	Next  string // cursor of the next page
	More  bool
}

// Feed asks for the items after an opaque cursor, "" from the beginning. The center may hold the
// answer up to wait when there is none. Fault CursorLost: start from the beginning.
func (c *Client) Feed(ctx context.Context, after string, limit int, wait time.Duration) (Page, error) {
	const op = "datacenter.Feed"
	var body struct {
		Items []json.RawMessage `json:"items"`
		Next  string            `json:"next"`
		More  bool              `json:"more"`
	}
	req := func(ctx context.Context) *resty.Request {
		return c.rest.R().SetContext(ctx).SetQueryParams(map[string]string{
			"office": c.office, "after": after, "limit": strconv.Itoa(limit), "wait": strconv.Itoa(int(wait / time.Second)),
		})
	}
	if err := c.get(ctx, op, "/center/v1/feed", req, wait, maxPage, &body); err != nil {
		return Page{}, err
	}
	page := Page{Next: body.Next, More: body.More}
	for _, raw := range body.Items {
		i := itemOf(raw)
		if len(i.Record) > maxRecord { // its own check names the reason; the bytes are not carried on
			i.Record = i.Record[:maxRecord+1]
		}
		page.Items = append(page.Items, i)
	}
	return page, nil
}

// itemOf reads as much of an item as can be read: one that has another shape is judged by itself and
// does not keep the others of its page away.
func itemOf(raw json.RawMessage) Item {
	i := Item{Raw: raw}
	var members struct{ Sequence, Kind, ID, Version, Record, Reason, Result, Signature json.RawMessage }
	if err := json.Unmarshal(raw, &members); err != nil {
		return i
	}
	i.Record = members.Record
	for _, m := range []struct {
		text json.RawMessage
		into any
	}{{members.Sequence, &i.Sequence}, {members.Kind, &i.Kind}, {members.ID, &i.ID}, {members.Version, &i.Version}, {members.Reason, &i.Reason}, {members.Result, &i.Result}, {members.Signature, &i.Signature}} {
		_ = json.Unmarshal(m.text, m.into) // what does not fit stays empty, and is refused for it
	}
	return i
}

// Record asks for one record again, its latest version: for a remake, or after a restore.
func (c *Client) Record(ctx context.Context, id string) (Item, error) {
	const op = "datacenter.Record"
	var raw json.RawMessage
	req := func(ctx context.Context) *resty.Request { return c.rest.R().SetContext(ctx).SetPathParam("id", id) }
	if err := c.get(ctx, op, "/center/v1/records/{id}", req, 0, maxSmall, &raw); err != nil {
		return Item{}, err
	}
	i := Item{Raw: raw}
	if err := json.Unmarshal(raw, &i); err != nil {
		return Item{}, AnswerWrong.At(op, err)
	}
	return i, nil
}

// Opinion is what the center thinks of one record.
type Opinion struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Word    string `json:"word"`
}

// Reconciliation asks what the center thinks of the office's records that came until the end of
// a day.
func (c *Client) Reconciliation(ctx context.Context, day time.Time) ([]Opinion, error) {
	var body struct {
		Records []Opinion `json:"records"`
	}
	req := func(ctx context.Context) *resty.Request {
		return c.rest.R().SetContext(ctx).SetQueryParams(map[string]string{"office": c.office, "day": day.Format(time.DateOnly)})
	}
	err := c.get(ctx, "datacenter.Reconciliation", "/center/v1/reconciliation", req, 0, maxPage, &body)
	return body.Records, err
}

// get reads with a few tries; an answer that the center gave is not asked for again.
func (c *Client) get(ctx context.Context, op, path string, req func(context.Context) *resty.Request, wait time.Duration, limit int64, into any) error {
	if c.refused != nil {
		return c.refused
	}
	var last error
	for range tries {
		if err := ctx.Err(); err != nil {
			return err
		}
		one, cancel := context.WithTimeout(ctx, wait+c.timeout)
		var again bool
		again, last = c.once(op, path, req(one), limit, into)
		cancel()
		if last == nil || !again {
			return last
		}
	}
	return last
}

func (c *Client) once(op, path string, req *resty.Request, limit int64, into any) (again bool, err error) {
	resp, err := req.SetDoNotParseResponse(true).Get(path)
	if err != nil {
		return true, CenterAway.At(op, withoutURL(err))
	}
	body := resp.RawBody()
	defer body.Close() //nolint:errcheck // nothing is lost by it: the answer was read or refused
	switch code := resp.StatusCode(); {
	case code == http.StatusOK:
	case code == http.StatusGone:
		return false, CursorLost.At(op, nil)
	case code >= http.StatusInternalServerError:
		return true, CenterAway.At(op, nil).With("status", "%d", code)
	default:
		return false, CenterRefused.At(op, nil).With("status", "%d", code)
	}
	text, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return true, CenterAway.At(op, withoutURL(err)).With("body", "cut short")
	}
	if int64(len(text)) > limit {
		return false, AnswerWrong.At(op, nil).With("body", "more than %d bytes", limit)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return true, AnswerWrong.At(op, nil).With("body", "not the agreed JSON")
	}
	return false, nil
}

// withoutURL drops the address that net/http puts into its errors.
func withoutURL(err error) error {
	if e := errors.Unwrap(err); e != nil {
		return e
	}
	return err
}
