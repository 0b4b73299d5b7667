package inspect

import "slices"

// Cause is what the health check of a card comes to, as a code that stays. It is what a counter
// tells the citizen and what the monthly report counts.
type Cause string

const (
	CardDenied       Cause = "denied"
	NoAnswer         Cause = "no_answer"
	WrongCard        Cause = "wrong_card"
	ChipTerminated   Cause = "terminated"
	ChipBlocked      Cause = "blocked"
	NotPersonalized  Cause = "not_personalized"
	Copy             Cause = "copy"
	SignatureInvalid Cause = "signature_invalid"
	KeyRefused       Cause = "key_refused"
	ContentWrong     Cause = "content_wrong"
	RulesBroken      Cause = "rules_broken"
	Specimen         Cause = "specimen"
	CardRetired      Cause = "retired"
	CardHeld         Cause = "held"
	SignerUnknown    Cause = "signer_unknown"
	CopyNotExcluded  Cause = "copy_not_excluded"
	SAMCannotJudge   Cause = "sam_cannot_judge"
	NotHandedOver    Cause = "not_handed_over"
	AccessRefused    Cause = "access_refused"
	CardTaken        Cause = "card_taken"
	WornAntenna      Cause = "worn_antenna"
	ContentUnread    Cause = "not_checked"
	CenterNotChecked Cause = "center_not_checked"
	HandOverUnknown  Cause = "hand_over_not_known"
	CardGenuine      Cause = "genuine"
)

// Explanation is what a person reads of a cause.
type Explanation struct {
	Cause Cause
	// Sound: nothing speaks against the card. Not every sound card is a checked one.
	Sound   bool
	ID, EN  string
	StepsID []string
	StepsEN []string
}

// Steps that several causes share.
var (
	keepID     = []string{"Tahan kartu; jangan dikembalikan dan jangan dipakai untuk layanan.", "Catat nomor rujukan dan dari siapa kartu diterima.", "Serahkan kepada penyelia."}
	keepEN     = []string{"Keep the card; do not give it back and serve nobody on it.", "Note the reference number and who brought the card.", "Give it to the supervisor."}
	internID   = []string{"Kartu ini belum selesai dibuat dan tidak boleh di tangan pemegang.", "Tahan kartu dan catat nomor rujukan.", "Serahkan kepada penyelia untuk dicari dalam persediaan."}
	internEN   = []string{"This card was never finished and must not be in a holder's hand.", "Keep the card and note the reference number.", "Give it to the supervisor, who looks it up in the stock."}
	handOverID = []string{"Cocokkan kartu dengan berita acara penyerahan.", "Jika kartu ini sudah di tangan pemegang, tahan dan panggil penyelia.", "Jika masih di loket, lakukan verifikasi 1:1 dan penyerahan."}
	handOverEN = []string{"Look for the card in the records of hand-over.", "If it is in a holder's hand already, keep it and call the supervisor.", "If it is still at the counter, do the 1:1 verification and the hand-over."}
	retryID    = []string{"Letakkan kartu diam di tengah pembaca, tanpa kartu atau logam lain.", "Baca ulang.", "Jika hanya kartu ini yang gagal, terima permohonan penggantian karena rusak."}
	retryEN    = []string{"Lay the card still on the middle of the reader, with no other card or metal.", "Read it again.", "If only this card fails, take an application for a replacement of a damaged card."}
)

