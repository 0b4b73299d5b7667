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

// FindConsignment is the id of the consignment that a text of the search field means; empty where it means none.
func (r *Registry) FindConsignment(ctx context.Context, text string) (id string, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		c, _, err := consignmentByID(tx, strings.ToUpper(strings.TrimSpace(text)))
		id = c.ID
		return err
	})
	return id, err
}

// FindComplaint is the id of the complaint whose number a text of the search field is; empty where it is none.
func (r *Registry) FindComplaint(ctx context.Context, text string) (id string, err error) {
	number, is := ParseComplaint(text)
	if !is {
		return "", nil
	}
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		id, err = complaintNumbered(tx, number)
		return err
	})
	return id, err
}
