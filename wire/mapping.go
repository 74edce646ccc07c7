package wire

import (
	"encoding"
	"encoding/json"
	"fmt"
	"iter"
)

// Pair is a JSON object of one member, or one entry of a [Map].
type Pair[K, V any] struct {
	Key   K
	Value V
}

// Map is a JSON object as its entries, in the order of the frame. A repeated key
// is kept, and len counts it.
type Map[K comparable, V any] []Pair[K, V]

// Get returns the value of a key, in linear time. Of a repeated key the last one
// counts, as in encoding/json.
//
//go:noinline // see AppendName
func (m Map[K, V]) Get(key K) (v V, ok bool) {
	for i := len(m) - 1; i >= 0; i-- {
		if m[i].Key == key {
			return m[i].Value, true
		}
	}
	return v, false
}

// All yields the entries in order.
//
//go:noinline // see AppendName
func (m Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i := range m {
			if !yield(m[i].Key, m[i].Value) {
				return
			}
		}
	}
}

// MarshalJSON writes the entries as an object, as the venue does; the key's text is that of [encoding.TextMarshaler] or
// fmt, the value's that of encoding/json.
//
//go:noinline // see AppendName
func (m Map[K, V]) MarshalJSON() ([]byte, error) {
	return marshalEntries(len(m), func(i int) (key, value any) { return m[i].Key, m[i].Value })
}

func marshalEntries(n int, entry func(i int) (key, value any)) ([]byte, error) {
	dst := []byte{'{'}
	for i := range n {
		k, v := entry(i)
		value, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		key, err := keyText(k)
		if err != nil {
			return nil, err
		}
		dst = append(append(append(AppendString(dst, key), ':'), value...), ',')
	}
	return EndObject(dst), nil
}

func keyText(key any) (string, error) {
	if t, ok := key.(encoding.TextMarshaler); ok {
		text, err := t.MarshalText()
		return string(text), err
	}
	return fmt.Sprint(key), nil
}
