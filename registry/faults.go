package registry

import "blanko/fault"

// The three answers of the book that forbid an act and leave the line healthy.
var (
	RecordWithdrawn = fault.Entry{
		Code: "registry.withdrawn", Kind: fault.Conflict,
		ID: "Permohonan ini sudah ditarik; kartunya tidak boleh dibuat.", EN: "The application was withdrawn; its card must not be made.",
		StepsID: []string{"Tidak perlu tindakan; lini menyingkirkan kartu.", "Lihat alasan penarikan pada permohonan."},
		StepsEN: []string{"Nothing to do; the line sets the card aside.", "See the reason of the withdrawal in the application."},
	}
	RecordHeld = fault.Entry{
		Code: "registry.held", Kind: fault.Conflict,
		ID: "Permohonan atau lini ini sedang ditahan.", EN: "The application or the line is on hold.",
		StepsID: []string{"Lihat alasan penahanan.", "Lanjutkan setelah penahanan dilepas."},
		StepsEN: []string{"See the reason of the hold.", "Go on when the hold is released."},
	}
	BlankDenied = fault.Entry{
		Code: "registry.blank_denied", Kind: fault.Conflict,
		ID: "Blangko ini tidak boleh dipakai.", EN: "This blank must not be used.",
		StepsID: []string{"Simpan blangko terpisah dari stok.", "Lihat alasan pada riwayat chip.", "Laporkan kepada atasan."},
		StepsEN: []string{"Keep the blank apart from the stock.", "See the reason in the history of the chip.", "Report it to the supervisor."},
	}
	// BlankForOthers: citizens' cards and those of foreign residents have blanks of their own.
	BlankForOthers = fault.Entry{
		Code: "registry.blank_for_others", Kind: fault.Conflict,
		ID: "Blangko ini untuk kartu lain: KTP-el WNI dan KTP-el OA mempunyai blangko sendiri. Lini dijeda.", EN: "This blank is for other cards: citizens' (WNI) and foreign residents' (OA) have blanks of their own. The line is paused.",
		StepsID: []string{"Kosongkan hopper dan hitung blangko menurut jenisnya.", "Isi hopper dengan satu jenis blangko dan catat lotnya.", "Lanjutkan lini."},
		StepsEN: []string{"Empty the hopper and count the blanks by their kind.", "Load the hopper with one kind and record its lot.", "Resume the line."},
	}
)

