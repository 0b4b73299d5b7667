// Package software is a key source for development and tests: every key follows from a seed, so
// a virtual world and a station that share the seed understand each other.
//
// What lives here: seeded master keys and a seeded issuing authority. What may not: a key that a
// real card will ever see; production refuses this source, and the product's binary does not
// contain it. trial alone calls it. Start reading at source.go.
package software
