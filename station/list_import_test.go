package station_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/stock"
	"blanko/station"
)

// Lists come in once, however often their file is imported; what is wrong is named by line and column in both
// languages, never by its value, and nothing of such a list comes in.
func TestListsComeInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Now: fixed})
	c := w.config("")
	st := ledgerOf(t, c)
	defer st.Close()
	reg := registry.New(st, registry.Config{Office: c.Office}, nil)
	officer := access.Actor{ID: "keamanan", Roles: []access.Role{access.SecurityOfficer}}
	second := access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}}
	token, hash, err := access.NewToken(nil)
	must(t, err)
	_, err = reg.Do(t.Context(), officer, registry.SetPerson{ID: "rina", FullName: "PETUGAS", Roles: []access.Role{access.Administrator, access.StockKeeper}, Active: true, Second: second}, "1")
	must(t, err)
	_, err = reg.Do(t.Context(), officer, registry.IssueToken{ID: "rina-1", Person: "rina", Kind: access.APIToken, Hash: hex.EncodeToString(hash[:]), ExpiresAt: time.Now().Add(time.Hour), Second: second}, "2")
	must(t, err)
	config := station.ConfigFile{Config: w.write("blanko.yaml", []byte(`office: "61.05"`+"\ndata: "+strconv.Quote(c.Data)+"\ndatabase: {data_keys: "+strconv.Quote(c.Database.DataKeys)+", postgres: "+strconv.Quote(c.Database.Postgres)+"}\n"))}
	run := func(l station.Language, cmd interface {
		Run(context.Context, station.Terminal) error
	},
	) (string, error) {
		var out bytes.Buffer
		err := cmd.Run(t.Context(), station.Terminal{Name: "blanko", Out: &out, Err: &bytes.Buffer{}, In: strings.NewReader(token + "\n"), Language: l})
		return out.String(), err
	}
	says := func(out string, want ...string) {
		t.Helper()
		for _, x := range want {
			if !strings.Contains(strings.Join(strings.Fields(out), " "), x) {
				t.Errorf("it does not say %q:\n%s", x, out)
			}
		}
		for _, secret := range []string{"6105010101900001", "CONTOH", "BUKAN-NIK"} {
			if strings.Contains(out, secret) {
				t.Errorf("it tells %q:\n%s", secret, out)
			}
		}
	}
	file := func(name, text string, dry bool) station.ListFile {
		return station.ListFile{ConfigFile: config, File: w.write(name, []byte(text)), DryRun: dry}
	}
	const head = "id;nik;name;birth_date;sex;married_on\n"
	const good = head + "1;6105010101900001;SATU CONTOH;1990-01-01;LAKI-LAKI;\n2;6105010101900002;DUA CONTOH;1990-01-02;perempuan;2015-02-03\n"
	residents := func(name, text string, dry bool) station.ImportResidentsCommand {
		return station.ImportResidentsCommand{ListFile: file(name, text, dry), List: "dpt-1"}
	}
	held := func() (n int) {
		lists, err := reg.ResidentLists(t.Context(), 10)
		must(t, err)
		for _, l := range lists {
			n += l.Residents
		}
		return n
	}

	bad := good + "3;6105010101900001;TIGA CONTOH;1990-02-30;X;\n3;BUKAN-NIK;;1990-01-01;LAKI-LAKI;\n4;6105010101900004;EMPAT CONTOH\n"
	for _, dry := range []bool{true, false} {
		out, err := run(station.English, residents("bad.csv", bad, dry))
		says(out, "line 4 nik stands in an earlier line already", "line 4 birth_date no date such as 2026-11-26", "line 4 sex no word of the list", "line 5 name is empty",
			"line 6 has another number of columns", "2 lines good", "nothing was changed")
		if err == nil || held() != 0 {
			t.Errorf("%v, %d residents", err, held())
		}
	}
	out, _ := run(station.Indonesian, residents("bad.csv", bad, true))
	says(out, "baris 4 nik sudah ada pada baris sebelumnya", "baris 6 jumlah kolom tidak sama", "tidak ada yang diubah")
	for i, dry := range []bool{true, false, false} {
		out, err := run(station.English, residents("good.csv", good, dry))
		must(t, err)
		says(out, []string{"2 lines good and 0 bad", "2 lines imported from good.csv, 0 of them before", "2 lines imported from good.csv, 2 of them before"}[i])
		if want := min(i, 1) * 2; held() != want {
			t.Errorf("run %d: %d residents, want %d", i, held(), want)
		}
	}
	out, err = run(station.English, residents("more.csv", good+"3;6105010101900003;TIGA CONTOH;1990-01-03;LAKI-LAKI;\n", true))
	says(out, "is in the ledger already", "nothing was changed")
	if err == nil || held() != 2 {
		t.Errorf("%v, %d residents", err, held())
	}

	// As spreadsheets write it, and as they spoil it.
	const row = "9;6105010101900009;\"SEMBILAN CONTOH\";1990-01-09;LAKI-LAKI;"
	for name, c := range map[string]struct{ text, says string }{
		"a mark of the byte order, CRLF, quotes": {"\xef\xbb\xbf" + strings.ReplaceAll(head+row+"\n", "\n", "\r\n"), "1 lines good and 0 bad"},
		"commas":                                 {strings.ReplaceAll(head+row+"\n", ";", ","), "1 lines good and 0 bad"},
		"no end of the last line":                {head + row, "1 lines good and 0 bad"},
		"a quote that never ends":                {head + "9;6105010101900009;\"SEMBILAN;1990-01-09;LAKI-LAKI;\n" + row + "\n", "quotation marks do not fit"},
		"Latin-1":                                {head + strings.Replace(row, "SEMBILAN", "SEMBIL\xc4N", 1) + "\n", "line 2 is not UTF-8"},
		"a row of nothing":                       {head + row + "\n;;;;;\n", "line 3 nik is empty"},
		"an Excel date":                          {head + strings.Replace(row, "1990-01-09", "09/01/1990", 1) + "\n", "birth_date no date"},
		"a number made by Excel":                 {head + strings.Replace(row, "6105010101900009", "6,10501E+15", 1) + "\n", "line 2 nik"},
		"UTF-16":                                 {"\xff\xfei\x00d\x00;\x00n\x00i\x00k\x00\n\x00", ""},
		"no column of the list":                  {"nomor;nama\n1;SATU\n", ""},
		"a column twice":                         {"id;nik;nik;name;birth_date;sex\n", ""},
		"a column less":                          {"id;nik;name;sex\n", ""},
		"nothing":                                {"", ""},
		"a head alone, without rows":             {head, "0 lines good and 0 bad"},
	} {
		out, err := run(station.English, residents("hostile.csv", c.text, true))
		if good := strings.HasSuffix(c.says, " 0 bad"); good != (err == nil) || held() != 2 {
			t.Errorf("%s: %v, %d residents", name, err, held())
		}
		if says(out, c.says); strings.Contains(out, "SEMBIL") || strings.Contains(out, "6105010101900009") {
			t.Errorf("%s: it tells of somebody:\n%s", name, out)
		}
	}

	chips := "chip\n"
	for i := range 3 {
		chips += fmt.Sprintf("0000CAFE%012d\n", i)
	}
	blanks := func(name, text string, dry bool) station.ImportBlanksCommand {
		return station.ImportBlanksCommand{ListFile: file(name, text, dry), Lot: "LOT-9", Product: "ktp-el-wni"}
	}
	for range 2 {
		_, err := run(station.English, blanks("chips.csv", chips, false))
		must(t, err)
	}
	out, err = run(station.English, blanks("again.csv", chips+"0000CAFE000000000009\n", false))
	says(out, "line 2 chip is in the ledger already", "line 4 chip is in the ledger already", "nothing was changed")
	if err == nil {
		t.Error("blanks that are here were counted again")
	}
	stored, wrong, err := reg.Blanks(t.Context())
	must(t, err)
	if len(stored) != 1 || stored[0].Place != stock.At(stock.Store) || stored[0].Read != 3 || len(wrong) != 0 {
		t.Errorf("%+v, differences %v", stored, wrong)
	}
}
