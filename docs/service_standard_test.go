package docs_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/standard"
)

const serviceStandard = "service-standard.md"

// shown are the tests that show a rule of the published standard at work, by the place of the rule.
var shown = map[string][]string{
	"title":                         {"web/api/published_test.go TestPublishedStandard"},
	"free":                          {"web/api/published_test.go TestNothingCostsMoney", "web/api/published_test.go TestPublishedStandard"},
	"requirements.family_card":      {"registry/register_test.go TestRegisterRefuses", "registry/register_test.go TestCheckRejectAbandon"},
	"requirements.rt_rw_letter":     {"registry/register_test.go TestOverrideByProposal", "registry/office_test.go TestApplicationsKeepTheirStandard"},
	"requirements.moving_letter":    {"registry/standard/standard_test.go TestRequirements", "registry/register_test.go TestOneOfSeveralPapers", "registry/front_test.go TestEveryTypeFromTheCounterToPrintReady"},
	"requirements.age":              {"registry/office_test.go TestNotObligedYet", "registry/standard/reckon_test.go TestObliged"},
	"requirements.damaged_card":     {"registry/register_test.go TestDamagedCardIsShown", "registry/handover_test.go TestCardInForceIsGivenUp", "registry/delivery_test.go TestOldCardIsGivenUp"},
	"requirements.police_letter":    {"registry/register_test.go TestLostEndsTheCardInForce", "registry/register_test.go TestOneOfSeveralPapers"},
	"requirements.old_paper_card":   {"registry/standard/standard_test.go TestRequirements", "registry/delivery_test.go TestOldCardIsGivenUp", "registry/delivery_test.go TestReturnedAndDestroyedHere"},
	"types.foreign_new":             {"registry/register_test.go TestRegisterRefuses", "registry/standard/standard_test.go TestRequirements"},
	"roles.service_officer":         {"registry/access/access_test.go TestRolesOfTheText", "web/api/walk_test.go TestWalkFromTheCounterToTheHolder"},
	"roles.enrolment_operator":      {"registry/access/access_test.go TestRolesOfTheText", "web/api/walk_test.go TestWalkFromTheCounterToTheHolder"},
	"roles.datacenter_officer":      {"registry/access/access_test.go TestRolesOfTheText", "web/api/walk_test.go TestWalkFromTheCounterToTheHolder"},
	"roles.administrator":           {"registry/access/access_test.go TestRolesOfTheText", "web/api/walk_test.go TestWalkFromTheCounterToTheHolder"},
	"roles.kecamatan_operator":      {"registry/access/access_test.go TestRolesOfTheText", "web/api/walk_test.go TestWalkFromTheCounterToTheHolder"},
	"procedure.receive":             {"registry/register_test.go TestListOfResidents", "registry/register_test.go TestCheckRejectAbandon"},
	"procedure.daily_book":          {"web/api/report_test.go TestDailyBookAndItsFile", "paper/csv_test.go TestDailyBookCSVIs", "web/api/paper_test.go TestEveryPaperComesOverTheAPI"},
	"procedure.hand_over":           {"registry/straight_test.go TestOneCardFromDeliveryToHandOver", "registry/operations_test.go TestHandOverRetiresThePredecessor", "registry/handover_test.go TestCardInForceIsGivenUp"},
	"procedure.capture":             {"registry/capture_test.go TestCaptureRefuses", "registry/capture_test.go TestConfirm", "registry/capture_test.go TestConfirmationHashCoversWhatIsPrinted"},
	"procedure.verify_capture":      {"registry/capture_test.go TestFingersForTheChip"},
	"procedure.uniqueness":          {"registry/uniqueness_test.go TestEveryOrderOfTheCentersAnswers", "registry/uniqueness_test.go TestDesks"},
	"procedure.backup":              {"station/backup_test.go TestRestoredLedgerIsResynced", "station/backup_test.go TestCopiesAreKept", "station/backup_test.go TestCopyIsSealedAndOpens", "store/seal_test.go TestSealedValues", "registry/columns_test.go TestEverySealedColumnIsKnown", "registry/audit/audit_test.go TestTamperingIsLocated", "registry/audit/audit_test.go TestNoHarmGoesUnseen"},
	"procedure.devices":             {"registry/office_test.go TestIncidents"},
	"procedure.personalize":         {"registry/straight_test.go TestOneCardFromDeliveryToHandOver", "registry/delivery_test.go TestCardGoesToItsKecamatan"},
	"procedure.match":               {"registry/guards_test.go TestNoMatchNoBerhasil", "registry/delivery_test.go TestOnePersonAtTheCounter"},
	"procedure.return":              {"registry/delivery_test.go TestReturnedToTheDirectorate"},
	"clocks.legal":                  {"registry/office_test.go TestClocks", "registry/standard/reckon_test.go TestClocks"},
	"fines.late_first_card":         {"registry/office_test.go TestFinesOfTheDistrict", "registry/standard/reckon_test.go TestFines"},
	"fines.late_permit":             {"registry/office_test.go TestFinesOfTheDistrict", "registry/standard/reckon_test.go TestFines"},
	"product":                       {"registry/straight_test.go TestOneCardFromDeliveryToHandOver"},
	"complaints":                    {"registry/complaint_test.go TestComplaint"},
	"complaints.channels.in_person": {"registry/rules_test.go TestEveryChannel"},
	"complaints.channels.telephone": {"registry/rules_test.go TestEveryChannel"},
	"complaints.channels.box":       {"registry/complaint_test.go TestAnonymousComplaint"},
	"complaints.channels.letter":    {"registry/rules_test.go TestEveryChannel"},
	"complaints.channels.website":   {"registry/rules_test.go TestEveryChannel", "web/api/public_test.go TestPublicListener"},
	"complaints.team":               {"registry/complaint_test.go TestComplaint", "web/api/walk_test.go TestWalkOfAComplaint"},
	"complaints.officer":            {"paper/papers_test.go TestPapersAreTheGoldenOnes", "web/api/published_test.go TestPublishedStandard"},
	"complaints.channels.lapor":     {"registry/rules_test.go TestEveryChannel"},
}

