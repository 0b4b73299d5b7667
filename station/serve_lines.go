package station

import (
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"blanko/artwork"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/registry"
	"blanko/registry/osia"
)

// lookAgainAtLine is how often a line that cannot run looks whether its keys and its devices are there.
const lookAgainAtLine = 5 * time.Second

// runLines runs every line of the configuration that has what it needs, until drain closes and each has
// finished its card, or the context ends. A line whose keys or devices are not there is refused with the
// reason, and goes on by itself when they are.
func (c Config) runLines(ctx context.Context, drain <-chan struct{}, s *Station, svc Service) {
	var whole []LineConfig
	for _, l := range c.Lines {
		if refusal(l, c.Keys) == nil {
			whole = append(whole, l)
		} else {
			defer s.alive(ctx, l.ID)()
		}
	}
	if len(whole) == 0 {
		select {
		case <-drain:
		case <-ctx.Done():
		}
		return
	}
	if svc.look == 0 {
		svc.look = lookAgainAtLine
	}
	if svc.Printers == nil {
		svc.Printers = ConnectedPrinters{}
	}
	c.Lines = whole
	k, misbuilt := svc.keys.ring, svc.keys.misbuilt
	s.readings.also(svc.keys.tokenReading)
	devices, err := FindLines(c, svc.Printers)
	if err == nil {
		s.readings.also(devices.readerReadings)
		defer func() {
			if err := devices.Close(); err != nil {
				svc.Log.Warn("devices not closed", zap.Error(err))
			}
		}()
	}
	if misbuilt == nil {
		misbuilt = err
	}
	var all sync.WaitGroup
	for _, l := range whole {
		r := &lineRunner{Config: c, config: l, station: s, keys: k, devices: devices, misbuilt: misbuilt, svc: svc, drain: drain, gone: map[ktp.AttemptID]bool{}, brought: map[ktp.AttemptID]int{}}
		all.Go(func() { r.run(ctx) })
	}
	all.Wait()
}

// stationKeys are the keys of a serving station, or what is wrong with their files.
type stationKeys struct {
	ring     *keyring
	misbuilt error
}

// lineRunner runs one line of the configuration.
type lineRunner struct {
	Config
	config   LineConfig
	station  *Station
	keys     *keyring
	devices  *Lines
	misbuilt error // of the keys or the readers, as the configuration has them
	svc      Service
	drain    <-chan struct{}

	released bool                   // the start of this process
	gone     map[ktp.AttemptID]bool // attempts in doubt whose card a person has not found
	brought  map[ktp.AttemptID]int  // questions by which a card was brought to the reader, and read
	later    bool                   // the desk is another line's: the card there is read later
	end      <-chan struct{}        // of the run: closed when the line should stop, or read a card in doubt
	line     *personalize.Line      // once its devices are open
	told     fault.Code             // why it does not run
	rest     pause
}

func (r *lineRunner) run(ctx context.Context) {
	defer r.station.alive(ctx, r.config.ID)()
	for {
		if r.station.takenOver(ctx, r.line) {
			return
		}
		wait := r.svc.look
		why := r.ready(ctx)
		if why == nil {
			r.told = ""
			r.station.observe(ctx, r.config.ID, "running", "")
			r.station.lineWorks(ctx, r.config.ID, "")
			err := r.doubts(ctx)
			if err == nil {
				err = r.work(ctx)
			}
			if errors.Is(err, errDoubtFirst) {
				continue
			}
			if r.draining() && errors.Is(err, context.Canceled) {
				err = nil // in a question about a doubt: it stays
			}
			switch {
			case ctx.Err() != nil:
				return
			case err == nil:
				r.station.observe(ctx, r.config.ID, "idle", "")
				return
			case r.station.takenOver(ctx, r.line):
				return
			}
			wait = r.rest.after(err, r.svc.look)
			r.svc.Log.Error("line stopped", zap.String("line", string(r.config.ID)), zap.String("code", string(fault.CodeOf(err))), zap.Duration("again", wait), zap.Error(err))
			r.station.observe(ctx, r.config.ID, "stopped", stoppedBy(err))
		} else if ctx.Err() == nil {
			r.refused(ctx, why)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.drain:
			return
		case <-time.After(wait):
		}
	}
}

