package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/standard"
	"blanko/web"
)

// nextWords say to an applicant what comes next.
var nextWords = map[registry.NextStep]string{
	"wait_for_check":  "Tunggu pemeriksaan berkas di loket, lalu datang ke meja perekaman.",
	"come_to_capture": "Datang ke meja perekaman untuk pas foto, tanda tangan, sidik jari dan iris.",
	"none":            "Tidak ada lagi yang perlu dilakukan.",
}

var fineWords = map[registry.FineState]string{
	registry.FineAssessed: "ditetapkan", registry.FineWaived: "dibebaskan", registry.FineSettled: "diselesaikan di tempat lain",
}

// fingerWords are the fingers of ISO/IEC 19794-2 by their positions.
var fingerWords = map[ktp.Finger]string{
	ktp.RightThumb: "jempol kanan", ktp.RightIndex: "telunjuk kanan", ktp.RightMiddle: "jari tengah kanan", ktp.RightRing: "jari manis kanan",
	ktp.RightLittle: "kelingking kanan", ktp.LeftThumb: "jempol kiri", ktp.LeftIndex: "telunjuk kiri", ktp.LeftMiddle: "jari tengah kiri",
	ktp.LeftRing: "jari manis kiri", ktp.LeftLittle: "kelingking kiri",
}

func papersOfApplications(a *api) {
	ofApplication(a, registry.PaperForm, "form", "printForm", "The application form F-1.02, filled in", applicationForm)
	ofApplication(a, registry.PaperReceipt, "receipt", "printReceipt", "What an applicant takes home: number, next step, date due", receiptPaper)
	ofApplication(a, registry.PaperConfirmation, "confirmation", "printConfirmation", "What the resident confirmed", confirmationPaper)
	ofApplication(a, registry.PaperUniqueness, "uniqueness", "printUniqueness", "The notice of the 1:N search that was read last", uniquenessPaper)
	ofApplication(a, registry.PaperProof, "proof", "printProof", "The face of the card before it is printed, not valid as a card", proofPaper)
	ofApplication(a, registry.PaperSuket, "suket", "printSuket", "The temporary certificate that is valid", suketPaper)
	ofApplication(a, registry.PaperHandover, "handover", "printHandover", "The receipt of the card by its holder, or by a proxy", handoverPaper)
	ofApplication(a, registry.PaperReturn, "return", "printReturn", "The note that goes with the card that came back", returnPaper)
	ofApplication(a, registry.PaperSubject, "subject-access", "printSubjectAccess", "The cover of what the station holds about the person, for the person", subjectPaper)
}

// requirementChoices are the requirements of a type; ticked, those that were met.
func requirementChoices(s standard.Standard, t ktp.ApplicationType, met []registry.Requirement) (list []paper.Choice) {
	_, wanted, _ := s.TypeOf(t)
	for _, r := range wanted {
		ticked := slices.ContainsFunc(met, func(m registry.Requirement) bool {
			return m.Override == "" && (m.ID == r.ID || slices.ContainsFunc(r.Instead, func(i standard.Requirement) bool { return i.ID == m.ID }))
		})
		list = append(list, paper.Choice{Text: r.Text.ID, Ticked: ticked})
	}
	return list
}

func applicationForm(f *form, app registry.Application) (filled, error) {
	in, met, err := f.api.Registry.Intake(f.ctx, app.ID)
	if err != nil {
		return filled{}, err
	}
	s := f.standardOf(app.ID)
	p := paper.Form{
		Person: &in.Person, Place: f.place(in.Place).Name, Requirements: requirementChoices(s, ktp.ApplicationType(app.Type), met), Free: s.Free.ID,
	}
	for _, t := range s.Types {
		p.Types = append(p.Types, paper.Choice{Text: paper.TypeWords(t.Type), Ticked: string(t.Type) == app.Type})
	}
	return filled{content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.ApplicationForm(p)
	}}, nil
}

