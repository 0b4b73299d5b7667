package trial

import (
	"encoding/hex"
	"io"
	"slices"
	"sync"
	"testing"

	"go.uber.org/zap"

	"blanko/internal/rig"
	"blanko/jobs"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/personalize"
)

// The main job with every master and signing key on a token, which is pulled out when the first blanks
// are inside. The lines stop and name the key source, no card is harmed, and when the token is back
// they go on by themselves. Of all masters the world outside the token knows the transport key alone.
func TestDemoOnToken(t *testing.T) {
	t.Parallel()
	rig.Need(t, "softhsm", rig.SoftHSMTools...)
	const cards, lines = 4, 2
	var token *vault
	var pull sync.Once
	var reasons []string
	o := Options{Cards: cards, Lines: lines, Faults: "none", Seed: 1, Chip: "8k", HSM: true}
	o.token = func(v *vault) { token = v }
	o.observe = func(p personalize.Progress) {
		if p.Step == jobs.Claim && p.Phase == jobs.Intent {
			pull.Do(func() {
				if err := token.rig.Pull(); err != nil {
					t.Error(err)
				}
			})
		}
	}
	o.Serve = func(h *House) (func(), error) {
		reg := h.Registry()
		done := make(chan struct{})
		var watching sync.WaitGroup
		watching.Go(func() {
			for {
				changed := reg.Changed()
				list, err := reg.Lines(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				list = slices.DeleteFunc(list, func(l jobs.Line) bool { return l.Observed.State != "stopped" })
				if len(list) == lines {
					for _, l := range list {
						reasons = append(reasons, l.Observed.Reason)
					}
					if err := token.rig.Plug(); err != nil {
						t.Error(err)
					}
					return
				}
				select {
				case <-changed:
				case <-done:
					return
				}
			}
		})
		return func() { close(done); watching.Wait() }, nil
	}
	var held []string
	s, err := run(t.Context(), o, &Screen{Out: io.Discard}, zap.NewNop(), func(d *demo) {
		list, err := token.token.Keys(t.Context())
		if err != nil {
			t.Error(err)
		}
		world := software.New(seedText(o.Seed))
		for _, k := range list {
			if k.Exposed {
				t.Errorf("%s can be read", k.Name)
			}
			if key := world.Master(k.Role); key != nil {
				kcv, err := keys.KCV(key)
				if err != nil || (kcv == k.KCV) != (k.Role == keys.Transport) {
					t.Errorf("%s: the world knows it: %v, %v", k.Name, kcv == k.KCV, err)
				}
				held = append(held, hex.EncodeToString(k.KCV[:]))
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.Made != cards || s.Spoiled != 0 || s.InDoubt != 0 || !s.Accounted() {
		t.Errorf("%d made, %d spoiled, %d in doubt, %v", s.Made, s.Spoiled, s.InDoubt, s.Differences)
	}
	if len(reasons) != lines || len(held) != len(keys.Roles) {
		t.Errorf("lines stopped for %v; masters %v", reasons, held)
	}
	for _, r := range reasons {
		if r != "applet.key_source_failed" && r != "pkcs11.token_away" && r != "chipdata.signer_unusable" {
			t.Errorf("a line stopped for %s", r)
		}
	}
	if h := s.HSM; h == nil || h.Calls < 8*cards || len(h.Rates) != 2 || h.Rates[0].Diversified < 1 || h.Rates[1].Signed < 1 {
		t.Errorf("%+v", h)
	}
}
