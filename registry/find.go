package registry

import (
	"context"
	"strings"

	"blanko/ktp"
	"blanko/store"
)

// Find names the applications that a text of the search field means: the id of one, the number of its
// receipt, the UID of a chip, or the NIK of its person. Newest first, at most limit; none where the text
// means nothing.
func (r *Registry) Find(ctx context.Context, text string, limit int) (list []ApplicationID, err error) {
	text = strings.TrimSpace(text)
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list = nil
		a := &act{r: r, tx: tx}
		var person []byte
		if n, err := ktp.ParseNIK(text); err == nil {
			key, known, err := a.knownPersonKey(n)
			if err != nil {
				return err
			}
			if known {
				person = key
			}
		}
		list, err = applicationsMeant(tx, text, strings.ToUpper(text), person, limit)
		return err
	})
	return list, err
}
