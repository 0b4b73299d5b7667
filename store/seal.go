package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"reflect"
	"strconv"
)

// Column is a column of personal data. A ledger that has a data key holds every value of it sealed by
// AES-256-GCM (NIST SP 800-38D); one that has none holds every value in clear. Which of the two it is, is
// told by the table data_key alone, never by what a value looks like.
type Column struct {
	Table, Name string
	Key         []string // the columns that tell a row from all others
	Text        bool     // it holds text, where a sealed value is Base64; else bytes
}

// TextColumn is a column of text, whose rows are told apart by the columns of key.
func TextColumn(table, name string, key ...string) Column { return Column{table, name, key, true} }

// BytesColumn is a column of bytes, whose rows are told apart by the columns of key.
func BytesColumn(table, name string, key ...string) Column { return Column{table, name, key, false} }

// String names the column.
func (c Column) String() string { return c.Table + "." + c.Name }

// A sealed value is a version of two bytes, the number of its data key in four (together 8 characters of
// Base64), a nonce, the ciphertext and its tag.
const (
	sealVersion = 1
	sealHead    = 6
	sealNonce   = 12
	sealTag     = 16
	sealLonger  = sealHead + sealNonce + sealTag
)

func sealHeadOf(key int64) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint16(nil, sealVersion), uint32(key)) //nolint:gosec // newDataKey bounds it
}

// Seal is the argument of a statement that writes a value into the column, in the row with the values of
// Key. What holds nobody's data (nothing; of a text an empty object or list, too) stays as it is: queries tell by it what
// was erased.
func (c Column) Seal(value string, row ...any) any { return sealing{c, []byte(value), row} }

// SealBytes is Seal for bytes.
func (c Column) SealBytes(value []byte, row ...any) any { return sealing{c, value, row} }

// Open is where a value of the column is scanned to, out of the row with the values of Key. They may be
// pointers to what the same row is scanned to.
func (c Column) Open(into *string, row ...any) any {
	return &opening{column: c, row: row, set: func(b []byte) { *into = string(b) }}
}

// OpenBytes is Open for bytes.
func (c Column) OpenBytes(into *[]byte, row ...any) any {
	return &opening{column: c, row: row, set: func(b []byte) { *into = b }}
}

// bound is what a sealed value is bound to: its column, its row, its data key.
func (c Column) bound(head []byte, row []any) ([]byte, error) {
	if len(row) != len(c.Key) {
		return nil, fmt.Errorf("store: a row of %s is told by %d values, not %d", c, len(c.Key), len(row))
	}
	out := append([]byte(nil), head...)
	for _, part := range append([]any{c.Table, c.Name}, row...) {
		v := reflect.ValueOf(part)
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		var text string
		switch {
		case v.Kind() == reflect.String:
			text = v.String()
		case v.CanInt():
			text = strconv.FormatInt(v.Int(), 10)
		default:
			return nil, fmt.Errorf("store: a row of %s is told by a %s", c, v.Kind())
		}
		out = append(binary.AppendUvarint(out, uint64(len(text))), text...)
	}
	return out, nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// empty reports whether a value holds nobody's data.
func (c Column) empty(b []byte) bool {
	switch string(b) {
	case "":
		return true
	case "{}", "[]", "null":
		return c.Text
	}
	return false
}

// sealing is a value on its way into a column.
type sealing struct {
	column Column
	value  []byte
	row    []any
}

// sealed is the value as the ledger of the transaction holds it.
func (t *Tx) sealed(s sealing) (any, error) {
	b := s.value
	if t.dataKey > 0 && !s.column.empty(b) {
		key, err := t.cipher(s.column, t.dataKey)
		if err != nil {
			return nil, err
		}
		head := sealHeadOf(t.dataKey)
		bound, err := s.column.bound(head, s.row)
		if err != nil {
			return nil, err
		}
		out := make([]byte, sealHead+sealNonce, sealLonger+len(b))
		copy(out, head)
		if _, err := rand.Read(out[sealHead:]); err != nil {
			return nil, err
		}
		b = key.Seal(out, out[sealHead:], b, bound)
		if s.column.Text {
			return base64.RawStdEncoding.EncodeToString(b), nil
		}
	}
	if s.column.Text {
		return string(b), nil
	}
	if b == nil {
		b = []byte{}
	}
	return b, nil
}

// opening is where a value is scanned to. It is opened when the whole row was scanned.
type opening struct {
	column Column
	row    []any
	set    func([]byte)
	held   []byte
}

// Scan takes what the column holds.
func (o *opening) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		o.held = nil
	case string:
		o.held = []byte(v)
	case []byte:
		o.held = append([]byte{}, v...)
	default:
		return fmt.Errorf("store: %s holds a %T", o.column, src)
	}
	return nil
}

// opened opens what the destinations of a row have taken.
func (t *Tx) opened(dest []any) error {
	for _, d := range dest {
		o, ok := d.(*opening)
		if !ok {
			continue
		}
		b := o.held
		if t.dataKey > 0 && !o.column.empty(b) {
			var err error
			if b, err = t.unsealed(o.column, b, o.row); err != nil {
				return err
			}
		}
		o.set(b)
	}
	return nil
}

func (t *Tx) unsealed(c Column, held []byte, row []any) ([]byte, error) {
	const op = "store.Column.Open"
	if c.Text {
		b, err := base64.RawStdEncoding.AppendDecode(nil, held)
		if err != nil {
			return nil, valueDamaged.At(op, nil).With(c.String(), "it stands in clear in a sealed ledger, or is no Base64")
		}
		held = b
	}
	if len(held) < sealLonger || binary.BigEndian.Uint16(held) != sealVersion {
		return nil, valueDamaged.At(op, nil).With(c.String(), "it stands in clear in a sealed ledger, or was cut")
	}
	head, nonce, text := held[:sealHead], held[sealHead:sealHead+sealNonce], held[sealHead+sealNonce:]
	key, err := t.cipher(c, int64(binary.BigEndian.Uint32(head[2:])))
	if err != nil {
		return nil, err
	}
	bound, err := c.bound(head, row)
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(nil, nonce, text, bound)
	if err != nil {
		return nil, valueDamaged.At(op, nil).With(c.String(), "it was changed, or belongs to another row")
	}
	return plain, nil
}

// ClearLength is how long a value of bytes is that a column holds in n.
func (t *Tx) ClearLength(n int) int {
	if t.dataKey > 0 && n >= sealLonger {
		return n - sealLonger
	}
	return n
}
