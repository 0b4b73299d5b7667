package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Each password takes 19 MiB to prove: who sends many at the same moment gets as many tries as one after the other,
// and those that were right count for nothing.
func TestTriesSideBySideAreCounted(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	try := func(person, password string) int {
		form := url.Values{"person": {person}, "password": {password}}
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/masuk", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		o.http.ServeHTTP(w, r)
		return w.Code
	}
	const together, atOnce = 60, 30
	for range atOnce + 1 {
		if code := try(admin.ID, password); code != http.StatusSeeOther {
			t.Fatalf("a right password: %d", code)
		}
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	answers, begin := map[int]int{}, make(chan struct{})
	for range together {
		all.Go(func() {
			<-begin
			code := try("nobody", "salah sama sekali")
			mu.Lock()
			defer mu.Unlock()
			answers[code]++
		})
	}
	close(begin)
	all.Wait()
	if answers[http.StatusForbidden] != atOnce || answers[http.StatusTooManyRequests] != together-atOnce {
		t.Errorf("answers of %d tries together: %v", together, answers)
	}
}
