package station

import (
	"context"
	"strings"
	"testing"
	"time"

	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/keys/pkcs11"
	"blanko/keys/sam"
	"blanko/web/api"
)

// A SAM takes the renewal that the station's token signed, for its nonce alone.
func TestTokenRenewsSAM(t *testing.T) {
	t.Parallel()
	o := newKeyOffice(t)
	o.must(KeysInitCommand{o.choice}, nil)
	o.authority()
	ring := o.ring()
	list, err := ring.token.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own := ring.production(list).Own()
	card := chip.NewSAM(chip.SAMConfig{Serial: [8]byte{9}, Generation: 1, Master: make([]byte, 16), Issuer: own})
	s, err := sam.Open(t.Context(), card, nil)
	if err != nil {
		t.Fatal(err)
	}
	grant := func(q sam.Request) sam.Renewal {
		t.Helper()
		g := api.SAMGrant{Serial: q.Serial, Nonce: q.Nonce, Uses: 40, Today: time.Now(), Until: time.Now().AddDate(0, 0, 7)}
		signature, err := stationKeys{ring: ring}.signSAM()(context.WithoutCancel(t.Context()), g)
		if err != nil {
			t.Fatal(err)
		}
		return sam.Renewal{Uses: uint32(g.Uses), Today: g.Today, Until: g.Until, Signature: signature}
	}
	q, err := s.Request(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := grant(q)
	if err := s.Renew(t.Context(), r); err != nil {
		t.Errorf("the token's word: %v", err)
	}
	if st, err := s.Status(t.Context()); err != nil || st.Uses != 40 {
		t.Errorf("%+v, %v", st, err)
	}
	if _, err := s.Request(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Renew(t.Context(), r); err == nil {
		t.Error("the word for one nonce renewed it for another")
	}
	o.must(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("sam.json"), Roles: []string{"MK_SAM"}, Way: "generated", Bits: 128}, nil)
	check := strings.ToLower(strings.TrimSpace(o.must(KeysKCVCommand{TokenChoice: o.choice, Role: "MK_SAM"}, nil)))
	if masters, err := ring.readingMasters(t.Context()); err != nil || len(masters) != 1 || masters[1] != check {
		t.Errorf("%v, %v; want %s", masters, err, check)
	}
	ready := stationKeys{ring: ring}.samsReady()
	if err := ready(t.Context()); err != nil {
		t.Errorf("before the token is pulled: %v", err)
	}
	if err := o.hsm.Pull(); err != nil {
		t.Fatal(err)
	}
	if err := ready(t.Context()); !fault.Is(err, pkcs11.TokenAway) {
		t.Errorf("pulled: %v", err)
	}
	if (stationKeys{}).signSAM() != nil || (stationKeys{}).samsReady() != nil {
		t.Error("a station without token signs")
	}
}
