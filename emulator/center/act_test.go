package center

import (
	"fmt"
	"slices"
	"testing"
)

func TestMoments(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 4, Moments: []Moment{{Every: 2, Word: "SENT_FOR_CARD_PRINTING", Act: "withdraw", Reason: "died"}}})
	s := serve(t, c)
	if err := c.At(Moment{ID: c.Account()[0].ID, Word: "CARD_PRINTED", Act: "correct"}); err != nil {
		t.Fatal(err)
	}
	var list []any
	for n := range 4 {
		list = append(list, report(c, n, fmt.Sprint("s", n), "SENT_FOR_CARD_PRINTING"), report(c, n, fmt.Sprint("p", n), "CARD_PRINTED"))
	}
	s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": list})
	s.call("/center/v1/reports", map[string]any{"office": testOffice, "reports": []any{report(c, 1, "again", "SENT_FOR_CARD_PRINTING")}})
	var withdrawn []int
	for n, l := range c.Account() {
		if l.Withdrawn == "died" {
			withdrawn = append(withdrawn, n)
		}
	}
	if !slices.Equal(withdrawn, []int{1, 3}) || c.Account()[0].Version != 2 {
		t.Errorf("withdrawn %v, version %d", withdrawn, c.Account()[0].Version)
	}
	if n := len(c.offices[testOffice].log); n != 4+2+1 {
		t.Errorf("%d items: a moment struck twice", n)
	}
	if c.At(Moment{Act: "sell"}) == nil || c.At(Moment{Act: "withdraw", Reason: "bored"}) == nil {
		t.Error("an unknown act was taken")
	}
}
