package console_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"blanko/registry/access"
)

var eventNumber = regexp.MustCompile(`<td class="number">\s*([0-9]+)\s*</td>`)

// numbers are those of the events on the page, as they stand.
func (c *clerk) numbers() (list []int) {
	for _, m := range eventNumber.FindAllStringSubmatch(c.page, -1) {
		n, err := strconv.Atoi(m[1])
		c.must(err)
		list = append(list, n)
	}
	return list
}

// The log is read from its newest event to its first; by an application, a chip, an attempt or up to a day it is searched.
func TestLogIsReadBackwards(t *testing.T) {
	t.Parallel()
	looks := staffOf(access.Auditor)
	o := newOffice(t, looks)
	o.room(0)
	order := o.queuedAs(1)
	o.make(order, "0000A0B0C0D000000001", "")
	before, err := o.reg.NewestEvent(t.Context())
	o.must(err)
	o.clock.Advance(48 * time.Hour)
	for n := range 2 * many {
		o.as(center, delivery(100+n))
	}
	o.clock.Advance(time.Hour)
	newest, err := o.reg.NewestEvent(t.Context())
	o.must(err)

	auditor := o.comes(looks)
	auditor.open("/audit")
	read := auditor.numbers()
	for len(auditor.links("/audit?sebelum=")) > 0 {
		auditor.follow("/audit", "sebelum")
		read = append(read, auditor.numbers()...)
	}
	for i, n := range read {
		if n != read[0]-i {
			t.Fatalf("event %d stands behind %d", n, read[max(0, i-1)])
		}
	}
	if read[0] < int(newest) || read[len(read)-1] != 1 {
		t.Errorf("the log is read from %d to %d, and its newest is %d", read[0], read[len(read)-1], newest)
	}

	auditor.open("/audit?chip=0000a0b0c0d000000001")
	if found := auditor.numbers(); len(found) == 0 || found[0] > int(before) {
		t.Errorf("of a chip: %v", found)
	}
	auditor.open("/audit?attempt=" + order.Attempt.String())
	if found := auditor.numbers(); len(found) == 0 || found[0] > int(before) {
		t.Errorf("of an attempt: %v", found)
	}
	auditor.open("/audit?day=" + o.clock.Now().Add(-49*time.Hour).In(o.reg.Zone()).Format(time.DateOnly))
	if found := auditor.numbers(); len(found) == 0 || found[0] != int(before) {
		t.Errorf("up to the day of event %d: %v", before, found)
	}
	auditor.open("/audit?application=" + string(id(100)))
	if found := auditor.numbers(); len(found) == 0 || found[len(found)-1] <= int(before) {
		t.Errorf("of an application: %v", found)
	}
}

// The search of the audit page leaves the first screen to the events, and is unfolded and used on a telephone as well.
func TestAuditSearchIsFolded(t *testing.T) {
	t.Parallel()
	auditor := staffOf(access.Auditor)
	o := newOffice(t, auditor)
	o.room(3)
	v := o.visit()
	v.signIn(auditor)
	for _, size := range [][2]int64{{1280, 720}, {360, 800}} {
		v.do(chromedp.EmulateViewport(size[0], size[1]))
		v.open("/audit")
		if at := ask[float64](v, `document.querySelector('tbody tr').getBoundingClientRect().bottom`); at > float64(size[1]) {
			t.Errorf("at %d the first event ends at %v", size[0], at)
		}
		v.do(chromedp.Click(chromedp.CSS("#filter > summary")))
		v.fill("#f-application", string(id(2)))
		if wide := ask[int64](v, `document.documentElement.scrollWidth`); wide > size[0] {
			t.Errorf("at %d the search is %d wide", size[0], wide)
		}
		v.clean("audit-search")
		v.click("#filter button[type=submit]")
		if said := v.read("#filter summary"); !strings.Contains(said, string(id(2))) || v.read("#f-application") != "" {
			t.Errorf("at %d the page says %q", size[0], said)
		}
	}
}
