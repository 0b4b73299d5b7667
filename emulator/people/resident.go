package people

import (
	"fmt"
	"strings"
	"time"

	"blanko/ktp"
)

// Residents are born in these years, so that in 2026 and later all of them are 17 or more, and
// the yearly two digits of the NIK tell every birth date apart.
const (
	firstBirthYear = 1932
	lastBirthYear  = 2008
)

// today is the day on which ages, marriages and stay permits are judged. It is fixed, so that
// a resident is the same in every run.
var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// Shares of residents, once in so many.
const (
	oneForeign    = 50 // residents with a stay permit: far fewer in truth, enough here to meet them
	oneMovedIn    = 5  // NIK of a district elsewhere
	oneCorrected  = 40 // birth date corrected later: the NIK keeps the old one
	oneOddPlace   = 60 // birthplace with a curly apostrophe
	oneSubstitute = 25 // an index finger is missing, another of the same hand is given
	oneException  = 40 // an index finger is missing and none is given for it
	oneNoFingers  = 250
	oneNoSecond   = 8 // no independent second impression
)

// curlyPlaces are the villages of the national list whose names have the curly apostrophe.
var curlyPlaces = []string{"53.07.01.2021", "53.07.08.2019", "53.07.17.2010"}

// Presence words of OSIA's MissingType.
const (
	presenceAmputated = "AMPUTATED"
	presenceBandaged  = "BANDAGED"
	presenceDamaged   = "DAMAGED"
)

var presence = map[ktp.MissingReason]string{
	ktp.FingerMissing: presenceAmputated, ktp.FingerUncapturable: presenceBandaged, ktp.FingerBelowQuality: presenceDamaged,
}

// Presence is OSIA's word for the reason of an exception.
func Presence(r ktp.MissingReason) string { return presence[r] }

// Generator makes the residents of one office. It is safe for concurrent use.
type Generator struct {
	seed      int64
	office    ktp.Region
	villages  []string // codes
	districts []string // codes PP.KK.CC, of the office
	elsewhere []string // of the whole country
	regencies []ktp.Region

	likenesses []likeness // none: everybody has a portrait of his own
	foreign    int        // one resident in so many is a foreign one; 0: nobody
}

// New makes the generator of an office, PP.KK of the region list.
func New(seed int64, office string) (*Generator, error) {
	regions := ktp.Regions()
	r, ok := regions.Find(office)
	if !ok || r.Level() != ktp.LevelRegency {
		return nil, fmt.Errorf("%q is no regency of the region list", office)
	}
	g := &Generator{seed: seed, office: r, foreign: oneForeign}
	for _, d := range regions.Within(office) {
		g.districts = append(g.districts, d.Code)
		for _, v := range regions.Within(d.Code) {
			g.villages = append(g.villages, v.Code)
		}
	}
	for _, p := range regions.Within("") {
		for _, k := range regions.Within(p.Code) {
			g.regencies = append(g.regencies, k)
			for _, d := range regions.Within(k.Code) {
				g.elsewhere = append(g.elsewhere, d.Code)
			}
		}
	}
	return g, nil
}

// dice is the stream of chance of one resident for one purpose.
func (g *Generator) dice(i int, purpose string) *dice {
	return newDice(g.seed, i, g.office.Code+" "+purpose)
}

// Office is the code the generator was made for.
func (g *Generator) Office() string { return g.office.Code }

// Resident is one person as the center knows it. Exceptions name every default index finger
// that is not in Fingers.
type Resident struct {
	Index      int
	Person     ktp.Person
	Portrait   ktp.Image // JPEG, 480 x 640
	Signature  ktp.Image // PNG, 336 x 88
	Fingers    [2]ktp.FingerSlot
	Exceptions []ktp.FingerException
}

// Resident makes resident i, whole. It depends on the seed, the office and i alone.
func (g *Generator) Resident(i int) (Resident, error) {
	p, look := g.person(i)
	r := Resident{Index: i, Person: p}
	var err error
	if r.Portrait, err = g.likenessOf(i, look); err != nil {
		return r, err
	}
	if r.Signature, err = g.signature(i); err != nil {
		return r, err
	}
	r.Fingers, r.Exceptions, err = g.Fingers(i)
	return r, err
}

// Person makes the person of resident i alone, which is quick.
func (g *Generator) Person(i int) ktp.Person {
	p, _ := g.person(i)
	return p
}

// look is what the portrait must agree with.
type look struct {
	sex       ktp.Sex
	birthYear int
	religion  ktp.Religion
	skin      []int // choices in skinTones
	hair      []int // choices in hairTones
	foreign   bool
}

