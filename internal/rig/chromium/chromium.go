// Package chromium starts the browser of the tests of pages.
//
// What lives here: its flags, its start and its end; what it says and whom it asks while it shows a page (Watch), what
// axe finds there, and the hand of a person who works it by the keys alone (Reach). What may not: a page, a case. It
// stands apart from the other rigs, so that a program that uses those does not hold what drives a browser. Start reading
// at Start.
package chromium

import (
	"context"

	"github.com/chromedp/chromedp"
)

// alone make a browser that shows the pages of a test alone: no window, no sandbox (a container
// has no room for one), no word to anybody outside.
var alone = []string{
	"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update",
	"disable-sync", "disable-default-apps", "disable-extensions", "disable-dev-shm-usage", "mute-audio",
}

// FakeCamera are the flags of a browser whose camera shows a test picture, and that asks nobody for it.
var FakeCamera = []string{"use-fake-device-for-media-stream", "use-fake-ui-for-media-stream"}

// Start starts the browser of a path (rig.Chromium), with flags of its own besides, and opens an empty page. It lives
// until end is called, or ctx ends.
func Start(ctx context.Context, path string, flags ...string) (browser context.Context, end func(), err error) {
	opts := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path)}
	for _, f := range append(flags[:len(flags):len(flags)], alone...) {
		opts = append(opts, chromedp.Flag(f, true))
	}
	alloc, endAlloc := chromedp.NewExecAllocator(ctx, opts...)
	browser, endBrowser := chromedp.NewContext(alloc)
	end = func() {
		_ = chromedp.Cancel(browser) // gone already
		endBrowser()
		endAlloc()
	}
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		end()
		return nil, nil, err
	}
	return browser, end, nil
}
