// What pages do in the browser beside htmx: say that the stream was lost, lock a page that is left
// alone without losing it, and lead keys to buttons. Everything else works without it.
(function () {
  'use strict';
  var lost = document.getElementById('stream-lost');
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
  document.body.addEventListener('htmx:responseError', function (e) {
    if (e.detail.xhr.status === 423) { close(); }
    if (e.detail.xhr.status === 401) { location.reload(); }
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
      fetch('/hadir', { method: 'POST', headers: { 'X-Blanko': 'page' } }).then(function (r) {
        if (r.status === 423) { close(); }
        if (r.status === 401) { location.reload(); }
      }, function () {});
    } else if (Date.now() - touched > idle) {
      fetch('/hadir', { method: 'POST', headers: { 'X-Blanko': 'page' } }).then(function (r) { if (r.status === 423) { close(); } }, function () {});
    }
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