var (
	otherBlankAwaited = fault.Entry{
		Code: "registry.other_blank_awaited", Kind: fault.Conflict,
		ID: "Lini menunggu blangko jenis lain untuk kartu yang sedang dikerjakan.", EN: "The line waits for a blank of the other kind, for the card in work.",
		StepsID: []string{"Lihat di Ruang Cetak blangko mana yang ditunggu lini.", "Isi hopper dengan blangko itu."},
		StepsEN: []string{"See in the print room which blank the line waits for.", "Load the hopper with it."},
	}
	notAllowed = fault.Entry{
		Code: "registry.not_allowed", Kind: fault.Denied,
		ID: "Peran Anda tidak mengizinkan tindakan ini.", EN: "Your role does not allow this.",
		StepsID: []string{"Minta petugas dengan peran yang sesuai melakukannya."},
		StepsEN: []string{"Ask somebody with the right role to do it."},
	}
	secondMissing = fault.Entry{
		Code: "registry.second_person_missing", Kind: fault.Denied,
		ID: "Tindakan ini memerlukan orang kedua.", EN: "This takes a second person.",
		StepsID: []string{"Panggil orang kedua untuk menyetujui."},
		StepsEN: []string{"Call a second person to agree."},
	}
	samePerson = fault.Entry{
		Code: "registry.same_person", Kind: fault.Denied,
		ID: "Langkah ini harus dilakukan oleh orang lain.", EN: "Somebody else must do this step.",
		StepsID: []string{"Serahkan langkah ini kepada petugas lain."},
		StepsEN: []string{"Hand this step to another officer."},
	}
	wrongState = fault.Entry{
		Code: "registry.wrong_state", Kind: fault.Conflict,
		ID: "Keadaannya sekarang tidak mengizinkan; tidak ada yang berubah.", EN: "Its state does not allow this; nothing was changed.",
		StepsID: []string{"Muat ulang dan lihat keadaan sekarang."},
		StepsEN: []string{"Reload and look at the present state."},
	}
	applicationUnknown = fault.Entry{
		Code: "registry.application_unknown", Kind: fault.NotFound,
		ID: "Permohonan ini tidak ada di stasiun ini.", EN: "This station does not have the application.",
		StepsID: []string{"Periksa nomor permohonan.", "Tunggu kiriman dari pusat data."},
		StepsEN: []string{"Check the number of the application.", "Wait for the data center's delivery."},
	}
	cardUnknown = fault.Entry{
		Code: "registry.card_unknown", Kind: fault.NotFound,
		ID: "Kartu ini tidak terdaftar untuk hal itu.", EN: "The register has no such card for this.",
		StepsID: []string{"Periksa kartu pada pembaca.", "Simpan terpisah dan laporkan kepada atasan."},
		StepsEN: []string{"Check the card on a reader.", "Keep it apart and report it to the supervisor."},
	}
	proposalOutdated = fault.Entry{
		Code: "registry.proposal_outdated", Kind: fault.Conflict,
		ID: "Yang akan diubah usulan ini sudah berubah sejak usulan dibuat; usulan tidak dapat disetujui lagi.", EN: "What the proposal would change was changed since it was made; it cannot be agreed to any more.",
		StepsID: []string{"Tolak usulan ini, atau mintalah pengusul menariknya.", "Lihat perubahannya, lalu usulkan lagi bila masih perlu."},
		StepsEN: []string{"Refuse this proposal, or have its maker take it back.", "Look at what changed and propose again if it is still needed."},
	}
	changedMeanwhile = fault.Entry{
		Code: "registry.changed", Kind: fault.Conflict,
		ID: "Yang hendak Anda ubah sudah berubah sejak Anda membukanya; tidak ada yang disimpan.", EN: "What you want to change was changed since you opened it; nothing was saved.",
		StepsID: []string{"Muat ulang dan lihat perubahannya.", "Ulangi bila masih perlu."},
		StepsEN: []string{"Reload and look at what changed.", "Do it again if it is still needed."},
	}
	rollUnknown = fault.Entry{
		Code: "registry.roll_unknown", Kind: fault.NotFound,
		ID: "Rol pita atau film ini tidak terdaftar.", EN: "There is no such roll of ribbon or film.",
		StepsID: []string{"Periksa nomor seri pada rol.", "Catat penerimaannya lebih dulu."},
		StepsEN: []string{"Check the serial on the roll.", "Receive it into the store first."},
	}
	noShift = fault.Entry{
		Code: "registry.no_shift", Kind: fault.Conflict,
		ID: "Tidak ada giliran kerja yang terbuka; blangko tidak dikeluarkan dari gudang.", EN: "No shift is open; no blanks leave the store.",
		StepsID: []string{"Buka giliran kerja bersama orang kedua: hitung gudang dan hopper.", "Isi hopper sesudah itu."},
		StepsEN: []string{"Open a shift with a second person: count the store and the hoppers.", "Load the hopper after that."},
	}
	shiftUnknown = fault.Entry{
		Code: "registry.shift_unknown", Kind: fault.NotFound,
		ID: "Giliran kerja ini tidak ada.", EN: "There is no such shift.",
		StepsID: []string{"Lihat daftar giliran kerja."},
		StepsEN: []string{"See the list of shifts."},
	}
	inspectionUnknown = fault.Entry{
		Code: "registry.inspection_unknown", Kind: fault.NotFound,
		ID: "Pemeriksaan ini tidak ada.", EN: "There is no such inspection.",
		StepsID: []string{"Periksa nomor pemeriksaan."},
		StepsEN: []string{"Check the number of the inspection."},
	}
	complaintUnknown = fault.Entry{
		Code: "registry.complaint_unknown", Kind: fault.NotFound,
		ID: "Pengaduan ini tidak terdaftar.", EN: "There is no such complaint.",
		StepsID: []string{"Periksa nomor pada tanda terima pengaduan."},
		StepsEN: []string{"Check the number on the slip of the complaint."},
	}
	breachUnknown = fault.Entry{
		Code: "registry.breach_unknown", Kind: fault.NotFound,
		ID: "Kegagalan pelindungan data ini tidak terdaftar.", EN: "There is no such breach of personal data.",
		StepsID: []string{"Muat ulang daftarnya."},
		StepsEN: []string{"Reload the list."},
	}
	tooManyOpened = fault.Entry{
		Code: "registry.too_many_opened", Kind: fault.Denied,
		ID: "Terlalu banyak data pribadi dibuka dalam sehari; petugas keamanan diberi tahu.", EN: "Too much personal data was opened in a day; the security officer is told.",
		StepsID: []string{"Lanjutkan besok, atau hubungi petugas keamanan."},
		StepsEN: []string{"Go on tomorrow, or call the security officer."},
	}
	placeUnknown = fault.Entry{
		Code: "registry.place_unknown", Kind: fault.NotFound,
		ID: "Tempat layanan ini tidak terdaftar.", EN: "There is no such service place.",
		StepsID: []string{"Lihat daftar tempat layanan.", "Minta administrator mendaftarkannya."},
		StepsEN: []string{"See the list of service places.", "Ask the administrator to define it."},
	}
	consignmentUnknown = fault.Entry{
		Code: "registry.consignment_unknown", Kind: fault.NotFound,
		ID: "Kiriman ini tidak terdaftar.", EN: "There is no such consignment.",
		StepsID: []string{"Periksa nomor pada surat pengantar."},
		StepsEN: []string{"Check the number on the delivery note."},
	}
	investigationUnknown = fault.Entry{
		Code: "registry.investigation_unknown", Kind: fault.NotFound,
		ID: "Penyelidikan ini tidak terdaftar.", EN: "There is no such investigation.",
		StepsID: []string{"Muat ulang daftar penyelidikan."},
		StepsEN: []string{"Reload the list of investigations."},
	}
	destructionUnknown = fault.Entry{
		Code: "registry.destruction_unknown", Kind: fault.NotFound,
		ID: "Daftar pemusnahan ini tidak ada.", EN: "There is no such list of destruction.",
		StepsID: []string{"Periksa nomor daftar pemusnahan."},
		StepsEN: []string{"Check the number of the list."},
	}
	countDiffers = fault.Entry{
		Code: "registry.count_differs", Kind: fault.Conflict,
		ID: "Hitungan ini tidak sama dengan buku; tidak ada yang berubah.", EN: "This count is not that of the ledger; nothing was changed.",
		StepsID: []string{"Hitung lagi dengan orang kedua.", "Bila tetap berbeda, laporkan kepada atasan."},
		StepsEN: []string{"Count again with a second person.", "If it still differs, report it to the supervisor."},
	}
	itemChanged = fault.Entry{
		Code: "registry.item_changed", Kind: fault.Conflict,
		ID: "Barang ini tidak lagi seperti saat masuk daftar pemusnahan; tidak ada yang berubah.", EN: "This thing is no longer what it was when it was put on the list of destruction; nothing was changed.",
		StepsID: []string{"Cari barang itu dan lihat riwayatnya.", "Bila masih harus dimusnahkan, kembalikan ke tempatnya.", "Bila tidak, buka kembali daftar, batalkan, dan masukkan barang lainnya ke daftar baru."},
		StepsEN: []string{"Look the thing up and read what happened to it.", "If it is still to be destroyed, bring it back to where it was.", "If not, reopen the list, cancel it, and put the other things on a new one."},
	}
	notAccepted = fault.Entry{
		Code: "registry.not_accepted", Kind: fault.Conflict,
		ID: "Muka kartu ini belum diterima; kartu belum boleh dikemas.", EN: "The face of this card was not accepted yet; it must not be packed.",
		StepsID: []string{"Bandingkan muka kartu dan terima.", "Selesaikan keraguan kartu lebih dulu."},
		StepsEN: []string{"Compare the face of the card and accept it.", "Resolve the doubt of the card first."},
	}
	notConfirmed = fault.Entry{
		Code: "registry.not_confirmed", Kind: fault.Conflict,
		ID: "Pemegang belum mengesahkan datanya.", EN: "The holder has not confirmed the data.",
		StepsID: []string{"Tunjukkan data pada kartu.", "Minta pemegang mengesahkan, lalu lanjutkan."},
		StepsEN: []string{"Show the data on the card.", "Let the holder confirm it, then go on."},
	}
	matchExhausted = fault.Entry{
		Code: "registry.match_exhausted", Kind: fault.Denied,
		ID: "Pencocokan jari sudah dicoba sebanyak yang diizinkan.", EN: "The finger was tried as often as is allowed.",
		StepsID: []string{"Bersihkan jari dan alat.", "Minta persetujuan atasan, atau coba lagi pada kunjungan berikutnya."},
		StepsEN: []string{"Clean finger and scanner.", "Ask the supervisor for an exception, or try again on the next visit."},
	}
	matchSpent = fault.Entry{
		Code: "registry.match_spent", Kind: fault.Denied,
		ID: "Kartu ini sudah dicoba terlalu sering dalam beberapa hari; pencocokan tidak lagi diizinkan.", EN: "This card was tried too often within days; the finger is not compared any more.",
		StepsID: []string{"Periksa identitas pemohon dan riwayat percobaan kartu.", "Minta pengecualian atasan, atau kembalikan kartu karena tidak cocok."},
		StepsEN: []string{"Check who the holder is, and the tries of the card.", "Ask the supervisor for an exception, or return the card as one that does not match."},
	}
	matchOld = fault.Entry{
		Code: "registry.match_old", Kind: fault.Conflict,
		ID: "BERHASIL sudah bukan dari hari ini; kartu belum diserahkan.", EN: "The word BERHASIL is not of today; the card was not handed over.",
		StepsID: []string{"Cocokkan jari pemegang sekali lagi.", "Serahkan kartu pada hari yang sama."},
		StepsEN: []string{"Compare the holder's finger once more.", "Hand the card over on the same day."},
	}
	searchAgain = fault.Entry{
		Code: "registry.search_again", Kind: fault.Conflict,
		ID: "Sejak pencarian 1:N ada orang lain yang terdaftar; rekaman belum dibuat.", EN: "Others were enrolled since the 1:N search; no record was made.",
		StepsID: []string{"Cari permohonan ini sekali lagi.", "Baca hasilnya, lalu buat rekamannya."},
		StepsEN: []string{"Search this application once more.", "Read the result, then make the record."},
	}
	matchOtherCard = fault.Entry{
		Code: "registry.match_other_card", Kind: fault.Conflict,
		ID: "Pemegang dicocokkan dengan kartu lain; kartu ini belum diserahkan.", EN: "The holder was matched with another card; this one was not handed over.",
		StepsID: []string{"Letakkan kartu ini pada pembaca.", "Cocokkan jari pemegang dengan kartu ini, lalu serahkan."},
		StepsEN: []string{"Lay this card on the reader.", "Compare the holder's finger with this card, then hand it over."},
	}
	chipFingersDiffer = fault.Entry{
		Code: "registry.chip_fingers_differ", Kind: fault.Conflict,
		ID: "Sidik jari yang dibaca bukan yang ditulis pada chip ini; tidak ada yang berubah.", EN: "The fingers that were read are not those written on this chip; nothing was changed.",
		StepsID: []string{"Letakkan kartu ini saja pada pembaca dan baca lagi.", "Bila terulang, cocokkan sebagai chip tidak asli; kartu disisihkan untuk diperiksa."},
		StepsEN: []string{"Lay this card alone on the reader and read it again.", "If it happens again, match as a chip that is not genuine; the card is set apart for examination."},
	}
	personUnknown = fault.Entry{
		Code: "registry.person_unknown", Kind: fault.NotFound,
		ID: "Petugas atau token ini tidak terdaftar.", EN: "There is no such person or token.",
		StepsID: []string{"Periksa nama pengguna.", "Minta petugas keamanan mendaftarkannya."},
		StepsEN: []string{"Check the name of the user.", "Ask the security officer to add it."},
	}
	notSignedIn = fault.Entry{
		Code: "registry.not_signed_in", Kind: fault.Denied,
		ID: "Token atau sertifikat tidak dikenal, sudah dicabut, atau sudah habis masanya.", EN: "The token or certificate is unknown, revoked or has run out.",
		StepsID: []string{"Minta token baru kepada petugas keamanan."},
		StepsEN: []string{"Ask the security officer for a new token."},
	}
	proposalUnknown = fault.Entry{
		Code: "registry.proposal_unknown", Kind: fault.NotFound,
		ID: "Usulan ini tidak ada di stasiun ini.", EN: "This station does not have the proposal.",
		StepsID: []string{"Muat ulang daftar usulan."},
		StepsEN: []string{"Reload the list of proposals."},
	}
	batchUnknown = fault.Entry{
		Code: "registry.batch_unknown", Kind: fault.NotFound,
		ID: "Kumpulan persetujuan ini tidak ada.", EN: "There is no such batch of approvals.",
		StepsID: []string{"Susun kumpulan baru."},
		StepsEN: []string{"Put a new batch together."},
	}
	sampleUnopened = fault.Entry{
		Code: "registry.sample_unopened", Kind: fault.Conflict,
		ID: "Contoh dari kumpulan ini belum semuanya dibuka; tidak ada yang disetujui.", EN: "Not every record of the sample was opened; nothing was approved.",
		StepsID: []string{"Buka setiap permohonan contoh.", "Setujui kumpulan lagi."},
		StepsEN: []string{"Open every application of the sample.", "Approve the batch again."},
	}
	warningsSingly = fault.Entry{
		Code: "registry.warnings_singly", Kind: fault.Conflict,
		ID: "Permohonan dengan peringatan hanya disetujui satu per satu.", EN: "An application with a warning is approved on its own only.",
		StepsID: []string{"Keluarkan permohonan itu dari kumpulan.", "Buka dan setujui sendiri."},
		StepsEN: []string{"Take the application out of the batch.", "Open it and approve it on its own."},
	}
	withAnother = fault.Entry{
		Code: "registry.with_another", Kind: fault.Conflict,
		ID: "Pekerjaan ini sudah dibagikan kepada petugas lain, atau belum dibagikan.", EN: "This work was handed to somebody else, or not yet handed out.",
		StepsID: []string{"Ambil pekerjaan berikutnya.", "Untuk mengambil di luar urutan, usulkan dengan alasan kepada orang kedua."},
		StepsEN: []string{"Take the next piece of work.", "To take one out of order, propose it with a reason to a second person."},
	}
	noWork = fault.Entry{
		Code: "registry.no_work", Kind: fault.NotFound,
		ID: "Tidak ada pekerjaan yang menunggu.", EN: "No work is waiting.",
		StepsID: []string{"Coba lagi nanti."},
		StepsEN: []string{"Try again later."},
	}
	badOperation = fault.Entry{
		Code: "registry.bad_operation", Kind: fault.Invalid,
		ID: "Permintaan tidak lengkap; tidak ada yang berubah.", EN: "The request is incomplete; nothing was changed.",
		StepsID: []string{"Lengkapi isian yang disebut."},
		StepsEN: []string{"Fill in the field that is named."},
	}
	keyMissing = fault.Entry{
		Code: "registry.key_missing", Kind: fault.Invalid,
		ID: "Permintaan tidak membawa kunci idempoten.", EN: "The request carries no idempotency key.",
		StepsID: []string{"Kirim ulang dengan kunci yang unik."},
		StepsEN: []string{"Send it again with a unique key."},
	}
	keyReused = fault.Entry{
		Code: "registry.key_reused", Kind: fault.Conflict,
		ID: "Kunci ini sudah dipakai untuk permintaan lain.", EN: "This key was used for another request.",
		StepsID: []string{"Pakai kunci baru untuk permintaan baru."},
		StepsEN: []string{"Use a new key for a new request."},
	}
	specimen = fault.Entry{
		Code: "registry.specimen", Kind: fault.Conflict,
		ID: "Kartu contoh tidak boleh diserahkan.", EN: "A specimen is never handed over.",
		StepsID: []string{"Simpan kartu bersama kartu contoh lain."},
		StepsEN: []string{"Keep the card with the other specimens."},
	}
	chipMissing = fault.Entry{
		Code: "registry.chip_missing", Kind: fault.Invalid,
		ID: "Nomor chip belum dibaca.", EN: "The chip was never read.",
		StepsID: []string{"Jangan keluarkan kartu.", "Mulai ulang lini."},
		StepsEN: []string{"Leave the card in the line.", "Restart the line."},
	}
	chipDiffers = fault.Entry{
		Code: "registry.chip_differs", Kind: fault.Conflict,
		ID: "Chip ini bukan chip dari kartu yang sedang dikerjakan.", EN: "This chip is not that of the card in work.",
		StepsID: []string{"Hentikan lini.", "Simpan semua kartu di mesin terpisah.", "Panggil atasan."},
		StepsEN: []string{"Stop the line.", "Keep every card in the machine apart.", "Call the supervisor."},
	}
	activationOpen = fault.Entry{
		Code: "registry.activation_open", Kind: fault.InDoubt,
		ID: "Belum terbukti apakah chip sudah aktif.", EN: "It is not proved whether the chip is active.",
		StepsID: []string{"Baca chip terlebih dahulu.", "Jika chip tidak menjawab, catat sebagai keraguan."},
		StepsEN: []string{"Read the chip first.", "If it does not answer, record a doubt."},
	}
	wasActive = fault.Entry{
		Code: "registry.was_active", Kind: fault.Conflict,
		ID: "Kartu ini pernah aktif; tidak boleh disebut rusak biasa.", EN: "This card was active; it is never called spoiled.",
		StepsID: []string{"Blokir chip, atau serahkan kartu di depan dua orang."},
		StepsEN: []string{"Block the chip, or surrender the card before two persons."},
	}
	proofMissing = fault.Entry{
		Code: "registry.proof_missing", Kind: fault.Conflict,
		ID: "Kartu ini tidak membuktikan apa pun tentang keraguan itu.", EN: "This card proves nothing about the doubt.",
		StepsID: []string{"Periksa apakah ini kartu yang dicari.", "Cari kartu yang benar.", "Jika tidak ditemukan, dua orang menyatakannya hilang."},
		StepsEN: []string{"Check whether this is the card that is sought.", "Look for the right card.", "If it is not found, two persons declare it lost."},
	}
	chipNotExamined = fault.Entry{
		Code: "registry.chip_not_examined", Kind: fault.Conflict,
		ID: "Chip kartu ini belum diperiksa, atau pemeriksaannya sudah terlalu lama.", EN: "The chip of this card was not examined, or too long ago.",
		StepsID: []string{"Letakkan kartu pada pembaca dan periksa (blanko card verify --record, atau tombol Periksa chip).", "Ulangi langkah ini.", "Jika chip tidak menjawab, foto muka kartu dan sertakan fotonya."},
		StepsEN: []string{"Put the card on a reader and examine it (blanko card verify --record, or the button Examine the chip).", "Repeat this step.", "If the chip does not answer, take a picture of the card's face and add it."},
	}
	chipStillWorks = fault.Entry{
		Code: "registry.chip_still_works", Kind: fault.Conflict,
		ID: "Chip kartu ini masih menjawab dan belum diblokir atau dimatikan.", EN: "The chip of this card still answers, and is neither blocked nor terminated.",
		StepsID: []string{"Pastikan kartu ini yang dimaksud.", "Blokir atau matikan chipnya di stasiun.", "Periksa chipnya sekali lagi, lalu ulangi langkah ini."},
		StepsEN: []string{"Make sure that this is the card that is meant.", "Block or terminate its chip at the station.", "Examine its chip once more, then repeat this step."},
	}
	blankNotClean = fault.Entry{
		Code: "registry.blank_not_clean", Kind: fault.Conflict,
		ID: "Blangko ini tidak dapat kembali ke gudang: asalnya tidak diketahui, atau sudah dikerjakan.", EN: "This blank cannot go back into the store: nobody knows where it came from, or it was worked on.",
		StepsID: []string{"Pastikan chip yang disebut adalah chip blangko ini.", "Biarkan terpisah, lalu masukkan ke daftar pemusnahan."},
		StepsEN: []string{"Make sure that the chip you named is that of this blank.", "Leave it apart, and put it on a list of destruction."},
	}
	pictureMissing = fault.Entry{
		Code: "registry.picture_missing", Kind: fault.Conflict,
		ID: "Gambar bukti ini tidak disimpan oleh Anda untuk perkara ini.", EN: "This picture was not kept by you for this matter.",
		StepsID: []string{"Ambil gambar dari kartu atau barang yang ada di tangan.", "Simpan gambar itu, lalu ulangi tindakan dengan gambar yang baru."},
		StepsEN: []string{"Take a picture of the card or thing in your hand.", "Keep it, and repeat the act with the new picture."},
	}
)

