package center

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	_ "image/jpeg" // portraits
	_ "image/png"  // signature images
	"time"

	"blanko/emulator/people"
	"blanko/ktp"
)

// Profiles of the card: for citizens and for foreign residents.
const (
	profileWNI = "ktp-el-wni"
	profileOA  = "ktp-el-oa"
)

// draft is a record before it is written: what the center knows of one request.
type draft struct {
	id         string
	version    int
	office     string
	validUntil string // RFC 3339
	messageID  string
	kind       ktp.ApplicationRow
	priority   int
	delivery   string
	resident   people.Resident
	keys       epoch
	odd        oddKeys
}

// build makes the record: a CredentialRequest of OSIA with the identity signature for the chip
// and the detached JWS over all but the members that may change later. A broken kind bends it
// on the way.
func (d draft) build(k *Kind) (object, error) {
	bend := k
	if bend == nil {
		bend = &Kind{}
	}
	if bend.data != nil {
		if err := bend.data(&d); err != nil {
			return nil, err
		}
	}
	claim := d.claim()
	if bend.claim != nil {
		bend.claim(&claim)
	}
	identityKey := d.keys.identity
	if bend.identityKey != nil {
		identityKey = bend.identityKey(d)
	}
	sig, err := identityKey.sign(claim.Statement())
	if err != nil {
		return nil, err
	}
	record, err := d.tree(identityKey.ID, sig)
	if err != nil {
		return nil, err
	}
	if bend.before != nil {
		bend.before(&record)
	}
	payload, err := payload(record)
	if err != nil {
		return nil, err
	}
	recordKey := d.keys.record
	if bend.recordKey != nil {
		recordKey = bend.recordKey(d)
	}
	jws, err := recordKey.detached(payload)
	if err != nil {
		return nil, err
	}
	if bend.jws != nil {
		if jws, err = bend.jws(d, jws, payload); err != nil {
			return nil, err
		}
	}
	sum := sha256.Sum256(payload)
	record.set("integrity", []any{&object{
		{"type", "JWS"}, {"scope", "$"}, {"alg", "SHA256"}, {"hash", sum[:]}, {"signature", jws},
	}})
	if bend.after != nil {
		bend.after(&record)
	}
	return record, nil
}

// payload is what the record's signature covers.
func payload(record object) ([]byte, error) {
	covered := record.without("integrity", "status")
	if request, ok := covered.get("requestData").(*object); ok {
		copied := object{}
		for _, m := range covered {
			copied = append(copied, &member{m.name, m.value})
		}
		inner := request.without("priority", "deliveryOffice", "deliveryAddress")
		copied.set("requestData", &inner)
		covered = copied
	}
	return canonicalJSON(covered)
}

// claim is the identity as the center signs it for the chip (card profile KTPEL-OP 1, section 3.3).
func (d draft) claim() ktp.Identity {
	p := d.resident.Person
	return ktp.Identity{
		NIK: p.NIK, Names: p.Names, BirthDate: p.BirthDate, Validity: p.Validity,
		Fingers: [2]*ktp.FingerHashes{ktp.HashSlot(d.resident.Fingers[0]), ktp.HashSlot(d.resident.Fingers[1])},
	}
}

func (d draft) tree(identityKey string, identity []byte) (object, error) {
	p := d.resident.Person
	profile := profileWNI
	request := object{{"priority", d.priority}, {"credentialProfileId", profile}, {"requestType", d.kind.Request}}
	if p.Foreign() {
		request.set("credentialProfileId", profileOA)
		until, err := time.Parse(ktp.DateLayout, p.Validity)
		if err != nil {
			return nil, err
		}
		request.set("validToDate", until.Format(time.RFC3339))
	}
	request.set("deliveryOffice", d.delivery)
	request.set("others", &object{{"blanko", &object{
		{"version", d.version},
		{"office", d.office},
		{"validUntil", d.validUntil},
		{"messageId", d.messageID},
		{"type", string(d.kind.Type)},
		{"identity", &object{{"kid", identityKey}, {"signature", base64url(identity)}}},
	}}})
	biometric, err := biometrics(d.resident)
	if err != nil {
		return nil, err
	}
	return object{
		{"credentialRequestId", d.id},
		{"status", "PENDING"},
		{"requestData", &request},
		{"personId", p.NIK.Digits()},
		{"biographicData", biographic(p)},
		{"biometricData", biometric},
	}, nil
}

