package jobs

import (
	"time"

	"blanko/ktp"
	"blanko/store"
)

func countStage(tx *store.Tx, id ktp.AttemptID, step Step, took time.Duration) error {
	_, err := tx.Exec(`insert into stage_time (line, step, within, n, took) select line, ?, ?, 1, ? from attempt where id = ?
		on conflict (line, step, within) do update set n = stage_time.n + 1, took = stage_time.took + excluded.took`,
		step, bound(took).Milliseconds(), took.Microseconds(), id.String())
	return err
}

// StageTimes are those of all lines, by line and step.
func StageTimes(tx *store.Tx) (list []StageTime, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var t StageTime
		var within, took int64
		err := scan(&t.Line, &t.Step, &within, &t.Count, &took)
		t.Within, t.Took = time.Duration(within)*time.Millisecond, time.Duration(took)*time.Microsecond
		list = append(list, t)
		return err
	}, `select line, step, within, n, took from stage_time order by line, step, within`)
	return list, err
}
