package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/keys/sam"
	"blanko/ktp"
)

// readingFor is how long the fingers of a card that was read may be compared: the holder stands there.
const readingFor = 5 * time.Minute

// reading is a card that was read through the SAM; its content stays here.
type reading struct {
	id     string
	at     time.Time
	chip   ktp.ChipUID
	files  [2][]byte // EF.FPR, EF.FPL
	holds  []ktp.Finger
	forged bool // the chip is not genuine
}

// fingerFiles are EF.FPR and EF.FPL (card profile KTPEL-OP 1, section 3.1).
var fingerFiles = [2]uint16{0x0201, 0x0202}

// cardRead is what a page is told of a card.
type cardRead struct {
	Reading   string   `json:"reading"`
	Chip      string   `json:"chip"`
	Verdict   Text     `json:"verdict"`
	Cause     Text     `json:"cause"`
	Genuine   bool     `json:"genuine"`
	Station   string   `json:"station"` // signature: good, bad, not_checked, none
	Center    string   `json:"center"`
	Name      string   `json:"name"`
	BirthDate string   `json:"birthDate"`
	Address   string   `json:"address"`
	Validity  string   `json:"validity"`
	Fingers   []int    `json:"fingers"` // ISO/IEC 19794-2 positions on the chip
	SAM       samState `json:"sam"`
	Portrait  []byte   `json:"portrait,omitempty"` // PNG
	Unshown   *Said    `json:"unshown,omitempty"`  // why this desk cannot show the picture that the chip has
}

type samState struct {
	Uses  int    `json:"uses"`
	Until string `json:"until"`
}

// cardWish is a page that wants the card read.
type cardWish struct {
	Ticket string `json:"ticket"`
}

// read reads the card on the reader through the SAM.
func (a *Agent) read(ctx context.Context, in cardWish) (cardRead, error) {
	const op = "desk.read"
	if err := a.allowed(ctx, "card", in.Ticket); err != nil {
		return cardRead{}, err
	}
	done, err := a.use(op)
	if err != nil {
		return cardRead{}, err
	}
	defer done()
	a.reading = nil
	trust := a.trust()
	if len(trust.CSCAs) == 0 || len(trust.CenterKeys) == 0 {
		return cardRead{}, anchorsMissing.At(op, nil)
	}
	card, module, err := a.Devices.Readers.Open(ctx)
	if err != nil {
		return cardRead{}, err
	}
	defer card.Close()   //nolint:errcheck // nothing was written
	defer module.Close() //nolint:errcheck // nothing was written
	keys, err := sam.Open(ctx, module, a.Now)
	if err != nil {
		return cardRead{}, err
	}
	if err := a.renew(ctx, keys); err != nil {
		return cardRead{}, err
	}
	trust.Now = a.Now()
	x, err := inspect.Examine(ctx, card, keys, icao.Access{}, trust)
	if err != nil {
		return cardRead{}, err
	}
	e := x.Cause.Explain()
	out := cardRead{
		Chip: string(x.Chip.UID), Verdict: Text{x.Verdict.Indonesian(), string(x.Verdict)}, Cause: Text{e.ID, e.EN},
		Genuine: x.Genuine, Station: string(x.Station.Result), Center: string(x.Center.Result), Fingers: []int{},
	}
	if p := x.Person; p != nil {
		out.Name, out.BirthDate, out.Validity = strings.Join(p.Names, " "), p.BirthDate, p.Validity
		out.Address = strings.Join(strings.Fields(strings.Join([]string{p.Street, p.RTRW, p.Village, p.District}, " ")), " ")
	}
	if out.Portrait, err = portraitOf(x.Person); err != nil {
		out.Unshown = say(err)
	}
	if st, err := keys.Status(ctx); err == nil {
		out.SAM = samState{st.Uses, st.Until.Format(time.DateOnly)}
	}
	genuine, decided := judged(x)
	if !decided {
		return out, nil // the cause says why; there is nothing to compare
	}
	r := &reading{id: rand.Text(), at: a.Now(), chip: x.Chip.UID, forged: !genuine}
	for n, id := range fingerFiles {
		data := x.Content[id]
		if f, err := chipdata.ParseFingerFile(data); err == nil {
			r.files[n], r.holds = data, append(r.holds, f.Finger)
			out.Fingers = append(out.Fingers, int(f.Finger))
		}
	}
	a.reading, out.Reading = r, r.id
	return out, nil
}

// judged says whether a card is what the station made, by its signatures and by a key that only its chip
// has. One that this desk cannot judge, for want of a certificate say, is neither genuine nor forged.
func judged(x inspect.Examination) (genuine, decided bool) {
	findings := []inspect.Finding{x.Station.Result, x.ChipProof.Result}
	switch {
	case !x.Reading.Complete || x.Chip.UID == "":
		return false, false
	case slices.Contains(findings, inspect.Bad) || x.Center.Result == inspect.Bad:
		return false, true
	}
	genuine = findings[0] == inspect.Good && findings[1] == inspect.Good
	return genuine, genuine
}

