package standard

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"blanko/ktp"
)

// Problem is one thing that does not fit.
type Problem struct {
	Field string // "fines[0].amount"
	Why   string
}

// Problems are all that do not fit, in the order of the file.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Field + ": " + one.Why
	}
	return strings.Join(lines, "; ")
}

func (p *Problems) want(ok bool, field, format string, args ...any) {
	if !ok {
		*p = append(*p, Problem{field, fmt.Sprintf(format, args...)})
	}
}

// Bounds of what a standard may say, so that nobody sets a year for a day by a slip of the finger.
const (
	mostSentence   = 600           // characters of a text
	mostHours      = 366 * 24      // of a clock
	mostAmount     = 1_000_000_000 // rupiah of a fine
	mostFineDays   = 366
	mostAnswerDays = 366
	mostWitnesses  = 9
	mostPerDay     = 1_000_000 // cards of a quota
	mostKeptDays   = 100 * 366 // of personal data
	mostRows       = 200       // of any list
	mostPriority   = 9         // 0 lowest
	wordForm       = "small letters, digits, dashes and underscores; a letter first"
	bothLanguages  = "in Indonesian and English, 1 to 600 characters each"
	typeForm       = "a type of application"
	basisForm      = "the rule that it follows is named"
)

var (
	word      = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	version   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
	operation = regexp.MustCompile(`^[a-z][a-z_]*\.[a-z][a-z_]*$`)
	district  = regexp.MustCompile(`^\d\d\.\d\d\.\d\d$`)
)

// plain reports whether a text has 1 to so many characters, all of them readable.
func plain(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= mostSentence && !strings.ContainsFunc(s, unicode.IsControl)
}

func (t Text) whole() bool { return plain(t.ID) && plain(t.EN) }

// Validate finds everything that does not fit. A standard that Parse returned has none.
func (s Standard) Validate() (p Problems) {
	p.want(word.MatchString(s.ID), "id", wordForm)
	p.want(version.MatchString(s.Version), "version", "1 to 40 letters, digits, dots, dashes and underscores")
	p.want(s.Title.whole(), "title", bothLanguages)
	p.want(plain(s.Source), "source", "what the standard follows is named")
	p.want(s.Free.whole(), "free", bothLanguages)
	p.want(s.Product.whole(), "product", bothLanguages)
	for _, check := range []func(*Problems){
		s.checkRequirements, s.checkTypes, s.checkProcedure, s.checkClocks, s.checkFines, s.checkDestruction, s.checkComplaints,
		s.checkPriorities, s.checkShortage, s.checkBelieved, s.checkRetention, s.checkSaid,
	} {
		check(&p)
	}
	return p
}

// rows walks a list: its length is bounded and every id is a word that stands there once.
func rows[T any](p *Problems, list string, all []T, least int, id func(T) (key, value string), check func(at string, row T)) {
	p.want(len(all) >= least && len(all) <= mostRows, list, "%d to %d rows", least, mostRows)
	seen := map[string]bool{}
	for i, row := range all {
		at := fmt.Sprintf("%s[%d]", list, i)
		key, value := id(row)
		p.want(word.MatchString(value), at+"."+key, wordForm)
		p.want(!seen[value], at+"."+key, "%s stands there twice", value)
		seen[value] = true
		check(at, row)
	}
}

func (p *Problems) types(field string, types []ktp.ApplicationType) {
	for _, t := range types {
		_, known := ktp.Application(t)
		p.want(known, field, typeForm)
	}
}

func (s Standard) checkRequirements(p *Problems) {
	rows(p, "requirements", s.Requirements, 1, func(r Requirement) (string, string) { return "id", r.ID }, func(at string, r Requirement) {
		p.want(r.Text.whole(), at+".text", bothLanguages)
		p.want(slices.Contains(evidences, r.Evidence), at+".evidence", "seen, surrendered, scan, number or age")
		p.want(!r.Retires || r.Evidence == Number && !r.Overridable, at+".retires", "what ends a card has a number, and nobody lets it go")
		p.want(plain(r.Basis), at+".basis", basisForm)
	})
}

