package station

import (
	"context"
	"time"
)

// centerPatience is how long the doctor waits for the center.
const centerPatience = 5 * time.Second

func (x *exam) center(ctx context.Context) finding {
	if x.cfg.Center.URL == "" {
		return note("tidak dikonfigurasi; data masuk lewat import", "not configured; records come in by import")
	}
	l, err := x.cfg.centerLink(centerPatience)
	if err != nil {
		return failed(err)
	}
	keys, err := l.client.Keys(ctx, l.anchor, x.Now())
	if err != nil {
		return failed(err)
	}
	return fine("terjangkau, %d kunci", "reached, %d keys", len(keys))
}

// officers looks at whose signature a station without a center takes for that of one.
func (x *exam) officers(context.Context) finding {
	if !x.cfg.Service.StandAlone {
		return note("kantor ini tidak berdiri sendiri; pusat data yang menjamin data", "the station does not stand alone; a data center vouches for records")
	}
	known, err := x.cfg.officerKeys()
	if err != nil {
		return failed(err)
	}
	return fine("berdiri sendiri, %d kunci", "stands alone, %d keys", len(known))
}
