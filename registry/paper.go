package registry

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// PaperKind is what a paper is; the operation that issues it is "paper." and the kind.
type PaperKind string

const (
	PaperForm           PaperKind = "application_form"
	PaperReceipt        PaperKind = "receipt"
	PaperConfirmation   PaperKind = "confirmation_slip"
	PaperUniqueness     PaperKind = "uniqueness_notice"
	PaperProof          PaperKind = "card_proof"
	PaperSuket          PaperKind = "suket"
	PaperHandover       PaperKind = "handover_receipt"
	PaperReturn         PaperKind = "return_note"
	PaperReturnList     PaperKind = "return_list"
	PaperSubject        PaperKind = "subject_access"
	PaperManifest       PaperKind = "consignment"
	PaperDelivery       PaperKind = "delivery_note"
	PaperArrival        PaperKind = "consignment_receipt"
	PaperMinutes        PaperKind = "berita_acara"
	PaperMute           PaperKind = "berita_acara_mute"
	PaperLost           PaperKind = "berita_acara_lost"
	PaperLostBag        PaperKind = "berita_acara_lost_consignment"
	PaperShift          PaperKind = "shift_sheet"
	PaperStock          PaperKind = "stock_report"
	PaperInspection     PaperKind = "inspection_report"
	PaperChipCheck      PaperKind = "chip_check"
	PaperSAM            PaperKind = "sam_receipt"
	PaperComplaint      PaperKind = "complaint_slip"
	PaperBreach         PaperKind = "breach_notice"
	PaperDailyBook      PaperKind = "daily_book"
	PaperMonthly        PaperKind = "monthly_report"
	PaperUncollected    PaperKind = "uncollected_list"
	paperOperations               = "paper."
	opWithdrawPaper     Name      = "paper.withdraw"
	paperLetter                   = 'K' // of a verification code
	paperSubjectLongest           = 100
)

// paperWho says what letters the numbers of a kind begin with, and who issues it: those whose work it
// comes from.
var paperWho = []struct {
	kind   PaperKind
	series string
	who    access.Permission
}{
	{PaperForm, "FP", access.TakeApplications},
	{PaperReceipt, "TT", access.TakeApplications},
	{PaperConfirmation, "PD", access.Capture},
	{PaperUniqueness, "PT", access.ReadResults},
	{PaperProof, "CC", access.Approve},
	{PaperSuket, "SK", access.IssueSukets},
	{PaperHandover, "BS", access.HandOver},
	{PaperReturn, "NR", access.ReturnCards},
	{PaperReturnList, "NL", access.Destroy},
	{PaperSubject, "DP", access.ExportPersons},
	{PaperManifest, "PK", access.Ship},
	{PaperDelivery, "SJ", access.Ship},
	{PaperArrival, "BT", access.ReceiveCards},
	{PaperMinutes, "BA", access.Destroy},
	{PaperMute, "BM", access.ResolveDoubt},
	{PaperLost, "BK", access.AttestLosses},
	{PaperLostBag, "BP", access.RetireCards},
	{PaperShift, "LS", access.MoveStock},
	{PaperStock, "LB", access.SeeStock},
	{PaperInspection, "LI", access.Inspect},
	{PaperChipCheck, "HC", access.VerifyHolder},
	{PaperSAM, "TS", access.KeepSAMs},
	{PaperComplaint, "PG", access.TakeComplaints},
	{PaperBreach, "PB", access.HandleBreaches},
	{PaperDailyBook, "BH", access.TakeApplications},
	{PaperMonthly, "LP", access.SeeApplications},
	{PaperUncollected, "DB", access.ReceiveCards},
}

// paperRows are the rows of Operations that issue papers.
func paperRows() (rows []Row) {
	for _, p := range paperWho {
		rows = append(rows, Row{Name: paperOperation(p.kind), Of: IssuePaper{Kind: p.kind}, Who: p.who, Event: "paper.issued", Paper: string(p.kind)})
	}
	return append(rows, Row{Name: opWithdrawPaper, Of: WithdrawPaper{}, Who: access.SecondInService, Event: "paper.withdrawn"})
}

// paperSeries is what the numbers of a kind begin with.
func paperSeries(k PaperKind) string {
	for _, p := range paperWho {
		if p.kind == k {
			return p.series
		}
	}
	return ""
}

func paperOperation(k PaperKind) Name { return Name(paperOperations + string(k)) }

