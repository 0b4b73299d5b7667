package standard

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/ktp"
)

func load(t *testing.T, name string) Standard {
	t.Helper()
	s, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatShips(t *testing.T) {
	t.Parallel()
	hashes := map[string]string{}
	for _, name := range Names {
		s := load(t, name)
		if s.ID != name || len(s.Hash()) != 64 || hashes[s.Hash()] != "" {
			t.Errorf("%s: id %s, hash %s", name, s.ID, s.Hash())
		}
		hashes[s.Hash()] = name
		for _, row := range ktp.ApplicationTypes {
			typ, list, found := s.TypeOf(row.Type)
			if !found || len(list) != len(typ.Requirements) || len(list) == 0 || row.Foreign != typ.OnlyAtDinas {
				t.Errorf("%s: %s has %d requirements of %d", name, row.Type, len(list), len(typ.Requirements))
			}
		}
	}
	if _, err := Load("../x"); fault.CodeOf(err) != Unknown.Code {
		t.Errorf("unknown: %v", err)
	}
}

// What each needs (Perpres 96/2018; Permendagri 108/2019; Permendagri 8/2016; the published standard of
// Sintang).
func TestRequirements(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ      ktp.ApplicationType
		national string // Sintang's citizens at home need the letter of the RT/RW besides
		request  string
		oldCard  bool
		priority int
	}{
		{ktp.TypeNew, "family_card age|marriage_certificate", "FIRST_ISSUANCE", false, 8},
		{ktp.TypeOldPaper, "family_card age|marriage_certificate old_paper_card", "FIRST_ISSUANCE", true, 8},
		{ktp.TypeLost, "family_card police_letter", "REPLACEMENT", false, 4},
		{ktp.TypeDamaged, "family_card damaged_card", "REPLACEMENT", true, 3},
		{ktp.TypeDataChange, "family_card proof_of_change old_card", "REPLACEMENT", true, 2},
		{ktp.TypeMovedIn, "family_card moving_letter|moving_letter_abroad", "REPLACEMENT", true, 2},
		{ktp.TypeOutsideDomicile, "family_card damaged_card|police_letter", "REPLACEMENT", true, 4},
		{ktp.TypeForeignNew, "family_card age|marriage_certificate travel_document permit", "FIRST_ISSUANCE", false, 8},
		{ktp.TypeForeignExtension, "family_card old_card travel_document permit", "RENEWAL", true, 2},
		{ktp.TypeForeignReplacement, "family_card damaged_card|old_card|police_letter travel_document permit", "REPLACEMENT", true, 3},
	} {
		row, _ := ktp.Application(c.typ)
		for _, name := range Names {
			typ, list, _ := load(t, name).TypeOf(c.typ)
			want := strings.Fields(c.national)
			if name == "sintang" && !row.Foreign && c.typ != ktp.TypeOutsideDomicile {
				want = slices.Insert(want, 1, "rt_rw_letter")
			}
			var got []string
			for _, r := range list {
				ids := r.ID
				for _, other := range r.Instead {
					ids += either + other.ID
				}
				got = append(got, ids)
			}
			if !slices.Equal(got, want) || row.Request != c.request || typ.OldCard != c.oldCard || typ.Priority != c.priority || typ.OnlyAtDinas != row.Foreign {
				t.Errorf("%s, %s: %v, want %v; %+v", name, c.typ, got, want, typ)
			}
		}
	}
	for _, name := range Names {
		for _, r := range load(t, name).Requirements {
			if r.Retires != (r.ID == "police_letter") {
				t.Errorf("%s: %s retires: %v", name, r.ID, r.Retires)
			}
		}
	}
}

var numbered = regexp.MustCompile(`^[ \x{a0}]*(\d+\. )*`)

// sentences are those of the published text, in its order: lines without their numbers, and the parts
// of the procedure, which the page sets apart by dashes.
func sentences(text string) (list []string) {
	for line := range strings.Lines(text) {
		for part := range strings.SplitSeq(numbered.ReplaceAllString(line, ""), " - ") {
			if part = strings.Trim(part, " \n\u00a0"); part != "" {
				list = append(list, part)
			}
		}
	}
	return list
}

