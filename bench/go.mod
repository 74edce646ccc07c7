module github.com/venuewire/venuewire/bench

go 1.25.0

require (
	github.com/goccy/go-json v0.12.0
	github.com/gorilla/websocket v1.5.3
	github.com/stretchr/testify v1.12.1
	github.com/venuewire/venuewire v0.0.0
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace github.com/venuewire/venuewire => ../
