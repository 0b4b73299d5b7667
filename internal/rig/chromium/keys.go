package chromium

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tabsAhead is how many stops of Tab lie before what a selector names, as far as the page alone can tell.
const tabsAhead = `(to => {
	const stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
		.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0);
	const n = stops.indexOf(document.querySelector(to)) - stops.indexOf(document.activeElement);
	return n > 0 ? n : n + stops.length;
})(%q)`

// Holds reports whether something is true of e, what a selector names on a page.
func Holds(ctx context.Context, selector, condition string) (bool, error) {
	return chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`(e => e !== null && (%s))(document.querySelector(%q))`, condition, selector)))
}

// Reach waits for what a selector names, and moves the focus there with Tab alone; a fold around it is opened on the way.
func Reach(ctx context.Context, selector string) error {
	const folded = `e.closest('details:not([open]) > :not(summary)') !== null`
	there := fmt.Sprintf(`(e => e !== null && !e.disabled && (%s || e.checkVisibility({visibilityProperty: true})))(document.querySelector(%q))`, folded, selector)
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](there, chromedp.WithPollingTimeout(0))); err != nil {
		return fmt.Errorf("%s never comes: %w", selector, err)
	}
	for {
		if is, err := Holds(ctx, selector, folded); err != nil || !is {
			return errors.Join(err, tabTo(ctx, selector))
		}
		mark := fmt.Sprintf(`document.querySelectorAll('[data-fold]').forEach(f => delete f.dataset.fold); document.querySelector(%q).closest('details:not([open])').firstElementChild.dataset.fold = ''`, selector)
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](mark+"; 0")); err != nil {
			return err
		}
		if err := tabTo(ctx, "[data-fold]"); err != nil {
			return err
		}
		if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
			return err
		}
	}
}

// tabTo presses Tab until something has the focus.
func tabTo(ctx context.Context, selector string) error {
	const at = "e === document.activeElement"
	if is, err := Holds(ctx, selector, at); err != nil || is {
		return err
	}
	n, err := chromedp.Run(ctx, chromedp.Evaluate[int](fmt.Sprintf(tabsAhead, selector)))
	if err != nil {
		return err
	}
	few := chromedp.KeyEvent(strings.Repeat(kb.Tab, max(0, n-2))) // a few less: what comes late is not passed
	if err := chromedp.Do(ctx, few); err != nil {
		return err
	}
	const most = 400
	for range most {
		if is, err := Holds(ctx, selector, at); err != nil || is {
			return err
		}
		if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
			return err
		}
	}
	return fmt.Errorf("the key Tab never leads to %s", selector)
}

// Type gives a field a text by the keys alone.
func Type(ctx context.Context, selector, text string) error {
	if err := Reach(ctx, selector); err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(text)); err != nil {
		return err
	}
	is, err := Holds(ctx, selector, fmt.Sprintf("e.value === %q", text))
	if err == nil && !is {
		err = fmt.Errorf("%s does not take %q", selector, text)
	}
	return err
}

// Choose takes one of a list by its value, with arrows.
func Choose(ctx context.Context, selector, value string) error {
	if err := Reach(ctx, selector); err != nil {
		return err
	}
	for n := 0; ; n++ {
		if is, err := Holds(ctx, selector, fmt.Sprintf("e.value === %q", value)); err != nil || is {
			return err
		}
		if over, err := Holds(ctx, selector, fmt.Sprintf("e.options.length <= %d", n)); err != nil || over {
			return errors.Join(fmt.Errorf("no arrow leads to %q of %s", value, selector), err)
		}
		if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.ArrowDown)); err != nil {
			return err
		}
	}
}

// Attach gives a file where a page takes one, after the dialog for it was opened by a key.
func Attach(ctx context.Context, selector, file string) error {
	if err := Reach(ctx, selector); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true}); err != nil {
		return err
	}
	opened, err := chromedp.Run(ctx, chromedp.WaitEvent(page.FileChooserOpened, nil, chromedp.KeyEvent(kb.Enter)))
	if err != nil {
		return err
	}
	_, err = chromedp.Call(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, BackendNodeID: opened.BackendNodeID})
	return err
}
