package registry

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// reportTable says how a table of the monthly report is counted.
type reportTable struct {
	name  string
	query string // select area.district, area.village, item, count; the marks: from, to, region, region, region
}

// inArea narrows a report to a kecamatan or kelurahan.
const inArea = ` and (? = '' or coalesce(area.district, '') = ? or coalesce(area.village, '') = ?) `

const (
	ofArea  = ` coalesce(area.district, ''), coalesce(area.village, ''), `
	byItem  = ` group by 1, 2, 3 order by 1, 2, 3`
	hisArea = ` left join area on area.application = app.id `
)

// reportTables are the tables but those of the clocks, in their order.
var reportTables = []reportTable{
	{ReportReceived, `select` + ofArea + `app.type, count(*) from application app` + hisArea + `where app.received_at >= ? and app.received_at < ?` + inArea + byItem},
	{ReportReady, `select` + ofArea + `app.type, count(*) from intake join application app on app.id = intake.application` + hisArea +
		`where intake.ready_at >= ? and intake.ready_at < ?` + inArea + byItem},
	{ReportHandedOver, `select` + ofArea + `app.type, count(*) from handover join application app on app.id = handover.application` + hisArea +
		`where handover.at >= ? and handover.at < ?` + inArea + byItem},
	{ReportEnded, `select` + ofArea + `app.state, count(*) from application app` + hisArea +
		`where app.state in ('passed on', 'rejected', 'cancelled', 'withdrawn', 'closed') and app.since >= ? and app.since < ?` + inArea + byItem},
	{ReportSpoiled, `select` + ofArea + `attempt.cause, count(*) from attempt join application app on app.id = attempt.application` + hisArea +
		`where attempt.ended = 1 and attempt.state in ('spoiled', 'revoked', 'lost') and attempt.ended_at >= ? and attempt.ended_at < ?` + inArea + byItem},
	{ReportRetired, `select` + ofArea + `card.cause, count(*) from card join application app on app.id = card.application` + hisArea +
		`where card.retired_at > 0 and card.retired_at >= ? and card.retired_at < ?` + inArea + byItem},
	{ReportDestroyed, `select` + ofArea + `coalesce(card.cause, item.kind), count(*) from destruction
			join destruction_item item on item.destruction = destruction.id and item.waits = 0
			left join card on card.chip = item.item left join application app on app.id = card.application` + hisArea +
		`where destruction.state in ('destroyed', 'sent', 'acknowledged') and destruction.ended_at > 0 and destruction.ended_at >= ? and destruction.ended_at < ?` + inArea + byItem},
	{ReportUncollected, `select` + ofArea + `app.type, count(*) from application app` + hisArea +
		`where app.state = 'uncollected' and app.since >= ? and app.since < ?` + inArea + byItem},
}

func reportCounts(tx *store.Tx, t reportTable, from, to time.Time, region string) (list []ReportCount, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		c := ReportCount{Table: t.name}
		err := scan(&c.District, &c.Village, &c.Item, &c.Count)
		list = append(list, c)
		return err
	}, t.query, store.Micros(from), store.Micros(to), region, region, region)
	return list, err
}

// readyRow is what the clocks of one ready card need.
type readyRow struct {
	in                Intake
	district, village string
}

func readyBetween(tx *store.Tx, from, to time.Time, region string) (list []readyRow, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var r readyRow
		var complete, ready int64
		err := scan(&r.in.Application, &r.in.Place, &r.in.StandardHash, &complete, &ready, &r.district, &r.village)
		r.in.CompleteAt, r.in.ReadyAt = store.Time(complete), store.Time(ready)
		list = append(list, r)
		return err
	}, `select intake.application, intake.place, intake.standard_hash, intake.complete_at, intake.ready_at, coalesce(area.district, ''), coalesce(area.village, '')
		from intake left join area on area.application = intake.application where intake.ready_at > 0 and intake.ready_at >= ? and intake.ready_at < ?`+inArea,
		store.Micros(from), store.Micros(to), region, region, region)
	return list, err
}

