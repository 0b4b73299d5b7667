package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/storetest"
)

// A crowd works at a district's office: two of every role, some with several roles, one with all.
// They do what comes next or anything else, with the right people or with the wrong ones, at once or by
// proposals, while the center delivers, withdraws and holds and a line makes cards. Whatever they do,
// nobody gets two cards, no two duties are done by one person that two must do, nothing is lost from
// the stock, a refusal changes nothing, and in the end every application can be brought to an end.
//
// What lines do between two calls, doubts and crashes are played by TestPromisesHold.
type crowd struct {
	*room
	rt       *rapid.T
	people   []Actor
	folk     []resident
	of       map[ApplicationID]resident // who applied
	did      map[string]map[string][]sheetAct
	waiting  map[string]proposed
	making   *jobs.Order
	chip     ktp.ChipUID
	stage    int
	batch    string // drawn last
	drawer   Actor  // who drew it
	about    []Name // what this life is about
	versions int
	done     map[Name]int
	types    map[ktp.ApplicationType]int
}

// sheetAct is something that one of two persons must not do beside another, in the words of the workflow sheet; it is written
// out here, not read from Separations.
type sheetAct string

const (
	actBroughtIn, actCaptured, actJudged, actApproved, actQueued sheetAct = "brought in", "captured", "judged", "approved", "queued"
	actSecondedRemake, actMatched, actHanded, actHandedAlone     sheetAct = "seconded the remake", "wrote BERHASIL", "handed over", "handed over alone"
	actCountedIn, actDestroyed, actAcknowledged                  sheetAct = "counted in", "destroyed or sent", "acknowledged"
	actDeclaredConflict                                          sheetAct = "declared an interest"
)

// sheetActs is what the first and the second person of an operation do by it.
var sheetActs = map[Name][2]sheetAct{
	opRegister: {actBroughtIn}, opRegisterOverride: {actBroughtIn}, opRegisterUnmatched: {actBroughtIn}, opReceiveRecord: {actBroughtIn}, opPushRecord: {actBroughtIn},
	opCapture: {actCaptured}, opAdjudicate: {actJudged}, opClearDuplicate: {actJudged}, opIssueRecord: {actJudged},
	opApprove: {actApproved}, opQueue: {actQueued}, opRemake: {"", actSecondedRemake},
	opVerifyHolder: {actMatched}, opExceptMatch: {actMatched}, opHandOver: {actHanded}, opHandOverToProxy: {actHanded}, opHandOverAlone: {actHandedAlone},
	opCountIn: {actCountedIn}, opDestroyAll: {actDestroyed, actDestroyed}, opSendDestruction: {actDestroyed, actDestroyed}, opAcknowledgeDestruction: {actAcknowledged},
	opDeclareConflict: {actDeclaredConflict},
}

// notBoth: who did the one may not do the other to the same. "Who captured may not approve; who approved may not be the second
// person of its remake; who wrote BERHASIL does not hand over (one person doing both is a counted exception); counted in and
// counted destroyed by different people."
var notBoth = map[sheetAct][]sheetAct{
	actBroughtIn: {actApproved}, actCaptured: {actApproved}, actJudged: {actApproved}, actApproved: {actQueued, actSecondedRemake}, actMatched: {actHanded},
	actCountedIn: {actDestroyed}, actDestroyed: {actAcknowledged},
}

type proposed struct {
	by Actor
	op Operation
}

// fresh are people who come in at the end: they did nothing before.
var fresh = func() map[access.Role]Actor {
	m := map[access.Role]Actor{}
	for _, r := range access.Roles {
		m[r.Role] = Actor{ID: "fresh-" + string(r.Role), Roles: []access.Role{r.Role}}
	}
	return m
}()

func newCrowd(t *testing.T, rt *rapid.T, begin func(*crowd)) *crowd {
	c := &crowd{
		room: newRoom(t, storetest.Any(t)), rt: rt, of: map[ApplicationID]resident{}, did: map[string]map[string][]sheetAct{},
		waiting: map[string]proposed{}, done: map[Name]int{}, types: map[ktp.ApplicationType]int{},
	}
	c.helper = rt
	c.district()
	for i := range 3 {
		c.folk = append(c.folk, townsman(2*i, whole), townsman(2*i+1, whole), townsman(i, foreign))
	}
	elsewhere := townsman(6, whole)
	if why := setRegion(&elsewhere.Person, ktp.Regions().Within(ktp.Regions().Within("61.71")[0].Code)[0].Code); why != "" {
		t.Fatal(why)
	}
	c.folk = append(c.folk, elsewhere)
	c.listed(c.folk...)
	for _, r := range access.Roles {
		if r.Role == access.System {
			continue
		}
		for i := range 2 {
			c.people = append(c.people, Actor{ID: fmt.Sprintf("%s-%d", r.Role, i), Roles: []access.Role{r.Role}})
		}
	}
	all := Actor{ID: "everything"}
	for _, r := range access.Roles {
		if r.Role != access.System {
			all.Roles = append(all.Roles, r.Role)
		}
	}
	c.people = append(c.people, all,
		Actor{ID: "counter-alone", Roles: []access.Role{access.ServiceOfficer, access.KecamatanOperator, access.EnrolmentOperator}},
		Actor{ID: "office-alone", Roles: []access.Role{access.Administrator, access.Supervisor}},
		Actor{ID: "sepauk-0", Roles: []access.Role{access.KecamatanOperator}, Place: "kec.sepauk"},
		Actor{ID: "sepauk-1", Roles: []access.Role{access.ServiceOfficer, access.KecamatanOperator}, Place: "kec.sepauk"},
	)
	c.employ(c.people...)
	begin(c)
	for _, app := range c.applications() {
		if app.Origin != OriginCenter {
			continue
		}
		c.of[app.ID] = resident{Resident: Resident{Person: record(int(app.ID[len(app.ID)-1]-'0'), 1).Person}}
	}
	return c
}

