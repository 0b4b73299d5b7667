package center

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// differences lists the JSON pointers at which two values differ; a list of another length
// differs as a whole.
func differences(at string, a, b any) []string {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return []string{at}
		}
		var out []string
		names := map[string]bool{}
		for k := range x {
			names[k] = true
		}
		for k := range y {
			names[k] = true
		}
		for k := range names {
			va, oka := x[k]
			vb, okb := y[k]
			if oka != okb {
				out = append(out, at+"/"+k)
			} else {
				out = append(out, differences(at+"/"+k, va, vb)...)
			}
		}
		return out
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return []string{at}
		}
		var out []string
		for i := range x {
			out = append(out, differences(fmt.Sprint(at, "/", i), x[i], y[i])...)
		}
		return out
	}
	if !reflect.DeepEqual(a, b) {
		return []string{at}
	}
	return nil
}

// derived follow from what else was changed.
var derived = []string{"/integrity/0/hash", "/integrity/0/signature", "/requestData/others/blanko/identity/signature"}

// Every kind differs from the good record of the same request exactly where it says. Its
// signatures are right, unless they are the fault.
func TestBrokenKindsAreBrokenWhereIntended(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{})
	o := c.offices[testOffice]
	r := c.newRequest(o, o.whole(), nil)
	good, err := c.record(c.issue(r, 1, nil), "")
	if err != nil {
		t.Fatal(err)
	}
	want := object1(t, good)
	for i := range Broken {
		k := &Broken[i]
		if k.history != historyNone {
			continue // nothing in the record itself is odd; see TestBrokenHistories
		}
		e := *r.versions[0]
		e.bend = k
		b, err := c.buildRecord(&e, "")
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
			continue
		}
		if k.raw != nil {
			if bytes.Equal(b, good) || !json.Valid(b) || len(k.At) != 0 {
				t.Errorf("%s: the bytes are not bent", k.Name)
			}
			continue
		}
		got := object1(t, b)
		found := differences("", want, got)
		for _, at := range found {
			if !slices.Contains(derived, at) && !slices.ContainsFunc(k.At, func(p string) bool { return at == p || strings.HasPrefix(at, p+"/") || strings.HasPrefix(p, at+"/") }) {
				t.Errorf("%s: differs at %s too", k.Name, at)
			}
		}
		for _, p := range k.At {
			if !slices.ContainsFunc(found, func(at string) bool { return at == p || strings.HasPrefix(at, p+"/") }) {
				t.Errorf("%s: does not differ at %s", k.Name, p)
			}
		}
		recordGood := verify(t, text(dig(got, "integrity", 0, "signature")), signedPart(t, got), c.Keys(), UseRecord) == nil
		if fault := slices.Contains([]string{refSignatureMissing, refSignatureWrong, refKeyUnknown}, k.Refusal) && k.identityKey == nil && k.Name != "identity_absent"; recordGood == fault {
			t.Errorf("%s: the record's signature is good: %v", k.Name, recordGood)
		}
		if k.Refusal == refSchema || k.Refusal == refPartMissing || k.Refusal == refPartUndecodable || k.Refusal == refSignatureWrong {
			continue // the identity cannot be rebuilt from every one of them
		}
		identityGood := verifyIdentity(got, identityOf(t, got), c.Keys()) == nil
		if fault := k.Refusal == refIdentityWrong || k.Name == "identity_absent" || k.identityKey != nil; identityGood == fault {
			t.Errorf("%s: the identity's signature is good: %v", k.Name, identityGood)
		}
	}
}

func text(v any) string { s, _ := v.(string); return s }

func TestBrokenTable(t *testing.T) {
	t.Parallel()
	if len(Broken) < 30 {
		t.Errorf("%d kinds", len(Broken))
	}
	names, causes := map[string]bool{}, map[string]bool{}
	for _, k := range Broken {
		if names[k.Name] || !slices.Contains(Refusals, k.Refusal) {
			t.Errorf("%s: twice, or of an unknown refusal %q", k.Name, k.Refusal)
		}
		names[k.Name], causes[k.Refusal] = true, true
		if got, ok := kindOf(k.Name); !ok || got.Refusal != k.Refusal {
			t.Errorf("%s is not found", k.Name)
		}
	}
	for _, r := range Refusals {
		if !causes[r] {
			t.Errorf("no kind causes %s", r)
		}
	}
	for _, s := range []Spoil{SpoilSignature, SpoilExpired, SpoilKey} {
		if !names[string(s)] {
			t.Errorf("%s spoils with nothing", s)
		}
	}
	if _, err := New(Config{Broken: []string{"nothing"}}); err == nil {
		t.Error("an unknown kind was taken")
	}
}

// The kinds that only the register can see are preceded by what they collide with.
func TestBrokenHistories(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{})
	for name, want := range map[string]func(before, broken *entry) bool{
		"replayed": func(a, b *entry) bool {
			return a.messageID == b.messageID && a.request.id != b.request.id && a.request.resident != b.request.resident
		},
		"version_lower": func(a, b *entry) bool {
			return a.request.id == b.request.id && a.version == 2 && b.version == 1 && a.messageID != b.messageID
		},
		"person_has_successor": func(a, b *entry) bool {
			return a.request.resident == b.request.resident && a.request.id != b.request.id && a.messageID != b.messageID
		},
	} {
		id, err := c.AddBroken(testOffice, name)
		if err != nil {
			t.Fatal(err)
		}
		log := c.offices[testOffice].log
		a, b := log[len(log)-2], log[len(log)-1]
		if b.request.id != id || a.bend != nil || !want(a, b) {
			t.Errorf("%s: %+v, then %+v", name, a, b)
		}
		for _, e := range []*entry{a, b} {
			raw, err := c.record(e, "")
			if err != nil {
				t.Fatal(err)
			}
			r := object1(t, raw)
			if err := verify(t, text(dig(r, "integrity", 0, "signature")), signedPart(t, r), c.Keys(), UseRecord); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if dig(r, "requestData", "others", "blanko", "messageId") != e.messageID {
				t.Errorf("%s: message id", name)
			}
		}
	}
}

// A center with every kind mixes them among the good ones and lists what each must cause.
func TestAllKindsInOneFeed(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 20, Broken: []string{"all"}})
	good, broken := 0, map[string]string{}
	for _, l := range c.Account() {
		if l.Broken == "" {
			good++
			continue
		}
		broken[l.Broken] = l.Refusal
	}
	if len(broken) != len(Broken) || good < 20 {
		t.Errorf("%d good, %d kinds", good, len(broken))
	}
	for _, k := range Broken {
		if broken[k.Name] != k.Refusal {
			t.Errorf("%s must cause %s, the account says %s", k.Name, k.Refusal, broken[k.Name])
		}
	}
	if first := c.offices[testOffice].log[0]; first.bend != nil {
		t.Error("the first record is broken")
	}
}
