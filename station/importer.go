package station

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
)

// Limits of a file, those of a page and of the key list in the center's protocol, in bytes.
const (
	maxImport  = 64 << 20
	maxKeyList = 4 << 20
)

// importActor brings in records from a file, in the event log.
var importActor = access.Actor{ID: "import", Roles: []access.Role{access.System}}

// ImportOptions say what is imported and by which trust.
type ImportOptions struct {
	File     string
	KeyList  string // the center's signed key list; "": that of the configuration
	Unsigned bool   // take unsigned records as specimens; never in the product
	Now      func() time.Time
	Log      *zap.Logger
}

// Imported is what became of one record or item of the file.
type Imported struct {
	Place    int    `json:"place"` // in the file, from 1
	Kind     string `json:"kind"`  // record, withdrawal, hold, release; "?" where it is no word
	ID       string `json:"id,omitempty"`
	Version  int    `json:"version,omitempty"`
	Accepted bool   `json:"accepted"`
	Specimen bool   `json:"specimen,omitempty"`
	Answer   string `json:"answer,omitempty"`  // of the register: new, superseded, unchanged, ...
	Refusal  string `json:"refusal,omitempty"` // code
	Field    string `json:"field,omitempty"`   // JSON pointer of the part, or the field that was wrong
	Reason   string `json:"reason,omitempty"`  // in English
}

// Import takes records and signed items of the center out of a file: a JSON array, or one JSON
// value after the other. Each is an item of the feed or a bare CredentialRequest. Every one is
// named with what became of it; one that is refused changes nothing and stops none of the others.
// A file that is no such list is an error, and nothing of it is imported.
func Import(ctx context.Context, c Config, o ImportOptions) ([]Imported, error) {
	clock := o.Now
	if o.Now == nil {
		o.Now = time.Now
	}
	items, err := readImport(o.File)
	if err != nil {
		return nil, err
	}
	trust, err := c.keyList(o)
	if err != nil {
		return nil, err
	}
	opening, err := c.recordKeys()
	if err != nil {
		return nil, err
	}
	st, err := c.openLedger(ctx, clock)
	if err != nil {
		return nil, err
	}
	i := importer{
		reg:   registry.New(st, registry.Config{Office: c.Office, Production: !o.Unsigned}, o.Log),
		check: osia.Checker{Trust: trust, Office: c.Office, Unsigned: o.Unsigned, Keys: opening}, now: o.Now, run: rand.Text(),
	}
	var list []Imported
	for n, item := range items {
		done, err := i.take(ctx, item)
		if err != nil {
			return list, errors.Join(err, st.Close())
		}
		done.Place = n + 1
		list = append(list, done)
	}
	return list, st.Close()
}

// keyList reads the center's keys, signed by the anchor of the configuration.
func (c Config) keyList(o ImportOptions) (osia.Trust, error) {
	const op = "station.keyList"
	path := o.KeyList
	if path == "" {
		path = c.Center.KeyList
	}
	if path == "" {
		if o.Unsigned {
			return nil, nil
		}
		return nil, KeyListMissing.At(op, nil).With("keys", "no file is named")
	}
	text, err := readSmall(path, maxKeyList)
	if err != nil {
		return nil, KeyListMissing.At(op, err).With("keys", "the file cannot be read")
	}
	if c.Center.Anchor == "" {
		return nil, KeyListMissing.At(op, nil).With("center.anchor", "no anchor is configured")
	}
	anchor, err := c.anchor()
	if err != nil {
		return nil, err
	}
	return datacenter.ReadKeys(text, anchor, o.Now())
}

// readImport takes a file apart, all of it or nothing.
func readImport(path string) ([]datacenter.Item, error) {
	const op = "station.readImport"
	text, err := readSmall(path, maxImport)
	switch {
	case errors.Is(err, errNotSmall):
		return nil, ImportTooLarge.At(op, nil).With("file", "a plain file of at most %d bytes", maxImport)
	case err != nil:
		return nil, ImportUnreadable.At(op, err).With("file", "cannot be read")
	}
	var raw []json.RawMessage
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		var one json.RawMessage
		if err := d.Decode(&one); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, ImportMalformed.At(op, nil).With("file", "no JSON at byte %d", d.InputOffset())
		}
		raw = append(raw, one)
	}
	if len(raw) == 1 && raw[0][0] == '[' {
		var all []json.RawMessage
		if err := json.Unmarshal(raw[0], &all); err != nil {
			return nil, ImportMalformed.At(op, nil).With("file", "no JSON array")
		}
		raw = all
	}
	if len(raw) == 0 {
		return nil, ImportMalformed.At(op, nil).With("file", "nothing in it")
	}
	items := make([]datacenter.Item, len(raw))
	for n, r := range raw {
		if r[0] != '{' {
			return nil, ImportMalformed.At(op, nil).With("file", "value %d is no JSON object", n+1)
		}
		items[n] = itemOf(r)
	}
	return items, nil
}