// exceptionQueries count what officers did beside the rule, by their ids.
var exceptionQueries = []struct{ kind, query string }{
	{exceptionMatch, `select actor, cause, count(*) from match_try where result = 'exception' and at >= ? and at < ? group by actor, cause order by actor, cause`},
	{exceptionHandover, `select actor, exception, count(*) from handover where exception <> '' and at >= ? and at < ? group by actor, exception order by actor, exception`},
	{exceptionOverride, `select app.received_by, q.override, count(*) from application app join requirement q on q.application = app.id
		where q.override <> '' and app.received_at >= ? and app.received_at < ? group by app.received_by, q.override order by app.received_by, q.override`},
	{exceptionDuty, `select person, '', count(*) from duty where exception = 1 and at >= ? and at < ? group by person order by person`},
	{exceptionCall, `select called_by, jump, count(*) from counter_ticket where jump <> '' and called_at >= ? and called_at < ? group by called_by, jump order by called_by, jump`},
	{exceptionUnmask, `select person, reason, count(*) from unmasking where at >= ? and at < ? group by person, reason order by person, reason`},
}

func exceptionCounts(tx *store.Tx, from, to time.Time) (list []ExceptionCount, err error) {
	for _, q := range exceptionQueries {
		if err = tx.Each(func(scan func(...any) error) error {
			c := ExceptionCount{Kind: q.kind}
			err := scan(&c.Actor, &c.Code, &c.Count)
			list = append(list, c)
			return err
		}, q.query, store.Micros(from), store.Micros(to)); err != nil {
			return nil, err
		}
	}
	first, err := cameFirst(tx, from, to)
	return append(list, first...), err
}

// logged are the exceptions that the event log alone tells of, by their events.
var logged = map[string]string{"work.jumped": exceptionWork, "order.moved": exceptionMove}

// cameFirst is what officers took out of order, and which orders they had made before others.
func cameFirst(tx *store.Tx, from, to time.Time) (list []ExceptionCount, err error) {
	sums := map[ExceptionCount]int{}
	err = tx.Each(func(scan func(...any) error) error {
		var e audit.Event
		var detail string
		if err := scan(&e.Code, &e.Actor, &detail); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(detail), &e.Detail)
		sums[ExceptionCount{Actor: e.Actor, Kind: logged[e.Code], Code: e.Detail["cause"]}]++
		return err
	}, `select code, actor, detail from event where code in ('work.jumped', 'order.moved') and code in (`+bookedList+`) and at >= ? and at < ?`, store.Micros(from), store.Micros(to))
	for c, n := range sums {
		c.Count = n
		list = append(list, c)
	}
	slices.SortFunc(list, func(x, y ExceptionCount) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Actor, y.Actor), cmp.Compare(x.Code, y.Code))
	})
	return list, err
}

func uncollectedCards(tx *store.Tx, f UncollectedFilter) (list []UncollectedCard, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c UncollectedCard
		var since int64
		err := scan(&c.Application, &c.District, &c.Village, &since)
		c.Since = store.Time(since)
		list = append(list, c)
		return err
	}, `select app.id, coalesce(area.district, ''), coalesce(area.village, ''),
			case when coalesce(intake.ready_at, 0) > 0 then intake.ready_at else app.since end
		from application app left join area on area.application = app.id left join intake on intake.application = app.id
		where app.state = 'uncollected'`+inArea+`
			and (coalesce(area.village, '') > ? or coalesce(area.village, '') = ? and app.id > ?)
		order by coalesce(area.village, ''), app.id limit ?`,
		f.Region, f.Region, f.Region, f.AfterVillage, f.AfterVillage, f.After, f.Limit)
	return list, err
}

// throughput is how many cards were finished in a time, and how many applications became ready to print.
func throughput(tx *store.Tx, from, to time.Time) (finished, entered int, err error) {
	if _, err = tx.Get([]any{&finished}, `select count(*) from attempt where ended = 1 and state not in ('spoiled', 'revoked', 'lost', 'void')
		and ended_at >= ? and ended_at < ?`, store.Micros(from), store.Micros(to)); err != nil {
		return 0, 0, err
	}
	_, err = tx.Get([]any{&entered}, `select count(distinct application) from event where code = 'application.deliver' and code in (`+bookedList+`)
		and at >= ? and at < ?`, store.Micros(from), store.Micros(to))
	return finished, entered, err
}

// firstEvent is when the ledger began.
func firstEvent(tx *store.Tx) (at time.Time, found bool, err error) {
	var micros int64
	found, err = tx.Get([]any{&micros}, `select at from event order by id limit ?`, 1)
	return store.Time(micros), found, err
}
