package center

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"

	"blanko/emulator/people"
	"blanko/ktp"
)

// Verdict is what the 1:N search of the center finds.
type Verdict string

const (
	Unique        Verdict = "unique"
	Duplicate     Verdict = "duplicate"
	Adjudicate    Verdict = "adjudicate" // alike to somebody: it waits for what the office finds
	EnrollFailure Verdict = "enroll_failure"
	SearchFailure Verdict = "search_failure"
)

// Search is how the center searches. The zero value finds everybody unique at once. A number called
// Every strikes each so-manieth package; the first that strikes decides.
type Search struct {
	Delay time.Duration // between a package and its result

	LoseEvery          int // taken, and forgotten
	EnrollFailureEvery int
	SearchFailureEvery int
	DuplicateEvery     int
	AdjudicateEvery    int
	CorrectEvery       int // the record of a unique one has another address than was confirmed

	Twice bool // every result stands twice in the feed
}

// package that waits for its result.
type pending struct {
	request   *request
	encounter int
	due       time.Time
	verdict   Verdict
	corrected bool
}

// parcel is an enrolment as it came out of its encryption.
type parcel struct {
	encounter int
	kind      ktp.ApplicationRow
	priority  int
	delivery  string
	confirmed string
	resident  people.Resident
	usable    bool // what was captured can be searched with
}

// SetSearch says how packages are searched that come from now on.
func (c *Center) SetSearch(s Search) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.search = s
	for _, what := range []string{"lose", "enroll failure", "search failure", "duplicate", "adjudicate", "correct"} {
		delete(c.calls, "search "+what)
	}
}

// Enrolled tells which encounters of an application arrived, in their order.
func (c *Center) Enrolled(id string) []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.requests[id]
	if r == nil {
		return nil
	}
	return slices.Clone(r.encounters)
}

// Decide gives a result now, whatever was planned: of the newest encounter of an application.
func (c *Center) Decide(id string, v Verdict, reason string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.requests[id]
	if r == nil || len(r.encounters) == 0 {
		return fmt.Errorf("no application %s was enrolled", id)
	}
	c.pending = slices.DeleteFunc(c.pending, func(p pending) bool { return p.request == r })
	c.conclude(pending{request: r, encounter: r.encounters[len(r.encounters)-1], verdict: v}, reason)
	return nil
}

const maxEnrolment = 48 << 20 // bytes of a body

var enrolmentID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// takeEnrolment takes a package: answered at once, searched later. The same encounter again with the
// same content is answered again and searched once.
func (c *Center) takeEnrolment(r *http.Request) answer {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxEnrolment+1))
	if err != nil {
		return problem(http.StatusBadRequest, "body_unreadable", "the body ended early")
	}
	if len(raw) > maxEnrolment {
		return problem(http.StatusRequestEntityTooLarge, "body_too_large", "at most 48 MiB")
	}
	v, err := parse(bytes.NewReader(raw))
	m, _ := v.(map[string]any)
	text := func(name string) string { s, _ := m[name].(string); return s }
	number, _ := m["encounter"].(json.Number)
	encounter, numberErr := number.Int64()
	if err != nil || m == nil || !enrolmentID.MatchString(text("id")) || numberErr != nil || encounter < 1 || text("package") == "" {
		return problem(http.StatusBadRequest, "schema", "an object with office, id, encounter and package")
	}
	o, refused := c.officeOf(r, text("office"))
	if refused != nil {
		return *refused
	}
	content, code := c.decrypt(text("package"))
	switch code {
	case "":
	case "key_unknown":
		return problem(http.StatusBadRequest, code, "the package is for a key that is not valid")
	default:
		return problem(http.StatusUnprocessableEntity, code, "the package does not open")
	}
	p, wrong := readParcel(content, o.code, text("id"))
	if wrong != "" {
		return problem(http.StatusUnprocessableEntity, "schema", wrong)
	}
	if int64(p.encounter) != encounter {
		return problem(http.StatusUnprocessableEntity, "schema", "another encounter than it says")
	}
	return c.enrol(o, text("id"), p, sha256.Sum256(content))
}

