package osia_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"blanko/applet/inspect/inspecttest"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
	service "blanko/web/osia"
)

var (
	admin   = access.Actor{ID: "admin-1", Roles: []access.Role{access.Administrator}}
	keeper  = access.Actor{ID: "keeper-1", Roles: []access.Role{access.StockKeeper}}
	matcher = access.Actor{ID: "kec-1", Roles: []access.Role{access.KecamatanOperator}}
	officer = access.Actor{ID: "officer-1", Roles: []access.Role{access.ServiceOfficer}}
)

func (r *room) do(who access.Actor, op registry.Operation) registry.Result {
	r.t.Helper()
	r.keys++
	res, err := r.reg.Do(r.t.Context(), who, op, fmt.Sprintf("do-%d", r.keys))
	must(r.t, err)
	return res
}

// blocked examines a chip that was blocked.
func (r *room) blocked(chip ktp.ChipUID) {
	r.t.Helper()
	r.do(matcher, registry.ExamineChip{Chip: chip, State: registry.ChipBlocked, Cause: "inspect.chip_blocked", Told: registry.Told{
		Mark: registry.MarkBad, Finding: "Chip diblokir.", Steps: []string{"Simpan lembar ini."},
	}})
}

// workshop has a line with blanks.
func workshop(t *testing.T) *room {
	t.Helper()
	r := newRoom(t)
	r.do(system, registry.DefineLine{Line: "line-1", Kind: jobs.Inline})
	r.do(keeper, registry.ReceiveBlanks{Lot: "LOT-A", Product: "ktp-el-wni", Quantity: 10})
	r.do(keeper, registry.LoadHopper{Line: "line-1", Lot: "LOT-A", Quantity: 10, Second: admin})
	return r
}

func request(id string) string { return "/v1/credentialRequests/" + id }

func (r *room) created(n int) registry.ApplicationID {
	r.t.Helper()
	r.wants(201, system, "POST", request(r.ids[n]), string(r.records[n]))
	return registry.ApplicationID(r.ids[n])
}

func (r *room) queued(id registry.ApplicationID) {
	r.t.Helper()
	r.do(boss, registry.Approve{Application: id})
	r.do(admin, registry.Queue{Application: id})
}

// made has the line make the next card, up to a step.
func (r *room) made(chip ktp.ChipUID, last jobs.Step) ktp.AttemptID {
	r.t.Helper()
	ctx := r.t.Context()
	o, err := r.reg.Next(ctx, jobs.Session{Line: "line-1"})
	must(r.t, err)
	for _, step := range jobs.Stages(jobs.Inline) {
		known := chip
		if step == jobs.Feed {
			known = ""
		}
		if step != jobs.ReadBack && step != jobs.Recheck {
			must(r.t, r.reg.Intend(ctx, o, step, jobs.Evidence{Chip: known}))
		}
		out := jobs.Outcome{Result: jobs.Done, Chip: known}
		switch step {
		case jobs.Write:
			out.Hashes = inspecttest.Hashes()
		case jobs.ReadBack:
			out.Match, out.Score = jobs.Matched, 80
		case jobs.Eject:
			out.Tray = "output"
		}
		must(r.t, r.reg.Settle(ctx, o, step, out))
		if step == last {
			break
		}
	}
	return o.Attempt
}

// told is what the service says of a request or a credential.
type told struct {
	Status        string
	CredentialIDs []string
	RequestData   struct {
		Others struct {
			Blanko struct{ State, StatusWord, Cancel string }
		}
	}
}

func (r *room) read(path string) (out told) {
	r.t.Helper()
	must(r.t, json.Unmarshal([]byte(r.wants(200, system, "GET", path, "")), &out))
	return out
}

// onReader is what the chip of a card on the reader says.
func (r *room) onReader(who access.Actor, chip ktp.ChipUID) registry.Presence {
	r.t.Helper()
	c, err := r.reg.ChallengeChip(r.t.Context(), who, chip)
	must(r.t, err)
	return registry.Presence{Challenge: c.Bytes[:], Answer: inspecttest.Answer(chip, c.Bytes)}
}

// holder is a try of the holder at the counter, whose card lies on the reader.
func (r *room) holder(id registry.ApplicationID, chip ktp.ChipUID) registry.VerifyHolder {
	r.t.Helper()
	return registry.VerifyHolder{
		Presence:    r.onReader(matcher, chip),
		Application: id, Chip: chip, OnChip: inspecttest.Chip(), Live: []registry.Live{{Finger: ktp.RightIndex, Template: inspecttest.Holder(ktp.RightIndex)}},
	}
}

