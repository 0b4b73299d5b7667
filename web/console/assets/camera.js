// The camera of the browser, for the pages that photograph: it opens, or it is told why there is none.
(function () {
  'use strict';
  var reasons = { NotAllowedError: 'denied', SecurityError: 'denied', NotReadableError: 'busy', AbortError: 'busy', NotFoundError: 'none', OverconstrainedError: 'none' };
  window.blankoCamera = {
    // open gives a stream, or fails with the word for why not.
    open: function (video) {
      if (!navigator.mediaDevices) { return Promise.reject('insecure'); }
      return navigator.mediaDevices.getUserMedia({ video: video }).catch(function (e) { throw reasons[e && e.name] || 'failed'; });
    },
    // lost calls back when a stream ends by itself.
    lost: function (stream, then) { stream.getVideoTracks()[0].addEventListener('ended', then); }
  };
})();
