module whippet/conformance/client

go 1.26.0

require github.com/apache/iggy/foreign/go v0.7.0

require (
	github.com/avast/retry-go v3.0.0+incompatible // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/klauspost/compress v1.18.5 // indirect
)
