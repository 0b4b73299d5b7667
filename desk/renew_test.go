package desk

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/keys/sam"
)

// slot is a SAM that says how much is left of its cap and keeps the renewal that it was shown.
type slot struct {
	uses, until uint32
	shown       []byte
}

func (s *slot) Transmit(_ context.Context, c []byte) ([]byte, error) {
	var out []byte
	switch c[1] {
	case 0xF2: // status: serial | generation | check value | uses | last day | uses ever
		out = binary.BigEndian.AppendUint32([]byte{1, 2, 3, 4, 5, 6, 7, 8, 1, 0xAB, 0xCD, 0xEF}, s.uses)
		out = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(out, s.until), 777)
	case 0x18: // serial | nonce
		out = append([]byte{1, 2, 3, 4, 5, 6, 7, 8}, make([]byte, 16)...)
	case 0x1A:
		s.shown = c[7:]
	}
	return append(out, 0x90, 0x00), nil
}

// A SAM is renewed when little is left of its cap, and by nobody's leave before; a station that refuses
// hinders nobody while something is left.
func TestRenewsItsSAM(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	today := uint32(now.Unix() / 86400)
	const lost = `{"code":"registry.sam_lost","text":{"id":"SAM hilang.","en":"The SAM is lost."},"steps":{"id":["x"],"en":["x"]}}`
	for name, c := range map[string]struct {
		uses, until uint32
		refuses     bool
		asked       bool
		want        fault.Code
	}{
		"enough is left":               {21, today + 3, false, false, ""},
		"few uses are left":            {20, today + 3, false, true, ""},
		"few days are left":            {21, today + 2, false, true, ""},
		"nothing is left":              {0, today - 1, false, true, ""},
		"refused while one is left":    {1, today, true, true, ""},
		"refused, and no use is left":  {0, today + 3, true, true, "desk.station_refused"},
		"refused, and the day is over": {9, today - 1, true, true, "desk.station_refused"},
	} {
		var wish *samWish
		station := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			wish = &samWish{}
			if err := json.NewDecoder(r.Body).Decode(wish); err != nil || r.URL.Path != "/v1/desk/sam" {
				t.Errorf("%s: %s, %v", name, r.URL.Path, err)
			}
			if c.refuses {
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(lost))
				return
			}
			_ = json.NewEncoder(w).Encode(samGrant{40, "2026-11-23", "2026-11-30", []byte{7, 7}})
		}))
		authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: station.Certificate().Raw}))
		l, err := linkTo(station.URL, authority, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := agent(t)
		a.link, a.Now = l, func() time.Time { return now }
		s := &slot{uses: c.uses, until: c.until}
		source, err := sam.Open(t.Context(), s, a.Now)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.renew(t.Context(), source); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		station.Close()
		switch {
		case (wish != nil) != c.asked:
			t.Errorf("%s: asked %v", name, wish)
		case wish != nil && (wish.Serial != "0102030405060708" || wish.Check != "abcdef" || wish.Left != int(c.uses) || wish.Used != 777 || len(wish.Nonce) != 32):
			t.Errorf("%s: asked %+v", name, wish)
		case c.asked && !c.refuses:
			want := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte{0, 0, 0, 40}, today), today+7)
			if string(s.shown) != string(append(want, 7, 7)) {
				t.Errorf("%s: the SAM was shown %X", name, s.shown)
			}
		case s.shown != nil:
			t.Errorf("%s: the SAM was shown %X", name, s.shown)
		}
	}
}

// A desk that reached no station for thirty days says that its SAM is over, since when, and what to do; before, it
// works on.
func TestStationAwayForThirtyDays(t *testing.T) {
	t.Parallel()
	station := httptest.NewTLSServer(http.NotFoundHandler())
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: station.Certificate().Raw}))
	l, err := linkTo(station.URL, authority, nil)
	if err != nil {
		t.Fatal(err)
	}
	station.Close()
	began := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	last := began.AddDate(0, 0, 7)
	for day, want := range map[int]fault.Code{0: "", 6: "", 7: "", 8: "desk.sam_over", 30: "desk.sam_over"} {
		a := agent(t)
		a.link, a.Now = l, func() time.Time { return began.AddDate(0, 0, day) }
		source, err := sam.Open(t.Context(), &slot{uses: 100, until: uint32(last.Unix() / 86400)}, a.Now)
		if err != nil {
			t.Fatal(err)
		}
		err = a.renew(t.Context(), source)
		if fault.CodeOf(err) != want {
			t.Errorf("day %d: %v, want %q", day, err, want)
		}
		if want != "" && !strings.Contains(err.Error(), "2026-11-30") {
			t.Errorf("day %d: %v does not say since when", day, err)
		}
	}
}