// refused tells the ledger why the line does not run, whenever that changes.
func (r *lineRunner) refused(ctx context.Context, why error) {
	code := fault.CodeOf(why)
	if code == r.told {
		return
	}
	r.told = code
	r.svc.Log.Warn("line refused", zap.String("line", string(r.config.ID)), zap.String("code", string(code)), zap.Error(why))
	r.station.observe(ctx, r.config.ID, stateRefused, string(code))
	r.station.lineWorks(ctx, r.config.ID, code)
}

// ready sees to everything that the line needs before it may take an order.
func (r *lineRunner) ready(ctx context.Context) error {
	if r.misbuilt != nil {
		return r.misbuilt
	}
	if err := r.releasedStart(ctx); err != nil {
		return err
	}
	if err := r.gate(ctx); err != nil {
		return err
	}
	if err := r.station.mayTrustLedger(ctx); err != nil {
		return err
	}
	if r.line == nil {
		like, err := r.like()
		if err != nil {
			return err
		}
		if r.line, err = r.devices.Open(ctx, r.config.ID, like); err != nil {
			return err
		}
		if r.line.Path == nil {
			r.line.Hands = r.hands
		}
	}
	known, err := r.centerKeys(ctx)
	if err != nil {
		return err
	}
	r.line.Signing.CenterKeys = known
	return nil
}

// like is what the lines of a station have in common.
func (r *lineRunner) like() (l personalize.Line, err error) {
	if l.Profile, err = chipdata.LoadProfile(r.Profile); err != nil {
		return l, err
	}
	if l.Templates, l.Codec, err = faces(); err != nil {
		return l, err
	}
	l.Signing = personalize.Signing{Signer: r.keys.chipSigner(), Anchors: r.keys.rules.Anchors}
	l.Issuance = r.issuance
	l.Keys, l.Look, l.Gate = r.keys, r.look, r.beforeCard
	l.Book, l.Clock, l.Log = r.station.Registry, wallClock{r.svc.Now}, r.svc.Log
	return l, nil
}

// beforeCard is asked before every card: a card of the desk that is in doubt is brought before a further
// blank is used.
func (r *lineRunner) beforeCard(ctx context.Context) error {
	if err := r.gate(ctx); err != nil || r.config.Kind != jobs.Desktop {
		return err
	}
	list, err := r.station.Registry.Attempts(ctx, jobs.InDoubt)
	if slices.ContainsFunc(list, func(t jobs.Attempt) bool { return t.Line == r.config.ID && !r.gone[t.ID] }) {
		return errDoubtFirst
	}
	return err
}

// work makes cards until the line should stop, fails, or a card in doubt lies on the reader: between two
// cards it is read.
func (r *lineRunner) work(ctx context.Context) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-r.drain:
			stop()
		case <-watching.Done():
		}
	}()
	end, presented, later := make(chan struct{}), false, r.later
	r.end, r.later = end, false
	go func() {
		defer close(end)
		if later && (wallClock{}).Sleep(watching, r.svc.look) != nil {
			return
		}
		presented = r.station.Registry.AwaitPresented(watching, r.config.ID, r.brought) == nil
	}()
	err := r.station.work(ctx, r.line, end, &r.rest)
	stop()
	if <-end; err == nil && presented {
		return errDoubtFirst
	}
	return err
}

func (r *lineRunner) draining() bool {
	select {
	case <-r.drain:
		return true
	default:
		return false
	}
}

// errDoubtFirst ends the run of a line that has a card in doubt to ask for, or to read.
var errDoubtFirst = errors.New("a card in doubt comes first")

