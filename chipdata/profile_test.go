package chipdata

import "testing"

func TestEmbeddedProfiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		files, total int // card profile KTPEL-OP 1, section 3.1
		groups       int
	}{{"ktpel-op-1-32k", 14, 16384, 8}, {"ktpel-op-1-8k", 10, 5974, 5}} {
		p, err := LoadProfile(c.name)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, f := range p.Files {
			total += f.Reference
		}
		if len(p.Files) != c.files || total != c.total || len(p.groups()) != c.groups {
			t.Errorf("%s: %d files, %d bytes, %d data groups", c.name, len(p.Files), total, len(p.groups()))
		}
	}
}
