// Package trial joins a station to the virtual world: the demo, scenarios, the torture of stations that
// are killed, the crash test, the account of world against ledger.
//
// What lives here: joining, playing, counting. What may not: anything the product needs. Only
// cmd/blanko-lab calls it. Start reading at demo.go, scenario.go or torture.go; the joints are in join.go.
package trial
