package chip

// Class bytes: interindustry, GlobalPlatform, and either under secure messaging.
const (
	classISO    byte = 0x00
	classGP     byte = 0x80
	classSecure byte = 0x84

	classChained byte = 0x10 // interindustry, not the last of a chain
	classSealed  byte = 0x0C // interindustry under secure messaging, header authenticated
)

// instruction is one row of the card's command table.
type instruction struct {
	ins    byte
	class  byte // class of the plain form
	answer bool // may give data back, so an Le may follow
	issuer bool // belongs to the issuer view, which has to be selected
	icao   bool // belongs to the ICAO view; unknown in the issuer view
	run    func(*Card, *command) status
}

const (
	// insExternalAuthenticate opens the channel of SCP03, and BAC in the ICAO view.
	insExternalAuthenticate byte = 0x82
	// insGeneralAuthenticate is the one instruction that comes in chains.
	insGeneralAuthenticate byte = 0x86
	// insSelect is the one instruction that a card of another make knows too.
	insSelect byte = 0xA4
)

// instructions are all commands but EXTERNAL AUTHENTICATE of SCP03, which opens the channel it
// comes through (ISO/IEC 7816-4, -8, -9; GlobalPlatform Card Specification, chapter 11; Doc
// 9303-11).
var instructions = [...]instruction{
	{ins: insSelect, answer: true, run: selectFile},
	{ins: 0xB0, answer: true, run: readBinary},
	{ins: 0xB1, answer: true, icao: true, run: readBinaryOdd},
	{ins: 0xD6, run: updateBinary},
	{ins: 0xCA, class: classGP, answer: true, run: getData},
	{ins: 0x50, class: classGP, answer: true, run: initializeUpdate},
	{ins: 0xE0, issuer: true, run: createFile},
	{ins: 0xE4, answer: true, issuer: true, run: deleteObject},
	{ins: 0xD8, class: classGP, answer: true, issuer: true, run: putKey},
	{ins: 0xDA, issuer: true, run: putData},
	{ins: 0x46, answer: true, issuer: true, run: generateKeyPair},
	{ins: 0x44, issuer: true, run: activate},
	{ins: 0x04, issuer: true, run: deactivate},
	{ins: 0xE6, issuer: true, run: terminate},
	{ins: 0x84, answer: true, icao: true, run: getChallenge},
	{ins: insExternalAuthenticate, answer: true, icao: true, run: authenticateBAC},
	{ins: 0x22, icao: true, run: manageSecurity},
	{ins: insGeneralAuthenticate, answer: true, icao: true, run: generalAuthenticate},
	{ins: 0x88, answer: true, icao: true, run: internalAuthenticate},
}

// dispatch finds the instruction and runs it. Order of refusals: class, instruction, length,
// then what the command itself says.
func (c *Card) dispatch(cmd *command) status {
	icao := c.icaoView && c.view != viewIssuer
	switch cmd.cla {
	case classISO, classGP, classSecure:
	case classSealed:
		if icao {
			return swSecurity // secure messaging without a channel
		}
		return swUnknownCLA
	case classChained:
		if !icao || cmd.ins != insGeneralAuthenticate {
			return swUnknownCLA
		}
	default:
		return swUnknownCLA
	}
	for i := range instructions {
		in := &instructions[i]
		if in.ins != cmd.ins {
			continue
		}
		if in.icao && !icao {
			return swUnknownINS
		}
		switch {
		case c.foreign && cmd.ins != insSelect:
			return swUnknownINS
		case !cmd.secure && cmd.cla == classSecure:
			if c.state == stateTerminated {
				return swConditions
			}
			return swSecurity // secure messaging without a channel
		case !cmd.secure && cmd.cla != in.class && cmd.cla != classChained:
			return swUnknownCLA
		case cmd.le != noLe && !in.answer:
			return swWrongLength
		case in.issuer && c.view != viewIssuer:
			return swConditions
		}
		return in.run(c, cmd)
	}
	return swUnknownINS
}
