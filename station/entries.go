package station

import (
	"slices"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/applet/pcsc"
	"blanko/artwork"
	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/fault"
	"blanko/jobs"
	"blanko/keys"
	"blanko/keys/pkcs11"
	"blanko/keys/sam"
	"blanko/paper"
	"blanko/personalize"
	device "blanko/printer"
	"blanko/printer/evolis"
	"blanko/printer/magicard"
	"blanko/printer/matica"
	"blanko/printer/spool"
	"blanko/printer/usb"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/registry/datacenter"
	"blanko/registry/lists"
	"blanko/registry/osia"
	"blanko/registry/standard"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/backup"
	"blanko/ups"
	"blanko/web"
)

// Entries are the fault entries of every room of the product.
func Entries() []fault.Entry {
	return slices.Concat(
		applet.Faults, icao.Faults, inspect.Faults, pcsc.Faults, artwork.Faults, finger.Faults, extract.Faults, chipdata.Faults, openjpeg.Faults, jobs.Faults, keys.Faults, pkcs11.Faults, sam.Faults,
		paper.Faults, personalize.Faults, device.Faults, evolis.Faults, magicard.Faults, matica.Faults, spool.Faults, usb.Faults, registry.Faults, audit.Faults, lists.Faults, backup.Faults, datacenter.Faults, osia.Faults,
		standard.Faults, stock.Faults, store.Faults, ups.Faults, web.Faults, Faults,
	)
}

// entryOf finds the entry of a code.
func entryOf(code fault.Code) (fault.Entry, bool) {
	all := Entries()
	i := slices.IndexFunc(all, func(e fault.Entry) bool { return e.Code == code })
	if i < 0 {
		return fault.Entry{}, false
	}
	return all[i], true
}
