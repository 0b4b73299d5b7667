// Pages that hold what was taken or typed until all of it is sent: the browser asks before one is left, and what a
// scanner reads beside the fields leads nowhere.
(function () {
  'use strict';
  var note = document.getElementById('unsent'), main = document.getElementById('main');
  if (!note) { return; }
  var holds = note.hasAttribute('data-holds');
  function hold() { holds = true; }
  function letGo() { holds = false; }
  ['input', 'change'].forEach(function (name) { main.addEventListener(name, hold); });
  document.addEventListener('submit', function (e) { if (main.contains(e.target) && !e.defaultPrevented) { letGo(); } });
  window.addEventListener('beforeunload', function (e) { if (holds) { e.preventDefault(); } });
  // stays says that a scan led nowhere, where something would be lost by it.
  function stays() {
    note.hidden = !holds;
    return holds;
  }
  window.blankoUnsent = { hold: hold, letGo: letGo, stays: stays };
})();
