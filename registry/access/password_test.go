package access

import (
	"regexp"
	"strings"
	"testing"
)

// What is kept of a password is argon2id with 19 MiB, 2 passes and a lane (OWASP Password Storage Cheat Sheet), salted
// anew each time, and a password is matched by what is kept alone.
func TestPasswordsAreKeptAsArgon2id(t *testing.T) {
	t.Parallel()
	const text = "hujan-di-bulan-juni"
	first, err := HashPassword(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := HashPassword(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	kept := regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)
	for _, hash := range []string{first, second} {
		if !kept.MatchString(hash) || strings.Contains(hash, text) {
			t.Errorf("kept as %s", hash)
		}
		if !MatchPassword(text, hash) || MatchPassword(text+"!", hash) || MatchPassword("", hash) {
			t.Errorf("not matched as it should be: %s", hash)
		}
	}
	if first == second {
		t.Error("the same salt twice")
	}
	if MatchPassword(text, "") {
		t.Error("who has no password is let in")
	}
}
