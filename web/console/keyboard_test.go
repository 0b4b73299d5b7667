package console_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"blanko/web/console"
)

// walkBy puts into a page what the walk asks it: every control that a keyboard should reach, in the order of the
// page; what stands under the focus; and what a key did to it, without leaving the page.
const walkBy = `window.walk = {
	clicked: null, tab: 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]',
	seen: e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0 && !e.closest('dialog:not([open])'),
	all: () => [...document.querySelectorAll(walk.tab)].filter(walk.seen),
	name: e => !e ? '' : e === document.body ? 'body' : e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' ' + (e.getAttribute('href') || e.name || '') + ' ' + e.textContent.trim().slice(0, 30),
	at: () => {
		const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
		const y = Math.min(Math.max(r.top + r.height / 2, 0), innerHeight - 1), x = Math.min(Math.max(r.left + Math.min(r.width / 2, 20), 0), innerWidth - 1);
		const top = document.elementFromPoint(x, y);
		return {
			n: walk.all().indexOf(e), body: e === document.body, name: walk.name(e), kind: e.matches('summary') ? 'summary' : e.matches('select') ? 'select' : e.matches('[type=checkbox]') ? 'checkbox' : e.matches('a, button') ? 'click' : 'other',
			parts: e.matches('input[type^=date], input[type=time]'),
			folded: e.matches('details:not([open]) > summary'),
			ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && r.bottom > 0 && r.top < innerHeight,
			under: top === e || e.contains(top) || (top && top.contains(e)) ? '' : walk.name(top),
			choices: e.matches('select') ? e.options.length : 0, value: e.matches('[type=checkbox]') ? String(e.checked) : e.matches('select') ? e.value : '',
		};
	},
	did: () => { const c = walk.clicked; walk.clicked = null; return c === document.activeElement; },
};
addEventListener('click', e => { const c = e.target.closest('a, button'); if (c) { walk.clicked = c; e.preventDefault(); e.stopImmediatePropagation(); } }, true);
addEventListener('submit', e => e.preventDefault(), true);
true`

