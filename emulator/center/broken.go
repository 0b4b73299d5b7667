package center

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/jpeg"
	"slices"
	"strings"

	"blanko/ktp"
)

// Refusal codes of the center protocol.
const (
	refSignatureMissing = "signature_missing"
	refSignatureWrong   = "signature_wrong"
	refKeyUnknown       = "key_unknown"
	refKeyExpired       = "key_expired"
	refIdentityWrong    = "identity_wrong"
	refReplayed         = "replayed"
	refVersionLower     = "version_lower"
	refExpired          = "expired"
	refOfficeOther      = "office_other"
	refSchema           = "schema"
	refPartMissing      = "part_missing"
	refPartUndecodable  = "part_undecodable"
	refPartTooLarge     = "part_too_large"
	refNIKMalformed     = "nik_malformed"
	refText             = "text_unprintable"
	refPhoto            = "photo_below_floor"
	refFinger           = "finger_below_minimum"
	refSuccessor        = "person_has_successor"
)

// Refusals lists every refusal code of the protocol.
var Refusals = []string{
	refSignatureMissing, refSignatureWrong, refKeyUnknown, refKeyExpired, refIdentityWrong, refReplayed, refVersionLower, refExpired,
	refOfficeOther, refSchema, refPartMissing, refPartUndecodable, refPartTooLarge, refNIKMalformed, refText, refPhoto, refFinger, refSuccessor,
}

// history is what a broken record needs to come before it.
type history int

const (
	historyNone          history = iota
	historySameMessage           // a good record of another person with the same message id
	historyHigherVersion         // a good record of the same request with a higher version
	historySamePerson            // a good record of the same person under another request
)

// Kind is one way to break a record, with the refusal it must cause and, as JSON pointers
// (RFC 6901) into the record, all that differs from a good one. Hash and signatures that follow
// from the rest are not listed; they are right unless they are the fault.
type Kind struct {
	Name    string
	Refusal string
	At      []string

	history     history
	data        func(*draft) error                                        // before anything is signed
	claim       func(*ktp.Identity)                                       // what the identity key signs
	identityKey func(draft) signer                                        // who signs it
	before      func(*object)                                             // the record before it is signed
	recordKey   func(draft) signer                                        // who signs it
	jws         func(d draft, jws string, payload []byte) (string, error) // the signature
	after       func(*object)                                             // the record after it was signed
	raw         func([]byte) []byte                                       // the bytes that are sent
}

// Pointers into a record whose resident has both index fingers and a second impression of each.
const (
	atPortrait  = "/biometricData/0"
	atSignature = "/biometricData/1"
	atFinger60  = "/biometricData/2"
	atFinger40  = "/biometricData/3"
	atJWS       = "/integrity/0/signature"
	atBlanko    = "/requestData/others/blanko"
	atIdentity  = atBlanko + "/identity"
)

