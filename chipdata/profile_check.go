package chipdata

import (
	"fmt"
	"slices"
)

// Bounds of what a profile may say.
const (
	maxUsable   = 32766 // DG2 stays below 32,767 bytes so that 15-bit offsets reach everything
	maxChunk    = 239   // 240 bytes of cipher and 8 of MAC are one I-block at FSC 256
	maxExtended = 32735 // with padding, MAC and header within the 32,767 bytes of a Java Card APDU
	minChunk    = 16
	maxPixels   = 1024 // a side of a picture on a chip
	aidLeast    = 5    // ISO/IEC 7816-4
	aidMost     = 16
	maxSFI      = 30
	idLength    = 8
	jpeg2000    = "jpeg2000"
	jpegCodec   = "jpeg"
	hashSOD     = "sod"
	hashDG13    = "manifest"
	readFree    = "free"
	readSAM     = "sam"
	macShort    = 8
	macLong     = 16
	levelAll    = 0x33
	levelNoRMAC = 0x03
)

var allBuilders = []Builder{
	BuildPROF, BuildCOM, BuildDG1, BuildDG2, BuildDG7, BuildDG11, BuildDG11And, BuildDG12, BuildDG13,
	BuildDG14, BuildDG15, BuildFinger1, BuildFinger2, BuildBIO, BuildSOD,
}

// mustHave are the files without which a card is no KTP-el of this profile.
var mustHave = []Builder{BuildPROF, BuildCOM, BuildDG1, BuildDG2, BuildDG7, BuildDG13, BuildFinger1, BuildFinger2, BuildSOD}

// check names the first field that is wrong and why, or returns two empty strings.
func (p *Profile) check() (field, reason string) {
	switch {
	case p.Name == "":
		return "name", "is missing"
	case len(p.ID) != idLength:
		return "id", fmt.Sprintf("has %d characters, needed are %d", len(p.ID), idLength)
	case p.Version == 0:
		return "version", "is missing"
	case p.Program == "":
		return "program", "is missing"
	case p.UsableBytes < 1 || p.UsableBytes > maxUsable:
		return "usable_bytes", fmt.Sprintf("is outside 1 to %d", maxUsable)
	case len(p.AID) < aidLeast || len(p.AID) > aidMost:
		return "aid", "has the wrong length"
	case len(p.ICAOAID) < aidLeast || len(p.ICAOAID) > aidMost:
		return "icao_aid", "has the wrong length"
	case p.Chunk < minChunk || p.Chunk > p.maxChunk():
		return "chunk", fmt.Sprintf("is outside %d to %d", minChunk, p.maxChunk())
	case p.Minutiae.Least < 1 || p.Minutiae.Least > p.Minutiae.Most || p.Minutiae.Most > 255:
		return "minutiae", "is not 1 <= least <= most <= 255"
	}
	for _, part := range []func() (string, string){p.checkKeys, p.checkFiles, p.checkPictures, p.checkAccess} {
		if field, reason = part(); reason != "" {
			return field, reason
		}
	}
	return "", ""
}

// maxChunk is the longest chunk of the kind of APDUs that the chip type takes.
func (p *Profile) maxChunk() int {
	if p.Quirks.ExtendedLength {
		return maxExtended
	}
	return maxChunk
}

func (p *Profile) checkKeys() (field, reason string) {
	k := p.Keys
	kvns := []byte{k.Transport, k.Issuer, k.SAM, k.Admin}
	for i, v := range kvns {
		if v == 0 || v > 0x7F || slices.Contains(kvns[:i], v) {
			return "keys", "the four key versions are not distinct numbers of 01 to 7F"
		}
	}
	switch {
	case k.SCP != 0x03:
		return "keys.scp", "only SCP03 is spoken"
	case k.Level != levelAll && k.Level != levelNoRMAC:
		return "keys.level", "is neither 33 nor 03"
	case k.MACLength != macShort && k.MACLength != macLong:
		return "keys.mac_length", "is neither 8 nor 16"
	case k.KeyLength != 16 && k.KeyLength != 24 && k.KeyLength != 32:
		return "keys.key_length", "is no AES key length"
	case k.Derivation != "kdf3":
		return "keys.derivation", "only kdf3 is known"
	}
	return "", ""
}

