package store

import (
	"strings"
	"syscall"
)

// tcpUserTimeout is TCP_USER_TIMEOUT (tcp(7)): how long sent data may stay unanswered, in milliseconds.
const tcpUserTimeout = 18

// control bounds the wait for an answer to what was sent; probes only watch an idle connection.
func control(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var failed error
	if err := c.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(silencePatience.Milliseconds()))
	}); err != nil {
		return err
	}
	return failed
}
