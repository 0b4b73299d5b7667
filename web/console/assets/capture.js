// The capture of one resident: photo by the camera of the browser, signature on a pad, fingers and irises by
// the desk of this computer or from files. What is taken stays in the page until all of it is there.
(function () {
  'use strict';
  var box = document.getElementById('capture'), desk = window.blankoDesk, portrait = window.blankoPortrait, unsent = window.blankoUnsent, camera = window.blankoCamera;
  if (!box || !desk) { return; }
  document.getElementById('capture-waits').hidden = true;
  var words = JSON.parse(box.dataset.words), problem = document.getElementById('capture-problem'), taken = {}, tries = {};
  var parts = Array.prototype.slice.call(box.querySelectorAll('[data-part]'));

  function bytes(dataURL) { return dataURL.slice(dataURL.indexOf(',') + 1); }
  function rowOf(part) { return box.querySelector('[data-part="' + part + '"]'); }
  function said(row, kind, texts, picture) {
    var out = row.querySelector('.taken');
    out.replaceChildren();
    row.dataset.taken = kind;
    if (picture) {
      var img = document.createElement('img');
      img.alt = '';
      img.width = 64;
      img.src = picture;
      out.append(img, ' ');
    }
    texts.forEach(function (t) { out.append(desk.make('span', t + ' ')); });
  }
  function keep(part, what, hints) {
    tries[part] = (tries[part] || 0) + 1;
    what.part = part;
    what.tries = tries[part];
    taken[part] = what;
    unsent.hold();
    problem.hidden = true;
    var good = what.good !== false;
    delete what.good;
    said(rowOf(part), good ? 'good' : 'poor', [good ? words.taken : words.poor, what.quality ? what.quality + ' / 100' : words.unmeasured, '(' + (words['source_' + what.source] || what.source) + ')', words.tries + ' ' + what.tries].concat(hints), desk.address(what.picture, 'image/png'));
    count();
  }
  function count() {
    var open = parts.filter(function (p) { return !taken[p.dataset.part]; }), send = document.getElementById('capture-send'), verify = document.getElementById('capture-verify');
    var left = document.getElementById('capture-open');
    if (left) { left.textContent = open.length ? words.pending + ' ' + open.length : words.ready; }
    if (send) { send.disabled = open.length > 0; }
    if (verify) { verify.disabled = open.length > 0; }
  }
  function fail(e) { desk.show(problem, [desk.problem(e && typeof e.code === 'string' ? e : { code: 'capture.page', id: words.failed, en: words.failed, stepsId: [words.again], stepsEn: [words.again] })]); problem.scrollIntoView(); }
  function send(step, body) {
    problem.hidden = true;
    return fetch(box.dataset.at + '/' + step, {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'web-' + crypto.randomUUID() }, body: JSON.stringify(body)
    }).then(function (r) {
      return r.json().then(function (p) {
        if (r.ok) { unsent.letGo(); location.reload(); return; }
        function why(reason) { return (p.errors || []).map(function (e) { return e.field + ': ' + (e[reason] || e.reason); }); }
        throw { code: p.code, id: p.text.id, en: p.text.en, stepsId: why('reason_id').concat(p.steps.id), stepsEn: why('reason').concat(p.steps.en) };
      });
    }).catch(fail);
  }

  // A photo that is poor leaves the camera to be seen, for the next try. The background is measured by the station.
  function photo(source, device, enlarged) {
    var canvas = document.getElementById('photo'), found = portrait.judge(canvas), hints = found.hints.concat(enlarged ? ['small'] : []), good = hints.length === 0;
    var p = { source: source, quality: enlarged ? Math.min(found.quality, portrait.poor - 1) : found.quality, picture: bytes(canvas.toDataURL('image/png')), good: good };
    if (device) { p.device = device; }
    canvas.hidden = source === 'device' && !good;
    keep('portrait', p, hints.map(function (h) { return words[h]; }));
  }
  // A file that is no picture takes nothing away of what was taken before.
  function decoded(input) {
    return createImageBitmap(input.files[0]).catch(function () {
      input.value = '';
      throw { code: 'capture.picture', id: words.picture, en: words.picture, stepsId: [words.choose], stepsEn: [words.choose] };
    });
  }
  function pictureOf(input, canvas, fit, then) {
    decoded(input).then(function (b) {
      problem.hidden = true;
      var c = canvas.getContext('2d'), scale = fit(canvas.width / b.width, canvas.height / b.height);
      c.fillStyle = '#fff';
      c.fillRect(0, 0, canvas.width, canvas.height);
      c.drawImage(b, (canvas.width - b.width * scale) / 2, (canvas.height - b.height * scale) / 2, b.width * scale, b.height * scale);
      then(scale > 1);
    }).catch(fail);
  }
  var on = document.getElementById('camera-on');
  if (on) {
    var canvas = document.getElementById('photo'), live = document.createElement('canvas'), says = document.getElementById('camera-says'), beat = 1000, watched = 0;
    var video = document.getElementById('camera'), take = document.getElementById('camera-take'), name = 'camera';
    live.width = canvas.width;
    live.height = canvas.height;
    [canvas, live].forEach(function (c) { c.getContext('2d', { willReadFrequently: true }); }); // light and detail are measured
    var frame = function (to) {
      var scale = Math.max(to.width / video.videoWidth, to.height / video.videoHeight);
      to.getContext('2d').drawImage(video, (to.width - video.videoWidth * scale) / 2, (to.height - video.videoHeight * scale) / 2, video.videoWidth * scale, video.videoHeight * scale);
    };
    // What is wrong is said before the photo is taken, as long as the camera is seen.
    var watch = function () {
      var hints = '';
      if (canvas.hidden && video.videoWidth) {
        frame(live);
        hints = portrait.judge(live).hints.map(function (h) { return words[h]; }).join(' ');
      }
      if (says.textContent !== hints) { says.textContent = hints; }
    };
    var dark = function (why) {
      take.disabled = true;
      window.clearInterval(watched);
      says.textContent = '';
      fail({ code: 'capture.camera_' + why, id: words['camera_' + why], en: words['camera_' + why], stepsId: [words['camera_' + why + '_do'], words.camera_file], stepsEn: [words['camera_' + why + '_do'], words.camera_file] });
    };
    on.addEventListener('click', function () {
      camera.open({ width: { ideal: 1280 }, height: { ideal: 960 } }).then(function (stream) {
        video.srcObject = stream;
        name = (stream.getVideoTracks()[0].label || 'camera').slice(0, 64);
        camera.lost(stream, function () { if (video.srcObject === stream) { dark('lost'); } });
        problem.hidden = true;
        canvas.hidden = true;
        return video.play();
      }).then(function () {
        take.disabled = false;
        window.clearInterval(watched);
        watched = window.setInterval(watch, beat);
      }).catch(function (why) { dark(typeof why === 'string' ? why : 'failed'); });
    });
    take.addEventListener('click', function () {
      frame(canvas);
      photo('device', name);
      watch();
    });
    document.getElementById('photo-file').addEventListener('change', function (e) {
      if (e.target.files[0]) { pictureOf(e.target, canvas, Math.max, function (enlarged) { e.target.value = ''; photo('file', '', enlarged); }); }
    });
  }

  // The pad: a pen, a finger on a touch screen, a mouse; a file where a hand cannot sign.
  var pad = document.getElementById('pad');
  if (pad) {
    var pen = pad.getContext('2d', { willReadFrequently: true }), down = false, signed = 0;
    var clear = function () { pen.fillStyle = '#fff'; pen.fillRect(0, 0, pad.width, pad.height); signed = 0; };
    var at = function (e) { var r = pad.getBoundingClientRect(); return [(e.clientX - r.left) * pad.width / r.width, (e.clientY - r.top) * pad.height / r.height]; };
    clear();
    pad.addEventListener('pointerdown', function (e) { down = true; pad.setPointerCapture(e.pointerId); pen.beginPath(); pen.lineWidth = 3; pen.lineCap = 'round'; pen.strokeStyle = '#000'; pen.moveTo.apply(pen, at(e)); });
    pad.addEventListener('pointermove', function (e) { if (down) { pen.lineTo.apply(pen, at(e)); pen.stroke(); signed++; unsent.hold(); } });
    ['pointerup', 'pointercancel'].forEach(function (n) { pad.addEventListener(n, function () { down = false; }); });
    document.getElementById('pad-clear').addEventListener('click', clear);
    var needs = function (then) { return function () { if (signed > 2) { then(); } else { said(pad.closest('.part'), 'poor', [words.sign]); } }; };
    var done = document.getElementById('pad-done'), confirm = document.getElementById('pad-confirm'), file = document.getElementById('pad-file');
    if (done) { done.addEventListener('click', needs(function () { keep('signature', { source: 'device', device: 'signature_pad', quality: 0, picture: bytes(pad.toDataURL('image/png')) }, []); })); }
    // A file without ink is no signature. What is drawn of it is all of it: a signature is never cut.
    var inked = function () {
      var d = pen.getImageData(0, 0, pad.width, pad.height).data, ink = 0;
      for (var i = 0; i < d.length; i += 4) { if (d[i] + d[i + 1] + d[i + 2] < 384) { ink++; } }
      return ink > 50;
    };
    if (file) { file.addEventListener('change', function (e) { if (e.target.files[0]) { pictureOf(e.target, pad, Math.min, function () {
      e.target.value = '';
      if (!inked()) { said(pad.closest('.part'), 'poor', [words.sign]); delete taken.signature; count(); return; }
      keep('signature', { source: 'file', quality: 0, picture: bytes(pad.toDataURL('image/png')) }, []);
    }); } }); }
    if (confirm) { confirm.addEventListener('click', needs(function () { send('konfirmasi', { hash: pad.closest('.part').dataset.hash, method: 'signature_pad', proof: bytes(pad.toDataURL('image/png')) }); })); }
  }

  // Nothing here measures an iris but its size: at least that of the image type VGA of ISO/IEC 19794-6.
  var irisWide = 640, irisHigh = 480;
  function lacks(part, picture) {
    if (part.indexOf('iris.') !== 0) { return Promise.resolve([]); }
    var img = new Image();
    img.src = desk.address(picture, 'image/png');
    return img.decode().then(function () {
      URL.revokeObjectURL(img.src);
      return img.naturalWidth < irisWide || img.naturalHeight < irisHigh ? [words.iris_small] : [];
    });
  }
  function scanned(part) {
    return function (c) { return lacks(part, c.picture).then(function (hints) { hold(part, c, hints); }); };
  }
  function hold(part, c, hints) {
    var what = { source: c.source, quality: c.quality, picture: c.picture, good: c.good };
    if (c.device) { what.device = c.device; }
    if (c.template) { what.template = c.template; }
    if (hints.length) { what.quality = portrait.poor - 1; what.good = false; }
    keep(part, what, c.hints.map(desk.of).concat(hints));
  }
  parts.forEach(function (row) {
    var part = row.dataset.part, scan = row.querySelector('[data-scan]'), file = row.querySelector('input[type=file]'), missing = row.querySelector('select');
    if (scan) {
      scan.addEventListener('click', function () {
        scan.disabled = true;
        desk.act('/v1/capture', 'capture', { part: part }).then(scanned(part)).catch(fail).then(function () { scan.disabled = false; });
      });
    }
    if (missing) {
      file.addEventListener('change', function () {
        if (!file.files[0]) { return; }
        var r = new FileReader();
        r.onload = function () {
          var picture = bytes(r.result);
          file.value = '';
          if (part.indexOf('finger.') !== 0) { scanned(part)({ source: 'file', quality: 0, picture: picture, good: true, hints: [] }).catch(fail); return; }
          desk.act('/v1/capture', 'capture', { part: part, picture: picture }).then(scanned(part)).catch(fail);
        };
        decoded(file).then(function () { problem.hidden = true; r.readAsDataURL(file.files[0]); }).catch(fail);
      });
      missing.addEventListener('change', function () {
        delete taken[part];
        if (missing.value) {
          taken[part] = { part: part, source: 'device', quality: 0, tries: 1, missing: missing.value };
          said(row, 'missing', [missing.options[missing.selectedIndex].text]);
        } else { said(row, '', []); }
        count();
      });
    }
  });
  var all = document.getElementById('capture-send'), verify = document.getElementById('capture-verify');
  if (all) { all.addEventListener('click', function () { send('rekam', { parts: parts.map(function (p) { return taken[p.dataset.part]; }) }); }); }
  if (verify) {
    verify.addEventListener('click', function () {
      send('cocokkan', { impressions: parts.map(function (p) { var t = taken[p.dataset.part]; return { finger: Number(p.dataset.second), template: t.template, quality: t.quality }; }) });
    });
  }
  count();
})();
