//go:build race && cgo

package pcsc

const raceDetector = true
