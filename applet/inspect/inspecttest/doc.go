// Package inspecttest is a holder at a counter, for tests: the finger files of one chip, their hashes as the
// journal has them, a living finger of the holder and one of somebody else.
//
// What lives here: a generated person's fingers, in the forms in which a counter meets them. What may not:
// comparisons. Tests of the rooms that match a holder call it. Start reading at Chip.
package inspecttest
