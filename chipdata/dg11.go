package chipdata

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"blanko/ktp"
)

// Tags of DG11 and DG12 (Doc 9303-10, 4.7.11 and 4.7.12).
const (
	tagFullName       = 0x5F0E
	tagOtherName      = 0x5F0F
	tagPersonalNumber = 0x5F10
	tagBirthDate      = 0x5F2B
	tagBirthPlace     = 0x5F11
	tagAddress        = 0x5F42
	tagProfession     = 0x5F13
	tagAuthority      = 0x5F19
	tagIssueDate      = 0x5F26
	tagPersonalized   = 0x5F55
	tagStation        = 0x5F56
	tagOtherNames     = 0xA0

	ldsDate = "20060102"
	ldsTime = "20060102150405"

	maxText       = 255 // bytes of one text value
	maxOtherNames = 15
)

// Details is DG11: what the face of the card says beside the zone. Formatting it with fmt
// shows nothing of it.
type Details struct {
	Names      []string // full name first, as the center spells it
	NIK        string
	BirthDate  time.Time // midnight UTC
	BirthPlace string
	Street     string
	RTRW       string // 000/000
	Village    string
	District   string
	Occupation string
	Issue      *IssueDetails // in DG11 of a card without DG12
}

// String never shows the person.
func (Details) String() string { return "Details(redacted)" }

// GoString never shows the person.
func (d Details) GoString() string { return d.String() }

// IssueDetails is DG12: who made the card and when.
type IssueDetails struct {
	Authority      string // empty in DG11
	IssueDate      time.Time
	PersonalizedAt time.Time // UTC, to the second
	Station        string
}

// tagged collects tags and objects of a data group with a tag list 5C in front.
type tagged struct {
	tags []byte
	body []byte
}

func (t *tagged) list(tag uint16) { t.tags = append(t.tags, byte(tag>>8), byte(tag)) }

func (t *tagged) text(tag uint16, s string) {
	t.list(tag)
	t.body = AppendTLV(t.body, tag, []byte(s)...)
}

func (t *tagged) bytes(group uint16) []byte {
	return AppendTLV(nil, group, append(AppendTLV(nil, 0x5C, t.tags...), t.body...)...)
}

// behind adds an object that the tag list does not name.
func (t *tagged) behind(tag uint16, s string) { t.body = AppendTLV(t.body, tag, []byte(s)...) }

// issueTags are the objects of DG12 that stand in DG11 of a card without DG12.
var issueTags = []uint16{tagIssueDate, tagPersonalized, tagStation}

// write hands on the objects of issueTags, in this order.
func (d IssueDetails) write(add func(tag uint16, text string)) {
	add(tagIssueDate, d.IssueDate.Format(ldsDate))
	add(tagPersonalized, d.PersonalizedAt.UTC().Format(ldsTime))
	add(tagStation, d.Station)
}

// detailsOf takes a person's details for DG11.
func detailsOf(p ktp.Person) Details {
	return Details{
		Names: p.Names, NIK: p.NIK.Digits(), BirthDate: p.BirthDate, BirthPlace: p.BirthPlace, Street: p.Street,
		RTRW: p.RT + "/" + p.RW, Village: p.Village, District: p.District, Occupation: p.Occupation,
	}
}

// EncodeDG11 writes DG11. The address has the parts street, RT/RW, village and district with
// fillers between them; dates are text. Issue data stand behind what the tag list names: readers of
// DG11 refuse a list with tags of DG12, and pass over what it does not name.
func EncodeDG11(d Details) []byte {
	var t tagged
	t.text(tagFullName, d.Names[0])
	if others := d.Names[1:]; len(others) > 0 {
		t.list(tagOtherName)
		body := AppendTLV(nil, 0x02, byte(len(others)))
		for _, n := range others {
			body = AppendTLV(body, tagOtherName, []byte(n)...)
		}
		t.body = AppendTLV(t.body, tagOtherNames, body...)
	}
	t.text(tagPersonalNumber, d.NIK)
	t.text(tagBirthDate, d.BirthDate.Format(ldsDate))
	t.text(tagBirthPlace, d.BirthPlace)
	t.text(tagAddress, strings.Join([]string{d.Street, d.RTRW, d.Village, d.District}, "<"))
	t.text(tagProfession, d.Occupation)
	if d.Issue != nil {
		d.Issue.write(t.behind)
	}
	return t.bytes(0x6B)
}

// EncodeDG12 writes DG12.
func EncodeDG12(d IssueDetails) []byte {
	var t tagged
	t.text(tagAuthority, d.Authority)
	d.write(t.text)
	return t.bytes(0x6C)
}

// readTagged reads a data group with a tag list: its objects by tag, which must be exactly
// the listed ones, each once and in the order of the list. A0 holds what is listed as 5F0F. The
// objects behind may follow, all of them in their order, unlisted.
func readTagged(op, file string, b []byte, group uint16, behind ...uint16) (map[uint16][]byte, error) {
	body, err := only(b, group)
	if err != nil {
		return nil, inFile(op, file, err)
	}
	list, err := ParseTLV(body)
	if err != nil {
		return nil, inFile(op, file, err)
	}
	if len(list) == 0 || list[0].Tag != 0x5C || len(list[0].Value)%2 != 0 {
		return nil, malformed(op, file, "no tag list")
	}
	var tags []uint16
	for b := list[0].Value; len(b) > 0; b = b[2:] {
		tag := uint16(b[0])<<8 | uint16(b[1])
		if slices.Contains(behind, tag) {
			return nil, malformed(op, file, "tag %X in the tag list", tag)
		}
		tags = append(tags, tag)
	}
	list = list[1:]
	if len(list) == len(tags)+len(behind) {
		tags = append(tags, behind...)
	}
	if len(list) != len(tags) {
		return nil, malformed(op, file, "the tag list disagrees with the content")
	}
	out := map[uint16][]byte{}
	for i, t := range list {
		listed := tags[i]
		if t.Tag != listed && (listed != tagOtherName || t.Tag != tagOtherNames) {
			return nil, malformed(op, file, "tag %X where the list has %X", t.Tag, listed)
		}
		if _, twice := out[listed]; twice {
			return nil, malformed(op, file, "tag %X stands twice", listed)
		}
		out[listed] = t.Value
	}
	return out, nil
}

