//go:build cgo

package pkcs11

import (
	"encoding/asn1"
	"errors"
	"sync"

	"github.com/miekg/pkcs11"
)

// modules are those loaded into this process. A module is initialized once and never unloaded: its
// maker's threads may outlive any caller (PKCS#11 2.40, 5.4).
var modules = struct {
	sync.Mutex
	by map[string]*module
}{by: map[string]*module{}}

// module is a maker's library.
type module struct{ ctx *pkcs11.Ctx }

// load loads the module at a path, or gives the one that is loaded.
func load(path string) (cryptoki, error) {
	const op = "pkcs11.load"
	modules.Lock()
	defer modules.Unlock()
	if m := modules.by[path]; m != nil {
		return m, nil
	}
	ctx := pkcs11.New(path)
	if ctx == nil {
		return nil, ModuleMissing.At(op, nil).With("module", "%s is no PKCS#11 module", path)
	}
	if err := ctx.Initialize(); err != nil {
		ctx.Destroy()
		return nil, ModuleMissing.At(op, wrap(err)).With("module", "%s does not start", path)
	}
	m := &module{ctx}
	modules.by[path] = m
	return m, nil
}

// wrap turns an error of the library into a status.
func wrap(err error) error {
	if e, ok := errors.AsType[pkcs11.Error](err); ok {
		return status(e)
	}
	return err
}

func (m *module) slots() (out []slot, err error) {
	ids, err := m.ctx.GetSlotList(true)
	if err != nil {
		return nil, wrap(err)
	}
	for _, id := range ids {
		info, err := m.ctx.GetTokenInfo(id)
		if err != nil {
			if s, ok := errors.AsType[status](wrap(err)); ok && s.gone() { // it went between two calls
				continue
			}
			return nil, wrap(err)
		}
		s := slot{
			id: id, label: info.Label, serial: info.SerialNumber, manufacturer: info.ManufacturerID, model: info.Model,
			pinLocked:   info.Flags&pkcs11.CKF_USER_PIN_LOCKED != 0,
			pinDoubtful: info.Flags&(pkcs11.CKF_USER_PIN_COUNT_LOW|pkcs11.CKF_USER_PIN_FINAL_TRY) != 0,
		}
		mechanism, err := m.ctx.GetMechanismInfo(id, []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_ECDSA, nil)})
		s.hardware = err == nil && mechanism.Flags&pkcs11.CKF_HW != 0
		out = append(out, s)
	}
	return out, nil
}

func (m *module) open(slot uint, writing bool) (uint, error) {
	flags := uint(pkcs11.CKF_SERIAL_SESSION)
	if writing {
		flags |= pkcs11.CKF_RW_SESSION
	}
	s, err := m.ctx.OpenSession(slot, flags)
	return uint(s), wrap(err)
}

func (m *module) close(s uint) error { return wrap(m.ctx.CloseSession(pkcs11.SessionHandle(s))) }

func (m *module) login(s uint, pin []byte) error {
	return wrap(m.ctx.Login(pkcs11.SessionHandle(s), pkcs11.CKU_USER, string(pin)))
}

func (m *module) signedIn(s uint) (bool, error) {
	info, err := m.ctx.GetSessionInfo(pkcs11.SessionHandle(s))
	return info.State == pkcs11.CKS_RO_USER_FUNCTIONS || info.State == pkcs11.CKS_RW_USER_FUNCTIONS, wrap(err)
}

func (m *module) random(s uint, n int) ([]byte, error) {
	b, err := m.ctx.GenerateRandom(pkcs11.SessionHandle(s), n)
	return b, wrap(err)
}

// batch is how many objects are asked for at once.
const batch = 64

func (m *module) objects(s uint) (out []object, err error) {
	sh := pkcs11.SessionHandle(s)
	for _, c := range []struct {
		class class
		of    uint
	}{{secret, pkcs11.CKO_SECRET_KEY}, {private, pkcs11.CKO_PRIVATE_KEY}, {public, pkcs11.CKO_PUBLIC_KEY}} {
		if err := m.ctx.FindObjectsInit(sh, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, c.of)}); err != nil {
			return nil, wrap(err)
		}
		var found []pkcs11.ObjectHandle
		for {
			some, _, err := m.ctx.FindObjects(sh, batch)
			if err != nil {
				return nil, errors.Join(wrap(err), wrap(m.ctx.FindObjectsFinal(sh)))
			}
			if len(some) == 0 {
				break
			}
			found = append(found, some...)
		}
		if err := m.ctx.FindObjectsFinal(sh); err != nil {
			return nil, wrap(err)
		}
		for _, h := range found {
			o, err := m.object(sh, h, c.class)
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
	}
	return out, nil
}

func (m *module) object(sh pkcs11.SessionHandle, h pkcs11.ObjectHandle, c class) (object, error) {
	o := object{handle: uint(h), class: c}
	var err error
	get := func(of uint) []byte {
		if err != nil {
			return nil
		}
		a, e := m.ctx.GetAttributeValue(sh, h, []*pkcs11.Attribute{pkcs11.NewAttribute(of, nil)})
		if e, ok := errors.AsType[pkcs11.Error](e); ok && (e == pkcs11.CKR_ATTRIBUTE_TYPE_INVALID || e == pkcs11.CKR_ATTRIBUTE_SENSITIVE) {
			return nil // an object of another kind
		}
		if err = wrap(e); err != nil {
			return nil
		}
		return a[0].Value
	}
	is := func(of uint) bool { b := get(of); return len(b) == 1 && b[0] != 0 }
	o.label, o.id = string(get(pkcs11.CKA_LABEL)), get(pkcs11.CKA_ID)
	o.local = is(pkcs11.CKA_LOCAL)
	switch c {
	case secret:
		o.exposed = !is(pkcs11.CKA_SENSITIVE) || is(pkcs11.CKA_EXTRACTABLE)
		for i, b := range get(pkcs11.CKA_VALUE_LEN) { // CK_ULONG, in the order of this machine: little endian
			o.size |= int(b) << (8 * i)
		}
	case private:
		o.exposed = !is(pkcs11.CKA_SENSITIVE) || is(pkcs11.CKA_EXTRACTABLE)
	case public:
		// An OCTET STRING around the point; some makers leave the wrapping out.
		raw := get(pkcs11.CKA_EC_POINT)
		if _, e := asn1.Unmarshal(raw, &o.point); e != nil {
			o.point = raw
		}
	}
	return o, err
}