func pick[T any](c *crowd, list []T, what string) T { return list[fair(c.rt, len(list), what)] }

func (c *crowd) chance(percent int, what string) bool {
	return fair(c.rt, 100, what) >= 100-percent
}

// who does something: mostly somebody who may.
func (c *crowd) who(p access.Permission) Actor {
	if p == access.DeliverRecords && c.chance(80, "center") {
		return center
	}
	var may []Actor
	for _, a := range c.people {
		if a.May(p) {
			may = append(may, a)
		}
	}
	if len(may) == 0 || c.chance(10, "anybody") {
		return pick(c, c.people, "person")
	}
	return pick(c, may, "person")
}

// written counts what only grows, without the notes of what was denied and of wrong counts.
func (c *crowd) written() (n [3]int64) {
	c.must(c.store.Read(bg, func(tx *store.Tx) error {
		_, err := tx.Get([]any{&n[0], &n[1], &n[2]}, `select (select count(*) from event where code not in ('operation.denied', 'destruction.miscounted')), (select count(*) from journal), (select count(*) from duty)`)
		return err
	}))
	return n
}

// attempt carries out what somebody wants. It is done, or refused with a code and nothing is changed.
func (c *crowd) attempt(op Operation) {
	row := RowOf(op.Name())
	a, second := c.who(row.Who), Actor{}
	if row.Second != "" {
		second = c.who(row.Second)
	}
	c.carry(op, a, second)
}

// carry has a carry it out, with a second person or by a proposal.
func (c *crowd) carry(op Operation, a, second Actor) {
	row := RowOf(op.Name())
	shown := c.shows(a, op)
	before := c.written()
	var res Result
	var err error
	byProposal := row.Second != "" && c.chance(30, "proposal")
	switch {
	case byProposal:
		if res, err = c.r.Propose(bg, a, shown, c.key()); err == nil {
			c.waiting[res.Answer] = proposed{a, op}
		}
	case row.Second != "":
		op, shown = withSecond(op, second), withSecond(shown, second)
		fallthrough
	default:
		res, err = c.r.Do(bg, a, shown, c.key())
	}
	c.rt.Logf("%s by %s and %s, proposed %v: %s %s %v", op.Name(), a.ID, second.ID, byProposal, res.State, res.Answer, err)
	if err != nil {
		if fault.CodeOf(err) == "" || fault.KindOf(err) == fault.Internal {
			c.Fatalf("%s broke: %v", op.Name(), err)
		}
		if after := c.written(); after != before {
			c.Fatalf("%s was refused and changed something: %v, %v", op.Name(), before, after)
		}
		return
	}
	if !byProposal {
		c.booked(op, a, second, res)
	}
}

// booked remembers who did what, and that they might.
func (c *crowd) booked(op Operation, a, second Actor, res Result) {
	c.done[op.Name()]++
	if op.Name() == opDrawBatch {
		c.batch, c.drawer = res.Answer, a
	}
	if d, is := op.(Decide); is {
		p := c.waiting[d.Proposal]
		delete(c.waiting, d.Proposal)
		if d.Agree {
			c.booked(p.op, p.by, a, res)
		}
		return
	}
	subject := string(res.Application)
	switch o := op.(type) {
	case aboutSubject:
		subject = o.subject()
	case aboutApplication:
		subject = string(o.about())
	}
	if subject == "" {
		return
	}
	if o, is := op.(Register); is {
		c.types[o.Type]++
	}
	anew := func(acts ...sheetAct) {
		for p, list := range c.did[subject] {
			c.did[subject][p] = slices.DeleteFunc(list, func(d sheetAct) bool { return slices.Contains(acts, d) })
		}
	}
	if res.Answer == AnswerSuperseded { // a newer version is approved anew
		anew(actApproved, actQueued)
	}
	if op.Name() == opReopenDestruction {
		anew(actCountedIn)
	}
	acts := sheetActs[op.Name()]
	if op.Name() == opVerifyHolder && res.Answer != TryMatched {
		acts = [2]sheetAct{}
	}
	for i, person := range []Actor{a, second} {
		did := c.did[subject][person.ID]
		if person.ID != "" && slices.Contains(did, actDeclaredConflict) && op.Name() != opDeclareConflict && op.Name() != opTakeBack {
			c.Errorf("%s: %s has an interest in %s", op.Name(), person.ID, subject)
		}
		if acts[i] == "" || person.ID == "" {
			continue
		}
		for _, d := range did {
			if slices.Contains(notBoth[d], acts[i]) {
				c.Errorf("%s: %s did %q and then %q to %s", op.Name(), person.ID, d, acts[i], subject)
			}
		}
		if c.did[subject] == nil {
			c.did[subject] = map[string][]sheetAct{}
		}
		c.did[subject][person.ID] = append(did, acts[i])
	}
}

