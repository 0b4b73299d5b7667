// The desk of this computer, on the pages that use its devices: which of them are there, and how a page asks them. What
// a page does with them is in the scripts behind this one. A desk is looked for where one was found before, or when
// somebody asks; from then on again and again while the page is seen, and after every act that failed.
(function () {
  'use strict';
  var box = document.getElementById('desk');
  if (!box) { return; }
  var words = JSON.parse(box.dataset.words), english = document.documentElement.lang === 'en', found = 'blanko-desk';

  function of(text) { return english ? text.en : text.id; }
  // day is a date (yyyy-mm-dd) as the pages write it.
  function day(text) {
    var m = /^(\d{4})-(\d{2})-(\d{2})/.exec(text || '');
    if (!m) { return text || '–'; }
    return english ? Number(m[3]) + ' ' + 'JanFebMarAprMayJunJulAugSepOctNovDec'.substr(3 * (m[2] - 1), 3) + ' ' + m[1] : m[3] + '-' + m[2] + '-' + m[1];
  }
  function make(tag, text, kind) {
    var e = document.createElement(tag);
    if (text) { e.textContent = text; }
    if (kind) { e.className = kind; }
    return e;
  }
  function show(where, nodes) {
    where.replaceChildren.apply(where, nodes);
    where.hidden = nodes.length === 0;
  }
  // ask sends a wish to the desk; an error is what the desk says of it.
  function ask(path, body) {
    var how = body ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {};
    how.credentials = 'omit';
    function gone() { throw { code: 'desk.away', id: words.away, en: words.away, stepsId: [words.start], stepsEn: [words.start] }; }
    return fetch(box.dataset.desk + path, how).then(function (r) {
      return r.json().then(function (said) { if (!r.ok) { throw said; } return said; }, gone); // it may end in the middle of an answer
    }, gone);
  }
  // act has the desk do one thing, by a ticket of the station for this page.
  function act(path, what, body, chip, confirmed) {
    return (box.dataset.paired ? Promise.resolve() : look()).then(function () {
      var form = new URLSearchParams();
      form.set('act', what);
      form.set('desk', box.dataset.paired);
      if (chip) { form.set('chip', chip); }
      if (confirmed) { form.set('confirmed', 'yes'); }
      return fetch('/meja/tiket', { method: 'POST', headers: { 'X-Blanko': 'page', Accept: 'application/json' }, body: form });
    }).then(function (r) {
      return r.json().then(function (p) {
        if (!r.ok) { throw { code: p.code, id: p.text.id, en: p.text.en, stepsId: p.steps.id, stepsEn: p.steps.en }; }
        body.ticket = p.ticket;
        return ask(path, body);
      });
    }).catch(function (said) {
      if (said && said.code === 'desk.away') { away(said); } else { seek(); }
      throw said;
    });
  }
  // address is where the page finds bytes that it was given in base 64.
  function address(base64, mime) {
    var raw = atob(base64), list = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) { list[i] = raw.charCodeAt(i); }
    return URL.createObjectURL(new Blob([list], { type: mime }));
  }
  function problem(said) {
    if (!said.code) { said = { code: 'desk.page', id: words.failed, en: words.failed, stepsId: [words.again], stepsEn: [words.again] }; }
    var list = make('ol', '', 'steps'), note = make('div', '', 'note bad');
    (english ? said.stepsEn : said.stepsId).forEach(function (s) { list.appendChild(make('li', s)); });
    note.setAttribute('role', 'alert');
    note.append(make('h3', of(said)), list, make('p', said.code, 'soft'));
    return note;
  }
  var devices = document.getElementById('desk-devices'), without = document.getElementById('desk-without'), every = 5000, next = 0, told = '', leaving = false;
  ['pagehide', 'pageshow'].forEach(function (n) { window.addEventListener(n, function () { leaving = n === 'pagehide'; }); });
  // listRow is a list that cards are checked by, and its age.
  function listRow(l) {
    var row = make('li', '', l.day && !l.old ? 'there' : 'missing'), said = [];
    row.dataset.kind = l.kind;
    if (l.day) {
      if (l.number) { said.push(words.number + ' ' + l.number); }
      said.push(words.dated + ' ' + day(l.day), words.age + ' ' + l.days);
      if (l.old) { said.push(words.old); }
    } else { said.push(words.nolist); }
    row.append(make('strong', words.lists[l.kind] || l.kind), ' ' + said.join(' · '));
    return row;
  }
  // deviceRow is a device, or what to do where it is missing.
  function deviceRow(d) {
    var row = make('li', '', d.present ? 'there' : 'missing'), what = words.devices[d.kind];
    row.dataset.kind = d.kind;
    if (d.present) {
      row.append(make('strong', what), ' ' + words.there + ' ' + [d.name, d.serial].filter(Boolean).join(' '));
      if (d.kind === 'sam') { row.append(' · ' + words.uses + ' ' + (d.uses || 0) + ' · ' + words.until + ' ' + day(d.until)); }
    } else {
      row.append(make('strong', what), ' ' + words.missing + ' ' + (english ? d.missing.stepsEn : d.missing.stepsId).join(' '));
    }
    return row;
  }
  function look() {
    return ask('/v1/desk').then(function (s) {
      localStorage.setItem(found, 'yes');
      without.hidden = true;
      box.dataset.paired = s.desk;
      var tells = JSON.stringify(s);
      if (tells === told) { return s; } // what did not change is not read out again
      told = tells;
      show(devices, s.devices.map(deviceRow).concat((s.lists || []).map(listRow)));
      document.querySelectorAll('[data-needs-desk]').forEach(function (e) { e.hidden = false; });
      box.dispatchEvent(new CustomEvent('desk', { detail: s }));
      return s;
    });
  }
  function away(said) {
    if (leaving) { return; } // the look was cut off with the page
    localStorage.removeItem(found);
    without.hidden = false;
    delete box.dataset.paired;
    if (told === 'away') { return; }
    told = 'away';
    var row = make('li');
    row.append(problem(said));
    show(devices, [row]);
  }
  window.blankoDesk = { box: box, words: words, act: act, look: look, problem: problem, address: address, of: of, make: make, show: show };
  // seek looks now and then again: one look at a time, none while nobody sees the page.
  function seek() {
    window.clearTimeout(next);
    return look().catch(away).then(function () {
      window.clearTimeout(next);
      next = document.hidden ? 0 : window.setTimeout(seek, every);
    });
  }
  document.getElementById('desk-find').addEventListener('click', function () { told = ''; seek(); });
  document.addEventListener('visibilitychange', function () { if (!document.hidden && told) { seek(); } });
  // The scripts behind this one listen by then.
  document.addEventListener('DOMContentLoaded', function () { if (localStorage.getItem(found)) { seek(); } });
})();
