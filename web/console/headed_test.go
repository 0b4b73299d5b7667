package console

import "testing"

// A heading is no longer than a phone is wide: what the register drew at random is cut, the number of a chip never.
func TestHeadingsAreShort(t *testing.T) {
	t.Parallel()
	for heading, want := range map[string]string{
		"Usulan 3fa5e85b0c1d2e3f4a5b":                     "Usulan 3fa5e85b…",
		"Permohonan 0192d3c4-5b6a-7c8d-9e0f-112233445566": "Permohonan 0192d3c4…",
		"Kartu 0000A0B0C0D000000001":                      "Kartu 0000A0B0C0D000000001",
		"Kartu 00000000000000000001":                      "Kartu 00000000000000000001",
		"Permohonan req-1":                                "Permohonan req-1",
	} {
		if got := headed(heading); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