// subject is an application with what operations on it need.
type subject struct {
	Application
	r    resident
	chip ktp.ChipUID
	card CardState
	hash string
}

func (c *crowd) applications() (list []Application) {
	c.must(c.store.Read(bg, func(tx *store.Tx) (err error) {
		list, err = applicationList(tx, `order by received_at desc, id`)
		return err
	}))
	return list
}

func (c *crowd) look(app Application) subject {
	s := subject{Application: app, r: c.of[app.ID], chip: "NONE"}
	d, err := c.r.Application(bg, app.ID)
	c.must(err)
	for _, card := range d.Cards {
		s.chip, s.card = card.Chip, card.State
	}
	if shown, err := c.r.ToConfirm(bg, app.ID); err == nil {
		s.hash = shown.Hash
	}
	return s
}

// wishes is everything that is done to one application.
var wishes = []func(*crowd, subject) Operation{
	func(c *crowd, s subject) Operation { return c.paper(s) },
	func(_ *crowd, s subject) Operation { return Examine{s.ID} },
	func(_ *crowd, s subject) Operation { return capture(s.ID, s.r) },
	func(_ *crowd, s subject) Operation { return again(s.ID, s.r) },
	func(_ *crowd, s subject) Operation {
		return Confirm{Application: s.ID, Hash: s.hash, Method: MethodPad, Proof: []byte("ink")}
	},
	func(_ *crowd, s subject) Operation { return Send{s.ID} },
	func(_ *crowd, s subject) Operation { return Recapture{s.ID, Because{Reason: "blurred"}} },
	func(_ *crowd, s subject) Operation { return RejectApplication{s.ID, Because{Reason: "data_wrong"}} },
	func(_ *crowd, s subject) Operation { return AbandonApplication{s.ID, Because{Reason: "applicant"}} },
	func(_ *crowd, s subject) Operation { return Resend{s.ID, Because{Reason: "no_answer"}} },
	func(c *crowd, s subject) Operation { return TakeEnrolment{s.ID, c.encounter(s.ID)} },
	func(c *crowd, s subject) Operation { return RefuseEnrolment{s.ID, c.encounter(s.ID), "unreadable"} },
	func(c *crowd, s subject) Operation {
		c.versions++
		result := pick(c, []SearchResult{ResultUnique, ResultUnique, ResultUnique, ResultDuplicate, ResultAdjudicate, ResultEnrollFailure, ResultSearchFailure}, "result")
		return ReceiveResult{Application: s.ID, Encounter: c.encounter(s.ID), Sequence: int64(c.versions), Result: result}
	},
	func(_ *crowd, s subject) Operation { return ReadResult{s.ID} },
	func(c *crowd, s subject) Operation {
		return AdjudicateResult{Application: s.ID, Decision: pick(c, []Decision{DifferentPerson, SamePerson}, "decision"), Because: Because{Reason: "looked_at"}}
	},
	func(_ *crowd, s subject) Operation {
		return ClearDuplicate{Application: s.ID, Because: Because{Reason: "other_record_deleted"}}
	},
	func(_ *crowd, s subject) Operation { return CloseApplication{s.ID, Because{Reason: "same_person"}} },
	func(c *crowd, s subject) Operation { return c.delivered(s) },
	func(_ *crowd, s subject) Operation { return IssueSuket{s.ID} },
	func(_ *crowd, s subject) Operation { return Approve{s.ID} },
	func(_ *crowd, s subject) Operation { return Queue{s.ID} },
	func(_ *crowd, s subject) Operation { return CancelApplication{s.ID, Because{Reason: "applicant"}} },
	func(_ *crowd, s subject) Operation { return HoldApplication{s.ID, Because{Reason: "check"}} },
	func(_ *crowd, s subject) Operation { return ReleaseApplication{s.ID} },
	func(_ *crowd, s subject) Operation {
		return Remake{Application: s.ID, Because: Because{Reason: "damaged"}}
	},
	func(_ *crowd, s subject) Operation {
		return CloseReturned{Application: s.ID, Because: Because{Reason: "applicant"}}
	},
	func(_ *crowd, s subject) Operation { return DeclareConflict{s.ID} },
	func(c *crowd, s subject) Operation {
		return Redirect{s.ID, pick(c, []string{Dinas, "kec.sepauk", "kec.sepauk", "nowhere"}, "place"), Because{Reason: "wish"}}
	},
	func(c *crowd, s subject) Operation {
		try := shown(s.ID, s.chip)
		if c.chance(25, "somebody else") {
			try = stranger(s.ID, s.chip)
		}
		try.NotGenuine = c.chance(3, "counterfeit")
		return try
	},
	func(_ *crowd, s subject) Operation {
		return ExceptMatch{Application: s.ID, Chip: s.chip, Because: Because{Reason: "no_fingers"}}
	},
	func(_ *crowd, s subject) Operation {
		return HandOver{Application: s.ID, Chip: s.chip, Confirmed: true, Old: OldSurrendered}
	},
	func(_ *crowd, s subject) Operation {
		return HandOverAlone{Application: s.ID, Chip: s.chip, Confirmed: true, Because: Because{Reason: "alone_on_duty"}, Old: OldNotSurrendered}
	},
	func(_ *crowd, s subject) Operation {
		return HandOverToProxy{Application: s.ID, Chip: s.chip, Because: Because{Reason: "ill"}, Proxy: Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}}
	},
	func(_ *crowd, s subject) Operation {
		return shownLater(s.chip)
	},
	func(_ *crowd, s subject) Operation { return ReturnCard{s.ID, s.chip, Because{Reason: "damaged"}} },
	func(_ *crowd, s subject) Operation {
		return RetireCard{Chip: s.chip, Because: Because{Reason: "damaged"}}
	},
	func(c *crowd, s subject) Operation {
		return EndCard{Chip: s.chip, Because: Because{Reason: pick(c, []string{"lost", "died", "whim"}, "reason")}, AtHand: c.chance(50, "at hand")}
	},
	func(_ *crowd, s subject) Operation { return DeclareMissing{Chip: s.chip, Because: gone} },
	func(_ *crowd, s subject) Operation { return HoldCard{s.chip, Because{Reason: "police"}} },
	func(_ *crowd, s subject) Operation { return FreeCard{s.chip} },
	func(_ *crowd, s subject) Operation { return ReleaseQuarantine{Chip: s.chip} },
	func(_ *crowd, s subject) Operation { return LeaveUncollected{s.ID} },
	func(_ *crowd, s subject) Operation {
		return RecallUncollected{Application: s.ID, Because: Because{Reason: "uncollected"}}
	},
	func(c *crowd, s subject) Operation {
		return WithdrawRecord{s.ID, max(s.Version, 1), string(pick(c, Changes, "change"))}
	},
	func(_ *crowd, s subject) Operation { return HoldRecord{ID: s.ID, Reason: "fraud"} },
	func(_ *crowd, s subject) Operation { return ReleaseRecord{ID: s.ID} },
}

