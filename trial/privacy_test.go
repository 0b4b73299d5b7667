package trial

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"blanko/biometric/finger"
	"blanko/emulator/center"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
)

// secrets are what must stand nowhere but in the tables made for it, by name.
type secrets map[string][]byte

// telling is the least length of a text that is looked for: shorter ones are words of codes, too.
const telling = 6

func (s secrets) text(name, value string) {
	if len(value) >= telling {
		s[name] = []byte(value)
	}
}

// binary plants the middle of a value as it stands, in hex of both cases, and in base64 at each
// of its three alignments.
func (s secrets) binary(name string, value []byte) {
	const window, margin = 15, 3
	if len(value) < window {
		return
	}
	at := (len(value) - window) / 2
	piece := value[at : at+window]
	if len(slices.Compact(slices.Sorted(slices.Values(piece)))) < window/3 {
		return // too even to tell anything
	}
	s[name] = piece
	s[name+" in hex"] = []byte(hex.EncodeToString(piece))
	s[name+" in HEX"] = []byte(strings.ToUpper(hex.EncodeToString(piece)))
	for shift := range margin {
		from := (margin - at%margin + shift) % margin
		whole := piece[from : from+(window-margin)]
		s[fmt.Sprintf("%s in base64, %d", name, shift)] = []byte(base64.RawStdEncoding.EncodeToString(whole))
		s[fmt.Sprintf("%s in base64url, %d", name, shift)] = []byte(base64.RawURLEncoding.EncodeToString(whole))
	}
}

