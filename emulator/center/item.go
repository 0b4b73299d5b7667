package center

import (
	"time"

	"blanko/ktp"
)

// types of citizens' applications as a Dinas sees them, in per cent: about 70 % of the cards
// replace damaged ones (press, Tangerang Selatan 2024).
var types = []struct {
	kind   ktp.ApplicationType
	weight int
}{
	{ktp.TypeDamaged, 60}, {ktp.TypeNew, 20}, {ktp.TypeLost, 8}, {ktp.TypeDataChange, 6}, {ktp.TypeMovedIn, 3}, {ktp.TypeOldPaper, 2}, {ktp.TypeOutsideDomicile, 1},
}

var foreignTypes = []ktp.ApplicationType{ktp.TypeForeignNew, ktp.TypeForeignExtension, ktp.TypeForeignReplacement}

// chance is a whole number below n that depends on the id and the purpose.
func chance(id, purpose string, n int) int {
	u := uuid(id, purpose)
	var v uint64
	for _, ch := range u[24:] {
		v = v*31 + uint64(ch)
	}
	return int(v % uint64(n))
}

func (c *Center) applicationType(r *request, foreign bool) ktp.ApplicationRow {
	pick := func() ktp.ApplicationType {
		switch {
		case foreign:
			return foreignTypes[chance(r.id, "type", len(foreignTypes))]
		case len(c.cfg.Types) > 0:
			return c.cfg.Types[chance(r.id, "type", len(c.cfg.Types))]
		}
		at := chance(r.id, "type", 100)
		for _, t := range types {
			if at < t.weight {
				return t.kind
			}
			at -= t.weight
		}
		return types[0].kind
	}
	row, _ := ktp.Application(pick())
	return row
}

// recordKey names the bytes of one version of a record, spoiled in one way.
type recordKey struct {
	entry *entry
	spoil Spoil
}

// record builds the bytes of a record, or takes them from the cache.
func (c *Center) record(e *entry, spoil Spoil) ([]byte, error) {
	return c.records.get(recordKey{e, spoil}, func() ([]byte, error) { return c.buildRecord(e, spoil) })
}

func (c *Center) buildRecord(e *entry, spoil Spoil) ([]byte, error) {
	who, err := c.residentOf(e)
	if err != nil {
		return nil, err
	}
	r := e.request
	c.mu.Lock()
	keys := c.epochs[e.epoch]
	c.mu.Unlock()
	d := draft{
		id: r.id, version: e.version, office: r.office.code, validUntil: e.until.Format(time.RFC3339), messageID: e.messageID,
		kind: c.applicationType(r, who.Person.Foreign()), priority: chance(r.id, "priority", 10), delivery: r.office.code,
		resident: who, keys: keys, odd: c.odd,
	}
	if r.parcel != nil {
		d.kind, d.priority, d.delivery = r.parcel.kind, r.parcel.priority, r.parcel.delivery
	} else if chance(r.id, "delivery", 5) < 3 { // three cards of five are handed over in the kecamatan
		d.delivery = who.Person.RegionCode[:8]
	}
	bend := e.bend
	if bend == nil && spoil != "" {
		bend, _ = kindOf(string(spoil))
	}
	o, err := d.build(bend)
	if err != nil {
		return nil, err
	}
	b, err := appendPlain(make([]byte, 0, recordSize), o)
	if err == nil && bend != nil && bend.raw != nil {
		b = bend.raw(b)
	}
	return b, err
}

// recordSize is room for a usual record, bytes.
const recordSize = 160 << 10

// item is the feed item of an entry.
func (c *Center) item(e *entry, spoil Spoil) ([]byte, error) {
	head := object{{"sequence", e.sequence}, {"kind", e.kind}}
	switch e.kind {
	case itemRecord:
		record, err := c.record(e, spoil)
		if err != nil {
			return nil, err
		}
		head = append(head, &member{"id", e.request.id}, &member{"version", e.version})
		b, err := appendPlain(make([]byte, 0, len(record)+256), head)
		if err != nil {
			return nil, err
		}
		b = append(b[:len(b)-1], `,"record":`...)
		return append(append(b, record...), '}'), nil
	case itemStatusList:
		chips := []any{}
		for _, chip := range e.list.Chips {
			chips = append(chips, string(chip))
		}
		head = append(head, &member{"id", "status-list"}, &member{"version", e.version},
			&member{"number", e.list.Number}, &member{"date", e.list.Date.UTC().Format(time.RFC3339)}, &member{"chips", chips})
	case itemResult:
		head = append(head, &member{"id", e.request.id}, &member{"version", e.version}, &member{"result", string(e.verdict)}, &member{"reason", e.reason})
	default:
		head = append(head, &member{"id", e.request.id}, &member{"version", e.version}, &member{"reason", e.reason})
	}
	c.mu.Lock()
	keys := c.epochs[e.epoch]
	c.mu.Unlock()
	signed, err := keys.record.signedItem(head)
	if err != nil {
		return nil, err
	}
	if spoil == SpoilSignature {
		signed.set("signature", signed.get("signature").(string)[:20]+".."+base64url(make([]byte, 64)))
	}
	return appendPlain(nil, signed)
}