// onward says what comes next in a state.
var onward = map[State][]Name{
	Received: {opAttach, opExamine}, Examined: {opCapture}, Captured: {opVerifyCapture, opConfirm}, Confirmed: {opVerifyCapture, opSend},
	Sent: {opTakeEnrolment}, AtCenter: {opReceiveResult, opReceiveRecord, opReadResult}, Adjudicate: {opAdjudicate, opReceiveResult}, Duplicate: {opClearDuplicate},
	EnrollFailure: {opRecapture}, SearchFailure: {opResend, opRecapture}, PrintReady: {opApprove}, Reconfirm: {opConfirm}, Approved: {opQueue}, OnHold: {opRelease},
	Produced: {opVerifyHolder, opVerifyHolder, opReturnCard, opRedirect}, Delivered: {opVerifyHolder}, Uncollected: {opVerifyHolder, opRecallUncollected},
	Matched: {opHandOver, opHandOver, opHandOverAlone}, Returned: {opRetireCard, opRetireCard, opRemake, opCloseReturned}, Recalled: {opRetireCard},
}

// paper attaches what is not there yet, or the form again.
func (c *crowd) paper(s subject) Operation {
	classes := []string{AttachmentForm}
	if _, list, err := c.r.Intake(bg, s.ID); err == nil {
		for _, r := range list {
			if r.Evidence == EvidenceScan {
				classes = append(classes, AttachmentOf(r.ID))
			}
		}
	}
	there, err := c.r.Attachments(bg, s.ID)
	c.must(err)
	for _, a := range there {
		classes = slices.DeleteFunc(classes, func(class string) bool { return class == a.Class })
	}
	if len(classes) == 0 {
		return Examine{s.ID}
	}
	return Attach{Application: s.ID, Class: classes[0], MIME: "image/jpeg", Data: []byte("scan")}
}

func (c *crowd) encounter(id ApplicationID) int {
	list, err := c.r.Enrolments(bg, id)
	c.must(err)
	return max(1, len(list))
}

// delivered is a record for an application, now and then a newer or an older one.
func (c *crowd) delivered(s subject) Operation {
	version := s.Version
	if c.chance(70, "newer") || version == 0 {
		version++
	}
	if s.Origin == OriginCenter {
		rec := record(1, version)
		rec.ID, rec.Person.NIK = string(s.ID), s.r.Person.NIK
		return delivery(rec)
	}
	if _, err := c.r.ToConfirm(bg, s.ID); err != nil {
		return RefuseRecord{ID: s.ID, Version: version, Code: "signature_wrong"}
	}
	rec := c.centerRecord(s.ID, s.r, version)
	if c.chance(20, "corrected") {
		rec.Record.Person.Occupation = "PETANI/PEKEBUN"
		rec.Canonical[0] ^= 1
	}
	return rec
}

