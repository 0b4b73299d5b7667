package station

import (
	"context"
	"strconv"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/datacenter"
)

// report sends the oldest state changes that the center has not taken yet, in order, until
// there are none.
func (s *Station) report(ctx context.Context) error {
	for {
		waiting, err := s.Registry.Outbox(ctx, datacenter.MaxReports)
		if err != nil || len(waiting) == 0 {
			return err
		}
		batch := make([]datacenter.Report, len(waiting))
		for i, r := range waiting {
			batch[i] = wire(r)
		}
		results, err := s.Center.Report(ctx, batch)
		if err != nil {
			return err
		}
		var taken []string
		unanswered := map[string]bool{}
		for _, r := range waiting {
			unanswered[r.Key] = true
		}
		for _, r := range results {
			if !unanswered[r.Key] {
				continue // said twice, or of a report that was not sent
			}
			delete(unanswered, r.Key)
			if r.Taken() {
				taken = append(taken, r.Key)
				continue
			}
			if err := s.Registry.Undelivered(ctx, r.Key, strconv.Itoa(r.Status)); err != nil {
				return err
			}
			if r.Final() { // set aside with its answer, so that it holds up no other
				s.Log.Error("report refused for good", zap.String("key", r.Key), zap.Int("status", r.Status))
				taken = append(taken, r.Key)
			}
		}
		if err := s.Registry.Delivered(ctx, taken...); err != nil {
			return err
		}
		if len(taken) < len(waiting) {
			return datacenter.CenterRefused.At("station.report", nil).With("reports", "%d of %d not taken", len(waiting)-len(taken), len(waiting))
		}
	}
}

// Words of a report where the national list has none for the state.
const (
	wordRefused = "REFUSED"
	wordReady   = "PRINT_READY_RECORD"
)

func wire(r registry.Report) datacenter.Report {
	word := string(r.Word)
	switch {
	case r.State == registry.StateRefused:
		word = wordRefused
	case word == "":
		word = wordReady
	}
	return datacenter.Report{
		Key: r.Key, ID: string(r.Record), Version: r.Version, Word: word, State: string(r.State), At: r.At,
		Chip: string(r.Chip), Attempts: r.Attempts, Reason: r.Reason,
	}
}
