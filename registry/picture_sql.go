package registry

import "blanko/store"

func (p Picture) insert(tx *store.Tx) error {
	_, err := tx.Exec(`insert into picture (digest, mime, at, actor, sealed_data) values (?, ?, ?, ?, ?) on conflict (digest) do nothing`,
		p.Digest, p.MIME, store.Micros(p.At), p.Actor, sealedEvidence.SealBytes(p.Data, p.Digest))
	return err
}

func pictureBy(tx *store.Tx, digest string) (p Picture, found bool, err error) {
	var at int64
	found, err = tx.Get([]any{&p.Digest, &p.MIME, &at, &p.Actor, &p.Proves, sealedEvidence.OpenBytes(&p.Data, digest)}, `select digest, mime, at, actor, proves, sealed_data from picture where digest = ?`, digest)
	p.At = store.Time(at)
	return p, found, err
}

func proves(tx *store.Tx, digest, subject string) error {
	_, err := tx.Exec(`update picture set proves = ? where digest = ?`, subject, digest)
	return err
}

// hasPictureOf reports whether a picture proves something of one of these subjects.
func hasPictureOf(tx *store.Tx, subject, or string) (bool, error) {
	var n int
	_, err := tx.Get([]any{&n}, `select count(*) from picture where proves <> '' and proves in (?, ?)`, subject, or)
	return n > 0, err
}