// applicationTypes are all that one may apply for.
var applicationTypes = func() (list []ktp.ApplicationType) {
	for _, row := range ktp.ApplicationTypes {
		list = append(list, row.Type)
	}
	return list
}()

func ofForeigners(t ktp.ApplicationType) bool { return strings.HasPrefix(string(t), "foreign") }

// apply is a wish for a card, at the counter or from the center.
func (c *crowd) apply() {
	r := pick(c, c.folk, "resident")
	if c.chance(20, "elsewhere") {
		c.versions++
		rec := record(1, 1)
		rec.ID, rec.Person.NIK = fmt.Sprintf("far-%d", c.versions), r.Person.NIK
		c.of[ApplicationID(rec.ID)] = r
		c.attempt(delivery(rec))
		return
	}
	t := pick(c, applicationTypes, "type")
	if c.chance(95, "one whom it suits") {
		r = pick(c, c.suits(t), "suits")
	}
	o := c.application(t, r)
	if c.chance(20, "paper missing") && len(o.Requirements) > 0 {
		o.Requirements = o.Requirements[1:]
	}
	c.attempt(o)
	c.belongs(r)
}

// belongs says whose the newest application is.
func (c *crowd) belongs(r resident) {
	for _, app := range c.applications() {
		if _, known := c.of[app.ID]; !known {
			c.of[app.ID] = r
		}
	}
}

// applies has somebody take an application.
func (c *crowd) applies(t ktp.ApplicationType, r resident, by Actor) {
	c.carry(c.application(t, r), by, Actor{})
	c.belongs(r)
}

// suits are those who may ask for a type.
func (c *crowd) suits(t ktp.ApplicationType) []resident {
	return slices.DeleteFunc(slices.Clone(c.folk), func(r resident) bool {
		away := !strings.HasPrefix(r.Person.RegionCode, c.cfg.Office+".")
		return r.Person.Foreign() != ofForeigners(t) || away != (t == ktp.TypeOutsideDomicile)
	})
}

// work is something that is done to some application.
func (c *crowd) work() {
	apps := c.applications()
	if len(apps) == 0 {
		return
	}
	open := slices.DeleteFunc(slices.Clone(apps), func(a Application) bool { return !a.Open() })
	if len(open) > 0 && c.chance(85, "open") {
		apps = open
	}
	s := c.look(pick(c, apps, "application"))
	var ops []Operation
	next := c.chance(72, "onward")
	for _, wish := range wishes {
		if op := wish(c, s); !next || slices.Contains(onward[s.State], op.Name()) {
			ops = append(ops, op)
		}
	}
	if len(ops) > 0 {
		c.attempt(pick(c, ops, "operation"))
	}
}

// line makes the next card, some steps at a time; what has to stop is laid aside.
func (c *crowd) line(steps int) {
	if c.making == nil {
		o, found, err := c.r.lease(bg, c.session(line1))
		c.must(err)
		if !found {
			return
		}
		c.making, c.chip, c.stage = &o, "", 0
	}
	stages := jobs.Stages(jobs.Inline)
	for range steps {
		o, step := *c.making, stages[c.stage]
		chip := c.chip
		if step == jobs.Claim && chip == "" {
			chip = c.room.chip()
			c.chip = chip
		}
		if step != jobs.ReadBack && step != jobs.Recheck {
			if err := c.intend(o, step, jobs.Evidence{Chip: chip}); err != nil {
				code := fault.CodeOf(err)
				if code != RecordWithdrawn.Code && code != RecordHeld.Code && code != "registry.lease_lost" && code != "registry.line_paused" {
					c.Fatalf("%s: %v", step, err)
				}
				c.rt.Logf("line: %s refused with %s", step, code)
				if err := c.settle(o, step, deniedBy(code)); err != nil {
					c.rt.Logf("line: %v", err)
				}
				if step != jobs.Feed {
					c.aside(string(code))
				}
				c.making = nil
				return
			}
		}
		if c.chance(4, "fails") && step != jobs.Feed && step != jobs.Activate {
			c.must(c.settle(o, step, jobs.Outcome{Result: jobs.Failed, Cause: "personalize.print_failed", Chip: chip}))
			c.aside("personalize.print_failed")
			c.making = nil
			return
		}
		out := jobs.Outcome{Result: jobs.Done, Chip: chip}
		switch step {
		case jobs.Write:
			out.Hashes = written()
		case jobs.ReadBack:
			out.Match, out.Score = jobs.Matched, 80
		case jobs.Eject:
			out.Tray = "output"
		}
		c.must(c.settle(o, step, out))
		if c.stage++; c.stage == len(stages) {
			c.making = nil
			return
		}
	}
}

// aside lays the card on the line aside, blocked if its chip may be active.
func (c *crowd) aside(cause string) {
	if c.stage > slices.Index(jobs.Stages(jobs.Inline), jobs.Activate) {
		c.block(*c.making, c.chip, cause)
		return
	}
	c.reject(*c.making, c.chip, cause)
}

