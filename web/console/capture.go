package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/web"
)

// captureView is the capture of one application, as far as it has come.
type captureView struct {
	ID       registry.ApplicationID
	State    registry.State
	Fingers  []ktp.Finger // for the chip, to be captured again
	Verified bool
	Confirm  *registry.ToConfirm // what the resident is shown and signs
	Desk     deskView
}

// captureSteps are what a page of capture may ask of the API in the name of who looks, and the permission of
// each is the API's own; the page that comes next says that it was done.
var captureSteps = map[string]struct {
	path string
	does registry.Operation
}{"rekam": {"/capture", registry.Capture{}}, "cocokkan": {"/capture/verification", registry.VerifyCapture{}}, "konfirmasi": {"/confirmation", registry.Confirm{}}}

// capture is photo, signature, fingers and irises of one resident, then the fingers for the chip once more,
// then the resident's signature over exactly what will be printed.
func (v *view) capture() (templ.Component, error) {
	id := registry.ApplicationID(v.r.PathValue("application"))
	d, err := v.Registry.Application(v.ctx(), id)
	if err != nil {
		return nil, err
	}
	c := captureView{ID: id, State: d.Application.State}
	if c.Desk, err = v.desk(false); err != nil {
		return nil, err
	}
	if slices.Contains([]registry.State{registry.Captured, registry.Reconfirm}, c.State) {
		info, err := v.Registry.Captured(v.ctx(), id)
		if err != nil {
			return nil, err
		}
		for _, f := range info.Fingers {
			if f != 0 {
				c.Fingers = append(c.Fingers, f)
			}
		}
		if c.Verified = !info.VerifiedAt.IsZero() || len(c.Fingers) == 0; c.Verified {
			shown, err := v.Registry.ShowToConfirm(v.ctx(), v.Actor, id)
			if err != nil {
				return nil, err
			}
			c.Confirm = &shown
		}
	}
	return capturePage(v, c), nil
}

// sendCapture hands to the API what a page of capture has taken.
func (c *console) sendCapture(mux *http.ServeMux) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error {
		step, known := captureSteps[v.r.PathValue("step")]
		if !known {
			return web.NoSuchPage.At("console.sendCapture", nil)
		}
		header := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "Idempotency-Key": {v.r.Header.Get("Idempotency-Key")}}
		a := v.ask(mux, &url.URL{Path: "/v1/applications/" + v.r.PathValue("application") + step.path}, header)
		if a.good() {
			c.keepDone(v.ctx(), done{Operation: string(step.does.Name())})
		}
		a.pass(w)
		return nil
	}
}

// capturedFingers are the ten fingers in the order in which hands are laid down, and the two irises.
var capturedFingers = []ktp.Finger{
	ktp.RightThumb, ktp.RightIndex, ktp.RightMiddle, ktp.RightRing, ktp.RightLittle, ktp.LeftThumb, ktp.LeftIndex, ktp.LeftMiddle, ktp.LeftRing, ktp.LeftLittle,
}

// missingReasons are why a part may be missing.
var missingReasons = []registry.Missing{registry.MissingAmputated, registry.MissingBandaged, registry.MissingDamaged}

// portraitMeasures are what the page measures a portrait by, as the station does.
func portraitMeasures() string {
	text, _ := json.Marshal(web.PortraitMeasures) // of numbers
	return string(text)
}

// cameraWords are why there is no camera, and what to do.
var cameraWords = []string{
	"camera_denied", "camera_denied_do", "camera_busy", "camera_busy_do", "camera_none", "camera_none_do",
	"camera_insecure", "camera_insecure_do", "camera_lost", "camera_lost_do", "camera_failed", "camera_failed_do",
}

func (v *view) captureWords() string {
	return v.texts("capture.say_", append(cameraWords[:len(cameraWords):len(cameraWords)], "taken", "poor", "dark", "bright", "flat", "blurred", "small", "picture", "choose", "camera_file", "iris_small", "pending", "ready", "tries", "sign", "failed", "again", "unmeasured", "source_device", "source_file", "source_emulated")...)
}
