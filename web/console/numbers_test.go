package console

import (
	"testing"

	"blanko/web/console/words"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	id, en := &view{Lang: words.Indonesian}, &view{Lang: words.English}
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1.000", 12345: "12.345", 1234567: "1.234.567", -1234: "-1.234", -123: "-123"} {
		if got := id.Count(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for f, want := range map[float64][2]string{12.5: {"12,5", "12.5"}, 0: {"0,0", "0.0"}, -0.25: {"-0,2", "-0.2"}, 1234.56: {"1.234,6", "1,234.6"}} {
		if got := [2]string{id.Decimal(f), en.Decimal(f)}; got != want {
			t.Errorf("%v is %q, want %q", f, got, want)
		}
	}
}
