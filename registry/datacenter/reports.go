package datacenter

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// Report of a state change to the center. ID and Version name the record, Key is its
// idempotency key: the same report is sent with the same key until it is taken.
type Report struct {
	Key      string    `json:"idempotencyKey"`
	ID       string    `json:"id"`
	Version  int       `json:"version"`
	Word     string    `json:"word"`
	State    string    `json:"state,omitempty"`
	At       time.Time `json:"at"`
	Chip     string    `json:"chip,omitempty"`
	Attempts int       `json:"attempts,omitempty"`
	Reason   string    `json:"reason,omitempty"`
}

// Result of one report, in the order of the batch.
type Result struct {
	Key    string `json:"idempotencyKey"`
	Status int    `json:"status"`
}

// Taken reports whether the center has it.
func (r Result) Taken() bool { return r.Status >= 200 && r.Status < 300 }

// Report sends at most MaxReports at once, once: the outbox tries again, not the client.
func (c *Client) Report(ctx context.Context, batch []Report) ([]Result, error) {
	const op = "datacenter.Report"
	if c.refused != nil {
		return nil, c.refused
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	body := map[string]any{"office": c.office, "reports": batch}
	resp, err := c.rest.R().SetContext(ctx).SetBody(body).SetDoNotParseResponse(true).Post("/center/v1/reports")
	if err != nil {
		return nil, CenterAway.At(op, withoutURL(err))
	}
	raw := resp.RawBody()
	defer raw.Close() //nolint:errcheck // nothing is lost by it: the answer was read or refused
	if code := resp.StatusCode(); code != http.StatusMultiStatus {
		if code >= http.StatusInternalServerError {
			return nil, CenterAway.At(op, nil).With("status", "%d", code)
		}
		return nil, CenterRefused.At(op, nil).With("status", "%d", code)
	}
	text, err := io.ReadAll(io.LimitReader(raw, maxSmall))
	if err != nil {
		return nil, CenterAway.At(op, withoutURL(err)).With("body", "cut short")
	}
	var answer struct {
		Results []Result `json:"results"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, AnswerWrong.At(op, nil).With("body", "not the agreed JSON")
	}
	return answer.Results, nil
}

// Final reports whether the center will never take it: the report itself is wrong, or about a
// record that it does not know. Sending it again changes nothing.
func (r Result) Final() bool {
	switch r.Status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity:
		return true
	}
	return false
}
