package osia

import _ "embed"

// document is the OpenAPI document of the operations, as it is committed and served.
//
//go:embed openapi.yaml
var document []byte
