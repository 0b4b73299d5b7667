package registry

import (
	"context"
	"strings"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/standard"
	"blanko/store"
)

// Evidence is how a requirement is shown; a word of the service standard.
type Evidence = standard.Evidence

// Evidences that the counter tells apart.
const (
	EvidenceSeen        = standard.Seen
	EvidenceSurrendered = standard.Surrendered
	EvidenceScan        = standard.Scan
	EvidenceNumber      = standard.Number
)

// RequirementRule is one requirement of a type.
type RequirementRule struct {
	ID          string
	Text        standard.Text
	Evidence    Evidence
	Overridable bool
	Age         bool // 17 or married: shown by the list itself
	Retires     bool // it ends the card in force
	Instead     []RequirementRule
}

func ruleOf(q standard.Requirement) RequirementRule {
	r := RequirementRule{ID: q.ID, Text: q.Text, Evidence: q.Evidence, Overridable: q.Overridable, Age: q.Evidence == standard.ByAge, Retires: q.Retires}
	for _, other := range q.Instead {
		r.Instead = append(r.Instead, ruleOf(other))
	}
	return r
}

// Rules are what the service standard in force says of one type of application.
type Rules struct {
	Standard, Hash string
	Requirements   []RequirementRule
	OnlyAtDinas    bool
	OldCard        bool // is surrendered at the hand-over
	Priority       int

	of   standard.Standard
	zone *time.Location
}

// due is when an application that is complete now must be ready for collection, by the clock that
// never stops.
func (r Rules) due(from time.Time) time.Time {
	for _, c := range r.of.Clocks {
		if len(c.Stops) == 0 {
			return c.Due(from, from, nil)
		}
	}
	return from.Add(serviceTime)
}

func (r Rules) obliged(row Resident, on time.Time) bool {
	return standard.Obliged(row.Person.BirthDate, row.MarriedOn, on, r.zone)
}

// rules are those of a type, by the standard in force.
func (a *act) rules(t ktp.ApplicationType) (Rules, error) {
	s, err := a.standard()
	if err != nil {
		return Rules{}, err
	}
	row, list, found := s.TypeOf(t)
	if !found {
		return Rules{}, badOperation.At("registry.rules", nil).With("type", "not of this service standard")
	}
	r := Rules{Standard: s.ID + "/" + s.Version, Hash: s.Hash(), OnlyAtDinas: row.OnlyAtDinas, OldCard: row.OldCard, Priority: row.Priority, of: s, zone: a.r.zone()}
	for _, q := range list {
		r.Requirements = append(r.Requirements, ruleOf(q))
	}
	return r, nil
}

// standard is the one in force: that of the newest version that two persons took into use, else the
// one of the configuration.
func (a *act) standard() (standard.Standard, error) {
	hash, content, found, err := standardText(a.tx, `order by seq desc limit 1`)
	if err != nil {
		return standard.Standard{}, err
	}
	if found {
		return a.r.parsed(hash, content)
	}
	return standard.Load(a.r.cfg.Standard)
}

// standardOf is the one that an application was taken under; the one in force where it is not kept.
func (a *act) standardOf(in Intake) (standard.Standard, error) {
	hash, content, found, err := standardText(a.tx, `where hash = ? order by seq desc limit 1`, in.StandardHash)
	if err != nil {
		return standard.Standard{}, err
	}
	if found {
		return a.r.parsed(hash, content)
	}
	if s, err := standard.Load(a.r.cfg.Standard); err != nil || s.Hash() == in.StandardHash {
		return s, err
	}
	return a.standard()
}

// parsed reads a version once: its text does not change under its hash.
func (r *Registry) parsed(hash, content string) (standard.Standard, error) {
	if s, known := r.standards.Load(hash); known {
		return s.(standard.Standard), nil // nothing else is stored
	}
	s, err := standard.Parse([]byte(content))
	if err == nil {
		r.standards.Store(hash, s)
	}
	return s, err
}

// saidBefore finds the hash of the version of a standard, kept or shipped.
func (a *act) saidBefore(s standard.Standard) (hash string, err error) {
	hash, _, found, err := standardText(a.tx, `where id = ? and version = ? order by seq desc limit 1`, s.ID, s.Version)
	if err != nil || found {
		return hash, err
	}
	if shipped, err := standard.Load(s.ID); err == nil && shipped.Version == s.Version {
		return shipped.Hash(), nil
	}
	return "", nil
}

// UseStandard takes a version of the service standard into use: changed by one person, agreed to by
// another. Applications that were taken before keep theirs.
type UseStandard struct {
	Content string // YAML, as package standard reads it
	Second  Actor
}

func (UseStandard) Name() Name      { return opUseStandard }
func (o UseStandard) second() Actor { return o.Second }

// longestStandard bounds the text of a standard.
const longestStandard = 256 << 10

func (o UseStandard) run(a *act) error {
	if len(o.Content) > longestStandard {
		return badOperation.At("registry.UseStandard", nil).With("content", "at most %d bytes", longestStandard)
	}
	s, err := standard.Parse([]byte(o.Content))
	if err != nil {
		return err
	}
	now, err := a.standard()
	if err != nil {
		return err
	}
	if s.Hash() == now.Hash() {
		a.res.Answer = AnswerUnchanged
		return nil
	}
	if before, err := a.saidBefore(s); err != nil || before != "" && before != s.Hash() {
		if err == nil {
			err = badOperation.At("registry.UseStandard", nil).With("version", "%s says something else already", s.Version)
		}
		return err
	}
	if err := keepStandard(a.tx, s, o.Content, a.actor.ID, o.Second.ID); err != nil {
		return err
	}
	a.res.Answer = s.Hash()
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"standard": s.ID, "version": s.Version, "hash": s.Hash()}})
}

