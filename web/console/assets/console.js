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
      inner.addEventListener('changed', function () { news++; });
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

  // What changes while a part is on its way is not in it, and nobody listens while it is put in: it is asked for
  // once more.
  var news = 0, asked = {};
  function isPart(e) { return e && e.classList && e.classList.contains('live'); }
  function behind(part) {
    if (isPart(part) && news > asked[part.id]) { htmx.trigger(part, 'sse:changed'); }
  }
  document.body.addEventListener('htmx:beforeRequest', function (e) {
    var part = e.detail.elt;
    if (!isPart(part)) { return; }
    if (busy(part)) {
      e.preventDefault();
    } else { asked[part.id] = news; }
  });
  document.body.addEventListener('htmx:afterSettle', function (e) { behind(e.target); });

  // What somebody fills in stays: a part waits while the focus is in one of its fields, and what is unfolded in it
  // is carried over into the new one. The focus goes to the same control of the new one, else to what took its
  // place. What the new one says otherwise is told to who does not see it.
  var waits = {}, kept = {}, said = {};
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
    waits[part.id] = part.contains(at) && at.matches('input, select, textarea');
    return waits[part.id];
  }
  function sayings(part) {
    var list = {};
    part.querySelectorAll('[data-say]').forEach(function (e) {
      list[e.dataset.say + ' ' + e.dataset.of] = e.dataset.of + ': ' + e.textContent.replace(/\s+/g, ' ').trim();
    });
    return list;
  }
  function tell(part) {
    var now = sayings(part), before = said[part.id];
    said[part.id] = now;
    Object.keys(now).forEach(function (key) {
      if (now[key] !== before[key]) { document.getElementById('say-' + key.split(' ')[0]).textContent = now[key]; }
    });
  }
  document.querySelectorAll('.live').forEach(function (part) { said[part.id] = sayings(part); });
  document.body.addEventListener('htmx:beforeSwap', function (e) {
    var part = e.detail.target;
    if (!isPart(part)) { return; }
    if (busy(part)) {
      e.detail.shouldSwap = false;
      return;
    }
    kept[part.id] = { open: part.querySelectorAll('details[id][open]'), focus: focusOf(part) };
  });
  document.body.addEventListener('htmx:afterSwap', function (e) {
    var part = e.target, had = isPart(part) && kept[part.id];
    if (!had) { return; }
    delete kept[part.id];
    had.open.forEach(function (old) {
      var now = document.getElementById(old.id);
      if (now && part.contains(now)) { now.replaceWith(old); }
    });
    refocus(part, had.focus);
    tell(part);
  });
  document.body.addEventListener('focusout', function () {
    setTimeout(function () {
      Object.keys(waits).forEach(function (id) {
        var part = document.getElementById(id);
        if (waits[id] && part && !busy(part)) { htmx.trigger(part, 'sse:changed'); }
      });
    }, 0);
  });
  document.body.addEventListener('htmx:afterRequest', function (e) {
    if (isPart(e.detail.elt) && e.detail.xhr && e.detail.xhr.status === 204) { behind(document.getElementById(e.detail.elt.id)); }
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