// Every sentence and heading of the published text stands in the file, letter by letter and in its
// order, and nothing stands there that the page does not say. Each became a rule.
func TestEverySentenceOfSintang(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/sintang.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := sentences(string(text))
	s := load(t, "sintang")
	var got []string
	for _, said := range s.Said {
		got = append(got, said.Text)
		if !s.Has(said.Rule) || said.CarriesOut == "" {
			t.Errorf("%q became nothing", said.Text)
		}
	}
	if len(want) != 48 || !slices.Equal(got, want) {
		t.Errorf("%d sentences in the file, %d in the text", len(got), len(want))
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Fatalf("sentence %d is\n%q, want\n%q", i, got[i], want[i])
			}
		}
	}
	// The other way round: what a text of Sintang's own would be is said by the page.
	for _, rule := range []string{
		"requirements.rt_rw_letter", "requirements.old_paper_card", "clocks.legal", "fines.late_first_card", "fines.late_permit", "free", "product",
		"complaints.officer", "complaints.team",
	} {
		if !slices.ContainsFunc(s.Said, func(said Sentence) bool { return said.Rule == rule }) {
			t.Errorf("the page does not say %s", rule)
		}
	}
	for _, c := range s.Complaints.Channels {
		if !slices.ContainsFunc(s.Said, func(said Sentence) bool { return said.Rule == "complaints.channels."+c.ID }) {
			t.Errorf("the page does not name the channel %s", c.ID)
		}
	}
	for _, d := range s.Procedure {
		if !slices.ContainsFunc(s.Said, func(said Sentence) bool { return said.Rule == "procedure."+d.ID }) {
			t.Errorf("the page does not ask for %s", d.ID)
		}
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	s := load(t, "sintang")
	for rule, want := range map[string]bool{
		"title": true, "clocks.legal": true, "clocks.lunch": false, "clocks": false, "clocks.": false, "": false, ".": false, "complaints.channels.box": true,
		"complaints.channels.": false, "complaints.officer": true, "types.lost": true, "types.stolen": false, "roles.service_officer": true,
		"priorities.first_card": true, "retention.fingers": true, "fines.late_permit": true, "secrets.all": false,
	} {
		if s.Has(rule) != want {
			t.Errorf("%q: %v", rule, !want)
		}
	}
}

// The hash is of what a standard says, not of how its file looks; the canonical form reads back.
func TestHash(t *testing.T) {
	t.Parallel()
	for _, name := range Names {
		s := load(t, name)
		back, err := Parse(s.Canonical())
		if err != nil || back.Hash() != s.Hash() {
			t.Errorf("%s: %v", name, err)
		}
		loud, err := Parse([]byte("# another remark\n" + File(name)))
		if err != nil || loud.Hash() != s.Hash() {
			t.Errorf("%s: a remark changed the hash, %v", name, err)
		}
		other, err := Parse([]byte(strings.Replace(File(name), "hours: 336", "hours: 335", 1)))
		if err != nil || other.Hash() == s.Hash() {
			t.Errorf("%s: an hour did not change the hash, %v", name, err)
		}
	}
}

