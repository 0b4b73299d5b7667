package inspect

import (
	"slices"

	"blanko/applet"
	"blanko/chipdata"
)

// What a check says where a file that it needs could not be read.
const notChecked = "not checked"

// judge concludes from the files that were read: passive authentication, one person in all of
// them, manifest, fingers, and the data center's signature.
func (i *inspection) judge() {
	r := i.report
	if i.want.Attempt != r.Attempt && !i.want.Attempt.IsZero() && !r.Attempt.IsZero() {
		r.WrongPerson = true
	}
	if len(i.files) == 0 {
		return
	}
	i.station = i.passive()
	before := len(r.Checks)
	manifest, ok := i.manifest()
	i.persons()
	i.torn = anyFailed(r.Checks[before:])
	i.center = i.vouched(manifest, ok)
	r.Genuine = i.station == Good && i.center == Good && r.State == applet.Active && r.Passed()
}

func anyFailed(list []Check) bool {
	return slices.ContainsFunc(list, func(c Check) bool { return !c.OK })
}

// file finds what was read of the file with a builder.
func (i *inspection) file(b chipdata.Builder) ([]byte, bool) {
	f, ok := i.profile.File(b)
	if !ok {
		return nil, false
	}
	data, ok := i.files[f.FID]
	return data, ok
}

// details is DG11, whichever of its two forms the profile has.
func (i *inspection) details() ([]byte, bool) {
	if data, ok := i.file(chipdata.BuildDG11); ok {
		return data, true
	}
	return i.file(chipdata.BuildDG11And)
}
