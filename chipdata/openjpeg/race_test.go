//go:build race

package openjpeg

// shadow is what the race detector keeps beside Go's memory for a picture, interleaved bytes and picture together:
// two and a half bytes for each (ThreadSanitizer, version 3).
const shadow = 70 << 20