func (g *Generator) person(i int) (ktp.Person, look) {
	d := g.dice(i, "person")
	p := ktp.Person{Sex: ktp.Male, Nationality: ktp.Citizen.Code, Citizenship: ktp.Citizen.Name, Validity: ktp.Lifelong}
	if d.one(2) {
		p.Sex = ktp.Female
	}
	p.BirthDate = g.birthDate(d, i)
	age := today.Year() - p.BirthDate.Year()
	l := look{sex: p.Sex, birthYear: p.BirthDate.Year(), skin: []int{1, 2, 2, 3, 3, 4}, hair: []int{0, 0, 0, 1}}
	l.foreign = d.one(max(g.foreign, 1)) && g.foreign > 0

	place, _ := ktp.Regions().Place(pick(d, g.villages))
	p.Village, p.District = place.Village.CardName(), place.District.CardName()
	p.Regency, p.Province, p.RegionCode = place.Regency.CardName(), place.Province.CardName(), place.Village.Code
	p.Street = street(d)
	p.RT, p.RW = fmt.Sprintf("%03d", d.between(1, 40)), fmt.Sprintf("%03d", d.between(1, 14))

	p.Blood = ktp.BloodType(13)
	if !d.one(3) {
		p.Blood = ktp.BloodType(1 + d.weighted(26, 28, 8, 38))
		if d.one(10) {
			p.Blood = ktp.BloodType(5 + 2*d.weighted(26, 28, 8, 38)) // with the rhesus factor
		}
	}
	p.Marital = marital(d, age)
	job := occupation(d, p.Sex, age)

	if l.foreign {
		weights := make([]int, len(foreigners))
		for n, f := range foreigners {
			weights[n] = f.weight
		}
		f := foreigners[d.weighted(weights...)]
		country, _ := ktp.CountryByCode(f.code)
		p.Nationality, p.Citizenship = country.Code, country.Name
		p.Names = []string{f.name(d, p.Sex)}
		p.Religion = ktp.Religion(1 + d.weighted(20, 30, 20, 8, 20, 2))
		p.BirthPlace = country.Name
		p.Validity = time.Date(d.between(2028, 2031), time.Month(d.between(1, 12)), d.between(1, 28), 0, 0, 0, 0, time.UTC).Format(ktp.DateLayout)
		p.Occupation = job.EN
		l.skin, l.hair = f.skin, f.hair
	} else {
		weights := make([]int, len(communities))
		for n, c := range communities {
			weights[n] = c.weight
		}
		c := communities[d.weighted(weights...)]
		p.Religion = ktp.Religion(1 + d.weighted(c.religion...))
		p.Names = []string{c.name(d, p.Sex, p.Religion, age)}
		p.BirthPlace = g.birthPlace(d)
		p.Occupation = job.ID
	}
	l.religion = p.Religion

	p.NIK = g.nik(d, i, p)
	p.FamilyCard = strings.ReplaceAll(place.District.Code, ".", "") +
		time.Date(d.between(2006, 2025), time.Month(d.between(1, 12)), d.between(1, 28), 0, 0, 0, 0, time.UTC).Format("020106") +
		fmt.Sprintf("%04d", d.between(1, 9999))
	return p, l
}

// The serial of a NIK has four digits from 0001. Residents that share a serial are kept apart
// by their birth dates, whose day count leaves another remainder (the first one by chance); so no two of the first five
// million residents of an office have one NIK.
const (
	serials   = 9999
	dayBlocks = 512
)

