// What pages do in the browser beside htmx: say that the stream was lost, lock a page that is left
// alone without losing it, and lead keys to buttons. Everything else works without it.
(function () {
  'use strict';
  var lost = document.getElementById('stream-lost'), over = document.getElementById('signed-out');

  // A browser opens six connections to a station that does not speak HTTP/2, and each stream takes one for good:
  // a page that nobody looks at gives its stream up, so that the seventh page comes, too. Looked at again it
  // opens another, by which it is told at once what it missed.
  function Stream(url) {
    var self = this, inner = null, heard = [];
    function rest() {
      if (inner) { inner.close(); inner = null; document.body.dataset.stream = 'rests'; }
    }
    function listen() {
      if (document.hidden) { rest(); return; }
      if (inner) { return; }
      inner = new EventSource(url);
      inner.addEventListener('changed', hear);
      heard.forEach(function (h) { inner.addEventListener(h[0], h[1]); });
      inner.onopen = function (e) { self.readyState = EventSource.OPEN; if (self.onopen) { self.onopen(e); } };
      inner.onerror = function (e) {
        self.readyState = inner.readyState;
        if (self.readyState === EventSource.CLOSED) { self.close(); present(); }
        if (self.onerror) { self.onerror(e); }
      };
    }
    this.readyState = EventSource.CONNECTING;
    this.addEventListener = function (name, f) { heard.push([name, f]); if (inner) { inner.addEventListener(name, f); } };
    this.removeEventListener = function (name, f) {
      heard = heard.filter(function (h) { return h[0] !== name || h[1] !== f; });
      if (inner) { inner.removeEventListener(name, f); }
    };
    this.close = function () { document.removeEventListener('visibilitychange', listen); rest(); self.readyState = EventSource.CLOSED; };
    document.addEventListener('visibilitychange', listen);
    listen();
  }

  var why = 'select[name=reason], select[name^="override."]';

  // A message names the kinds of what changed, * for anything. A part is asked for where it shows such a thing. What
  // changes while a part is on its way is not in it, and nobody listens while it is put in: it is asked for once more.
  var news = {}, asked = {};
  function hear(e) { e.data.split(' ').forEach(function (kind) { news[kind] = (news[kind] || 0) + 1; }); }
  function newsOf(part) {
    var kinds = part.dataset.of ? part.dataset.of.split(' ').concat('*') : Object.keys(news);
    return kinds.reduce(function (sum, kind) { return sum + (news[kind] || 0); }, 0);
  }
  function isPart(e) { return e && e.classList && e.classList.contains('live'); }
  function behind(part) {
    if (isPart(part) && newsOf(part) > (asked[part.id] || 0)) { htmx.trigger(part, 'sse:changed'); }
  }
  function again(part) {
    asked[part.id] = -1;
    htmx.trigger(part, 'sse:changed');
  }
  document.body.addEventListener('htmx:beforeRequest', function (e) {
    var part = e.detail.elt;
    if (!isPart(part)) { return; }
    if (newsOf(part) === (asked[part.id] || 0)) {
      e.preventDefault();
    } else { asked[part.id] = newsOf(part); }
  });
  document.body.addEventListener('htmx:afterSettle', function (e) { behind(e.target); });

  // What somebody fills in stays: a part waits while the focus is in one of its fields or a dialog is open, and says
  // that it has changed. Forms that were begun and what is unfolded in it are carried over into the new one; where the
  // new one has no such form any more, or the form shows what changes, it waits until somebody wants to see it. The
  // focus goes to the same control of the new one, else to what took its place. What the new one says otherwise is
  // told to who does not see it.
  var waits = {}, wanted = {}, kept = {}, said = {}, changed = document.getElementById('changed');
  var controls = 'a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  function controlsOf(part) { return Array.prototype.slice.call(part.querySelectorAll(controls)); }
  function sameness(e) { return [e.tagName, e.id, e.name, e.value, e.getAttribute('href'), e.textContent.trim()].join('|'); }
  function focusOf(part) {
    var at = document.activeElement;
    return part.contains(at) ? { on: at, same: sameness(at), nth: controlsOf(part).indexOf(at) } : null;
  }
  function refocus(part, was) {
    if (!was || part.contains(document.activeElement)) { return; }
    var all = controlsOf(part);
    var to = part.contains(was.on) ? was.on : all.filter(function (c) { return sameness(c) === was.same; })[0] || all[Math.min(was.nth, all.length - 1)];
    if (!to) { part.tabIndex = -1; to = part; }
    to.focus({ preventScroll: true });
  }
  function busy(part) {
    var at = document.activeElement;
    return part.contains(at) && at.matches('input, select, textarea') || document.querySelector('dialog[open]') !== null;
  }
  function begun(field) {
    switch (field.type) {
      case 'hidden': case 'submit': case 'button': return false;
      case 'checkbox': case 'radio': return field.checked !== field.defaultChecked;
      case 'file': return field.files.length > 0;
      case 'select-one':
        var first = Array.prototype.findIndex.call(field.options, function (o) { return o.defaultSelected; });
        return field.selectedIndex !== Math.max(first, 0);
    }
    return field.value !== undefined && field.value !== field.defaultValue;
  }
  function formsOf(part) { return Array.prototype.slice.call(part.querySelectorAll('form')); }
  function inUse(form) { return form.hasAttribute('data-refused') || Array.prototype.some.call(form.elements, begun); }
  function sameForm(form, list) {
    var action = form.getAttribute('action'), id = form.closest('[id]').id;
    return list.filter(function (f) { return f.getAttribute('action') === action && f.closest('[id]').id === id; })[0];
  }
  // held are the forms of a part that were begun and that the new one cannot take over.
  function held(part, html) {
    var next = formsOf(new DOMParser().parseFromString(html, 'text/html'));
    return formsOf(part).some(function (f) { return inUse(f) && (f.hasAttribute('data-shows') || !sameForm(f, next)); });
  }
  function wait(part) {
    waits[part.id] = true;
    if (changed.hidden) {
      changed.hidden = false;
      document.getElementById('say-changed').textContent = document.getElementById('changed-words').textContent;
    }
  }
  function letGo(part) {
    delete waits[part.id];
    delete wanted[part.id];
    changed.hidden = Object.keys(waits).length === 0;
  }
  // Fields of a form that shows what changes keep what was chosen in them, as far as they are still there.
  function refill(part, fields) {
    fields.forEach(function (old) {
      var now = old.id && document.getElementById(old.id);
      if (!now || !part.contains(now)) { return; }
      now.checked = old.checked;
      now.value = old.value;
    });
  }
  function scrolled(part) {
    return Array.prototype.map.call(part.querySelectorAll('.scroll, .choice'), function (e) { return [e.scrollLeft, e.scrollTop]; });
  }
  function sayings(part) {
    var list = {};
    part.querySelectorAll('[data-say]').forEach(function (e) {
      list[e.dataset.say + ' ' + e.dataset.of] = e.dataset.of + ': ' + e.innerText.replace(/\s+/g, ' ').trim();
    });
    return list;
  }
  function tell(part) {
    var now = sayings(part), before = said[part.id], words = {};
    said[part.id] = now;
    Object.keys(now).forEach(function (key) {
      var how = key.split(' ')[0];
      if (now[key] !== before[key]) { words[how] = (words[how] ? words[how] + ' ' : '') + now[key]; }
    });
    Object.keys(words).forEach(function (how) { document.getElementById('say-' + how).textContent = words[how]; });
  }
  document.querySelectorAll('.live').forEach(function (part) { said[part.id] = sayings(part); });
  document.body.addEventListener('htmx:beforeSwap', function (e) {
    var part = e.detail.target;
    if (!isPart(part)) { return; }
    if (e.detail.xhr.status !== 200) { return; }
    if (busy(part) || !wanted[part.id] && held(part, e.detail.serverResponse)) {
      e.detail.shouldSwap = false;
      wait(part);
      return;
    }
    var forms = formsOf(part).filter(inUse), shows = forms.filter(function (f) { return f.hasAttribute('data-shows'); });
    kept[part.id] = {
      open: part.querySelectorAll('details[id][open]'), focus: focusOf(part), at: [window.scrollX, window.scrollY], scrolled: scrolled(part),
      forms: forms.filter(function (f) { return shows.indexOf(f) < 0; }),
      fields: shows.reduce(function (list, f) { return list.concat(Array.prototype.filter.call(f.elements, begun)); }, [])
    };
  });
  document.body.addEventListener('htmx:afterSwap', function (e) {
    var part = e.target, had = isPart(part) && kept[part.id];
    if (!had) { return; }
    delete kept[part.id];
    had.open.forEach(function (old) {
      var now = document.getElementById(old.id);
      if (now && part.contains(now)) { now.replaceWith(old); }
    });
    had.forms.forEach(function (old) {
      var now = !part.contains(old) && sameForm(old, formsOf(part));
      if (now) { now.replaceWith(old); }
    });
    refill(part, had.fields);
    part.querySelectorAll('.scroll, .choice').forEach(function (e, i) {
      if (had.scrolled[i]) { e.scrollLeft = had.scrolled[i][0]; e.scrollTop = had.scrolled[i][1]; }
    });
    window.scrollTo(had.at[0], had.at[1]);
    refocus(part, had.focus);
    letGo(part);
    tell(part);
  });
  function waiting(then) {
    setTimeout(function () {
      Object.keys(waits).forEach(function (id) {
        var part = document.getElementById(id);
        if (part && !busy(part)) { then(part); }
      });
    }, 0);
  }
  document.body.addEventListener('focusout', function () { waiting(again); });
  document.addEventListener('close', function () { waiting(again); }, true);
  document.getElementById('show-changed').addEventListener('click', function () {
    waiting(function (part) { wanted[part.id] = true; again(part); });
  });
  document.body.addEventListener('htmx:afterRequest', function (e) {
    if (isPart(e.detail.elt) && e.detail.xhr && e.detail.xhr.status === 204) {
      var part = document.getElementById(e.detail.elt.id);
      letGo(part);
      behind(part);
    }
  });
  if (window.htmx) { htmx.createEventSource = function (url) { return new Stream(url); }; }
  document.body.addEventListener('htmx:sseError', function () { lost.hidden = false; });
  document.body.addEventListener('htmx:sseOpen', function () {
    document.body.dataset.stream = 'open';
    lost.hidden = true;
  });
  document.body.addEventListener('htmx:sseMessage', function (e) { document.body.dataset.event = e.detail.lastEventId; });

  // A reason that its note alone tells is not sent without the note. The page says so without this script, too.
  document.addEventListener('change', function (e) {
    var form = e.target.form, note = form && form.querySelector('[data-note]');
    if (!note || !e.target.matches(why)) { return; }
    note.required = Array.prototype.some.call(form.querySelectorAll(why), function (s) { return s.value === 'other'; });
  });

  // An address that names what is folded up unfolds it.
  var named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && named.tagName === 'DETAILS') { named.open = true; }

  // A list that is printed has a button for it; without this script the menu of the browser prints.
  document.querySelectorAll('[data-print]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () { window.print(); });
  });

  // A menu that would push the page down on a small screen is closed.
  var menu = document.getElementById('menu');
  if (menu && window.matchMedia('(max-width: 60rem)').matches) { menu.open = false; }

  // The lock: the page stays behind it as it is.
  var lock = document.getElementById('lock'), unlock = document.getElementById('unlock');
  var wrong = document.getElementById('unlock-wrong'), password = document.getElementById('unlock-password');
  function close() {
    if (lock && !lock.open) { lock.showModal(); password.focus(); }
  }
  if (lock) {
    lock.addEventListener('cancel', function (e) { e.preventDefault(); });
    unlock.addEventListener('submit', function (e) {
      e.preventDefault();
      var body = new URLSearchParams();
      body.set('password', password.value);
      fetch('/kunci/buka', { method: 'POST', headers: { 'X-Blanko': 'page' }, body: body }).then(function (r) {
        password.value = '';
        wrong.hidden = r.ok;
        if (r.ok) { lock.close(); touched = Date.now(); } else { password.focus(); }
        if (r.redirected) { location.reload(); }
      }, function () { lost.hidden = false; });
    });
    var form = document.getElementById('lock-form');
    if (form) {
      form.addEventListener('submit', function (e) {
        e.preventDefault();
        fetch('/kunci', { method: 'POST', headers: { 'X-Blanko': 'page' } }).then(close, close);
      });
    }
  }
  // Whether the person is still signed in. Where not, the page says so and keeps what was typed: it goes on once
  // the person has signed in again in another tab.
  function standing(status) {
    if (status === 423) { close(); }
    over.hidden = status !== 401;
  }
  function present() {
    fetch('/hadir', { method: 'POST', headers: { 'X-Blanko': 'page' } }).then(function (r) { standing(r.status); }, function () { lost.hidden = false; });
  }
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { present(); } });
  document.addEventListener('submit', function (e) { if (!over.hidden) { e.preventDefault(); over.scrollIntoView(); present(); } });
  document.body.addEventListener('htmx:responseError', function (e) {
    if (e.detail.xhr.status === 423 || e.detail.xhr.status === 401) { standing(e.detail.xhr.status); }
  });
  document.body.addEventListener('htmx:sendError', function () { lost.hidden = false; });

  // Whoever types is there, though nothing is sent.
  var idle = Number(document.body.dataset.idle), touched = Date.now(), told = Date.now(), step = 60000;
  function touch() { touched = Date.now(); }
  ['keydown', 'pointerdown', 'wheel'].forEach(function (name) { document.addEventListener(name, touch, { passive: true }); });
  window.setInterval(function () {
    if (!lock || lock.open) { return; }
    if (touched > told) {
      told = Date.now();
      present();
    } else if (Date.now() - touched > idle) { present(); }
  }, Math.min(step, Math.max(idle / 4, 1000)));

  // Keys that nobody types into a field. A scanner writes fast and ends with Enter: what it reads goes to the field
  // of the page that takes scans, else to the search field. A single key is an answer only after a pause.
  var pause = 150, patience = 500, burst = '', timer = 0, editable = 'input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea, select';
  function typing(e) { return !!e && e.matches(editable); }
  function answer(key) {
    var button = document.querySelector('button[data-key="' + key.toLowerCase() + '"]');
    if (button && !button.disabled) { button.click(); }
  }
  function settle() {
    var keys = burst;
    burst = '';
    if (keys.length === 1) { answer(keys); }
  }
  function scanned(text) {
    var to = document.querySelector('[data-scanned]') || document.getElementById('q');
    if (to.tagName === 'TEXTAREA') {
      to.value += (to.value && to.value.slice(-1) !== '\n' ? '\n' : '') + text + '\n';
      to.focus();
      return;
    }
    to.value = text;
    if (to.id === 'q' && window.blankoUnsent && window.blankoUnsent.stays()) { return; }
    to.form.requestSubmit();
  }
  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || document.querySelector('dialog[open]') || typing(e.target)) { return; }
    if (e.key === 'Enter' && burst.length > 1) {
      var text = burst;
      e.preventDefault();
      clearTimeout(timer);
      burst = '';
      scanned(text);
      return;
    }
    if (e.key === '/' && burst === '') {
      e.preventDefault();
      document.getElementById('q').focus();
      return;
    }
    if (e.key.length !== 1 || e.key === ' ' || e.repeat) { return; }
    e.preventDefault();
    burst += e.key;
    clearTimeout(timer);
    timer = setTimeout(settle, burst.length > 1 ? patience : pause);
  });
  // What was refused stands in the field of scans: the next scan takes its place.
  var scans = document.querySelector('input[data-scanned]');
  if (scans && scans.value) {
    scans.focus();
    scans.select();
  }
})();
