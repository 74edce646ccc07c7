package stream

import (
	"fmt"
	"log/slog"
)

const redacted = "REDACTED"

// Secret holds a password, key or token that must not be shown. Every way of printing, logging or marshalling it
// gives REDACTED, also as an unexported field of another struct. The zero Secret is empty.
type Secret struct {
	// fmt prints unexported fields without asking their methods; of a func it can print an address only.
	reveal func() string
}

// NewSecret wraps a value.
func NewSecret(value string) Secret {
	return Secret{func() string { return value }}
}

// Reveal returns the value.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero tells whether the secret is empty.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String returns REDACTED.
func (s Secret) String() string { return redacted }

// GoString returns REDACTED.
func (s Secret) GoString() string { return redacted }

// Format writes REDACTED for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalJSON returns "REDACTED".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText returns REDACTED.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns REDACTED.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
