package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/registry/access"
)

// litCamera puts a camera in front of something that is lit as the page's window.lit says.
const litCamera = `(() => {
	const c = document.createElement('canvas'), g = c.getContext('2d');
	c.width = 640; c.height = 480;
	window.lit = 20;
	setInterval(() => {
		for (let y = 0; y < 480; y += 16) {
			for (let x = 0; x < 640; x += 16) {
				const v = (x + y) % 32 ? lit : lit * 3 / 4;
				g.fillStyle = 'rgb(' + [v, v, v].join() + ')';
				g.fillRect(x, y, 16, 16);
			}
		}
	}, 50);
	navigator.mediaDevices.getUserMedia = () => Promise.resolve(c.captureStream());
	return true;
})()`

// What is wrong with a photo is said before it is taken, goes away once it is mended, and a photo that is taken all the
// same is poor: the camera stays in view for another try.
func TestPhotoIsJudgedBeforeItIsTaken(t *testing.T) {
	t.Parallel()
	operator := staffOf(access.EnrolmentOperator)
	o := newOffice(t)
	app := o.examinedOf(1)
	o.employ(operator)
	v := o.visit()
	v.signIn(operator)
	v.open("/permohonan/" + string(app) + "/perekaman")
	ask[bool](v, litCamera)
	v.do(chromedp.Click(chromedp.CSS("#camera-on")))
	v.see("#camera-take:not([disabled])")
	v.until("#camera-says", "Terlalu gelap")
	v.clean("photo-dark")
	take := func() string {
		v.do(chromedp.Click(chromedp.CSS("#camera-take")))
		return v.read("#part-portrait .taken")
	}
	if text := take(); !strings.Contains(text, "kurang baik") || !strings.Contains(text, " / 100") || !ask[bool](v, `document.getElementById('photo').hidden`) {
		t.Errorf("a dark one is %s", text)
	}
	ask[any](v, `window.lit = 200`)
	v.do(chromedp.WaitReady(chromedp.CSS("#camera-says:empty")))
	if text := take(); !strings.Contains(text, "diambil") || strings.Contains(text, "kurang baik") || ask[bool](v, `document.getElementById('photo').hidden`) {
		t.Errorf("a good one is %s", text)
	}
}

// noCamera is what the pages say of each error of a browser that gives no camera.
var noCamera = map[string]string{
	"NotAllowedError": "tidak mengizinkan kamera", "NotReadableError": "program lain", "NotFoundError": "Tidak ada kamera", "OverconstrainedError": "Tidak ada kamera", "TypeError": "tidak dapat dipakai",
}

// Why there is no picture of a camera is said by its cause, with what to do, and so is a camera that is lost; what was
// taken before stays.
func TestCameraSaysWhy(t *testing.T) {
	t.Parallel()
	operator := staffOf(access.EnrolmentOperator)
	o := newOffice(t)
	app := o.examinedOf(1)
	o.employ(operator)
	v := o.visit()
	v.signIn(operator)
	v.open("/permohonan/" + string(app) + "/perekaman")
	ask[bool](v, litCamera+`; window.lit = 200; window.works = navigator.mediaDevices.getUserMedia; true`)
	const on = "#camera-on"
	v.do(chromedp.Click(chromedp.CSS(on)))
	v.see("#camera-take:not([disabled])")
	v.do(chromedp.Click(chromedp.CSS("#camera-take")))
	v.until("#part-portrait .taken", "diambil")
	for name, want := range noCamera {
		ask[any](v, `navigator.mediaDevices.getUserMedia = () => Promise.reject(Object.assign(new Error('no'), {name: '`+name+`'}))`)
		v.do(chromedp.Click(chromedp.CSS(on)))
		v.until("#capture-problem", want)
		if text := v.read("#capture-problem"); !strings.Contains(text, "berkas") || !ask[bool](v, `document.getElementById('camera-take').disabled`) {
			t.Errorf("%s: %s", name, text)
		}
	}
	v.clean("camera-why")
	ask[any](v, `navigator.mediaDevices.getUserMedia = works`)
	v.do(chromedp.Click(chromedp.CSS(on)))
	v.see("#camera-take:not([disabled])")
	if !ask[bool](v, `document.getElementById('capture-problem').hidden`) {
		t.Errorf("with a camera: %s", v.read("#capture-problem"))
	}
	ask[any](v, `document.getElementById('camera').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))`)
	v.until("#capture-problem", "tercabut")
	ask[any](v, `Object.defineProperty(navigator, 'mediaDevices', {value: undefined})`)
	v.do(chromedp.Click(chromedp.CSS(on)))
	v.until("#capture-problem", "https")
	if text := v.read("#part-portrait .taken"); !strings.Contains(text, "diambil") {
		t.Errorf("the photo is lost: %s", text)
	}
}

// frailDesk answers like a desk whose window.desk says how: it works, is away, or ends in the middle of an answer.
const frailDesk = `(() => {
	const iris = document.createElement('canvas'), real = window.fetch;
	iris.width = 640; iris.height = 480;
	window.desk = 'works';
	const say = o => Promise.resolve(new Response(JSON.stringify(o), {status: 200}));
	window.fetch = (url, how) => {
		if (url === '/meja/tiket') { return say({ticket: 't'}); }
		if (!String(url).includes(':7610/')) { return real(url, how); }
		if (window.desk === 'away') { return Promise.reject(new TypeError('Failed to fetch')); }
		if (url.endsWith('/v1/desk')) { return say({desk: 'loket-1', devices: [{kind: 'iris_scanner', present: true, serial: 'I-1'}], lists: []}); }
		if (window.desk === 'ends') { return Promise.resolve(new Response('{"part":"iris.ri', {status: 200})); }
		return say({part: 'iris', source: 'device', device: 'I-1', quality: 0, good: true, hints: [], picture: iris.toDataURL('image/png').split(',')[1]});
	};
	return true;
})()`

// A desk that ends while it captures is said to be away, in the box of the desk too; what was taken stays, and the same
// button takes the rest once the desk runs again.
func TestDeskEndsDuringACapture(t *testing.T) {
	t.Parallel()
	operator := staffOf(access.EnrolmentOperator)
	o := newOffice(t)
	app := o.examinedOf(1)
	o.employ(operator)
	v := o.visit()
	v.signIn(operator)
	v.open("/permohonan/" + string(app) + "/perekaman")
	ask[bool](v, frailDesk)
	v.do(chromedp.Click(chromedp.CSS("#desk-find")))
	v.until("#desk-devices", "I-1")
	scan := func(part string) { v.do(chromedp.Click(chromedp.CSS(`[data-part="` + part + `"] [data-scan]`))) }
	scan("iris.left")
	v.until(`[data-part="iris.left"] .taken`, "diambil")
	for _, how := range []string{"ends", "away"} {
		ask[any](v, `window.desk = '`+how+`'`)
		scan("iris.right")
		v.until("#capture-problem", "desk.away")
		v.until("#desk-devices", "desk.away")
		v.see(`[data-part="iris.right"] [data-scan]:not([disabled])`)
		if text := v.read(`[data-part="iris.left"] .taken`); !strings.Contains(text, "diambil") || v.read(`[data-part="iris.right"] .taken`) != "" {
			t.Errorf("after a desk that %s: %s", how, text)
		}
		ask[any](v, `document.getElementById('capture-problem').hidden = true, document.getElementById('capture-problem').replaceChildren()`)
	}
	v.clean("desk-away")
	ask[any](v, `window.desk = 'works'`)
	scan("iris.right")
	v.until(`[data-part="iris.right"] .taken`, "diambil")
	v.until("#desk-devices", "I-1")
}