// tryWish is one try of a 1:1.
type tryWish struct {
	Reading string     `json:"reading"`
	Ticket  string     `json:"ticket"`
	Finger  ktp.Finger `json:"finger"`
}

// onStation is what the station compares: the living finger with the files of the chip, in the name of the
// person whose page gave the ticket.
type onStation struct {
	Ticket     string `json:"ticket"`
	Chip       string `json:"chip"`
	Live       []live `json:"live,omitempty"`
	OnChip     files  `json:"onChip,omitzero"`
	Presence   answer `json:"presence,omitzero"`
	NotGenuine bool   `json:"notGenuine,omitempty"`
}

// answer is what the chip of the card says to a challenge of the station: the card lies here now.
type answer struct {
	Challenge []byte `json:"challenge"`
	Answer    []byte `json:"answer"`
}

type live struct {
	Finger int    `json:"finger"`
	Image  []byte `json:"image"`
}

type files struct {
	EFFPR []byte `json:"efFPR,omitempty"`
	EFFPL []byte `json:"efFPL,omitempty"`
}

// tried is what the station says of a try.
type tried struct {
	Answer string `json:"answer"`
	State  string `json:"state"`
	Tried  struct {
		Result  string   `json:"result"`
		Left    int      `json:"left"`
		Reasons []string `json:"reasons"`
	} `json:"tried"`
}

// matchSaid is what a page is told of a try.
type matchSaid struct {
	Result string `json:"result"` // matched, no_match, not_genuine
	Left   int    `json:"left"`   // tries in this visit
	Hints  []Text `json:"hints"`
}

// match takes the living finger, has the chip answer a challenge of the station, and the station compare the
// finger with the card that was read. A picture that shows no finger well is taken again and costs no try. The
// devices are free while the station is asked.
func (a *Agent) match(ctx context.Context, in tryWish) (matchSaid, error) {
	if in.Ticket == "" {
		return matchSaid{}, ticketMissing.At("desk.match", nil).With("ticket", "none for a match")
	}
	r, err := a.readOf(in)
	if err != nil {
		return matchSaid{}, err
	}
	body := onStation{Ticket: in.Ticket, Chip: string(r.chip), NotGenuine: r.forged}
	if !r.forged {
		if err := a.link.post(ctx, "/v1/desk/challenge", "", map[string]string{"ticket": in.Ticket, "chip": body.Chip}, &body.Presence); err != nil {
			return matchSaid{}, err
		}
		if body.Live, err = a.fingerOf(ctx, in.Finger, &body.Presence); err != nil {
			return matchSaid{}, err
		}
		body.OnChip = files{r.files[0], r.files[1]}
	}
	var said tried
	err = a.link.post(ctx, "/v1/desk/match", "", body, &said)
	if fault.Is(err, StationAway) { // it may have arrived: by its ticket it counts once
		err = a.link.post(ctx, "/v1/desk/match", "", body, &said)
	}
	if err != nil {
		return matchSaid{}, err
	}
	return matchSaid{Result: cmp.Or(said.Tried.Result, said.Answer), Left: said.Tried.Left, Hints: reasonHints(said.Tried.Reasons)}, nil
}

// readOf is the card that was read, where it holds the finger.
func (a *Agent) readOf(in tryWish) (reading, error) {
	const op = "desk.match"
	r, err := a.lastRead(op, in.Reading)
	if err != nil {
		return r, err
	}
	if !r.forged && !slices.Contains(r.holds, in.Finger) {
		return reading{}, fingerNotOnCard.At(op, nil).With("finger", "%d", in.Finger)
	}
	return r, nil
}

// lastRead is the card that was read last, a short while ago.
func (a *Agent) lastRead(op, id string) (reading, error) {
	done, err := a.use(op)
	if err != nil {
		return reading{}, err
	}
	defer done()
	r := a.reading
	if r == nil || id != r.id || a.Now().Sub(r.at) > readingFor {
		return reading{}, readAgain.At(op, nil)
	}
	return *r, nil
}

// fingerOf takes the living finger, and the answer of the card that lies on the reader meanwhile.
func (a *Agent) fingerOf(ctx context.Context, f ktp.Finger, p *answer) ([]live, error) {
	const op = "desk.match"
	done, err := a.use(op)
	if err != nil {
		return nil, err
	}
	defer done()
	shot, err := a.Devices.Finger.Capture(ctx, "finger."+number(f))
	if err != nil {
		return nil, err
	}
	q, _, err := judge(shot.PNG, f)
	if err != nil {
		return nil, err
	}
	if !q.Accepted() {
		return nil, &hinted{captureAgain.At(op, nil).With("finger", "quality %d", q.Score), hints(q.Reasons)}
	}
	if err := a.answerOf(ctx, op, p); err != nil {
		return nil, err
	}
	return []live{{int(f), shot.PNG}}, nil
}