// gate is what a line needs whenever it goes on.
func (r *lineRunner) gate(ctx context.Context) error {
	if err := r.power(ctx); err != nil {
		return err
	}
	if err := r.station.Stuck(); err != nil { // a withdrawal may wait behind what is not taken in
		return err
	}
	if err := r.keys.Ready(ctx); err != nil {
		return err
	}
	_, _, masters, err := r.keys.Describe(ctx)
	if err != nil {
		return err
	}
	if err := r.station.Registry.MastersInUse(ctx, masters); err != nil {
		return err
	}
	return r.approvedDesigns(ctx)
}

// approvedDesigns reports an error where the line would use a profile, a template or a standard that is
// not the one in force, or whose approval this token has not signed.
func (r *lineRunner) approvedDesigns(ctx context.Context) error {
	used, err := r.designs(ctx, r.station.Registry)
	if err != nil {
		return err
	}
	list, err := r.station.Registry.DesignsInForce(ctx)
	if err != nil {
		return err
	}
	own := r.keys.own.Load()
	for _, u := range used {
		if !slices.ContainsFunc(list, func(d registry.Design) bool { return d.Design == u && u.SignedBy(own, d.Signature) }) {
			return registry.DesignUnapproved.At("station.approvedDesigns", nil).With(u.Kind, "%s %s, %s", u.Name, u.Version, u.Hash)
		}
	}
	return nil
}

// faces are the card faces and the codec of the pictures.
func faces() (map[string]*artwork.Template, chipdata.Codec, error) {
	all := map[string]*artwork.Template{}
	for _, name := range artwork.Names() {
		t, err := artwork.LoadTemplate(name)
		if err != nil {
			return nil, nil, err
		}
		all[name] = t
	}
	codec, err := openjpeg.New()
	return all, codec, err
}

func (c Config) issuance(_ ktp.Record, now time.Time) chipdata.Issuance {
	return chipdata.Issuance{Authority: c.Authority, IssuePlace: c.IssuePlace, IssueDate: now, PersonalizedAt: now, Station: c.Station}
}

// centerKeys are the keys by which the center signs persons: those it told last, else those of the
// file that the configuration names; with them those of the officers of a station that stands alone. Where none is known
// no record is proved.
func (r *lineRunner) centerKeys(ctx context.Context) (map[[8]byte]*ecdsa.PublicKey, error) {
	var trust osia.Trust
	switch {
	case r.station.Center != nil:
		check, err := r.station.checker(ctx)
		if err != nil {
			return nil, err
		}
		trust = check.Trust
	case r.Center.KeyList != "":
		var err error
		if trust, err = r.keyList(ImportOptions{Now: r.svc.Now}); err != nil {
			return nil, err
		}
	}
	known, err := r.officerKeys()
	if err != nil {
		return nil, err
	}
	if known == nil {
		known = map[[8]byte]*ecdsa.PublicKey{}
	}
	for _, k := range trust {
		var id [8]byte
		if n, err := hex.Decode(id[:], []byte(k.ID)); k.Use == osia.UseIdentity && err == nil && n == len(id) {
			known[id] = k.Public
		}
	}
	return known, nil
}

var handOffs = map[personalize.Ask]registry.HandOff{
	personalize.AskBlank: registry.BlankToReader, personalize.AskReader: registry.CardToReader, personalize.AskPrinter: registry.CardToPrinter,
	personalize.AskOutput: registry.CardToOutput, personalize.AskReject: registry.CardToReject,
}

// hands asks a person and waits until it is done. It is the person's word that it cannot be done.
func (r *lineRunner) hands(ctx context.Context, ask personalize.Ask) error {
	what := HandOff(ask)
	if ask == personalize.AskBlank { // nothing has begun: a line that should stop, or has no power, asks for no blank
		answered, stop := context.WithCancel(ctx)
		defer stop()
		go r.takeBack(answered, what)
	}
	q, err := r.ask(ctx, registry.AskHandOff, what)
	if err == nil {
		err = HandOffVerdict(q)
	}
	return err
}