// mechanism is one without parameters.
func mechanism(of uint) []*pkcs11.Mechanism {
	return []*pkcs11.Mechanism{pkcs11.NewMechanism(of, nil)}
}

func (m *module) cmac(s, key uint, message []byte) ([]byte, error) {
	return m.signature(s, key, pkcs11.CKM_AES_CMAC, message)
}

func (m *module) sign(s, key uint, digest []byte) ([]byte, error) {
	return m.signature(s, key, pkcs11.CKM_ECDSA, digest)
}

func (m *module) signature(s, key, of uint, message []byte) ([]byte, error) {
	sh := pkcs11.SessionHandle(s)
	if err := m.ctx.SignInit(sh, mechanism(of), pkcs11.ObjectHandle(key)); err != nil {
		return nil, wrap(err)
	}
	b, err := m.ctx.Sign(sh, message)
	return b, wrap(err)
}

func (m *module) encrypt(s, key uint, block []byte) ([]byte, error) {
	sh := pkcs11.SessionHandle(s)
	if err := m.ctx.EncryptInit(sh, mechanism(pkcs11.CKM_AES_ECB), pkcs11.ObjectHandle(key)); err != nil {
		return nil, wrap(err)
	}
	b, err := m.ctx.Encrypt(sh, block)
	return b, wrap(err)
}

// masterTemplate is a master key: it computes CMACs and its check value, and cannot be read.
func masterTemplate(label string, more ...*pkcs11.Attribute) []*pkcs11.Attribute {
	return append([]*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_SECRET_KEY),
		pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_AES),
		pkcs11.NewAttribute(pkcs11.CKA_LABEL, label),
		pkcs11.NewAttribute(pkcs11.CKA_TOKEN, true),
		pkcs11.NewAttribute(pkcs11.CKA_PRIVATE, true),
		pkcs11.NewAttribute(pkcs11.CKA_SENSITIVE, true),
		pkcs11.NewAttribute(pkcs11.CKA_EXTRACTABLE, false),
		pkcs11.NewAttribute(pkcs11.CKA_SIGN, true),
		pkcs11.NewAttribute(pkcs11.CKA_ENCRYPT, true),
		pkcs11.NewAttribute(pkcs11.CKA_DECRYPT, false),
		pkcs11.NewAttribute(pkcs11.CKA_WRAP, false),
		pkcs11.NewAttribute(pkcs11.CKA_UNWRAP, false),
		pkcs11.NewAttribute(pkcs11.CKA_DERIVE, false),
	}, more...)
}

func (m *module) generateAES(s uint, label string, size int) error {
	_, err := m.ctx.GenerateKey(pkcs11.SessionHandle(s), mechanism(pkcs11.CKM_AES_KEY_GEN), masterTemplate(label, pkcs11.NewAttribute(pkcs11.CKA_VALUE_LEN, size)))
	return wrap(err)
}

func (m *module) load(s uint, label string, key []byte) error {
	_, err := m.ctx.CreateObject(pkcs11.SessionHandle(s), masterTemplate(label, pkcs11.NewAttribute(pkcs11.CKA_VALUE, key)))
	return wrap(err)
}

// namedP256 is the curve in CKA_EC_PARAMS: object identifier 1.2.840.10045.3.1.7.
var namedP256 = []byte{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07}

func (m *module) generateP256(s uint, label string, id []byte) error {
	_, _, err := m.ctx.GenerateKeyPair(pkcs11.SessionHandle(s), mechanism(pkcs11.CKM_EC_KEY_PAIR_GEN),
		[]*pkcs11.Attribute{
			pkcs11.NewAttribute(pkcs11.CKA_LABEL, label),
			pkcs11.NewAttribute(pkcs11.CKA_ID, id),
			pkcs11.NewAttribute(pkcs11.CKA_TOKEN, true),
			pkcs11.NewAttribute(pkcs11.CKA_VERIFY, true),
			pkcs11.NewAttribute(pkcs11.CKA_EC_PARAMS, namedP256),
		},
		[]*pkcs11.Attribute{
			pkcs11.NewAttribute(pkcs11.CKA_LABEL, label),
			pkcs11.NewAttribute(pkcs11.CKA_ID, id),
			pkcs11.NewAttribute(pkcs11.CKA_TOKEN, true),
			pkcs11.NewAttribute(pkcs11.CKA_PRIVATE, true),
			pkcs11.NewAttribute(pkcs11.CKA_SENSITIVE, true),
			pkcs11.NewAttribute(pkcs11.CKA_EXTRACTABLE, false),
			pkcs11.NewAttribute(pkcs11.CKA_SIGN, true),
		})
	return wrap(err)
}

func (m *module) identify(s, o uint, id []byte) error {
	return wrap(m.ctx.SetAttributeValue(pkcs11.SessionHandle(s), pkcs11.ObjectHandle(o), []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_ID, id)}))
}

func (m *module) destroy(s, o uint) error {
	return wrap(m.ctx.DestroyObject(pkcs11.SessionHandle(s), pkcs11.ObjectHandle(o)))
}
