package console

import (
	"encoding/hex"
	"strings"
	"time"

	"github.com/a-h/templ"

	"blanko/registry"
)

// pairingOpen is how long a pairing that was opened here may be taken up.
const pairingOpen = time.Hour

var desksActions = []action{
	{Path: "/meja", Page: "desks", Op: func(f *form) (registry.Operation, error) {
		return registry.InviteDesk{ID: strings.ToLower(f.needed("desk")), Place: f.text("place"), Hash: f.needed("hash"), ExpiresAt: f.Now().Add(pairingOpen)}, nil
	}},
	{Path: "/meja/cabut", Page: "desks", Op: func(f *form) (registry.Operation, error) {
		return registry.RevokeDesk{Desk: f.needed("desk")}, nil
	}},
}

// desks are the computers at counters, and the code by which another one is paired.
func (v *view) desks() (templ.Component, error) {
	if v.just(registry.InviteDesk{}) {
		return stack(v.LivePart("meja"), wasCopied(v, v.T("op.desk.invite"))), nil
	}
	code := registry.NewPairingCode()
	hash := registry.PairingHash(code)
	return stack(v.LivePart("meja"), pairDesk(v, code, hex.EncodeToString(hash[:]))), nil
}

// deskList are the computers at counters whose agents bring devices to the pages.
func (v *view) deskList() (templ.Component, error) {
	list, err := v.Registry.Desks(v.ctx())
	if err != nil {
		return nil, err
	}
	health, err := v.Registry.HealthOfDesks(v.ctx())
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("desks.list"), Empty: v.T("desks.none"), Heads: []string{v.T("desks.id"), v.T("field.place"), v.T("head.state"), v.T("desks.paired"), v.T("desks.by"), v.T("desks.devices"), v.T("head.do")}}
	for _, d := range list {
		var devices []string
		for _, h := range health {
			if name, is := strings.CutPrefix(h.Device, d.ID+"."); is {
				devices = append(devices, v.Say("device", name)+": "+v.healthText(h))
			}
		}
		var do templ.Component
		if d.RevokedAt.IsZero() && v.Can(registry.RevokeDesk{}) {
			do = button(v, "revoke-"+d.ID, "/meja/cabut", v.T("op.desk.revoke"), "danger", map[string]string{"desk": d.ID})
		}
		t.Rows = append(t.Rows, []cell{
			{Text: d.ID, Class: "mono"},
			{Text: v.placeName(d.Place)},
			{Text: v.T("desks.state_" + deskState(d, v.Now()))},
			{Text: v.Time(d.PairedAt)},
			{Text: d.InvitedBy},
			{Text: orDash(strings.Join(devices, " · "))},
			{Part: do},
		})
	}
	return table(v, t), nil
}

// deskState is a word of desks.state_.
func deskState(d registry.Desk, now time.Time) string {
	switch {
	case d.Code != nil && now.Before(d.ExpiresAt):
		return "invited"
	case !d.RevokedAt.IsZero():
		return "revoked"
	case d.PairedAt.IsZero():
		return "over"
	}
	return "paired"
}
