//go:build race

package storetest

// raced: the race detector makes every test some ten times as long.
const raced = true
