package access

import (
	"crypto/rand"
	"encoding/base32"
	"io"
	"net/url"
	"time"

	"github.com/pquerna/otp/totp"
)

// codePeriod is how long a one-time code stands (RFC 6238, section 4.1).
const codePeriod = 30 * time.Second

// codeSecret is the length of the shared secret in bytes (RFC 4226, section 4, requirement 6).
const codeSecret = 20

// NewCodeSecret makes the shared secret of a person's one-time codes, Base32.
func NewCodeSecret(random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	b := make([]byte, codeSecret)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", err
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b), nil
}

// CodeURL is the shared secret as an authenticator takes it (Key Uri Format of Google Authenticator).
func CodeURL(office, person, secret string) string {
	label := "Blanko " + office
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + label + ":" + person, RawQuery: url.Values{"secret": {secret}, "issuer": {label}}.Encode()}
	return u.String()
}

// CodeStep finds the time step, counted from 1970, whose code this is: now, or one step to either
// side (RFC 6238, section 5.2).
func CodeStep(secret, code string, now time.Time) (step int64, found bool) {
	if len(secret) < codeSecret*8/5 {
		return 0, false
	}
	for _, at := range []time.Time{now, now.Add(-codePeriod), now.Add(codePeriod)} {
		want, err := totp.GenerateCode(secret, at)
		if err == nil && want == code {
			return at.Unix() / int64(codePeriod/time.Second), true
		}
	}
	return 0, false
}