// travel are acts on consignments.
func (c *crowd) travel() []Operation {
	list, err := c.r.ConsignmentsOf(bg, ConsignmentFilter{Limit: 1000})
	c.must(err)
	list = slices.DeleteFunc(list, func(k Consignment) bool {
		return !slices.Contains([]ConsignmentState{ConsignmentOpen, ConsignmentSealed, ConsignmentShipped}, k.State)
	})
	if len(list) == 0 || c.chance(15, "another") {
		return []Operation{OpenConsignment{pick(c, []ConsignmentKind{ConsignmentOut, ConsignmentOut, ConsignmentBack, ConsignmentRedirect, ConsignmentDirectorate}, "kind"), pick(c, []string{Dinas, "kec.sepauk", "ditjen", "dinas.melawi"}, "to")}}
	}
	k := pick(c, list, "consignment")
	_, packed, err := c.r.Consignment(bg, k.ID)
	c.must(err)
	chips := []ktp.ChipUID{}
	for _, p := range packed {
		if !c.chance(10, "missing") {
			chips = append(chips, p.Chip)
		}
	}
	var card ktp.ChipUID = "NONE"
	for _, app := range c.applications() {
		if s := c.look(app); s.card == CardMade && c.chance(60, "this card") {
			card = s.chip
		}
	}
	return map[ConsignmentState][]Operation{
		ConsignmentOpen:    {Pack{k.ID, card}, Pack{k.ID, card}, SealConsignment{k.ID, "SEGEL-1"}, Unpack{k.ID, card, Because{Reason: "wrong_consignment"}}, CancelConsignment{k.ID}},
		ConsignmentSealed:  {ShipConsignment{k.ID}, ShipConsignment{k.ID}, UnsealConsignment{k.ID}},
		ConsignmentShipped: {ReceiveConsignment{k.ID, "SEGEL-1", chips}, ReceiveConsignment{k.ID, "SEGEL-1", chips}, LoseConsignment{Consignment: k.ID, Because: Because{Reason: "accident"}}},
	}[k.State]
}

