package datacenter

import (
	"context"
	"encoding/hex"
	"net/http"

	"github.com/go-resty/resty/v2"

	"blanko/fault"
)

// LogHead is the head of the event log on a day of the office: its daily anchor.
type LogHead struct {
	Day   string // yyyy-mm-dd
	Event int64
	Hash  [32]byte // SHA-256, of that event
}

// ReportHead tells the center the head of the event log of a day, once: the caller tries again. Errors:
// datacenter.anchor_differs where the center holds another one for the day, datacenter.center_away,
// datacenter.center_refused.
func (c *Client) ReportHead(ctx context.Context, d LogHead) error {
	const op = "datacenter.ReportHead"
	if c.refused != nil {
		return c.refused
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	body := map[string]any{"office": c.office, "day": d.Day, "sequence": d.Event, "hash": hex.EncodeToString(d.Hash[:])}
	resp, err := c.rest.R().SetContext(ctx).SetBody(body).Post("/center/v1/anchors")
	if err != nil {
		return CenterAway.At(op, withoutURL(err))
	}
	switch code := resp.StatusCode(); {
	case code == http.StatusNoContent:
		return nil
	case code == http.StatusConflict:
		return AnchorDiffers.At(op, nil).With("day", "%s", d.Day)
	case code >= http.StatusInternalServerError:
		return CenterAway.At(op, nil).With("status", "%d", code)
	default:
		return CenterRefused.At(op, nil).With("status", "%d", code)
	}
}

// Heads are the daily heads that the center took from this office, oldest first. An older center gives none.
func (c *Client) Heads(ctx context.Context) (list []LogHead, err error) {
	const op = "datacenter.Heads"
	var body struct {
		Anchors []struct {
			Day      string `json:"day"`
			Sequence int64  `json:"sequence"`
			Hash     string `json:"hash"`
		} `json:"anchors"`
	}
	req := func(ctx context.Context) *resty.Request {
		return c.rest.R().SetContext(ctx).SetQueryParam("office", c.office)
	}
	err = c.get(ctx, op, "/center/v1/anchors", req, 0, maxPage, &body)
	if fault.Is(err, CenterRefused) {
		return nil, nil
	}
	for _, a := range body.Anchors {
		d := LogHead{Day: a.Day, Event: a.Sequence}
		if n, bad := hex.Decode(d.Hash[:], []byte(a.Hash)); len(a.Hash) != 2*len(d.Hash) || bad != nil || n != len(d.Hash) {
			return nil, AnswerWrong.At(op, nil).With("hash", "of %s: not a SHA-256 in hex", a.Day)
		}
		list = append(list, d)
	}
	return list, err
}