// What does not fit is refused with its place; a key that is not known too.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	good := File("national-2018")
	for name, c := range map[string]struct{ old, with, field string }{
		"an unknown key":            {"free:", "fee: 1\nfree:", "standard"},
		"an unknown key in a row":   {`{id: "legal",`, `{id: "legal", pauses: true,`, "standard"},
		"an amount in words":        {"amount: 25000", `amount: "a lot"`, "standard"},
		"no id":                     {`id: "national-2018"`, `id: ""`, "id"},
		"no version":                {`version: "1"`, `version: ""`, "version"},
		"no source":                 {`source: "Perpres`, "source: \"\" # \"", "source"},
		"no English":                {`en: "The electronic KTP"`, `en: ""`, "product"},
		"a control character":       {`en: "The electronic KTP"`, `en: "The\u0007 KTP"`, "product"},
		"another policy":            {"DESTROY_LOCALLY", "BURN", "destruction.policy"},
		"no witness":                {"witnesses: 2", "witnesses: 0", "destruction.witnesses"},
		"a requirement twice":       {`id: "age", evidence`, `id: "family_card", evidence`, "requirements[1].id"},
		"no evidence":               {`evidence: "age"`, `evidence: "hope"`, "requirements[1].evidence"},
		"a letter that may lack":    {`evidence: "number", overridable: false, retires`, `evidence: "number", overridable: true, retires`, "requirements[6].retires"},
		"an unknown requirement":    {`"age|marriage_certificate"]`, `"age|stamp"]`, "types[0].requirements"},
		"an empty alternative":      {`"age|marriage_certificate"]`, `"age|"]`, "types[0].requirements"},
		"a requirement asked twice": {`"age|marriage_certificate"]`, `"age|family_card"]`, "types[0].requirements"},
		"an unknown type":           {`type: "lost"`, `type: "stolen"`, "types[2].type"},
		"a type twice":              {`type: "lost"`, `type: "new"`, "types[2].type"},
		"a foreign type outside":    {"onlyAtDinas: true", "onlyAtDinas: false", "types[7].onlyAtDinas"},
		"a duty of nobody":          {`role: "administrator"`, `role: ""`, "procedure[8].role"},
		"a clock of no time":        {"hours: 336", "hours: 0", "clocks[0].hours"},
		"a legal clock that stops":  {"stops: []", `stops: ["power"]`, "clocks[0].stops"},
		"a clock that idles":        {`stops: ["power"`, `stops: ["lunch"`, "clocks[1].stops"},
		"a fine of nothing":         {"amount: 25000", "amount: 0", "fines[0].amount"},
		"a fine of all":             {"amount: 25000", "amount: 1000000001", "fines[0].amount"},
		"a fine after nothing":      {`after: "obliged"`, `after: "birth"`, "fines[0].after"},
		"a fine without a basis":    {`basis: "Ditetapkan dengan`, "basis: \"\" # \"", "fines[0].basis"},
		"a class that is none":      {`class: "proxy"`, `class: "all"`, "retention[6].class"},
		"fingers counted later":     {`after: "post_write_check"`, `after: "ended"`, "retention[0].after"},
		"fingers kept longer":       {`after: "post_write_check", days: 0`, `after: "post_write_check", days: 1`, "retention[0].days"},
		"events erased":             {`after: "never", days: 0`, `after: "never", days: 9`, "retention[13].days"},
		"a channel twice":           {`id: "telephone"`, `id: "in_person"`, "complaints.channels[1].id"},
		"no days of an answer":      {"answerDays: 14", "answerDays: 0", "complaints.answerDays"},
		"a rising order":            {`id: "disaster", priority: 7`, `id: "disaster", priority: 8`, "priorities[1].priority"},
		"a priority of ten":         {`id: "first_card", priority: 8`, `id: "first_card", priority: 10`, "priorities[0].priority"},
		"an order of no class":      {`types: ["lost", "outside_domicile"]`, `types: ["lost"]`, "priorities"},
		"a shortage of nothing":     {"on: false", "on: true", "shortage.on"},
		"a quota of a province":     {"quotas: []", `quotas: [{id: "q", district: "61", perDay: 1}]`, "shortage.quotas[0].district"},
		"a quota below nothing":     {"quotas: []", `quotas: [{id: "q", perDay: -1}]`, "shortage.quotas[0].perDay"},
		"a sentence for nothing":    {"said: []", `said: [{text: "A.", rule: "clocks.lunch", operations: [], carriesOut: "so"}]`, "said[0].rule"},
		"an operation of no form":   {"said: []", `said: [{text: "A.", rule: "free", operations: ["Register"], carriesOut: "so"}]`, "said[0].operations"},
	} {
		text := strings.Replace(good, c.old, c.with, 1)
		_, err := Parse([]byte(text))
		f, ok := errors.AsType[*fault.Error](err)
		if text == good || !ok || f.Code != BadStandard.Code || f.Field != c.field {
			t.Errorf("%s: %v, want field %s", name, err, c.field)
		}
	}
	for name, text := range map[string]string{
		"too long": strings.Repeat("#", mostText+1), "nothing": "", "a list": "[1]", "no YAML": "\x00{",
		"brackets without end": strings.Repeat("[", 60000), "dashes without end": strings.Repeat("- ", 30000),
	} {
		if _, err := Parse([]byte(text)); fault.CodeOf(err) != BadStandard.Code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Everything that does not fit is told at once, in the order of the file.
func TestAllProblems(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("hours: 336", "hours: 0", "amount: 25000", "amount: 0", `class: "proxy"`, `class: "all"`).Replace(File("national-2018"))
	_, err := Parse([]byte(text))
	f, _ := errors.AsType[*fault.Error](err)
	all, ok := errors.AsType[Problems](err)
	var fields []string
	for _, p := range all {
		fields = append(fields, p.Field)
	}
	if want := []string{"clocks[0].hours", "fines[0].amount", "retention[6].class", "retention"}; !ok || !slices.Equal(fields, want) || f.Field != want[0] {
		t.Errorf("%v, want %v", fields, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range Names {
		f.Add([]byte(File(name)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		back, err := Parse(s.Canonical())
		if err != nil || back.Hash() != s.Hash() {
			t.Errorf("the canonical form reads back as another standard: %v", err)
		}
	})
}