// HandOff is what a line asks of a person at its desk, in the ledger's words.
func HandOff(ask personalize.Ask) registry.HandOff { return handOffs[ask] }

// HandOffVerdict is what an answer about a card to be carried comes to for the line that asked: HandOffFailed when it
// could not be done.
func HandOffVerdict(q registry.Question) error {
	if q.Good {
		return nil
	}
	return HandOffFailed.At("station.hands", nil).With("cause", "%s", q.Cause)
}

// takeBack takes a question back once the line should stop or a card would not be finished on the battery,
// unless it is answered first.
func (r *lineRunner) takeBack(answered context.Context, what registry.HandOff) {
	for stop := false; !stop; {
		look := time.NewTimer(r.svc.look)
		select {
		case <-r.end:
			stop = true
		case <-answered.Done():
			stop = true
		case <-look.C:
			stop = r.power(answered) != nil
		}
		look.Stop()
	}
	for answered.Err() == nil { // the question may be on its way into the ledger
		taken, err := r.station.Registry.TakeBack(answered, r.config.ID, registry.AskHandOff, what)
		if taken || (wallClock{}).Sleep(answered, lookForQuestion) != nil {
			return
		}
		if err != nil {
			r.svc.Log.Warn("question not taken back", zap.String("line", string(r.config.ID)), zap.Error(err))
		}
	}
}

// lookForQuestion is how often a line that should stop tries to take its question back.
const lookForQuestion = 200 * time.Millisecond

// look asks a person for the printed face.
func (r *lineRunner) look(ctx context.Context, f personalize.Face) (personalize.Verdict, error) {
	q, err := r.insist(ctx, func() (registry.Question, error) {
		return r.station.Registry.AskAbout(ctx, f.Attempt, registry.AskFace, "")
	})
	return FaceVerdict(q), err
}

// FaceVerdict is what an answer about a face comes to for the line that asked.
func FaceVerdict(q registry.Question) personalize.Verdict {
	if q.Good {
		return personalize.Verdict{Good: true}
	}
	return personalize.Verdict{Cause: faceCauses[q.Cause].Code}
}

// faceCauses is what a line records of each answer that refuses a face.
var faceCauses = map[string]fault.Entry{
	"blurred": personalize.FaceBlurred, "ribbon": personalize.FaceRibbon, "color": personalize.FaceColor, "shifted": personalize.FaceShifted,
	"scratched": personalize.FaceScratched, "damaged": personalize.FaceDamaged, "empty": personalize.FaceEmpty, "wrong_face": personalize.WrongPerson,
}

func (r *lineRunner) ask(ctx context.Context, k registry.QuestionKind, what registry.HandOff) (registry.Question, error) {
	return r.insist(ctx, func() (registry.Question, error) { return r.station.Registry.Ask(ctx, r.config.ID, k, what) })
}

// insist asks until the ledger has an answer. A ledger that is out of reach meanwhile spoils no card.
func (r *lineRunner) insist(ctx context.Context, ask func() (registry.Question, error)) (registry.Question, error) {
	for {
		q, err := ask()
		if kind := fault.KindOf(err); err == nil || ctx.Err() != nil || kind == fault.Conflict || kind == fault.Invalid || kind == fault.NotFound {
			return q, err
		}
		r.svc.Log.Warn("question not kept", zap.String("line", string(r.config.ID)), zap.Error(err))
		if serr := (wallClock{}).Sleep(ctx, restartAfter); serr != nil {
			return q, errors.Join(serr, err)
		}
	}
}

// wallClock is the time of the machine.
type wallClock struct{ now func() time.Time }

func (c wallClock) Now() time.Time { return c.now() }

func (wallClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