// rest is what concerns no single application: proposals, destructions, investigations, stock.
func (c *crowd) rest() []Operation {
	var ops []Operation
	for id := range c.waiting {
		ops = append(ops, Decide{Proposal: id, Agree: c.chance(80, "agree"), Because: Because{Reason: "not_convincing"}})
	}
	slices.SortFunc(ops, func(a, b Operation) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	if len(ops) > 0 && c.chance(60, "decide") {
		return ops
	}
	found, err := c.r.Investigations(bg, InvestigationFilter{Limit: 100})
	c.must(err)
	ops = []Operation{
		OpenDestruction{},
		LoadHopper{Line: line1, Lot: lotA, Quantity: 1 + fair(c.rt, 3, "blanks")},
		UnloadHopper{Line: line2, Lot: lotA, Quantity: 1},
		ReceiveBlanks{Lot: c.key(), Product: "ktp-el-wni", Quantity: 5},
		ReceiveTestBlanks{Lot: lotT, Product: "ktp-el-wni", Quantity: 4},
		DrawTestBlanks{Lot: lotT, Quantity: 1 + fair(c.rt, 2, "drawn"), Because: Because{Reason: "training"}},
		EndTestBlanks{Lot: lotT, Used: 1, Unused: fair(c.rt, 2, "unused")},
		LoadHopper{Line: line1, Lot: lotT, Quantity: 1},
		DenyBlank{Chip: ktp.ChipUID("DENIED"), Because: Because{Reason: "stolen"}},
		PauseLine{Line: line1, Because: Because{Reason: "break"}},
		ResumeLine{Line: line1},
		ResumeLine{Line: line1},
	}
	for _, i := range found {
		ops = append(ops, CloseInvestigation{Investigation: i.ID, Outcome: pick(c, outcomes, "outcome")})
	}
	list, err := c.r.DestructionsOf(bg, DestructionFilter{Limit: 100})
	c.must(err)
	for _, d := range list {
		_, items, err := c.r.Destruction(bg, d.ID)
		c.must(err)
		n := len(items) + fair(c.rt, 8, "wrong")/7
		ops = append(ops, CountIn{d.ID, n}, ReopenDestruction{d.ID},
			SendDestruction{Destruction: d.ID, Count: n}, AcknowledgeDestruction{d.ID, "474.4/1/2026"},
			DestroyAll{Destruction: d.ID, Count: n, Witnesses: []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, Pictures: []string{picture64}})
		tested, err := c.r.NamelessBlanks(bg, 0, 3)
		c.must(err)
		for _, b := range tested {
			ops = append(ops, AddToDestruction{d.ID, b.Item, ""})
		}
		for _, app := range c.applications() {
			if s := c.look(app); s.card == CardRetired {
				ops = append(ops, AddToDestruction{d.ID, string(s.chip), ""})
			}
		}
	}
	return append(ops, c.batches()...)
}

// batches are approvals of several applications at once.
func (c *crowd) batches() []Operation {
	var ready []ApplicationID
	for _, app := range c.applications() {
		if app.State == PrintReady {
			ready = append(ready, app.ID)
		}
	}
	ops := []Operation{DrawBatch{Applications: ready}}
	if c.batch != "" {
		b, err := c.r.Batch(bg, c.batch)
		c.must(err)
		ops = append(ops, ApproveBatch{b.ID})
		for _, id := range b.Sample {
			ops = append(ops, OpenSample{b.ID, id})
		}
	}
	return ops
}

// possible is what a person who may can do now, of what was done least in this life; nil: nothing that was tried.
func (c *crowd) possible() (op Operation, a, second Actor) {
	var all []Operation
	if apps := slices.DeleteFunc(c.applications(), func(a Application) bool { return !a.Open() }); len(apps) > 0 {
		s := c.look(pick(c, apps[max(0, len(apps)-3):], "application"))
		for _, wish := range wishes {
			op := wish(c, s)
			if from := RowOf(op.Name()).From; len(from) == 0 || slices.Contains(from, s.State) {
				all = append(all, op)
			}
		}
	}
	all = append(append(all, c.travel()...), c.rest()...)
	first := fair(c.rt, len(all), "first")
	all = append(all[first:], all[:first]...)
	slices.SortStableFunc(all, func(a, b Operation) int { return cmp.Compare(c.wanted(a), c.wanted(b)) })
	const tries = 10
	for _, op := range all[:min(tries, len(all))] {
		row := RowOf(op.Name())
		a, second = c.whoCan(row.Who, ""), Actor{}
		if op.Name() == opOpenSample || op.Name() == opApproveBatch {
			a = c.drawer
		}
		if row.Second != "" {
			second = c.whoCan(row.Second, a.ID)
			op = withSecond(op, second)
		}
		if code := c.tried(a, c.shows(a, op)); code == "" || code == chipUnproved.Code { // what a card shows is looked at before
			return op, a, second
		}
	}
	return nil, Actor{}, Actor{}
}

// wanted is the smaller the more an act is wanted: what this life is about and what was done least comes first.
func (c *crowd) wanted(op Operation) int {
	const least, often = 1 << 20, 12
	if !slices.Contains(c.about, op.Name()) || c.done[op.Name()] >= often {
		return least + c.done[op.Name()]
	}
	return c.done[op.Name()]
}

// whoCan is somebody who may, and is not somebody else.
func (c *crowd) whoCan(p access.Permission, other string) Actor {
	may := slices.DeleteFunc(append(slices.Clone(c.people), center), func(a Actor) bool { return !a.May(p) || a.ID == other })
	return pick(c, may, "who can")
}

const picture64 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// outcomes are how an investigation may end, and one that is none.
var outcomes = []string{OutcomeFound, OutcomeFoundHere, OutcomeLost, OutcomeExplained, "whim"}

// holds looks at what must hold after every step.
func (c *crowd) holds() {
	c.must(c.store.Read(bg, func(tx *store.Tx) error {
		if err := checkPromises(c.room, tx); err != nil {
			return err
		}
		wrong, err := stock.Reconcile(tx)
		if len(wrong) > 0 {
			c.Errorf("stock does not add up: %+v", wrong)
		}
		return err
	}))
	open := map[string]ApplicationID{}
	for _, app := range c.applications() {
		if other, twice := open[string(app.person)]; twice && app.Open() {
			c.Errorf("%s and %s are open for one person", other, app.ID)
		}
		if app.Open() {
			open[string(app.person)] = app.ID
		}
	}
}

// finish brings an application to an end by what people are permitted to do.
func (c *crowd) finish(id ApplicationID) {
	f := func(r access.Role) Actor { return fresh[r] }
	try := func(a Actor, op Operation) {
		res, err := c.r.Do(bg, a, c.shows(a, op), c.key())
		c.rt.Logf("at the end: %s by %s: %s %v", op.Name(), a.ID, res.State, err)
	}
	for range 8 {
		d, err := c.r.Application(bg, id)
		c.must(err)
		app := d.Application
		if !app.Open() {
			return
		}
		s := c.look(app)
		var travels bool
		var consignment string
		c.must(c.store.Read(bg, func(tx *store.Tx) (err error) {
			consignment, travels, err = travelsIn(tx, s.chip)
			return err
		}))
		if travels {
			k, packed, err := c.r.Consignment(bg, consignment)
			c.must(err)
			from, to := f(access.Administrator), f(access.KecamatanOperator)
			if k.From != Dinas {
				from = Actor{ID: "fresh-from", Roles: []access.Role{access.KecamatanOperator}, Place: k.From}
			}
			if k.To != Dinas {
				to.Place = k.To
			}
			switch k.State {
			case ConsignmentSealed:
				try(from, UnsealConsignment{k.ID})
			case ConsignmentOpen:
				try(from, Unpack{k.ID, s.chip, Because{Reason: "wrong_consignment"}})
			default:
				var chips []ktp.ChipUID
				for _, p := range packed {
					chips = append(chips, p.Chip)
				}
				try(to, ReceiveConsignment{k.ID, k.Seal, chips})
				try(f(access.Supervisor), LoseConsignment{Consignment: k.ID, Because: Because{Reason: "accident"}, Second: Actor{ID: "fresh-2", Roles: []access.Role{access.Supervisor}}})
			}
		}
		switch app.State {
		case PrintReady, Reconfirm, Approved, Queued, OnHold:
			try(f(access.Administrator), CancelApplication{id, Because{Reason: "applicant"}})
		case Producing:
			try(f(access.Supervisor), ResumeLine{Line: line1})
			for range 5 {
				c.line(len(jobs.Stages(jobs.Inline)))
			}
		case Produced, Delivered, Uncollected, Matched:
			for _, place := range []string{"", "kec.sepauk"} {
				by := f(access.ServiceOfficer)
				by.Place = place
				try(by, ReturnCard{id, s.chip, Because{Reason: "refused_by_holder"}})
			}
		case Shipped, Recalled, Returned:
			try(f(access.Administrator), RetireCard{Chip: s.chip, Because: Because{Reason: "applicant"}, Second: f(access.Supervisor)})
			try(f(access.Administrator), CloseReturned{Application: id, Because: Because{Reason: "applicant"}, Second: f(access.Supervisor)})
		default:
			try(f(access.ServiceOfficer), AbandonApplication{id, Because{Reason: "applicant"}})
		}
	}
	d, err := c.r.Application(bg, id)
	c.must(err)
	c.Errorf("%s cannot end: it is %s (%s), withdrawn %q, cards %+v", id, d.Application.State, d.Application.Cause, d.Application.Withdrawn, d.Cards)
}

// beginnings are where a life of the office begins: what must have been done in some life from there shows that the crowd got
// that far.
var beginnings = []struct {
	name  string
	begin func(*crowd)
	steps int
	done  []Name
}{
	{"at the counter", func(c *crowd) {
		whose := map[ktp.NIK]bool{}
		for _, t := range applicationTypes {
			for _, r := range c.suits(t) {
				if !whose[r.Person.NIK] {
					whose[r.Person.NIK] = true
					c.applies(t, r, officer)
					break
				}
			}
		}
	}, 60, []Name{opRegister, opAttach, opExamine, opCapture, opVerifyCapture, opConfirm, opSend}},
	{"at the approval", func(c *crowd) {
		for n := range 4 {
			c.do(center, delivery(record(n+1, 1)))
		}
	}, 40, []Name{opApprove, opQueue, opReject, opCancel, opDrawBatch, opOpenSample, opHoldRecord, opWithdrawRecord}},
	{"with finished cards", func(c *crowd) {
		for n := range 4 {
			c.produced(n+1, "")
		}
	}, 40, []Name{opVerifyHolder, opHandOver, opHandOverToProxy, opExceptMatch}},
	{"with cards for a kecamatan", func(c *crowd) {
		for n := range 3 {
			c.sent(admin, ConsignmentOut, "kec.sepauk", c.produced(n+1, "kec.sepauk"))
		}
		c.produced(4, "kec.sepauk")
	}, 40, []Name{opReceiveConsignment, opVerifyHolder, opOpenConsignment, opHoldCard, opFreeCard, opRedirect}},
	{"with cards that came back", func(c *crowd) {
		for n := range 4 {
			c.returned(n + 1)
		}
	}, 40, []Name{opRetireCard, opRemake, opOpenDestruction, opAddToDestruction, opCountIn}},
}

func TestNothingThatPeopleDoBreaksAPromise(t *testing.T) {
	t.Parallel()
	for _, b := range beginnings {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			done, applied, played := map[Name]int{}, map[ktp.ApplicationType]int{}, 0
			rapid.Check(t, func(rt *rapid.T) {
				c := newCrowd(t, rt, b.begin)
				c.about = b.done
				defer func() { _ = c.store.Close() }()
				for range b.steps/2 + fair(rt, b.steps, "length") {
					c.step()
					c.holds()
				}
				c.sound()
				for _, app := range c.applications() {
					c.finish(app.ID)
				}
				c.holds()
				c.sound()
				played++
				for n, times := range c.done {
					done[n] += times
				}
				for k, times := range c.types {
					applied[k] += times
				}
			})
			t.Logf("%d lives, done: %v, types: %v", played, done, applied)
			if played < enoughLives {
				return
			}
			for _, n := range b.done {
				if done[n] == 0 {
					t.Errorf("in %d lives nobody ever did %s", played, n)
				}
			}
			for _, k := range applicationTypes {
				if b.name == "at the counter" && applied[k] == 0 {
					t.Errorf("in %d lives nobody ever applied for %s", played, k)
				}
			}
		})
	}
}

// enoughLives are so many that each act of a beginning is done in one of them; the race detector plays fewer.
const enoughLives = 10

// step is what happens next in a life.
func (c *crowd) step() {
	c.db.Clock.Advance(time.Second)
	switch k := fair(c.rt, 100, "what"); {
	case k < 14:
		c.apply()
	case k < 25:
		c.work()
	case k < 35:
		c.line(1 + fair(c.rt, 12, "steps"))
	case k < 40:
		c.attempt(pick(c, c.travel(), "travel"))
	case k < 45:
		c.attempt(pick(c, c.rest(), "rest"))
	case k < 99:
		if op, a, second := c.possible(); op != nil {
			c.carry(op, a, second)
		}
	default:
		c.db.Clock.Advance(31 * 24 * time.Hour)
	}
}
