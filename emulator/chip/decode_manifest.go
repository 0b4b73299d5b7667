package chip

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Manifest is DG13 (card profile KTPEL-OP 1, 3.3).
type Manifest struct {
	Version       int               `json:"version"`
	Files         map[string]string `json:"files"` // SHA-256 in hex per file, key FID in four hex digits
	Exceptions    []Exception       `json:"exceptions,omitempty"`
	Center        *CenterSignature  `json:"center,omitempty"`
	Religion      int               `json:"religion"` // codes; 255 unknown
	MaritalStatus int               `json:"marital_status"`
	BloodType     int               `json:"blood_type"`
	Nationality   string            `json:"nationality"`
	Validity      string            `json:"validity"`
}

// Exception says that a default finger is not on the card, and why.
type Exception struct {
	Finger int `json:"finger"`
	Reason int `json:"reason"` // 1 missing, 2 not capturable for now, 3 below quality, 4 other
}

// CenterSignature is the data center's signature over the identity statement.
type CenterSignature struct {
	KeyID     string `json:"key_id"`    // first 8 bytes of the SHA-256 of the SPKI, hex
	Signature string `json:"signature"` // r | s, 64 bytes, hex
	// Other holds per slot the SHA-256 of the delivered record that is not on this card, hex;
	// empty where the slot has only one record or none.
	Other [2]string `json:"other"`
}

func parseDG13(b []byte) (*Manifest, error) {
	body, err := unwrapTLV(b, 0x6D)
	if err != nil {
		return nil, err
	}
	list, err := parseTLVs(body)
	if err != nil {
		return nil, err
	}
	m := &Manifest{Files: map[string]string{}, Religion: -1, MaritalStatus: -1, BloodType: -1}
	codes := map[uint16]*int{0x80: &m.Version, 0xC0: &m.Religion, 0xC1: &m.MaritalStatus, 0xC2: &m.BloodType}
	last := uint16(0)
	for _, t := range list {
		repeats := t.tag == 0xA1 || t.tag == 0xA2
		if rank(t.tag) < rank(last) || t.tag == last && !repeats {
			return m, fmt.Errorf("tag %X is out of order", t.tag)
		}
		last = t.tag
		switch to := codes[t.tag]; {
		case to != nil && len(t.value) == 1:
			*to = int(t.value[0])
		case t.tag == 0xA1:
			err = m.readFile(t.value)
		case t.tag == 0xA2:
			err = m.readException(t.value)
		case t.tag == 0xA3:
			m.Center, err = parseCenter(t.value)
		case t.tag == 0xC3 && len(t.value) == 3:
			m.Nationality = string(t.value)
		case t.tag == 0xC4 && utf8.Valid(t.value):
			m.Validity = string(t.value)
		default:
			err = fmt.Errorf("tag %X of %d bytes", t.tag, len(t.value))
		}
		if err != nil {
			return m, err
		}
	}
	switch {
	case m.Version != 1:
		return m, fmt.Errorf("manifest version %d", m.Version)
	case m.Religion < 0 || m.MaritalStatus < 0 || m.BloodType < 0 || m.Nationality == "" || m.Validity == "":
		return m, errors.New("lacks a national field")
	}
	return m, nil
}

// order of the objects in the manifest.
var manifestOrder = []uint16{0, 0x80, 0xA1, 0xA2, 0xA3, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4}

func rank(tag uint16) int { return slices.Index(manifestOrder, tag) }

func (m *Manifest) readFile(b []byte) error {
	list, err := parseTLVs(b)
	if err != nil {
		return err
	}
	if len(list) != 2 || list[0].tag != 0x80 || len(list[0].value) != 2 || list[1].tag != 0x81 || len(list[1].value) != 32 {
		return errors.New("A1 is not file identifier and SHA-256")
	}
	fid := fmt.Sprintf("%X", list[0].value)
	if m.Files[fid] != "" {
		return fmt.Errorf("lists file %s twice", fid)
	}
	m.Files[fid] = hex.EncodeToString(list[1].value)
	return nil
}

func (m *Manifest) readException(b []byte) error {
	list, err := parseTLVs(b)
	if err != nil {
		return err
	}
	if len(list) != 2 || list[0].tag != 0x80 || len(list[0].value) != 1 || list[1].tag != 0x81 || len(list[1].value) != 1 {
		return errors.New("A2 is not finger and reason")
	}
	e := Exception{Finger: int(list[0].value[0]), Reason: int(list[1].value[0])}
	if !slices.Contains(defaultFingers[:], e.Finger) || e.Reason < 1 || e.Reason > 4 {
		return fmt.Errorf("exception of finger %d for reason %d", e.Finger, e.Reason)
	}
	m.Exceptions = append(m.Exceptions, e)
	return nil
}

func parseCenter(b []byte) (*CenterSignature, error) {
	list, err := parseTLVs(b)
	if err != nil {
		return nil, err
	}
	c := &CenterSignature{}
	fields := map[uint16]struct {
		to   *string
		size int
	}{0x80: {&c.KeyID, 8}, 0x81: {&c.Signature, 64}, 0x82: {&c.Other[0], 32}, 0x83: {&c.Other[1], 32}}
	for _, t := range list {
		f, ok := fields[t.tag]
		if !ok || len(t.value) != f.size || *f.to != "" {
			return nil, fmt.Errorf("A3 holds tag %X of %d bytes", t.tag, len(t.value))
		}
		*f.to = hex.EncodeToString(t.value)
	}
	if c.KeyID == "" || c.Signature == "" {
		return nil, errors.New("A3 without key id or signature")
	}
	return c, nil
}
