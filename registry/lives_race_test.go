//go:build race

package registry

// lives is how many random lives of a ledger are played by default; the race detector makes each
// ten times as long.
const lives = "3"
