package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// Resident is one row of the list of obliged residents (daftar penduduk wajib KTP): personal data.
type Resident struct {
	ID        string // of the row, as the list numbers it
	Person    ktp.Person
	MarriedOn time.Time // zero: never, or not known
	StayUntil time.Time // of a foreign resident's permit (ITAP)
}

// String shows the row alone.
func (r Resident) String() string { return "Resident(" + r.ID + ")" }

// GoString shows the row alone.
func (r Resident) GoString() string { return r.String() }

// ListState is where a version of the list stands.
type ListState string

const (
	ListOpen     ListState = "open"   // rows still come
	ListInUse    ListState = "in use" // applications are matched to it
	ListReplaced ListState = "replaced"
)

// ResidentList is one version of the list of obliged residents.
type ResidentList struct {
	Version   string
	State     ListState
	Residents int
	Root      [sha256.Size]byte // chained over every row in the order of its import
	ChangedAt time.Time
	ChangedBy string
}

// mostResidents bounds how many rows one import carries: a list comes in several.
const mostResidents = 10000

var listVersion = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,39}$`)

// ImportResidents adds rows to a version of the list that is not in use yet. One bad row refuses all.
type ImportResidents struct {
	Version string // letters, digits, dots, dashes; begins with a letter
	Rows    []Resident
}

func (ImportResidents) Name() Name { return opImportResidents }

func (o ImportResidents) run(a *act) error {
	const op = "registry.ImportResidents"
	switch {
	case !listVersion.MatchString(o.Version):
		return badOperation.At(op, nil).With("version", "1 to 40 letters, digits, dots, dashes; a letter first")
	case len(o.Rows) == 0 || len(o.Rows) > mostResidents:
		return badOperation.At(op, nil).With("rows", "1 to %d", mostResidents)
	}
	list, found, err := listByVersion(a.tx, o.Version)
	if err != nil {
		return err
	}
	if !found {
		list = ResidentList{Version: o.Version, State: ListOpen}
	}
	if list.State != ListOpen {
		return wrongState.At(op, nil).With("version", "%s is %s", list.Version, list.State)
	}
	kept := make([]keptResident, len(o.Rows))
	for i, r := range o.Rows {
		if field, why := r.wrong(); why != "" {
			return badOperation.At(op, nil).With("rows."+strconv.Itoa(i)+"."+field, "%s", why)
		}
		if kept[i], err = a.keep(r, ""); err != nil {
			return err
		}
		list.Root = chain(list.Root, kept[i].sealed)
	}
	list.Residents += len(o.Rows)
	list.ChangedAt, list.ChangedBy = a.now(), a.actor.ID
	if err := list.save(a.tx); err != nil {
		return err
	}
	if n, err := insertResidents(a.tx, list.Version, kept); err != nil || n >= 0 {
		if err == nil {
			err = badOperation.At(op, nil).With("rows."+strconv.Itoa(n), "its id or its NIK is in the list already")
		}
		return err
	}
	a.res.Answer = list.Version
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"list": list.Version, "count": strconv.Itoa(len(o.Rows)), "residents": strconv.Itoa(list.Residents), "root": hex.EncodeToString(list.Root[:]),
	}})
}

// wrong names the first thing that keeps a row out.
func (r Resident) wrong() (field, why string) {
	p := r.Person
	_, err := ktp.ParseNIK(p.NIK.Digits())
	switch {
	case r.ID == "" || len(r.ID) > 40:
		return "id", "1 to 40 characters"
	case err != nil:
		return "nik", err.Error()
	case p.BirthDate.IsZero():
		return "birthDate", "is needed"
	case len(p.Names) == 0 || p.Names[0] == "":
		return "names", "is needed"
	case p.Sex != ktp.Male && p.Sex != ktp.Female:
		return "sex", "M or F"
	case p.Nationality == "":
		return "nationality", "three letters, IDN for citizens"
	}
	for name, text := range printed(p) {
		if err := ktp.CheckText(text); err != nil {
			return name, err.Error()
		}
	}
	return "", ""
}

// printed are the texts of a person as the card shows them.
func printed(p ktp.Person) map[string]string {
	m := map[string]string{
		"birthPlace": p.BirthPlace, "street": p.Street, "village": p.Village, "district": p.District, "regency": p.Regency,
		"province": p.Province, "occupation": p.Occupation, "citizenship": p.Citizenship, "rt": p.RT, "rw": p.RW,
	}
	for i, n := range p.Names {
		m["names."+strconv.Itoa(i)] = n
	}
	return m
}

// keptResident is a row as the table holds it.
type keptResident struct {
	id, region, sealed, addedBy string
	person                      []byte
}

func (a *act) keep(r Resident, addedBy string) (keptResident, error) {
	text, err := sealed(r)
	if err != nil {
		return keptResident{}, err
	}
	person, err := a.personKey(r.Person.NIK)
	return keptResident{r.ID, r.Person.RegionCode, text, addedBy, person}, err
}

// chain is the root of a list with one row more.
func chain(root [sha256.Size]byte, row string) [sha256.Size]byte {
	of := sha256.Sum256([]byte(row))
	return sha256.Sum256(append(root[:], of[:]...))
}

// UseResidents lets applications be matched to a version of the list from now on. Rows of the version
// before are forgotten, but those that an application was matched to.
type UseResidents struct {
	Version   string
	Residents int // as many as it must have: an import that ended early is not taken
}

func (UseResidents) Name() Name { return opUseResidents }

func (o UseResidents) run(a *act) error {
	const op = "registry.UseResidents"
	list, found, err := listByVersion(a.tx, o.Version)
	switch {
	case err != nil:
		return err
	case !found:
		return unknownID.At(op, nil).With("version", "no such version of the list")
	case list.State != ListOpen:
		return wrongState.At(op, nil).With("version", "%s is %s", list.Version, list.State)
	case list.Residents != o.Residents:
		return badOperation.At(op, nil).With("residents", "the list has %d", list.Residents)
	}
	detail := map[string]string{"list": list.Version, "residents": strconv.Itoa(list.Residents), "root": hex.EncodeToString(list.Root[:])}
	before, found, err := listInUse(a.tx)
	if err != nil {
		return err
	}
	if found {
		before.State, before.ChangedAt, before.ChangedBy = ListReplaced, a.now(), a.actor.ID
		if err := before.save(a.tx); err != nil {
			return err
		}
		n, err := forgetResidents(a.tx, before.Version)
		if err != nil {
			return err
		}
		detail["before"], detail["erased"] = before.Version, strconv.FormatInt(n, 10)
	}
	list.State, list.ChangedAt, list.ChangedBy = ListInUse, a.now(), a.actor.ID
	if err := list.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = list.Version
	return a.tell(audit.Event{Code: a.row.Event, Detail: detail})
}

// matched finds the row of a person in the list that is in use.
func (a *act) matched(n ktp.NIK) (list string, r Resident, found bool, err error) {
	inUse, found, err := listInUse(a.tx)
	if err != nil || !found {
		return "", r, false, err
	}
	person, err := a.personKey(n)
	if err != nil {
		return "", r, false, err
	}
	rows, err := residents(a.tx, `where list = ? and person = ?`, inUse.Version, person)
	if err != nil || len(rows) == 0 {
		return inUse.Version, r, false, err
	}
	return inUse.Version, rows[0], true, nil
}

// ResidentFilter says which rows of the list are asked for.
type ResidentFilter struct {
	Version string  // empty: the one in use
	NIK     ktp.NIK // empty: all
	Region  string  // code or its beginning; empty: all
	After   string  // id of the last one seen
	Limit   int
}

// Residents are rows of the list of obliged residents in the order of their ids: personal data.
func (r *Registry) Residents(ctx context.Context, f ResidentFilter) (rows []Resident, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if f.Version == "" {
			list, found, err := listInUse(tx)
			if err != nil || !found {
				return err
			}
			f.Version = list.Version
		}
		if f.NIK != "" {
			a := &act{r: r, tx: tx}
			person, known, err := a.knownPersonKey(f.NIK)
			if err == nil && known {
				rows, err = residents(tx, `where list = ? and person = ?`, f.Version, person)
			}
			return err
		}
		if f.Region != "" {
			rows, err = residents(tx, `where list = ? and region >= ? and region < ? and id > ? order by id limit ?`, f.Version, f.Region, behind(f.Region), f.After, f.Limit)
			return err
		}
		rows, err = residents(tx, `where list = ? and id > ? order by id limit ?`, f.Version, f.After, f.Limit)
		return err
	})
	return rows, err
}

// ResidentLists are the versions of the list, newest change first.
func (r *Registry) ResidentLists(ctx context.Context, limit int) (lists []ResidentList, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		lists, err = residentLists(tx, `order by changed_at desc, version limit ?`, limit)
		return err
	})
	return lists, err
}

// behind is the first code after every code that begins like this one.
func behind(code string) string {
	last := len(code) - 1
	return code[:last] + string(code[last]+1)
}