func (c *Center) enrol(o *office, id string, p parcel, content [32]byte) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := jsonAnswer(http.StatusAccepted, object{{"id", id}, {"encounter", p.encounter}})
	r := c.requests[id]
	switch {
	case r != nil && (r.office != o || r.parcel == nil):
		return problem(http.StatusConflict, "id_used", "the id is of another request")
	case r != nil && r.contents[p.encounter] == content:
		return taken
	case r != nil && r.contents[p.encounter] != [32]byte{}:
		return problem(http.StatusConflict, "encounter_used", "the encounter came with another content")
	}
	if r == nil {
		r = &request{id: id, office: o, resident: len(c.requests), created: c.cfg.Now().UTC(), contents: map[int][32]byte{}}
		c.requests[id] = r
	}
	r.parcel = &p
	r.contents[p.encounter] = content
	r.encounters = append(r.encounters, p.encounter)
	if c.strikesLocked("search lose", c.search.LoseEvery) {
		return taken
	}
	c.pending = append(c.pending, pending{
		request: r, encounter: p.encounter, due: c.cfg.Now().Add(c.search.Delay), verdict: c.plan(r),
		corrected: c.strikesLocked("search correct", c.search.CorrectEvery),
	})
	c.searchDue()
	return taken
}

// plan is the verdict over a package that arrives now.
func (c *Center) plan(r *request) Verdict {
	if !r.parcel.usable {
		return EnrollFailure
	}
	for _, one := range []struct {
		what    string
		every   int
		verdict Verdict
	}{
		{"search enroll failure", c.search.EnrollFailureEvery, EnrollFailure},
		{"search search failure", c.search.SearchFailureEvery, SearchFailure},
		{"search duplicate", c.search.DuplicateEvery, Duplicate},
		{"search adjudicate", c.search.AdjudicateEvery, Adjudicate},
	} {
		if c.strikesLocked(one.what, one.every) {
			return one.verdict
		}
	}
	for _, other := range c.requests {
		if other != r && other.parcel != nil && other.withdrawn == "" && len(other.versions) > 0 && bytes.Equal(other.parcel.resident.Fingers[0].Best60, r.parcel.resident.Fingers[0].Best60) &&
			other.parcel.resident.Person.NIK != r.parcel.resident.Person.NIK {
			return Duplicate // the very finger of somebody else
		}
	}
	return Unique
}

// strikesLocked is strikes for a caller that holds the lock.
func (c *Center) strikesLocked(what string, every int) bool {
	if every <= 0 {
		return false
	}
	c.calls[what]++
	return c.calls[what]%every == 0
}

// searchDue gives the results whose time has come. The caller holds the lock.
func (c *Center) searchDue() {
	now := c.cfg.Now()
	var later []pending
	for _, p := range c.pending {
		if p.due.After(now) {
			later = append(later, p)
			continue
		}
		c.conclude(p, "")
	}
	c.pending = later
}

// conclude puts a result into the feed, and behind a unique one its record. The caller holds the lock.
func (c *Center) conclude(p pending, reason string) {
	e := &entry{kind: itemResult, request: p.request, version: p.encounter, verdict: p.verdict, reason: reason, epoch: len(c.epochs) - 1}
	p.request.office.append(e)
	if c.search.Twice {
		again := *e
		p.request.office.append(&again)
	}
	if p.verdict != Unique {
		return
	}
	version := 1
	if len(p.request.versions) > 0 {
		version = p.request.latest().version + 1
	}
	record := c.issue(p.request, version, nil)
	if p.corrected {
		record.corrected++
	}
}

// heed does what an office found at its desks. The caller holds the lock.
func (c *Center) heed(r *request, rep Report) {
	if r.parcel == nil || len(r.encounters) == 0 {
		return
	}
	last := r.encounters[len(r.encounters)-1]
	switch rep.Reason {
	case "different_person":
		c.conclude(pending{request: r, encounter: last, verdict: Unique}, rep.Reason)
	case "same_person":
		c.conclude(pending{request: r, encounter: last, verdict: Duplicate}, rep.Reason)
	}
}

