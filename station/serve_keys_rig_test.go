package station

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/internal/refused"
	"blanko/jobs"
	"blanko/keys"
	"blanko/printer/usb"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/store"
)

// A serving station tells of every line why it does not run: the start is not released, its keys or its
// devices are not there. As that changes it goes on, and with the token's return by itself.
func TestLinesTellWhatIsMissing(t *testing.T) {
	t.Parallel()
	o := newKeyOffice(t)
	o.must(KeysInitCommand{o.choice}, nil)
	o.authority()
	o.must(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("1.json"), Roles: []string{"MK_T", "MK_P", "MK_SAM", "MK_A"}, Way: "generated", Bits: 128}, nil)
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(o.config, append(text, "\ndata: "+strconv.Quote(o.path("blanko.db"))+"\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := ReadConfig(o.config)
	if err != nil {
		t.Fatal(err)
	}
	slot := 0
	cfg.Lines = []LineConfig{{ID: "line-1", Kind: jobs.InlineEye, Printer: PrinterConfig{Language: "evolis", Cable: "usb", Serial: "1"}, Reader: ReaderConfig{Cable: "pcsc", Name: "R", Slot: &slot}}}
	st, err := store.Open(t.Context(), cfg.Data)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close() // nothing is kept
	reg := registry.New(st, registry.Config{Office: cfg.Office, Production: true}, zap.NewNop())
	svc := Service{Log: zap.NewNop(), Now: time.Now, look: 20 * time.Millisecond, Printers: &onBus{}}
	svc.keys.ring, svc.keys.misbuilt = cfg.keyring(1, svc.Now)
	if svc.keys.misbuilt != nil {
		t.Fatal(svc.keys.misbuilt)
	}
	defer svc.keys.ring.token.Close()
	if err := cfg.defineLines(t.Context(), reg, svc); err != nil {
		t.Fatal(err)
	}
	if svc.start, err = cfg.recordStart(t.Context(), reg, svc.Now()); err != nil {
		t.Fatal(err)
	}
	admin, second := access.Actor{ID: "joko", Roles: []access.Role{access.Administrator}}, access.Actor{ID: "sari", Roles: []access.Role{access.Supervisor}}
	release := func() error {
		_, err := reg.Do(t.Context(), admin, registry.ReleaseStart{Start: svc.start, Second: second}, "release")
		return err
	}
	approve := func() error {
		typed := ""
		for _, who := range []access.Actor{admin, second} {
			text, hash, err := access.NewToken(nil)
			if err != nil {
				return err
			}
			typed += text + "\n"
			officer := access.Actor{ID: "keamanan", Roles: []access.Role{access.SecurityOfficer}}
			for _, op := range []registry.Operation{
				registry.SetPerson{ID: who.ID, FullName: "PETUGAS", Roles: who.Roles, Active: true, Second: access.Actor{ID: "kepala", Roles: second.Roles}},
				registry.IssueToken{
					ID: who.ID + "-1", Person: who.ID, Kind: access.APIToken, Hash: hex.EncodeToString(hash[:]), Label: "uji", ExpiresAt: time.Now().Add(time.Hour),
					Second: access.Actor{ID: "kepala", Roles: second.Roles},
				},
			} {
				if _, err := reg.Do(t.Context(), officer, op, string(op.Name())+who.ID); err != nil {
					return err
				}
			}
		}
		choice := o.choice
		choice.PINFile = o.path("pin")
		var out bytes.Buffer
		err := DesignApproveCommand{choice}.Run(t.Context(), Terminal{Out: &out, Err: io.Discard, In: strings.NewReader(typed), Language: English})
		if !strings.Contains(out.String(), "NOT approved") || !strings.Contains(out.String(), "Approved and signed.") {
			t.Error(out.String())
		}
		return err
	}
	lose := func() error {
		_, _, masters, err := svc.keys.ring.Describe(t.Context())
		if err != nil {
			return err
		}
		guard, serial := access.Actor{ID: "keamanan", Roles: []access.Role{access.SecurityOfficer}}, "0A0B0C0D0E0F0102"
		issue := registry.IssueSAM{Serial: serial, Generation: 1, Check: masters[string(keys.Reading)], Uses: 10, Days: 7, Second: second}
		if _, err := reg.Do(t.Context(), guard, issue, "issue"); err != nil {
			return err
		}
		_, err = reg.Do(t.Context(), guard, registry.LoseSAM{Serial: serial, Because: registry.Because{Reason: "stolen"}}, "lose")
		return err
	}
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		cfg.runLines(ctx, nil, New(Parts{Office: cfg.Office, Name: cfg.Station, Registry: reg}), svc)
	})
	defer watching.Wait()
	defer stop()
	seen := map[string]string{}
	for _, step := range []struct {
		what string
		do   func() error
		want string
	}{
		{"a line after a start that nobody released", func() error { return nil }, string(registry.NotReleased.Code)},
		{"a line with a profile, a template or a standard that was not approved", release, string(registry.DesignUnapproved.Code)},
		{"a line whose printer is not plugged in", approve, string(usb.NotPluggedIn.Code)},
		{"a line whose token is pulled", o.hsm.Pull, "pkcs11.token_away"},
		{"", o.hsm.Plug, string(usb.NotPluggedIn.Code)},
		{"a line under the master key of a lost SAM", lose, string(registry.MasterRetired.Code)},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		for changed, tired := reg.Changed(), time.After(roomPatience); ; changed = reg.Changed() {
			lines, err := reg.Lines(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(lines, func(l jobs.Line) bool { return l.Observed.State == stateRefused && l.Observed.Reason == step.want }) {
				break
			}
			select {
			case <-changed:
			case <-tired:
				t.Fatalf("the line never says %s: %+v", step.want, lines)
			}
		}
		if step.what != "" {
			seen[step.what] = step.want
		}
	}
	if differs, err := refused.Compare("../docs/refusals.tsv", "station/serve_keys_rig_test.go TestLinesTellWhatIsMissing", seen); err != nil || differs != "" {
		t.Errorf("%v\n%s", err, differs)
	}
}
