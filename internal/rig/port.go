package rig

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports of the readers: below those that the kernel hands out by itself, so that nobody gets one
// while pcscd is stopped.
const (
	firstPort = 20000
	endPort   = 32000
)

// freePorts finds n ports in a row on loopback where nobody listens.
func freePorts(n int) (int, error) {
	const tries = 200
	for range tries {
		if port := firstPort + rand.IntN(endPort-firstPort-n); free(port, n) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("rig pcsc: no %d free ports in a row from %d to %d", n, firstPort, endPort)
}

func free(port, n int) bool {
	for i := range n {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port+i)))
		if err != nil {
			return false
		}
		defer l.Close() //nolint:errcheck,gocritic // a handful, and it only asked
	}
	return true
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close() //nolint:errcheck // it only took the number
	return l.Addr().String(), nil
}