// A request is PENDING until its card is in its holder's hand, also while the card is made and waits.
func TestStatusOfARequest(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	id := r.created(0)
	const chip = "0000CAFE000000000001"
	var credential ktp.AttemptID
	for _, step := range []struct {
		do                  func()
		status, state, word string
		credentials         int
	}{
		{func() {}, "PENDING", "print ready", "PRINT_READY_RECORD", 0},
		{func() { r.do(boss, registry.Approve{Application: id}) }, "PENDING", "approved", "PRINT_READY_RECORD", 0},
		{func() { r.do(admin, registry.Queue{Application: id}) }, "PENDING", "queued", "SENT_FOR_CARD_PRINTING", 0},
		{func() { credential = r.made(chip, jobs.Eject) }, "PENDING", "produced", "CARD_PRINTED", 1},
		{func() { r.do(matcher, r.holder(id, chip)) }, "PENDING", "matched", "CARD_SHIPPED", 1},
		{func() {
			r.do(officer, registry.HandOver{Application: id, Chip: chip, Confirmed: true, Presence: r.onReader(officer, chip)})
		}, "ISSUED", "handed over", "CARD_ISSUED", 1},
	} {
		step.do()
		got := r.read(request(r.ids[0]))
		if own := got.RequestData.Others.Blanko; got.Status != step.status || own.State != step.state || own.StatusWord != step.word || len(got.CredentialIDs) != step.credentials {
			t.Errorf("want %+v, got %+v", step, got)
		}
	}
	if got := r.read(request(r.ids[0])); !slices.Equal(got.CredentialIDs, []string{credential.String()}) {
		t.Errorf("credentials %v", got.CredentialIDs)
	}
	if text := r.wants(400, system, "POST", request(r.ids[0])+"/cancel", ""); !strings.Contains(text, `"code":23`) {
		t.Errorf("a card in force: %s", text)
	}

	// Rejected: FAILED, for good.
	failed := r.created(1)
	r.do(officer, registry.RejectApplication{Application: failed, Because: registry.Because{Reason: "not_obliged"}})
	if got := r.read(request(r.ids[1])); got.Status != "FAILED" {
		t.Errorf("%+v", got)
	}
	r.wants(400, system, "POST", request(r.ids[1])+"/cancel", "")

	// Cancelled after its card was made: PENDING until the card is retired, and the word that was given stays.
	late := r.created(2)
	r.queued(late)
	r.made("0000CAFE000000000002", jobs.Eject)
	r.wants(204, system, "POST", request(r.ids[2])+"/cancel", "")
	if got := r.read(request(r.ids[2])); got.Status != "PENDING" || got.RequestData.Others.Blanko.Cancel != registry.AnswerRecall {
		t.Errorf("%+v", got)
	}
	r.blocked("0000CAFE000000000002")
	r.do(admin, registry.RetireCard{Chip: "0000CAFE000000000002", Because: registry.Because{Reason: "recalled"}, Second: boss})
	if got := r.read(request(r.ids[2])); got.Status != "CANCELLED" || got.RequestData.Others.Blanko.Cancel != registry.AnswerRecall {
		t.Errorf("%+v", got)
	}
}

