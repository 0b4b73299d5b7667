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

  // What changes while a part is on its way is not in it, and nobody listens while it is put in: it is asked for
  // once more.
  var news = 0, asked = {};
  function isPart(e) { return e && e.classList && e.classList.contains('live'); }
  function behind(part) {
    if (isPart(part) && news > asked[part.id]) { htmx.trigger(part, 'sse:changed'); }
  }
  document.body.addEventListener('htmx:beforeRequest', function (e) { if (isPart(e.detail.elt)) { asked[e.detail.elt.id] = news; } });
  document.body.addEventListener('htmx:afterSettle', function (e) { behind(e.target); });
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

  // One key for one answer, where a page offers it, unless somebody is typing.
  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || (lock && lock.open)) { return; }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) { return; }
    var key = e.key.toLowerCase();
    if (key === '/') {
      e.preventDefault();
      document.getElementById('q').focus();
      return;
    }
    if (!/^[a-z0-9]$/.test(key)) { return; }
    var button = document.querySelector('button[data-key="' + key + '"]');
    if (button && !button.disabled) { e.preventDefault(); button.click(); }
  });
})();
