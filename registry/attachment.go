package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// AttachmentForm is the class of the signed application form (F-1.02).
const AttachmentForm = "form"

// Attachment is a scan that belongs to an application. Its class says how long it is kept.
type Attachment struct {
	ID          string
	Application ApplicationID
	Class       string // form, requirement.<id>, photograph, ...
	MIME        string
	Size        int
	Digest      string // SHA-256, hex
	At          time.Time
	Actor       string
	ErasedAt    time.Time
}

// mostAttachment bounds the bytes of one scan: a page of 300 dpi in color.
const mostAttachment = 8 << 20

var (
	attachmentKinds = []string{"application/pdf", "image/jpeg", "image/png"}
	attachmentClass = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}(\.[a-z0-9_]{1,40})?$`)
)

// Attach keeps a scan with an application. The caller has checked and re-encoded what came from
// outside. Result.Answer is its id.
type Attach struct {
	Application ApplicationID
	Class       string
	MIME        string
	Data        []byte // personal data
}

// String shows class and size alone.
func (o Attach) String() string {
	return "Attach(" + o.Class + ", " + strconv.Itoa(len(o.Data)) + " bytes)"
}

// GoString shows class and size alone.
func (o Attach) GoString() string { return o.String() }

func (Attach) Name() Name             { return opAttach }
func (o Attach) about() ApplicationID { return o.Application }

func (o Attach) run(a *act) error {
	const op = "registry.Attach"
	switch {
	case !attachmentClass.MatchString(o.Class):
		return badOperation.At(op, nil).With("class", "a word, or two with a dot between")
	case !slices.Contains(attachmentKinds, o.MIME):
		return badOperation.At(op, nil).With("mime", "application/pdf, image/jpeg or image/png")
	case len(o.Data) == 0 || len(o.Data) > mostAttachment:
		return badOperation.At(op, nil).With("data", "1 to %d bytes", mostAttachment)
	}
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(o.Data)
	t := Attachment{
		ID: id, Application: app.ID, Class: o.Class, MIME: o.MIME, Size: len(o.Data), Digest: hex.EncodeToString(sum[:]), At: a.now(), Actor: a.actor.ID,
	}
	if err := t.insert(a.tx, o.Data); err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Answer = app.ID, app.State, id
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Detail: map[string]string{
		"attachment": id, "class": t.Class, "size": strconv.Itoa(t.Size), "digest": t.Digest,
	}})
}

// RemoveAttachment takes a scan away from an open application: its content is erased, what stood there
// stays in the event log by its hash. Once papers were examined one scan of each that is asked for stays, so
// the right one is attached first.
type RemoveAttachment struct {
	Application ApplicationID
	Attachment  string
	Because
}

func (RemoveAttachment) Name() Name             { return opRemoveAttachment }
func (o RemoveAttachment) about() ApplicationID { return o.Application }

func (o RemoveAttachment) run(a *act) error {
	const op = "registry.RemoveAttachment"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if !app.Open() {
		return wrongState.At(op, nil).With("application", "%s: its scans stay until their time is over", app.State)
	}
	list, err := attachments(a.tx, `where application = ? and erased_at = 0`, app.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(t Attachment) bool { return t.ID == o.Attachment })
	if at < 0 {
		return unknownID.At(op, nil).With("attachment", "no such scan of this application")
	}
	t := list[at]
	alone := !slices.ContainsFunc(list, func(other Attachment) bool { return other.Class == t.Class && other.ID != t.ID })
	if alone && app.State != Received {
		wanted, err := a.wantedScans(app.ID)
		if err != nil {
			return err
		}
		if slices.Contains(wanted, t.Class) {
			return scanMissing.At(op, nil).With("attachments", "%s", t.Class)
		}
	}
	if err := eraseAttachment(a.tx, t.ID); err != nil {
		return err
	}
	a.res.Application, a.res.State = app.ID, app.State
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Detail: map[string]string{
		"attachment": t.ID, "class": t.Class, "digest": t.Digest, "cause": o.Reason,
	}})
}

// wantedScans are the classes of scan without which papers are not examined.
func (a *act) wantedScans(id ApplicationID) ([]string, error) {
	list, err := requirementsOf(a.tx, id)
	if err != nil {
		return nil, err
	}
	return scansOf(list), nil
}

func scansOf(list []Requirement) []string {
	wanted := []string{AttachmentForm}
	for _, r := range list {
		if r.Evidence == EvidenceScan && r.Override == "" {
			wanted = append(wanted, AttachmentOf(r.ID))
		}
	}
	return wanted
}

// WantedScans are the classes of scan that an application of the counter must have before its papers are
// examined; none for one of the center.
func (r *Registry) WantedScans(ctx context.Context, id ApplicationID) (list []string, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		_, taken, err := intakeBy(tx, `where application = ?`, id)
		if err != nil || !taken {
			return err
		}
		list, err = (&act{r: r, tx: tx}).wantedScans(id)
		return err
	})
	return list, err
}

// Attachments are the scans of an application, oldest first, without their content.
func (r *Registry) Attachments(ctx context.Context, id ApplicationID) (list []Attachment, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = attachments(tx, `where application = ? order by at, id`, id)
		return err
	})
	return list, err
}

// ShowAttachment is Attachment for somebody: for who attached it, and for who has asked just now to see the
// person, which is written down.
func (r *Registry) ShowAttachment(ctx context.Context, actor Actor, id string) (Attachment, []byte, error) {
	t, data, err := r.Attachment(ctx, id)
	if err != nil || t.Actor == actor.ID {
		return t, data, err
	}
	var looked bool
	if err := r.store.Read(ctx, func(tx *store.Tx) error {
		looked, err = (&act{r: r, tx: tx, actor: actor}).looked(t.Application)
		return err
	}); err != nil || looked {
		return t, data, err
	}
	err = notAllowed.At("registry.ShowAttachment", nil).With("person", "ask to see the person of the application first")
	r.denied(ctx, actor, Unmask{Application: t.Application}, err, chipSaid{})
	return Attachment{}, nil, err
}

// Attachment is one scan with its content: personal data. It is empty once erased.
func (r *Registry) Attachment(ctx context.Context, id string) (t Attachment, data []byte, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err := attachments(tx, `where id = ?`, id)
		if err == nil && len(list) == 0 {
			err = unknownID.At("registry.Attachment", nil).With("attachment", "no such id here")
		}
		if err != nil {
			return err
		}
		t = list[0]
		data, err = attachmentData(tx, id)
		return err
	})
	return t, data, err
}