func (p *Profile) checkFiles() (field, reason string) {
	fids, sfis, seen := map[uint16]bool{}, map[byte]bool{}, map[Builder]bool{}
	for i, f := range p.Files {
		field = fmt.Sprintf("files[%d]", i)
		switch {
		case !slices.Contains(allBuilders, f.Builder):
			return field, fmt.Sprintf("no builder %q", f.Builder)
		case f.FID == 0 || fids[f.FID]:
			return field, "the file id is missing or used twice"
		case f.SFI < 1 || f.SFI > maxSFI || sfis[f.SFI]:
			return field, "the short file id is out of range or used twice"
		case seen[f.Builder]:
			return field, "the builder is used twice"
		case f.Name == "":
			return field, "the name is missing"
		case f.Read != readFree && f.Read != readSAM:
			return field, "read is neither free nor sam"
		case f.Reference < 1:
			return field, "the benchmark size is missing"
		case f.Hash != "" && f.Hash != hashSOD && f.Hash != hashDG13:
			return field, "hash is neither sod nor manifest nor empty"
		case (f.Hash == hashSOD) != (f.DataGroup() > 0):
			return field, "the SOD lists the data groups and nothing else"
		case (f.Hash == hashDG13) != (f.Builder == BuildFinger1 || f.Builder == BuildFinger2 || f.Builder == BuildBIO):
			return field, "the manifest lists the fingers and EF.BIO and nothing else"
		case (len(f.Codecs) > 0) != (f.Builder == BuildDG2 || f.Builder == BuildDG7):
			return field, "picture files have codecs, others have none"
		}
		for _, c := range f.Codecs {
			if c != jpeg2000 && c != jpegCodec {
				return field, fmt.Sprintf("no codec %q", c)
			}
		}
		fids[f.FID], sfis[f.SFI], seen[f.Builder] = true, true, true
	}
	for _, b := range mustHave {
		if !seen[b] {
			return "files", fmt.Sprintf("%s is missing", b)
		}
	}
	switch {
	case seen[BuildDG11] == seen[BuildDG11And]:
		return "files", "exactly one of dg11 and dg11+dg12 is needed"
	case seen[BuildDG11And] && seen[BuildDG12]:
		return "files", "dg12 stands twice"
	case p.Files[0].Builder != BuildPROF:
		return "files", "EF.PROF is not the first"
	case p.Files[len(p.Files)-1].Builder != BuildSOD:
		return "files", "EF.SOD is not the last"
	}
	return "", ""
}

func (p *Profile) checkPictures() (field, reason string) {
	for _, b := range []struct {
		field string
		PictureBudget
	}{{"photo", p.Photo}, {"signature", p.Signature}} {
		if b.Least < 1 || b.Most < b.Least || b.Most > maxUsable {
			return b.field, "least and most are not in order"
		}
		if len(b.Sizes) == 0 {
			return b.field, "no pixel size"
		}
		for i, s := range b.Sizes {
			if s.Width < 1 || s.Height < 1 || s.Width > maxPixels || s.Height > maxPixels || s.Floor <= 0 {
				return fmt.Sprintf("%s.sizes[%d]", b.field, i), "width, height or floor is out of range"
			}
			if i > 0 && s.Width*s.Height >= b.Sizes[i-1].Width*b.Sizes[i-1].Height {
				return fmt.Sprintf("%s.sizes[%d]", b.field, i), "is not smaller than the one before"
			}
		}
	}
	return "", ""
}

func (p *Profile) checkAccess() (field, reason string) {
	if len(p.Access) == 0 {
		return "access", "is empty"
	}
	for i, a := range p.Access {
		field = fmt.Sprintf("access[%d]", i)
		switch {
		case a.Name == "":
			return field, "the name is missing"
		case a.View != "icao" && a.View != "issuer":
			return field, "view is neither icao nor issuer"
		case a.Channel != "plain" && a.Channel != "sam":
			return field, "channel is neither plain nor sam"
		case a.SW < 0x6200 || a.SW > 0x6FFF:
			return field, "sw is no refusal"
		}
		switch a.Act {
		case "read", "update":
			if _, ok := p.FileByID(a.File); !ok || a.KVN != 0 {
				return field, "names no file of the profile"
			}
		case "initialize_update":
			if a.KVN == 0 || a.File != 0 {
				return field, "names no key version"
			}
		default:
			return field, fmt.Sprintf("no act %q", a.Act)
		}
	}
	return "", ""
}
