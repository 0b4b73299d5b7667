package paper

import (
	"testing"
	"time"
)

// A roll that was sent away was said to be destroyed.
func TestStateOfARoll(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Roll){
		"di gudang":              func(x *Roll) { x.FittedAt, x.RemovedAt = time.Time{}, time.Time{} },
		"terpasang":              func(x *Roll) { x.RemovedAt = time.Time{} },
		"disegel SEGEL-0049001":  func(*Roll) {},
		"hilang":                 func(x *Roll) { x.Seal, x.Lost = "", true },
		"musnah, M-2026-000001":  func(x *Roll) { x.Destroyed = "M-2026-000001" },
		"dikirim, M-2026-000002": func(x *Roll) { x.Sent = "M-2026-000002" },
	} {
		x := stockReport(1).Rolls[0]
		change(&x)
		cells := x.row().cells
		if got := cells[len(cells)-1]; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
