package public

import _ "embed"

// document is the OpenAPI document of the pages, as it is committed and served.
//
//go:embed openapi.yaml
var document []byte
