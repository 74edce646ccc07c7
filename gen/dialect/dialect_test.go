package dialect_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/dialect"
	"github.com/venuewire/venuewire/gen/ir"
)

func TestEveryDialectIsFoundByItsName(t *testing.T) {
	t.Parallel()
	for _, d := range dialect.All() {
		got, ok := dialect.ByName(d.Name)
		require.True(t, ok)
		require.Equal(t, d, got)
		require.NotEmpty(t, d.Doc)
		require.NotEmpty(t, d.Forms)
	}
	_, ok := dialect.ByName("telex")
	require.False(t, ok)
}

func TestWhatDialectsRead(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		form           ir.Form
		ids, text, ver dialect.Use
	}{
		"rpc-envelope":   {ir.FormObject, dialect.Due, dialect.Never, dialect.Due},
		"method-channel": {ir.FormObject, dialect.Due, dialect.Never, dialect.Never},
		"event-array":    {ir.FormArray, dialect.Never, dialect.May, dialect.Never},
		"text-topic":     {ir.FormText, dialect.Never, dialect.May, dialect.Never},
		"tuple-channel":  {ir.FormTuple, dialect.Due, dialect.Never, dialect.Never},
	} {
		d, ok := dialect.ByName(name)
		require.True(t, ok, name)
		require.True(t, d.Takes(want.form), name)
		require.Equal(t, want.ids, d.IDs, name)
		require.Equal(t, want.text, d.Texts, name)
		require.Equal(t, want.ver, d.Versions, name)
	}
	d, _ := dialect.ByName("rpc-envelope")
	require.False(t, d.Takes(ir.FormTuple))
}
