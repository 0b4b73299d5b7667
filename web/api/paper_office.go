package api

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
)

// papersOfOffice are the papers of the office itself: its books and reports, complaints and breaches.
func papersOfOffice(a *api) {
	blankForm(a)
	paperOf(a, registry.PaperComplaint, "/v1/complaints/{complaint}/papers/slip", "printComplaint", "The slip for who complains, with the answer once there is one", false,
		func(f *form, in *ComplaintKeyed) (filled, error) { return complaintPaper(f, in.ID) })
	paperOf(a, registry.PaperBreach, "/v1/breaches/{breach}/papers/notice", "printBreach", "The notice of a breach to the authority", false,
		func(f *form, in *BreachKeyed) (filled, error) { return breachPaper(f, in.ID, paper.BreachToAuthority) })
	paperOf(a, registry.PaperBreach, "/v1/breaches/{breach}/papers/notice-to-persons", "printBreachToPersons", "The notice of a breach to those whose data it is", false,
		func(f *form, in *BreachKeyed) (filled, error) { return breachPaper(f, in.ID, paper.BreachToPersons) })
	paperOf(a, registry.PaperDailyBook, "/v1/daily-book/papers/book", "printDailyBook", "The daily book of a day", true,
		func(f *form, in *struct {
			Keyed
			DayAndPlace
		},
		) (filled, error) {
			return dailyBookPaper(f, in.DayAndPlace)
		})
	paperOf(a, registry.PaperMonthly, "/v1/reports/monthly/papers/report", "printMonthly", "A month of a kelurahan, a kecamatan or the Dinas", true,
		func(f *form, in *struct {
			Keyed
			MonthAndRegion
		},
		) (filled, error) {
			return monthlyPaper(f, in.MonthAndRegion)
		})
	paperOf(a, registry.PaperUncollected, "/v1/uncollected/papers/list", "printUncollected", "Cards that nobody came for in time, a page for each kelurahan", true,
		func(f *form, in *struct {
			Keyed
			RegionWanted
		},
		) (filled, error) {
			return uncollectedPaper(f, in.Region)
		})
}

// Words of complaints.
var (
	complaintSubjectWords = map[string]string{
		"card": "kartu", "data": "data", "waiting": "waktu tunggu", "officer": "petugas", "fee": "biaya", "other": "lainnya",
	}
	findingWords = map[string]string{"right": "benar", "wrong": "tidak benar", "unclear": "tidak jelas"}
)

func complaintPaper(f *form, id string) (filled, error) {
	c, err := f.api.Registry.ComplaintByID(f.ctx, id)
	if err != nil {
		return filled{}, err
	}
	if !c.ErasedAt.IsZero() {
		return f.missing("complaint", "its content was erased")
	}
	s := f.standardAt(f.api.Now()) // who answers now
	channel := c.Channel
	if x, known := f.standardAt(c.ReceivedAt).Channel(c.Channel); known {
		channel = x.Text.ID
	}
	p := paper.Complaint{
		Channel: channel, Subject: complaintSubjectWords[c.Subject], ReceivedAt: f.local(c.ReceivedAt), Receiver: f.officer(c.ReceivedBy),
		Name: c.Content.Name, Contact: c.Content.Contact, Text: c.Content.Text, ForeignNumber: c.ForeignNumber, Application: string(c.Application),
		Due: f.local(c.Due), Team: s.Complaints.Team.ID, Desk: s.Complaints.Officer.Name, Telephone: s.Complaints.Officer.Telephone,
	}
	if n := len(c.Chip); n > 0 {
		p.Card = "…" + string(c.Chip[max(0, n-4):])
	}
	if !c.VerifiedAt.IsZero() {
		p.Verified = &paper.ComplaintFinding{At: f.local(c.VerifiedAt), Officer: f.officer(c.VerifiedBy), Finding: findingWords[c.Finding], Matter: c.Content.Matter}
	}
	if !c.AnsweredAt.IsZero() {
		p.Answer = &paper.ComplaintAnswer{At: f.local(c.AnsweredAt), Officer: f.officer(c.AnsweredBy), Text: c.Content.Answer}
	}
	return filled{subject: c.ID, number: c.Number, content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.ComplaintSlip(p)
	}}, nil
}

// breachAdvice is what those whose data became known should do.
const breachAdvice = "Jangan memberikan kode, kata sandi, atau salinan KTP-el kepada siapa pun yang menghubungi dengan memakai data ini. Laporkan pemakaian data yang mencurigakan kepada narahubung di bawah ini."