// text reads a UTF-8 value of 1 to 255 bytes.
func text(b []byte) (string, error) {
	if len(b) == 0 || len(b) > maxText || !utf8.Valid(b) {
		return "", fmt.Errorf("a text is empty, too long or not UTF-8")
	}
	return string(b), nil
}

// digits reads a date or time as text, or as BCD, which other issuers write.
func digits(layout string, b []byte) (time.Time, error) {
	s := string(b)
	if len(b)*2 == len(layout) {
		s = fmt.Sprintf("%x", b)
	}
	t, err := time.Parse(layout, s)
	if err != nil || t.Format(layout) != s {
		return time.Time{}, fmt.Errorf("a date is not %d digits of the calendar", len(layout))
	}
	return t, nil
}

func readIssue(parts map[uint16][]byte, into *IssueDetails) (err error) {
	if into.IssueDate, err = digits(ldsDate, parts[tagIssueDate]); err != nil {
		return err
	}
	if into.PersonalizedAt, err = digits(ldsTime, parts[tagPersonalized]); err != nil {
		return err
	}
	into.Station, err = text(parts[tagStation])
	return err
}

func known(op, file string, parts map[uint16][]byte, tags ...uint16) error {
	for tag := range parts {
		if !slices.Contains(tags, tag) {
			return malformed(op, file, "tag %X is not one of the profile", tag)
		}
	}
	return nil
}

// ParseDG11 reads DG11 as the profile writes it.
func ParseDG11(b []byte) (Details, error) {
	const op, file = "chipdata.ParseDG11", "DG11"
	parts, err := readTagged(op, file, b, 0x6B, issueTags...)
	if err != nil {
		return Details{}, err
	}
	if err := known(op, file, parts, append(slices.Clone(issueTags), tagFullName, tagOtherName, tagPersonalNumber, tagBirthDate,
		tagBirthPlace, tagAddress, tagProfession)...); err != nil {
		return Details{}, err
	}
	var d Details
	fail := func(err error) (Details, error) { return Details{}, inFile(op, file, err) }
	name, err := text(parts[tagFullName])
	if err != nil {
		return fail(err)
	}
	d.Names = []string{name}
	if others, ok := parts[tagOtherName]; ok {
		more, err := readOtherNames(others)
		if err != nil {
			return fail(err)
		}
		d.Names = append(d.Names, more...)
	}
	nik, err := ktp.ParseNIK(string(parts[tagPersonalNumber]))
	if err != nil {
		return fail(err)
	}
	d.NIK = nik.Digits()
	if d.BirthDate, err = digits(ldsDate, parts[tagBirthDate]); err != nil {
		return fail(err)
	}
	if d.BirthPlace, err = text(parts[tagBirthPlace]); err != nil {
		return fail(err)
	}
	address := strings.Split(string(parts[tagAddress]), "<")
	if len(address) != 4 || !utf8.Valid(parts[tagAddress]) {
		return Details{}, malformed(op, file, "the address has %d parts, expected 4", len(address))
	}
	d.Street, d.RTRW, d.Village, d.District = address[0], address[1], address[2], address[3]
	if d.Occupation, err = text(parts[tagProfession]); err != nil {
		return fail(err)
	}
	if _, ok := parts[tagIssueDate]; ok {
		d.Issue = &IssueDetails{}
		if err := readIssue(parts, d.Issue); err != nil {
			return fail(err)
		}
	} else if parts[tagPersonalized] != nil || parts[tagStation] != nil {
		return Details{}, malformed(op, file, "the issue data are not whole")
	}
	return d, nil
}

func readOtherNames(b []byte) ([]string, error) {
	list, err := ParseTLV(b)
	if err != nil {
		return nil, err
	}
	if len(list) < 2 || len(list) > 1+maxOtherNames || list[0].Tag != 0x02 || len(list[0].Value) != 1 || int(list[0].Value[0]) != len(list)-1 {
		return nil, fmt.Errorf("the other names do not add up")
	}
	var out []string
	for _, t := range list[1:] {
		if t.Tag != tagOtherName {
			return nil, fmt.Errorf("tag %X among the other names", t.Tag)
		}
		s, err := text(t.Value)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// ParseDG12 reads DG12 as the profile writes it; dates in text or BCD.
func ParseDG12(b []byte) (IssueDetails, error) {
	const op, file = "chipdata.ParseDG12", "DG12"
	parts, err := readTagged(op, file, b, 0x6C)
	if err != nil {
		return IssueDetails{}, err
	}
	if err := known(op, file, parts, tagAuthority, tagIssueDate, tagPersonalized, tagStation); err != nil {
		return IssueDetails{}, err
	}
	var d IssueDetails
	if d.Authority, err = text(parts[tagAuthority]); err != nil {
		return IssueDetails{}, inFile(op, file, err)
	}
	if err := readIssue(parts, &d); err != nil {
		return IssueDetails{}, inFile(op, file, err)
	}
	return d, nil
}
