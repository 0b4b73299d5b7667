package center

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestBehaviors(t *testing.T) {
	t.Parallel()
	var slept []time.Duration
	var mu sync.Mutex
	c := testCenter(t, Config{Records: 6, Sleep: func(_ context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		slept = append(slept, d)
		return nil
	}})
	s := serve(t, c)
	_, honest := s.call(fmt.Sprintf(feedPath, 3, ""), nil)
	next := honest["next"].(string)

	c.Behave(Behavior{Away: true})
	if _, _, err := s.try("/center/v1/keys", nil); err == nil {
		t.Error("away: answered")
	}
	c.Behave(Behavior{Delay: time.Minute})
	if status, _ := s.call("/center/v1/keys", nil); status != 200 || !slices.Equal(slept, []time.Duration{time.Minute}) {
		t.Errorf("slow: slept %v", slept)
	}
	c.Behave(Behavior{FailEvery: 2})
	for n, want := range []int{200, 500, 200, 500} {
		if status, _ := s.call("/center/v1/keys", nil); status != want {
			t.Errorf("call %d: %d, want %d", n, status, want)
		}
	}
	c.Behave(Behavior{CutEvery: 1})
	if status, _, err := s.try(fmt.Sprintf(feedPath, 3, ""), nil); err == nil || status != 200 {
		t.Errorf("cut short: %d, %v", status, err)
	}
	c.Behave(Behavior{RepeatEvery: 1})
	if _, page := s.call(fmt.Sprintf(feedPath, 3, next), nil); !slices.Equal(names(page), names(honest)) || page["next"] != next {
		t.Errorf("repeated: %v", names(page))
	}
	c.Behave(Behavior{Duplicate: true})
	if _, page := s.call(fmt.Sprintf(feedPath, 3, ""), nil); len(names(page)) != 6 || names(page)[0] != names(page)[1] || page["next"] != next {
		t.Errorf("doubled: %v", names(page))
	}
	c.Behave(Behavior{Reorder: true})
	_, page := s.call(fmt.Sprintf(feedPath, 6, ""), nil)
	shuffled := names(page)
	sorted := slices.Clone(shuffled)
	slices.Sort(sorted)
	c.Behave(Behavior{})
	_, page = s.call(fmt.Sprintf(feedPath, 6, ""), nil)
	want := names(page)
	if slices.Equal(shuffled, want) {
		t.Error("not reordered")
	}
	if slices.Sort(want); !slices.Equal(sorted, want) {
		t.Errorf("reordering lost items: %v", shuffled)
	}

	c.Behave(Behavior{Spoil: SpoilSignature})
	if err := c.Withdraw(c.Account()[5].ID, "died"); err != nil {
		t.Fatal(err)
	}
	_, page = s.call(fmt.Sprintf(feedPath, 10, next), nil)
	for _, i := range page["items"].([]any) {
		m := i.(map[string]any)
		var payload []byte
		var jws string
		if m["kind"] == "record" {
			r := m["record"].(map[string]any)
			payload, jws = signedPart(t, r), text(dig(r, "integrity", 0, "signature"))
		} else {
			jws = text(m["signature"])
			delete(m, "signature")
			var err error
			if payload, err = canonicalJSON(m); err != nil {
				t.Fatal(err)
			}
		}
		if verify(t, jws, payload, c.Keys(), UseRecord) == nil {
			t.Errorf("%v is well signed", m["kind"])
		}
	}
	c.Behave(Behavior{Spoil: SpoilExpired})
	if _, item := s.call("/center/v1/records/"+c.Account()[0].ID, nil); text(dig(item, "record", "requestData", "others", "blanko", "validUntil")) >= "2026" {
		t.Error("not expired")
	}

	c.Behave(Behavior{LoseReportsEvery: 2})
	for n := range 2 {
		if status, answer := s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{report(c, 0, fmt.Sprint("l", n), "CARD_PRINTED")}}); status != 207 || dig(answer, "results", 0, "status") != json.Number("200") {
			t.Errorf("%d %v", status, answer)
		}
	}
	if n := len(c.Account()[0].Reports); n != 1 {
		t.Errorf("%d reports kept, one of two was to be lost", n)
	}
	c.Behave(Behavior{LoseAnswersEvery: 1})
	if _, _, err := s.try("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{report(c, 1, "x", "CARD_PRINTED")}}); err == nil {
		t.Error("the answer was not lost")
	}
	c.Behave(Behavior{})
	if status, answer := s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{report(c, 1, "x", "CARD_PRINTED")}}); status != 207 || dig(answer, "results", 0, "status") != json.Number("200") {
		t.Errorf("%d %v", status, answer)
	}
	if n := len(c.Account()[1].Reports); n != 1 {
		t.Errorf("a repeated report was counted %d times", n)
	}
}
