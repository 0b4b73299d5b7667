package station

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/jobs"
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
	o.must(KeysCSCACommand{TokenChoice: o.choice, Name: "CSCA", CRL: "http://localhost/crl", Out: o.path("csca/csca.pem")}, nil)
	o.must(KeysRequestCommand{TokenChoice: o.choice, Name: "DS", Out: o.path("ds.csr")}, nil)
	o.must(KeysIssueCommand{TokenChoice: o.choice, AuthorityFile: AuthorityFile{o.path("csca/csca.pem")}, CRL: "http://localhost/crl", Request: o.path("ds.csr"), Out: o.path("ds.pem")}, nil)
	o.must(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("1.json"), Roles: []string{"MK_T", "MK_P", "MK_SAM", "MK_A"}, Way: "generated", Bits: 128}, nil)
	cfg, err := ReadConfig(o.config)
	if err != nil {
		t.Fatal(err)
	}
	slot := 0
	cfg.Lines = []LineConfig{{ID: "line-1", Kind: jobs.InlineEye, Printer: PrinterConfig{Language: "evolis", Cable: "usb", Serial: "1"}, Reader: ReaderConfig{Cable: "pcsc", Name: "R", Slot: &slot}}}
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "blanko.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close() // nothing is kept
	reg := registry.New(st, registry.Config{Office: cfg.Office, Production: true}, zap.NewNop())
	svc := Service{Log: zap.NewNop(), Now: time.Now, look: 20 * time.Millisecond, Printers: &onBus{}}
	if err := cfg.defineLines(t.Context(), reg, svc); err != nil {
		t.Fatal(err)
	}
	if svc.start, err = cfg.recordStart(t.Context(), reg, svc.Now()); err != nil {
		t.Fatal(err)
	}
	release := func() error {
		admin, second := access.Actor{ID: "joko", Roles: []access.Role{access.Administrator}}, access.Actor{ID: "sari", Roles: []access.Role{access.Supervisor}}
		_, err := reg.Do(t.Context(), admin, registry.ReleaseStart{Start: svc.start, Second: second}, "release")
		return err
	}
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		cfg.runLines(ctx, nil, New(Parts{Office: cfg.Office, Registry: reg}), svc)
	})
	defer watching.Wait()
	defer stop()
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, string(registry.NotReleased.Code)},
		{release, string(usb.NotPluggedIn.Code)},
		{o.hsm.Pull, "pkcs11.token_away"},
		{o.hsm.Plug, string(usb.NotPluggedIn.Code)},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		for changed := reg.Changed(); ; changed = reg.Changed() {
			lines, err := reg.Lines(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(lines, func(l jobs.Line) bool { return l.Observed.State == stateRefused && l.Observed.Reason == step.want }) {
				break
			}
			select {
			case <-changed:
			case <-time.After(20 * time.Second):
				t.Fatalf("the line never says %s: %+v", step.want, lines)
			}
		}
	}
}
