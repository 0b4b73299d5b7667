//go:build race

package registry

// lives is how many random lives of a ledger are played by default; the race detector makes each
// ten times as long, and one goroutine plays them: the many are played without it.
const lives = "1"