// Explanations are the causes with their words, the weightiest first.
var Explanations = []Explanation{
	{CardDenied, false, "Chip ini masuk daftar larangan: blangkonya dilaporkan dicuri atau ditangguhkan.", "This chip is on the deny list: its blank was reported stolen or suspended.", keepID, keepEN},
	{NoAnswer, false, "Chip tidak menjawab.", "The chip does not answer.", retryID, retryEN},
	{WrongCard, false, "Kartu ini bukan KTP-el profil KTPEL-OP 1.", "This card is no KTP-el of the profile KTPEL-OP 1.", []string{"Pastikan kartu yang benar diletakkan pada pembaca.", "Jika muka kartu menyebut KTP-el, tahan kartu dan panggil penyelia."}, []string{"Make sure that the right card lies on the reader.", "If its face says KTP-el, keep the card and call the supervisor."}},
	{ChipTerminated, false, "Chip sudah diakhiri; kartu tidak dapat dipakai lagi.", "The chip is terminated; the card can never be used again.", keepID, keepEN},
	{ChipBlocked, false, "Chip diblokir oleh Dinas.", "The chip is blocked by the office.", keepID, keepEN},
	{NotPersonalized, false, "Chip belum diisi atau belum diaktifkan.", "The chip is not personalized, or not activated.", internID, internEN},
	{Copy, false, "Chip tidak dapat membuktikan kuncinya sendiri: isinya disalin dari kartu lain.", "The chip cannot prove its own key: its content was copied from another card.", keepID, keepEN},
	{SignatureInvalid, false, "Tanda tangan digital tidak sah.", "A digital signature is not valid.", keepID, keepEN},
	{KeyRefused, false, "Kartu dan SAM tidak saling mengenal.", "The card and the SAM do not know each other.", []string{"Periksa bahwa SAM yang terpasang milik sistem ini.", "Jangan mencoba lagi dengan kartu ini.", "Tahan kartu dan panggil penyelia."}, []string{"Check that the SAM belongs to this system.", "Do not try again with this card.", "Keep the card and call the supervisor."}},
	{ContentWrong, false, "Isi chip tidak lengkap atau tidak saling cocok.", "The content of the chip is incomplete or does not belong together.", keepID, keepEN},
	{RulesBroken, false, "Chip mengizinkan yang seharusnya ditolak.", "The chip allows what it should refuse.", keepID, keepEN},
	{Specimen, false, "Kartu contoh: tidak ada orang yang dijamin oleh pusat data.", "A specimen: the data center vouches for nobody.", keepID, keepEN},
	{CardRetired, false, "Kartu ini sudah tidak berlaku menurut daftar status.", "By the status list this card is retired.", keepID, keepEN},
	{CardHeld, false, "Kartu ini ditahan menurut daftar status.", "By the status list this card is held.", []string{"Jangan melayani dengan kartu ini sampai penahanan dicabut.", "Catat nomor rujukan.", "Tanyakan kepada Dinas penerbit."}, []string{"Serve nobody on this card until the hold is lifted.", "Note the reference number.", "Ask the office that issued it."}},
	{SignerUnknown, false, "Pembaca ini tidak mengenal penanda tangan kartu.", "This reader does not know who signed the card.", []string{"Perbarui folder sertifikat CSCA dan kunci pusat data dari sumber resmi, lalu periksa ulang.", "Jika tetap tidak dikenal, jangan melayani dengan kartu ini dan tanyakan kepada penyelia.", "Jangan menyita kartu karena hal ini saja."}, []string{"Update the folders of CSCA certificates and center keys from the official source, and examine the card again.", "If the signer is still not known, serve nobody on this card and ask the supervisor.", "Do not confiscate the card for this alone."}},
	{CopyNotExcluded, false, "Chip belum membuktikan kuncinya sendiri; salinan kartu belum dapat dikesampingkan.", "The chip has not proved a key of its own; a copy cannot be excluded here.", []string{"Jangan melayani dengan kartu ini dahulu.", "Periksa kartu pada pembaca lain, atau dengan SAM.", "Jika di sana pun gagal, panggil penyelia."}, []string{"Serve nobody on this card yet.", "Examine it at another reader, or with a SAM.", "If it fails there too, call the supervisor."}},
	{SAMCannotJudge, false, "SAM ini tidak dapat menilai kartu: kuncinya bukan kunci kartu ini, mungkin dari generasi lain.", "This SAM cannot judge the card: its key is not that of the card, which may be of another generation.", []string{"Kartu tidak berubah dan tidak disita karena hal ini saja; jangan melayani dengan kartu ini dahulu.", "Periksa kartu dengan SAM generasi lain, atau di Dinas, yang memegang kunci semua generasi.", "Laporkan nomor seri SAM kepada petugas keamanan bila beberapa kartu gagal."}, []string{"The card is unchanged, and is not confiscated for this alone; serve nobody on it yet.", "Examine it with a SAM of another generation, or at the Dinas, which holds the keys of every generation.", "Report the serial number of the SAM to the security officer if several cards fail."}},
	{NotHandedOver, false, "Menurut daftar status kartu ini belum diserahkan kepada pemegang.", "By the status list this card is not handed over to its holder.", handOverID, handOverEN},
	{AccessRefused, false, "Chip menolak CAN atau MRZ yang diberikan.", "The chip refuses the CAN or the zone that was given.", []string{"Bandingkan CAN atau MRZ yang diketik dengan yang tercetak.", "Ketik ulang sekali saja.", "Jika benar dan tetap ditolak, chip dan muka kartu tidak cocok: tahan kartu dan panggil penyelia."}, []string{"Compare the CAN or the zone that was typed with the printed one.", "Type it once more only.", "If it is right and still refused, chip and face do not belong together: keep the card and call the supervisor."}},
	{CardTaken, false, "Kartu terangkat, atau kontak dengan chip terputus, sebelum pemeriksaan selesai.", "The card was lifted, or contact with the chip was lost, before the examination was over.", retryID, retryEN},
	{WornAntenna, false, "Kontak dengan chip terputus-putus: antena mungkin aus atau retak.", "Contact with the chip comes and goes: the antenna may be worn or cracked.", retryID, retryEN},
	{ContentUnread, true, "Chip hidup, tetapi isinya tidak dapat diperiksa di sini.", "The chip is alive, but its content cannot be checked here.", []string{"Periksa dengan SAM, atau dengan CAN atau MRZ jika kartu mengizinkan.", "Pastikan folder sertifikat CSCA terisi.", "Sampai saat itu, jangan menyebut kartu ini asli."}, []string{"Examine it with a SAM, or with the CAN or the zone where the card allows that.", "Make sure that the folder of CSCA certificates is filled.", "Until then do not call this card genuine."}},
	{CenterNotChecked, true, "Tanda tangan stasiun sah; tanda tangan pusat data tidak diperiksa.", "Station signature good, center's signature not checked.", []string{"Untuk kepastian penuh, periksa dengan SAM dan kunci pusat data."}, []string{"For full certainty examine it with a SAM and the center's keys."}},
	{HandOverUnknown, true, "Asli; status penyerahan tidak diketahui.", "Genuine, hand-over not known.", []string{"Ambil daftar status terbaru dan periksa ulang."}, []string{"Fetch the latest status list and examine the card again."}},
	{CardGenuine, true, "Asli dan berlaku.", "Genuine and in force.", []string{"Kembalikan kartu kepada pemegang."}, []string{"Give the card back to its holder."}},
}

// Explain finds the words of a cause.
func (c Cause) Explain() Explanation {
	return Explanations[c.weight()]
}

// weight is the place of a cause: the smaller, the weightier. An unknown cause weighs least.
func (c Cause) weight() int {
	n := slices.IndexFunc(Explanations, func(e Explanation) bool { return e.Cause == c })
	if n < 0 {
		return len(Explanations) - 1
	}
	return n
}
