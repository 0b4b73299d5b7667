package registry

import "blanko/store"

const attachmentColumns = `id, application, class, mime, size, digest, at, actor, erased_at`

func (t Attachment) insert(tx *store.Tx, data []byte) error {
	_, err := tx.Exec(`insert into attachment (`+attachmentColumns+`, sealed_data) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.ID, t.Application, t.Class, t.MIME, t.Size, t.Digest, store.Micros(t.At), t.Actor, store.Micros(t.ErasedAt), sealedAttachment.SealBytes(data, t.ID))
	return err
}

func attachments(tx *store.Tx, where string, args ...any) (list []Attachment, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var t Attachment
		var at, erased int64
		if err := scan(&t.ID, &t.Application, &t.Class, &t.MIME, &t.Size, &t.Digest, &at, &t.Actor, &erased); err != nil {
			return err
		}
		t.At, t.ErasedAt = store.Time(at), store.Time(erased)
		list = append(list, t)
		return nil
	}, `select `+attachmentColumns+` from attachment `+where, args...)
	return list, err
}

func attachmentData(tx *store.Tx, id string) (data []byte, err error) {
	_, err = tx.Get([]any{sealedAttachment.OpenBytes(&data, id)}, `select sealed_data from attachment where id = ?`, id)
	return data, err
}

// attached reports whether an application has a scan of a class.
func attached(tx *store.Tx, id ApplicationID, class string) (bool, error) {
	var n int
	_, err := tx.Get([]any{&n}, `select count(*) from attachment where application = ? and class = ? and erased_at = 0`, id, class)
	return n > 0, err
}

func eraseAttachment(tx *store.Tx, id string) error {
	_, err := tx.Exec(`update attachment set sealed_data = substr(sealed_data, 1, 0), erased_at = ? where id = ?`, store.Micros(tx.Now()), id)
	return err
}