func (g *Generator) birthDate(d *dice, i int) time.Time {
	first := time.Date(firstBirthYear, 1, 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(lastBirthYear, 12, 31, 0, 0, 0, 0, time.UTC)
	days := int(last.Sub(first).Hours()/24) + 1
	// half of the cards are for people below 30, as first cards are
	from := 0
	if d.one(2) {
		from = days - 13*365
	}
	n := d.between(from, days-1)
	serial, block := i%serials, i/serials
	remainder := (block + newDice(g.seed, serial, g.office.Code+" birthdays").n(dayBlocks)) % dayBlocks
	n += remainder - n%dayBlocks
	for n >= days {
		n -= dayBlocks
	}
	return first.AddDate(0, 0, n)
}

// nik composes PPKKCC DDMMYY SSSS, the day of a woman plus 40. A moved resident keeps the
// district of first registration.
func (g *Generator) nik(d *dice, i int, p ktp.Person) ktp.NIK {
	district := pick(d, g.districts)
	if d.one(oneMovedIn) {
		district = pick(d, g.elsewhere)
	}
	born := p.BirthDate
	if d.one(oneCorrected) {
		born = born.AddDate(0, 0, -dayBlocks) // keeps the remainder that tells the serials apart
	}
	day := born.Day()
	if p.Sex == ktp.Female {
		day += 40
	}
	return ktp.NIK(fmt.Sprintf("%s%02d%02d%02d%04d", strings.ReplaceAll(district, ".", ""), day, born.Month(), born.Year()%100, 1+i%serials))
}

func (g *Generator) birthPlace(d *dice) string {
	switch {
	case d.one(oneOddPlace):
		r, _ := ktp.Regions().Find(pick(d, curlyPlaces))
		return r.CardName()
	case d.one(4):
		r := pick(d, g.regencies)
		return townName(r)
	default:
		return townName(g.office)
	}
}

// townName is the name of a regency without the word in front, as birthplaces are written.
func townName(r ktp.Region) string {
	name := r.CardName()
	for _, word := range []string{"KABUPATEN ", "KOTA ADMINISTRASI ", "KOTA "} {
		if rest, ok := strings.CutPrefix(name, word); ok {
			return rest
		}
	}
	return name
}

func street(d *dice) string {
	names := strings.Fields("MERDEKA PATTIMURA DIPONEGORO SUDIRMAN KARTINI KELAPA MAWAR MELATI KENANGA PANCASILA LINTAS-MELAWI AKCAYA OEVANG-OERAY MUNGGUK-SERANTUNG")
	name := strings.ReplaceAll(pick(d, names), "-", " ")
	switch d.n(6) {
	case 0:
		return "DUSUN " + name
	case 1:
		return fmt.Sprintf("GG. %s NO. %d", name, d.between(1, 60))
	case 2:
		return fmt.Sprintf("JL. %s KM. %d", name, d.between(2, 40))
	case 3:
		return fmt.Sprintf("PERUM GRIYA %s BLOK %c/%d", name, 'A'+rune(d.n(8)), d.between(1, 40))
	case 4:
		return fmt.Sprintf("JL. %s NO. %d%c", name, d.between(1, 250), 'A'+rune(d.n(4)))
	default:
		return fmt.Sprintf("JL. %s NO. %d", name, d.between(1, 250))
	}
}

func marital(d *dice, age int) ktp.MaritalStatus {
	switch {
	case age < 21:
		return ktp.MaritalStatus(1 + d.weighted(94, 6))
	case age < 35:
		return ktp.MaritalStatus(1 + d.weighted(45, 51, 3, 1))
	case age < 60:
		return ktp.MaritalStatus(1 + d.weighted(7, 82, 6, 5))
	default:
		return ktp.MaritalStatus(1 + d.weighted(3, 66, 5, 26))
	}
}

// occupation favors the common ones; the offices of state are left to those who hold them.
func occupation(d *dice, sex ktp.Sex, age int) ktp.Word {
	const student, homemaker, retired, jobless, farmer, private, own = 3, 2, 4, 1, 9, 15, 88
	var code int
	switch at := d.n(100); {
	case age < 22 && at < 75:
		code = student
	case age > 65 && at < 45:
		code = retired
	case sex == ktp.Female && at < 35:
		code = homemaker
	case at < 45:
		code = farmer
	case at < 58:
		code = private
	case at < 66:
		code = own
	case at < 70:
		code = jobless
	default:
		for code = d.between(1, len(ktp.Occupations)); code >= 48 && code <= 63; { // 48 to 63: members of parliament, ministers, governors
			code = d.between(1, len(ktp.Occupations))
		}
	}
	return ktp.Occupations[code-1]
}

// Fingers gives the two slots of the chip: right index first, left index second, a substitute of
// the same hand in an empty slot, the first one first. A substitute keeps its position code.
func (g *Generator) Fingers(i int) (slots [2]ktp.FingerSlot, missing []ktp.FingerException, err error) {
	d := g.dice(i, "fingers")
	hands := [2][3]ktp.Finger{ // the index finger and what stands in for it
		{ktp.RightIndex, ktp.RightMiddle, ktp.RightThumb},
		{ktp.LeftIndex, ktp.LeftMiddle, ktp.LeftThumb},
	}
	none := d.one(oneNoFingers)
	second := !d.one(oneNoSecond)
	for n, hand := range hands {
		give := hand[0]
		switch {
		case none:
			give = 0
		case d.one(2 * oneException):
			give = 0
		case d.one(2 * oneSubstitute):
			give = hand[1+d.n(2)]
		}
		if give != hand[0] {
			missing = append(missing, ktp.FingerException{Finger: hand[0], Reason: ktp.MissingReason(1 + d.weighted(50, 30, 20))})
		}
		if give == 0 {
			continue
		}
		if slots[n], err = g.slot(i, give, second); err != nil {
			return slots, missing, err
		}
	}
	if slots[0].Empty() && slots[1].Finger != ktp.LeftIndex {
		slots[0], slots[1] = slots[1], slots[0]
	}
	return slots, missing, nil
}
