package console_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web/console"
)

// changed gives a value of a person another content.
func changed(t *testing.T, v reflect.Value) {
	t.Helper()
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = x.AddDate(0, 0, 1)
	case *[]string:
		*x = append([]string{"ALIAS"}, *x...)
	default:
		switch v.Kind() {
		case reflect.String:
			v.SetString("LAIN")
		case reflect.Uint8:
			v.SetUint(v.Uint() + 1)
		default:
			t.Fatalf("a %s cannot be changed here", v.Type())
		}
	}
}

// Nothing is signed unseen: whatever of a person changes the hash changes what the resident is shown, and each picture
// that is printed is on the page.
func TestWhatIsSignedIsShown(t *testing.T) {
	t.Parallel()
	const printedToday = 18 // values of a person in the hash
	hash := func(p ktp.Person) string {
		t.Helper()
		h, err := registry.ConfirmationHash(p, []byte("face"), []byte("ink"))
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	page := func(p ktp.Person) string {
		t.Helper()
		text, err := console.ConfirmationOf(registry.ToConfirm{
			Person: p, Portrait: ktp.Image{MIME: "image/jpeg", Data: []byte("face")}, Signature: ktp.Image{MIME: "image/png", Data: []byte("ink")}, Hash: "hash",
		})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	was, hashed := townsman(1), 0
	for i := range reflect.TypeFor[ktp.Person]().NumField() {
		is := was
		changed(t, reflect.ValueOf(&is).Elem().Field(i))
		if hash(is) == hash(was) {
			continue
		}
		hashed++
		if page(is) == page(was) {
			t.Errorf("%s is signed, and not shown", reflect.TypeFor[ktp.Person]().Field(i).Name)
		}
	}
	if hashed < printedToday {
		t.Errorf("%d values of a person are in the hash", hashed)
	}
	pictures := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[registry.ToConfirm]()) {
		if f.Type == reflect.TypeFor[ktp.Image]() {
			pictures++
		}
	}
	if n := strings.Count(page(was), "<img "); n != pictures || pictures < 2 {
		t.Errorf("%d pictures of %d", n, pictures)
	}
	foreign := was
	foreign.Nationality = "NLD"
	for word, p := range map[string]ktp.Person{"PEREMPUAN": was, "FEMALE": foreign} {
		if !strings.Contains(page(p), word) {
			t.Errorf("%s is printed, and not shown", word)
		}
	}
}

// The pictures that a resident confirms are shown to who captures, beside the data that they belong to, while that is
// what the application waits for.
func TestPicturesToConfirm(t *testing.T) {
	t.Parallel()
	operator := staffOf(access.EnrolmentOperator)
	o := newOffice(t, operator, keeper)
	app := o.examinedOf(1)
	o.recorded(app)
	c, other := o.comes(operator), o.comes(keeper)
	c.open("/permohonan/" + string(app) + "/perekaman")
	list := c.links("/permohonan/" + string(app) + "/konfirmasi/")
	if len(list) != 2 {
		t.Fatalf("pictures: %q", list)
	}
	get := func(c *clerk, path string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+path, nil)
		o.must(err)
		code := c.take(r)
		return code, c.page
	}
	shown, err := o.reg.ToConfirm(t.Context(), app)
	o.must(err)
	for i, want := range []ktp.Image{shown.Portrait, shown.Signature} {
		if code, page := get(c, list[i]); code != http.StatusOK || page != string(want.Data) {
			t.Errorf("%s: %d, %d bytes", list[i], code, len(page))
		}
		if code, _ := get(c, strings.Replace(list[i], shown.Hash, strings.Repeat("0", 64), 1)); code != http.StatusNotFound {
			t.Errorf("with other data: %d", code)
		}
		if code, _ := get(other, list[i]); code != http.StatusForbidden {
			t.Errorf("who captures nobody: %d", code)
		}
	}
	o.as(operator, registry.Confirm{Application: app, Hash: shown.Hash, Method: registry.MethodPad, Proof: scanned()})
	if code, _ := get(c, list[0]); code != http.StatusConflict {
		t.Errorf("once it is confirmed: %d", code)
	}
}