// PaperState is where a paper stands.
type PaperState string

const (
	PaperValid     PaperState = "valid"
	PaperReplaced  PaperState = "replaced" // by a newer one about the same, which tells something else
	PaperWithdrawn PaperState = "withdrawn"
)

// Paper is a paper that was issued: what is kept of it. What it tells stays in the ledger.
type Paper struct {
	Number      string
	Code        string // proves it; on the paper
	Kind        PaperKind
	Subject     string
	Application ApplicationID // empty: it is about none
	Office      string        // code of the region
	Place       string        // service place of who issued it; empty: the Dinas
	IssuedAt    time.Time
	IssuedBy    string
	Pages       int
	Digest      string // SHA-256 of what it tells, hex
	Copies      int    // that were made of it, each marked
	State       PaperState
	EndedAt     time.Time
	Reason      string // why it was withdrawn: code
}

// IssuePaper issues a paper about a subject: an application, a list, a day. Who prints it has filled it
// from the ledger; Digest stands for what it tells. The same content once more is a copy of the paper that
// was issued, under its number; another content is a new paper, which replaces the one before. Answer: the
// number, and behind a slash which copy it is.
type IssuePaper struct {
	Kind        PaperKind
	Subject     string
	Application ApplicationID // empty: it is about none
	Seen        int64         `json:"-"` // newest event of the application when the paper was filled
	Digest      string        // SHA-256, hex
	Pages       int
}

// Name is that of its kind.
func (o IssuePaper) Name() Name { return paperOperation(o.Kind) }

func (o IssuePaper) run(a *act) error {
	const op = "registry.IssuePaper"
	switch sum, err := hex.DecodeString(o.Digest); {
	case err != nil || len(sum) != 32:
		return badOperation.At(op, nil).With("digest", "SHA-256, 64 hex digits")
	case o.Pages < 1:
		return badOperation.At(op, nil).With("pages", "counted from 1")
	case o.Subject == "" || len(o.Subject) > paperSubjectLongest:
		return badOperation.At(op, nil).With("subject", "1 to %d bytes", paperSubjectLongest)
	}
	if o.Application != "" {
		if _, err := a.application(o.Application); err != nil {
			return err
		}
		newest, err := audit.Newest(a.tx, string(o.Application), unchanging...)
		if err != nil {
			return err
		}
		if newest != o.Seen {
			return changedMeanwhile.At(op, nil).With("application", "event %d is newer than the paper", newest)
		}
	}
	last, found, err := onePaper(a.tx, `where kind = ? and subject = ? and state = 'valid' order by issued_at desc limit 1`, o.Kind, o.Subject)
	if err != nil {
		return err
	}
	a.res.Application = o.Application
	if found && last.Digest == o.Digest {
		last.Copies++
		if err := last.save(a.tx); err != nil {
			return err
		}
		a.res.Answer = last.Number + "/" + strconv.Itoa(last.Copies)
		return a.tell(audit.Event{Code: "paper.copied", Application: string(o.Application), Detail: map[string]string{
			"paper": last.Number, "kind": string(o.Kind), "copy": strconv.Itoa(last.Copies),
		}})
	}
	p, err := a.newPaper(o)
	if err != nil {
		return err
	}
	detail := map[string]string{"paper": p.Number, "kind": string(o.Kind), "pages": strconv.Itoa(o.Pages), "digest": o.Digest}
	if found {
		last.State, last.EndedAt = PaperReplaced, a.now()
		if err := last.save(a.tx); err != nil {
			return err
		}
		detail["replaces"] = last.Number
	}
	if err := p.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = p.Number
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: detail})
}

// newPaper gives a paper its number, which counts up within its kind and year and is never given again, and
// its code, which nobody guesses.
func (a *act) newPaper(o IssuePaper) (p Paper, err error) {
	year := a.today()[:4]
	n, err := nextPaper(a.tx, o.Kind, year)
	if err != nil {
		return p, err
	}
	code, err := a.r.newNumber(paperLetter)
	return Paper{
		Number: fmt.Sprintf("%s-%s-%06d", paperSeries(o.Kind), year, n), Code: code, Kind: o.Kind, Subject: o.Subject, Application: o.Application,
		Office: a.r.cfg.Office, Place: a.actor.Place, IssuedAt: a.now(), IssuedBy: a.actor.ID, Pages: o.Pages, Digest: o.Digest, State: PaperValid,
	}, err
}

