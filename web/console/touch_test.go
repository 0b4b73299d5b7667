package console_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"blanko/registry/access"
)

// touches lays a finger on the screen, moves it through points of the window and lifts it.
func (v *visitor) touches(points ...[2]float64) {
	v.t.Helper()
	for i, p := range points {
		kind := "touchMove"
		if i == 0 {
			kind = "touchStart"
		}
		_, err := chromedp.Call(v.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventType(kind), TouchPoints: []*input.TouchPoint{{X: p[0], Y: p[1]}}})
		v.must(err)
	}
	_, err := chromedp.Call(v.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: "touchEnd", TouchPoints: []*input.TouchPoint{}})
	v.must(err)
}

// A resident signs with a finger on a telephone: a stroke down the pad is drawn and does not scroll the page away, and what
// was drawn is the signature that is kept.
func TestSignatureByTouch(t *testing.T) {
	t.Parallel()
	operator := staffOf(access.EnrolmentOperator)
	o := newOffice(t, operator)
	app := o.examinedOf(1)
	v := o.visit()
	v.signIn(operator)
	_, err := chromedp.Call(v.ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
	v.must(err)
	v.do(chromedp.EmulateViewport(360, 700))
	v.open("/permohonan/" + string(app) + "/perekaman")
	ask[any](v, `document.getElementById('pad').scrollIntoView({block: 'center'}), 0`)
	ink := func() int {
		return ask[int](v, `(c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 0; i < d.length; i += 4) { n += d[i] < 128 ? 1 : 0; } return n; })(document.getElementById('pad'))`)
	}
	if n := ink(); n != 0 {
		t.Fatalf("%d dots of ink before anybody signed", n)
	}
	scrolled := ask[float64](v, `scrollY`)
	at := ask[struct{ X, Y, W, H float64 }](v, `(r => ({X: r.x, Y: r.y, W: r.width, H: r.height}))(document.getElementById('pad').getBoundingClientRect())`)
	var stroke [][2]float64
	const steps = 12
	for i := range steps {
		part := float64(i+1) / (steps + 1)
		stroke = append(stroke, [2]float64{at.X + at.W*part, at.Y + at.H*(1-part)})
	}
	v.touches(stroke...)
	one := ink()
	v.touches([2]float64{at.X + at.W/4, at.Y + at.H/4}, [2]float64{at.X + at.W/4, at.Y + at.H/2}, [2]float64{at.X + at.W/4, at.Y + 3*at.H/4})
	if two := ink(); one < 200 || two <= one {
		t.Errorf("a stroke leaves %d dots, another one %d", one, two)
	}
	if now := ask[float64](v, `scrollY`); now != scrolled || scrolled == 0 {
		t.Errorf("the page was scrolled from %v to %v", scrolled, now)
	}
	ask[any](v, `document.getElementById('pad-done').click(), 0`)
	v.until("#part-signature .taken", "diambil")
}
