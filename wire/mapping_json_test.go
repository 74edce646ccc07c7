package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func TestMapIsWrittenAsAnObject(t *testing.T) {
	b, err := json.Marshal(wire.Map[int64, string]{{Key: 7, Value: "a"}, {Key: 3, Value: "b"}})
	require.NoError(t, err)
	require.Equal(t, `{"7":"a","3":"b"}`, string(b))
	b, err = json.Marshal(wire.Map[string, int]{})
	require.NoError(t, err)
	require.Equal(t, `{}`, string(b))
}