// readParcel takes a package apart; wrong names the first thing that does not fit.
func readParcel(content []byte, office, id string) (p parcel, wrong string) {
	var in struct {
		CredentialRequestID string `json:"credentialRequestId"`
		PersonID            string `json:"personId"`
		RequestData         struct {
			Priority       int    `json:"priority"`
			DeliveryOffice string `json:"deliveryOffice"`
			Others         struct {
				Blanko struct {
					Office    string `json:"office"`
					Type      string `json:"type"`
					Encounter int    `json:"encounter"`
					Confirmed string `json:"confirmed"`
				} `json:"blanko"`
			} `json:"others"`
		} `json:"requestData"`
		BiographicData map[string]any `json:"biographicData"`
		BiometricData  []struct {
			BiometricType, BiometricSubType, Instance, MimeType, Metadata string
			Image, Template                                               []byte
			Missing                                                       []struct{ BiometricSubType, Presence string }
		} `json:"biometricData"`
	}
	if err := json.Unmarshal(content, &in); err != nil {
		return p, "not the agreed JSON"
	}
	own := in.RequestData.Others.Blanko
	row, known := ktp.Application(ktp.ApplicationType(own.Type))
	switch {
	case in.CredentialRequestID != id:
		return p, "/credentialRequestId"
	case own.Office != office:
		return p, "/requestData/others/blanko/office"
	case !known:
		return p, "/requestData/others/blanko/type"
	}
	p = parcel{encounter: own.Encounter, kind: row, priority: in.RequestData.Priority, delivery: in.RequestData.DeliveryOffice, confirmed: own.Confirmed, usable: true}
	if p.resident.Person, wrong = personOf(in.BiographicData); wrong != "" {
		return p, wrong
	}
	if in.PersonID != p.resident.Person.NIK.Digits() {
		return p, "/personId"
	}
	parts := map[string]bool{}
	slots := map[ktp.Finger]*ktp.FingerSlot{}
	var order []ktp.Finger
	for _, b := range in.BiometricData {
		parts[b.BiometricType+" "+b.BiometricSubType] = true
		f, finger := ktp.ParseFinger(b.BiometricSubType)
		switch {
		case b.BiometricType == "FACE" && len(b.Missing) == 0:
			p.resident.Portrait = ktp.Image{MIME: b.MimeType, Data: b.Image}
		case b.BiometricType == "SIGNATURE" && len(b.Missing) == 0:
			p.resident.Signature = ktp.Image{MIME: b.MimeType, Data: b.Image}
		case b.BiometricType == "FINGER" && finger && len(b.Missing) > 0:
			if f == ktp.RightIndex || f == ktp.LeftIndex {
				p.resident.Exceptions = append(p.resident.Exceptions, ktp.FingerException{Finger: f, Reason: reasonOf(b.Missing[0].Presence)})
			}
		case b.BiometricType == "FINGER" && finger && b.Metadata == "chip":
			s := slots[f]
			if s == nil {
				s = &ktp.FingerSlot{Finger: f}
				slots[f] = s
				order = append(order, f)
			}
			if b.Instance == "second" {
				s.Second = b.Template
				continue
			}
			if !readable(b.Template, f) {
				p.usable = false
				continue
			}
			s.Best60, s.Best40 = fewer(b.Template, min(60, int(b.Template[fmrCount]))), fewer(b.Template, min(40, int(b.Template[fmrCount])))
		}
	}
	for _, want := range []string{"FACE PORTRAIT", "SIGNATURE ", "IRIS EYE_RIGHT", "IRIS EYE_LEFT"} {
		if !parts[want] {
			return p, "/biometricData: no " + want
		}
	}
	for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
		if !parts["FINGER "+f.String()] {
			return p, "/biometricData: nothing of " + f.String()
		}
	}
	defaults := [2]ktp.Finger{ktp.RightIndex, ktp.LeftIndex}
	for n, f := range defaults {
		if slots[f] != nil {
			p.resident.Fingers[n] = *slots[f]
		}
	}
	for _, f := range order {
		if f == defaults[0] || f == defaults[1] {
			continue
		}
		for n := range p.resident.Fingers {
			if p.resident.Fingers[n].Empty() {
				p.resident.Fingers[n] = *slots[f]
				break
			}
		}
	}
	return p, ""
}