// stop is where the focus is.
type stop struct {
	N       int    `json:"n"`
	Body    bool   `json:"body"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Folded  bool   `json:"folded"`
	Parts   bool   `json:"parts"`
	Ring    bool   `json:"ring"`
	Under   string `json:"under"`
	Choices int    `json:"choices"`
	Value   string `json:"value"`
}

func (v *visitor) key(key string) {
	v.t.Helper()
	v.do(chromedp.KeyEvent(key))
}

// tabs walks a page with the Tab key alone until the focus leaves it, and works every control by its keys: links by
// Enter, buttons by Enter and Space, boxes by Space, lists by an arrow; what is folded up is opened on the way.
func (v *visitor) tabs(id string) {
	v.t.Helper()
	ask[bool](v, walkBy+`, document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute('tabindex'), true`) // some pages begin in a field
	last := -1
	const most = 600
	for n := range most {
		v.key(kb.Tab)
		s := ask[stop](v, `walk.at()`)
		if s.Body || n > 0 && s.N == 0 { // past the last one
			break
		}
		switch {
		case s.N < 0:
			v.t.Errorf("%s: the focus is on %s, which is no control", id, s.Name)
		case s.N == last && s.Parts: // day, month and year of a date are stops of their own
		case s.N != last+1:
			names := ask[[]string](v, fmt.Sprintf(`walk.all().slice(%d, %d).map(walk.name)`, max(0, last+1), max(s.N, last+1)))
			v.t.Errorf("%s: after %d comes %d, %s; past over %v", id, last, s.N, s.Name, names)
		case !s.Ring:
			v.t.Errorf("%s: nobody sees that %s has the focus", id, s.Name)
		case s.Under != "":
			v.t.Errorf("%s: %s is hidden under %s", id, s.Name, s.Under)
		}
		last = s.N
		switch s.Kind {
		case "summary":
			if s.Folded {
				v.key(kb.Enter)
				if ask[stop](v, `walk.at()`).Folded {
					v.t.Errorf("%s: Enter does not open %s", id, s.Name)
				}
			}
		case "click":
			keys := []string{kb.Enter}
			if strings.HasPrefix(s.Name, "button") {
				keys = append(keys, " ")
			}
			for _, k := range keys {
				if v.key(k); !ask[bool](v, `walk.did()`) {
					v.t.Errorf("%s: %q does nothing on %s", id, k, s.Name)
				}
			}
		case "checkbox":
			v.key(" ")
			if is := ask[stop](v, `walk.at()`); is.Value == s.Value {
				v.t.Errorf("%s: Space does not turn %s", id, s.Name)
			}
			v.key(" ")
		case "select":
			if s.Choices > 1 {
				k := kb.ArrowDown
				if ask[bool](v, `document.activeElement.selectedIndex === document.activeElement.options.length - 1`) {
					k = kb.ArrowUp
				}
				v.key(k)
				if is := ask[stop](v, `walk.at()`); is.Value == s.Value {
					v.t.Errorf("%s: an arrow chooses nothing of %s", id, s.Name)
				}
			}
		}
		if n == most-1 {
			v.t.Errorf("%s: the focus never leaves the page", id)
		}
	}
	if all := ask[int](v, `walk.all().length`); last != all-1 {
		v.t.Errorf("%s: the last stop is %d of %d", id, last, all)
	}
}

// renewed has every live part of the page put in anew with the focus on each of its buttons, links and folds in turn: it
// stays there. With the focus on a box the part waits.
func (v *visitor) renewed(id string) {
	v.t.Helper()
	lost := promised[[]string](v, `(async () => {
		const lost = [], fields = 'input:not([type=checkbox]), textarea, select';
		for (const id of [...document.querySelectorAll('.live')].map(p => p.id)) {
			const part = () => document.getElementById(id), controls = () => [...part().querySelectorAll(walk.tab)].filter(walk.seen).filter(c => !c.matches(fields));
			for (let n = 0; n < controls().length; n++) {
				const name = walk.name(controls()[n]), box = controls()[n].matches('[type=checkbox]');
				controls()[n].focus();
				const settled = new Promise(done => {
					const asked = e => e.detail.requestConfig.elt === document.body; // not what a part asks by itself meanwhile
					document.body.addEventListener('htmx:afterSettle', e => asked(e) && done(true));
					document.body.addEventListener('htmx:beforeSwap', e => asked(e) && (e.detail.shouldSwap || done(false)));
				});
				// Asked for by the page: a part itself asks only where there is news.
				await htmx.ajax('GET', part().getAttribute('hx-get').replace(/v=[0-9a-f]*/, 'v='), {source: document.body, target: part(), swap: 'outerHTML'});
				if (await settled === box) { lost.push(name + (box ? ' -> renewed under the hand' : ' -> not renewed')); continue; }
				const at = document.activeElement;
				if (walk.name(at) !== name || !part().contains(at)) { lost.push(name + ' -> ' + walk.name(at)); }
			}
		}
		return lost;
	})()`)
	for _, l := range lost {
		v.t.Errorf("%s: the focus is lost: %s", id, l)
	}
}

// Every page with the keyboard alone: every control is reached, in the order of the page, with a focus that is seen,
// and does its work by Enter or Space; nothing holds the focus, and a part that is renewed does not lose it.
func TestEveryPageByKeyboard(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, p := range console.PageRows() {
		if a := somebodyWho(p.May); o.codes[a.ID] == "" {
			o.employ(a)
		}
	}
	if o.codes[boss.ID] == "" {
		o.employ(boss)
	}
	o.room(6)
	o.make(o.next(), "0000A0B0C0D000000002", "")
	o.make(o.next(), "0000A0B0C0D000000001", "accept")
	go o.asks("lini-1")
	o.work()
	v := o.visit()
	v.expect("ERR_ABORTED")
	who := ""
	for _, p := range console.PageRows() {
		a := somebodyWho(p.May)
		if a.ID != who {
			v.leave()
			v.signIn(a)
			who = a.ID
		}
		v.open(o.pathOf(p.Path))
		v.see("body[data-stream=open]")
		v.tabs(p.ID)
		ask[any](v, `window.blankoUnsent && blankoUnsent.letGo()`) // what the walk chose may go
		v.open(o.pathOf(p.Path))
		v.see("body[data-stream=open]")
		ask[bool](v, walkBy)
		v.renewed(p.ID)
	}
	open, err := o.reg.Questions(t.Context())
	o.must(err)
	if len(open) != 1 {
		t.Errorf("%d faces wait: a key answered for one", len(open))
	}
}
