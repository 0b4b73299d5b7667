package pkcs11

import "fmt"

// cryptoki is what this room asks of a module (PKCS#11 2.40). An error is a status, or what the
// library says otherwise. A session is used by one caller at a time.
type cryptoki interface {
	slots() ([]slot, error) // those with a token
	open(slot uint, writing bool) (session uint, err error)
	close(session uint) error
	login(session uint, pin []byte) error
	signedIn(session uint) (bool, error)
	random(session uint, n int) ([]byte, error)
	objects(session uint) ([]object, error) // keys alone
	cmac(session, key uint, message []byte) ([]byte, error)
	encrypt(session, key uint, block []byte) ([]byte, error) // one block, AES-ECB
	sign(session, key uint, digest []byte) ([]byte, error)   // ECDSA, r and s of 32 bytes each
	generateAES(session uint, label string, size int) error
	generateP256(session uint, label string, id []byte) error
	load(session uint, label string, key []byte) error // an AES key
	identify(session, object uint, id []byte) error
	destroy(session, object uint) error
}

// slot is a token in a slot.
type slot struct {
	id                                 uint
	label, serial, manufacturer, model string
	hardware                           bool // it signs in a device, by what its mechanisms say
	pinLocked, pinDoubtful             bool // of the user: locked, or wrong since the last right one
}

// class of an object.
type class uint

const (
	secret class = iota
	private
	public
)

// object is a key on a token.
type object struct {
	handle uint
	class  class
	label  string
	id     []byte
	size   int    // bytes, of a secret key
	point  []byte // of a public key: uncompressed, 65 bytes on P-256
	// exposed: its value can be read, or may be wrapped and taken away.
	exposed bool
	local   bool // it was made on the token
}

// status is a return value of a module other than CKR_OK.
type status uint

// Return values that mean something here (PKCS#11 2.40, section 5.1).
const (
	slotInvalid          status = 0x03
	deviceRemoved        status = 0x32
	sizeRange            status = 0x62
	typeInconsistent     status = 0x63
	functionNotPermitted status = 0x68
	mechanismInvalid     status = 0x70
	pinIncorrect         status = 0xA0
	pinInvalid           status = 0xA1
	pinLength            status = 0xA2
	pinExpired           status = 0xA3
	pinLocked            status = 0xA4
	sessionInvalid       status = 0xB3
	tokenNotPresent      status = 0xE0
	alreadySignedIn      status = 0x100
	notSignedIn          status = 0x101
)

var statusNames = map[status]string{
	slotInvalid: "CKR_SLOT_ID_INVALID", deviceRemoved: "CKR_DEVICE_REMOVED", sizeRange: "CKR_KEY_SIZE_RANGE", typeInconsistent: "CKR_KEY_TYPE_INCONSISTENT",
	functionNotPermitted: "CKR_KEY_FUNCTION_NOT_PERMITTED", mechanismInvalid: "CKR_MECHANISM_INVALID",
	pinIncorrect: "CKR_PIN_INCORRECT", pinInvalid: "CKR_PIN_INVALID", pinLength: "CKR_PIN_LEN_RANGE", pinExpired: "CKR_PIN_EXPIRED", pinLocked: "CKR_PIN_LOCKED",
	sessionInvalid: "CKR_SESSION_HANDLE_INVALID", tokenNotPresent: "CKR_TOKEN_NOT_PRESENT", alreadySignedIn: "CKR_USER_ALREADY_LOGGED_IN", notSignedIn: "CKR_USER_NOT_LOGGED_IN",
}

func (s status) Error() string {
	if n, ok := statusNames[s]; ok {
		return n
	}
	return fmt.Sprintf("CKR 0x%X", uint(s))
}

// gone reports that the token is not there.
func (s status) gone() bool {
	return s == tokenNotPresent || s == deviceRemoved || s == slotInvalid
}

// lasting reports that the token does not do this with this key, however often it is asked. After any
// other status the session may be gone, or stand in the middle of something.
func (s status) lasting() bool {
	return s == sizeRange || s == typeInconsistent || s == functionNotPermitted || s == mechanismInvalid
}