// Causes that stand on holds, pauses and quarantines; nothing raises them as an error.
var (
	wrongPersonFound = fault.Entry{
		Code: causeWrongPerson, Kind: fault.InDoubt,
		ID: "Kartu dan orang tidak cocok. Lini dihentikan.", EN: "Card and person do not belong together. The line is stopped.",
		StepsID: []string{"Jangan serahkan kartu apa pun dari lini ini.", "Pisahkan kartu sebelum dan sesudahnya.", "Atasan memeriksa dan membuka lini."},
		StepsEN: []string{"Hand out no card of this line.", "Set the card before and the card after it apart.", "The supervisor looks into it and reopens the line."},
	}
	tooManySpoiled = fault.Entry{
		Code: causeTooManySpoiled, Kind: fault.Conflict,
		ID: "Terlalu banyak kartu rusak untuk permohonan ini.", EN: "Too many cards were lost for this application.",
		StepsID: []string{"Lihat sebab pada setiap percobaan.", "Lepaskan permohonan setelah sebabnya hilang."},
		StepsEN: []string{"Look at the cause of each attempt.", "Release the application when the cause is gone."},
	}
	declaredLost = fault.Entry{
		Code: causeDeclaredLost, Kind: fault.Conflict,
		ID: "Kartu dinyatakan hilang.", EN: "The card was declared lost.",
		StepsID: []string{"Putuskan apakah kartu dibuat lagi.", "Lepaskan permohonan untuk membuatnya."},
		StepsEN: []string{"Decide whether the card is made again.", "Release the application to make it."},
	}
	surrendered = fault.Entry{
		Code: causeMute, Kind: fault.Conflict,
		ID: "Kartu diserahkan dengan chip yang tidak terbaca.", EN: "The card was surrendered with an unreadable chip.",
		StepsID: []string{"Simpan kartu untuk pemusnahan."},
		StepsEN: []string{"Keep the card for destruction."},
	}
	chipFaultsInRow = fault.Entry{
		Code: causeChipFaults, Kind: fault.Device,
		ID: "Beberapa kartu berturut-turut gagal pada chip. Lini dijeda.", EN: "Several cards in a row were lost to their chips. The line is paused.",
		StepsID: []string{"Periksa pembaca chip.", "Periksa lot blangko dan profil kartu.", "Lanjutkan lini setelah diperbaiki."},
		StepsEN: []string{"Check the encoder.", "Check the lot of blanks and the card profile.", "Resume the line when it is mended."},
	}
	panelsDiffer = fault.Entry{
		Code: "registry.panels_differ", Kind: fault.Conflict,
		ID: "Menurut pencetak, rol ini terpakai untuk lebih banyak atau lebih sedikit kartu daripada yang tercatat, atau sisanya tidak diberitahukan.", EN: "By the printer this roll was used for more cards, or fewer, than the ledger knows of, or what is left was not told.",
		StepsID: []string{"Baca lagi sisa rol pada pencetak.", "Cari kartu yang dicetak tanpa tercatat, seperti kartu uji.", "Lepas rol dengan alasan; perbedaannya tetap tercatat."},
		StepsEN: []string{"Read once more at the printer what is left of the roll.", "Look for cards that were printed and not recorded, such as test cards.", "Remove the roll with a reason; the difference stays on record."},
	}
	stockUnexplained = fault.Entry{
		Code: causeUnexplained, Kind: fault.Conflict,
		ID: "Lini mengambil blangko yang tidak ada di buku besar.", EN: "The line took a blank that the ledger does not know.",
		StepsID: []string{"Hitung blangko di wadah dengan dua orang.", "Catat pengisian wadah yang terlewat.", "Lanjutkan lini."},
		StepsEN: []string{"Count the blanks in the hopper with two persons.", "Record the filling of the hopper that was missed.", "Resume the line."},
	}
)

