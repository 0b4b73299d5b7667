package osia

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/osia"
)

// statuses of requests. A request is issued when its card is handed over, or with another Dinas, not when it is made;
// every state that is not here is PENDING.
var statuses = map[registry.State]string{
	registry.HandedOver: "ISSUED", registry.PassedOn: "ISSUED",
	registry.Cancelled: "CANCELLED", registry.Withdrawn: "CANCELLED",
	registry.Rejected: "FAILED", registry.Closed: "FAILED",
}

const pending = "PENDING"

func statusOf(s registry.State) string {
	if word, ok := statuses[s]; ok {
		return word
	}
	return pending
}

// atAnOffice is why no address is taken.
const atAnOffice = "a card is handed over at an office: name it in deliveryOffice"

// createRequest takes a record in: its own check first, then the door that the feed comes through. An id that is
// here is a conflict, also under the same transaction: who had no answer reads the request.
func (s *server) createRequest(r request) (int, any, error) {
	ctx, id := r.Context(), r.PathValue("credentialRequestId")
	if !osia.ValidID(id) {
		return 0, nil, bad(codeSchema, "credentialRequestId", "1 to 64 letters, digits, dots, colons, dashes, and no NIK")
	}
	c, err := s.Checker(ctx)
	if err != nil {
		return 0, nil, err
	}
	checked, err := c.Check(r.body, id, s.Now())
	if no, ok := errors.AsType[*osia.Refusal](err); ok {
		return 0, nil, refused(no)
	} else if err != nil {
		return 0, nil, err
	}
	var wish struct {
		RequestData struct {
			DeliveryAddress json.RawMessage `json:"deliveryAddress"`
		} `json:"requestData"`
	}
	if err := json.Unmarshal(r.body, &wish); err != nil || wish.RequestData.DeliveryAddress != nil {
		return 0, nil, bad(codeSchema, "requestData.deliveryAddress", atAnOffice)
	}
	res, err := s.Registry.Do(ctx, r.who, registry.PushRecord{
		Record: checked.Record, MessageID: checked.MessageID, Canonical: checked.Canonical, Warnings: checked.Warnings, Transaction: r.outside(),
	}, r.key(id))
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Code == "registry.record_refused" && (e.Detail == string(osia.VersionLower) || e.Detail == string(osia.Replayed)) {
		return 0, nil, refusal{http.StatusConflict, codeKnown, "credentialRequestId: " + e.Detail}
	}
	if err == nil && res.Replayed {
		return 0, nil, refusal{http.StatusConflict, codeKnown, "credentialRequestId: it is here"}
	}
	return http.StatusCreated, nil, err
}

// answer is a CredentialRequest as it is told. Personal data is not given back: who delivered it has
// it, nobody else needs it.
type answer struct {
	CredentialRequestID string         `json:"credentialRequestId"`
	Status              string         `json:"status"`
	RequestData         map[string]any `json:"requestData"`
	PersonID            string         `json:"personId"`
	BiographicData      struct{}       `json:"biographicData"`
	CredentialIDs       []string       `json:"credentialIds"`
}

// maskNIK shows the last four digits.
func maskNIK(n ktp.NIK) string {
	const shown = 4
	d := n.Digits()
	if len(d) <= shown {
		return strings.Repeat("*", len(d))
	}
	return strings.Repeat("*", len(d)-shown) + d[len(d)-shown:]
}

// find reads a request; one that no record came for is none of the center's.
func (s *server) find(r request) (d registry.ApplicationDetail, record ktp.Record, place registry.Place, err error) {
	ctx, id := r.Context(), registry.ApplicationID(r.PathValue("credentialRequestId"))
	if d, err = s.Registry.Application(ctx, id); err != nil {
		return d, record, place, err
	}
	if d.Application.Version == 0 {
		return d, record, place, refusal{http.StatusNotFound, codeUnknown, "no such request"}
	}
	if record, err = s.Registry.Record(ctx, id); err != nil {
		return d, record, place, err
	}
	place, err = s.Registry.DeliveryOf(ctx, id)
	return d, record, place, err
}

