package station

import "blanko/fault"

// What the station raises while it is put together.
var (
	ConfigUnreadable = fault.Entry{
		Code: "station.config_unreadable", Kind: fault.NotFound,
		ID:      "Berkas konfigurasi tidak dapat dibaca.",
		EN:      "The configuration file cannot be read.",
		StepsID: []string{"Periksa nama berkas dan hak bacanya.", "Buat yang baru dengan: blanko serve --print-config > blanko.yaml"},
		StepsEN: []string{"Check the file's name and who may read it.", "Make a new one with: blanko serve --print-config > blanko.yaml"},
	}
	ConfigWrong = fault.Entry{
		Code: "station.config_wrong", Kind: fault.Invalid,
		ID:      "Berkas konfigurasi berisi kesalahan.",
		EN:      "The configuration file has a mistake.",
		StepsID: []string{"Perbaiki baris yang disebutkan.", "Bandingkan dengan: blanko serve --print-config"},
		StepsEN: []string{"Mend the line that is named.", "Compare with: blanko serve --print-config"},
	}
	StationTaken = fault.Entry{
		Code: "station.taken", Kind: fault.Conflict,
		ID:      "Program lain mengambil alih stasiun ini saat basis data tidak terjangkau; program ini berhenti.",
		EN:      "Another program took this station over while the database was out of reach; this one has stopped.",
		StepsID: []string{"Periksa apakah dua program memakai nama stasiun yang sama.", "Beri setiap stasiun nama sendiri pada baris station di konfigurasi."},
		StepsEN: []string{"Check whether two programs use the same station name.", "Give every station a name of its own in the line station of the configuration."},
	}
	NothingWaits = fault.Entry{
		Code: "station.nothing_waits", Kind: fault.NotFound,
		ID:      "Tidak ada penyalaan stasiun ini yang menunggu.",
		EN:      "No start of this station waits.",
		StepsID: []string{"Lihat semuanya dengan: blanko start list --all", "Jalankan layanan lebih dahulu bila belum: blanko serve"},
		StepsEN: []string{"See them all with: blanko start list --all", "Start the service first where it does not run: blanko serve"},
	}
	CableMissing = fault.Entry{
		Code: "station.cable_missing", Kind: fault.Device,
		ID:      "Lini ini belum dapat dipakai: sambungan perangkatnya tidak tersedia pada versi ini.",
		EN:      "This line cannot be used yet: the cable of its device is not part of this version.",
		StepsID: []string{"Biarkan lini ini; lini lain tetap berjalan.", "Perbarui Blanko setelah sambungan ini tersedia."},
		StepsEN: []string{"Leave this line; the others go on.", "Update Blanko when the cable is there."},
	}
	DeskTaken = fault.Entry{
		Code: "station.desk_taken", Kind: fault.Conflict,
		ID:      "Pembaca meja sedang dipakai untuk kartu lini lain.",
		EN:      "The reader of the desk is in use for a card of another line.",
		StepsID: []string{"Selesaikan kartu itu dahulu; kartu ini dibaca sesudahnya."},
		StepsEN: []string{"Finish that card first; this one is read after it."},
	}
	DeskReaderMissing = fault.Entry{
		Code: "station.desk_reader_missing", Kind: fault.Device,
		ID:      "Kartu yang diragukan tidak dapat dibaca: stasiun ini tidak mempunyai pembaca meja.",
		EN:      "The card in doubt cannot be read: this station has no reader on the desk.",
		StepsID: []string{"Simpan kartu itu terpisah; jangan diserahkan.", "Sambungkan pembaca dan sebutkan pada bagian desk di konfigurasi.", "Sesudah itu jalankan ulang layanan dan letakkan kartu di pembaca."},
		StepsEN: []string{"Keep the card apart; hand it to nobody.", "Connect a reader and name it in the part desk of the configuration.", "Then start the service anew and lay the card on the reader."},
	}
	KeysMissing = fault.Entry{
		Code: "station.keys_missing", Kind: fault.Denied,
		ID:      "Lini ini belum dapat dipakai: kunci personalisasi tidak tersedia.",
		EN:      "This line cannot be used yet: the personalization keys are not there.",
		StepsID: []string{"Sambungkan token kunci dan isi bagian keys pada konfigurasi.", "Stasiun tidak pernah membaca kunci dari berkas."},
		StepsEN: []string{"Connect the key token and fill in the keys part of the configuration.", "A station never reads keys from a file."},
	}
	KeyNeeded = fault.Entry{
		Code: "station.key_needed", Kind: fault.Conflict,
		ID:      "Generasi kunci ini masih diperlukan, atau tidak terbukti bahwa tidak ada kartu yang memerlukannya; tidak ada yang dihapus.",
		EN:      "This generation of the key is still needed, or nothing proves that no card needs it; nothing was destroyed.",
		StepsID: []string{"Biarkan kunci lama di token: kartu baru tidak memakainya.", "Hapus setelah semua kartu di bawahnya dimusnahkan.", "Jalankan di stasiun yang buku besarnya mencatat kartu itu."},
		StepsEN: []string{"Leave the old key on the token: new cards do not use it.", "Retire it when all cards under it are destroyed.", "Run the command at the station whose ledger has those cards."},
	}
	KeysMisbuilt = fault.Entry{
		Code: "station.keys_misbuilt", Kind: fault.Invalid,
		ID:      "Bagian keys pada konfigurasi tidak dapat dipakai.",
		EN:      "The keys part of the configuration cannot be used.",
		StepsID: []string{"Perbaiki berkas atau folder yang disebut.", "Sesudah itu jalankan ulang layanan."},
		StepsEN: []string{"Mend the file or folder that is named.", "Then start the service again."},
	}
	PrinterUnknown = fault.Entry{
		Code: "station.printer_unknown", Kind: fault.Invalid,
		ID:      "Bahasa pencetak ini tidak dikenal.",
		EN:      "This printer language is not known.",
		StepsID: []string{"Pakai salah satu yang didukung: evolis, matica, magicard."},
		StepsEN: []string{"Use one that is supported: evolis, matica, magicard."},
	}
	PrinterNotInline = fault.Entry{
		Code: "station.printer_not_inline", Kind: fault.Invalid,
		ID:      "Pencetak ini tidak dapat membawa kartu ke penulis chip; lini ini harus lini meja.",
		EN:      "This printer cannot bring a card to the chip encoder; its line must be a desktop line.",
		StepsID: []string{"Isi kind: desktop untuk lini ini dan sambungkan pembaca meja.", "Atau pakai pencetak yang memegang kartu pada penulis chip, misalnya evolis atau matica."},
		StepsEN: []string{"Set kind: desktop for this line and connect a desk reader.", "Or use a printer that holds the card at its encoder, such as evolis or matica."},
	}
	ImportUnreadable = fault.Entry{
		Code: "station.import_unreadable", Kind: fault.NotFound,
		ID:      "Berkas impor tidak dapat dibaca.",
		EN:      "The file to import cannot be read.",
		StepsID: []string{"Periksa nama berkas dan hak bacanya."},
		StepsEN: []string{"Check the file's name and who may read it."},
	}
	ImportMalformed = fault.Entry{
		Code: "station.import_malformed", Kind: fault.Invalid,
		ID:      "Isi berkas impor bukan daftar data dari pusat; tidak ada yang diimpor.",
		EN:      "The file to import is no list of records of the center; nothing was imported.",
		StepsID: []string{"Minta berkas baru dari pusat data.", "Isinya larik JSON, atau satu data JSON pada setiap baris."},
		StepsEN: []string{"Ask the data center for a new file.", "It holds a JSON array, or one JSON record on each line."},
	}
	ImportTooLarge = fault.Entry{
		Code: "station.import_too_large", Kind: fault.Invalid,
		ID:      "Berkas impor terlalu besar; tidak ada yang diimpor.",
		EN:      "The file to import is too large; nothing was imported.",
		StepsID: []string{"Bagi berkas menjadi beberapa bagian dan impor satu per satu."},
		StepsEN: []string{"Divide the file and import the parts one after the other."},
	}
	KeyListMissing = fault.Entry{
		Code: "station.key_list_missing", Kind: fault.Denied,
		ID:      "Daftar kunci pusat data tidak ada; tanda tangan tidak dapat diperiksa.",
		EN:      "The center's key list is not there; no signature can be checked.",
		StepsID: []string{"Sebutkan berkasnya dengan --keys atau center.key_list.", "Isi center.anchor dengan kunci jangkar pusat data."},
		StepsEN: []string{"Name its file with --keys or center.key_list.", "Set center.anchor to the center's anchor key."},
	}
	ReaderUnnamed = fault.Entry{
		Code: "station.reader_unnamed", Kind: fault.Invalid,
		ID:      "Ada beberapa pembaca kartu; yang mana yang dimaksud tidak jelas.",
		EN:      "There are several card readers, and it is not clear which is meant.",
		StepsID: []string{"Sebutkan satu dengan --reader dan nama lengkapnya, atau dengan --serial dan --slot.", "Lihat nama dan isi pembaca dengan \"blanko card list\"."},
		StepsEN: []string{"Name one with --reader and its whole name, or with --serial and --slot.", "See the readers and what they hold with \"blanko card list\"."},
	}
	CardMisnamed = fault.Entry{
		Code: "station.card_misnamed", Kind: fault.Invalid,
		ID: "Kartu yang dimaksud tidak disebut dengan benar.", EN: "The card that is meant is not named rightly.",
		StepsID: []string{"Salin UID chip dari halaman kartu: 20 digit heksadesimal, huruf besar.", "Sertakan --record: hanya pemeriksaan yang disimpan dapat disebut milik sebuah kartu."},
		StepsEN: []string{"Copy the chip UID from the page of the card: 20 hex digits in capitals.", "Add --record: only an examination that is kept can be said to be of a card."},
	}
	OutputRefused = fault.Entry{
		Code: "station.output_refused", Kind: fault.Invalid,
		ID:      "Hasil tidak dapat ditulis ke tempat yang diminta.",
		EN:      "The result cannot be written where it was wanted.",
		StepsID: []string{"Pilih nama yang belum ada, dalam folder yang boleh ditulisi.", "Jalankan perintah sekali lagi."},
		StepsEN: []string{"Choose a name that is not there yet, in a folder that may be written to.", "Run the command once more."},
	}
	SpecimenWanted = fault.Entry{
		Code: "station.specimen_wanted", Kind: fault.Invalid,
		ID:      "Perintah ini hanya menulis kartu contoh dari data tanpa tanda tangan pusat.",
		EN:      "This command writes specimens alone, from a record that the data center did not sign.",
		StepsID: []string{"Sebutkan berkas data contoh tanpa tanda tangan.", "Kartu untuk warga dibuat oleh lini produksi, lewat buku besar."},
		StepsEN: []string{"Name the file of a specimen record without signatures.", "A card for a resident is made by a production line, through the ledger."},
	}
	NotBlank = fault.Entry{
		Code: "station.not_blank", Kind: fault.Conflict,
		ID:      "Kartu pada pembaca bukan blangko.",
		EN:      "The card in the reader is no blank.",
		StepsID: []string{"Ambil blangko dari stok uji.", "Periksa kartu ini dengan: blanko card verify"},
		StepsEN: []string{"Take a blank of the test stock.", "Examine this card with: blanko card verify"},
	}
	SpecimenFailed = fault.Entry{
		Code: "station.specimen_failed", Kind: fault.Device,
		ID:      "Kartu contoh gagal ditulis.",
		EN:      "The specimen could not be written.",
		StepsID: []string{"Catat blangko uji ini sebagai rusak, dengan sebabnya.", "Bila kuncinya ditolak, jangan coba blangko lain; bandingkan nilai periksa kunci dengan lot chip.", "Bila tidak, periksa pembaca, lalu coba dengan blangko uji lain."},
		StepsEN: []string{"Enter this test blank as spoiled, with its cause.", "If its key was refused, try no other blank; compare the key check values with the lot of chips.", "Otherwise check the reader, then try with another test blank."},
	}
	PrinterAbsent = fault.Entry{
		Code: "station.printer_absent", Kind: fault.NotFound,
		ID:      "Printer yang dimaksud tidak terpasang pada USB.",
		EN:      "The printer that is meant is not plugged in.",
		StepsID: []string{"Periksa kabel USB dan sakelar daya printer.", "Lihat printer yang terpasang dengan \"blanko printer list\".", "Untuk printer yang hanya dikenal sistem cetak, sebutkan antreannya dengan --queue."},
		StepsEN: []string{"Check the USB cable and the printer's power switch.", "See what is plugged in with \"blanko printer list\".", "For a printer that only the print system can drive, name its queue with --queue."},
	}
	PrinterUnnamed = fault.Entry{
		Code: "station.printer_unnamed", Kind: fault.Invalid,
		ID:      "Ada beberapa printer; yang mana yang dimaksud tidak jelas.",
		EN:      "There are several printers, and it is not clear which is meant.",
		StepsID: []string{"Sebutkan satu dengan --serial.", "Lihat nomor seri dengan \"blanko printer list\"."},
		StepsEN: []string{"Name one with --serial.", "See the serial numbers with \"blanko printer list\"."},
	}
	CardInside = fault.Entry{
		Code: "station.card_inside", Kind: fault.Conflict,
		ID:      "Ada kartu di dalam printer; kartu itu dapat milik seorang warga.",
		EN:      "A card lies inside the printer; it may be a person's.",
		StepsID: []string{"Cari tahu kartu siapa itu; bila milik sebuah lini, jalankan lini itu.", "Bila bukan, keluarkan dengan: blanko printer move reject --card-is-mine", "Letakkan kartu itu pada pembaca dan periksa: blanko card info"},
		StepsEN: []string{"Find out whose card it is; if it is a line's, start that line.", "If not, take it out with: blanko printer move reject --card-is-mine", "Lay the card on a reader and look at it: blanko card info"},
	}
	CardOfAttempt = fault.Entry{
		Code: "station.card_of_attempt", Kind: fault.Conflict,
		ID:      "Menurut buku besar, printer ini memegang kartu yang sedang dibuat; hanya lininya yang boleh memindahkannya.",
		EN:      "By the ledger this printer holds a card that is being made; only its line may move it.",
		StepsID: []string{"Jalankan stasiun: lini membaca keadaan kartu dan melanjutkannya.", "Ikuti petunjuk lini itu untuk kartu ini."},
		StepsEN: []string{"Start the station: the line reads the state of the card and goes on with it.", "Follow what the line asks for this card."},
	}
	LiveBlanks = fault.Entry{
		Code: "station.live_blanks", Kind: fault.Conflict,
		ID:      "Menurut buku besar, tempat blangko printer ini berisi blangko produksi.",
		EN:      "By the ledger the hopper of this printer holds blanks of the production stock.",
		StepsID: []string{"Keluarkan blangko itu dan catat bersama orang kedua.", "Masukkan satu blangko dari stok uji, lalu ulangi."},
		StepsEN: []string{"Take those blanks out and record it with a second person.", "Put one blank of the test stock in, then repeat."},
	}
	PathUnseen = fault.Entry{
		Code: "station.path_unseen", Kind: fault.Invalid,
		ID:      "Printer ini tidak memberi tahu apakah ada kartu di dalamnya.",
		EN:      "This printer does not tell whether a card is inside.",
		StepsID: []string{"Buka printer dan lihat; keluarkan kartu yang ada dan periksa pada pembaca.", "Bila kosong, ulangi dengan --path-empty."},
		StepsEN: []string{"Open the printer and look; take out a card that is there and look at it on a reader.", "If it is empty, repeat with --path-empty."},
	}
	NoCardInside = fault.Entry{
		Code: "station.no_card_inside", Kind: fault.Conflict,
		ID:      "Tidak ada kartu di dalam printer; perintah ini akan mengambil blangko baru.",
		EN:      "No card is inside the printer; this command would take a new blank.",
		StepsID: []string{"Bila tempat blangko berisi blangko stok uji, ulangi dengan --feed."},
		StepsEN: []string{"If the hopper holds blanks of the test stock, repeat with --feed."},
	}
	PrinterNoPath = fault.Entry{
		Code: "station.printer_no_path", Kind: fault.Invalid,
		ID:      "Printer ini tidak membiarkan komputer memindahkan kartu.",
		EN:      "This printer does not let the computer move a card.",
		StepsID: []string{"Keluarkan kartu dengan tangan, seperti pada buku petunjuk printer.", "Letakkan kartu pada pembaca meja."},
		StepsEN: []string{"Take the card out by hand, as the printer's book says.", "Lay it on the desk reader."},
	}
	ReasonMissing = fault.Entry{
		Code: "station.reason_missing", Kind: fault.Invalid,
		ID:      "Kartu uji memakai blangko; alasannya harus disebutkan.",
		EN:      "A test card uses a blank; the reason must be given.",
		StepsID: []string{"Ulangi dengan --reason, misalnya --reason \"kepala cetak baru\".", "Untuk melihat gambarnya tanpa mencetak, pakai --out."},
		StepsEN: []string{"Repeat with --reason, such as --reason \"new print head\".", "To see the picture without printing, use --out."},
	}
	ReasonUnfit = fault.Entry{
		Code: "station.reason_unfit", Kind: fault.Invalid,
		ID:      "Alasan tidak muat pada kartu uji, atau memuat huruf yang tidak dapat dicetak.",
		EN:      "The reason does not fit on the test card, or has a character that cannot be printed.",
		StepsID: []string{"Tulis alasan yang lebih pendek, satu baris dengan huruf biasa."},
		StepsEN: []string{"Write a shorter reason, one line of plain letters."},
	}
	FaceUnseen = fault.Entry{
		Code: "station.face_unseen", Kind: fault.Denied,
		ID:      "Lini jenis inline menerima muka kartu dengan kamera di dalam mesin, dan versi ini tidak punya kamera.",
		EN:      "A line of kind inline accepts the face by a camera inside the machine, and this version has none.",
		StepsID: []string{"Ubah jenis lini menjadi inline_eye: seseorang menerima muka kartu di baki keluaran."},
		StepsEN: []string{"Make the line one of kind inline_eye: a person accepts the face at the output tray."},
	}
	HandOffFailed = fault.Entry{
		Code: "station.hand_off_failed", Kind: fault.Device,
		ID:      "Petugas di meja mengatakan bahwa kartu tidak dapat dipindahkan.",
		EN:      "The person at the desk says that the card cannot be carried.",
		StepsID: []string{"Cari kartu di meja, di pembaca dan di pencetak.", "Isi blangko di meja, lalu jawab pertanyaan lini."},
		StepsEN: []string{"Look for the card at the desk, in the reader and in the printer.", "Put blanks at the desk, then answer the line's question."},
	}
	AnswerMissing = fault.Entry{
		Code: "station.answer_missing", Kind: fault.Invalid,
		ID:      "Pertanyaan tidak dijawab, atau jawabannya lain dari yang diharapkan; tidak ada yang berubah.",
		EN:      "A question was not answered, or not as expected; nothing has changed.",
		StepsID: []string{"Jalankan perintah sekali lagi dan jawab setiap pertanyaan."},
		StepsEN: []string{"Run the command once more and answer every question."},
	}
	PersonsMissing = fault.Entry{
		Code: "station.persons_missing", Kind: fault.Denied,
		ID:      "Untuk kunci diperlukan sedikitnya dua orang yang berbeda.",
		EN:      "At least two different persons are needed for keys.",
		StepsID: []string{"Sebut setiap orang: --leader, --holder, --witness.", "Seorang tidak boleh disebut dua kali."},
		StepsEN: []string{"Name every person: --leader, --holder, --witness.", "Nobody may be named twice."},
	}
	CheckValueDiffers = fault.Entry{
		Code: "station.check_value_differs", Kind: fault.Denied,
		ID:      "Nilai periksa kunci berbeda; kunci tidak dimuat.",
		EN:      "The key check value differs; the key was not loaded.",
		StepsID: []string{"Bandingkan dengan protokol upacara yang lama.", "Periksa apakah setiap komponen milik kunci ini."},
		StepsEN: []string{"Compare with the protocol of the earlier ceremony.", "Check that every share belongs to this key."},
	}
	NotConfirmed = fault.Entry{
		Code: "station.not_confirmed", Kind: fault.Invalid,
		ID:      "Tidak ada yang memastikan langkah-langkahnya; pembersihan tidak dimulai.",
		EN:      "Nobody confirmed the steps; the cleaning was not started.",
		StepsID: []string{"Kerjakan langkah-langkahnya, lalu tekan Enter, atau ulangi dengan --done."},
		StepsEN: []string{"Do the steps and press Enter, or repeat with --done."},
	}
	FingerFile = fault.Entry{
		Code: "station.finger_file", Kind: fault.Invalid,
		ID:      "Berkas sidik jari tidak dapat dipakai.",
		EN:      "The fingerprint file cannot be used.",
		StepsID: []string{"Periksa nama berkas dan pilihan perintahnya.", "Pakai gambar PNG abu-abu dari satu jari, atau rekaman ISO/IEC 19794-2."},
		StepsEN: []string{"Check the name of the file and the options of the command.", "Use a gray PNG picture of one finger, or an ISO/IEC 19794-2 record."},
	}
	InboxStuck = fault.Entry{
		Code: "station.inbox_stuck", Kind: fault.Transient,
		ID:      "Data dari pusat data tidak dapat disimpan ke buku besar; kiriman berikutnya menunggu di belakangnya, tidak ada yang dilewati.",
		EN:      "What the data center sends cannot be saved in the ledger; what follows waits behind it, nothing is passed over.",
		StepsID: []string{"Periksa ruang disk dan basis data: blanko doctor", "Cari trigger atau aturan asing di basis data dan hapus.", "Stasiun mencoba lagi setiap menit; hubungi pengembang bila tetap gagal."},
		StepsEN: []string{"Check the disk's room and the database: blanko doctor", "Look for a trigger or rule of somebody else in the database and remove it.", "The station tries again every minute; call the developers if it goes on failing."},
	}
	CenterMisbuilt = fault.Entry{
		Code: "station.center_misbuilt", Kind: fault.Invalid,
		ID:      "Hubungan ke pusat data belum dikonfigurasi dengan benar.",
		EN:      "The link to the data center is not configured rightly.",
		StepsID: []string{"Periksa bagian center pada konfigurasi dan berkas sertifikatnya."},
		StepsEN: []string{"Check the center part of the configuration and its certificate files."},
	}
)

// Faults lists the entries of this room.
var Faults = []fault.Entry{
	ConfigUnreadable, ConfigWrong, StationTaken, NothingWaits, CableMissing, DeskTaken, DeskReaderMissing, KeysMissing, KeyNeeded, KeysMisbuilt, PrinterUnknown, PrinterNotInline, InboxStuck, CenterMisbuilt,
	ImportUnreadable, ImportMalformed, ImportTooLarge, KeyListMissing,
	PrinterAbsent, PrinterUnnamed, CardInside, CardOfAttempt, LiveBlanks, PathUnseen, NoCardInside, PrinterNoPath, ReasonMissing, ReasonUnfit, NotConfirmed,
	FaceUnseen, HandOffFailed, AnswerMissing, PersonsMissing, CheckValueDiffers,
	ReaderUnnamed, CardMisnamed, OutputRefused, SpecimenWanted, NotBlank, SpecimenFailed, NoLedger, FileUnreadable, CopyUnsound, CopyStale, FolderAway, CopyElsewhere, LedgerThere, LedgerInClear, DataKeysWrong, FingerFile,
}
