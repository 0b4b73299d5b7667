package chip

// state is where the card stands in its life (card profile KTPEL-OP 1, 7.1).
type state uint8

const (
	stateBlank      state = iota // application present, no attempt, no personal data
	stateClaimed                 // belongs to one attempt; files may be partial
	stateWritten                 // all files present and marked; not usable by the holder
	stateActive                  // closed for writing
	stateBlocked                 // refused by readers; key 39 can undo it
	stateTerminated              // end of life
)

// states lists them with the words of the profile and the life cycle byte of tag 8A
// (ISO/IEC 7816-4, 5.3.3.2 and 7816-9).
var states = [...]struct {
	name string
	lcs  byte
}{
	stateBlank:      {"blank", 0x03},
	stateClaimed:    {"claimed", 0x03},
	stateWritten:    {"written", 0x03},
	stateActive:     {"active", 0x05},
	stateBlocked:    {"blocked", 0x04},
	stateTerminated: {"terminated", 0x0C},
}

func (s state) String() string { return states[s].name }

// event is what a command under a channel wants of the card.
type event uint8

const (
	eventClaim      event = iota // EF.PROF with an attempt id
	eventInstall                 // PUT KEY of the first issuer set, under the transport keys
	eventChange                  // create, update, delete, put data, put key, generate key
	eventMark                    // marker of EF.PROF to written
	eventActivate                // ACTIVATE
	eventDeactivate              // DEACTIVATE
	eventTerminate               // TERMINATE
)

var events = [...]string{
	eventClaim: "claim", eventInstall: "install", eventChange: "change", eventMark: "mark",
	eventActivate: "activate", eventDeactivate: "deactivate", eventTerminate: "terminate",
}

func (e event) String() string { return events[e] }

// facts are what a row of the table may ask for beside state, event and key.
type facts uint8

const (
	issuerAbsent  facts = 1 << iota // key set 31 is not on the card
	sameAttempt                     // the attempt id shown is the one on the card
	claimShown                      // the owner's claim was shown in this channel
	complete                        // keys 38 and 39 present, 30 gone, EF.SOD not empty
	activatedHere                   // ACTIVATE was done in this channel
)

// transitions is the life of the card (card profile 7.2): from, event, key version of the
// channel, what has to hold, to. What is not in the table is refused with 6985.
var transitions = [...]struct {
	from  state
	on    event
	key   byte
	needs facts
	to    state
}{
	{stateBlank, eventClaim, kvnTransport, issuerAbsent, stateClaimed},
	{stateClaimed, eventClaim, kvnTransport, issuerAbsent | sameAttempt, stateClaimed},
	{stateClaimed, eventClaim, kvnIssuer, sameAttempt, stateClaimed},
	{stateWritten, eventClaim, kvnIssuer, sameAttempt, stateWritten},
	{stateClaimed, eventInstall, kvnTransport, issuerAbsent | claimShown, stateClaimed},
	{stateClaimed, eventChange, kvnIssuer, claimShown, stateClaimed},
	{stateWritten, eventChange, kvnIssuer, claimShown, stateClaimed},
	{stateClaimed, eventMark, kvnIssuer, claimShown | complete, stateWritten},
	{stateWritten, eventMark, kvnIssuer, claimShown | complete, stateWritten},
	{stateWritten, eventActivate, kvnIssuer, claimShown, stateActive},
	{stateActive, eventActivate, kvnIssuer, activatedHere, stateActive},
	{stateActive, eventDeactivate, kvnAdmin, 0, stateBlocked},
	{stateBlocked, eventActivate, kvnAdmin, 0, stateActive},
	{stateBlank, eventTerminate, kvnTransport, issuerAbsent, stateTerminated},
	{stateClaimed, eventTerminate, kvnTransport, issuerAbsent, stateTerminated},
	{stateClaimed, eventTerminate, kvnIssuer, 0, stateTerminated},
	{stateClaimed, eventTerminate, kvnAdmin, 0, stateTerminated},
	{stateWritten, eventTerminate, kvnIssuer, 0, stateTerminated},
	{stateWritten, eventTerminate, kvnAdmin, 0, stateTerminated},
	{stateActive, eventTerminate, kvnAdmin, 0, stateTerminated},
	{stateBlocked, eventTerminate, kvnAdmin, 0, stateTerminated},
}

// transition finds the row for an event under a key; false when the profile has none.
func transition(from state, on event, key byte, have facts) (state, bool) {
	for i := range transitions {
		if r := &transitions[i]; r.from == from && r.on == on && r.key == key && have&r.needs == r.needs {
			return r.to, true
		}
	}
	return from, false
}

// facts collects what holds now; sameAttempt is known only to the claim.
func (c *Card) facts() facts {
	var f facts
	if !c.hasKeys(kvnIssuer) {
		f |= issuerAbsent
	}
	if c.session.claimShown {
		f |= claimShown
	}
	if c.session.activated {
		f |= activatedHere
	}
	if c.hasKeys(kvnSAM) && c.hasKeys(kvnAdmin) && !c.hasKeys(kvnTransport) && c.sodWritten() {
		f |= complete
	}
	return f
}

// authorize answers whether the command may do what the event names, and where it leads.
// Without a channel, or below level 33, the answer is 6982 where a better channel could help;
// writing on a card that is closed for it is 6985 under every channel (card profile, 7.3).
func (c *Card) authorize(cmd *command, on event) (state, status) {
	closed := c.state >= stateActive
	switch {
	case closed && (!cmd.secure || on <= eventMark): // up to the mark all are writes
		return c.state, swConditions
	case !cmd.secure, c.session.level != levelFull:
		return c.state, swSecurity
	}
	next, ok := transition(c.state, on, c.session.kvn, c.facts())
	if !ok {
		return c.state, swConditions
	}
	return next, swOK
}

// enter moves the card on. A change of a written card takes its marker back to claimed; the
// other states leave the marker as it is.
func (c *Card) enter(next state) {
	switch next {
	case stateClaimed:
		c.marker = markerClaimed
	case stateWritten:
		c.marker = markerWritten
	}
	c.state = next
	c.refreshPROF()
}
