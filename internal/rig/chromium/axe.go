package chromium

import (
	"context"

	"github.com/chromedp/chromedp"
)

// Violations are what axe, given as its script, finds on a page by the rules of WCAG 2.2, levels A and AA.
func Violations(page context.Context, axe string) ([]string, error) {
	there, err := chromedp.Run(page, chromedp.Evaluate[bool](`typeof axe !== 'undefined'`))
	if err != nil {
		return nil, err
	}
	if !there {
		if _, err := chromedp.Run(page, chromedp.Evaluate[any](axe+`;0`)); err != nil {
			return nil, err
		}
	}
	return chromedp.Run(page, chromedp.Evaluate[[]string](`axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then(
		r => r.violations.map(x => x.id + ': ' + x.nodes.map(n => n.target.join(' ')).join(', ')))`, chromedp.EvalAwaitPromise))
}
