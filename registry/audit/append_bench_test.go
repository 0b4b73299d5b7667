package audit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"blanko/store"
	"blanko/store/storetest"
)

// BenchmarkAppend writes events from three stations at once into one log on PostgreSQL, one event a transaction, and as
// many from one station. The chain has one head, so that the stations wait for each other: metric three/one is how
// many events a second three write for each of one.
func BenchmarkAppend(b *testing.B) {
	const events = 900
	for b.Loop() {
		var rate [2]float64
		for i, stations := range []int{1, 3} {
			db := storetest.PostgreSQLOnce(b)
			took, each := appended(b, db, stations, events/stations)
			rate[i] = events / took.Seconds()
			slices.Sort(each)
			b.ReportMetric(rate[i], fmt.Sprintf("events/s-%d", stations))
			b.ReportMetric(float64(each[len(each)/2].Microseconds()), fmt.Sprintf("p50-us-%d", stations))
			b.ReportMetric(float64(each[len(each)*99/100].Microseconds()), fmt.Sprintf("p99-us-%d", stations))
		}
		b.ReportMetric(rate[1]/rate[0], "three/one")
	}
}

// appended lets every station append so many events, and holds the chain against them.
func appended(b *testing.B, db storetest.DB, stations, events int) (took time.Duration, each []time.Duration) {
	b.Helper()
	open := make([]*store.Store, stations)
	for i := range open {
		open[i] = db.Open(b)
	}
	times := make([][]time.Duration, stations)
	errs := make([]error, stations)
	var all sync.WaitGroup
	began := time.Now()
	for i, s := range open {
		all.Go(func() {
			for n := range events {
				at := time.Now()
				if errs[i] = s.Write(context.Background(), func(tx *store.Tx) error {
					_, err := Append(tx, Event{Actor: fmt.Sprintf("station-%d", i), Code: "application.queued", Application: fmt.Sprintf("app-%d-%d", i, n)})
					return err
				}); errs[i] != nil {
					return
				}
				times[i] = append(times[i], time.Since(at))
			}
		})
	}
	all.Wait()
	took = time.Since(began)
	for i := range errs {
		if errs[i] != nil {
			b.Fatal(errs[i])
		}
		each = append(each, times[i]...)
	}
	in(b, open[0], func(tx *store.Tx) error {
		r, err := Verify(tx)
		if err == nil && (!r.Sound() || r.Events != int64(stations*events)) {
			b.Fatalf("%d events: %+v", stations*events, r)
		}
		return err
	})
	return took, each
}