// A credential through its states: what may be said of it in each, what not, and what is repeated.
func TestStatusOfACredential(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	id := r.created(0)
	r.queued(id)
	const chip = "0000CAFE000000000003"
	at := "/v1/credentials/" + r.made(chip, jobs.Eject).String()
	wish := func(status string) string {
		return fmt.Sprintf(`{"status":%q,"reason":"checked","requester":"center.desk-1","comment":"by telephone"}`, status)
	}
	for n, step := range []struct {
		path, body string
		answer     int
		status     string // of the credential afterwards
	}{
		{"/suspend", `{}`, 400, "NEW"},
		{"/suspend", `{"reason":""}`, 400, "NEW"},
		{"/unsuspend", `{"reason":"checked"}`, 204, "NEW"},
		{"/status", wish("ACTIVE"), 400, "NEW"}, // only the hand-over does that
		{"/status", wish("OTHER"), 400, "NEW"},
		{"/status", wish("LOST"), 400, "NEW"},
		{"/status", `{"status":"SUSPENDED","reason":"checked","more":1}`, 400, "NEW"},
		{"/suspend", `{"reason":"checked"}`, 204, "SUSPENDED"},
		{"/suspend", `{"reason":"checked"}`, 204, "SUSPENDED"},
		{"/status", wish("ACTIVE"), 400, "SUSPENDED"},
		{"/unsuspend", `{"reason":"checked"}`, 204, "NEW"},
		{"/status", wish("SUSPENDED"), 204, "SUSPENDED"},
		{"/status", wish("NEW"), 204, "NEW"},
		{"", "hand over", 0, "ACTIVE"},
		{"/status", wish("NEW"), 400, "ACTIVE"},
		{"/status", wish("SUSPENDED"), 204, "SUSPENDED"},
		{"/status", wish("NEW"), 400, "SUSPENDED"},
		{"/status", wish("ACTIVE"), 204, "ACTIVE"},
		{"/suspend", `{"reason":"checked"}`, 204, "SUSPENDED"},
		{"/revoke", `{}`, 400, "SUSPENDED"},
		{"/revoke", `{"reason":"died"}`, 204, "REVOKED"},
		{"/revoke", `{"reason":"died"}`, 204, "REVOKED"},
		{"/status", wish("REVOKED"), 204, "REVOKED"},
		{"/suspend", `{"reason":"checked"}`, 400, "REVOKED"},
		{"/unsuspend", `{"reason":"checked"}`, 400, "REVOKED"},
		{"/status", wish("ACTIVE"), 400, "REVOKED"},
	} {
		if step.path == "" {
			r.do(matcher, r.holder(id, chip))
			r.do(officer, registry.HandOver{Application: id, Chip: chip, Confirmed: true, Presence: r.onReader(officer, chip)})
		} else {
			r.wants(step.answer, system, "POST", at+step.path, step.body)
		}
		if got := r.read(at); got.Status != step.status {
			t.Errorf("step %d, %s %s: the credential is %s, want %s", n, step.path, step.body, got.Status, step.status)
		}
		found := r.wants(200, system, "POST", "/v1/credentials?transactionId=a&attributes=serialNumber", fmt.Sprintf(`[{"attributeName":"status","operator":"=","value":%q}]`, step.status))
		if strings.TrimSpace(found) != `[{"serialNumber":"`+chip+`"}]` {
			t.Errorf("step %d: found %s", n, found)
		}
	}
	if card, err := r.reg.CardByChip(t.Context(), chip); err != nil || card.State != registry.CardRetired {
		t.Errorf("the register: %+v, %v", card, err)
	}
}

// Every operation succeeds on what is there, with the status of its row and a body only where it has one; a ledger
// that cannot be asked is a 500 with the error body.
func TestEverySuccess(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	r.queued(r.created(0))
	credential := r.made("0000CAFE000000000009", jobs.Eject).String()
	update := func() string { return r.wants(200, system, "GET", request(r.ids[1]), "") }
	for _, op := range every {
		path, body := strings.Replace(op.path, "credentials/nothing", "credentials/"+credential, 1), op.body
		path = strings.Replace(path, "/v1/credentialRequests/nothing", request(r.ids[1]), 1)
		switch op.clause {
		case "3.1 createCredentialRequest":
			body = string(r.records[1])
		case "3.3 updateCredentialRequest":
			body = update() // as it was read
		}
		if op.clause != "3.12 findCredentialProfiles" { // from no ledger
			gone, cancel := context.WithCancel(r.t.Context())
			cancel()
			req := httptest.NewRequest(op.method, service.Base+path+"?transactionId=gone", strings.NewReader(body)).WithContext(web.WithActor(gone, system))
			req.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			r.http.ServeHTTP(w, req)
			if w.Code != 500 || !strings.Contains(w.Body.String(), `"code":1,`) {
				t.Errorf("%s: %d %s where the ledger cannot be asked", op.clause, w.Code, w.Body)
			}
		}
		answer := r.wants(op.success, system, op.method, path, body)
		if (answer != "") != (op.success == 200) {
			t.Errorf("%s: body %q", op.clause, answer)
		}
	}
}

