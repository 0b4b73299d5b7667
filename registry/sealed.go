package registry

import "encoding/json"

// sealed is personal data as a column holds it; every column of it is named sealed_.
func sealed(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// unsealed reads what sealed wrote.
func unsealed(column string, into any) error { return json.Unmarshal([]byte(column), into) }
