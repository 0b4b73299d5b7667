package chip

import (
	"fmt"
	"testing"
)

// situationOrder is the order of the columns of the table below.
var situationOrder = situations

// The access rules of the views without a channel: every command that a stranger can try in
// every state of the card (card profile KTPEL-OP 1, 7.3 and 8.4). A column per situation, in the
// order blank; claimed, 31 absent; claimed, 31 present; claimed, 38 and 39 present; written; active;
// blocked; terminated. "=" is as in the column before.
func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	const selectLDS = "00A4040C07A0000002471001"
	const selectOwn = "00A4040C07F04B5450454C01"
	const mf = "00A4000C023F00"
	setMRZ := fmt.Sprintf("%X", setAT(1))
	bac := "0082000028" + fmt.Sprintf("%080d", 0) + "28"
	plan := examplePlan(t)
	plan.files[1].data = append([]byte{0x61, 0x5D, 0x5F, 0x1F, 0x5A}, testMRZ...)
	for _, c := range []struct {
		name, in, command string
		want              [8]string
	}{
		{"SELECT of the ICAO view", mf, selectLDS, [8]string{"9000", "=", "=", "=", "=", "=", "6283", "6285"}},
		{"GET CHALLENGE", selectLDS, "0084000008", [8]string{"6985", "=", "=", "=", "=", "9000", "6985", "="}},
		{"EXTERNAL AUTHENTICATE", selectLDS, bac, [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"MSE:Set AT of PACE", selectLDS, setMRZ, [8]string{"6985", "=", "=", "=", "=", "9000", "6985", "="}},
		{"MSE:Set AT of PACE in the MF", mf, setMRZ, [8]string{"6985", "=", "=", "=", "=", "9000", "6985", "="}},
		{"GENERAL AUTHENTICATE", selectLDS, "10860000027C0000", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"MSE:Set AT of chip authentication", selectLDS, "002241A40C800A04007F00070202030202", [8]string{"6982", "=", "=", "=", "=", "=", "=", "="}},
		{"INTERNAL AUTHENTICATE", selectLDS, "0088000008010203040506070800", [8]string{"6982", "=", "=", "=", "=", "=", "=", "="}},
		{"SELECT DG1", selectLDS, "00A4020C020101", [8]string{"6A82", "=", "9000", "=", "=", "=", "=", "6985"}},
		{"READ DG1", selectLDS, "00B0810004", [8]string{"6A82", "=", "6982", "=", "=", "=", "=", "6985"}},
		{"odd READ DG1", selectLDS, "00B100010354010000", [8]string{"6A82", "=", "6982", "=", "=", "=", "=", "6985"}},
		{"SELECT of a finger", selectLDS, "00A4020C020201", [8]string{"6A82", "=", "=", "=", "=", "=", "=", "6985"}},
		{"READ of a finger", selectLDS, "00B0910004", [8]string{"6A82", "=", "=", "=", "=", "=", "=", "6985"}},
		{"READ EF.PROF", selectLDS, "00B0940004", [8]string{"6A82", "=", "=", "=", "=", "=", "=", "6985"}},
		{"READ EF.CardAccess in the application", selectLDS, "00B09C0004", [8]string{"6A82", "=", "=", "=", "=", "=", "=", "6985"}},
		{"UPDATE DG1", selectLDS, "00D681000161", [8]string{"6982", "=", "=", "=", "=", "=", "=", "6985"}},
		{"CREATE", selectLDS, "00E0000001 00", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"PUT DATA", selectLDS, "00DA00D106313233343536", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"GENERATE", selectLDS, "0046800005AC0380010100", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"ACTIVATE", selectLDS, "00440000", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"TERMINATE", selectLDS, "00E60000", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"INITIALIZE UPDATE", selectLDS, "8050380008010203040506070800", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"secure messaging without a channel", selectLDS, "0CB09E000D 970104 8E080000000000000000 00", [8]string{"6982", "=", "=", "=", "=", "=", "=", "="}},

		{"EF.CardAccess", mf, "00B09C0004", [8]string{"9000", "=", "=", "=", "=", "=", "=", "="}},
		{"READ DG1 in the MF", mf, "00B0810004", [8]string{"6A82", "=", "=", "=", "=", "=", "=", "="}},
		{"GET CHALLENGE in the MF", mf, "0084000008", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},

		{"READ DG1 in the issuer view", selectOwn, "00B0810004", [8]string{"6A82", "=", "6982", "=", "=", "=", "6985", "="}},
		{"READ of a finger in the issuer view", selectOwn, "00B0910004", [8]string{"6A82", "=", "6982", "=", "=", "=", "6985", "="}},
		{"READ EF.PROF in the issuer view", selectOwn, "00B0940004", [8]string{"9000", "=", "=", "=", "=", "=", "=", "6985"}},
		{"UPDATE DG1 in the issuer view", selectOwn, "00D681000161", [8]string{"6985", "=", "=", "=", "=", "=", "=", "="}},
		{"MSE:Set AT of PACE in the issuer view", selectOwn, setMRZ, [8]string{"6D00", "=", "=", "=", "=", "=", "=", "="}},
		{"INTERNAL AUTHENTICATE in the issuer view", selectOwn, "0088000008010203040506070800", [8]string{"6D00", "=", "=", "=", "=", "=", "=", "="}},
		{"GET CHALLENGE in the issuer view", selectOwn, "0084000008", [8]string{"6D00", "=", "=", "=", "=", "=", "=", "="}},
		{"odd READ in the issuer view", selectOwn, "00B100010354010000", [8]string{"6D00", "=", "=", "=", "=", "=", "=", "="}},
	} {
		want := ""
		for i, s := range situationOrder {
			if c.want[i] != "=" {
				want = c.want[i]
			}
			h := hostWith(t, s, Config{ICAOView: true, BAC: true}, plan)
			before := h.card.View()
			if _, _, err := h.raw(unhex(t, c.in)); err != nil {
				t.Fatal(err)
			}
			_, sw, err := h.raw(unhex(t, c.command))
			if got := fmt.Sprintf("%04X", sw); err != nil || got != want {
				t.Errorf("%s, %s: %s, %v, want %s", c.name, s, got, err, want)
			}
			if after := h.card.View(); after.State != before.State || after.Pages != before.Pages {
				t.Errorf("%s, %s: the card has changed", c.name, s)
			}
		}
	}
}
