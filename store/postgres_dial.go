package store

import (
	"context"
	"net"
	"time"
)

// A server that does not answer any more, behind a network that says nothing, is given up after
// about silencePatience.
const (
	silencePatience = 15 * time.Second
	probeEvery      = 5 * time.Second
	probes          = 2
)

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: probeEvery, Interval: probeEvery, Count: probes},
		Control:         control,
	}
	return d.DialContext(ctx, network, address)
}
