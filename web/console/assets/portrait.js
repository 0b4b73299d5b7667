// How good a portrait is, 1 to 100, and what is wrong with it: light, contrast and detail of the part in which the guide
// holds the face. The station measures the same (web.PortraitQuality) and keeps the lower quality.
(function () {
  'use strict';
  var part = document.getElementById('part-portrait');
  if (!part) { return; }
  var measures = JSON.parse(part.dataset.measures), poor = Number(part.dataset.poor), across = 80, down = 120;

  function pointsOf(canvas) {
    var left = Math.floor(canvas.width / 3), top = Math.floor(canvas.height / 4), wide = canvas.width - 2 * left, high = Math.floor(canvas.height * 5 / 8) - top;
    var d = canvas.getContext('2d').getImageData(left, top, wide, high).data, points = [];
    function luma(x0, y0, x1, y1) {
      var sum = 0;
      for (var y = y0; y < y1; y++) {
        for (var x = x0; x < x1; x++) {
          var i = 4 * (y * wide + x);
          sum += 0.299 * d[i] + 0.587 * d[i + 1] + 0.114 * d[i + 2];
        }
      }
      return sum / ((x1 - x0) * (y1 - y0));
    }
    function edge(n, of, length) { return Math.floor(length * n / of); }
    for (var j = 0; j < down; j++) {
      for (var i = 0; i < across; i++) {
        points.push(luma(edge(i, across, wide), edge(j, down, high), edge(i + 1, across, wide), edge(j + 1, down, high)));
      }
    }
    return points;
  }
  function measured(points) {
    var sum = 0, square = 0, edge = 0;
    points.forEach(function (p, at) {
      var x = at % across, y = Math.floor(at / across);
      sum += p;
      square += p * p;
      if (x > 0 && x < across - 1 && y > 0 && y < down - 1) {
        var e = 4 * p - points[at - 1] - points[at + 1] - points[at - across] - points[at + across];
        edge += e * e;
      }
    });
    var mean = sum / points.length;
    return { light: mean, contrast: Math.sqrt(Math.max(0, square / points.length - mean * mean)), detail: Math.sqrt(edge / ((across - 2) * (down - 2))) };
  }
  function judge(canvas) {
    var found = measured(pointsOf(canvas)), quality = 100, hints = [];
    measures.forEach(function (m) {
      var q = poor + (100 - poor) * (found[m.of] - m.least) / (m.best - m.least);
      if (q < poor) { hints.push(m.hint); }
      quality = Math.min(quality, q);
    });
    return { quality: Math.max(1, Math.floor(quality)), hints: hints };
  }
  window.blankoPortrait = { poor: poor, judge: judge };
})();
