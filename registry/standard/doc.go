// Package standard is service standards as data: what an application needs, how long it may take, what
// is fined, what is done first when blanks are short, how cards are destroyed, where one complains, and
// how long personal data is kept.
//
// What lives here: the form of a standard, the standards that ship, and what can be reckoned from one:
// clocks, ages, fines, priorities. What may not: the ledger, a clock of the machine, a rule that a
// district could want otherwise. registry calls it. Start reading at standard.go, then data/sintang.yaml.
package standard
