package applet

import (
	"fmt"

	"blanko/fault"
)

// Status is a status word. It is an error value, so that errors.Is finds it in a chain.
type Status uint16

// Status words of ISO/IEC 7816-4, section 5.1.3, as the card profile KTPEL-OP 1 uses them.
const (
	SWOK                Status = 0x9000
	SWDeactivated       Status = 0x6283 // the selected application is blocked
	SWEndOfFile         Status = 0x6282 // READ BINARY: the file ends before Le
	SWTerminated        Status = 0x6285
	SWCryptogramFailed  Status = 0x6300 // EXTERNAL AUTHENTICATE: the host does not hold the key
	SWMemoryFailure     Status = 0x6581
	SWWrongLength       Status = 0x6700
	SWSecurityStatus    Status = 0x6982
	SWAuthBlocked       Status = 0x6983
	SWConditionsOfUse   Status = 0x6985
	SWSMObjectMissing   Status = 0x6987
	SWSMObjectWrong     Status = 0x6988
	SWWrongData         Status = 0x6A80
	SWFileNotFound      Status = 0x6A82
	SWNoSpace           Status = 0x6A84
	SWWrongParameters   Status = 0x6A86
	SWReferenceNotFound Status = 0x6A88 // key set
	SWFileExists        Status = 0x6A89
	SWWrongOffset       Status = 0x6B00
	SWUnknownINS        Status = 0x6D00
	SWUnknownCLA        Status = 0x6E00
)

// First bytes of status words that carry a length.
const (
	moreData   = 0x61 // 61xx: xx bytes wait for GET RESPONSE
	exactWants = 0x6C // 6Cxx: repeat with Le = xx
)

var statusWords = map[Status]string{
	SWOK: "done", SWEndOfFile: "end of file", SWDeactivated: "application blocked", SWTerminated: "application terminated",
	SWCryptogramFailed: "host cryptogram wrong", SWMemoryFailure: "memory failure", SWWrongLength: "wrong length",
	SWSecurityStatus: "security status not satisfied", SWAuthBlocked: "authentication blocked",
	SWConditionsOfUse: "conditions of use not satisfied", SWSMObjectMissing: "secure messaging object missing",
	SWSMObjectWrong: "secure messaging object wrong", SWWrongData: "wrong data", SWFileNotFound: "file or application not found",
	SWNoSpace: "no space", SWWrongParameters: "wrong P1 P2", SWReferenceNotFound: "key set not found", SWFileExists: "file exists",
	SWWrongOffset: "wrong offset", SWUnknownINS: "unknown instruction", SWUnknownCLA: "unknown class",
}

func (s Status) Error() string {
	if w, ok := statusWords[s]; ok {
		return fmt.Sprintf("%04X %s", uint16(s), w)
	}
	return fmt.Sprintf("%04X", uint16(s))
}

// endsChannel reports whether the card closed the secure channel with this answer (card profile
// KTPEL-OP 1, section 10, rule 6). 61xx and 6Cxx cannot be followed inside a channel either.
func (s Status) endsChannel() bool {
	return s == SWSecurityStatus || s == SWSMObjectMissing || s == SWSMObjectWrong || s>>8 == moreData || s>>8 == exactWants
}

// StatusError is a status word that a step could not go on with. It unwraps to the Status.
type StatusError struct {
	Header [4]byte // CLA INS P1 P2 as meant, before protection
	SW     Status
}

func (e *StatusError) Error() string { return fmt.Sprintf("%X answered %v", e.Header, e.SW) }

func (e *StatusError) Unwrap() error { return e.SW }

// statusFaults are the entries that a status word stands for, whatever the command.
var statusFaults = map[Status]fault.Entry{
	SWMemoryFailure: MemoryFailure,
	SWNoSpace:       NoSpace,
	SWAuthBlocked:   keyBlocked,
}

// refused makes the error of a command that was not answered as wanted.
func refused(op string, c Command, sw Status) error {
	entry, ok := statusFaults[sw]
	if !ok {
		entry = UnexpectedStatus
	}
	return entry.At(op, &StatusError{Header: [4]byte{c.CLA, c.INS, c.P1, c.P2}, SW: sw})
}
