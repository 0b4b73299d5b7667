package trial

import (
	"crypto/sha256"

	"blanko/store"
)

// labRoot seals the ledgers of the virtual world: its people are made up, and everybody knows the key.
func labRoot() store.Option {
	key := sha256.Sum256([]byte("blanko-lab: this key protects nobody"))
	root, err := store.NewRoot(key[:])
	if err != nil {
		panic(err) // its length is the only thing that could be wrong
	}
	return store.WithRoots(root)
}