// readable reports whether a record is one view of the finger (ISO/IEC 19794-2:2005, 7.3 and 7.4).
func readable(record []byte, f ktp.Finger) bool {
	return len(record) > fmrFirst && bytes.HasPrefix(record, []byte("FMR\x00 20\x00")) && record[fmrPosition] == byte(f) &&
		len(record) >= fmrFirst+int(record[fmrCount])*fmrMinutia+2
}

func reasonOf(presence string) ktp.MissingReason {
	switch presence {
	case "AMPUTATED":
		return ktp.FingerMissing
	case "BANDAGED":
		return ktp.FingerUncapturable
	case "DAMAGED":
		return ktp.FingerBelowQuality
	}
	return ktp.FingerOther
}

// personOf reads the biographic data of a package.
func personOf(m map[string]any) (p ktp.Person, wrong string) {
	text := func(name string) string { s, _ := m[name].(string); return s }
	nik, err := ktp.ParseNIK(text("nik"))
	if err != nil {
		return p, "/biographicData/nik"
	}
	born, err := time.Parse(time.DateOnly, text("dateOfBirth"))
	if err != nil {
		return p, "/biographicData/dateOfBirth"
	}
	country, ok := ktp.CountryByName(text("citizenship"))
	if !ok {
		return p, "/biographicData/citizenship"
	}
	p = ktp.Person{
		NIK: nik, FamilyCard: text("familyCardNumber"), Names: []string{text("name")}, BirthPlace: text("placeOfBirth"), BirthDate: born,
		Street: text("address"), RT: text("rt"), RW: text("rw"), Village: text("village"), District: text("district"), Regency: text("regency"),
		Province: text("province"), RegionCode: text("regionCode"), Occupation: text("occupation"), Citizenship: country.Name, Nationality: country.Code,
		Validity: text("validUntil"),
	}
	if others, ok := m["otherNames"].([]any); ok {
		for _, o := range others {
			if s, ok := o.(string); ok {
				p.Names = append(p.Names, s)
			}
		}
	}
	for name, set := range map[string]func(byte){
		"sex": func(c byte) { p.Sex = ktp.Sex(c) }, "bloodType": func(c byte) { p.Blood = ktp.BloodType(c) },
		"religion": func(c byte) { p.Religion = ktp.Religion(c) }, "maritalStatus": func(c byte) { p.Marital = ktp.MaritalStatus(c) },
	} {
		list := map[string][]ktp.Word{"sex": ktp.Sexes, "bloodType": ktp.BloodTypes, "religion": ktp.Religions, "maritalStatus": ktp.MaritalStatuses}[name]
		code := ktp.CodeOf(list, text(name))
		if code == ktp.UnknownCode {
			return p, "/biographicData/" + name
		}
		set(code)
	}
	return p, ""
}

// decrypt opens a compact JWE (RFC 7516) of ECDH-ES and A256GCM for one of the center's enrolment keys.
func (c *Center) decrypt(text string) (content []byte, code string) {
	head, parts, ok := jweParts(text)
	if !ok {
		return nil, "undecryptable"
	}
	c.mu.Lock()
	now := c.cfg.Now()
	var key *signer
	for i := range c.epochs {
		if k := &c.epochs[i].enrolment; k.ID == head.KID && !now.Before(k.NotBefore) && !now.After(k.NotAfter) {
			key = k
		}
	}
	c.mu.Unlock()
	if key == nil {
		return nil, "key_unknown"
	}
	content, err := openJWE(key.private, head, parts)
	if err != nil {
		return nil, "undecryptable"
	}
	return content, ""
}

type jweHead struct {
	Alg, Enc, KID string
	EPK           struct{ Kty, Crv, X, Y string }
}

func jweParts(text string) (head jweHead, parts [][]byte, ok bool) {
	for p := range bytes.SplitSeq([]byte(text), []byte(".")) {
		b, err := base64.RawURLEncoding.Strict().DecodeString(string(p))
		if err != nil {
			return head, nil, false
		}
		parts = append(parts, b)
	}
	const members = 5
	if len(parts) != members || json.Unmarshal(parts[0], &head) != nil {
		return head, nil, false
	}
	parts = append(parts, []byte(text[:bytes.IndexByte([]byte(text), '.')]))
	return head, parts, head.Alg == "ECDH-ES" && head.Enc == "A256GCM" && head.EPK.Crv == "P-256"
}
