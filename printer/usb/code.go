package usb

import (
	"regexp"
	"strconv"

	"blanko/fault"
)

// code is an error of libusb (libusb.h, enum libusb_error).
type code int

const (
	codeIO       code = -1
	codeAccess   code = -3
	codeNoDevice code = -4
	codeNotFound code = -5
	codeBusy     code = -6
	codePipe     code = -9
	codeNoMemory code = -11
)

var codeSuffix = regexp.MustCompile(`\[code (-[0-9]+)\]`)

// codeOf reads the code out of the text of an error: gousb wraps some without their type. Zero: there
// is none.
func codeOf(err error) code {
	if err == nil {
		return 0
	}
	m := codeSuffix.FindStringSubmatch(err.Error())
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return code(n)
}

// unopened is the fault of a printer that could not be opened or claimed.
func unopened(op string, err error) *fault.Error {
	entry, known := map[code]fault.Entry{
		codeAccess: NotAllowed, codeBusy: InUse, codeNoDevice: NotPluggedIn, codeNotFound: NotPluggedIn, codeNoMemory: NoRoom,
	}[codeOf(err)]
	if !known {
		entry = NotOpened
	}
	return entry.At(op, err)
}
