package printer

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

type namedModel struct {
	id    string
	match []string
}

func TestReadModels(t *testing.T) {
	t.Parallel()
	wrong := errors.New("no data file")
	parse := func(b []byte) (*namedModel, error) {
		if len(b) == 0 {
			return nil, wrong
		}
		return &namedModel{id: string(b)}, nil
	}
	files := fstest.MapFS{"models/b.yaml": {Data: []byte("b")}, "models/a.yaml": {Data: []byte("a")}, "models/notes.txt": {}}
	all, err := ReadModels(files, parse)
	if err != nil || len(all) != 2 || all[0].id != "a" || all[1].id != "b" {
		t.Errorf("%+v, %v", all, err)
	}
	files["models/c.yaml"] = &fstest.MapFile{}
	if _, err := ReadModels(files, parse); !errors.Is(err, wrong) || !strings.Contains(err.Error(), "c.yaml") {
		t.Errorf("a file that is none: %v", err)
	}
}

func TestModelNamed(t *testing.T) {
	t.Parallel()
	models := []*namedModel{{"short", []string{"Rio"}}, {"long", []string{"Rio Pro", "RioPro-X"}}, {"none", nil}}
	other := append(models[:len(models):len(models)], &namedModel{"other", []string{""}})
	for _, c := range []struct {
		models     []*namedModel
		told, want string
	}{
		{models, "Rio", "short"},
		{models, "Maker RIO_pro 360", "long"},
		{models, "riopro-x", "long"},
		{models, "Tango", ""},
		{models, "", ""},
		{other, "Tango", "other"},
		{other, "rio", "short"},
		{other, "", "other"},
	} {
		got := ModelNamed(c.models, "maker", c.told, func(m *namedModel) []string { return m.match })
		if got == nil && c.want != "" || got != nil && got.id != c.want {
			t.Errorf("%q: %+v, want %q", c.told, got, c.want)
		}
	}
}
