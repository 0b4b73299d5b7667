package console_test

import (
	"net/http"
	"testing"
)

// A browser that opens streams without end takes none from others.
func TestStreamsOfOneBrowserAreBounded(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin, boss)
	greedy, other := o.comes(admin), o.comes(boss)
	open := func(c *clerk) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+"/aliran", nil)
		o.must(err)
		res, err := c.http.Do(r)
		o.must(err)
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	const most = 30
	for n := range most {
		if res := open(greedy); res.StatusCode != http.StatusOK {
			t.Fatalf("stream %d: %d", n+1, res.StatusCode)
		}
	}
	if res := open(greedy); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one too many: %d", res.StatusCode)
	}
	if res := open(other); res.StatusCode != http.StatusOK {
		t.Errorf("another browser: %d", res.StatusCode)
	}
}
