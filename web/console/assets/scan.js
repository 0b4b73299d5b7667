// Papers: what is chosen is looked at before it is sent, and a camera photographs what was not scanned.
// Without this the forms work with files alone, and the station says what it refuses.
(function () {
  'use strict';
  var box = document.querySelector('[data-scans]'), dialog = document.getElementById('camera-box'), camera = window.blankoCamera;
  if (!box || !dialog) { return; }
  var words = JSON.parse(box.dataset.scans), most = Number(box.dataset.most), kinds = ['image/jpeg', 'image/png', 'application/pdf'];
  var video = document.getElementById('scan-camera'), take = document.getElementById('scan-take'), wrong = document.getElementById('camera-wrong'), input = null;

  function look(field) {
    var accepted = field.accept.split(','), file = field.files[0], said = field.closest('.file').querySelector('.chosen');
    said.replaceChildren();
    field.setCustomValidity('');
    if (!file) { return; }
    var why = kinds.indexOf(file.type) < 0 || accepted.indexOf(file.type) < 0 ? words.kind : file.size > most ? words.large : '';
    field.setCustomValidity(why);
    if (why) { said.textContent = why; field.reportValidity(); return; }
    if (file.type !== 'application/pdf') {
      var img = document.createElement('img');
      img.alt = words.chosen;
      img.width = 96;
      img.src = URL.createObjectURL(file);
      said.append(img);
    }
  }
  function stop() {
    if (video.srcObject) { video.srcObject.getTracks().forEach(function (t) { t.stop(); }); }
    video.srcObject = null;
    take.disabled = true;
  }
  function dark(why) {
    take.disabled = true;
    wrong.textContent = [words['camera_' + why], words['camera_' + why + '_do'], words.file].join(' ');
    wrong.hidden = false;
  }
  function start() {
    wrong.hidden = true;
    dialog.showModal();
    camera.open({ facingMode: 'environment', width: { ideal: 2560 }, height: { ideal: 1920 } }).then(function (stream) {
      if (!dialog.open) { stream.getTracks().forEach(function (t) { t.stop(); }); return undefined; }
      video.srcObject = stream;
      camera.lost(stream, function () { if (video.srcObject === stream) { dark('lost'); } });
      return video.play().then(function () { take.disabled = false; take.focus(); });
    }).catch(function (why) { if (dialog.open) { dark(typeof why === 'string' ? why : 'failed'); } });
  }
  dialog.addEventListener('close', stop);
  document.getElementById('scan-close').addEventListener('click', function () { dialog.close(); });
  take.addEventListener('click', function () {
    var canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d').drawImage(video, 0, 0);
    canvas.toBlob(function (blob) {
      var list = new DataTransfer();
      if (input.multiple) { Array.prototype.forEach.call(input.files, function (f) { list.items.add(f); }); }
      list.items.add(new File([blob], 'kamera.jpg', { type: 'image/jpeg' }));
      input.files = list.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
      dialog.close();
    }, 'image/jpeg', 0.9);
  });
  // The fields may be in a part of the page that is renewed.
  function offer() {
    document.querySelectorAll('[data-camera]').forEach(function (b) { b.hidden = false; });
  }
  offer();
  document.body.addEventListener('htmx:afterSwap', offer, true); // before the focus goes back to one
  document.addEventListener('change', function (e) {
    if (e.target.matches('.file input[type=file]')) { look(e.target); }
  });
  document.addEventListener('click', function (e) {
    var button = e.target.closest('[data-camera]');
    if (!button) { return; }
    input = button.closest('.file').querySelector('input');
    start();
  });
})();
