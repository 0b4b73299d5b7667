package api_test

import (
	"strings"
	"testing"

	"blanko/applet/inspect/inspecttest"
	"blanko/biometric/finger"
	"blanko/ktp"
)

// attended is the body of a try at a counter; without a chip it is one for a card in force.
func attended(chip string, of func(ktp.Finger) []byte, more ...map[string]any) map[string]any {
	files := inspecttest.Chip()
	body := map[string]any{
		"live":   []any{map[string]any{"finger": ktp.RightIndex, "template": of(ktp.RightIndex)}},
		"onChip": map[string]any{"efFPR": files[0], "efFPL": files[1]},
	}
	if chip != "" {
		body["chip"] = chip
	}
	for _, m := range more {
		for k, v := range m {
			body[k] = v
		}
	}
	return body
}

func holderOf(chip string) map[string]any { return attended(chip, inspecttest.Holder) }

func strangerOf(chip string) map[string]any { return attended(chip, inspecttest.Stranger) }

// What a client says of a score is not taken.
func TestScoreIsNotTaken(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	o.unique(app, fingers)
	chip := o.made(app)
	at := "/v1/applications/" + app + "/match"
	score := attended(chip, inspecttest.Stranger, map[string]any{"score": 80})
	if code, _ := o.post("Tono, service officer", at, score); code != 422 {
		t.Errorf("a score is answered with %d", code)
	}
	out := o.done("Tono, service officer", at, strangerOf(chip))
	said := out["tried"].(map[string]any)
	if said["result"] != "no_match" || said["calibration"] != finger.Calibrated.Name || said["threshold"] != float64(finger.Threshold()) || said["left"] != float64(3) {
		t.Errorf("%v", said)
	}
	var d struct {
		Tries []struct {
			Calibration string
			Threshold   int
		}
	}
	o.see("Joko, administrator", strings.TrimSuffix(at, "/match"), &d)
	if len(d.Tries) != 1 || d.Tries[0].Calibration != finger.Calibrated.Name || d.Tries[0].Threshold != finger.Threshold() {
		t.Errorf("%+v", d.Tries)
	}
}