// blankForm draws form F-1.02 to be filled in by hand: it has no number, and no row in the register of papers.
func blankForm(a *api) {
	op := huma.Operation{
		OperationID: "getBlankForm", Method: http.MethodGet, Path: "/v1/forms/application", Summary: "Form F-1.02, blank", Description: readers(access.TakeApplications),
		Responses: map[string]*huma.Response{
			"200":     {Description: "The form, to be printed", Content: map[string]*huma.MediaType{typePDF: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}},
			"default": a.anyProblem(),
		},
	}
	a.secure(&op, access.TakeApplications)
	op.Middlewares = append(op.Middlewares, a.offering(typePDF))
	huma.Register(a.huma, op, func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
		f := &form{ctx: ctx, api: a, zone: a.Registry.Zone()}
		s := f.standardAt(a.Now())
		p := paper.Form{Heading: paper.Heading{Office: a.office(), At: f.local(a.Now())}, Place: f.place(web.ActorOf(ctx).Place).Name, Free: s.Free.ID}
		for _, t := range s.Types {
			p.Types = append(p.Types, paper.Choice{Text: paper.TypeWords(t.Type)})
		}
		for _, q := range s.Requirements {
			p.Requirements = append(p.Requirements, paper.Choice{Text: q.Text.ID})
		}
		data, err := paper.ApplicationForm(p)
		if err = cmp.Or(f.failed, err); err != nil {
			return nil, a.Problems.Of(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", typePDF)
			c.SetHeader("Content-Disposition", `attachment; filename="F-1.02.pdf"`)
			_, _ = c.BodyWriter().Write(data) // who asked has gone
		}}, nil
	})
}

func receiptPaper(f *form, app registry.Application) (filled, error) {
	in, met, err := f.api.Registry.Intake(f.ctx, app.ID)
	if err != nil {
		return filled{}, err
	}
	s := f.standardOf(app.ID)
	_, name := f.person(app.ID)
	p := paper.Receipt{
		Application: string(app.ID), Type: ktp.ApplicationType(app.Type), NIK: in.Person.NIK, Name: name, ReceivedAt: f.local(app.ReceivedAt),
		NextStep: nextWords[registry.NextOf(registry.Received)], Due: f.local(app.Due), Delivery: f.place(in.Delivery),
		Requirements: requirementChoices(s, ktp.ApplicationType(app.Type), met), Free: s.Free.ID, Officer: f.officer(app.ReceivedBy),
	}
	const most = 20
	fines, err := f.api.Registry.ListFines(f.ctx, registry.FineFilter{Application: app.ID, Limit: most})
	for _, x := range of(f, fines, err) {
		text := x.Code
		for _, rule := range s.Fines {
			if rule.Code == x.Code {
				text = rule.Text.ID
			}
		}
		p.Fines = append(p.Fines, paper.FineLine{Text: text, Amount: x.Amount, Days: x.Days, Basis: x.Basis, State: fineWords[x.State]})
	}
	return filled{number: in.Receipt, content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.ApplicationReceipt(p)
	}}, nil
}

func confirmationPaper(f *form, app registry.Application) (filled, error) {
	shown, err := f.api.Registry.ToConfirm(f.ctx, app.ID)
	if err != nil {
		return filled{}, err
	}
	list, err := f.api.Registry.Confirmations(f.ctx, app.ID)
	if err != nil || len(list) == 0 {
		return f.missing("application", "nobody confirmed it")
	}
	last := list[len(list)-1]
	if last.Hash != shown.Hash {
		return f.missing("application", "its data are no longer those that were confirmed")
	}
	_, name := f.person(app.ID)
	p := paper.Confirmation{
		Application: string(app.ID), Version: max(1, app.Version), Printed: paper.Signed(shown.Person), Hash: last.Hash, ConfirmedAt: f.local(last.At), Name: name,
		Operator: f.officer(last.Actor),
	}
	if last.Method == registry.MethodPad {
		proof, err := f.api.Registry.ConfirmationProof(f.ctx, app.ID, last.Number)
		p.Signature = pictureOf(of(f, proof, err))
	}
	return filled{content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.ConfirmationSlip(p)
	}}, nil
}

