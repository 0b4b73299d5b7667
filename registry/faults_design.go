package registry

import "blanko/fault"

// DesignUnapproved: a card profile, a template or a service standard that nobody let be used.
var DesignUnapproved = fault.Entry{
	Code: "registry.design_unapproved", Kind: fault.Denied,
	ID:      "Profil kartu, templat muka, atau standar pelayanan ini belum disetujui dua orang dan ditandatangani token; tidak ada blangko yang diumpankan.",
	EN:      "This card profile, template of the face or service standard was not approved by two persons and signed by the token; no blank is fed.",
	StepsID: []string{"Lihat yang belum disetujui: blanko design list", "Dua orang menyetujuinya pada mesin dengan token: blanko design approve"},
	StepsEN: []string{"See what is not approved: blanko design list", "Two persons approve it at the machine with the token: blanko design approve"},
}
