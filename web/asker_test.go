package web

import "testing"

// Addresses of the documentation (RFC 5737, RFC 3849).
func TestAsker(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.1:1000":                "192.0.2.1",
		"192.0.2.2:1000":                "192.0.2.2",
		"[::ffff:192.0.2.1]:1000":       "192.0.2.1",
		"[2001:db8:1:2::1]:1000":        "2001:db8:1:2::",
		"[2001:db8:1:2:a:b:c:d]:2000":   "2001:db8:1:2::",
		"[2001:db8:1:3::1]:1000":        "2001:db8:1:3::",
		"[fe80::1%eth0]:1000":           "fe80::",
		"[::1]:1000":                    "::1",
		"127.0.0.1:1000":                "127.0.0.1",
		"@":                             "@",
		"a name that no server gives:1": "a name that no server gives:1",
	} {
		if got := AskerOf(remote); got != want {
			t.Errorf("%s counts as %s, want %s", remote, got, want)
		}
	}
}