// TestServiceStandard compares docs/service-standard.md with the standards that ship, the table of
// operations and the matrix of roles.
func TestServiceStandard(t *testing.T) {
	t.Parallel()
	parts := map[string]func(*testing.T) string{"sentences": said, "requirements": requirements, "retention": retention}
	old, err := os.ReadFile(serviceStandard)
	if err != nil {
		t.Fatal(err)
	}
	text := string(old)
	for name, part := range parts {
		begin, end := "<!-- generated: "+name+" -->\n", "<!-- end: "+name+" -->\n"
		before, rest, ok := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("the part %q does not stand between its markers", name)
		}
		text = before + begin + part(t) + end + after
	}
	switch {
	case text == string(old):
	case !*update:
		t.Errorf("%s is stale; draw it anew with: make docs", serviceStandard)
	default:
		if err := os.WriteFile(serviceStandard, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, name string) standard.Standard {
	t.Helper()
	s, err := standard.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// said is every sentence of the published text, what it became, what carries it out, and what shows it.
func said(t *testing.T) string {
	s := read(t, "sintang")
	var b strings.Builder
	b.WriteString("| | sentence | became | done by | how | shown by |\n|---|---|---|---|---|---|\n")
	used := map[string]bool{}
	for i, said := range s.Said {
		var done []string
		able := len(said.Operations) == 0
		for _, name := range said.Operations {
			who, found := performers(registry.Name(name))
			if !found {
				t.Errorf("sentence %d: there is no operation %s", i+1, name)
			}
			done = append(done, "`"+name+"`")
			able = able || dutyOf(s, said.Rule) == "" || slices.Contains(who, access.Role(dutyOf(s, said.Rule)))
		}
		if !able {
			t.Errorf("sentence %d: a %s may do none of %v", i+1, dutyOf(s, said.Rule), said.Operations)
		}
		var tests []string
		for _, place := range shown[said.Rule] {
			file, test, _ := strings.Cut(place, " ")
			tests = append(tests, fmt.Sprintf("[`%s`](../%s)", test, file))
		}
		if used[said.Rule] = true; len(tests) == 0 {
			t.Errorf("sentence %d: no test shows %s", i+1, said.Rule)
		}
		fmt.Fprintf(&b, "| %d | %s | `%s` | %s | %s | %s |\n", i+1, said.Text, said.Rule, strings.Join(done, ", "), said.CarriesOut, strings.Join(tests, ", "))
	}
	for rule := range shown {
		if !used[rule] {
			t.Errorf("tests are named for %s, which no sentence became", rule)
		}
	}
	return b.String()
}

// dutyOf is the role of a rule of the procedure; empty for another rule.
func dutyOf(s standard.Standard, rule string) string {
	for _, d := range s.Procedure {
		if "procedure."+d.ID == rule {
			return d.Role
		}
	}
	return ""
}

// performers are the roles that may do an operation.
func performers(name registry.Name) ([]access.Role, bool) {
	for _, row := range registry.Operations {
		if row.Name == name {
			return access.Matrix[row.Who], true
		}
	}
	return nil, false
}

// requirements are those of every type, by each standard that ships.
func requirements(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| type | priority | old card surrendered |")
	for _, name := range standard.Names {
		b.WriteString(" " + name + " |")
	}
	b.WriteString("\n|---|---|---|" + strings.Repeat("---|", len(standard.Names)) + "\n")
	for _, row := range ktp.ApplicationTypes {
		first, _, _ := read(t, standard.Names[0]).TypeOf(row.Type)
		fmt.Fprintf(&b, "| `%s` | %d | %s |", row.Type, first.Priority, map[bool]string{true: "yes", false: "no"}[first.OldCard])
		for _, name := range standard.Names {
			_, list, _ := read(t, name).TypeOf(row.Type)
			var papers []string
			for _, r := range list {
				words := r.Text.EN
				for _, other := range r.Instead {
					words += " *or* " + other.Text.EN
				}
				papers = append(papers, words)
			}
			b.WriteString(" " + strings.Join(papers, "; ") + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// retention is how long each class of data is kept, by the first standard that ships.
func retention(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| class | counted from | days | how long, and why | by |\n|---|---|---|---|---|\n")
	list := slices.Clone(read(t, standard.Names[0]).Retention)
	slices.SortStableFunc(list, func(x, y standard.Retention) int { return cmp.Compare(x.Class, y.Class) })
	for _, r := range list {
		days := fmt.Sprint(r.Days)
		if r.After == standard.Never {
			days = "never erased"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.Class, strings.ReplaceAll(r.After, "_", " "), days, r.Text.EN, r.Basis)
	}
	return b.String()
}
