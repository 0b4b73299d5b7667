package stock

import "blanko/store"

// DenyRange puts the blanks of a range on the deny list: by their chips, or, where no list told these yet, as soon as one
// does. What is there keeps its first reason. Added is how many numbers of it were not.
func DenyRange(tx *store.Tx, r LabelRange, why Why) (added int, err error) {
	all, numbered := stretchOf(r)
	if !numbered || r.From == r.To {
		is, err := DenyLabel(tx, r.From, why)
		if is {
			added = 1
		}
		return added, err
	}
	there, err := deniedRanges(tx, `where prefix = ? and digits = ? and first <= ? and last >= ? order by first`, all.prefix, all.digits, all.last, all.n)
	if err != nil {
		return 0, err
	}
	gaps := []stretch{all}
	for _, d := range there {
		s, _ := stretchOf(d.LabelRange)
		last := gaps[len(gaps)-1]
		gaps = append(gaps[:len(gaps)-1], last.without(s)...)
		if len(gaps) == 0 {
			return 0, nil
		}
	}
	for _, g := range gaps {
		n, err := denyStretch(tx, g, DeniedRange{Reason: why.Reason, At: tx.Now(), Actor: why.Actor})
		if err != nil {
			return 0, err
		}
		added += n
	}
	return added, nil
}

// ofStretch are the labels of a stretch in blank_label or denied_label: a label of its length between its ends begins as
// they do; that it ends in digits is asked besides.
const ofStretch = `label >= ? and label <= ? and length(label) = ? and rtrim(label, '0123456789') = ?`

func (s stretch) args(before ...any) []any {
	r := s.labels()
	return append(before, r.From, r.To, len(r.From), s.prefix)
}

// denyStretch denies numbers of which no range is denied.
func denyStretch(tx *store.Tx, s stretch, d DeniedRange) (added int, err error) {
	var singly, known int
	if _, err := tx.Get([]any{&singly}, `select count(*) from denied_label where `+ofStretch, s.args()...); err != nil {
		return 0, err
	}
	if _, err := tx.Get([]any{&known}, `select count(*) from blank_label where `+ofStretch, s.args()...); err != nil {
		return 0, err
	}
	if err := keepRange(tx, s, d); err != nil {
		return 0, err
	}
	n, err := tx.Exec(`insert into denied_blank (chip, reason, at, actor, ranged) select chip, ?, ?, ?, 1 from blank_label where `+ofStretch+` on conflict (chip) do nothing`,
		s.args(d.Reason, store.Micros(d.At), d.Actor)...)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(`update blank set denied = 1 where chip in (select chip from blank_label where `+ofStretch+`)`, s.args()...)
	return int(s.last-s.n) + 1 - singly - known + int(n), err
}

func keepRange(tx *store.Tx, s stretch, d DeniedRange) error {
	_, err := tx.Exec(`insert into denied_range (prefix, digits, first, last, reason, at, actor) values (?, ?, ?, ?, ?, ?, ?)`,
		s.prefix, s.digits, s.n, s.last, d.Reason, store.Micros(d.At), d.Actor)
	return err
}

// RangeOf is the denied range that a label is in.
func RangeOf(tx *store.Tx, l Label) (d DeniedRange, denied bool, err error) {
	s, numbered := l.series()
	if !numbered {
		return d, false, nil
	}
	list, err := deniedRanges(tx, `where prefix = ? and digits = ? and first <= ? order by first desc limit 1`, s.prefix, s.digits, s.n)
	if err != nil || len(list) == 0 {
		return d, false, err
	}
	at, _ := stretchOf(list[0].LabelRange)
	return list[0], at.last >= s.n, nil
}

// DeniedRanges are those behind the first label of one, in the order of their series.
func DeniedRanges(tx *store.Tx, after Label, limit int) ([]DeniedRange, error) {
	s, numbered := after.series()
	if !numbered {
		return deniedRanges(tx, `order by prefix, digits, first limit ?`, limit)
	}
	return deniedRanges(tx, `where (prefix, digits, first) > (?, ?, ?) order by prefix, digits, first limit ?`, s.prefix, s.digits, s.n, limit)
}

func deniedRanges(tx *store.Tx, where string, args ...any) (list []DeniedRange, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var s stretch
		var d DeniedRange
		var at int64
		err := scan(&s.prefix, &s.digits, &s.n, &s.last, &d.Reason, &at, &d.Actor)
		d.LabelRange, d.At = s.labels(), store.Time(at)
		list = append(list, d)
		return err
	}, `select prefix, digits, first, last, reason, at, actor from denied_range `+where, args...)
	return list, err
}

// AllowLabel takes the blank with a label off the deny list, whatever denied it, also out of a range: what is left of that
// stays denied. The reason is that of its denial; empty: it was not denied.
func AllowLabel(tx *store.Tx, l Label) (reason string, err error) {
	reason, denied, err := DeniedAs(tx, l)
	if err != nil || !denied {
		return "", err
	}
	if _, err := tx.Exec(`delete from denied_label where label = ?`, l); err != nil {
		return "", err
	}
	if err := cut(tx, LabelRange{l, l}); err != nil {
		return "", err
	}
	chip, known, err := ChipOf(tx, l)
	if err != nil || !known {
		return reason, err
	}
	return reason, letGo(tx, chip)
}

// DeniedAs tells why the blank with a label is on the deny list, or that it is not.
func DeniedAs(tx *store.Tx, l Label) (reason string, denied bool, err error) {
	chip, known, err := ChipOf(tx, l)
	if err == nil && known {
		reason, denied, err = Denied(tx, chip)
	}
	if err != nil || denied {
		return reason, denied, err
	}
	if denied, err = tx.Get([]any{&reason}, `select reason from denied_label where label = ?`, l); err != nil || denied {
		return reason, denied, err
	}
	d, denied, err := RangeOf(tx, l)
	return d.Reason, denied, err
}

// AllowRange takes numbers that were denied as one range, or a part of it, off the deny list. A blank that was denied by
// itself stays there. The reason is that of the range; empty: they are not all of one denied range.
func AllowRange(tx *store.Tx, r LabelRange) (reason string, err error) {
	d, denied, err := RangeOf(tx, r.From)
	if err != nil || !denied {
		return "", err
	}
	all, _ := stretchOf(d.LabelRange)
	s, _ := stretchOf(r)
	if s.last > all.last {
		return "", nil
	}
	if err := cut(tx, r); err != nil {
		return "", err
	}
	const chips = `chip in (select chip from blank_label where ` + ofStretch + `)`
	if _, err := tx.Exec(`update blank set denied = 0 where `+chips+` and exists (select 1 from denied_blank d where d.chip = blank.chip and d.ranged = 1)`, s.args()...); err != nil {
		return "", err
	}
	_, err = tx.Exec(`delete from denied_blank where ranged = 1 and `+chips, s.args()...)
	return d.Reason, err
}

// cut takes numbers out of the denied range that they are in.
func cut(tx *store.Tx, r LabelRange) error {
	d, denied, err := RangeOf(tx, r.From)
	if err != nil || !denied {
		return err
	}
	all, _ := stretchOf(d.LabelRange)
	out, _ := stretchOf(r)
	if _, err := tx.Exec(`delete from denied_range where prefix = ? and digits = ? and first = ?`, all.prefix, all.digits, all.n); err != nil {
		return err
	}
	for _, rest := range all.without(out) {
		if err := keepRange(tx, rest, d); err != nil {
			return err
		}
	}
	return nil
}
