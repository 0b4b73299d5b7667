package registry

import (
	"blanko/ktp"
	"blanko/registry/stock"
	"blanko/store"
)

const consignmentColumns = `id, kind, from_place, to_place, state, seal, opened_by, opened_at, shipped_by, shipped_at, received_by, received_at`

func consignments(tx *store.Tx, where string, args ...any) (list []Consignment, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c Consignment
		var opened, shipped, received int64
		err := scan(&c.ID, &c.Kind, &c.From, &c.To, &c.State, &c.Seal, &c.OpenedBy, &opened, &c.ShippedBy, &shipped, &c.ReceivedBy, &received)
		c.OpenedAt, c.ShippedAt, c.ReceivedAt = store.Time(opened), store.Time(shipped), store.Time(received)
		list = append(list, c)
		return err
	}, `select `+consignmentColumns+` from consignment `+where, args...)
	return list, err
}

func consignmentByID(tx *store.Tx, id string) (Consignment, bool, error) {
	list, err := consignments(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Consignment{}, false, err
	}
	return list[0], true, nil
}

// consignmentsIn are in the order of their numbers.
func consignmentsIn(tx *store.Tx, l Worklist) ([]Consignment, error) {
	var w store.Where
	w.And(l.those(`state in ('open', 'sealed', 'shipped')`))
	w.If(l.After, `id < ?`, l.After)
	w.If(l.Place, `from_place = ? or to_place = ?`, l.Place, l.Place)
	return consignments(tx, w.Text()+` order by id desc limit ?`, w.Args(l.Limit)...)
}

func nextConsignment(tx *store.Tx) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select count(*) + 1 from consignment`)
	return n, err
}

func (c Consignment) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into consignment (`+consignmentColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, seal = excluded.seal, shipped_by = excluded.shipped_by,
			shipped_at = excluded.shipped_at, received_by = excluded.received_by, received_at = excluded.received_at`,
		c.ID, c.Kind, c.From, c.To, c.State, c.Seal, c.OpenedBy, store.Micros(c.OpenedAt), c.ShippedBy, store.Micros(c.ShippedAt),
		c.ReceivedBy, store.Micros(c.ReceivedAt))
	return err
}

func keepPacked(tx *store.Tx, consignment string, p PackedCard, travels bool) error {
	_, err := tx.Exec(`insert into consignment_card (consignment, chip, application, state, travels, at) values (?, ?, ?, ?, ?, ?)
		on conflict (consignment, chip) do update set state = excluded.state, travels = excluded.travels, at = excluded.at`,
		consignment, p.Chip, p.Application, p.State, travels, store.Micros(p.At))
	return err
}

func dropPacked(tx *store.Tx, consignment string, chip ktp.ChipUID) (bool, error) {
	n, err := tx.Exec(`delete from consignment_card where consignment = ? and chip = ? and state = 'packed'`, consignment, chip)
	return n == 1, err
}

func packedCards(tx *store.Tx, consignment string) (list []PackedCard, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var p PackedCard
		var at int64
		err := scan(&p.Chip, &p.Application, &p.State, &at)
		p.At = store.Time(at)
		list = append(list, p)
		return err
	}, `select chip, application, state, at from consignment_card where consignment = ? order by chip`, consignment)
	return list, err
}

// arrivedAt is where a card came to last; travelled is false for one that never left the Dinas.
func arrivedAt(tx *store.Tx, chip ktp.ChipUID) (place string, travelled bool, err error) {
	travelled, err = tx.Get([]any{&place}, `select c.to_place from consignment_card k join consignment c on c.id = k.consignment
		where k.chip = ? and k.state = 'arrived' order by c.received_at desc, c.id desc limit 1`, chip)
	return place, travelled, err
}

func travelsIn(tx *store.Tx, chip ktp.ChipUID) (consignment string, travels bool, err error) {
	travels, err = tx.Get([]any{&consignment}, `select consignment from consignment_card where chip = ? and travels = 1`, chip)
	return consignment, travels, err
}

// calledBack are the cards made here that lie finished, or travel, and may not be handed over: not those whose bag goes
// back, nor those that came back.
func calledBack(tx *store.Tx, consignment string, after ktp.ChipUID, limit int) ([]Card, error) {
	var w store.Where
	w.And(`state = 'made' and passed_on_at = 0`)
	w.And(`chip > ?`, after)
	w.And(`held <> '' or chip in (select chip from denied_blank) or application in (select id from application where state = ? or held <> '')`, Recalled)
	w.And(`exists (select 1 from application app where app.id = card.application and app.state in (?, ?, ?, ?, ?, ?))`, Produced, Shipped, Delivered, Uncollected, Matched, Recalled)
	w.And(`not exists (select 1 from blank where blank.attempt = card.attempt and blank.place = ?)`, stock.At(stock.Returned).String())
	w.And(`not exists (select 1 from consignment_card k join consignment c on c.id = k.consignment where k.chip = card.chip and k.travels = 1 and c.kind in (?, ?))`,
		ConsignmentBack, ConsignmentDirectorate)
	w.If(consignment, `chip in (select chip from consignment_card where consignment = ? and travels = 1)`, consignment)
	return cards(tx, w.Text()+` order by chip limit ?`, w.Args(limit)...)
}