func (s *server) readRequest(r request) (int, any, error) {
	d, record, place, err := s.find(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, tell(d, record, place), nil
}

func tell(d registry.ApplicationDetail, record ktp.Record, place registry.Place) answer {
	app := d.Application
	row, _ := ktp.Application(ktp.ApplicationType(app.Type))
	own := map[string]any{
		"state": string(app.State), "statusWord": string(app.Word()), "since": app.Since.UTC(), "dueDate": app.Due.UTC(),
		"type": app.Type, "version": app.Version, "reason": app.Cause,
	}
	if d.Cancel != "" {
		own["cancel"] = d.Cancel
	}
	out := answer{
		CredentialRequestID: string(app.ID), Status: statusOf(app.State), PersonID: maskNIK(record.Person.NIK), CredentialIDs: []string{},
		RequestData: map[string]any{
			"priority": app.Priority, "credentialProfileId": record.Profile, "requestType": row.Request, "deliveryOffice": place.ID,
			"others": map[string]any{"blanko": own},
		},
	}
	if record.Parent != "" {
		out.RequestData["parentCredentialId"] = record.Parent
	}
	for _, c := range d.Cards {
		out.CredentialIDs = append(out.CredentialIDs, c.Attempt.String())
	}
	return out
}

// changeable are the members of requestData that an update may change.
var changeable = []string{"priority", "deliveryOffice"}

// updateRequest changes the priority and the place of delivery. What is printed or signed may be repeated as it
// is, the whole signed record too; any other member is refused by its name.
func (s *server) updateRequest(r request) (int, any, error) {
	d, record, place, err := s.find(r)
	if err != nil {
		return 0, nil, err
	}
	body, no := s.Keys.Open(r.body)
	if no != nil {
		return 0, nil, refused(no)
	}
	r.body = body
	var given update
	if err := r.read(&given); err != nil {
		return 0, nil, err
	}
	var present struct {
		RequestData map[string]json.RawMessage `json:"requestData"`
	}
	if err := json.Unmarshal(r.body, &present); err != nil {
		return 0, nil, bad(codeSchema, "requestData", "an object")
	}
	for _, name := range []string{"priority", "credentialProfileId", "requestType"} {
		if _, there := present.RequestData[name]; !there {
			return 0, nil, bad(codeSchema, "requestData."+name, "missing")
		}
	}
	id, data := registry.ApplicationID(r.PathValue("credentialRequestId")), given.RequestData.RequestData
	switch {
	case given.CredentialRequestID != "" && given.CredentialRequestID != string(id):
		return 0, nil, bad(codeFixed, "credentialRequestId", "differs from the address")
	case given.BiographicData == nil:
		return 0, nil, bad(codeSchema, "biographicData", "missing")
	case data.DeliveryAddress != nil:
		return 0, nil, bad(codeFixed, "requestData.deliveryAddress", atAnOffice)
	}
	signed, err := s.Registry.SignedForm(r.Context(), id)
	if err != nil {
		return 0, nil, err
	}
	if form, err := osia.SignedForm(r.body); err != nil || form != signed {
		if err := fixed(given, present.RequestData, tell(d, record, place), record); err != nil {
			return 0, nil, err
		}
	}
	op := registry.UpdateRequest{Application: id, Priority: &data.Priority, Delivery: data.DeliveryOffice, Transaction: r.outside()}
	res, err := s.Registry.Do(r.Context(), r.who, op, r.key(string(id)))
	if err == nil && res.Replayed {
		d, _, place, err = s.find(r)
		if err == nil && (d.Application.Priority != data.Priority || data.DeliveryOffice != "" && data.DeliveryOffice != place.ID && data.DeliveryOffice != place.Region) {
			err = usedBefore
		}
	}
	return http.StatusNoContent, nil, err
}

// update is a CredentialRequest as it may come: as it was created or as it was read.
type update struct {
	osia.CredentialRequest
	RequestData *struct {
		osia.RequestData
		Others struct {
			Blanko map[string]json.RawMessage `json:"blanko"`
		} `json:"others"`
	} `json:"requestData"`
	BiographicData map[string]json.RawMessage `json:"biographicData"`
}

// fixed refuses what differs from a record, or from what was told of it, in what an update cannot change.
func fixed(given update, present map[string]json.RawMessage, told answer, record ktp.Record) error {
	const anew = "is signed or read-only and cannot be changed: cancel and create anew"
	for _, name := range slices.Sorted(maps.Keys(present)) {
		if slices.Contains(changeable, name) || name == "others" {
			continue
		}
		if err := unchanged(map[string]json.RawMessage{name: present[name]}, told.RequestData); err != nil {
			return bad(codeFixed, "requestData."+name, anew)
		}
	}
	if err := unchanged(given.RequestData.Others.Blanko, told.RequestData["others"].(map[string]any)[ours]); err != nil {
		return err
	}
	switch {
	case given.PersonID != record.Person.NIK.Digits() && given.PersonID != told.PersonID:
		return bad(codeFixed, "personId", anew)
	case given.Status != "" && given.Status != told.Status:
		return bad(codeFixed, "status", anew)
	case given.CredentialIDs != nil && !slices.Equal(given.CredentialIDs, told.CredentialIDs):
		return bad(codeFixed, "credentialIds", anew)
	case len(given.BiometricData) > 0:
		return bad(codeFixed, "biometricData", anew)
	case len(given.Integrity) > 0:
		return bad(codeFixed, "integrity", "does not sign the record that is here: cancel and create anew")
	}
	return unchanged(given.BiographicData, osia.Biographic(record.Person))
}

// usedBefore answers a transaction that was carried out before and does not hold any more.
var usedBefore = bad(codeReused, "transactionId", "used before; it changed since")

// memberName is what a name of a member looks like: anything else is not repeated.
var memberName = regexp.MustCompile(`^[a-z][A-Za-z]{0,39}$`)

// unchanged refuses every given member that differs from what is there. Its value is not repeated.
func unchanged(given map[string]json.RawMessage, there any) error {
	text, err := json.Marshal(there)
	if err != nil {
		return err
	}
	have := map[string]any{}
	if err := json.Unmarshal(text, &have); err != nil {
		return err
	}
	for name, raw := range given {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil || !reflect.DeepEqual(v, have[name]) {
			if !memberName.MatchString(name) {
				name = "a member"
			}
			return bad(codeFixed, name, "is printed, signed or read-only and cannot be changed")
		}
	}
	return nil
}

func (s *server) cancelRequest(r request) (int, any, error) {
	if _, _, _, err := s.find(r); err != nil {
		return 0, nil, err
	}
	id := r.PathValue("credentialRequestId")
	_, err := s.Registry.Do(r.Context(), r.who, registry.CancelRequest{Application: registry.ApplicationID(id), Transaction: r.outside()}, r.key(id))
	return http.StatusNoContent, nil, err
}
