package pkcs11

import (
	"fmt"

	"blanko/keys"
)

// Name is what a key is called on the token, in CKA_LABEL: "blanko MK_P 2".
type Name struct {
	Role       keys.Role // of a master, or of a pair: CSCA, DS
	Generation int       // from 1; a higher one replaces the lower ones for new cards
}

// String is the label.
func (n Name) String() string { return fmt.Sprintf("blanko %s %d", n.Role, n.Generation) }

// parseName reads a label; other programs may keep their keys on the same token.
func parseName(label string) (n Name, ok bool) {
	if _, err := fmt.Sscanf(label, "blanko %s %d", &n.Role, &n.Generation); err != nil || n.Generation < 1 || n.String() != label {
		return Name{}, false
	}
	return n, true
}