// itemOf reads an item of the feed, or makes one of a bare record. What does not have the shape
// of an item is left to the check of records, which says so.
func itemOf(raw json.RawMessage) datacenter.Item {
	var probe struct {
		Kind        *string         `json:"kind"`
		RequestData json.RawMessage `json:"requestData"`
	}
	if err := json.Unmarshal(raw, &probe); err == nil && probe.Kind != nil && probe.RequestData == nil {
		item := datacenter.Item{Raw: raw}
		if err := json.Unmarshal(raw, &item); err == nil {
			return item
		}
	}
	item := datacenter.Item{Kind: kindRecord, Record: raw, Raw: raw}
	var named struct {
		ID          string `json:"credentialRequestId"`
		RequestData struct {
			Others struct {
				Blanko struct {
					Version int `json:"version"`
				} `json:"blanko"`
			} `json:"others"`
		} `json:"requestData"`
	}
	_ = json.Unmarshal(raw, &named) // only to name it: the check decides
	item.ID, item.Version = named.ID, named.RequestData.Others.Blanko.Version
	return item
}

// kindRecord is the kind of an item that carries a record (center protocol).
const kindRecord = "record"

// importer carries items of a file into the register.
type importer struct {
	reg   *registry.Registry
	check osia.Checker
	now   func() time.Time
	run   string // of its own for every import
}

// shownID is what an id or a kind may look like before it is shown: that of a refused item is
// anybody's text, and a terminal obeys some texts.
var shownID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// take carries one item in. The error is one of the ledger itself: the file can be imported again.
func (i importer) take(ctx context.Context, item datacenter.Item) (Imported, error) {
	out := Imported{Kind: "?", Version: item.Version}
	if shownID.MatchString(item.Kind) {
		out.Kind = item.Kind
	}
	if shownID.MatchString(item.ID) {
		out.ID = item.ID
	}
	op, refused := i.operation(item)
	if refused != nil {
		out.Refusal, out.Field, out.Reason = string(refused.Code), refused.Pointer, refused.Reason
		return out, nil
	}
	if r, ok := op.(registry.ReceiveRecord); ok {
		out.ID, out.Version, out.Specimen = r.Record.ID, r.Record.Version, r.Record.Specimen()
	}
	// The operations are safe to repeat; a key of its own has the register judge the file anew.
	key := fmt.Sprintf("import:%s:%s:%d:%s", i.run, out.ID, item.Version, digest(item.Raw))
	res, err := i.reg.Do(ctx, importActor, op, key)
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.NotFound, fault.Denied:
		e, _ := errors.AsType[*fault.Error](err)
		out.Refusal, out.Field, out.Reason = string(e.Code), e.Field, e.Detail
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Answer, out.Refusal, out.Accepted = res.Answer, res.Refusal, res.Refusal == ""
	return out, nil
}

// operation checks an item and says what it does to the register.
func (i importer) operation(item datacenter.Item) (registry.Operation, *osia.Refusal) {
	if item.Kind != kindRecord {
		if !osia.ValidID(item.ID) {
			return nil, &osia.Refusal{Code: osia.Schema, Pointer: "/id", Reason: "no id of a request"}
		}
		if r := i.check.Trust.VerifyItem(item.Raw, i.now()); r != nil {
			return nil, r
		}
	}
	switch item.Kind {
	case kindRecord:
		return i.record(item)
	case "withdrawal", "hold", "release":
		return marks(item), nil
	}
	return nil, &osia.Refusal{Code: osia.Schema, Pointer: "/kind", Reason: "not a kind that is imported"}
}

func (i importer) record(item datacenter.Item) (registry.Operation, *osia.Refusal) {
	checked, err := i.check.Check(item.Record, item.ID, i.now())
	if r, ok := errors.AsType[*osia.Refusal](err); ok {
		return nil, r
	}
	if err != nil {
		return nil, &osia.Refusal{Code: osia.Schema, Reason: "cannot be checked"}
	}
	return registry.ReceiveRecord{Record: checked.Record, MessageID: checked.MessageID, Canonical: checked.Canonical, Warnings: checked.Warnings}, nil
}