func (s Standard) checkTypes(p *Problems) {
	rows(p, "types", s.Types, len(ktp.ApplicationTypes), func(t Type) (string, string) { return "type", string(t.Type) }, func(at string, t Type) {
		row, known := ktp.Application(t.Type)
		p.want(known, at+".type", typeForm)
		p.want(!row.Foreign || t.OnlyAtDinas, at+".onlyAtDinas", "foreign residents are served at the Dinas alone")
		p.want(len(t.Requirements) > 0, at+".requirements", "at least one")
		seen := map[string]bool{}
		for _, ids := range t.Requirements {
			for id := range strings.SplitSeq(ids, either) {
				_, there := s.Requirement(id)
				p.want(there, at+".requirements", "no requirement %q", id)
				p.want(!seen[id], at+".requirements", "%s stands there twice", id)
				seen[id] = true
			}
		}
	})
	for _, row := range ktp.ApplicationTypes {
		p.want(slices.ContainsFunc(s.Types, func(t Type) bool { return t.Type == row.Type }), "types", "%s is missing", row.Type)
	}
}

func (s Standard) checkProcedure(p *Problems) {
	rows(p, "procedure", s.Procedure, 0, func(d Duty) (string, string) { return "id", d.ID }, func(at string, d Duty) {
		p.want(word.MatchString(d.Role), at+".role", wordForm)
		p.want(d.Text.whole(), at+".text", bothLanguages)
	})
}

func (s Standard) checkClocks(p *Problems) {
	rows(p, "clocks", s.Clocks, 1, func(c Clock) (string, string) { return "id", c.ID }, func(at string, c Clock) {
		p.want(c.Text.whole(), at+".text", bothLanguages)
		p.want(c.Hours >= 1 && c.Hours <= mostHours, at+".hours", "1 to %d", mostHours)
		for _, cause := range c.Stops {
			p.want(slices.Contains(Causes, cause), at+".stops", "power, network, blanks or equipment")
		}
		p.want(plain(c.Basis), at+".basis", basisForm)
	})
	if len(s.Clocks) > 0 {
		p.want(len(s.Clocks[0].Stops) == 0, "clocks[0].stops", "the first clock is that of the law, which never stops")
	}
}

func (s Standard) checkFines(p *Problems) {
	rows(p, "fines", s.Fines, 0, func(f FineRule) (string, string) { return "code", f.Code }, func(at string, f FineRule) {
		p.want(f.Text.whole(), at+".text", bothLanguages)
		p.want(f.Amount >= 1 && f.Amount <= mostAmount, at+".amount", "1 to %d rupiah", mostAmount)
		p.want(f.After == AfterObliged || f.After == BeforePermitEnd, at+".after", "obliged or permit_ends")
		p.want(f.Days >= 0 && f.Days <= mostFineDays, at+".days", "0 to %d", mostFineDays)
		p.want(len(f.Types) > 0, at+".types", "at least one")
		p.types(at+".types", f.Types)
		p.want(plain(f.Basis), at+".basis", basisForm)
	})
}

func (s Standard) checkDestruction(p *Problems) {
	d := s.Destruction
	p.want(d.Policy == ReturnToCenter || d.Policy == DestroyLocally, "destruction.policy", "RETURN_TO_CENTER or DESTROY_LOCALLY")
	least := 0
	if d.Policy == DestroyLocally {
		least = 1
	}
	p.want(d.Witnesses >= least && d.Witnesses <= mostWitnesses, "destruction.witnesses", "%d to %d", least, mostWitnesses)
	for _, cause := range d.Causes {
		p.want(word.MatchString(cause), "destruction.causes", wordForm)
	}
	p.want(d.Text.whole(), "destruction.text", bothLanguages)
	p.want(plain(d.Basis), "destruction.basis", basisForm)
}