// An update takes a request as it was created and as it was read; what it cannot change is refused by name.
func TestUpdateOfARequest(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	r.created(0)
	at := request(r.ids[0])
	edit := func(text string, change func(o, data map[string]any)) string {
		o := map[string]any{}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		must(t, d.Decode(&o))
		change(o, o["requestData"].(map[string]any))
		out, err := json.Marshal(o)
		must(t, err)
		return string(out)
	}
	read := r.wants(200, system, "GET", at, "")
	for n, text := range []string{read, string(r.records[0])} {
		r.wants(204, system, "PUT", at, edit(text, func(_, data map[string]any) { data["priority"] = n + 7 }))
		if app, err := r.reg.Application(t.Context(), registry.ApplicationID(r.ids[0])); err != nil || app.Application.Priority != n+7 {
			t.Errorf("%d: %+v, %v", n, app.Application, err)
		}
	}
	for name, change := range map[string]func(o, data map[string]any){
		"requestData.deliveryAddress":  func(_, data map[string]any) { data["deliveryAddress"] = map[string]any{"city": "SINTANG"} },
		"requestData.credentialNumber": func(_, data map[string]any) { data["credentialNumber"] = "1" },
		"requestData.requestType":      func(_, data map[string]any) { data["requestType"] = "OTHER" },
		"requestData.validToDate":      func(_, data map[string]any) { data["validToDate"] = "2030-01-01T00:00:00Z" },
		"state": func(_, data map[string]any) {
			data["others"].(map[string]any)["blanko"].(map[string]any)["state"] = "queued"
		},
		"case":          func(_, data map[string]any) { data["others"].(map[string]any)["case"] = 1 },
		"status":        func(o, _ map[string]any) { o["status"] = "ISSUED" },
		"credentialIds": func(o, _ map[string]any) { o["credentialIds"] = []string{"x"} },
		"personId":      func(o, _ map[string]any) { o["personId"] = "x" },
		"address":       func(o, _ map[string]any) { o["biographicData"] = map[string]any{"address": "X"} },
		"biometricData": func(o, _ map[string]any) { o["biometricData"] = []any{map[string]any{"biometricType": "FACE"}} },
		"encryption":    func(o, _ map[string]any) { o["encryption"] = map[string]any{"type": "JWE", "scope": "$"} },
	} {
		if text := r.wants(400, system, "PUT", at, edit(read, change)); !strings.Contains(text, name) {
			t.Errorf("%s: %s", name, text)
		}
	}
	changed := edit(string(r.records[0]), func(o, _ map[string]any) { o["biographicData"].(map[string]any)["address"] = "JALAN LAIN" })
	r.wants(400, system, "PUT", at, changed)

	// What is not opened or not checked here is refused by its name, never taken for something else.
	for pointer, change := range map[string]func(o, data map[string]any){
		"/encryption": func(o, _ map[string]any) {
			o["encryption"] = map[string]any{"type": "PKCS7", "scope": "$.biometricData"}
		},
		"/biometricData/0/encryption/type": func(o, _ map[string]any) {
			o["biometricData"].([]any)[0].(map[string]any)["encryption"] = map[string]any{"type": "PKCS7", "scope": "$.image"}
		},
		"/integrity/0/type": func(o, _ map[string]any) { o["integrity"].([]any)[0].(map[string]any)["type"] = "PKCS7" },
		"/integrity/0/signatureRef": func(o, _ map[string]any) {
			o["integrity"].([]any)[0].(map[string]any)["signatureRef"] = "https://x.invalid"
		},
		"/integrity/0/encrypted":      func(o, _ map[string]any) { o["integrity"].([]any)[0].(map[string]any)["encrypted"] = true },
		"requestData.deliveryAddress": func(_, data map[string]any) { data["deliveryAddress"] = map[string]any{"city": "SINTANG"} },
	} {
		if text := r.wants(400, system, "POST", request(r.ids[1]), edit(string(r.records[1]), change)); !strings.Contains(text, pointer) {
			t.Errorf("%s: %s", pointer, text)
		}
	}
}