// Causes of attempts that ended without a card.
var (
	superseded = fault.Entry{
		Code: causeSuperseded, Kind: fault.Conflict,
		ID: "Data yang lebih baru sudah datang dari pusat data.", EN: "A newer record came from the data center.",
		StepsID: []string{"Setujui versi yang baru."},
		StepsEN: []string{"Approve the newer version."},
	}
	cancelled = fault.Entry{
		Code: causeCancelled, Kind: fault.Conflict,
		ID: "Permohonan dibatalkan sebelum blangko dipakai.", EN: "The application was cancelled before a blank was used.",
		StepsID: []string{"Tidak perlu tindakan."},
		StepsEN: []string{"Nothing to do."},
	}
	recordRefused = fault.Entry{
		Code: "registry.record_refused", Kind: fault.Conflict,
		ID: "Data ini tidak diterima; tidak ada yang berubah.", EN: "The record was not accepted; nothing changed.",
		StepsID: []string{"Lihat kode penolakan.", "Kirim data yang sudah diperbaiki."},
		StepsEN: []string{"See the code of the refusal.", "Send a record that is mended."},
	}
	requestKnown = fault.Entry{
		Code: "registry.request_known", Kind: fault.Conflict,
		ID: "Permohonan dengan nomor ini sudah ada.", EN: "There is a request with this id.",
		StepsID: []string{"Baca permohonan yang ada.", "Kirim versi yang lebih tinggi bila datanya berubah."},
		StepsEN: []string{"Read the request that is there.", "Send a higher version when its data changed."},
	}
	cardStands = fault.Entry{
		Code: "registry.card_in_force", Kind: fault.Conflict,
		ID: "Kartu sudah diserahkan dan berlaku; permohonan tidak dapat dibatalkan.", EN: "The card was handed over and is in force; the request cannot be cancelled.",
		StepsID: []string{"Cabut kartunya, bukan permohonannya."},
		StepsEN: []string{"Revoke the card, not the request."},
	}
	lineElsewhere = fault.Entry{
		Code: "registry.line_elsewhere", Kind: fault.Conflict,
		ID: "Lini ini milik stasiun lain, dan kartunya belum selesai di sana.", EN: "This line is another station's, with cards in work there.",
		StepsID: []string{"Selesaikan kartu lini itu pada stasiunnya.", "Atau beri lini di stasiun ini nama lain."},
		StepsEN: []string{"Finish the line's cards at its station.", "Or give the line of this station another name."},
	}
	notRestored = fault.Entry{
		Code: "registry.not_restored", Kind: fault.Conflict,
		ID: "Buku besar tidak sedang menunggu penerimaan.", EN: "The ledger does not wait to be accepted.",
		StepsID: []string{"Tidak perlu tindakan: ini hanya sesudah cadangan dipasang kembali."},
		StepsEN: []string{"Nothing to do: this is only after a copy was put back."},
	}
	notReconciled = fault.Entry{
		Code: "registry.not_reconciled", Kind: fault.Conflict,
		ID: "Buku besar yang dipasang kembali belum dicocokkan dengan pusat data.", EN: "The ledger that was put back is not compared with the data center yet.",
		StepsID: []string{"Periksa hubungan ke pusat data dan tunggu pencocokan.", "Kumpulkan semua kartu di ruang cetak dan tempelkan satu per satu pada pembaca.", "Sesudah itu terima buku besar oleh dua orang."},
		StepsEN: []string{"Check the link to the data center and wait for the comparison.", "Gather every card in the print room and present each at a reader.", "Then two persons accept the ledger."},
	}
	restoredInWork = fault.Entry{
		Code: "registry.restored_in_work", Kind: fault.Conflict,
		ID: "Pada buku besar yang dipasang kembali masih ada kartu yang dikerjakan atau diragukan.", EN: "In the ledger that was put back a card is still in work or in doubt.",
		StepsID: []string{"Jalankan lini kartu itu; lini memeriksa kartu di dalamnya sebelum apa pun diumpankan.", "Cari kartu yang diragukan dan tempelkan pada pembaca, atau nyatakan hilang oleh dua orang.", "Sesudah itu terima buku besar."},
		StepsEN: []string{"Run the line of that card; it asks the card inside before anything is fed.", "Find the card in doubt and present it at a reader, or let two persons declare it lost.", "Then accept the ledger."},
	}
)

