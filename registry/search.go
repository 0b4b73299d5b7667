package registry

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"iter"
	"math/big"
	"strconv"
	"sync"
	"time"

	"blanko/biometric/finger"
	"blanko/biometric/finger/gallery"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// Enrolled is one finger of somebody whose application was found unique here: personal data.
type Enrolled struct {
	Application ApplicationID
	Finger      ktp.Finger
	Template    []byte // ISO/IEC 19794-2
}

// Candidate is somebody who may be the same person.
type Candidate struct {
	Application ApplicationID
	Score       int // the best of any finger, 0 to 100
}

// Searcher compares a capture with everybody who was enrolled (1:N). It names those whose score reaches
// the threshold of the comparison, the best first.
type Searcher interface {
	Search(ctx context.Context, probe map[ktp.Finger][]byte, gallery iter.Seq2[Enrolled, error]) ([]Candidate, error)
}

// searchHere is the Searcher of the station itself: a gallery in memory that grows with the rows.
type searchHere struct {
	mu      sync.Mutex
	gallery gallery.Gallery
}

// Search puts in what is new among the rows and looks among them alone.
func (s *searchHere) Search(ctx context.Context, probe map[ktp.Finger][]byte, rows iter.Seq2[Enrolled, error]) ([]Candidate, error) {
	own := map[ktp.Finger]*finger.Impression{}
	for f, b := range probe {
		t, err := finger.Parse(b)
		if err != nil {
			return nil, err
		}
		own[f] = finger.Prepare(t, t.Views[0])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	among := []int{}
	for e, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		n, err := s.gallery.Put(gallery.Key{Owner: string(e.Application), Finger: e.Finger}, e.Template)
		if err != nil {
			return nil, err
		}
		among = append(among, n)
	}
	found, err := s.gallery.Search(own, among)
	if err != nil {
		return nil, err
	}
	var list []Candidate
	for _, c := range found {
		list = append(list, Candidate{ApplicationID(c.Owner), c.Score})
	}
	return list, nil
}

// forget lets go of everybody: who is still enrolled is put in again by the next search.
func (s *searchHere) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gallery = gallery.Gallery{}
}

// mostCandidates bounds what one search names.
const mostCandidates = 20

// Search runs the 1:N search of an application that waits for it, where the station stands alone, and
// writes the result down; it is read as one of the center is (ReadResult). Alike to nobody is unique. For a
// person to decide is who is alike to somebody, who has no finger to search with, and whose fingers are
// not those enrolled under the same NIK before. What was decided is searched again where others were enrolled
// since, among these alone.
func (r *Registry) Search(ctx context.Context, actor Actor, id ApplicationID, key string) (Result, error) {
	var o recordSearch
	err := r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		if !r.cfg.StandAlone {
			return noSearch.At("registry.Search", nil)
		}
		if app.State != AtCenter {
			return wrongState.At("registry.Search", nil).With("state", "%s is %s", app.ID, app.State)
		}
		last, _, err := enrolmentOf(tx, id)
		if err != nil {
			return err
		}
		parts, err := captured(tx, id)
		if err != nil {
			return err
		}
		o = recordSearch{Application: id, Encounter: last.Encounter}
		if o.Mark, err = galleryMark(tx); err != nil {
			return err
		}
		newest, _, err := newestResult(tx, id, last.Encounter)
		if err != nil {
			return err
		}
		var behind int64
		if decided(newest) { // those before were decided about
			if behind, err = searchedTo(tx, id, last.Encounter); err != nil {
				return err
			}
		}
		s := r.cfg.Searcher
		if s == nil {
			s = &r.here
		}
		fingers := fingersOf(parts)
		o.NoFinger = len(fingers) == 0
		if o.Differs, err = differsFromItself(tx, app, fingers); err != nil {
			return err
		}
		o.Candidates, err = s.Search(ctx, fingers, enrolledBut(tx, app.person, behind))
		return err
	})
	if err != nil {
		return Result{}, err
	}
	o.Candidates = o.Candidates[:min(len(o.Candidates), mostCandidates)]
	return r.Do(ctx, actor, o, key)
}

// recordSearch is what Search writes down.
type recordSearch struct {
	Application ApplicationID
	Encounter   int
	Mark        int64 // newest record that was compared
	Candidates  []Candidate
	NoFinger    bool // nothing to compare with
	Differs     bool // from the fingers of the same person, enrolled before
}

func (recordSearch) Name() Name             { return opSearch }
func (o recordSearch) about() ApplicationID { return o.Application }