// Broken is every kind of broken record.
var Broken = []Kind{
	{Name: "integrity_absent", Refusal: refSignatureMissing, At: []string{"/integrity"}, after: func(r *object) { r.drop("integrity") }},
	{Name: "integrity_empty", Refusal: refSignatureMissing, At: []string{"/integrity"}, after: func(r *object) { r.set("integrity", []any{}) }},
	{Name: "integrity_none", Refusal: refSignatureMissing, At: []string{"/integrity/0"}, after: func(r *object) {
		i := at[*object](r, "integrity", 0)
		i.set("type", "NONE")
		i.drop("signature")
	}},
	{Name: "identity_absent", Refusal: refSignatureMissing, At: []string{atIdentity}, before: func(r *object) { blanko(r).drop("identity") }},

	{Name: "name_changed_after_signing", Refusal: refSignatureWrong, At: []string{"/biographicData/name"}, after: set("BUDI LAIN", "biographicData", "name")},
	{Name: "portrait_changed_after_signing", Refusal: refSignatureWrong, At: []string{atPortrait + "/image"}, after: func(r *object) {
		face := at[*object](r, "biometricData", 0)
		face.set("image", comment(face.get("image").([]byte), 16))
	}},
	{Name: "validity_extended_after_signing", Refusal: refSignatureWrong, At: []string{atBlanko + "/validUntil"}, after: func(r *object) { blanko(r).set("validUntil", "2099-12-31T00:00:00Z") }},
	{Name: "version_raised_after_signing", Refusal: refSignatureWrong, At: []string{atBlanko + "/version"}, after: func(r *object) { blanko(r).set("version", 99) }},
	{Name: "finger_dropped_after_signing", Refusal: refSignatureWrong, At: []string{"/biometricData"}, after: func(r *object) {
		r.set("biometricData", slices.Delete(slices.Clone(at[[]any](r, "biometricData")), 2, 5))
	}},
	{Name: "signature_bit_flipped", Refusal: refSignatureWrong, At: []string{atJWS}, jws: func(d draft, _ string, payload []byte) (string, error) {
		return d.compact("ES256", d.keys.record.ID, payload, func(sig []byte) []byte { sig[40] ^= 1; return sig })
	}},
	{Name: "signature_cut", Refusal: refSignatureWrong, At: []string{atJWS}, jws: func(d draft, _ string, payload []byte) (string, error) {
		return d.compact("ES256", d.keys.record.ID, payload, func(sig []byte) []byte { return sig[:63] })
	}},
	{Name: "signature_zero", Refusal: refSignatureWrong, At: []string{atJWS}, jws: func(d draft, _ string, payload []byte) (string, error) {
		return d.compact("ES256", d.keys.record.ID, payload, func(sig []byte) []byte { return make([]byte, len(sig)) })
	}},
	{Name: "signature_of_other_content", Refusal: refSignatureWrong, At: []string{atJWS}, jws: func(d draft, _ string, payload []byte) (string, error) {
		return d.keys.record.detached(append(slices.Clone(payload), ' '))
	}},
	{Name: "algorithm_none", Refusal: refSignatureWrong, At: []string{atJWS}, jws: func(d draft, _ string, payload []byte) (string, error) {
		return d.compact("none", d.keys.record.ID, payload, func([]byte) []byte { return nil })
	}},
	{Name: "algorithm_hmac", Refusal: refSignatureWrong, At: []string{atJWS}, jws: func(d draft, _ string, payload []byte) (string, error) {
		head, err := canonicalJSON(jwsHeader("HS256", d.keys.record.ID))
		if err != nil {
			return "", err
		}
		mac := hmac.New(sha256.New, d.keys.record.SPKI)
		mac.Write([]byte(base64url(head) + "." + base64url(payload)))
		return base64url(head) + ".." + base64url(mac.Sum(nil)), nil
	}},
	{Name: "payload_attached", Refusal: refSignatureWrong, At: []string{atJWS}, jws: func(_ draft, jws string, payload []byte) (string, error) {
		return strings.Replace(jws, "..", "."+base64url(payload)+".", 1), nil
	}},

	{Name: "key_unknown", Refusal: refKeyUnknown, At: []string{atJWS}, recordKey: func(d draft) signer { return d.odd.stranger }},
	{Name: "key_of_other_use", Refusal: refKeyUnknown, At: []string{atJWS}, recordKey: func(d draft) signer { return d.keys.identity }},
	{Name: "identity_key_unknown", Refusal: refKeyUnknown, At: []string{atIdentity}, identityKey: func(d draft) signer { return d.odd.strangerIdentity }},
	{Name: "key_expired", Refusal: refKeyExpired, At: []string{atJWS}, recordKey: func(d draft) signer { return d.odd.retired }},
	{Name: "key_not_yet_valid", Refusal: refKeyExpired, At: []string{atJWS}, recordKey: func(d draft) signer { return d.odd.early }},

	{Name: "identity_bit_flipped", Refusal: refIdentityWrong, At: []string{atIdentity + "/signature"}, before: func(r *object) {
		i := at[*object](blanko(r), "identity")
		sig, err := base64.RawURLEncoding.DecodeString(i.get("signature").(string))
		if err == nil {
			sig[20] ^= 1
		}
		i.set("signature", base64url(sig))
	}},
	{Name: "identity_of_other_name", Refusal: refIdentityWrong, At: []string{atIdentity + "/signature"}, claim: func(i *ktp.Identity) { i.Names = []string{"BUDI LAIN"} }},
	{Name: "identity_of_other_birth_date", Refusal: refIdentityWrong, At: []string{atIdentity + "/signature"}, claim: func(i *ktp.Identity) { i.BirthDate = i.BirthDate.AddDate(0, 0, 1) }},
	{Name: "identity_of_other_finger", Refusal: refIdentityWrong, At: []string{atIdentity + "/signature"}, claim: func(i *ktp.Identity) { i.Fingers[0], i.Fingers[1] = i.Fingers[1], i.Fingers[0] }},

	{Name: "replayed", Refusal: refReplayed, At: []string{atBlanko + "/messageId"}, history: historySameMessage},
	{Name: "version_lower", Refusal: refVersionLower, history: historyHigherVersion},
	{Name: "person_has_successor", Refusal: refSuccessor, history: historySamePerson},

	{Name: "expired", Refusal: refExpired, At: []string{atBlanko + "/validUntil"}, data: func(d *draft) error { d.validUntil = "2020-01-01T00:00:00Z"; return nil }},
	{Name: "office_other", Refusal: refOfficeOther, At: []string{atBlanko + "/office"}, data: func(d *draft) error {
		if d.office = "11.01"; d.resident.Person.RegionCode[:5] == d.office {
			d.office = "11.02"
		}
		return nil
	}},

	{Name: "member_unknown", Refusal: refSchema, At: []string{"/note"}, before: set("seen", "note")},
	{Name: "member_unknown_in_part", Refusal: refSchema, At: []string{atPortrait + "/caption"}, before: set("front", "biometricData", 0, "caption")},
	{Name: "member_twice", Refusal: refSchema, raw: func(b []byte) []byte { return append([]byte(`{"personId":"0",`), b[1:]...) }},
	{Name: "nested_deep", Refusal: refSchema, At: []string{"/requestData/others/deep"}, before: func(r *object) {
		var v any = "bottom"
		for range 5000 {
			v = []any{v}
		}
		at[*object](r, "requestData", "others").set("deep", v)
	}},
	{Name: "id_of_other_request", Refusal: refSchema, At: []string{"/credentialRequestId"}, before: set("00000000-0000-4000-8000-000000000000", "credentialRequestId")},
	{Name: "request_type_absent", Refusal: refSchema, At: []string{"/requestData/requestType"}, before: func(r *object) { at[*object](r, "requestData").drop("requestType") }},
	{Name: "request_type_unknown", Refusal: refSchema, At: []string{"/requestData/requestType"}, before: set("GIFT", "requestData", "requestType")},
	{Name: "application_type_unknown", Refusal: refSchema, At: []string{atBlanko + "/type"}, before: func(r *object) { blanko(r).set("type", "gift") }},
	{Name: "profile_unknown", Refusal: refSchema, At: []string{"/requestData/credentialProfileId"}, before: set("sim-a", "requestData", "credentialProfileId")},
	{Name: "priority_as_text", Refusal: refSchema, At: []string{"/requestData/priority"}, after: set("high", "requestData", "priority")},
	{Name: "priority_out_of_range", Refusal: refSchema, At: []string{"/requestData/priority"}, after: set(10, "requestData", "priority")},
	{Name: "version_zero", Refusal: refSchema, At: []string{atBlanko + "/version"}, before: func(r *object) { blanko(r).set("version", 0) }},
	{Name: "message_id_no_uuid", Refusal: refSchema, At: []string{atBlanko + "/messageId"}, before: func(r *object) { blanko(r).set("messageId", "1") }},
	{Name: "validity_no_time", Refusal: refSchema, At: []string{atBlanko + "/validUntil"}, before: func(r *object) { blanko(r).set("validUntil", "besok") }},
	{Name: "birth_date_of_card_form", Refusal: refSchema, At: []string{"/biographicData/dateOfBirth"}, before: set("17-08-1990", "biographicData", "dateOfBirth")},
	{Name: "birth_date_impossible", Refusal: refSchema, At: []string{"/biographicData/dateOfBirth"}, before: set("1990-02-30", "biographicData", "dateOfBirth")},
	{Name: "sex_unknown", Refusal: refSchema, At: []string{"/biographicData/sex"}, before: set("X", "biographicData", "sex")},
	{Name: "religion_unknown", Refusal: refSchema, At: []string{"/biographicData/religion"}, before: set("JEDI", "biographicData", "religion")},
	{Name: "portrait_by_reference", Refusal: refSchema, At: []string{atPortrait + "/image", atPortrait + "/imageRef"}, before: func(r *object) {
		face := at[*object](r, "biometricData", 0)
		face.drop("image")
		face.set("imageRef", "http://127.0.0.1:9/portrait.jpg")
	}},

	{Name: "portrait_absent", Refusal: refPartMissing, At: []string{"/biometricData"}, before: dropParts(0, 1)},
	{Name: "portrait_empty", Refusal: refPartMissing, At: []string{atPortrait + "/image"}, before: set("", "biometricData", 0, "image")},
	{Name: "signature_image_absent", Refusal: refPartMissing, At: []string{"/biometricData"}, before: dropParts(1, 2)},
	{Name: "finger_without_reason", Refusal: refPartMissing, At: []string{"/biometricData"}, before: dropParts(2, 5)},
	{Name: "finger_40_absent", Refusal: refPartMissing, At: []string{"/biometricData"}, before: dropParts(3, 4)},

	{Name: "portrait_cut", Refusal: refPartUndecodable, At: []string{atPortrait + "/image"}, data: func(d *draft) error {
		d.resident.Portrait.Data = d.resident.Portrait.Data[:len(d.resident.Portrait.Data)/2]
		return nil
	}},
	{Name: "portrait_no_picture", Refusal: refPartUndecodable, At: []string{atPortrait}, data: func(d *draft) error {
		d.resident.Portrait.Data = []byte("this is no picture")
		return nil
	}},
	{Name: "portrait_not_base64", Refusal: refPartUndecodable, At: []string{atPortrait + "/image"}, before: set("?!?!", "biometricData", 0, "image")},
	{Name: "signature_image_damaged", Refusal: refPartUndecodable, At: []string{atSignature + "/image"}, data: func(d *draft) error {
		b := slices.Clone(d.resident.Signature.Data)
		b[len(b)/2] ^= 0xFF
		d.resident.Signature.Data = b
		return nil
	}},
	{Name: "template_no_record", Refusal: refPartUndecodable, At: []string{atFinger60}, data: func(d *draft) error {
		d.resident.Fingers[0].Best60 = []byte("FMR\x00")
		return nil
	}},
	{Name: "template_cut", Refusal: refPartUndecodable, At: []string{atFinger60 + "/template"}, data: func(d *draft) error {
		d.resident.Fingers[0].Best60 = d.resident.Fingers[0].Best60[:200]
		return nil
	}},
	{Name: "template_of_other_finger", Refusal: refPartUndecodable, At: []string{atFinger60 + "/template"}, data: func(d *draft) error {
		b := slices.Clone(d.resident.Fingers[0].Best60)
		b[fmrPosition] = byte(ktp.RightRing)
		d.resident.Fingers[0].Best60 = b
		return nil
	}},

	{Name: "record_too_large", Refusal: refPartTooLarge, At: []string{atPortrait + "/image"}, data: func(d *draft) error {
		d.resident.Portrait.Data = comment(d.resident.Portrait.Data, maxRecord)
		return nil
	}},
	{Name: "portrait_of_huge_size", Refusal: refPartTooLarge, At: []string{atPortrait + "/image", atPortrait + "/width", atPortrait + "/height"}, data: func(d *draft) error {
		d.resident.Portrait.Data = jpegSize(d.resident.Portrait.Data, 60000, 60000)
		return nil
	}},
	{Name: "finger_40_has_60", Refusal: refPartTooLarge, At: []string{atFinger40 + "/template"}, data: func(d *draft) error {
		d.resident.Fingers[0].Best40 = d.resident.Fingers[0].Best60
		return nil
	}},

	{Name: "nik_short", Refusal: refNIKMalformed, At: []string{"/biographicData/nik", "/personId"}, data: func(d *draft) error {
		d.resident.Person.NIK = d.resident.Person.NIK[:15]
		return nil
	}},
	{Name: "nik_with_letter", Refusal: refNIKMalformed, At: []string{"/biographicData/nik", "/personId"}, data: func(d *draft) error {
		d.resident.Person.NIK = d.resident.Person.NIK[:15] + "O"
		return nil
	}},

	{Name: "name_in_small_letters", Refusal: refText, At: []string{"/biographicData/name"}, data: name("Budi Santoso")},
	{Name: "name_with_control", Refusal: refText, At: []string{"/biographicData/name"}, data: name("BUDI\u0007SANTOSO")},
	{Name: "name_not_in_nfc", Refusal: refText, At: []string{"/biographicData/name"}, data: name("JOSE\u0301 SANTOSO")},
	{Name: "name_with_two_spaces", Refusal: refText, At: []string{"/biographicData/name"}, data: name("BUDI  SANTOSO")},
	{Name: "name_of_other_script", Refusal: refText, At: []string{"/biographicData/name"}, data: name("БУДИ 😀")},
	{Name: "name_turned_around", Refusal: refText, At: []string{"/biographicData/name"}, data: name("BUDI \u202eOSOTNAS")},
	{Name: "address_with_line_break", Refusal: refText, At: []string{"/biographicData/address"}, data: func(d *draft) error {
		d.resident.Person.Street = "JL. MERDEKA\nNO. 1"
		return nil
	}},

	{Name: "photo_small", Refusal: refPhoto, At: []string{atPortrait + "/image", atPortrait + "/width", atPortrait + "/height"}, data: func(d *draft) error {
		small, err := halved(d.resident.Portrait.Data)
		d.resident.Portrait.Data = small
		return err
	}},
	{Name: "finger_thin", Refusal: refFinger, At: []string{atFinger60 + "/template", atFinger40 + "/template"}, data: func(d *draft) error {
		const few = 8 // below any floor; two thirds of a usual match threshold
		f := &d.resident.Fingers[0]
		f.Best60, f.Best40 = fewer(f.Best60, few), fewer(f.Best40, few)
		return nil
	}},
}

