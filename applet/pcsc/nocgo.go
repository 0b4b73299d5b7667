//go:build !cgo && !windows

package pcsc

// available: this build does not reach the service.
const available = false

func establish() (session, error) { return nil, serviceAbsent }