func (o recordSearch) run(a *act) error {
	const op = "registry.Search"
	last, _, err := enrolmentOf(a.tx, o.Application)
	if err != nil {
		return err
	}
	mark, err := galleryMark(a.tx)
	if err != nil {
		return err
	}
	if !a.r.cfg.StandAlone {
		return noSearch.At(op, nil)
	}
	if last.Encounter != o.Encounter || mark != o.Mark {
		return wrongState.At(op, nil).With("search", "somebody was enrolled meanwhile; search again")
	}
	newest, have, err := newestResult(a.tx, o.Application, o.Encounter)
	if err != nil {
		return err
	}
	if have && decided(newest) {
		behind, err := searchedTo(a.tx, o.Application, o.Encounter)
		if err != nil {
			return err
		}
		if behind >= o.Mark {
			return wrongState.At(op, nil).With("result", "it was decided, and nobody was enrolled since")
		}
	}
	f := Found{Application: o.Application, Encounter: o.Encounter, Sequence: newest.Sequence + 1, Result: ResultAdjudicate, Reason: reasonSearched}
	switch {
	case o.NoFinger:
		f.Reason = reasonNoFinger
	case o.Differs:
		f.Reason = reasonDiffers
	case len(o.Candidates) == 0:
		f.Result = ResultUnique
	}
	if err := keepSearched(a.tx, o.Application, o.Encounter, o.Mark); err != nil {
		return err
	}
	if err := keepCandidates(a.tx, o.Application, o.Candidates); err != nil {
		return err
	}
	a.also["candidates"] = strconv.Itoa(len(o.Candidates))
	a.res.Application = o.Application
	return a.keepResult(f)
}

// Reasons of results of the station's own search.
const (
	reasonSearched = "searched_here"
	reasonNoFinger = "no_finger"
	reasonDiffers  = "own_fingers_differ"
)

// decided reports whether a person decided a result of the station's own search.
func decided(f Found) bool {
	switch f.Reason {
	case "", reasonSearched, reasonNoFinger, reasonDiffers:
		return false
	}
	return true
}

// differsFromItself reports whether fingers of the same person were enrolled before and none of them reaches
// the threshold: somebody may ask for the card of another.
func differsFromItself(tx *store.Tx, app Application, fingers map[ktp.Finger][]byte) (bool, error) {
	enrolled := false
	for e, err := range enrolledOf(tx, app.person) {
		if err != nil {
			return false, err
		}
		enrolled = true
		if fingers[e.Finger] == nil {
			continue
		}
		probe, err := finger.Parse(fingers[e.Finger])
		if err != nil {
			return false, err
		}
		own, err := finger.Parse(e.Template)
		if err != nil {
			return false, err
		}
		if finger.Match(probe, own) >= finger.Threshold() {
			return false, nil
		}
	}
	return enrolled, nil
}

// mostNewer is how many who were enrolled since a search are compared once more in one go.
const mostNewer = 5000

// aloneStill refuses a record where somebody who was enrolled since the search is alike.
func (a *act) aloneStill(op string, app Application) error {
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	behind, err := searchedTo(a.tx, app.ID, last.Encounter)
	if err != nil {
		return err
	}
	newer, err := galleryMark(a.tx)
	if err != nil || newer == behind {
		return err
	}
	if newer-behind > mostNewer {
		return searchAgain.At(op, nil).With("search", "%d fingers were enrolled since", newer-behind)
	}
	parts, err := captured(a.tx, app.ID)
	if err != nil {
		return err
	}
	var here searchHere
	found, err := here.Search(a.tx.Context(), fingersOf(parts), enrolledBut(a.tx, app.person, behind))
	if err == nil && len(found) > 0 {
		err = searchAgain.At(op, nil).With("search", "somebody alike was enrolled since")
	}
	return err
}

// Candidates of an application, the best first.
func (r *Registry) Candidates(ctx context.Context, id ApplicationID) (list []Candidate, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = candidatesOf(tx, id)
		return err
	})
	return list, err
}

// localValidity is how long a record of a station that stands alone may be printed.
const localValidity = 90 * day

// LocalStatement is the identity of an application for the chip, as the data center officer of a
// station that stands alone signs it: personal data.
func (r *Registry) LocalStatement(ctx context.Context, id ApplicationID) (statement []byte, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		record, err := a.localRecord(app)
		statement = record.IdentityClaim().Statement()
		return err
	})
	return statement, err
}

// IssueRecord makes the print-ready record of an application that was found unique, where the station
// stands alone. The signature of a data center officer's key stands for that of a center.
type IssueRecord struct {
	Application ApplicationID
	KeyID       [8]byte  // first 8 bytes of the SHA-256 of the key (SPKI)
	Signature   [64]byte // ECDSA P-256 over the SHA-256 of LocalStatement, r and s
}

func (IssueRecord) Name() Name             { return opIssueRecord }
func (o IssueRecord) about() ApplicationID { return o.Application }

