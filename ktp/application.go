package ktp

// ApplicationType is why a card is asked for, a word of ApplicationTypes.
type ApplicationType string

const (
	TypeNew                ApplicationType = "new"
	TypeOldPaper           ApplicationType = "old_paper" // holder of an old paper KTP who never joined the mass program
	TypeLost               ApplicationType = "lost"
	TypeDamaged            ApplicationType = "damaged"
	TypeDataChange         ApplicationType = "data_change"
	TypeMovedIn            ApplicationType = "moved_in"
	TypeOutsideDomicile    ApplicationType = "outside_domicile"
	TypeForeignNew         ApplicationType = "foreign_new"
	TypeForeignExtension   ApplicationType = "foreign_extension"
	TypeForeignReplacement ApplicationType = "foreign_replacement"
)

// ApplicationRow pairs a type with the request type of OSIA's RequestData and tells whether
// the card is a KTP-el OA.
type ApplicationRow struct {
	Type    ApplicationType
	Request string // FIRST_ISSUANCE, RENEWAL, REPLACEMENT
	Foreign bool
}

// ApplicationTypes lists every type.
var ApplicationTypes = []ApplicationRow{
	{TypeNew, "FIRST_ISSUANCE", false},
	{TypeOldPaper, "FIRST_ISSUANCE", false},
	{TypeLost, "REPLACEMENT", false},
	{TypeDamaged, "REPLACEMENT", false},
	{TypeDataChange, "REPLACEMENT", false},
	{TypeMovedIn, "REPLACEMENT", false},
	{TypeOutsideDomicile, "REPLACEMENT", false},
	{TypeForeignNew, "FIRST_ISSUANCE", true},
	{TypeForeignExtension, "RENEWAL", true},
	{TypeForeignReplacement, "REPLACEMENT", true},
}

// Application finds the row of a type.
func Application(t ApplicationType) (ApplicationRow, bool) {
	for _, row := range ApplicationTypes {
		if row.Type == t {
			return row, true
		}
	}
	return ApplicationRow{}, false
}
