package wire

import "iter"

// Pair is a JSON object of one member, or one entry of a [Map].
type Pair[K, V any] struct {
	Key   K
	Value V
}

// Map is a JSON object as its entries, in the order of the frame. A repeated key
// is kept.
type Map[K comparable, V any] []Pair[K, V]

// Get returns the value of a key, in linear time. Of a repeated key the last one
// counts, as in encoding/json.
func (m Map[K, V]) Get(key K) (v V, ok bool) {
	for i := len(m) - 1; i >= 0; i-- {
		if m[i].Key == key {
			return m[i].Value, true
		}
	}
	return v, false
}

// All yields the entries in order.
func (m Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i := range m {
			if !yield(m[i].Key, m[i].Value) {
				return
			}
		}
	}
}

// Len is the number of entries, repeated keys included.
func (m Map[K, V]) Len() int { return len(m) }
