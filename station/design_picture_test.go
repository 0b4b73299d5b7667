package station

import (
	"bytes"
	"image/png"
	"testing"

	"blanko/artwork"
	"blanko/registry"
)

// Every face has a picture that may be kept with its approval, and no two faces have the same.
func TestDesignPicture(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, name := range artwork.Names() {
		content, err := designPicture(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := png.DecodeConfig(bytes.NewReader(content))
		if err != nil || m.Width < 400 || len(content) > registry.MostDesignPicture {
			t.Errorf("%s: %d wide, %d bytes, %v", name, m.Width, len(content), err)
		}
		if other := seen[string(content)]; other != "" {
			t.Errorf("%s looks like %s", name, other)
		}
		seen[string(content)] = name
	}
}