// in names the secrets that stand in a text. It is read once: thousands are looked for in all that a
// run writes.
func (s secrets) in(text []byte) (found []string) {
	begin := map[[telling]byte][]string{}
	var first [1 << 16]bool // of two bytes, whether a secret begins so
	for name, v := range s {
		head := [telling]byte(v)
		begin[head] = append(begin[head], name)
		first[int(head[0])<<8|int(head[1])] = true
	}
	for at := range max(0, len(text)-telling+1) {
		if !first[int(text[at])<<8|int(text[at+1])] {
			continue
		}
		for _, name := range begin[[telling]byte(text[at:])] {
			if bytes.HasPrefix(text[at:], s[name]) {
				found = append(found, name)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// residents are the records of the center of a demo, as it sends them.
func residents(t *testing.T, o Options) []osia.CredentialRequest {
	t.Helper()
	c, err := center.New(center.Config{Seed: o.Seed, Offices: []string{office}, Records: o.Cards, Citizens: true, Broken: someBroken(o.Seed, o.Cards/brokenEvery), Now: func() time.Time { return batchStart }})
	if err != nil {
		t.Fatal(err)
	}
	var list []osia.CredentialRequest
	for after, more := "", true; more; {
		w := httptest.NewRecorder()
		c.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/center/v1/feed?office="+office+"&limit=50&after="+after, nil))
		var page struct {
			Items []struct{ Record json.RawMessage }
			Next  string
			More  bool
		}
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			var r osia.CredentialRequest
			if json.Unmarshal(i.Record, &r) == nil { // the broken ones may be beyond reading
				list = append(list, r)
			}
		}
		after, more = page.Next, page.More
	}
	return list
}

// persons plants everything of the records, biometrics what is erased once the card is made.
func persons(list []osia.CredentialRequest) (all, biometrics secrets) {
	all, biometrics = secrets{}, secrets{}
	for n, r := range list {
		b := r.BiographicData
		name := func(what string) string { return fmt.Sprintf("%s of resident %d", what, n) }
		all.text(name("NIK"), b.NIK)
		all.text(name("family card"), b.FamilyCardNumber)
		all.text(name("name"), b.Name)
		all.text(name("address"), b.Address)
		all.text(name("birth date"), b.DateOfBirth)
		for k, p := range r.BiometricData {
			for what, v := range map[string][]byte{"image": p.Image, "template": p.Template} {
				for _, s := range []secrets{all, biometrics} {
					s.binary(name(fmt.Sprintf("%s %d %s", what, k, p.BiometricType)), v)
				}
			}
		}
	}
	return all, biometrics
}

func one(t *testing.T, db *sql.DB, query string) (v string) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// dump is every value of a database by table.column, as text and as it stands.
func dump(t *testing.T, db *sql.DB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, table := range strings.Split(one(t, db, `select group_concat(name) from sqlite_master where type = 'table'`), ",") {
		rows, err := db.Query(`select * from ` + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		values, texts := make([]any, len(columns)), make([]bytes.Buffer, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				if b, ok := (*v.(*any)).([]byte); ok {
					texts[i].Write(b)
				} else {
					fmt.Fprint(&texts[i], *v.(*any))
				}
				texts[i].WriteByte('\n')
			}
		}
		for i, name := range columns {
			out[table+"."+name] = texts[i].Bytes()
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A value that lands in a log or an error by mistake shows nothing of the person or the key.
func TestValuesDoNotPrintThemselves(t *testing.T) {
	t.Parallel()
	list := residents(t, Options{Cards: 1, Seed: 11})
	r := list[0]
	planted, _ := persons(list[:1])
	for _, role := range keys.Roles {
		planted.binary(string(role), software.New(seedText(11)).Master(role))
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := osia.Checker{Office: office, Unsigned: true}.Check(unsigned(t, text), "", batchStart)
	if err != nil {
		t.Fatal(err)
	}
	record := checked.Record
	template, err := finger.Parse(record.Fingers[0].Best60)
	if err != nil {
		t.Fatal(err)
	}
	file, err := chipdata.EncodeFingerFile(record.Fingers[0].Best60)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := chipdata.ParseFingerFile(file)
	if err != nil {
		t.Fatal(err)
	}
	source := software.New([]byte("blanko trial 11"))
	for _, v := range []any{
		r, r.BiographicData, r.BiometricData, checked, record, &record, record.Person, record.IdentityClaim(), record.Fingers, record.Portrait,
		*template, template,
		chipdata.Details{NIK: record.Person.NIK.Digits(), Names: record.Person.Names},
		chipdata.Biodata{NIK: record.Person.NIK.Digits()},
		chipdata.MRZ{DocumentNumber: record.Person.NIK.Digits()},
		chipdata.File{Name: "EF.FPR", Data: file},
		&chipdata.Plan{Files: []chipdata.File{{Data: file}}},
		chipdata.Face{Image: record.Portrait.Data},
		parsed,
		applet.Command{Data: file[:200]},
		applet.Answer{Data: file},
		datacenter.Item{Record: text, Raw: text},
		datacenter.Page{Items: []datacenter.Item{{Raw: text}}},
		source,
		keys.KeySet{ENC: source.Master(keys.Admin)},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			printed := fmt.Sprintf(verb, v)
			if found := planted.in([]byte(printed)); len(found) > 0 {
				t.Errorf("%T with %s: %v", v, verb, found)
			}
			for what, value := range map[string][]byte{"template": record.Fingers[0].Best60, "portrait": record.Portrait.Data, "key": source.Master(keys.Admin), "file": file} {
				list := strings.Trim(fmt.Sprint(value[2:14]), "[]") //nolint:staticcheck // QF1010: as fmt prints bytes, in numbers
				if strings.Contains(printed, list) || strings.Contains(printed, strings.ReplaceAll(fmt.Sprintf("%#v", value[2:14]), "[]byte", "")) {
					t.Errorf("%T with %s: the bytes of a %s", v, verb, what)
				}
			}
		}
	}
}

// unsigned takes the signatures off a record.
func unsigned(t *testing.T, text []byte) []byte {
	t.Helper()
	var r map[string]any
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	delete(r, "integrity")
	delete(r["requestData"].(map[string]any)["others"].(map[string]any)["blanko"].(map[string]any), "identity")
	out, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
