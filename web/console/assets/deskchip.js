// The chip on the reader of the desk, as it tells of itself; the page that needs it takes its number.
(function () {
  'use strict';
  var desk = window.blankoDesk, examine = document.getElementById('desk-examine'), chip = document.getElementById('desk-chip');
  if (!desk || !examine) { return; }
  var act = desk.act, problem = desk.problem, of = desk.of, make = desk.make, show = desk.show, words = desk.words;
  examine.addEventListener('click', function () {
    examine.disabled = true;
    show(chip, [make('p', words.reading)]);
    act('/v1/examine', 'examine', {}, examine.dataset.card).then(function (said) {
      var note = make('div', '', 'note');
      note.setAttribute('role', 'status');
      note.id = 'desk-examined';
      note.dataset.state = said.state;
      note.append(make('p', (said.chip || '–') + ': ' + (words.states[said.state] || words.missing), 'verdict'), make('p', of(said.finding)), make('p', words.examined + ' ' + said.number));
      show(chip, [note]);
      document.querySelectorAll('input[name=item]').forEach(function (i) { if (said.chip) { i.value = said.chip; } });
    }).catch(function (said) { show(chip, [problem(said)]); }).then(function () { examine.disabled = false; });
  });
})();
