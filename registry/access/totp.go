package access

import (
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// codePeriod is how long a one-time code stands (RFC 6238, section 4.1).
const codePeriod = 30 * time.Second

// NewCodeSecret makes the shared secret of a person's one-time codes.
func NewCodeSecret(office, person string) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{Issuer: "Blanko " + office, AccountName: person})
}

// CodeKey is the secret as an authenticator takes it.
func CodeKey(office, person, secret string) (*otp.Key, error) {
	return otp.NewKeyFromURL("otpauth://totp/Blanko%20" + office + ":" + person + "?secret=" + secret + "&issuer=Blanko%20" + office)
}

// CodeStep finds the time step, counted from 1970, whose code this is: now, or one step to either
// side (RFC 6238, section 5.2).
func CodeStep(secret, code string, now time.Time) (step int64, found bool) {
	for _, at := range []time.Time{now, now.Add(-codePeriod), now.Add(codePeriod)} {
		want, err := totp.GenerateCode(secret, at)
		if err == nil && want == code {
			return at.Unix() / int64(codePeriod/time.Second), true
		}
	}
	return 0, false
}
