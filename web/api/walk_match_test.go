package api_test

import (
	"encoding/base64"
	"fmt"
	"image/color"
	"maps"
	"net/http"
	"slices"
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
		"live":   []any{map[string]any{"finger": ktp.RightIndex, "image": of(ktp.RightIndex)}},
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

func holderOf(chip string) map[string]any { return attended(chip, inspecttest.HolderPicture) }

func strangerOf(chip string) map[string]any { return attended(chip, inspecttest.StrangerPicture) }

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
	score := attended(chip, inspecttest.StrangerPicture, map[string]any{"score": 80})
	if code, _ := o.post("Tono, service officer", at, score); code != 422 {
		t.Errorf("a score is answered with %d", code)
	}
	out := o.done("Tono, service officer", at, strangerOf(chip))
	said := out["tried"].(map[string]any)
	if said["result"] != "no_match" || said["score"] != nil || said["threshold"] != nil || said["left"] != float64(3) { // how near it was is nobody's business
		t.Errorf("%v", said)
	}
	var d struct {
		Tries []struct {
			Calibration string
			Threshold   int
			Score       *int
		}
	}
	o.see("Joko, administrator", strings.TrimSuffix(at, "/match"), &d)
	if len(d.Tries) != 1 || d.Tries[0].Calibration != finger.Calibrated.Name || d.Tries[0].Threshold != finger.Threshold() || d.Tries[0].Score != nil {
		t.Errorf("%+v", d.Tries)
	}
}

// needsCard: what is asked for wants the card before who asks.
func needsCard(target string) bool {
	return slices.ContainsFunc([]string{"/match", "/handover", "/handover-alone", "/handover-to-proxy", "/match-exception", "/shown"}, func(end string) bool { return strings.HasSuffix(target, end) })
}

// shows lays the card of a 1:1 or a hand-over on the reader, unless the test says what its chip answers.
func (o *office) shows(who, target string, body any) any {
	o.t.Helper()
	try, ok := body.(map[string]any)
	if ok && (try["picture"] != nil || try["pictures"] != nil) && strings.HasPrefix(target, "/v1/") {
		return o.pictured(who, try)
	}
	if !ok || !needsCard(target) || try["presence"] != nil || try["notGenuine"] != nil {
		return body
	}
	chip, _ := try["chip"].(string)
	if chip == "" {
		chip = strings.Split(target, "/")[3]
	}
	status, out := o.send(o.tokens[who], "/v1/cards/"+chip+"/challenge", "", map[string]any{})
	if status != http.StatusOK {
		return body
	}
	text, _ := out["challenge"].(string)
	challenge, err := base64.StdEncoding.DecodeString(text)
	o.must(err)
	try = maps.Clone(try)
	try["presence"] = map[string]any{"challenge": challenge, "answer": inspecttest.Answer(ktp.ChipUID(chip), [8]byte(challenge))}
	return try
}

// pictured keeps a picture for every one that a test made up.
func (o *office) pictured(who string, body map[string]any) map[string]any {
	o.t.Helper()
	keep := func() string {
		o.keys++
		shade := color.RGBA{uint8(o.keys), uint8(o.keys >> 8), 7, 255}
		status, out := o.send(o.tokens[who], "/v1/pictures", fmt.Sprintf("picture-%d", o.keys), map[string]any{"data": picture(shade, true)})
		if status != http.StatusOK {
			o.t.Fatalf("no picture is kept: %d %v", status, out)
		}
		return out["answer"].(string)
	}
	body = maps.Clone(body)
	if body["picture"] != nil {
		body["picture"] = keep()
	}
	if list, ok := body["pictures"].([]string); ok {
		list = slices.Clone(list)
		for i := range list {
			list[i] = keep()
		}
		body["pictures"] = list
	}
	return body
}
