//go:build !race

package openjpeg

// shadow is nothing without the race detector.
const shadow = 0
