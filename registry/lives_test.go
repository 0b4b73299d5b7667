//go:build !race

package registry

// lives is how many random lives of a ledger are played by default.
const lives = "10"
