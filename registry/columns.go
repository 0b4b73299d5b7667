package registry

import (
	"slices"

	"blanko/registry/access"
	"blanko/store"
)

// The columns of this room that are sealed. Every one is in SealedColumns.
var (
	sealedAttachment = store.BytesColumn("attachment", "sealed_data", "id")
	sealedPicture    = store.BytesColumn("capture_part", "sealed_data", "application", "part")
	sealedTemplate   = store.BytesColumn("capture_part", "sealed_template", "application", "part")
	sealedSecond     = store.BytesColumn("capture_part", "sealed_second", "application", "part")
	sealedComplaint  = store.TextColumn("complaint", "sealed_content", "id")
	sealedProof      = store.BytesColumn("confirmation", "sealed_proof", "application", "number")
	sealedOthers     = store.TextColumn("credential_others", "sealed_others", "attempt")
	sealedWitnesses  = store.TextColumn("destruction", "sealed_witnesses", "id")
	sealedForeign    = store.TextColumn("foreign_card", "sealed_detail", "id")
	sealedEnrolled   = store.BytesColumn("gallery", "sealed_template", "seq")
	sealedEvidence   = store.BytesColumn("picture", "sealed_data", "digest")
	sealedProxy      = store.TextColumn("handover", "sealed_to", "application")
	sealedApplicant  = store.TextColumn("intake", "sealed_person", "application")
	sealedDetail     = store.TextColumn("intake", "sealed_detail", "application")
	sealedProposal   = store.TextColumn("proposal", "sealed_content", "id")
	sealedPerson     = store.TextColumn("record", "person", "application")
	sealedFingers    = store.TextColumn("record", "fingers", "application")
	sealedExceptions = store.TextColumn("record", "exceptions", "application")
	sealedPart       = store.BytesColumn("record_part", "data", "application", "name")
	sealedNumber     = store.TextColumn("requirement", "sealed_number", "application", "id")
	sealedResident   = store.TextColumn("resident", "sealed_person", "list", "id")
	sealedSecret     = store.BytesColumn("secret", "value", "name")
	sealedBreach     = store.TextColumn("breach", "sealed_content", "id")
	sealedNote       = store.TextColumn("note", "sealed_text", "event")
)

// SealedColumns are all columns of the ledger that hold personal data, or the key of the index by which a
// person is found.
func SealedColumns() []store.Column {
	return slices.Concat(access.SealedColumns(), []store.Column{
		sealedAttachment, sealedPicture, sealedTemplate, sealedSecond, sealedComplaint, sealedProof, sealedOthers, sealedWitnesses,
		sealedForeign, sealedEnrolled, sealedProxy, sealedApplicant, sealedDetail, sealedProposal, sealedPerson, sealedFingers,
		sealedExceptions, sealedPart, sealedNumber, sealedResident, sealedSecret, sealedBreach, sealedEvidence, sealedNote,
	})
}
