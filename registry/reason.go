package registry

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Because is why somebody does an operation: a code of [Reasons], which the event log keeps for ever, and a note
// for what no code says. A note is personal data and stands apart; see [Note].
type Because struct {
	Reason string
	Note   string `json:",omitempty"`
}

func (b Because) because() Because { return b }

// reasoned is an operation that is done for a reason.
type reasoned interface{ because() Because }

// Other is the reason that its note alone tells.
const Other = "other"

// longestNote bounds a note, in characters.
const longestNote = 500

// reasonForm is the form of every reason in the event log.
var reasonForm = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,63}$`)

// ReasonsOf are the reasons that an operation takes.
type ReasonsOf struct {
	Operation Name
	Optional  bool // or none
	Codes     []string
}

// Reasons is the table of all reasons.
var Reasons = []ReasonsOf{
	{opAbandon, false, []string{"applicant", "died", "moved", "twice", "data_wrong", Other}},
	{opAdjudicate, false, []string{"faces_agree", "faces_differ", "data_agree", "data_differ", "twins", "looked_at", Other}},
	{opAllowBlank, false, []string{"mistyped", "found", Other}},
	{opCallThis, false, []string{"frail", "with_child", "pregnant", "disabled", "urgent", "came_back", Other}},
	{opCancel, false, []string{"applicant", "died", "moved", "twice", "data_wrong", Other}},
	{opClearDuplicate, false, []string{"other_record_deleted", "twins", "faces_differ", "data_differ", Other}},
	{opCloseApplication, false, []string{"same_person", "unreadable", "quality", "applicant", "died", Other}},
	{opCloseReturned, false, []string{"applicant", "died", "moved", "withdrawn", "uncollected", Other}},
	{opDecide, true, []string{"changed", "count_differs", "data_wrong", "not_convincing", "too_late", Other}},
	{opDeclareMissing, false, []string{"missing", "stolen", "flood", "fire", Other}},
	{opDeclareLost, false, []string{"not_found", "destroyed_in_machine", "stolen", Other}},
	{opDenyBlank, false, []string{"stolen", "missing", "recalled_lot", Other}},
	{opDismissIncident, false, []string{"cable", "false_alarm", "maintenance", "passed", Other}},
	{opDrawTestBlanks, false, []string{"calibration", "new_roll", "new_head", "maintenance", "training", Other}},
	{opEndCard, false, EndReasons},
	{opEndSuket, false, []string{"lost", "data_wrong", "not_needed", Other}},
	{opExceptMatch, false, []string{"worn_fingers", "no_fingers", "injured", Other}},
	{opFindSAM, false, []string{"found", "returned", Other}},
	{opHandOverAlone, false, []string{"alone_on_duty", "old_card_lost", Other}},
	{opHandOverToProxy, false, []string{"ill", "frail", "disabled", "abroad", "detained", Other}},
	{opHold, false, []string{"applicant", "check", "complaint", "court", "police", "place_closed", Other}},
	{opHoldCard, false, []string{"police", "court", "fraud", "found", Other}},
	{opImportDenied, false, []string{"stolen", "missing", "recalled_lot", Other}},
	{opLoseConsignment, false, []string{"robbed", "missing", "accident", "flood", "fire", Other}},
	{opLoseSAM, false, []string{"missing", "stolen"}},
	{opMarkOrder, false, []string{"flood", "earthquake", "fire", "landslide", "waits_long", Other}},
	{opMoveOrder, false, []string{"disaster", "journey", "urgent", "frail", "waits_long", Other}},
	{opPauseLine, true, []string{"operator", "break", "cleaning", "maintenance", "supplies", Other}},
	{opRecallUncollected, false, []string{"uncollected", "died", "moved", "withdrawn", Other}},
	{opRecapture, false, []string{"blurred", "unreadable", "unreadable_at_center", "wrong_person", "data_wrong", Other}},
	{opRedirect, false, []string{"wish", "moved", "wrong_place", "place_closed", Other}},
	{opRegisterOverride, true, []string{"follows", "known_here", "destroyed", "disaster", Other}},
	{opRegisterUnmatched, true, []string{"follows", "known_here", "destroyed", "disaster", Other}},
	{opReject, false, []string{"not_obliged", "data_wrong", "incomplete", "forged", "has_card", Other}},
	{opRemake, false, []string{"damaged", "lost", "misprint", "mismatch", "wrong_data", "chip_unreadable", "photo", Other}},
	{opRemoveAttachment, false, []string{"unreadable", "wrong_paper", "wrong_person", "twice", Other}},
	{opReopenComplaint, false, []string{"not_content", "new_facts", "answered_another", Other}},
	{opRemoveRoll, true, []string{"test_cards", "panels_cut", "not_full", "printed_elsewhere", "told_wrongly", "not_told", "unexplained", Other}},
	{opResend, false, []string{"no_answer", "no_record", "search_failed", Other}},
	{opRetireCard, false, []string{
		"damaged", "misprint", "mismatch", "wrong_data", "chip_unreadable", "photo", "refused_by_holder", "applicant", "died", "moved",
		"withdrawn", "uncollected", "recalled", "stolen", "court", Other,
	}},
	{opReturnCard, false, ReturnReasons},
	{opSetApart, false, []string{"face_differs", "data_differ", "not_genuine", Other}},
	{opSettleShift, false, []string{"missing", "found", "miscounted", "damaged", "stolen", Other}},
	{opTakeBackSAM, false, []string{"returned", "broken", "replaced"}},
	{opTakeThis, false, []string{"disaster", "journey", "urgent", "only_one_here", Other}},
	{opUnmask, false, []string{"at_counter", "check", "complaint", "correction", "court", Other}},
	{opReadNote, false, []string{"at_counter", "check", "complaint", "correction", "court", Other}},
	{opUnpack, false, []string{"wrong_consignment", "redirected", "damaged", "withdrawn", Other}},
	{opWithdrawPaper, false, []string{"wrong_person", "data_wrong", "misprint", "lost", Other}},
}

// ReasonsFor are the reasons of an operation; none: it is done for none.
func ReasonsFor(n Name) ReasonsOf {
	i := slices.IndexFunc(Reasons, func(r ReasonsOf) bool { return r.Operation == n })
	if i < 0 {
		return ReasonsOf{}
	}
	return Reasons[i]
}

// justified refuses a reason that is none of the operation's, and one that says nothing.
func (a *act) justified(b Because) error {
	const op = "registry.Do"
	list := ReasonsFor(a.row.Name)
	switch {
	case b.Reason == "" && list.Optional:
	case !slices.Contains(list.Codes, b.Reason):
		return list.refuse("reason")
	case b.Reason == Other && b.Note == "":
		return badOperation.At(op, nil).With("note", "what %q stands for", Other)
	}
	if !utf8.ValidString(b.Note) || utf8.RuneCountInString(b.Note) > longestNote {
		return badOperation.At(op, nil).With("note", "at most %d characters", longestNote)
	}
	return nil
}

// letPass is the note to reasons that stand elsewhere; one of them may need it.
func letPass(list []Override, note string) Because {
	if slices.ContainsFunc(list, func(v Override) bool { return v.Reason == Other }) {
		return Because{Other, note}
	}
	return Because{Note: note}
}

// aCode refuses a reason of a system that is no code.
func aCode(op, reason string) error {
	if !reasonForm.MatchString(reason) {
		return badOperation.At(op, nil).With("reason", "a code: %s", reasonForm)
	}
	return nil
}

func (l ReasonsOf) refuse(field string) error {
	return badOperation.At("registry.Do", nil).With(field, "one of these codes: %s", strings.Join(l.Codes, ", "))
}

// ReasonWords is a reason in Indonesian and English; known is false for a code that is none.
func ReasonWords(code string) (id, en string, known bool) {
	w, known := reasonWords[code]
	return w[0], w[1], known
}

var reasonWords = map[string][2]string{
	"abroad":               {"di luar negeri", "abroad"},
	"accident":             {"kecelakaan di jalan", "accident on the way"},
	"alone_on_duty":        {"bertugas sendirian", "alone on duty"},
	"calibration":          {"kalibrasi", "calibration"},
	"new_head":             {"kepala cetak baru", "a new print head"},
	"new_roll":             {"pita atau film baru", "a new ribbon or film"},
	"old_card_lost":        {"KTP lama hilang", "the old card is lost"},
	"answered_another":     {"jawaban bukan untuk pengaduan ini", "the answer is to another complaint"},
	"applicant":            {"atas permintaan pemohon", "the applicant wishes it"},
	"at_counter":           {"pemiliknya di loket", "the person is at the counter"},
	"blurred":              {"kabur", "blurred"},
	"break":                {"istirahat", "break"},
	"broken":               {"rusak", "broken"},
	"cable":                {"kabel lepas", "a cable was loose"},
	"came_back":            {"kembali melengkapi berkas", "came back with a paper"},
	"changed":              {"keadaan sudah berubah", "things have changed"},
	"check":                {"pemeriksaan data", "to check the data"},
	"chip_unreadable":      {"chip tidak terbaca", "chip not readable"},
	"cleaning":             {"pembersihan", "cleaning"},
	"complaint":            {"pengaduan", "complaint"},
	"correction":           {"pembetulan", "correction"},
	"count_differs":        {"jumlah berbeda", "the count differs"},
	"court":                {"putusan pengadilan", "court ruling"},
	"damaged":              {"rusak", "damaged"},
	"data_agree":           {"data sama", "the data agrees"},
	"data_differ":          {"data berbeda", "the data differs"},
	"data_wrong":           {"data tidak sesuai", "wrong data"},
	"destroyed":            {"musnah atau hilang", "destroyed or lost"},
	"destroyed_in_machine": {"hancur di dalam mesin", "destroyed in the machine"},
	"detained":             {"dalam tahanan", "detained"},
	"died":                 {"meninggal dunia", "died"},
	"disabled":             {"penyandang disabilitas", "with a disability"},
	"disaster":             {"korban bencana", "victim of a disaster"},
	"earthquake":           {"gempa bumi", "earthquake"},
	"face_differs":         {"wajah berbeda", "another face"},
	"faces_agree":          {"wajah sama", "the faces agree"},
	"faces_differ":         {"wajah berbeda", "the faces differ"},
	"false_alarm":          {"laporan keliru", "false alarm"},
	"fire":                 {"kebakaran", "fire"},
	"flood":                {"banjir", "flood"},
	"follows":              {"menyusul", "follows later"},
	"forged":               {"surat diduga palsu", "a paper that seems forged"},
	"found":                {"ditemukan", "found"},
	"frail":                {"lanjut usia atau lemah", "elderly or frail"},
	"fraud":                {"dugaan penipuan", "suspected fraud"},
	"has_card":             {"sudah memiliki KTP-el", "has a card already"},
	"ill":                  {"sakit", "ill"},
	"incomplete":           {"berkas tidak lengkap", "papers are missing"},
	"injured":              {"jari terluka", "an injured finger"},
	"journey":              {"segera bepergian", "about to travel"},
	"known_here":           {"sudah ada di arsip Dinas", "already in the archive of the Dinas"},
	"landslide":            {"tanah longsor", "landslide"},
	"looked_at":            {"sudah diperiksa", "looked at"},
	"lost":                 {"hilang", "lost"},
	"maintenance":          {"pemeliharaan", "maintenance"},
	"miscounted":           {"salah hitung", "miscounted"},
	"misprint":             {"salah cetak", "misprint"},
	"mismatch":             {"1:1 tidak cocok", "1:1 does not match"},
	"mistyped":             {"salah ketik", "mistyped"},
	"missing":              {"tidak ditemukan", "missing"},
	"moved":                {"pindah", "moved away"},
	"moved_abroad":         {"pindah ke luar negeri", "moved abroad"},
	"new_facts":            {"ada keterangan baru", "there is something new"},
	"no_answer":            {"pusat data tidak menjawab", "no answer of the center"},
	"no_fingers":           {"tidak ada jari", "no fingers"},
	"no_record":            {"rekaman belum diterima", "no record came"},
	"not_content":          {"pelapor tidak puas", "the complainant is not content"},
	"not_convincing":       {"alasan tidak meyakinkan", "not convincing"},
	"not_found":            {"tidak ditemukan", "not found"},
	"not_genuine":          {"diduga palsu", "seems not genuine"},
	"not_needed":           {"tidak diperlukan lagi", "not needed any more"},
	"not_obliged":          {"belum wajib KTP-el", "not obliged to have a card"},
	"only_one_here":        {"satu-satunya petugas", "nobody else is here"},
	"operator":             {"oleh operator", "by the operator"},
	Other:                  {"lain, lihat catatan", "other, see the note"},
	"other_record_deleted": {"rekaman ganda sudah dihapus", "the other record was deleted"},
	"passed":               {"pulih sendiri", "it passed by itself"},
	"photo":                {"foto salah", "wrong photo"},
	"place_closed":         {"tempat pengambilan tutup", "the place of delivery is closed"},
	"police":               {"permintaan polisi", "the police ask for it"},
	"pregnant":             {"hamil", "pregnant"},
	"quality":              {"mutu rekaman kurang", "captured too poorly"},
	"recalled":             {"ditarik kembali", "called back"},
	"recalled_lot":         {"lot ditarik pemasok", "the supplier recalls the lot"},
	"redirected":           {"dialihkan", "redirected"},
	"refused_by_holder":    {"ditolak pemilik", "refused by the holder"},
	"renounced":            {"melepas kewarganegaraan", "renounced citizenship"},
	"replaced":             {"diganti", "replaced"},
	"returned":             {"kembali ke Dinas", "back at the Dinas"},
	"robbed":               {"dirampok", "robbed"},
	"same_person":          {"orang yang sama", "the same person"},
	"search_failed":        {"pencarian gagal", "the search failed"},
	"stolen":               {"dicuri", "stolen"},
	"supplies":             {"ganti pita atau blangko", "change of ribbon or blanks"},
	"too_late":             {"terlambat", "too late"},
	"training":             {"pelatihan", "training"},
	"twice":                {"ganda", "there twice"},
	"twins":                {"kembar", "twins"},
	"uncollected":          {"tidak diambil", "not collected"},
	"unreadable":           {"tidak terbaca", "unreadable"},
	"unreadable_at_center": {"tidak terbaca di pusat data", "unreadable at the center"},
	"urgent":               {"keadaan mendesak", "urgent"},
	"waits_long":           {"sudah lama menunggu", "waits for long"},
	"wish":                 {"atas permintaan pemilik", "the holder wishes it"},
	"with_child":           {"membawa anak kecil", "with a small child"},
	"withdrawn":            {"ditarik oleh pusat data", "withdrawn by the center"},
	"worn_fingers":         {"sidik jari aus", "worn fingerprints"},
	"wrong_consignment":    {"salah kiriman", "the wrong consignment"},
	"wrong_data":           {"data salah", "wrong data"},
	"wrong_paper":          {"bukan surat ini", "another paper"},
	"wrong_person":         {"milik orang lain", "of another person"},
	"wrong_place":          {"salah tempat", "the wrong place"},
	"not_full":             {"rol tidak penuh ketika diterima", "the roll was not full when it came"},
	"not_told":             {"printer tidak memberitahukannya", "the printer does not tell it"},
	"panels_cut":           {"panel terpotong atau macet", "panels were cut or jammed"},
	"printed_elsewhere":    {"dipakai pada pencetak lain", "used in another printer"},
	"told_wrongly":         {"angka pencetak salah", "the printer told it wrongly"},
	"unexplained":          {"tidak dapat dijelaskan", "cannot be explained"},
	"test_cards":           {"kartu uji", "test cards"},
}
