package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"blanko/internal/rig"
	"blanko/trial"
)

// TestCardCommands works with emulated cards in a real pcscd, as a person at a counter does. In the
// scripts $CAN and $MRZ1 to $MRZ3 are what the first card shows, trust/csca and trust/center is what a
// reader believes, and "cards ORDER" changes the cards.
func TestCardCommands(t *testing.T) {
	t.Parallel()
	rig.NeedPCSC(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/rig", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			r, err := trial.OpenCards(t.Context(), trial.CardOptions{Cards: 2, Chip: "32k", Finished: true, Private: true, Seed: 1})
			if err != nil {
				return err
			}
			e.Defer(func() {
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			})
			first := r.Settled(t.Context())[0]
			e.Setenv("PCSCLITE_CSOCK_NAME", r.Socket())
			e.Setenv("CAN", first.CAN)
			for i, line := range first.MRZ {
				e.Setenv("MRZ"+string(rune('1'+i)), line)
			}
			e.Values["cards"] = r
			return r.WriteTrust(e.WorkDir + "/trust")
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fields": fields,
			"cards": func(ts *testscript.TestScript, _ bool, args []string) {
				r := ts.Value("cards").(*trial.CardReaders)
				o, err := trial.ParseCardOrder(strings.Join(args, " "))
				ts.Check(err)
				ts.Check(r.Do(t.Context(), o))
				r.Settled(t.Context())
			},
			"status": status,
			"type": func(ts *testscript.TestScript, _ bool, args []string) { // lines into a file
				ts.Check(writeLines(ts.MkAbs(args[0]), args[1:]))
			},
		},
	})
}

func writeLines(path string, lines []string) error {
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}

// status makes a status list of the chip that card info --json has told: "status INFO LIST STANDING".
func status(ts *testscript.TestScript, _ bool, args []string) {
	var info struct {
		Chip struct {
			UID string `json:"uid"`
		} `json:"chip"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &info))
	list := fmt.Sprintf(`{"format":"ktp-status-list/1","number":12,"date":"2026-11-24T03:00:00Z","cards":[{"chip":%q,"standing":%q}]}`, info.Chip.UID, args[2])
	ts.Check(writeLines(ts.MkAbs(args[1]), []string{list}))
}
