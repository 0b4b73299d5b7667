package inspect

import (
	"context"
	"fmt"

	"blanko/applet"
	"blanko/chipdata"
)

// Words of the profile's access table.
const (
	viewIssuer   = "issuer"
	viewICAO     = "icao"
	channelPlain = "plain"
	channelSAM   = "sam"

	actRead       = "read"
	actUpdate     = "update"
	actInitialize = "initialize_update"
)

// issuerView tries what nobody may do without a channel.
func (i *inspection) issuerView(ctx context.Context) error {
	if i.report.State == "" {
		return nil
	}
	return i.rules(ctx, viewIssuer, channelPlain)
}

// icaoView tries the ICAO view, or proves that it is closed.
func (i *inspection) icaoView(ctx context.Context) error {
	if i.report.State == "" {
		return nil
	}
	want := applet.SWOK
	name := "ICAO view open"
	if !i.want.ICAOView {
		want, name = applet.SWFileNotFound, "ICAO view closed"
	}
	a, err := i.card.Plain(ctx, applet.SelectApplication(i.profile.ICAOAID))
	if err != nil {
		return err
	}
	i.report.add(name, word(want), word(a.SW))
	if !i.want.ICAOView {
		for _, rule := range i.profile.Access {
			if rule.View == viewICAO {
				i.report.skip(rule.Name, word(applet.Status(rule.SW)), notApplicable)
			}
		}
		return nil
	}
	return i.rules(ctx, viewICAO, channelPlain)
}

// rules walks the rows of the access table for one view and channel; each try must get exactly
// the answer of its row.
func (i *inspection) rules(ctx context.Context, view, channel string) error {
	for _, rule := range i.profile.Access {
		if rule.View != view || rule.Channel != channel {
			continue
		}
		want := word(applet.Status(rule.SW))
		absent, sure := i.absent(rule.File)
		if absent && sure {
			want = word(applet.SWFileNotFound)
		}
		cmd, ok := i.command(rule)
		if !ok {
			i.report.add(rule.Name, want, "no such try")
			continue
		}
		var a applet.Answer
		var err error
		if channel == channelSAM {
			a, err = i.card.Sealed(ctx, cmd)
		} else {
			a, err = i.card.Plain(ctx, cmd)
		}
		if err != nil {
			return err
		}
		got := word(a.SW)
		i.report.note(rule.Name, want, got, got == want || absent && a.SW == applet.SWFileNotFound)
	}
	return nil
}

// absent reports whether the card may have been made without the file, as a finger slot may be
// empty, and whether that is known: by the plan, or by the manifest where it was read.
func (i *inspection) absent(fid uint16) (absent, sure bool) {
	f, ok := i.profile.FileByID(fid)
	if !ok || !isFinger(f) && i.hashes == nil {
		return false, true
	}
	if len(i.hashes) > 0 {
		_, there := i.hashes[fmt.Sprintf("%04X", fid)]
		return !there, true
	}
	if data, ok := i.file(chipdata.BuildDG13); ok {
		if m, err := chipdata.ParseDG13(data); err == nil {
			_, there := m.Hash(fid)
			return !there, true
		}
	}
	return true, false
}

// command is the try of a row. Nothing is meant to come of it; should the card take the write,
// it writes the byte that stands there already, where that is known.
func (i *inspection) command(rule chipdata.AccessRule) (applet.Command, bool) {
	const updateBinary, shortID = 0xD6, 0x80 // ISO/IEC 7816-4: UPDATE BINARY, P1 with a short file id
	cla := byte(0x00)
	if rule.Channel == channelSAM {
		cla = claSealed
	}
	f, _ := i.profile.FileByID(rule.File)
	switch rule.Act {
	case actRead:
		return applet.ReadShort(cla, f.SFI, 1), f.SFI != 0
	case actUpdate:
		return applet.Command{CLA: cla, INS: updateBinary, P1: shortID | f.SFI, Data: []byte{i.firstByte(f)}}, f.SFI != 0
	case actInitialize:
		return applet.InitializeUpdate(rule.KVN, [8]byte{}), true // no key is needed for a refusal
	}
	return applet.Command{}, false
}

// firstByte is what a file begins with.
func (i *inspection) firstByte(f chipdata.FileSpec) byte {
	const tagDG1 = 0x61
	if data := i.files[f.FID]; len(data) > 0 {
		return data[0]
	}
	if i.want.Plan != nil {
		for _, planned := range i.want.Plan.Files {
			if planned.FID == f.FID && len(planned.Data) > 0 {
				return planned.Data[0]
			}
		}
	}
	return tagDG1
}
