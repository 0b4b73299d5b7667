package paper

import (
	"image"
	"strings"
	"testing"
	"time"

	"blanko/fault"
)

// refusal is a change that makes a paper impossible, and the field that the fault names.
type refusal[D any] struct {
	field  string
	change func(*D)
}

// refuses proves that each change is refused by its field, and that nothing comes out. Every fault
// has its texts in both languages (the walk over all entries proves that they are not empty).
func refuses[D any](t *testing.T, name string, good func() D, draw func(D) ([]byte, error), list []refusal[D]) {
	t.Helper()
	for _, c := range list {
		d := good()
		c.change(&d)
		out, err := draw(d)
		if !fault.Is(err, contentInvalid) || out != nil {
			t.Errorf("%s, %s: %v", name, c.field, err)
			continue
		}
		if got := err.(*fault.Error).Field; got != c.field {
			t.Errorf("%s: field %q, want %q", name, got, c.field)
		}
	}
}

const chinese = "李"

func TestPapersRefuseWhatTheyCannotTell(t *testing.T) {
	t.Parallel()
	refuses(t, "heading", receipt, ApplicationReceipt, []refusal[Receipt]{
		{"office.name", func(r *Receipt) { r.Office.Name = "" }},
		{"number", func(r *Receipt) { r.Number = "" }},
		{"at", func(r *Receipt) { r.At = time.Time{} }},
		{"code", func(r *Receipt) { r.Code = "" }},
		{"link", func(r *Receipt) { r.Link = strings.Repeat("x", longestLink+1) }},
	})
	refuses(t, "form", form, ApplicationForm, []refusal[Form]{
		{"number", func(f *Form) { f.Number = "" }},
		{"person.nik", func(f *Form) { f.Person.NIK = "12" }},
		{"person.name", func(f *Form) { f.Person.Names = nil }},
		{"person.birthDate", func(f *Form) { f.Person.BirthDate = time.Time{} }},
		{"phone", func(f *Form) { f.Phone = "\x07" }},
		{"types", func(f *Form) { f.Types = nil }},
		{"types[2]", func(f *Form) { f.Types[2].Text = "" }},
		{"requirements[0]", func(f *Form) { f.Requirements[0].Text = chinese }},
	})
	refuses(t, "blank form", blankForm, ApplicationForm, []refusal[Form]{
		{"at", func(f *Form) { f.At = time.Time{} }}, {"office.address", func(f *Form) { f.Office.Address = "" }}, {"requirements", func(f *Form) { f.Requirements = nil }},
	})
	refuses(t, "receipt", receipt, ApplicationReceipt, []refusal[Receipt]{
		{"type", func(r *Receipt) { r.Type = "gift" }},
		{"nik", func(r *Receipt) { r.NIK = "" }},
		{"nextStep", func(r *Receipt) { r.NextStep = " " }},
		{"due", func(r *Receipt) { r.Due = r.ReceivedAt.Add(-time.Hour) }},
		{"delivery.name", func(r *Receipt) { r.Delivery.Name = "" }},
		{"fines[0].basis", func(r *Receipt) { r.Fines[0].Basis = "" }},
		{"fines[0]", func(r *Receipt) { r.Fines[0].Amount = -1 }},
		{"officer.name", func(r *Receipt) { r.Officer.Name = "" }},
	})
	refuses(t, "daily book", func() DailyBook { return dailyBook(3) }, DailyBookPages, []refusal[DailyBook]{
		{"to", func(b *DailyBook) { b.To = b.From.Add(-time.Hour) }},
		{"entries[1].event", func(b *DailyBook) { b.Entries[1].Event = "lunch" }},
		{"entries[2].nik", func(b *DailyBook) { b.Entries[2].NIK = "1" }},
		{"entries[0].name", func(b *DailyBook) { b.Entries[0].Name = "" }},
		{"entries[0].at", func(b *DailyBook) { b.Entries[0].At = time.Time{} }},
		{"entries[2].at", func(b *DailyBook) { b.Entries[2].At = b.To.Add(1) }},
		{"entries[1].sequence", func(b *DailyBook) { b.Entries[1].Sequence = b.Entries[0].Sequence }},
		{"keeper.name", func(b *DailyBook) { b.Keeper = Officer{} }},
	})
	refuses(t, "confirmation", confirmation, ConfirmationSlip, []refusal[Confirmation]{
		{"hash", func(c *Confirmation) { c.Hash = hash[:63] }},
		{"hash", func(c *Confirmation) { c.Hash = "X" + hash[1:] }},
		{"printed", func(c *Confirmation) { c.Printed = nil }},
		{"printed[1]", func(c *Confirmation) { c.Printed[1].Value = chinese }},
		{"version", func(c *Confirmation) { c.Version = 0 }},
		{"name", func(c *Confirmation) { c.Name = "" }},
		{"signature", func(c *Confirmation) { c.Signature = scene(0, 0, 0) }},
	})
	refuses(t, "uniqueness", func() Uniqueness { return uniqueness(Unique) }, UniquenessNotice, []refusal[Uniqueness]{
		{"result", func(u *Uniqueness) { u.Result = "perhaps" }},
		{"encounter", func(u *Uniqueness) { u.Encounter = 0 }},
		{"reader.name", func(u *Uniqueness) { u.Reader.Name = "" }},
		{"readAt", func(u *Uniqueness) { u.ReadAt = u.FoundAt.Add(-1) }},
		{"source", func(u *Uniqueness) { u.Source = "" }},
	})
	refuses(t, "manifest", func() Manifest { return manifest(3) }, ConsignmentManifest, []refusal[Manifest]{
		{"route", func(m *Manifest) { m.Route = "up" }},
		{"seal", func(m *Manifest) { m.Seal = "" }},
		{"cards", func(m *Manifest) { m.Cards = nil }},
		{"cards[1].chip", func(m *Manifest) { m.Cards[1].Chip = "" }},
		{"packer.name", func(m *Manifest) { m.Packer = Officer{} }},
	})
	refuses(t, "arrival", func() Arrival { return arrival(8) }, ConsignmentReceipt, []refusal[Arrival]{
		{"cards[0].state", func(a *Arrival) { a.Cards[0].State = "?" }},
		{"cards[3].application", func(a *Arrival) { a.Cards[3].Application = "" }},
		{"cards[5].chip", func(a *Arrival) { a.Cards[5].Chip = "" }},
		{"receivedAt", func(a *Arrival) { a.ReceivedAt = a.ShippedAt.Add(-1) }},
		{"carrier", func(a *Arrival) { a.Carrier = "" }},
	})
	refuses(t, "hand-over", handover, HandoverReceipt, []refusal[Handover]{
		{"old", func(h *Handover) { h.Old = "" }},
		{"exception", func(h *Handover) { h.Match = Match{} }},
		{"match.finger", func(h *Handover) { h.Match.Finger = "" }},
		{"handedOverAt", func(h *Handover) { h.Match.At = h.HandedOverAt.Add(1) }},
		{"second.name", func(h *Handover) { h.Exception = "sendiri" }},
		{"second", func(h *Handover) { h.Exception, h.Second = "sendiri", h.Officer }},
	})
	refuses(t, "proxy", proxyHandover, HandoverReceipt, []refusal[Handover]{
		{"proxy.letter", func(h *Handover) { h.Proxy.Letter = "" }}, {"proxy.nik", func(h *Handover) { h.Proxy.NIK = "" }}, {"exception", func(h *Handover) { h.Exception = "" }},
	})
	refuses(t, "return", func() Return { return returned(4) }, ReturnNote, []refusal[Return]{
		{"policy", func(r *Return) { r.Policy = "SELL" }},
		{"cards", func(r *Return) { r.Cards = nil }},
		{"cards[2].cause", func(r *Return) { r.Cards[2].Cause = "" }},
		{"cards[1].nik", func(r *Return) { r.Cards[1].NIK = "7" }},
	})
	refuses(t, "destruction", func() Minutes { return minutes(MinutesDestruction, 7) }, OfficialMinutes, []refusal[Minutes]{
		{"kind", func(m *Minutes) { m.Kind = "" }},
		{"method", func(m *Minutes) { m.Method = "" }},
		{"second", func(m *Minutes) { m.Second = m.First }},
		{"countIn", func(m *Minutes) { m.CountIn = m.Second }},
		{"counted", func(m *Minutes) { m.Counted = 6 }},
		{"done", func(m *Minutes) { m.Done = 8 }},
		{"items", func(m *Minutes) { m.Items, m.Counted, m.Done = nil, 0, 0 }},
		{"witness", func(m *Minutes) { m.Witness = nil }},
		{"pictures", func(m *Minutes) { m.Pictures = nil }},
		{"items[0].address", func(m *Minutes) { m.Items[0].Address = "" }},
		{"items[0].name", func(m *Minutes) { m.Items[0].Name = "" }},
		{"items[3].cause", func(m *Minutes) { m.Items[3].Cause = "" }},
		{"pictures[1].hash", func(m *Minutes) { m.Pictures[1].Hash = "" }},
		{"pictures[0].image", func(m *Minutes) { m.Pictures[0].Image = image.NewGray(image.Rectangle{}) }},
	})
	refuses(t, "mute", func() Minutes { return minutes(MinutesMute, 1) }, OfficialMinutes, []refusal[Minutes]{{"pictures", func(m *Minutes) { m.Pictures = nil }}})
	refuses(t, "shift", shift, ShiftSheet, []refusal[Shift]{
		{"openedBy[1]", func(h *Shift) { h.OpenedBy[1] = h.OpenedBy[0] }},
		{"closedBy[1].name", func(h *Shift) { h.ClosedBy[1] = Officer{} }},
		{"counts", func(h *Shift) { h.Counts = nil }},
		{"counts[2]", func(h *Shift) { h.Counts[2].Counted = -1 }},
		{"anchor.hash", func(h *Shift) { h.Anchor.Hash = "" }},
		{"anchor.sequence", func(h *Shift) { h.Anchor.Sequence = 0 }},
		{"causes[0].count", func(h *Shift) { h.Causes[0].Count = -1 }},
		{"restarts[0].reason", func(h *Shift) { h.Restarts[0].Reason = "" }},
	})
	refuses(t, "stock", func() StockReport { return stockReport(2) }, StockPages, []refusal[StockReport]{
		{"blanks[1].lot", func(r *StockReport) { r.Blanks[1].Lot = "" }},
		{"blanks[0]", func(r *StockReport) { r.Blanks[0].Made = -1 }},
		{"rolls[0].kind", func(r *StockReport) { r.Rolls[0].Kind = "" }},
		{"rolls[1].removedBy", func(r *StockReport) { r.Rolls[1].RemovedBy = "" }},
		{"rolls[1].seal", func(r *StockReport) { r.Rolls[1].Seal = "" }},
		{"denied", func(r *StockReport) { r.Denied = -1 }},
	})
	refuses(t, "complaint", complaint, ComplaintSlip, []refusal[Complaint]{
		{"text", func(c *Complaint) { c.Text = "\n \t" }},
		{"channel", func(c *Complaint) { c.Channel = "" }},
		{"due", func(c *Complaint) { c.Due = time.Time{} }},
		{"verified.matter", func(c *Complaint) { c.Verified.Matter = "" }},
		{"answer.text", func(c *Complaint) { c.Answer.Text = "" }},
		{"answer.at", func(c *Complaint) { c.Answer.At = c.ReceivedAt.Add(-1) }},
	})
	refuses(t, "uncollected", func() Uncollected { return uncollected(2, 3) }, UncollectedList, []refusal[Uncollected]{
		{"villages[1].code", func(u *Uncollected) { u.Villages[1].Code = u.Villages[0].Code }},
		{"villages[0].cards[2].ready", func(u *Uncollected) { u.Villages[0].Cards[2].Ready = u.At.Add(1) }},
		{"villages[0].cards[0].reminders", func(u *Uncollected) { u.Villages[0].Cards[0].Reminders = 0 }},
		{"after", func(u *Uncollected) { u.After = -1 }},
	})
	refuses(t, "suket", certificate, TemporaryCertificate, []refusal[Suket]{
		{"reason", func(c *Suket) { c.Reason = "" }},
		{"validUntil", func(c *Suket) { c.ValidUntil = c.At.Add(-1) }},
		{"signerRole", func(c *Suket) { c.SignerRole = "" }},
		{"person.birthPlace", func(c *Suket) { c.Person.BirthPlace = "" }},
		{"photo", func(c *Suket) { c.Photo = scene(0, 0, 0) }},
	})
	refuses(t, "monthly", func() Monthly { return monthly(2, 2) }, MonthlyReport, []refusal[Monthly]{
		{"tier", func(m *Monthly) { m.Tier = "" }},
		{"month", func(m *Monthly) { m.Month = 13 }},
		{"year", func(m *Monthly) { m.Year = 0 }},
		{"tables", func(m *Monthly) { m.Tables = nil }},
		{"districts", func(m *Monthly) { m.Tier = TierDistrict }},
		{"tables[1].columns", func(m *Monthly) { m.Tables[1].Columns = nil }},
		{"districts[0].villages[1].counts", func(m *Monthly) { m.Districts[0].Villages[1].Counts = nil }},
		{"districts[1].villages[0].counts[1]", func(m *Monthly) { m.Districts[1].Villages[0].Counts[1] = []int{1} }},
		{"districts[1].villages[0].code", func(m *Monthly) { m.Districts[1].Villages[0].Code = m.Districts[0].Villages[0].Code }},
		{"districts[0].villages", func(m *Monthly) { m.Tier, m.Districts = TierVillage, m.Districts[:1] }},
	})
	refuses(t, "inspection", func() Inspection { return inspection(6) }, InspectionReport, []refusal[Inspection]{
		{"seed", func(n *Inspection) { n.Seed = "" }},
		{"escort", func(n *Inspection) { n.Escort = n.Inspector }},
		{"populations", func(n *Inspection) { n.Populations = nil }},
		{"populations[0].all", func(n *Inspection) { n.Populations[0].All = 1 }},
		{"sample[0].at", func(n *Inspection) { n.Sample[0].At = time.Time{} }},
		{"sample[4].at", func(n *Inspection) { n.Sample[4].At = n.Began }},
		{"sample[1].what", func(n *Inspection) { n.Sample[1].What = "kunci" }},
		{"sample[1].outcome", func(n *Inspection) { n.Sample[1].Outcome = "" }},
	})
	refuses(t, "sam", func() SAMReceipt { return samReceipt(true) }, SAMReceiptPage, []refusal[SAMReceipt]{
		{"serial", func(r *SAMReceipt) { r.Serial = "" }},
		{"place", func(r *SAMReceipt) { r.Place.Name = "" }},
		{"issuedBy.name", func(r *SAMReceipt) { r.IssuedBy = Officer{} }},
		{"returnedBy.name", func(r *SAMReceipt) { r.ReturnedBy = Officer{} }},
		{"reason", func(r *SAMReceipt) { r.Reason = "" }},
		{"returnedAt", func(r *SAMReceipt) { r.ReturnedAt = r.IssuedAt.Add(-1) }},
		{"uses", func(r *SAMReceipt) { r.Uses = 0 }},
	})
	refuses(t, "subject", subjectAccess, SubjectAccessCover, []refusal[SubjectAccess]{
		{"identifiedBy", func(a *SubjectAccess) { a.IdentifiedBy = "" }},
		{"classes[1].kept", func(a *SubjectAccess) { a.Classes[1].Kept = "" }},
		{"files[0].hash", func(a *SubjectAccess) { a.Files[0].Hash = "0" }},
		{"at", func(a *SubjectAccess) { a.RequestedAt = a.At.Add(1) }},
		{"recipients[0]", func(a *SubjectAccess) { a.Recipients[0] = "" }},
	})
	refuses(t, "breach", breach, BreachNotice, []refusal[Breach]{
		{"to", func(b *Breach) { b.To = "press" }},
		{"people", func(b *Breach) { b.People = -1 }},
		{"data", func(b *Breach) { b.Data = "" }},
		{"measures", func(b *Breach) { b.Measures = "" }},
		{"delay", func(b *Breach) { b.FoundAt = b.At.Add(-72*time.Hour - 1) }},
		{"at", func(b *Breach) { b.FoundAt = b.At.Add(1) }},
	})
	refuses(t, "ceremony", ceremony, CeremonyProtocol, []refusal[Ceremony]{
		{"persons", func(c *Ceremony) { c.Persons = c.Persons[:1] }},
		{"persons[1].name", func(c *Ceremony) { c.Persons[1].Name = c.Persons[0].Name }},
		{"persons[0].duty", func(c *Ceremony) { c.Persons[0].Duty = "" }},
		{"keys", func(c *Ceremony) { c.Keys = nil }},
		{"keys[0]", func(c *Ceremony) { c.Keys[0].KCV = "" }},
		{"keys[1].public", func(c *Ceremony) { c.Keys[1].Public = "ab" }},
		{"keys[0].way", func(c *Ceremony) { c.Keys[0].Way = "found" }},
		{"steps", func(c *Ceremony) { c.Steps = nil }},
		{"protocol", func(c *Ceremony) { c.Protocol = "" }},
		{"token.serial", func(c *Ceremony) { c.Token.Serial = "" }},
	})
}
