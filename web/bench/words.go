package bench

import "net/http"

// languageOf is the language that was chosen in the console.
func languageOf(r *http.Request) string {
	if k, err := r.Cookie("bahasa"); err == nil && k.Value == "en" {
		return "en"
	}
	return "id"
}

// word is a text of the bench; a code without one is told as it is.
func word(lang, key string) string {
	if w, known := words[key]; known {
		return in(lang, w)
	}
	return key
}

func in(lang string, w [2]string) string {
	if lang == "en" {
		return w[1]
	}
	return w[0]
}

// words in Indonesian and English.
var words = map[string][2]string{
	"title": {"Bangku QA", "QA bench"}, "console": {"Ke konsol", "To the console"}, "skip": {"Ke isi", "To the content"},
	"intro": {
		"Dunia tiruan ruang cetak: lihat, rusakkan, ulangi. Semua orang dan kartu di sini buatan; tidak ada yang asli.",
		"The virtual world of a print room: look at it, break it, replay it. Everybody and every card here is made up.",
	},
	"first": {"Jam pertama", "The first hour"},
	"first1": {
		"Masuk ke konsol sebagai Atasan (di bawah), buka Persetujuan, dan setujui rekaman yang menunggu.",
		"Sign in to the console as the supervisor (below), open Approvals, and approve the records that wait.",
	},
	"first2": {
		"Masuk sebagai Administrator di jendela lain. Di Ruang Cetak, antrekan yang sudah disetujui, dan lihat kartunya dibuat, langkah demi langkah.",
		"Sign in as the administrator in another window. In the print room, queue what was approved, and see its card being made, step by step.",
	},
	"first_eye": {
		"Lini terakhir dari beberapa lini tidak berkamera: kartunya menunggu mata orang. Buka Penerimaan Muka, bandingkan, dan tekan Y.",
		"The last of several lines has no camera: its card waits for somebody's eyes. Open Acceptance, compare, and press Y.",
	},
	"first3": {
		"Kembali ke sini dan rusakkan sesuatu: kartu macet, pita habis, chip mati. Ruang Cetak mengatakan apa yang harus dilakukan, berurutan.",
		"Come back here and break something: a jam, a ribbon that ends, a dead chip. The print room says what to do, in order.",
	},
	"first4": {
		"Habis? Minta pusat mengirim enam rekaman lagi. Setiap blangko dipertanggungjawabkan, apa pun yang terjadi.",
		"Nothing left? Let the center send six more records. Every blank is accounted for, whatever happens.",
	},
	"manual":  {"Panduan singkat", "The short manual"},
	"counter": {"Di loket", "At the counter"}, "name": {"Nama", "Name"}, "brings": {"Untuk diunduh", "To download"},
	"counter_help": {
		"Orang-orang ini datang untuk kartu pertama. Masuk sebagai Petugas Pelayanan, buka Permohonan baru, dan isi NIK seseorang; berkas apa pun boleh menjadi pindaian syarat. Lalu masuk sebagai Petugas Operator dan rekam: berkas di sini menggantikan kamera dan pemindai, jari yang tidak dipindai diberi alasan. Pusat data tiruan menjawab; Petugas Data Center membacanya di Ketunggalan, lalu permohonan menunggu Atasan.",
		"These people come for their first card. Sign in as the service officer, open New application, and fill in somebody's NIK; any file may stand for the scan of a paper. Then sign in as the enrolment operator and capture: the files here stand for camera and scanners, and a finger that is not scanned gets a reason. The virtual data center answers; the data center officer reads that under Uniqueness, and then the application waits for the supervisor.",
	},
	"photo": {"Pas foto", "Photo"}, "signature": {"Tanda tangan", "Signature"}, "iris.right": {"Iris kanan", "Right iris"}, "iris.left": {"Iris kiri", "Left iris"},
	"people": {"Siapa bisa masuk", "Who can sign in"}, "person": {"Nama masuk", "Sign-in name"}, "role": {"Peran", "Role"}, "password": {"Kata sandi", "Password"},
	"code": {"Kode sekali pakai", "One-time code"}, "sign_in": {"Masuk", "Sign in"},
	"code_help": {"Kode berganti setiap 30 detik menurut jam dunia tiruan; halaman ini selalu menunjukkan yang berlaku.", "The code changes every 30 seconds by the clock of the virtual world; this page always shows the one that holds."},
	"room":      {"Ruang cetak sekarang", "The print room now"}, "hopper": {"Tempat blangko", "Hopper"}, "path": {"Di jalur", "In the path"}, "output": {"Baki", "Output tray"}, "reject": {"Kotak tolak", "Reject box"},
	"ribbon": {"Pita tersisa", "Ribbon left"}, "empty": {"kosong", "empty"}, "problems": {"Yang terlihat orang", "What a person sees"}, "planned": {"Gangguan yang masih akan terjadi", "Faults still to strike"},
	"beside": {"Di samping mesin", "Beside the machines"}, "speed": {"Laju jam", "Speed of the clock"}, "center": {"Pusat data", "Data center"}, "as_it_should": {"sebagaimana mestinya", "as it should be"},
	"break":      {"Rusakkan", "Break it"},
	"break_help": {"Terjadi pada kartu atau gerakan berikutnya yang bisa terkena. Orang tiruan memperbaikinya setelah beberapa saat.", "It happens to the next card or movement that it can happen to. The virtual operator mends it after a while."},
	"machine":    {"Mesin", "Machine"}, "connection": {"Sambungan", "Connection"}, "chip": {"Chip kartu berikutnya", "Chip of the next card"},
	"deeds": {"Lakukan", "Do"}, "deliver": {"Kirim enam rekaman lagi", "Send six more records"}, "cut": {"Putuskan pusat data", "Cut off the data center"}, "slow": {"Pusat data lambat", "Slow data center"},
	"double": {"Pusat data mengirim rangkap", "Data center sends twice"}, "heal": {"Pulihkan pusat data", "Heal the data center"}, "restart": {"Matikan dan nyalakan stasiun", "Kill and start the station"},
	"away": {"Petugas pergi dari mesin", "Send the operators away"}, "call": {"Panggil petugas", "Call the operators"}, "nobody": {"tidak ada petugas di mesin", "nobody is at the machines"},
	"battery": {"Padamkan listrik: UPS memakai baterai", "Mains fail: the UPS runs on its battery"}, "mains": {"Nyalakan listrik kembali", "Mains are back"}, "on_battery": {"listrik padam, UPS memakai baterai", "mains away, the UPS runs on its battery"},
	"present": {"Bawa kartu yang diragukan ke pembaca meja", "Bring cards in doubt to the desk reader"},
	"replay":  {"Ulangi", "Replay it"}, "scenario": {"Skenario", "Scenario"}, "play": {"Mainkan", "Play"}, "text": {"atau teks skenario sendiri", "or a scenario of your own as text"},
	"replay_help": {"Skenario dimainkan di dunia tersendiri; yang di atas tidak tersentuh. Tunggu beberapa detik.", "A scenario is played in a world of its own; the one above is not touched. It takes a few seconds."},
	"held":        {"Semua benar di akhir", "Everything is true at the end"}, "false": {"Tidak semua benar di akhir", "Not everything is true at the end"}, "unread": {"Teks tidak dapat dibaca", "The text cannot be read"},
	"as_files": {"Laporan ini sebagai berkas:", "This report as a file:"}, "txt": {"teks", "text"}, "json": {"JSON", "JSON"}, "xml": {"JUnit", "JUnit"},
	"happened": {"Apa yang terjadi", "What happened"}, "back": {"Kembali ke bangku", "Back to the bench"}, "nothing_happened": {"Tidak ada yang istimewa.", "Nothing out of the ordinary."},
	"card": {"Kartu", "Card"}, "place": {"Tempat", "Place"}, "chip_state": {"Chip", "Chip"}, "attempt": {"Percobaan", "Attempt"}, "fed": {"Kali diambil", "Times fed"}, "prints": {"Sisi tercetak", "Sides printed"},
	"face": {"Muka tercetak", "Printed face"}, "files": {"Isi chip, didekode", "What is on the chip, decoded"}, "no_files": {"Belum ada yang ditulis.", "Nothing was written yet."}, "no_face": {"Belum dicetak.", "Not printed yet."},
	"done": {"Sudah:", "Done:"}, "rusak": {"gangguan direncanakan", "the fault is planned"}, "dead": {"mati", "dead"}, "printed": {"tercetak", "printed"},
	"supervisor": {"Atasan", "Supervisor"}, "administrator": {"Administrator", "Administrator"}, "service_officer": {"Petugas Pelayanan", "Service officer"}, "enrolment_operator": {"Petugas Operator", "Enrolment operator"},
	"datacenter_officer": {"Petugas Data Center", "Data center officer"}, "kecamatan_operator": {"Operator Kecamatan", "Kecamatan operator"}, "complaint_officer": {"Petugas Pengaduan", "Complaint officer"},
	"stock_keeper": {"Petugas Gudang Blangko", "Stock keeper"}, "security_officer": {"Petugas Keamanan", "Security officer"}, "auditor": {"Auditor", "Auditor"},
	"jam": {"kartu macet", "jam"}, "double_feed": {"dua blangko terambil", "double feed"}, "cover_open": {"tutup dibuka", "cover opened"}, "hopper_lifted": {"blangko diangkat", "hopper emptied"},
	"ribbon_torn": {"pita habis", "ribbon ends"}, "ribbon_gone": {"pita dikeluarkan", "ribbon taken out"}, "ribbon_wrong": {"pita salah", "wrong ribbon"}, "film_torn": {"film putus", "film tears"},
	"output_full": {"baki penuh", "output tray full"}, "reject_full": {"baki tolak penuh", "reject box full"}, "cleaning_due": {"minta dibersihkan", "cleaning due"}, "card_lost": {"kartu tidak terlihat sensor", "card lost to the sensors"},
	"power_cut": {"listrik padam", "power cut"}, "cable_out": {"kabel tercabut", "cable pulled"}, "reader_gone": {"pembaca kartu dilepas", "card reader gone"}, "cooling": {"kepala cetak panas", "head hot"}, "panel_lost": {"panel tidak tercetak", "panel not printed"},
	"die": {"chip mati", "chip dies"}, "mute": {"chip diam", "chip mute"}, "field_loss": {"medan hilang", "field lost"}, "nvm_error": {"memori rusak", "memory worn"}, "corrupt": {"bit salah", "wrong bit"},
	"no_chip": {"tanpa chip", "no chip"}, "wrong_transport_key": {"kunci tidak dikenal", "unknown key"}, "foreign_card": {"kartu lain", "other card"}, "already_active": {"kartu terpakai", "card in use"},
}
