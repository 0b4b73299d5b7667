package datacenter

import (
	"context"
	"encoding/hex"
	"net/http"
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
