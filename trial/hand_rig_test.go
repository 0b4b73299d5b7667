package trial

import (
	"fmt"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"blanko/internal/rig/chromium"
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
	if is, err := chromium.Holds(c.browser, selector, "e.checked"); err != nil || !is {
		c.Fatalf("%s is not ticked, %v", selector, err)
	}
}

// strike is a click, or a key on what has the focus by then.
func (c *counter) strike(selector, key string) chromedp.Action[chromedp.Void] {
	c.Helper()
	if !c.by.keys {
		return chromedp.Click(chromedp.CSS(selector))
	}
	c.took(chromium.Reach(c.browser, selector))
	return chromedp.KeyEvent(key)
}

// fill gives a field a text.
func (c *counter) fill(selector, text string) {
	c.Helper()
	if !c.by.keys {
		c.do(chromedp.SetValue(chromedp.CSS(selector), text))
		return
	}
	c.took(chromium.Type(c.browser, selector, text))
}

// choose takes one of a list by its value.
func (c *counter) choose(selector, value string) {
	c.Helper()
	if !c.by.keys {
		c.script(fmt.Sprintf(`{ const s = document.querySelector(%q); s.value = %q; s.dispatchEvent(new Event('change', {bubbles: true})); }`, selector, value))
		return
	}
	c.took(chromium.Choose(c.browser, selector, value))
}

// attach gives a file where a page takes one.
func (c *counter) attach(selector, file string) {
	c.Helper()
	if !c.by.keys {
		c.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
		return
	}
	c.took(chromium.Attach(c.browser, selector, file))
}

// took fails where a page does not take what was done with the keys.
func (c *counter) took(err error) {
	c.Helper()
	if err != nil {
		c.Fatalf("%v; the page says %s", err, c.read("main"))
	}
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
