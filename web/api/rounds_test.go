//go:build !race

package api_test

// rounds of random requests.
const rounds = 24
