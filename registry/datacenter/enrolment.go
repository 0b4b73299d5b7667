package datacenter

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"time"

	"blanko/registry/osia"
)

// maxEnrolment is the largest package, encrypted: ten fingers, two irises, a portrait.
const maxEnrolment = 48 << 20

// Enrol sends one package to the center's 1:N search, once: who sends tries again. It travels
// encrypted for the center's newest enrolment key (compact JWE). The same encounter again is answered
// as before. Fault EnrolmentRefused: the center will never take this package.
func (c *Client) Enrol(ctx context.Context, trust osia.Trust, e osia.Enrolment, now time.Time) error {
	const op = "datacenter.Enrol"
	if c.refused != nil {
		return c.refused
	}
	key, ok := trust.Newest(osia.UseEnrol, now)
	if !ok {
		return KeysUntrusted.At(op, nil).With("keys", "no enrolment key that is valid")
	}
	content, err := e.Package()
	if err != nil {
		return EnrolmentRefused.At(op, err)
	}
	text, err := osia.Encrypt(rand.Reader, key.Public, key.ID, content)
	if err != nil {
		return EnrolmentRefused.At(op, err)
	}
	if len(text) > maxEnrolment {
		return EnrolmentRefused.At(op, nil).With("package", "%d bytes, at most %d", len(text), maxEnrolment)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	body := map[string]any{"office": c.office, "id": e.ID, "encounter": e.Encounter, "package": text}
	resp, err := c.rest.R().SetContext(ctx).SetBody(body).SetHeader("Idempotency-Key", fmt.Sprintf("%s/%d", e.ID, e.Encounter)).
		SetDoNotParseResponse(true).Post("/center/v1/enrolments")
	if err != nil {
		return CenterAway.At(op, withoutURL(err))
	}
	resp.RawBody().Close() //nolint:errcheck // the status is the answer
	switch code := resp.StatusCode(); {
	case code == http.StatusAccepted:
		return nil
	case code == http.StatusConflict || code == http.StatusUnprocessableEntity || code == http.StatusRequestEntityTooLarge:
		return EnrolmentRefused.At(op, nil).With("status", "%d", code)
	case code >= http.StatusInternalServerError:
		return CenterAway.At(op, nil).With("status", "%d", code)
	default: // such as a key that the center does not know any more
		return CenterRefused.At(op, nil).With("status", "%d", code)
	}
}
