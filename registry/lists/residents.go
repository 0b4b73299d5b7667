package lists

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"blanko/ktp"
	"blanko/registry"
)

// residentBatch is how many residents one operation takes.
const residentBatch = 5000

// Residents reads rows for a version of the list of obliged residents.
func Residents(text []byte, version string) (List, error) {
	rows, bad, err := readList(text, residentColumns())
	if err != nil {
		return List{}, err
	}
	list, good, bad := residentsOf(rows, bad)
	return List{kind: "residents", rows: good, bad: bad, batch: residentBatch, op: func(from, to int) registry.Operation {
		return registry.ImportResidents{Version: version, Rows: list[from:to]}
	}}, nil
}

// ResidentColumns are the names of the columns of the list of obliged residents: those it must have, and the
// others.
func ResidentColumns() (needed, others []string) {
	for _, c := range residentColumns() {
		if c.needed {
			needed = append(needed, c.name)
		} else {
			others = append(others, c.name)
		}
	}
	return needed, others
}

// residentsOf are the residents of the lines of a list; good are the lines that they come from.
func residentsOf(rows []listRow, bad []BadRow) (list []registry.Resident, good []listRow, wrong []BadRow) {
	ids, niks := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		r, wrong := residentOf(row)
		for column, value := range map[string]string{"id": r.ID, "nik": r.Person.NIK.Digits()} {
			seen := ids
			if column == "nik" {
				seen = niks
			}
			if value != "" && seen[value] {
				wrong = append(wrong, BadRow{row.line, column, valueTwice})
			}
			seen[value] = true
		}
		bad = append(bad, wrong...)
		if len(wrong) == 0 {
			list, good = append(list, r), append(good, row)
		}
	}
	return list, good, bad
}

// residentField is a column of the list of obliged residents and how its value is taken.
type residentField struct {
	listColumn
	set func(r *registry.Resident, value string) (why Text, ok bool)
}

// text takes a value that is printed on a card, or kept beside it.
func text(of func(*registry.Resident) *string) func(*registry.Resident, string) (Text, bool) {
	return func(r *registry.Resident, value string) (Text, bool) {
		*of(r) = value
		return notPrinted, ktp.CheckText(value) == nil
	}
}

// code takes a word of a list; a dash stands for none.
func code[T ~byte](list []ktp.Word, of func(*registry.Resident) *T) func(*registry.Resident, string) (Text, bool) {
	return func(r *registry.Resident, value string) (Text, bool) {
		c := ktp.CodeOf(list, strings.ToUpper(cmp.Or(value, "-")))
		*of(r) = T(c)
		return notWord, value == "" || c != ktp.UnknownCode
	}
}

// date takes a day.
func date(of func(*registry.Resident) *time.Time) func(*registry.Resident, string) (Text, bool) {
	return func(r *registry.Resident, value string) (Text, bool) {
		if value == "" {
			return Text{}, true
		}
		var err error
		*of(r), err = time.Parse(time.DateOnly, value)
		return notDate, err == nil
	}
}

const longestRowID = 40

// residentFields is the form of the list of obliged residents.
var residentFields = []residentField{
	{listColumn{"id", true}, func(r *registry.Resident, v string) (Text, bool) {
		r.ID = v
		return valueLonger, len(v) <= longestRowID
	}},
	{listColumn{"nik", true}, func(r *registry.Resident, v string) (why Text, ok bool) {
		n, err := ktp.ParseNIK(v)
		r.Person.NIK = n
		return notNIK, err == nil
	}},
	{listColumn{"name", true}, func(r *registry.Resident, v string) (Text, bool) {
		r.Person.Names = []string{v}
		return notPrinted, ktp.CheckText(v) == nil
	}},
	{listColumn{"birth_place", false}, text(func(r *registry.Resident) *string { return &r.Person.BirthPlace })},
	{listColumn{"birth_date", true}, date(func(r *registry.Resident) *time.Time { return &r.Person.BirthDate })},
	{listColumn{"sex", true}, code(ktp.Sexes, func(r *registry.Resident) *ktp.Sex { return &r.Person.Sex })},
	{listColumn{"blood", false}, code(ktp.BloodTypes, func(r *registry.Resident) *ktp.BloodType { return &r.Person.Blood })},
	{listColumn{"religion", false}, code(ktp.Religions, func(r *registry.Resident) *ktp.Religion { return &r.Person.Religion })},
	{listColumn{"marital", false}, code(ktp.MaritalStatuses, func(r *registry.Resident) *ktp.MaritalStatus { return &r.Person.Marital })},
	{listColumn{"family_card", false}, text(func(r *registry.Resident) *string { return &r.Person.FamilyCard })},
	{listColumn{"street", false}, text(func(r *registry.Resident) *string { return &r.Person.Street })},
	{listColumn{"rt", false}, text(func(r *registry.Resident) *string { return &r.Person.RT })},
	{listColumn{"rw", false}, text(func(r *registry.Resident) *string { return &r.Person.RW })},
	{listColumn{"village", false}, text(func(r *registry.Resident) *string { return &r.Person.Village })},
	{listColumn{"district", false}, text(func(r *registry.Resident) *string { return &r.Person.District })},
	{listColumn{"regency", false}, text(func(r *registry.Resident) *string { return &r.Person.Regency })},
	{listColumn{"province", false}, text(func(r *registry.Resident) *string { return &r.Person.Province })},
	{listColumn{"region", false}, text(func(r *registry.Resident) *string { return &r.Person.RegionCode })},
	{listColumn{"occupation", false}, text(func(r *registry.Resident) *string { return &r.Person.Occupation })},
	{listColumn{"nationality", false}, func(r *registry.Resident, v string) (Text, bool) {
		r.Person.Nationality = cmp.Or(v, ktp.Citizen.Code)
		return notCountry, regexp.MustCompile(`^[A-Z]{3}$`).MatchString(r.Person.Nationality)
	}},
	{listColumn{"citizenship", false}, text(func(r *registry.Resident) *string { return &r.Person.Citizenship })},
	{listColumn{"validity", false}, text(func(r *registry.Resident) *string { return &r.Person.Validity })},
	{listColumn{"married_on", false}, date(func(r *registry.Resident) *time.Time { return &r.MarriedOn })},
	{listColumn{"stay_until", false}, date(func(r *registry.Resident) *time.Time { return &r.StayUntil })},
}

func residentColumns() (list []listColumn) {
	for _, f := range residentFields {
		list = append(list, f.listColumn)
	}
	return list
}

// residentOf takes a line of the list apart and names everything that is wrong with it.
func residentOf(row listRow) (r registry.Resident, wrong []BadRow) {
	for _, f := range residentFields {
		if why, ok := f.set(&r, row.values[f.name]); !ok {
			wrong = append(wrong, BadRow{row.line, f.name, why})
		}
	}
	r.Person.Citizenship, r.Person.Validity = cmp.Or(r.Person.Citizenship, ktp.Citizen.Name), cmp.Or(r.Person.Validity, ktp.Lifelong)
	return r, wrong
}