// biographic spells the person with the keys of Blanko's own API.
func biographic(p ktp.Person) *object {
	word := func(list []ktp.Word, code byte) string {
		w, _ := ktp.Words(list, code)
		return w.ID
	}
	return &object{
		{"nik", p.NIK.Digits()},
		{"familyCardNumber", p.FamilyCard},
		{"name", p.Names[0]},
		{"placeOfBirth", p.BirthPlace},
		{"dateOfBirth", p.BirthDate.Format(time.DateOnly)},
		{"sex", word(ktp.Sexes, byte(p.Sex))},
		{"bloodType", word(ktp.BloodTypes, byte(p.Blood))},
		{"address", p.Street},
		{"rt", p.RT},
		{"rw", p.RW},
		{"village", p.Village},
		{"district", p.District},
		{"regency", p.Regency},
		{"province", p.Province},
		{"regionCode", p.RegionCode},
		{"religion", word(ktp.Religions, byte(p.Religion))},
		{"maritalStatus", word(ktp.MaritalStatuses, byte(p.Marital))},
		{"occupation", p.Occupation},
		{"citizenship", p.Citizenship},
		{"validUntil", p.Validity},
	}
}

// biometrics lists portrait, signature image, per finger the records 60, 40 and second, and the
// default fingers that are missing.
func biometrics(r people.Resident) ([]any, error) {
	var out []any
	for _, part := range []struct {
		kind, sub, compression string
		picture                ktp.Image
	}{
		{"FACE", "PORTRAIT", "JPEG", r.Portrait}, {"SIGNATURE", "", "PNG", r.Signature},
	} {
		o := object{{"biometricType", part.kind}}
		if part.sub != "" {
			o.set("biometricSubType", part.sub)
		}
		o.set("image", part.picture.Data)
		if c, _, err := image.DecodeConfig(bytes.NewReader(part.picture.Data)); err == nil {
			o.set("width", c.Width)
			o.set("height", c.Height)
		}
		o.set("mimeType", part.picture.MIME)
		o.set("compression", part.compression)
		out = append(out, &o)
	}
	for _, s := range r.Fingers {
		if s.Empty() {
			continue
		}
		for _, t := range []struct {
			instance string
			template []byte
		}{{"60", s.Best60}, {"40", s.Best40}, {"second", s.Second}} {
			if t.template == nil {
				continue
			}
			o := object{
				{"biometricType", "FINGER"},
				{"biometricSubType", s.Finger.String()},
				{"instance", t.instance},
				{"impressionType", "LIVE_SCAN_PLAIN"},
				{"template", t.template},
				{"templateFormat", "ISO_19794_2"},
			}
			if q, ok := fmrQuality(t.template); ok {
				o.set("quality", q)
				o.set("qualityFormat", "ISO_19794")
			}
			out = append(out, &o)
		}
	}
	for _, e := range r.Exceptions {
		word := people.Presence(e.Reason)
		if word == "" {
			return nil, fmt.Errorf("no presence word for reason %d", e.Reason)
		}
		out = append(out, &object{
			{"biometricType", "FINGER"},
			{"biometricSubType", e.Finger.String()},
			{"missing", []any{&object{{"biometricSubType", e.Finger.String()}, {"presence", word}}}},
		})
	}
	return out, nil
}

// fmrQuality is the quality byte of the first view of an ISO/IEC 19794-2:2005 record.
func fmrQuality(b []byte) (int, bool) {
	const at = 26
	if len(b) <= at || string(b[:4]) != "FMR\x00" {
		return 0, false
	}
	return int(b[at]), true
}

// uuid is a version 4 shaped UUID that depends on its parts alone.
func uuid(parts ...any) string {
	h := sha256.Sum256([]byte(fmt.Sprintf("%v", parts)))
	h[6], h[8] = h[6]&0x0F|0x40, h[8]&0x3F|0x80
	x := hex.EncodeToString(h[:16])
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}