// A card that is revoked before it is handed over never is; its request waits until it is retired.
func TestRevokedBeforeTheHandOver(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	id := r.created(0)
	r.queued(id)
	const chip = "0000CAFE000000000004"
	at := "/v1/credentials/" + r.made(chip, jobs.Eject).String()
	r.wants(204, system, "POST", at+"/revoke", `{"reason":"stolen"}`)
	r.wants(204, system, "POST", at+"/revoke", `{"reason":"stolen"}`)
	if got := r.read(request(r.ids[0])); got.Status != "PENDING" || got.RequestData.Others.Blanko.State != "recalled" {
		t.Errorf("%+v", got)
	}
	if _, err := r.reg.Do(t.Context(), matcher, r.holder(id, chip), "try"); err == nil {
		t.Error("a revoked card was matched")
	}
	r.blocked(chip)
	r.do(admin, registry.RetireCard{Chip: chip, Because: registry.Because{Reason: "stolen"}, Second: boss})
	if got := r.read(at); got.Status != "REVOKED" {
		t.Errorf("%+v", got)
	}
}

// A card that is revoked because its holder died ends with their request: no other card is made for it.
func TestRevokedForADeath(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]string{"died": "CANCELLED", "stolen": "FAILED"} {
		r := workshop(t)
		id := r.created(0)
		r.queued(id)
		const chip = "0000CAFE000000000005"
		at := "/v1/credentials/" + r.made(chip, jobs.Eject).String()
		r.wants(204, system, "POST", at+"/status", fmt.Sprintf(`{"status":"REVOKED","reason":%q}`, reason))
		r.wants(204, system, "POST", at+"/revoke", fmt.Sprintf(`{"reason":%q}`, reason))
		r.blocked(chip)
		r.do(admin, registry.RetireCard{Chip: chip, Because: registry.Because{Reason: "recalled"}, Second: boss})
		if got := r.read(request(r.ids[0])); got.Status != want {
			t.Errorf("%s: the request is %s, want %s", reason, got.Status, want)
		}
	}
}

// An update takes a credential as it was read, by any of its members. What is printed is renewed, not
// written; others is the center's own, but for the member that the station fills.
func TestUpdateOfACredential(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	r.queued(r.created(0))
	at := "/v1/credentials/" + r.made("0000CAFE000000000005", jobs.Eject).String()
	whole := r.wants(200, system, "GET", at, "")
	r.wants(204, system, "PUT", at, whole)
	var members map[string]json.RawMessage
	must(t, json.Unmarshal([]byte(whole), &members))
	for name, value := range members {
		r.wants(204, system, "PUT", at, fmt.Sprintf(`{%q:%s}`, name, value))
		r.wants(400, system, "PUT", at, fmt.Sprintf(`{%q:"another"}`, name))
	}
	for _, body := range []string{
		`{"others":{"blanko":{"state":"in force"}}}`, `{"others":null}`, `{"others":{"case":"K-1"},"issuingPlace":"JAKARTA"}`,
		`{"others":{"long":"` + strings.Repeat("x", 20<<10) + `"}}`,
	} {
		r.wants(400, system, "PUT", at, body)
	}
	for _, body := range []string{`{"expiryDate":"2030-01-01T00:00:00Z"}`, `{"issuingPlace":"JAKARTA"}`, `{"unknown":1}`, `[]`, `{`} {
		r.wants(400, system, "PUT", at, body)
	}
	if again := r.wants(200, system, "GET", at, ""); again != whole {
		t.Errorf("it was %s, and is %s", whole, again)
	}

	others := func(want string) {
		t.Helper()
		var got struct{ Others map[string]json.RawMessage }
		must(t, json.Unmarshal([]byte(r.wants(200, system, "GET", at, "")), &got))
		if string(got.Others["case"]) != want || got.Others["blanko"] == nil {
			t.Errorf("others %s", got.Others)
		}
	}
	r.wants(204, system, "PUT", at+"?transactionId=u1", `{"others":{"case":{"desk":7}}}`)
	others(`{"desk":7}`)
	r.wants(204, system, "PUT", at+"?transactionId=u1", `{"others":{"case":{"desk":7}}}`)
	r.wants(400, system, "PUT", at+"?transactionId=u1", `{"others":{"case":{"desk":8}}}`) // used for something else
	r.wants(204, system, "PUT", at, r.wants(200, system, "GET", at, ""))
	others(`{"desk":7}`)
	r.wants(204, system, "PUT", at, `{"issuingPlace":"SINTANG"}`) // absent: as it is
	others(`{"desk":7}`)
	r.wants(204, system, "PUT", at, `{"others":{"case":"closed"}}`)
	others(`"closed"`)
	r.wants(400, system, "PUT", at+"?transactionId=u1", `{"others":{"case":{"desk":7}}}`) // it changed since
	r.wants(204, system, "PUT", at, `{"others":{}}`)
	others("")
}