func uniquenessPaper(f *form, app registry.Application) (filled, error) {
	list, err := f.api.Registry.Results(f.ctx, app.ID)
	if err != nil {
		return filled{}, err
	}
	list = slices.DeleteFunc(list, func(r registry.Found) bool { return r.ReadAt.IsZero() })
	if len(list) == 0 {
		return f.missing("application", "no result of it was read")
	}
	r := list[len(list)-1]
	who, name := f.person(app.ID)
	source := "pusat data"
	if r.Sequence == 0 {
		source = "stasiun ini, atau rekaman pusat data itu sendiri"
	}
	p := paper.Uniqueness{
		Application: string(app.ID), NIK: who.NIK, Name: name, Encounter: max(1, r.Encounter), Result: paper.UniquenessResult(r.Result), Source: source,
		FoundAt: f.local(r.At), ReadAt: f.local(r.ReadAt), Reader: f.officer(r.ReadBy),
	}
	if r.Reason != "" {
		p.Reason = f.words(r.Reason)
	}
	return filled{content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.UniquenessNotice(p)
	}}, nil
}

func proofPaper(f *form, app registry.Application) (filled, error) {
	if f.api.Face == nil {
		return f.missing("application", "this station draws no faces")
	}
	if app.Version == 0 {
		return f.missing("application", "its record has not come")
	}
	rec, err := f.api.Registry.Record(f.ctx, app.ID)
	if err != nil {
		return filled{}, err
	}
	face, err := f.api.Face(f.ctx, rec)
	if err != nil {
		return filled{}, err
	}
	m := pictureOf(face)
	if m == nil {
		return f.missing("application", "its pictures were erased")
	}
	p := paper.Proof{Face: m, Title: string(app.ID) + ", " + paper.TypeWords(ktp.ApplicationType(app.Type)), Person: paper.OnCard(rec.Person)}
	for _, w := range app.Warnings {
		p.Results = append(p.Results, paper.Result{What: "peringatan", Mark: paper.Warning, Text: f.words(w)})
	}
	if len(p.Results) == 0 {
		p.Results = []paper.Result{{What: "pemeriksaan rekaman", Mark: paper.Good, Text: "tanpa peringatan"}}
	}
	by := f.printer().Name
	return filled{content: p, draw: func(h paper.Heading) ([]byte, error) {
		return paper.Proofs(paper.ProofBatch{Office: h.Office, Number: h.Number, At: h.At, By: by, Proofs: []paper.Proof{p}, Code: h.Code, Copy: h.Copy})
	}}, nil
}

func suketPaper(f *form, app registry.Application) (filled, error) {
	list, err := f.api.Registry.Sukets(f.ctx, registry.SuketFilter{Application: app.ID, Valid: true, Limit: 1})
	if err != nil {
		return filled{}, err
	}
	if len(list) == 0 {
		return f.missing("application", "no certificate of it is valid")
	}
	s := list[0]
	who, _ := f.person(app.ID)
	p := paper.Suket{
		Application: string(app.ID), Person: who, Reason: "kartu masih dalam proses pencetakan", ValidUntil: f.local(s.ValidUntil),
		Signer: f.officer(s.IssuedBy), SignerRole: "Petugas yang menerbitkan",
	}
	if rec, err := f.api.Registry.Record(f.ctx, app.ID); err == nil {
		p.Photo = pictureOf(rec.Portrait.Data)
	}
	at := f.local(s.IssuedAt)
	return filled{subject: s.Number, number: s.Number, content: p, draw: func(h paper.Heading) ([]byte, error) {
		h.At = at
		p.Heading = h
		return paper.TemporaryCertificate(p)
	}}, nil
}

func handoverPaper(f *form, app registry.Application) (filled, error) {
	given, found, err := f.api.Registry.HandoverOf(f.ctx, app.ID)
	if err != nil {
		return filled{}, err
	}
	if !found {
		return f.missing("application", "its card was not handed over")
	}
	who, name := f.person(app.ID)
	delivery, err := f.api.Registry.DeliveryOf(f.ctx, app.ID)
	p := paper.Handover{
		Application: string(app.ID), Type: ktp.ApplicationType(app.Type), NIK: who.NIK, Name: name, Chip: given.Chip, Place: f.place(of(f, delivery, err).ID).Name,
		HandedOverAt: f.local(given.At), Old: paper.OldCard(given.Old), OldChip: given.OldChip, Officer: f.officer(given.Actor), Second: f.officer(given.Second),
		Proxy: paper.HandoverProxy{NIK: ktp.NIK(given.Proxy.NIK), Name: given.Proxy.Name, Letter: given.Proxy.Letter},
	}
	if given.Exception != "" {
		p.Exception = f.words(given.Exception)
	}
	why := ""
	tries, err := f.api.Registry.MatchTries(f.ctx, app.ID)
	for _, t := range of(f, tries, err) {
		if t.Chip != given.Chip || t.At.After(given.At) {
			continue
		}
		p.Match.Attempts++
		switch t.Result {
		case registry.TryMatched:
			p.Match.At, p.Match.Finger, p.Match.Operator = f.local(t.At), fingerWords[t.Finger], f.officer(t.Actor)
		case registry.TryException: // the match of before has lapsed
			p.Match.At, why = time.Time{}, t.Cause
		}
	}
	if p.Match.At.IsZero() {
		p.Match = paper.Match{}
		if p.Exception == "" {
			p.Exception = "pengecualian verifikasi oleh atasan"
			if why != "" {
				p.Exception += ": " + f.words(why)
			}
			p.Second = f.exceptedBy(app.ID, given.Actor)
		}
	}
	return filled{content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.HandoverReceipt(p)
	}}, nil
}

