package registry

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/store"
)

// Evidence is how a requirement is shown.
type Evidence string

const (
	EvidenceSeen        Evidence = "seen"
	EvidenceSurrendered Evidence = "surrendered"
	EvidenceScan        Evidence = "scan"
	EvidenceNumber      Evidence = "number"
)

// RequirementRule is one requirement of a type.
type RequirementRule struct {
	ID          string
	Evidence    Evidence
	Overridable bool
	Age         bool // 17 or married: shown by the list itself
}

// Rules are what the service standard in force says of one type of application.
type Rules struct {
	Standard, Hash string
	Requirements   []RequirementRule
	OnlyAtDinas    bool
	Priority       int
}

// due is when an application that is complete now must be ready for collection.
func (Rules) due(from time.Time) time.Time { return from.Add(serviceTime) }

func (Rules) obliged(r Resident, on time.Time) bool {
	return !r.MarriedOn.IsZero() || !r.Person.BirthDate.AddDate(17, 0, 0).After(on)
}

func (a *act) rules(t ktp.ApplicationType) (Rules, error) {
	row, _ := ktp.Application(t)
	r := Rules{Standard: "default", OnlyAtDinas: row.Foreign, Priority: 4}
	r.Requirements = []RequirementRule{{ID: "family_card", Evidence: EvidenceScan, Overridable: true}, {ID: "age", Evidence: EvidenceSeen, Age: true}}
	return r, nil
}

func (r *Registry) zone() *time.Location { return time.FixedZone("WIB", 7*60*60) }

func (a *act) assessFines(Application, Intake) error { return nil }

// RulesOf are the rules in force for a type of application.
func (r *Registry) RulesOf(ctx context.Context, t ktp.ApplicationType) (rules Rules, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		rules, err = (&act{r: r, tx: tx}).rules(t)
		return err
	})
	return rules, err
}