func (s Standard) checkComplaints(p *Problems) {
	c := s.Complaints
	rows(p, "complaints.channels", c.Channels, 1, func(c Channel) (string, string) { return "id", c.ID }, func(at string, c Channel) {
		p.want(c.Text.whole(), at+".text", bothLanguages)
		p.want(c.Address == "" || plain(c.Address), at+".address", "up to 600 characters")
	})
	p.want(plain(c.Officer.Name) && plain(c.Officer.Telephone), "complaints.officer", "name and telephone")
	p.want(c.Team.whole(), "complaints.team", bothLanguages)
	p.want(c.AnswerDays >= 1 && c.AnswerDays <= mostAnswerDays, "complaints.answerDays", "1 to %d", mostAnswerDays)
	p.want(plain(c.Basis), "complaints.basis", basisForm)
}

func (s Standard) checkPriorities(p *Problems) {
	last := mostPriority + 1
	rows(p, "priorities", s.Priorities, 1, func(c Class) (string, string) { return "id", c.ID }, func(at string, c Class) {
		p.want(c.Text.whole(), at+".text", bothLanguages)
		p.want(c.Priority >= 0 && c.Priority < last, at+".priority", "0 to 9, falling")
		last = c.Priority
		p.want(len(c.Types) > 0 || c.Disaster || c.Backlog, at+".types", "types, disaster or backlog")
		p.types(at+".types", c.Types)
	})
	for _, row := range ktp.ApplicationTypes {
		_, found := s.Class(Order{Type: row.Type})
		p.want(found, "priorities", "an order of type %s has no class", row.Type)
	}
}

func (s Standard) checkShortage(p *Problems) {
	rows(p, "shortage.quotas", s.Shortage.Quotas, 0, func(q Quota) (string, string) { return "id", q.ID }, func(at string, q Quota) {
		p.types(at+".types", q.Types)
		p.want(q.District == "" || q.District == EachDistrict || district.MatchString(q.District), at+".district", "empty, %s, or PP.KK.CC", EachDistrict)
		p.want(q.PerDay >= 0 && q.PerDay <= mostPerDay, at+".perDay", "0 to %d", mostPerDay)
	})
	p.want(!s.Shortage.On || len(s.Shortage.Quotas) > 0, "shortage.on", "a shortage has a quota at least")
}

func (s Standard) checkRetention(p *Problems) {
	rows(p, "retention", s.Retention, 0, func(r Retention) (string, string) { return "class", r.Class }, func(at string, r Retention) {
		after, known := Classes[r.Class]
		p.want(known, at+".class", "no class of data")
		p.want(!known || r.After == after, at+".after", "counted from %s", after)
		p.want(r.Days >= 0 && r.Days <= mostKeptDays && (r.After != Never || r.Days == 0), at+".days", "0 to %d; 0 for what is never erased", mostKeptDays)
		p.want(r.After != "post_write_check" && r.After != "accepted" || r.Days == 0, at+".days", "fingers, face and signature go at once")
		p.want(r.Text.whole(), at+".text", bothLanguages)
		p.want(plain(r.Basis), at+".basis", basisForm)
	})
	for _, class := range slices.Sorted(maps.Keys(Classes)) {
		if class == "gallery" { // versions of before say nothing of it
			continue
		}
		p.want(slices.ContainsFunc(s.Retention, func(r Retention) bool { return r.Class == class }), "retention", "%s is missing", class)
	}
}

func (s Standard) checkSaid(p *Problems) {
	p.want(len(s.Said) <= mostRows, "said", "0 to %d rows", mostRows)
	for i, said := range s.Said {
		at := fmt.Sprintf("said[%d]", i)
		p.want(plain(said.Text), at+".text", "1 to 600 characters")
		p.want(s.Has(said.Rule), at+".rule", "no such place in the standard")
		for _, name := range said.Operations {
			p.want(operation.MatchString(name), at+".operations", "the name of an operation: application.register")
		}
		p.want(plain(said.CarriesOut), at+".carriesOut", "how it is carried out")
	}
}
