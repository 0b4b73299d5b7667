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
