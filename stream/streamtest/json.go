package streamtest

import "encoding/json"

// JSON is a generated type as its venue writes it, for replies and events that a fake makes up.
func JSON(v json.Marshaler) []byte {
	b, err := v.MarshalJSON()
	if err != nil {
		panic(err) // generated types have no error to return
	}
	return b
}
