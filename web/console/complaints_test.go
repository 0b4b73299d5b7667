package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/standard"
)

// speaks sets the language of the pages of a clerk, who may stand before the sign-in.
func (c *clerk) speaks(language string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/bahasa", strings.NewReader(url.Values{"bahasa": {language}, "ke": {"/"}}.Encode()))
	c.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if code := c.take(r); code != http.StatusOK {
		c.t.Fatalf("to speak %s: %d", language, code)
	}
}

// Every way in which complaints come by a service standard is named in both languages, where it is chosen, in the list and
// on the page of a complaint: by the console, or by the standard that brought it.
func TestChannelsHaveNames(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.ComplaintOfficer)
	heard := sit[access.ComplaintOfficer]
	named := func(what, language string, wants ...string) {
		t.Helper()
		heard.speaks(language)
		for _, at := range append([]string{"/pengaduan"}, heard.complaints()...) {
			heard.open(at)
			for _, want := range wants {
				if !strings.Contains(heard.says(), want) {
					t.Errorf("%s, %s, %s: no %q: %s", what, at, language, want, heard.says())
				}
			}
		}
	}
	for _, name := range []string{"sintang", "national-2018"} {
		text := standard.File(name)
		o.as(admin, registry.UseStandard{Content: text, Second: boss})
		s, err := o.reg.Standard(t.Context())
		o.must(err)
		heard.open("/pengaduan")
		for _, c := range s.Complaints.Channels {
			if strings.Contains(heard.page, `<option value="`+c.ID+`">`+c.ID+`<`) {
				t.Errorf("%s: %s is chosen by its code", name, c.ID)
			}
		}
	}
	own := strings.NewReplacer(
		`    - {id: "box"`, `    - {id: "radio", text: {id: "Siaran radio", en: "Radio call"}}`+"\n"+`    - {id: "box"`,
		`version: "1"`, `version: "9"`,
	).Replace(standard.File("sintang"))
	o.as(admin, registry.UseStandard{Content: own, Second: boss})
	o.as(staffOf(access.ComplaintOfficer), registry.RegisterComplaint{Channel: "radio", Subject: "fee", Text: "Diminta uang.", FullName: "WARGA", Contact: "0812"})
	named("radio", "id", "Siaran radio")
	named("radio", "en", "Radio call")
	for l, want := range map[string]string{"id": "kotak saran", "en": "suggestion box"} {
		heard.speaks(l)
		heard.open("/pengaduan")
		if !strings.Contains(heard.page, `<option value="box">`+want+`<`) {
			t.Errorf("the box is not named %s", want)
		}
	}
}

// complaints are the addresses of those in the ledger.
func (o *office) complaints() (list []string) {
	o.t.Helper()
	all, err := o.reg.ListComplaints(o.t.Context(), registry.ComplaintFilter{Limit: 9})
	o.must(err)
	for _, c := range all {
		list = append(list, "/pengaduan/"+c.ID)
	}
	return list
}