func breachPaper(f *form, id string, to paper.BreachReader) (filled, error) {
	var b registry.Breach
	all, err := every(func(limit int) ([]registry.Breach, error) { return f.api.Registry.ListBreaches(f.ctx, "", b.ID, limit) }, func(last registry.Breach) { b = last })
	if err != nil {
		return filled{}, err
	}
	i := slices.IndexFunc(all, func(x registry.Breach) bool { return x.ID == id })
	if i < 0 {
		return f.missing("breach", "no such breach was written down")
	}
	b = all[i]
	p := paper.Breach{
		To: to, FoundAt: f.local(b.FoundAt), People: b.People, Data: b.Content.What, How: b.Content.How, Measures: b.Content.Measures,
		Contact: strings.Trim(f.api.office().Name+", "+f.api.office().Address, ", "), Signer: f.officer(b.FoundBy),
	}
	if p.Measures == "" {
		p.Measures = "belum ada"
	}
	if to == paper.BreachToPersons {
		p.Advice = breachAdvice
	}
	return filled{subject: b.ID, content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		if h.At.After(p.NoticeBy()) {
			p.Delay = "pemberitahuan dicetak setelah batas waktu"
		}
		return paper.BreachNotice(p)
	}}, nil
}

// bookEvents are the events of the daily book that stand on its paper; complaints have slips of their own.
var bookEvents = map[registry.BookKind]paper.DailyEvent{
	registry.BookApplication: paper.DailyApplication, registry.BookHandover: paper.DailyHandover, registry.BookReturn: paper.DailyReturn,
}

func dailyBookPaper(f *form, wish DayAndPlace) (filled, error) {
	if wish.Day == "" {
		wish.Day = f.local(f.api.Now()).Format(time.DateOnly)
	}
	day, err := time.ParseInLocation(time.DateOnly, wish.Day, f.zone)
	if err != nil {
		return f.missing("day", "no day of the calendar")
	}
	var after int64
	all, err := every(func(limit int) ([]registry.BookEntry, error) {
		return f.api.Registry.DailyBook(f.ctx, wish.filter(after, limit))
	}, func(b registry.BookEntry) { after = b.Sequence })
	if err != nil {
		return filled{}, err
	}
	p := paper.DailyBook{Place: f.place(wish.Place).Name, From: day, To: day.AddDate(0, 0, 1).Add(-time.Second), Keeper: f.printer()}
	for _, b := range all {
		event, in := bookEvents[b.Kind]
		if !in || b.Application == "" {
			continue
		}
		who, name := f.person(b.Application)
		e := paper.DailyEntry{
			Sequence: b.Sequence, At: f.local(b.At), Event: event, Application: string(b.Application), Type: b.Type, NIK: who.NIK, Name: name,
			Officer: f.officer(b.Actor).Name,
		}
		if b.Cause != "" {
			e.Remark = f.words(b.Cause)
		}
		p.Entries = append(p.Entries, e)
	}
	with := func(h paper.Heading) paper.DailyBook {
		x := p
		x.Heading = h
		return x
	}
	return filled{
		subject: strings.Trim(wish.Day+" "+wish.Place, " "), content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.DailyBookPages(with(h)) },
		table: func(h paper.Heading) []byte { return paper.DailyBookCSV(with(h)) },
	}, nil
}

// reportWords are the tables of a monthly report.
var reportWords = map[string]string{
	registry.ReportReceived: "Permohonan diterima", registry.ReportReady: "Kartu siap diambil", registry.ReportHandedOver: "Kartu diserahkan",
	registry.ReportEnded: "Permohonan berakhir tanpa penyerahan di sini", registry.ReportSpoiled: "Kartu gagal, menurut sebab", registry.ReportRetired: "Kartu dicabut, menurut sebab",
	registry.ReportDestroyed: "Kartu dimusnahkan atau dikembalikan", registry.ReportCauses: "Kartu dan blangko dimusnahkan atau dikembalikan, menurut sebab yang dilaporkan", registry.ReportUncollected: "Kartu belum diambil",
}

// mostColumns of a table of a monthly report; what is beyond them is counted together.
const mostColumns = 10

func monthlyPaper(f *form, wish MonthAndRegion) (filled, error) {
	m, err := f.api.Registry.Report(f.ctx, registry.ReportFilter{Month: wish.Month, Region: wish.Region})
	if err != nil {
		return filled{}, err
	}
	month, err := time.Parse("2006-01", wish.Month)
	if err != nil {
		return f.missing("month", "no month of the calendar")
	}
	p := paper.Monthly{Tier: paper.Tier(tierOf(wish.Region)), Year: month.Year(), Month: month.Month(), Keeper: f.printer()}
	var tables []string // in the order in which the report counts them
	items := map[string][]string{}
	for _, c := range m.Counts {
		if !slices.Contains(tables, c.Table) {
			tables = append(tables, c.Table)
		}
		if !slices.Contains(items[c.Table], c.Item) {
			items[c.Table] = append(items[c.Table], c.Item)
		}
	}
	if len(tables) == 0 {
		tables, items[registry.ReportReceived] = []string{registry.ReportReceived}, []string{string(ktp.TypeNew)}
	}
	for _, t := range tables {
		slices.Sort(items[t])
		title, known := reportWords[t]
		if !known {
			title = "Standar waktu " + strings.TrimPrefix(t, "clock:")
		}
		table := paper.MonthlyTable{Title: title}
		for i, item := range items[t] {
			if i == mostColumns {
				table.Columns = append(table.Columns, "lainnya")
				break
			}
			table.Columns = append(table.Columns, f.columnWord(item))
		}
		p.Tables = append(p.Tables, table)
	}
	for _, c := range m.Counts {
		t := slices.Index(tables, c.Table)
		village := f.villageOf(&p, c.District, c.Village)
		village.Counts[t][min(slices.Index(items[c.Table], c.Item), mostColumns)] += c.Count
	}
	if p.Tier != paper.TierOffice && len(p.Districts) == 0 {
		f.villageOf(&p, wish.Region[:len("61.05.03")], wish.Region)
	}
	with := func(h paper.Heading) paper.Monthly {
		x := p
		x.Heading = h
		return x
	}
	return filled{
		subject: strings.Trim(wish.Month+" "+wish.Region, " "), content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.MonthlyReport(with(h)) },
		table: func(h paper.Heading) []byte { return paper.MonthlyCSV(with(h)) },
	}, nil
}