// Faults of this room.
var Faults = []fault.Entry{
	signInRefused, lockedOut, passwordWeak, codeWrong, invitationOver, pairingOver, ticketOver, chipUnproved, chipCounterBack, challengeOver, cardNotShown, readingKeyAway,
	RecordWithdrawn, RecordHeld, BlankDenied, BlankForOthers, otherBlankAwaited, notAllowed, secondMissing, samePerson, wrongState, applicationUnknown, cardUnknown,
	badOperation, keyMissing, keyReused, specimen, chipMissing, chipDiffers, activationOpen, wasActive, proofMissing, chipNotExamined, chipStillWorks, blankNotClean,
	wrongPersonFound, tooManySpoiled, declaredLost, surrendered, chipFaultsInRow, panelsDiffer, stockUnexplained, superseded, cancelled,
	pictureMissing, recordRefused, requestKnown, cardStands, lineElsewhere, notRestored, notReconciled, restoredInWork, placeUnknown, consignmentUnknown, investigationUnknown, destructionUnknown, countDiffers, itemChanged, notAccepted,
	notConfirmed, rollUnknown, shiftUnknown, noShift, inspectionUnknown, complaintUnknown, breachUnknown, tooManyOpened,
	matchExhausted, matchSpent, matchOld, matchOtherCard, searchAgain, chipFingersDiffer, changedMeanwhile, proposalOutdated, personUnknown, notSignedIn, proposalUnknown, batchUnknown, sampleUnopened, warningsSingly, withAnother, noWork,
	unknownID, noList, unmatched, requirementMissing, personBusy, hasCard, onlyAtDinas, staticElement, scanMissing, oldCardMissing, outOfOrder,
	captureAgain, captureDiffers, notVerified, confirmationDiffers, quotaUsed, noSearch, notSigned, corrected,
	questionUnknown, questionClosed, faceGone, TransferTemperature,
	NotReleased, startUnknown, needsTwo, startUnconfirmed, DesignUnapproved, MasterRetired, samUnknown, samKeyUnknown, samLost, samTakenBack, samTellsWrong, samRenewedOften, SAMUnsigned,
}
