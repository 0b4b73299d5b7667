package registry

import "blanko/store"

func (c CaptureInfo) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into capture (application, number, at, actor, place, first, second, verified_at, verified_by, erased_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (application) do update set number = excluded.number, at = excluded.at, actor = excluded.actor, place = excluded.place,
			first = excluded.first, second = excluded.second, verified_at = excluded.verified_at, verified_by = excluded.verified_by,
			erased_at = excluded.erased_at`,
		c.Application, c.Number, store.Micros(c.At), c.Actor, c.Place, int(c.Fingers[0]), int(c.Fingers[1]), store.Micros(c.VerifiedAt), c.VerifiedBy, store.Micros(c.ErasedAt))
	return err
}

func captureOf(tx *store.Tx, id ApplicationID) (c CaptureInfo, found bool, err error) {
	var at, verified, erased int64
	found, err = tx.Get([]any{&c.Application, &c.Number, &at, &c.Actor, &c.Place, &c.Fingers[0], &c.Fingers[1], &verified, &c.VerifiedBy, &erased},
		`select application, number, at, actor, place, first, second, verified_at, verified_by, erased_at from capture where application = ?`, id)
	c.At, c.VerifiedAt, c.ErasedAt = store.Time(at), store.Time(verified), store.Time(erased)
	return c, found, err
}

func (p CapturedPart) insert(tx *store.Tx, id ApplicationID) error {
	_, err := tx.Exec(`insert into capture_part (application, part, source, device, quality, tries, missing, score, mime, sealed_data, sealed_template, sealed_second)
		values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
		id, p.Part, p.Source, p.Device, p.Quality, p.Tries, p.Missing, p.MIME, sealedPicture.SealBytes(p.Data, id, p.Part), sealedTemplate.SealBytes(p.Template, id, p.Part), []byte{})
	return err
}

func keepSecond(tx *store.Tx, id ApplicationID, part string, template []byte, score int) error {
	_, err := tx.Exec(`update capture_part set sealed_second = ?, score = ? where application = ? and part = ?`, sealedSecond.SealBytes(template, id, part), score, id, part)
	return err
}

func captured(tx *store.Tx, id ApplicationID) (map[string]CapturedPart, error) {
	parts := map[string]CapturedPart{}
	err := tx.Each(func(scan func(...any) error) error {
		var p CapturedPart
		err := scan(&p.Part, &p.Source, &p.Device, &p.Quality, &p.Tries, &p.Missing, &p.MIME,
			sealedPicture.OpenBytes(&p.Data, id, &p.Part), sealedTemplate.OpenBytes(&p.Template, id, &p.Part))
		parts[p.Part] = p
		return err
	}, `select part, source, device, quality, tries, missing, mime, sealed_data, sealed_template from capture_part where application = ?`, id)
	return parts, err
}

// secondImpression is the finger of a part as it was captured again.
func secondImpression(tx *store.Tx, id ApplicationID, part string) (template []byte, err error) {
	_, err = tx.Get([]any{sealedSecond.OpenBytes(&template, id, part)}, `select sealed_second from capture_part where application = ? and part = ?`, id, part)
	return template, err
}

func partInfos(tx *store.Tx, id ApplicationID) (list []PartInfo, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var p PartInfo
		err := scan(&p.Part, &p.Source, &p.Device, &p.Quality, &p.Tries, &p.Missing, &p.Score, &p.Size, &p.Template)
		p.Size = tx.ClearLength(p.Size)
		list = append(list, p)
		return err
	}, `select part, source, device, quality, tries, missing, score, length(sealed_data), length(sealed_template) from capture_part
		where application = ? order by part`, id)
	return list, err
}

// eraseCapture removes pictures and fingers of a capture; it returns how many parts there were.
func eraseCapture(tx *store.Tx, id ApplicationID) (int64, error) {
	n, err := tx.Exec(`delete from capture_part where application = ?`, id)
	if err != nil || n == 0 {
		return n, err
	}
	_, err = tx.Exec(`update capture set erased_at = ?, verified_at = 0, verified_by = '' where application = ?`, store.Micros(tx.Now()), id)
	return n, err
}
