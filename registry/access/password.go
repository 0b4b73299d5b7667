package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Parameters of argon2id (RFC 9106; OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane).
const (
	passwordMemory = 19 << 10 // KiB
	passwordPasses = 2
	passwordLanes  = 1
	passwordSalt   = 16 // bytes
	passwordHash   = 32 // bytes
)

// Bounds of a password, in characters (NIST SP 800-63B: at least 8 beside a second factor, no rule
// about its characters).
const (
	ShortestPassword = 10
	LongestPassword  = 128
)

// ValidPassword reports whether a text may become a password.
func ValidPassword(text string) bool {
	n := utf8.RuneCountInString(text)
	return utf8.ValidString(text) && n >= ShortestPassword && n <= LongestPassword
}

// HashPassword is what the ledger keeps of a password: argon2id with a salt, as a PHC string.
func HashPassword(text string, random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	salt := make([]byte, passwordSalt)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", err
	}
	return phc(salt, passwordKey(text, salt)), nil
}

func passwordKey(text string, salt []byte) []byte {
	return argon2.IDKey([]byte(text), salt, passwordPasses, passwordMemory, passwordLanes, passwordHash)
}

func phc(salt, hash []byte) string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, passwordMemory, passwordPasses, passwordLanes, e.EncodeToString(salt), e.EncodeToString(hash))
}

// MatchPassword reports whether a text is the password of a hash. Without a hash the same work is
// done and the answer is no, so that time does not tell who exists.
func MatchPassword(text, hash string) bool {
	salt, known := make([]byte, passwordSalt), false
	if parts := strings.Split(hash, "$"); len(parts) == 6 {
		if s, err := base64.RawStdEncoding.DecodeString(parts[4]); err == nil && len(s) == passwordSalt {
			salt, known = s, true
		}
	}
	same := subtle.ConstantTimeCompare([]byte(phc(salt, passwordKey(text, salt))), []byte(hash)) == 1
	return known && same
}
