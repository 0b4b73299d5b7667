package chip

// verdict is what a state says about opening a channel under a key set.
type verdict uint8

const (
	mayOpen    verdict = iota // 9000; 6A88 while the set is absent
	mayNotOpen                // 6985; 6A88 while the set is absent
	closedAll                 // 6985, present or not
)

// opening is the access table of the card profile, 7.3: per state the verdict on the key sets
// 30, 31, 38, 39, in the order of kvns.
var opening = [...][len(kvns)]verdict{
	stateBlank:      {mayOpen, mayOpen, mayNotOpen, mayOpen},
	stateClaimed:    {mayOpen, mayOpen, mayNotOpen, mayOpen},
	stateWritten:    {mayOpen, mayOpen, mayNotOpen, mayOpen},
	stateActive:     {mayNotOpen, mayNotOpen, mayOpen, mayOpen},
	stateBlocked:    {closedAll, closedAll, closedAll, mayOpen},
	stateTerminated: {closedAll, closedAll, closedAll, closedAll},
}

// mayAuthenticate answers INITIALIZE UPDATE before anything is computed.
func (c *Card) mayAuthenticate(kvn byte) status {
	for i, k := range kvns {
		if k != kvn {
			continue
		}
		set := &c.keySets[i]
		switch v := opening[c.state][i]; {
		case v == closedAll:
			return swConditions
		case !set.present():
			return swReferenceNotFound
		case v == mayNotOpen:
			return swConditions
		case set.failures >= maxFailures:
			return swAuthBlocked
		case set.sequence >= maxSequence:
			return swConditions
		}
		return swOK
	}
	if c.state == stateTerminated {
		return swConditions
	}
	return swReferenceNotFound
}

// reading is the column "READ in issuer view" of 7.3 for every file but EF.PROF: the key set
// whose channel may read, zero where the state itself forbids it.
var reading = [...]byte{
	stateBlank:      kvnIssuer,
	stateClaimed:    kvnIssuer,
	stateWritten:    kvnIssuer,
	stateActive:     kvnSAM,
	stateBlocked:    0,
	stateTerminated: 0,
}

// mayRead answers READ BINARY in the issuer view.
func (c *Card) mayRead(cmd *command, fid uint16) status {
	switch key := reading[c.state]; {
	case c.state == stateTerminated:
		return swConditions
	case fid == fidPROF:
		return swOK
	case key == 0:
		return swConditions
	case !cmd.secure || c.session.kvn != key || c.session.level != levelFull:
		return swSecurity
	}
	return swOK
}
