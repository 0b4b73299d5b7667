package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// fileOf is a list that somebody sends as a file, and what became of it.
func (o *office) fileOf(who, target, file string, note ...string) (status int, out struct {
	Good, Imported, Before int
	Bad                    []struct {
		Line   int
		Column string
		Reason struct{ ID, EN string }
	}
	Code string
},
) {
	o.t.Helper()
	req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+target, strings.NewReader(file))
	for _, n := range note {
		req.Header.Set("Note", n)
	}
	req.Header.Set("Authorization", "Bearer "+o.tokens[who])
	req.Header.Set("Content-Type", "text/csv")
	req.Header.Set("Idempotency-Key", "file")
	w := httptest.NewRecorder()
	o.http.ServeHTTP(w, req)
	o.must(json.Unmarshal(w.Body.Bytes(), &out))
	for _, value := range []string{"6105014107900001", "HYPERLINK"} {
		if strings.Contains(w.Body.String(), value) {
			o.t.Errorf("%s tells %s", target, value)
		}
	}
	return w.Code, out
}

// Lists come in as files: a dry run names every bad row, a list with a bad row imports nothing, and the same
// file once more doubles nothing.
func TestListsAsFiles(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const head, target = "id,nik,name,birth_date,sex\r\n", "/v1/resident-lists/dpt-9/file"
	good := head + "1,6105014107900001,SATU,1990-07-01,PEREMPUAN\r\n2,6105014107900002,DUA,1990-07-01,PEREMPUAN\r\n"
	bad := good + "3,=HYPERLINK(1),TIGA,1990-13-01,X\r\n3,6105014107900001,TIGA\r\n4,6105014107900001,EMPAT,1990-07-01,PEREMPUAN\r\n"
	for _, dry := range []string{"?dryRun=true", ""} {
		status, out := o.fileOf(dewi, target+dry, "\xef\xbb\xbf"+bad)
		said := []string{}
		for _, b := range out.Bad {
			said = append(said, fmt.Sprint(b.Line, b.Column))
		}
		if got, want := strings.Join(said, " "), "4nik 4birth_date 4sex 5 6nik"; status != 200 || out.Good != 2 || out.Imported != 0 || got != want {
			t.Errorf("%s: %d, %d good, %d imported, bad %s", dry, status, out.Good, out.Imported, got)
		}
	}
	for before := range 2 {
		if status, out := o.fileOf(dewi, target, good); status != 200 || out.Imported != 2 || out.Before != 2*before {
			t.Errorf("%d: %+v", status, out)
		}
	}
	for _, c := range []struct {
		who, target, file, code string
		status                  int
	}{
		{sari, target, good, "registry.not_allowed", 403},
		{dewi, target, "nama;umur\n", "lists.malformed", 422},
		{dewi, target, "", "web.bad_parameter", 400},
		{rina, "/v1/lots/LOT-Z/file", "chip\n0000CAFE000000000001\n", "web.bad_parameter", 422},
	} {
		if status, out := o.fileOf(c.who, c.target, c.file); status != c.status || out.Code != c.code {
			t.Errorf("%s %.20q: %d %s, want %d %s", c.target, c.file, status, out.Code, c.status, c.code)
		}
	}
	const many = 100_000
	rows := "chip\n0000CAFE000000000001\n" + strings.Repeat("=CMD\n", many)
	if status, out := o.fileOf(rina, "/v1/lots/LOT-Z/file?product=ktp-el-wni&dryRun=true", rows); status != 200 || out.Good != 1 || len(out.Bad) != many || out.Bad[many-1].Line != many+2 {
		t.Errorf("%d: %d good, %d bad", status, out.Good, len(out.Bad))
	}
	if status, out := o.fileOf(rina, "/v1/lots/LOT-Z/file?product=ktp-el-wni", "chip\n0000CAFE000000000001\n"); status != 200 || out.Imported != 1 {
		t.Errorf("%d: %+v", status, out)
	}
	if status, out := o.fileOf(rina, "/v1/lots/LOT-Z/file?product=ktp-el-wni&dryRun=true", "chip\n0000CAFE000000000002\n0000CAFE000000000001\n"); status != 200 || out.Good != 1 || len(out.Bad) != 1 || out.Bad[0].Line != 3 {
		t.Errorf("%d: %+v", status, out)
	}
	labelled := "chip;label\n0000CAFE0000000000A1;KE-A1\n0000CAFE0000000000A2;KE-A2\n0000CAFE0000000000A3;\n"
	if status, out := o.fileOf(rina, "/v1/lots/LOT-Y/file?product=ktp-el-wni", labelled); status != 200 || out.Imported != 3 {
		t.Errorf("%d: %+v", status, out)
	}
	for _, c := range []struct {
		name, target, file string
		line, imported     int
	}{
		{"a label that is known", "/v1/lots/LOT-Y/file?product=ktp-el-wni&dryRun=true", "chip,label\n0000CAFE0000000000A4,KE-A4\n0000CAFE0000000000A5,KE-A1\n", 3, 0},
		{"a label twice", "/v1/lots/LOT-Y/file?product=ktp-el-wni", "chip,label\n0000CAFE0000000000A4,KE-A4\n0000CAFE0000000000A5,KE-A4\n", 3, 0},
		{"no label", "/v1/lots/LOT-Y/file?product=ktp-el-wni", "chip,label\n0000CAFE0000000000A4,ke\n", 2, 0},
		{"denied by chip and label of one blank", "/v1/deny-list/file?reason=stolen", "chip,label\n0000CAFE0000000000A1,\n,KE-A1\n", 3, 0},
		{"denied by a chip and the label of another", "/v1/deny-list/file?reason=stolen", "chip,label\n0000CAFE0000000000FF,KE-A1\n", 2, 0},
		{"denied by neither", "/v1/deny-list/file?reason=stolen", "chip,label\n,\n", 2, 0},
		{"denied by a range", "/v1/deny-list/file?reason=stolen", "label,label_to\nKE-0001,KE-0100\nKE-A2,\n", 0, 2},
		{"denied by a range backwards", "/v1/deny-list/file?reason=stolen", "label,label_to\nKE-0100,KE-0001\nKE-A2,\n", 2, 0},
		{"denied by labels", "/v1/deny-list/file?reason=stolen", "label\nKE-A1\nKE-A2\n", 0, 2},
		{"denied by a label of a blank elsewhere", "/v1/deny-list/file?reason=stolen", "label\nKE-A1\nKE-A9\n", 0, 2},
	} {
		status, out := o.fileOf(rina, c.target, c.file)
		if c.line > 0 && (len(out.Bad) != 1 || out.Bad[0].Line != c.line) || out.Imported != c.imported {
			t.Errorf("%s: %d: %+v", c.name, status, out)
		}
	}
	other := "/v1/deny-list/file?reason=other"
	if status, out := o.fileOf(rina, other, "chip\n0000CAFE000000000003\n"); out.Imported != 0 || len(out.Bad) != 1 {
		t.Errorf("another reason without a note: %d: %+v", status, out)
	}
	for note, code := range map[string]int{"%zz": 422, strings.Repeat("a", 501): 422, url.PathEscape("Ditarik pabrik; surat №12"): 200} {
		if status, out := o.fileOf(rina, other, "chip\n0000CAFE000000000003\n", note); status != code {
			t.Errorf("note %.20q: %d: %+v", note, status, out)
		}
	}
	if status, out := o.fileOf(rina, "/v1/deny-list/file?reason=stolen", "chip\n0000CAFE000000000001\n"); status != 200 || out.Imported != 1 {
		t.Errorf("%d: %+v", status, out)
	}
}
