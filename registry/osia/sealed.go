package osia

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Keys are the private keys that open what a record has encrypted, by their ids (KeyID).
type Keys map[string]*ecdsa.PrivateKey

// KeyID names a P-256 key as the kid of a JWE does: its thumbprint (RFC 7638).
func KeyID(k *ecdsa.PublicKey) (string, error) {
	if k.Curve != elliptic.P256() {
		return "", errors.New("not a key on P-256")
	}
	jwk, err := PublicJWK(k)
	if err != nil {
		return "", err
	}
	// The members in the order of the alphabet, without white space (RFC 7638, 3.2 and 3.3).
	sum := sha256.Sum256(fmt.Appendf(nil, `{"crv":%q,"kty":%q,"x":%q,"y":%q}`, jwk.Crv, jwk.Kty, jwk.X, jwk.Y))
	return b64(sum[:]), nil
}

// PublicJWK is a public key as a JWK (RFC 7517).
func PublicJWK(k *ecdsa.PublicKey) (JWK, error) {
	public, err := k.ECDH()
	if err != nil {
		return JWK{}, err
	}
	point := public.Bytes()
	return JWK{Kty: "EC", Crv: "P-256", X: b64(point[1 : 1+coordinate]), Y: b64(point[1+coordinate:])}, nil
}

// Encryption of OSIA; closed.
type Encryption struct {
	Type  string `json:"type"`  // JWE, PKCS7
	Scope string `json:"scope"` // JSON paths, separated by blanks
}

// mostSealed is how many parts of a record may be encrypted: a full record has eleven.
const mostSealed = 64

// sealable are the members of a record that may be encrypted: personal data. What says where a record
// belongs stays in clear.
var sealable = []string{"personId", "biographicData", "biometricData"}

// buffers are the members of which the bytes are encrypted, and not their JSON.
var buffers = []string{"image", "template"}

// Open gives a record in clear: every value that an encryption names is opened, and the encryption is gone.
// Signatures hold over what it gives. A record that has nothing encrypted comes back as it is.
func (k Keys) Open(text []byte) ([]byte, *Refusal) {
	tree, err := parse(text)
	if err != nil {
		return nil, refuse(Schema, "", "%v", err)
	}
	record, ok := tree.(object)
	if !ok {
		return text, nil
	}
	o := opener{keys: k}
	if r := o.all(record, "", sealable); r != nil {
		return nil, r
	}
	parts, _ := record["biometricData"].([]any)
	for n, p := range parts {
		if part, ok := p.(object); ok {
			if r := o.all(part, fmt.Sprintf("/biometricData/%d", n), buffers); r != nil {
				return nil, r
			}
		}
	}
	if o.opened == 0 {
		return text, nil
	}
	out, err := json.Marshal(record) // numbers keep their digits
	if err != nil {
		return nil, refuse(Schema, "", "not the agreed JSON")
	}
	return out, nil
}

// opener opens one record.
type opener struct {
	keys   Keys
	opened int
}

// all opens what the encryption of an object names, and takes the encryption away. Paths begin at the
// object, and at one of some members.
func (o *opener) all(in object, pointer string, members []string) *Refusal {
	given, there := in["encryption"]
	if !there {
		return nil
	}
	at := pointer + "/encryption"
	var e Encryption
	text, err := json.Marshal(given)
	if err != nil || strict(text, &e) != nil {
		return refuse(Schema, at, "type and scope, nothing else")
	}
	switch e.Type {
	case "JWE":
	case "PKCS7":
		return refuse(Schema, at+"/type", "PKCS7 is not opened here: JWE is wanted")
	default:
		return refuse(Schema, at+"/type", "JWE is wanted")
	}
	at += "/scope"
	paths := strings.Fields(e.Scope)
	if len(paths) == 0 {
		return refuse(Schema, at, "names nothing")
	}
	for n, path := range paths {
		steps, ok := stepsOf(path)
		if !ok || !slices.Contains(members, steps[0]) {
			return refuse(Schema, at, "path %d: $ and members, [n] or [*], that begin with one of %s", n+1, strings.Join(members, ", "))
		}
		before := o.opened
		if r := o.path(in, steps, pointer); r != nil {
			return r
		}
		if o.opened == before {
			return refuse(Schema, at, "path %d names nothing that is there", n+1)
		}
	}
	delete(in, "encryption")
	return nil
}

// every is the step to all elements of an array.
const every = "*"

var (
	pathForm = regexp.MustCompile(`^\$(\.[A-Za-z][A-Za-z0-9]*|\['[A-Za-z][A-Za-z0-9]*'\]|\[(0|[1-9][0-9]{0,3}|\*)\])+$`)
	stepForm = regexp.MustCompile(`[A-Za-z0-9*]+`)
)

// stepsOf takes a JSON path (RFC 9535) apart: names, indexes and wildcards, which is what a scope needs.
func stepsOf(path string) (steps []string, ok bool) {
	if !pathForm.MatchString(path) {
		return nil, false
	}
	return stepForm.FindAllString(path, -1), true
}

// path opens every value that the steps lead to.
func (o *opener) path(in any, steps []string, pointer string) *Refusal {
	step, last := steps[0], len(steps) == 1
	switch in := in.(type) {
	case object:
		v, there := in[step]
		if !there {
			return nil
		}
		at := pointer + "/" + step
		if !last {
			return o.path(v, steps[1:], at)
		}
		bare, r := o.value(v, slices.Contains(buffers, step), at)
		in[step] = bare
		return r
	case []any:
		for n, v := range in {
			if step != every && step != strconv.Itoa(n) {
				continue
			}
			at := fmt.Sprintf("%s/%d", pointer, n)
			if !last {
				if r := o.path(v, steps[1:], at); r != nil {
					return r
				}
				continue
			}
			bare, r := o.value(v, false, at)
			if r != nil {
				return r
			}
			in[n] = bare
		}
	}
	return nil
}

// value opens one value. Of a buffer the bytes are inside, of anything else its JSON.
func (o *opener) value(v any, buffer bool, at string) (any, *Refusal) {
	if o.opened++; o.opened > mostSealed {
		return nil, refuse(PartTooLarge, at, "more than %d encrypted parts", mostSealed)
	}
	text, ok := v.(string)
	if !ok {
		return nil, refuse(PartUndecodable, at, "a compact JWE is wanted")
	}
	head, err := headOf(text)
	if err != nil {
		return nil, refuse(PartUndecodable, at, "%v", err)
	}
	key := o.keys[head.KID]
	if key == nil {
		return nil, refuse(KeyUnknown, at, "no key with this kid opens encrypted records here")
	}
	content, err := Decrypt(key, text)
	if err != nil {
		return nil, refuse(PartUndecodable, at, "it does not open")
	}
	if buffer {
		return base64.StdEncoding.EncodeToString(content), nil
	}
	bare, err := parse(bytes.TrimSpace(content))
	if err != nil { // whose words could repeat a piece of it
		return nil, refuse(PartUndecodable, at, "what is inside is no JSON")
	}
	return bare, nil
}
