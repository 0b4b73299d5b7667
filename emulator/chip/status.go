package chip

// status is a status word of ISO/IEC 7816-4, or one that GlobalPlatform adds.
type status uint16

const (
	swNone              status = 0 // no answer: the field was lost while the card worked
	swOK                status = 0x9000
	swDeactivated       status = 0x6283 // SELECT of a blocked application
	swTerminatedState   status = 0x6285 // SELECT of a terminated application
	swCryptogram        status = 0x6300 // wrong cryptogram or token
	swTriesLeft         status = 0x63C0 // low digit: tries left
	swEndOfFile         status = 0x6282 // READ BINARY: fewer bytes than asked for
	swMemoryFailure     status = 0x6581
	swWrongLength       status = 0x6700
	swSecurity          status = 0x6982
	swAuthBlocked       status = 0x6983
	swConditions        status = 0x6985
	swSealMissing       status = 0x6987 // secure messaging: a data object is missing
	swSealWrong         status = 0x6988 // secure messaging: a data object is wrong
	swNoCurrentFile     status = 0x6986
	swWrongData         status = 0x6A80
	swFileNotFound      status = 0x6A82
	swNoSpace           status = 0x6A84
	swWrongParameters   status = 0x6A86
	swReferenceNotFound status = 0x6A88
	swFileExists        status = 0x6A89
	swWrongOffset       status = 0x6B00
	swExactLength       status = 0x6C00 // low byte: the right Le
	swUnknownINS        status = 0x6D00
	swUnknownCLA        status = 0x6E00
	swNoDiagnosis       status = 0x6F00 // the random source failed
)

// carriesMAC reports whether an answer with this status word has data and an R-MAC: 9000 and
// the warnings 62xx and 63xx (SCP03, GlobalPlatform Amendment D, 6.2.5).
func (s status) carriesMAC() bool { return s == swOK || s>>8 == 0x62 || s>>8 == 0x63 }
