// The card on the reader of the desk, and the finger of its holder.
(function () {
  'use strict';
  var desk = window.blankoDesk, read = document.getElementById('desk-read');
  if (!desk || !read) { return; }
  var act = desk.act, problem = desk.problem, address = desk.address, of = desk.of, make = desk.make, show = desk.show, words = desk.words, box = desk.box;
  var card = document.getElementById('desk-card'), tries = document.getElementById('desk-try');
  function busy(on) { box.setAttribute('aria-busy', on ? 'true' : 'false'); box.querySelectorAll('button').forEach(function (b) { b.disabled = on; }); }
  function fail(where) { return function (said) { show(where, [problem(said)]); }; }
  function outcome(said) {
    var kind = { matched: 'good', no_match: 'warn' }[said.result] || 'bad', note = make('div', '', 'note ' + kind);
    note.setAttribute('role', 'status');
    note.id = 'desk-result';
    note.dataset.result = said.result;
    note.append(make('p', words.results[said.result] || said.result, 'verdict'));
    if (said.result === 'matched') { note.append(make('p', words.next)); } else { note.append(make('p', words.left + ' ' + said.left)); }
    said.hints.forEach(function (h) { note.append(make('p', of(h))); });
    return note;
  }
  function attempt(c, finger) {
    busy(true);
    show(tries, [make('p', words.finger)]);
    var confirms = document.getElementById('desk-confirm');
    act('/v1/match', 'match', { reading: c.reading, finger: finger }, c.chip, confirms && confirms.checked).then(function (said) { show(tries, [outcome(said)]); }).catch(fail(tries)).then(function () { busy(false); });
  }
  function present(c) {
    busy(true);
    show(tries, [make('p', words.reading)]);
    act('/v1/show', 'show', { reading: c.reading }, c.chip).then(function () {
      var note = make('div', '', 'note good');
      note.setAttribute('role', 'status');
      note.id = 'desk-shown';
      note.append(make('p', words.shown));
      show(tries, [note]);
    }).catch(fail(tries)).then(function () { busy(false); });
  }
  function fact(name, value) {
    var e = make('div');
    e.append(make('dt', name), value);
    return e;
  }
  // portrait is the picture that the chip has, for the eyes of who sits before its holder.
  function portrait(png) {
    var frame = make('figure', '', 'portrait'), img = make('img');
    img.id = 'desk-portrait';
    img.alt = words.portrait;
    img.src = address(png, 'image/png');
    img.addEventListener('load', function () { URL.revokeObjectURL(img.src); });
    frame.append(img, make('figcaption', words.portrait));
    return frame;
  }
  // confirmation is the word of a holder whose card a proxy took; it goes with the next try.
  function confirmation() {
    var row = make('p', '', 'check'), tick = make('input'), label = make('label', words.confirm);
    tick.type = 'checkbox';
    tick.id = label.htmlFor = 'desk-confirm';
    row.append(tick, label);
    return row;
  }
  function lay(c) {
    var rows = make('dl', '', 'facts'), nodes = [make('p', of(c.verdict), 'verdict'), make('p', of(c.cause))];
    if (c.portrait) { nodes.push(portrait(c.portrait)); }
    if (c.unshown) { nodes.push(problem(c.unshown)); }
    nodes.push(rows);
    [['chip', c.chip], ['name', c.name], ['born', c.birthDate], ['address', c.address], ['valid', c.validity], ['station', words.signature[c.station]], ['center', words.signature[c.center]]].forEach(function (r) {
      if (r[1]) { rows.append(fact(words[r[0]], make('dd', r[1]))); }
    });
    document.querySelectorAll('input[name=chip]').forEach(function (i) { i.value = c.chip; });
    if (c.reading && box.dataset.verify === 'yes') {
      c.fingers.forEach(function (f) {
        var b = make('button', words.compare + ' ' + words.fingers[f]);
        b.type = 'button';
        b.id = 'finger-' + f;
        b.addEventListener('click', function () { attempt(c, f); });
        nodes.push(b, ' ');
      });
    }
    if (c.reading && box.dataset.show === 'yes') {
      var shows = make('button', words.show);
      shows.type = 'button';
      shows.id = 'desk-show';
      shows.addEventListener('click', function () { present(c); });
      nodes.push(shows);
    }
    show(card, nodes);
    return fetch('/kecamatan/kartu?chip=' + encodeURIComponent(c.chip), { headers: { Accept: 'application/json' } }).then(function (r) { return r.ok ? r.json() : {}; }).then(function (known) {
      if (!known.application) { return; }
      document.querySelectorAll('input[name=application]').forEach(function (i) { i.value = known.application; });
      var link = make('a', known.application);
      link.href = '/permohonan/' + encodeURIComponent(known.application);
      var dd = make('dd');
      dd.append(link, ' · ' + known.state);
      rows.append(fact(words.application, dd));
      card.dataset.application = known.application;
      if (known.confirm && box.dataset.verify === 'yes') { rows.after(confirmation()); }
    });
  }
  read.addEventListener('click', function () {
    busy(true);
    show(tries, []);
    show(card, [make('p', words.reading)]);
    delete card.dataset.application;
    act('/v1/card', 'card', {}).then(lay).catch(fail(card)).then(function () { busy(false); });
  });
})();
