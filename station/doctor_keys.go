package station

import (
	"context"
)

// token signs in to the token of the configuration, as serve does and with the same care for its PIN,
// and tells everything that speaks against its keys.
func (x *exam) token(ctx context.Context) finding {
	if x.cfg.Keys.Kind == "" {
		return note("tidak dikonfigurasi; lini tidak dapat berjalan", "not configured; no line can run")
	}
	k, err := x.cfg.keyring(1, x.Now)
	if err != nil {
		return failed(err)
	}
	defer k.token.Close()
	list, err := k.token.Keys(ctx)
	if err != nil {
		return failed(err)
	}
	about := k.token.About()
	p := k.production(list)
	var all finding
	for _, r := range p.Refusals() {
		f := failed(r)
		if all.Level == Missing {
			f.Seen = words{all.Seen.ID + "; " + f.Seen.ID, all.Seen.EN + "; " + f.Seen.EN}
		}
		all = f
	}
	if all.Level == Missing {
		return all
	}
	return fine("%s %s, nomor seri %s, %d kunci", "%s %s, serial number %s, %d keys", about.Manufacturer, about.Model, about.Serial, len(list))
}
