package station

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// A command that was interrupted is no fault of the program.
func TestFailTellsOfAnInterruption(t *testing.T) {
	t.Parallel()
	for language, want := range map[Language]string{
		Indonesian: "blanko: Dihentikan sebelum selesai.\n", English: "blanko: Interrupted before it was done.\n",
	} {
		var told strings.Builder
		Terminal{Name: "blanko", Err: &told, Language: language}.Fail(fmt.Errorf("reset: %w", context.Canceled))
		if told.String() != want {
			t.Errorf("%s: %q", language, told.String())
		}
	}
}
