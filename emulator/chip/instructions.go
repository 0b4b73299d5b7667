package chip

// Class bytes: interindustry, GlobalPlatform, and either under secure messaging.
const (
	classISO    byte = 0x00
	classGP     byte = 0x80
	classSecure byte = 0x84
)

// instruction is one row of the card's command table.
type instruction struct {
	ins    byte
	class  byte // class of the plain form
	answer bool // may give data back, so an Le may follow
	issuer bool // belongs to the application: an application has to be selected
	run    func(*Card, *command) status
}

// insExternalAuthenticate opens the channel.
const insExternalAuthenticate byte = 0x82

// insSelect is the one instruction that a card of another make knows too.
const insSelect byte = 0xA4

// instructions are all commands but EXTERNAL AUTHENTICATE, which opens the channel it comes
// through (ISO/IEC 7816-4, -8, -9; GlobalPlatform Card Specification, chapter 11).
var instructions = [...]instruction{
	{insSelect, classISO, true, false, selectFile},
	{0xB0, classISO, true, false, readBinary},
	{0xD6, classISO, false, false, updateBinary},
	{0xCA, classGP, true, false, getData},
	{0x50, classGP, true, false, initializeUpdate},
	{0xE0, classISO, false, true, createFile},
	{0xE4, classISO, true, true, deleteObject},
	{0xD8, classGP, true, true, putKey},
	{0xDA, classISO, false, true, putData},
	{0x46, classISO, true, true, generateKeyPair},
	{0x44, classISO, false, true, activate},
	{0x04, classISO, false, true, deactivate},
	{0xE6, classISO, false, true, terminate},
}

// dispatch finds the instruction and runs it. Order of refusals: class, instruction, length,
// then what the command itself says.
func (c *Card) dispatch(cmd *command) status {
	if cmd.cla != classISO && cmd.cla != classGP && cmd.cla != classSecure {
		return swUnknownCLA
	}
	for i := range instructions {
		in := &instructions[i]
		if in.ins != cmd.ins {
			continue
		}
		switch {
		case c.foreign && cmd.ins != insSelect:
			return swUnknownINS
		case !cmd.secure && cmd.cla == classSecure:
			if c.state == stateTerminated {
				return swConditions
			}
			return swSecurity // secure messaging without a channel
		case !cmd.secure && cmd.cla != in.class:
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
