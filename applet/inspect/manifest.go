package inspect

import (
	"crypto/sha256"
	"slices"
	"strings"

	"blanko/chipdata"
	"blanko/ktp"
)

// manifest holds the files that the SOD does not list, and the fingers, against DG13.
func (i *inspection) manifest() (chipdata.Manifest, bool) {
	const name = "manifest"
	r := i.report
	data, ok := i.file(chipdata.BuildDG13)
	if !ok {
		r.add(name, "readable", notChecked)
		return chipdata.Manifest{}, false
	}
	m, err := chipdata.ParseDG13(data)
	if err != nil {
		r.add(name, "readable", found(err))
		return chipdata.Manifest{}, false
	}
	r.add(name, "readable", "readable")
	const same, fingers = "files equal to the manifest", "fingers and exceptions"
	if i.partial {
		r.skip(same, "equal", withoutSAM)
		r.skip(fingers, "complete", withoutSAM)
		return m, true
	}
	var want, got []string
	for _, f := range i.profile.Files {
		const inManifest = "manifest" // FileSpec.Hash
		if f.Hash != inManifest {
			continue
		}
		hash, listed := m.Hash(f.FID)
		data, there := i.files[f.FID]
		if listed || there {
			want = append(want, f.Name)
		}
		if listed && there && sha256.Sum256(data) == hash {
			got = append(got, f.Name)
		}
	}
	r.add(same, strings.Join(want, " "), strings.Join(got, " "))
	r.add(fingers, "complete", i.fingers(m))
	return m, true
}

// fingers says whether every default finger is on the card or has its exception, and no finger
// stands twice.
func (i *inspection) fingers(m chipdata.Manifest) string {
	var on []ktp.Finger
	for _, b := range []chipdata.Builder{chipdata.BuildFinger1, chipdata.BuildFinger2} {
		data, ok := i.file(b)
		if !ok {
			continue
		}
		f, err := chipdata.ParseFingerFile(data)
		if err != nil {
			return found(err)
		}
		if slices.Contains(on, f.Finger) {
			return "the same finger twice"
		}
		on = append(on, f.Finger)
	}
	for _, finger := range chipdata.DefaultFingers {
		excepted := slices.ContainsFunc(m.Exceptions, func(x ktp.FingerException) bool { return x.Finger == finger })
		switch present := slices.Contains(on, finger); {
		case present && excepted:
			return finger.String() + " is on the card and excepted"
		case !present && !excepted:
			return finger.String() + " is neither on the card nor excepted"
		}
	}
	return "complete"
}