// exceptedBy is the second person of the match that an exception stands for.
func (f *form) exceptedBy(app registry.ApplicationID, other string) paper.Officer {
	for _, e := range f.events(audit.Filter{Application: string(app), Code: "application.match"}) {
		if second := e.Detail["second"]; second != "" && second != other {
			return f.officer(second)
		}
	}
	return paper.Officer{Name: "-"}
}

func returnPaper(f *form, app registry.Application) (filled, error) {
	back, came, err := f.api.Registry.CameBack(f.ctx, app.ID)
	if err != nil {
		return filled{}, err
	}
	if !came {
		return f.missing("application", "no card of it came back")
	}
	who, name := f.person(app.ID)
	s := f.standardAt(back.At)
	from := ""
	if in, _, err := f.api.Registry.Intake(f.ctx, app.ID); err == nil {
		from = in.Delivery
	}
	p := paper.Return{
		From: f.place(from), To: f.place(""), Policy: paper.ReturnPolicy(s.Destruction.Policy), Sender: f.officer(back.Actor),
		Cards: []paper.ReturnedCard{{Application: string(app.ID), NIK: who.NIK, Name: name, Chip: back.Chip, Cause: f.words(back.Cause)}},
	}
	return filled{content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.ReturnNote(p)
	}}, nil
}

func subjectPaper(f *form, app registry.Application) (filled, error) {
	who, name := f.person(app.ID)
	data, err := f.api.Registry.SubjectData(f.ctx, who.NIK)
	if err != nil {
		return filled{}, err
	}
	counts := struct{ cards, scans, fines, complaints, events int }{}
	for _, x := range data.Applications {
		counts.cards += len(x.Cards)
		counts.scans += len(x.Attachments)
		counts.fines += len(x.Fines)
		counts.complaints += len(x.Complaints)
		for _, e := range x.Events {
			if e.Code != "paper.issued" && e.Code != "paper.copied" { // this paper is no news to itself
				counts.events++
			}
		}
	}
	p := paper.SubjectAccess{
		NIK: who.NIK, Name: name, RequestedAt: f.local(f.api.Now()).Truncate(24 * time.Hour), IdentifiedBy: "dokumen identitas di hadapan petugas",
		Purpose: "penerbitan KTP-el", Basis: "UU 23/2006 jo. UU 24/2013; UU 27/2022 pasal 7", Recipients: []string{"Pusat data Direktorat Jenderal Kependudukan dan Pencatatan Sipil"},
		Officer: f.printer(),
		Classes: []paper.SubjectClass{
			{What: "permohonan dan data kependudukan", Items: len(data.Applications), Kept: "menurut standar pelayanan"},
			{What: "kartu", Items: counts.cards, Kept: "selama register disimpan"},
			{What: "pindaian berkas", Items: counts.scans, Kept: "menurut standar pelayanan"},
			{What: "denda", Items: counts.fines, Kept: "selama register disimpan"},
			{What: "pengaduan", Items: counts.complaints, Kept: "menurut standar pelayanan"},
			{What: "peristiwa dalam catatan, tanpa data pribadi", Items: counts.events, Kept: "selama register disimpan"},
		},
	}
	return filled{content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.SubjectAccessCover(p)
	}}, nil
}
