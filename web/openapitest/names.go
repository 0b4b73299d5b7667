package openapitest

import "strings"

// Taken are the names of everything in the body of an operation's request, through references and lists.
func (d *Document) Taken(op *Operation) (names []string) {
	var walk func(schema map[string]any)
	walk = func(schema map[string]any) {
		schema = d.resolve(schema)
		if items, ok := schema["items"].(map[string]any); ok {
			walk(items)
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, inner := range properties {
			names = append(names, name)
			walk(inner.(map[string]any))
		}
	}
	for _, c := range op.RequestBody.Content {
		walk(c.Schema)
	}
	return names
}

// resolve follows a reference of the document.
func (d *Document) resolve(schema map[string]any) map[string]any {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		schema = d.raw[strings.TrimPrefix(ref, schemasAt)]
	}
}