// MayAttest reports whether somebody may print the berita acara of a card that was declared lost: who resolves doubts that
// of every card, who else attests losses that of a card they declared themselves.
func MayAttest(who Actor, declared audit.Event) bool {
	return who.May(access.ResolveDoubt) || who.May(access.AttestLosses) && who.ID == declared.Actor
}

// WithdrawPaper declares a paper that was issued as not valid: its code says so from now on.
type WithdrawPaper struct {
	Number string
	Because
}

func (WithdrawPaper) Name() Name { return opWithdrawPaper }

func (o WithdrawPaper) run(a *act) error {
	const op = "registry.WithdrawPaper"
	p, found, err := onePaper(a.tx, `where number = ?`, o.Number)
	switch {
	case err != nil:
		return err
	case !found:
		return unknownID.At(op, nil).With("paper", "no such paper was issued")
	case p.State == PaperWithdrawn:
		return wrongState.At(op, nil).With("paper", "it is withdrawn")
	}
	p.State, p.EndedAt, p.Reason = PaperWithdrawn, a.now(), o.Reason
	if err := p.save(a.tx); err != nil {
		return err
	}
	a.res.Application, a.res.Answer = p.Application, p.Number
	return a.tell(audit.Event{Code: a.row.Event, Application: string(p.Application), Detail: map[string]string{"paper": p.Number, "kind": string(p.Kind), "cause": o.Reason}})
}

// ParsePaperCode reads a verification code as people write it; ok is false when it was misread or is none.
func ParsePaperCode(s string) (code string, ok bool) { return parseNumber(paperLetter, s) }

// PaperByCode is the paper that a verification code proves; registry.unknown_id when no paper has it. A
// certificate that has ended is no longer valid, whatever was done to its paper.
func (r *Registry) PaperByCode(ctx context.Context, code string) (p Paper, err error) {
	const op = "registry.PaperByCode"
	code, ok := ParsePaperCode(code)
	if !ok {
		return p, badOperation.At(op, nil).With("code", "misread: its check character does not fit")
	}
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		p, err = mustPaper(tx, `where code = ?`, code)
		if err != nil || p.Kind != PaperSuket || p.State != PaperValid {
			return err
		}
		s, found, err := oneSuket(tx, `where number = ?`, p.Subject)
		if err == nil && (!found || !s.Valid || !tx.Now().Before(s.ValidUntil)) {
			p.State, p.EndedAt, p.Reason = PaperWithdrawn, s.EndedAt, cmp.Or(s.Cause, "expired")
			if p.EndedAt.IsZero() {
				p.EndedAt = s.ValidUntil
			}
		}
		return err
	})
	return p, err
}

// Paper is one by its number, with or without the copy behind a slash.
func (r *Registry) Paper(ctx context.Context, number string) (p Paper, err error) {
	number, _, _ = strings.Cut(number, "/")
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		p, err = mustPaper(tx, `where number = ?`, number)
		return err
	})
	return p, err
}

// PaperFilter says which papers are asked for.
type PaperFilter struct {
	Kind        PaperKind     // empty: all
	Application ApplicationID // empty: all
	Subject     string        // empty: all
	After       string        // number of the last one seen
	Limit       int
}

// Papers are those that were issued, in the order of their numbers.
func (r *Registry) Papers(ctx context.Context, f PaperFilter) (list []Paper, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.And(`number > ?`, f.After)
		w.If(string(f.Kind), `kind = ?`, f.Kind)
		w.If(string(f.Application), `application = ? and application <> ''`, f.Application)
		w.If(f.Subject, `subject = ?`, f.Subject)
		list, err = papers(tx, w.Text()+` order by number limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}

// PaperVersion is the newest event that changed an application: what a paper about it was filled from.
func (r *Registry) PaperVersion(ctx context.Context, id ApplicationID) (event int64, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		event, err = audit.Newest(tx, string(id), unchanging...)
		return err
	})
	return event, err
}

// NameOf is the name of somebody who works here, as it stands on papers; the id of a system or of who is
// not known.
func (r *Registry) NameOf(ctx context.Context, id string) (name string, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		p, _, err := access.PersonByID(tx, id)
		name = cmp.Or(p.Name, id)
		return err
	})
	return name, err
}

// Zone is where the office is.
func (r *Registry) Zone() *time.Location { return r.zone() }