func (f *form) columnWord(item string) string {
	if w := paper.TypeWords(ktp.ApplicationType(item)); w != "" {
		return w
	}
	return f.words(item)
}

// villageOf is the row of an area in a monthly report; it is made where there is none. What is known of a
// kecamatan alone stands under its own code.
func (f *form) villageOf(p *paper.Monthly, district, village string) *paper.MonthlyVillage {
	if village == "" {
		village = district
	}
	i := slices.IndexFunc(p.Districts, func(d paper.MonthlyDistrict) bool { return d.Code == codeOr(district) })
	if i < 0 {
		i = len(p.Districts)
		p.Districts = append(p.Districts, paper.MonthlyDistrict{Code: codeOr(district), Name: regionName(district)})
	}
	d := &p.Districts[i]
	n := slices.IndexFunc(d.Villages, func(v paper.MonthlyVillage) bool { return v.Code == codeOr(village) })
	if n < 0 {
		n = len(d.Villages)
		v := paper.MonthlyVillage{Code: codeOr(village), Name: regionName(village)}
		for _, t := range p.Tables {
			v.Counts = append(v.Counts, make([]int, len(t.Columns)))
		}
		d.Villages = append(d.Villages, v)
	}
	return &d.Villages[n]
}

// codeOr is a code of a region, or a dash for one that is not known.
func codeOr(code string) string {
	if code == "" {
		return "-"
	}
	return code
}

// regionName is the name of a region as on the card.
func regionName(code string) string {
	if r, found := ktp.Regions().Find(code); found {
		return r.CardName()
	}
	if code == "" {
		return "tidak diketahui"
	}
	return code
}

func uncollectedPaper(f *form, region string) (filled, error) {
	wish := registry.UncollectedFilter{Region: region}
	all, err := every(func(limit int) ([]registry.UncollectedCard, error) {
		wish.Limit = limit
		return f.api.Registry.UncollectedCards(f.ctx, wish)
	}, func(c registry.UncollectedCard) { wish.AfterVillage, wish.After = c.Village, c.Application })
	if err != nil {
		return filled{}, err
	}
	p := paper.Uncollected{Place: f.place(""), After: registry.UncollectedAfterDays, Keeper: f.printer()}
	if n := len(all); n > 0 && !slices.ContainsFunc(all, func(c registry.UncollectedCard) bool { return c.Place != all[0].Place }) {
		p.Place = f.place(all[0].Place)
	}
	for _, c := range all {
		i := slices.IndexFunc(p.Villages, func(v paper.UncollectedVillage) bool { return v.Code == codeOr(c.Village) })
		if i < 0 {
			i = len(p.Villages)
			p.Villages = append(p.Villages, paper.UncollectedVillage{Code: codeOr(c.Village), Name: regionName(c.Village), District: regionName(c.District)})
		}
		if v, at := &p.Villages[i], f.place(c.Place).Name; !slices.Contains(strings.Split(v.Place, ", "), at) {
			v.Place = strings.TrimPrefix(v.Place+", "+at, ", ")
		}
		who, name := f.person(c.Application)
		p.Villages[i].Cards = append(p.Villages[i].Cards, paper.UncollectedCard{
			Application: string(c.Application), NIK: who.NIK, Name: name, Address: addressOf(who), Ready: f.local(c.Since), Reminders: c.Reminders, Reminded: f.local(c.Reminded),
		})
	}
	with := func(h paper.Heading) paper.Uncollected {
		x := p
		x.Heading = h
		return x
	}
	return filled{
		subject: strings.Trim("uncollected "+region, " "), content: p, draw: func(h paper.Heading) ([]byte, error) { return paper.UncollectedList(with(h)) },
		table: func(h paper.Heading) []byte { return paper.UncollectedCSV(with(h)) },
	}, nil
}

// atoi is a number of the event log; 0 for none.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