func (o IssueRecord) run(a *act) error {
	const op = "registry.IssueRecord"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if !a.r.cfg.StandAlone {
		return noSearch.At(op, nil)
	}
	if unique, err := a.notified(app); err != nil || !unique {
		if err == nil {
			err = wrongState.At(op, nil).With("result", "nobody has read that it is unique")
		}
		return err
	}
	if err := a.aloneStill(op, app); err != nil {
		return err
	}
	record, err := a.localRecord(app)
	if err != nil {
		return err
	}
	statement := record.IdentityClaim().Statement()
	if !a.r.signedHere(o, statement) {
		return notSigned.At(op, nil).With("signature", "not by a key of this station over this identity")
	}
	record.Identity = ktp.IdentitySignature{KeyID: o.KeyID, Signature: o.Signature}
	if err := a.enrol(app); err != nil {
		return err
	}
	app.Version, app.Specimen = record.Version, false
	if err := app.save(a.tx); err != nil {
		return err
	}
	if err := keepRecord(a.tx, record, sha256.Sum256(statement)); err != nil {
		return err
	}
	if err := a.tell(audit.Event{Code: "record.issued", Application: string(app.ID), Detail: map[string]string{"version": strconv.Itoa(app.Version)}}); err != nil {
		return err
	}
	return a.deliverIfUnique(&app)
}

// signedHere checks a signature against the keys of the station's data center officers.
func (r *Registry) signedHere(o IssueRecord, statement []byte) bool {
	sum := sha256.Sum256(statement)
	for _, k := range r.cfg.LocalKeys {
		spki, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			continue
		}
		id := sha256.Sum256(spki)
		if [8]byte(id[:8]) != o.KeyID {
			continue
		}
		const half = len(o.Signature) / 2
		return ecdsa.Verify(k, sum[:], new(big.Int).SetBytes(o.Signature[:half]), new(big.Int).SetBytes(o.Signature[half:]))
	}
	return false
}

// enrol puts the fingers of a unique person into what later searches look in.
func (a *act) enrol(app Application) error {
	parts, err := captured(a.tx, app.ID)
	if err != nil {
		return err
	}
	for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
		if t := parts[PartOf(f)].Template; len(t) > 0 {
			if err := keepEnrolled(a.tx, app, f, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// missingReasons of a chip finger (card profile, DG13 A2).
var missingReasons = map[Missing]ktp.MissingReason{
	MissingAmputated: ktp.FingerMissing, MissingBandaged: ktp.FingerUncapturable, MissingDamaged: ktp.FingerBelowQuality, NotMissing: ktp.FingerOther,
}

// localRecord makes a record of what was taken and captured here, unsigned.
func (a *act) localRecord(app Application) (r ktp.Record, err error) {
	in, err := a.intake(app.ID)
	if err != nil {
		return r, err
	}
	c, err := a.captured(app.ID)
	if err != nil {
		return r, err
	}
	parts, err := captured(a.tx, app.ID)
	if err != nil {
		return r, err
	}
	face, ink := parts[PartPortrait], parts[PartSignature]
	r = ktp.Record{
		ID: string(app.ID), Version: app.Version + 1, Office: a.r.cfg.Office, Type: app.Type, Priority: app.Priority, DeliveryOffice: in.Delivery,
		ValidUntil: a.now().Add(localValidity).Truncate(time.Second), Profile: ktp.ProfileCitizen, Person: in.Person,
		Portrait: ktp.Image{MIME: face.MIME, Data: face.Data}, Signature: ktp.Image{MIME: ink.MIME, Data: ink.Data},
	}
	if in.Person.Foreign() {
		r.Profile = ktp.ProfileForeign
	}
	for i, f := range c.Fingers {
		if index := substitutes[i][0]; f != index {
			r.Exceptions = append(r.Exceptions, ktp.FingerException{Finger: index, Reason: missingReasons[parts[PartOf(index)].Missing]})
		}
		if f == 0 {
			continue
		}
		s := ktp.FingerSlot{Finger: f}
		if s.Best60, err = best(parts[PartOf(f)].Template, 60); err != nil {
			return r, err
		}
		if s.Best40, err = best(parts[PartOf(f)].Template, 40); err != nil {
			return r, err
		}
		if s.Second, err = secondImpression(a.tx, app.ID, PartOf(f)); err != nil {
			return r, err
		}
		r.Fingers[i] = s
	}
	return r, nil
}

// best is a finger record with its best minutiae, at most n of them.
func best(record []byte, n int) ([]byte, error) {
	t, err := finger.Parse(record)
	if err != nil {
		return nil, err
	}
	return t.Best(n).Encode()
}
