// Package jobs keeps orders, leases, attempts, the journal of intents, and the wished and
// observed state of lines.
//
// What lives here: their types, state tables and SQL. What may not: what an application or a
// card in the register is (registry), how a card is made (personalize). registry calls it;
// personalize knows its types. Start reading at step.go and attempt.go.
package jobs
