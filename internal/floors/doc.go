// Package floors holds the one list of who may import whom, and the tests that prove it.
//
// What lives here: allow.yaml and its tests. What may not: code. Nobody calls it. Start
// reading at allow.yaml.
package floors