// kindOf finds a kind by its name.
func kindOf(name string) (*Kind, bool) {
	for i := range Broken {
		if Broken[i].Name == name {
			return &Broken[i], true
		}
	}
	return nil, false
}

// at walks down members and elements to a value of a known type.
func at[T any](v any, path ...any) T {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			v = v.(*object).get(s)
		case int:
			v = v.([]any)[s]
		}
	}
	return v.(T)
}

func blanko(r *object) *object { return at[*object](r, "requestData", "others", "blanko") }

// set gives the member at the end of the path a value.
func set(value any, path ...any) func(*object) {
	return func(r *object) {
		last := len(path) - 1
		at[*object](r, path[:last]...).set(path[last].(string), value)
	}
}

func dropParts(from, to int) func(*object) {
	return func(r *object) {
		r.set("biometricData", slices.Delete(slices.Clone(at[[]any](r, "biometricData")), from, to))
	}
}

func name(s string) func(*draft) error {
	return func(d *draft) error {
		d.resident.Person.Names = []string{s}
		return nil
	}
}

// compact is a detached JWS whose header and signature are the caller's.
func (d draft) compact(alg, kid string, payload []byte, bend func([]byte) []byte) (string, error) {
	head, err := canonicalJSON(jwsHeader(alg, kid))
	if err != nil {
		return "", err
	}
	sig, err := d.keys.record.sign([]byte(base64url(head) + "." + base64url(payload)))
	if err != nil {
		return "", err
	}
	return base64url(head) + ".." + base64url(bend(sig)), nil
}

