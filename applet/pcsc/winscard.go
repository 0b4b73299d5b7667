package pcsc

import "fmt"

// session is one context of winscard, for one goroutine. Errors are of type status. List, states and
// a handle's status read the table that all contexts of the process share.
type session interface {
	list() ([]string, error)
	// states fills in what the readers named in the list are like now.
	states([]readerState) error
	connect(reader string, mode shareMode) (handle, error)
	release() error
}

// handle is a connection to the card in a reader, or to the reader itself.
type handle interface {
	begin() error // a transaction
	transmit(capdu []byte) ([]byte, error)
	reconnect(what disposition) error
	status() (present bool, atr []byte, err error)
	attribute(id uint32) ([]byte, error)
	control(code uint32) ([]byte, error)
	disconnect(what disposition) error
}

// readerState is SCARD_READERSTATE.
type readerState struct {
	name string
	now  stateFlag
	atr  []byte
}

// shareMode of a connection (PC/SC part 5, SCARD_SHARE_*).
type shareMode int

const (
	exclusive shareMode = 1
	direct    shareMode = 3 // the reader, whether a card is there or not
)

// disposition of the card (SCARD_*_CARD).
type disposition int

const (
	leaveCard   disposition = 0
	resetCard   disposition = 1
	unpowerCard disposition = 2
)

// stateFlag is SCARD_STATE_*; the upper half counts the cards that came and went.
type stateFlag uint32

const (
	flagUnknown     stateFlag = 0x0004
	flagUnavailable stateFlag = 0x0008
	flagPresent     stateFlag = 0x0020
	flagExclusive   stateFlag = 0x0080
	flagMute        stateFlag = 0x0200

	countShift = 16
)

// status is a return code of winscard.
type status uint32

const (
	internalError      status = 0x80100001
	invalidHandle      status = 0x80100003
	invalidParameter   status = 0x80100004
	insufficientBuffer status = 0x80100008
	unknownReader      status = 0x80100009
	timedOut           status = 0x8010000A
	sharingViolation   status = 0x8010000B
	noSmartcard        status = 0x8010000C
	unknownCard        status = 0x8010000D
	protocolMismatch   status = 0x8010000F
	communicationError status = 0x80100013
	notTransacted      status = 0x80100016
	readerUnavailable  status = 0x80100017
	serviceAbsent      status = 0x8010001D
	serviceStopped     status = 0x8010001E
	noReaders          status = 0x8010002E
	connectionLost     status = 0x8010002F
	unsupportedCard    status = 0x80100065
	unresponsiveCard   status = 0x80100066
	unpoweredCard      status = 0x80100067
	cardReset          status = 0x80100068
	cardRemoved        status = 0x80100069
	accessDenied       status = 0x8010006A // pcscd with polkit
)

var statusNames = map[status]string{
	internalError: "internal error", invalidHandle: "invalid handle", invalidParameter: "invalid parameter",
	insufficientBuffer: "insufficient buffer", unknownReader: "unknown reader", timedOut: "timeout", sharingViolation: "sharing violation",
	noSmartcard: "no smart card", unknownCard: "unknown card", protocolMismatch: "protocol mismatch", communicationError: "communication error",
	notTransacted: "not transacted", readerUnavailable: "reader unavailable", serviceAbsent: "no service", serviceStopped: "service stopped",
	noReaders: "no readers", connectionLost: "connection lost", unsupportedCard: "unsupported card", unresponsiveCard: "unresponsive card",
	unpoweredCard: "unpowered card", cardReset: "card was reset", cardRemoved: "card was removed", accessDenied: "access denied",
}

func (s status) Error() string {
	if name, ok := statusNames[s]; ok {
		return "winscard: " + name
	}
	return fmt.Sprintf("winscard: %08X", uint32(s))
}