// zone is the time zone of the district.
func (r *Registry) zone() *time.Location { return standard.Zone(r.cfg.Office) }

// assessFines reckons what an application owes, as it is taken. Nothing waits for it.
func (a *act) assessFines(app Application, in Intake) error {
	s, err := a.standard()
	if err != nil {
		return err
	}
	for _, f := range s.Assess(standard.Facts{
		Type: ktp.ApplicationType(app.Type), Born: in.Person.BirthDate, Married: in.Detail.MarriedOn, PermitEnd: in.Detail.StayedUntil,
		Reported: a.now(), Zone: a.r.zone(),
	}) {
		id, err := a.r.random(orderIDBytes)
		if err != nil {
			return err
		}
		kept := Fine{
			ID: id, Application: app.ID, Code: f.Code, Amount: f.Amount, Days: f.Late, Basis: f.Basis, State: FineAssessed, AssessedAt: a.now(),
		}
		if err := kept.save(a.tx); err != nil {
			return err
		}
		if err := a.tellFine(kept); err != nil {
			return err
		}
	}
	return nil
}

// permitOf is the last day of the permit by which the newest card of a person is valid that came into force here; zero
// where there is none, or it is a citizen's.
func (a *act) permitOf(person []byte) (until time.Time, err error) {
	list, err := cards(a.tx, `where person = ? and in_force_at > 0 order by in_force_at desc, chip limit 1`, person)
	if err != nil || len(list) == 0 {
		return until, err
	}
	app, err := a.application(list[0].Application)
	if err != nil {
		return until, err
	}
	record, _, err := loadRecord(a.tx, app)
	if err != nil || !record.Person.Foreign() {
		return until, err
	}
	if day, wrong := time.Parse(ktp.DateLayout, record.Person.Validity); wrong == nil { // else it was erased by the rules of retention
		until = day
	}
	return until, nil
}

// RulesOf are the rules in force for a type of application.
func (r *Registry) RulesOf(ctx context.Context, t ktp.ApplicationType) (rules Rules, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		rules, err = (&act{r: r, tx: tx}).rules(t)
		return err
	})
	return rules, err
}

// standardNamed is the one of an id and version, as a list keeps it; the one in force where it is not kept.
func (a *act) standardNamed(name string) (standard.Standard, error) {
	id, version, _ := strings.Cut(name, "/")
	hash, content, found, err := standardText(a.tx, `where id = ? and version = ? order by seq desc limit 1`, id, version)
	if err != nil {
		return standard.Standard{}, err
	}
	if found {
		return a.r.parsed(hash, content)
	}
	if s, err := standard.Load(id); err == nil && s.Version == version {
		return s, nil
	}
	return a.standard()
}

// standardAt is the one that was in force at a time.
func (a *act) standardAt(at time.Time) (standard.Standard, error) {
	hash, content, found, err := standardText(a.tx, `where active_from <= ? order by seq desc limit 1`, store.Micros(at))
	if err != nil {
		return standard.Standard{}, err
	}
	if found {
		return a.r.parsed(hash, content)
	}
	return standard.Load(a.r.cfg.Standard)
}

// StandardOf is the service standard that an application was taken under; of one that no counter took, the one in force.
func (r *Registry) StandardOf(ctx context.Context, id ApplicationID) (standard.Standard, error) {
	return r.standardBy(ctx, func(a *act) (standard.Standard, error) {
		in, found, err := intakeBy(a.tx, `where application = ?`, id)
		switch {
		case err != nil:
			return standard.Standard{}, err
		case !found:
			return a.standard()
		}
		return a.standardOf(in)
	})
}

// StandardNamed is the service standard by its id and version, as a list of destruction keeps it.
func (r *Registry) StandardNamed(ctx context.Context, name string) (standard.Standard, error) {
	return r.standardBy(ctx, func(a *act) (standard.Standard, error) { return a.standardNamed(name) })
}

// StandardAt is the service standard that was in force at a time.
func (r *Registry) StandardAt(ctx context.Context, at time.Time) (standard.Standard, error) {
	return r.standardBy(ctx, func(a *act) (standard.Standard, error) { return a.standardAt(at) })
}

// Standard is the service standard in force.
func (r *Registry) Standard(ctx context.Context) (standard.Standard, error) {
	return r.standardBy(ctx, (*act).standard)
}

func (r *Registry) standardBy(ctx context.Context, find func(*act) (standard.Standard, error)) (s standard.Standard, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		s, err = find(&act{r: r, tx: tx})
		return err
	})
	return s, err
}

// StandardVersion is one that was taken into use.
type StandardVersion struct {
	ID, Version, Hash     string
	ChangedBy, ApprovedBy string
	ActiveFrom            time.Time
}

// StandardVersions are those that were taken into use, newest first.
func (r *Registry) StandardVersions(ctx context.Context, limit int) (list []StandardVersion, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = standardVersions(tx, limit)
		return err
	})
	return list, err
}
