//go:build race

package api_test

// rounds of random requests; the race detector makes each ten times slower.
const rounds = 2
