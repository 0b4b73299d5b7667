package console_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/registry/access"
)

// A paper is photographed by the camera of the browser, or chosen as a file, and seen before it is sent; what is no
// scan, and a camera that cannot be opened, are said on the page, and the form still works.
func TestScanByCamera(t *testing.T) {
	t.Parallel()
	sari := staffOf(access.ServiceOfficer)
	o := newOffice(t, sari)
	o.as(center, delivery(1))
	v := o.visit()
	v.signIn(sari)
	at := "/permohonan/" + string(id(1))
	v.open(at)
	v.do(chromedp.Click(chromedp.CSS("form.attach [data-camera]")))
	v.see("#scan-take:not([disabled])")
	v.keep("camera")
	ask[any](v, `document.getElementById('scan-camera').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))`)
	v.until("#camera-wrong", "tercabut")
	v.do(chromedp.Click(chromedp.CSS("#scan-close")))
	v.do(chromedp.Click(chromedp.CSS("form.attach [data-camera]")))
	v.see("#scan-take:not([disabled])")
	v.do(chromedp.Click(chromedp.CSS("#scan-take")))
	v.see("form.attach .chosen img")
	v.click("form.attach button[type=submit]")
	v.succeeds()
	scan := func(n int) {
		t.Helper()
		list, err := o.reg.Attachments(t.Context(), id(1))
		if o.must(err); len(list) != n || list[n-1].MIME != "image/jpeg" && list[n-1].MIME != "image/png" {
			t.Fatalf("attached: %+v", list)
		}
	}
	scan(1)
	if w := promised[int](v, `document.querySelector('.scan img').decode().then(() => document.querySelector('.scan img').naturalWidth)`); w < 320 {
		t.Errorf("the photograph is %d wide", w)
	}

	dir := t.TempDir()
	for name, content := range map[string]string{"surat.png": string(scanned()), "surat.txt": "no scan"} {
		o.must(os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	choose := func(name string) {
		v.do(chromedp.SetUploadFiles(chromedp.CSS("form.attach input[type=file]"), []string{filepath.Join(dir, name)}))
	}
	choose("surat.txt")
	v.until("form.attach .chosen", "PDF, JPEG")
	choose("surat.png")
	v.see("form.attach .chosen img")
	said := func(name, want string) {
		t.Helper()
		v.do(chromedp.Click(chromedp.CSS("form.attach [data-camera]")))
		v.until("#camera-wrong", want)
		if text := v.read("#camera-wrong"); !strings.Contains(text, "pilih berkas") || !ask[bool](v, `document.getElementById('scan-take').disabled`) {
			t.Errorf("%s: %s", name, text)
		}
		if found := v.violations(); len(found) > 0 {
			t.Errorf("with the camera's box open: %v", found)
		}
		v.do(chromedp.Click(chromedp.CSS("#scan-close")))
	}
	for name, want := range noCamera {
		ask[any](v, `navigator.mediaDevices.getUserMedia = () => Promise.reject(Object.assign(new Error('no'), {name: '`+name+`'}))`)
		said(name, want)
	}
	ask[any](v, `Object.defineProperty(navigator, 'mediaDevices', {value: undefined})`)
	said("no https", "https")
	v.click("form.attach button[type=submit]")
	v.succeeds()
	scan(2)
	if !strings.HasPrefix(v.where(), at) {
		t.Errorf("at %s", v.where())
	}
}
