package pcsc

// class is what a return code means for whoever works on a card.
type class int

const (
	unclear class = iota // nothing is said; the card's state is unknown
	wayLost              // the service or the reader is away; it says nothing of the card
	busy                 // another program has the reader
	cardGone
	cardMute
	cardForeign
	tooLong // the reader does not carry an APDU of this length
)

var classes = map[status]class{
	serviceAbsent: wayLost, serviceStopped: wayLost, invalidHandle: wayLost, communicationError: wayLost, connectionLost: wayLost,
	accessDenied: wayLost, unknownReader: wayLost, readerUnavailable: wayLost,
	sharingViolation: busy,
	noSmartcard:      cardGone, cardRemoved: cardGone, cardReset: cardGone,
	unresponsiveCard: cardMute, unpoweredCard: cardMute, notTransacted: cardMute, timedOut: cardMute,
	unsupportedCard: cardForeign, protocolMismatch: cardForeign, unknownCard: cardForeign,
	insufficientBuffer: tooLong, invalidParameter: tooLong,
}

func classOf(err error) class {
	if s, ok := err.(status); ok { //nolint:errorlint // winscard's codes are never wrapped in here
		return classes[s]
	}
	return unclear
}
