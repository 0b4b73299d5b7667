package trial

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hand is how a person works a page: in which language, how wide, and with what.
type hand struct {
	keys    bool // the keys alone: Tab, Enter, Space, arrows and what is typed
	english bool
	width   int64 // of the window; 0: that of the browser
	who     string
}

var (
	byPointer = hand{}
	// byKeys is who uses no pointer, on a telephone or a screen that is enlarged much.
	byKeys = hand{keys: true, english: true, width: 360, who: "-keys"}
)

// of is the name of a person of this way.
func (h hand) of(name string) string { return name + h.who }

// in is a text of the page in the language of who works it.
func (h hand) in(indonesian, english string) string {
	if h.english {
		return english
	}
	return indonesian
}

// press works a button or a link that stays on the page.
func (c *counter) press(selector string) {
	c.Helper()
	c.do(c.strike(selector, kb.Enter))
}

// send works what leads to another page, and waits for it.
func (c *counter) send(selector string) {
	c.Helper()
	strike := c.strike(selector, kb.Enter)
	if _, err := chromedp.Run(c.browser, chromedp.WaitEvent(page.LoadEventFired, nil, strike)); err != nil {
		c.Fatalf("after %s: %v", selector, err)
	}
}

// tick sets a box.
func (c *counter) tick(selector string) {
	c.Helper()
	c.do(c.strike(selector, " "))
	if !c.holds(selector, "e.checked") {
		c.Fatalf("%s is not ticked", selector)
	}
}

// strike is a click, or a key on what has the focus by then.
func (c *counter) strike(selector, key string) chromedp.Action[chromedp.Void] {
	c.Helper()
	if !c.by.keys {
		return chromedp.Click(chromedp.CSS(selector))
	}
	c.reach(selector)
	return chromedp.KeyEvent(key)
}

// fill gives a field a text.
func (c *counter) fill(selector, text string) {
	c.Helper()
	if !c.by.keys {
		c.do(chromedp.SetValue(chromedp.CSS(selector), text))
		return
	}
	c.reach(selector)
	c.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(text))
	if !c.holds(selector, fmt.Sprintf("e.value === %q", text)) {
		c.Fatalf("%s does not take %q", selector, text)
	}
}

// choose takes one of a list by its value.
func (c *counter) choose(selector, value string) {
	c.Helper()
	if !c.by.keys {
		c.script(fmt.Sprintf(`{ const s = document.querySelector(%q); s.value = %q; s.dispatchEvent(new Event('change', {bubbles: true})); }`, selector, value))
		return
	}
	c.reach(selector)
	is := fmt.Sprintf("e.value === %q", value)
	for n := 0; !c.holds(selector, is); n++ {
		if c.holds(selector, fmt.Sprintf("e.options.length <= %d", n)) {
			c.Fatalf("no arrow leads to %q of %s", value, selector)
		}
		c.do(chromedp.KeyEvent(kb.ArrowDown))
	}
}

// attach gives a file where a page takes one; by the keys, after the dialog for it has opened.
func (c *counter) attach(selector, file string) {
	c.Helper()
	if !c.by.keys {
		c.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
		return
	}
	_, err := chromedp.Call(c.browser, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true})
	c.fine(err)
	opened, err := chromedp.Run(c.browser, chromedp.WaitEvent(page.FileChooserOpened, nil, c.strike(selector, kb.Enter)))
	c.fine(err)
	_, err = chromedp.Call(c.browser, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, BackendNodeID: opened.BackendNodeID})
	c.fine(err)
}

// holds reports whether something is true of e, what a selector names.
func (c *counter) holds(selector, condition string) bool {
	c.Helper()
	is, err := chromedp.Run(c.browser, chromedp.Evaluate[bool](fmt.Sprintf(`(e => e !== null && (%s))(document.querySelector(%q))`, condition, selector)))
	c.fine(err)
	return is
}

// reach moves the focus with Tab alone to what a selector names; a fold around it is opened on the way.
func (c *counter) reach(selector string) {
	c.Helper()
	there := fmt.Sprintf(`(e => e !== null && !e.disabled && (e.closest('details:not([open]) > :not(summary)') !== null || e.checkVisibility({visibilityProperty: true})))(document.querySelector(%q))`, selector)
	if _, err := chromedp.Run(c.browser, chromedp.Poll[bool](there, chromedp.WithPollingTimeout(0))); err != nil {
		c.Fatalf("%s never comes: %v; the page says %s", selector, err, c.read("main"))
	}
	for c.holds(selector, `e.closest('details:not([open]) > :not(summary)') !== null`) {
		c.script(fmt.Sprintf(`document.querySelectorAll('[data-fold]').forEach(f => delete f.dataset.fold); document.querySelector(%q).closest('details:not([open])').firstElementChild.dataset.fold = ''`, selector))
		c.tabTo("[data-fold]")
		c.do(chromedp.KeyEvent(kb.Enter))
	}
	c.tabTo(selector)
}

// tabsAhead is how many stops of Tab lie before what a selector names, as far as the page alone can tell.
const tabsAhead = `(to => {
	const stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
		.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0);
	const n = stops.indexOf(document.querySelector(to)) - stops.indexOf(document.activeElement);
	return n > 0 ? n : n + stops.length;
})(%q)`

// tabTo presses Tab until something has the focus.
func (c *counter) tabTo(selector string) {
	c.Helper()
	const at = "e === document.activeElement"
	if c.holds(selector, at) {
		return
	}
	n, err := chromedp.Run(c.browser, chromedp.Evaluate[int](fmt.Sprintf(tabsAhead, selector)))
	c.fine(err)
	c.do(chromedp.KeyEvent(strings.Repeat(kb.Tab, max(0, n-2)))) // a few less: what comes late is not passed
	const most = 400
	for range most {
		if c.holds(selector, at) {
			return
		}
		c.do(chromedp.KeyEvent(kb.Tab))
	}
	c.Fatalf("Tab never leads to %s: %s", selector, c.read("main"))
}

// fits fails where a page is wider than its window, for who sees little of it at a time.
func (c *counter) fits(what string) {
	c.Helper()
	if c.by.width == 0 {
		return
	}
	wide, err := chromedp.Run(c.browser, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
	c.fine(err)
	if wide > c.by.width {
		c.Errorf("%s is %d wide in a window of %d", what, wide, c.by.width)
	}
}
