package center

import (
	"container/list"
	"sync"
)

// cache holds what is costly to make, up to a number of bytes; what was used longest ago goes
// first. A value that is asked for twice at a time is made once.
type cache[K comparable, V any] struct {
	most int
	size func(V) int // bytes of a value

	mu    sync.Mutex
	bytes int
	cells map[K]*list.Element
	order *list.List // of *cell, the latest used in front
}

type cell[K comparable, V any] struct {
	key   K
	made  sync.Once
	value V
	err   error
	size  int // counted in bytes; 0 until made
}

func newCache[K comparable, V any](most int, size func(V) int) *cache[K, V] {
	return &cache[K, V]{most: most, size: size, cells: map[K]*list.Element{}, order: list.New()}
}

func (c *cache[K, V]) get(key K, make func() (V, error)) (V, error) {
	c.mu.Lock()
	el, ok := c.cells[key]
	if !ok {
		el = c.order.PushFront(&cell[K, V]{key: key})
		c.cells[key] = el
	}
	c.order.MoveToFront(el)
	c.mu.Unlock()

	one := el.Value.(*cell[K, V])
	one.made.Do(func() {
		one.value, one.err = make()
		c.mu.Lock()
		defer c.mu.Unlock()
		if one.err != nil {
			c.drop(el)
			return
		}
		if c.cells[key] != el {
			return // pushed out while it was made
		}
		one.size = c.size(one.value)
		c.bytes += one.size
		for c.bytes > c.most && c.order.Back() != el {
			c.drop(c.order.Back())
		}
	})
	return one.value, one.err
}

// drop forgets a cell. The caller holds the lock.
func (c *cache[K, V]) drop(el *list.Element) {
	one := el.Value.(*cell[K, V])
	if c.cells[one.key] == el {
		delete(c.cells, one.key)
		c.order.Remove(el)
		c.bytes -= one.size
	}
}
