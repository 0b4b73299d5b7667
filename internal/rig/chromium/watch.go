package chromium

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Watch is what a browser says on its console, and whom it asks, while it shows pages.
type Watch struct {
	mu    sync.Mutex
	hosts []string
	may   []string
	said  []string
	out   []string
	sent  float64
}

// Look begins to watch a page that may ask these hosts, each with its port, and nobody else.
func Look(page context.Context, hosts ...string) (*Watch, error) {
	// Whoever types before the browser has put the focus somewhere keeps it, which the browser tells.
	w := &Watch{hosts: hosts, may: []string{"Autofocus processing was blocked"}}
	if err := chromedp.Listen(page, w.hear); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(page, network.Enable, network.EnableParams{}); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(page, log.Enable, cdp.Empty{}); err != nil {
		return nil, err
	}
	_, err := chromedp.Call(page, runtime.Enable, cdp.Empty{})
	return w, err
}

func (w *Watch) hear(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			text, _ := json.Marshal(e.Args)
			w.said = append(w.said, string(text))
		}
	case *runtime.EventExceptionThrown:
		w.said = append(w.said, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		w.said = append(w.said, e.Entry.Text+" "+e.Entry.URL)
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && !slices.Contains(w.hosts, u.Host) && !slices.Contains([]string{"about", "blob", "data"}, u.Scheme) {
			w.out = append(w.out, e.Request.URL)
		}
	case *network.EventLoadingFinished:
		w.sent += e.EncodedDataLength
	}
}

// Expect lets the console say what has a text in it: what a test is about.
func (w *Watch) Expect(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.may = append(w.may, text)
}

// Wrong is what was not to be: words on the console that nobody expects, and requests to others.
func (w *Watch) Wrong() (list []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, text := range w.said {
		if !slices.ContainsFunc(w.may, func(may string) bool { return strings.Contains(text, may) }) {
			list = append(list, "the console of the browser says "+text)
		}
	}
	for _, to := range w.out {
		list = append(list, "a request left the host: "+to)
	}
	return list
}

// Count begins to count the bytes of answers anew.
func (w *Watch) Count() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = 0
}

// Sent is how many bytes answers took, as they came over the wire, since Count.
func (w *Watch) Sent() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent
}