// comment puts comment segments of at least so many bytes behind the start of a JPEG.
func comment(picture []byte, size int) []byte {
	const most = 65533 // bytes of one segment (ITU-T T.81, B.2.4.5)
	out := append([]byte{}, picture[:2]...)
	for size > 0 {
		n := min(size, most)
		out = append(out, 0xFF, 0xFE)
		out = binary.BigEndian.AppendUint16(out, uint16(n+2))
		out = append(out, bytes.Repeat([]byte{' '}, n)...)
		size -= n
	}
	return append(out, picture[2:]...)
}

// jpegSize rewrites the size in the frame header of a baseline JPEG (ITU-T T.81, B.2.2).
func jpegSize(picture []byte, width, height int) []byte {
	out := slices.Clone(picture)
	for i := 2; i+9 < len(out) && out[i] == 0xFF; i += 2 + int(binary.BigEndian.Uint16(out[i+2:])) {
		if out[i+1] == 0xC0 {
			binary.BigEndian.PutUint16(out[i+5:], uint16(height))
			binary.BigEndian.PutUint16(out[i+7:], uint16(width))
			break
		}
	}
	return out
}

func halved(picture []byte) ([]byte, error) {
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, b.Dx()/2, b.Dy()/2))
	for y := range b.Dy() / 2 {
		for x := range b.Dx() / 2 {
			small.Set(x, y, img.At(b.Min.X+2*x, b.Min.Y+2*y))
		}
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, small, nil)
	return out.Bytes(), err
}

// Offsets in an ISO/IEC 19794-2:2005 record of one view.
const (
	fmrLength   = 8
	fmrPosition = 24
	fmrCount    = 27
	fmrFirst    = 28
	fmrMinutia  = 6
)

// fewer keeps the first n minutiae of a record of one view without extensions.
func fewer(record []byte, n int) []byte {
	out := append(slices.Clone(record[:fmrFirst+n*fmrMinutia]), 0, 0)
	binary.BigEndian.PutUint32(out[fmrLength:], uint32(len(out)))
	out[fmrCount] = byte(n)
	return out
}
