package station_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/station"
)

// employ makes an administrator and a supervisor in the ledger, and gives their tokens.
func employ(t *testing.T, c station.Config) (admin, boss string) {
	t.Helper()
	st := ledgerOf(t, c)
	defer st.Close()
	reg := registry.New(st, registry.Config{Office: c.Office}, nil)
	officer := access.Actor{ID: "keamanan", Roles: []access.Role{access.SecurityOfficer}}
	second := access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}}
	for id, role := range map[string]access.Role{"joko": access.Administrator, "sari": access.Supervisor} {
		text, hash, err := access.NewToken(nil)
		must(t, err)
		_, err = reg.Do(t.Context(), officer, registry.SetPerson{ID: id, FullName: "PETUGAS", Roles: []access.Role{role}, Active: true, Second: second}, "person "+id)
		must(t, err)
		_, err = reg.Do(t.Context(), officer, registry.IssueToken{ID: id + "-1", Person: id, Kind: access.APIToken, Hash: hex.EncodeToString(hash[:]), Label: "uji", ExpiresAt: time.Now().Add(time.Hour), Second: second}, "token "+id)
		must(t, err)
		if role == access.Administrator {
			admin = text
		} else {
			boss = text
		}
	}
	return admin, boss
}

// A station tells that its lines wait, by command and over the API, until two persons let them go; after
// the next start they wait again.
func TestStartIsReleased(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Now: fixed})
	c := w.config("")
	c.Center = station.CenterConfig{}
	file := station.ConfigFile{Config: w.write("blanko.yaml", []byte(`office: "61.05"`+"\ndata: "+strconv.Quote(c.Data)+"\ndatabase: {data_keys: "+strconv.Quote(c.Database.DataKeys)+", postgres: "+strconv.Quote(c.Database.Postgres)+"}\n"))}
	r := serve(t, c)
	admin, boss := employ(t, c)
	run := func(cmd interface {
		Run(context.Context, station.Terminal) error
	}, typed ...string,
	) (string, error) {
		var out bytes.Buffer
		err := cmd.Run(t.Context(), station.Terminal{Name: "blanko", Out: &out, Err: &bytes.Buffer{}, In: strings.NewReader(strings.Join(typed, "\n") + "\n"), Language: station.English})
		return out.String(), err
	}
	if out, err := run(station.StartListCommand{ConfigFile: file}); err != nil || !strings.Contains(out, "waits for two persons: first start of this station") {
		t.Errorf("%q, %v", out, err)
	}
	for name, k := range map[string]struct {
		cmd   station.StartReleaseCommand
		typed []string
		want  fault.Code
	}{
		"nobody":         {typed: []string{"blanko_none"}, want: "registry.not_signed_in"},
		"alone":          {cmd: station.StartReleaseCommand{Alone: true}, typed: []string{admin}, want: "registry.start_needs_two"},
		"the same twice": {typed: []string{admin, admin}, want: "registry.same_person"},
		"the wrong way":  {typed: []string{boss, admin}, want: "registry.not_allowed"},
		"one token":      {typed: []string{admin}, want: "station.answer_missing"},
		"another start":  {cmd: station.StartReleaseCommand{Start: "none"}, typed: []string{admin, boss}, want: "registry.start_unknown"},
	} {
		k.cmd.ConfigFile = file
		if _, err := run(k.cmd, k.typed...); fault.CodeOf(err) != k.want {
			t.Errorf("%s: %v, want %s", name, err, k.want)
		}
	}
	if _, err := run(station.StartConfirmCommand{ConfigFile: file}, boss); fault.CodeOf(err) != station.NothingWaits.Code {
		t.Error(err)
	}
	if out, err := run(station.StartReleaseCommand{ConfigFile: file}, admin, boss); err != nil || !strings.Contains(out, "Released") {
		t.Errorf("%q, %v", out, err)
	}
	if out, err := run(station.StartListCommand{ConfigFile: file}); err != nil || out != "" {
		t.Errorf("%q, %v", out, err)
	}
	r.end()
	again := serve(t, c)
	var list struct {
		Items []struct {
			Two   []string
			Ended string
			Shift string
		}
	}
	again.get("/v1/starts", &list)
	if len(list.Items) != 2 || list.Items[1].Ended != "stop" || strings.Join(list.Items[0].Two, " ") != registry.TwoNoShift {
		t.Errorf("%+v", list)
	}
	again.end()
}
