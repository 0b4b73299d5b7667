package web

import "blanko/fault"

// What the server raises.
var (
	NotLoopback = fault.Entry{
		Code: "web.not_loopback", Kind: fault.Denied,
		ID:      "Alamat ini dapat dijangkau dari luar; layanan ini belum mengenal masuk dengan akun.",
		EN:      "This address can be reached from outside, and this server has no sign-in yet.",
		StepsID: []string{"Pakai alamat mesin ini sendiri, misalnya 127.0.0.1:8080.", "Jangan teruskan porta ini ke jaringan."},
		StepsEN: []string{"Use an address of this machine alone, such as 127.0.0.1:8080.", "Do not forward this port to the network."},
	}
	AddressTaken = fault.Entry{
		Code: "web.address_taken", Kind: fault.Conflict,
		ID:      "Alamat ini sedang dipakai program lain.",
		EN:      "Another program uses this address.",
		StepsID: []string{"Periksa apakah Blanko sudah berjalan.", "Pilih porta lain dengan listen atau --listen."},
		StepsEN: []string{"Check whether Blanko is running already.", "Choose another port with listen or --listen."},
	}
	AddressWrong = fault.Entry{
		Code: "web.address_wrong", Kind: fault.Invalid,
		ID:      "Layanan tidak dapat dibuka pada alamat ini.",
		EN:      "The server cannot listen on this address.",
		StepsID: []string{"Tulis alamat dan porta, misalnya 127.0.0.1:8080."},
		StepsEN: []string{"Write an address and a port, such as 127.0.0.1:8080."},
	}
	BadParameter = fault.Entry{
		Code: "web.bad_parameter", Kind: fault.Invalid,
		ID:      "Isian permintaan salah; tidak ada yang berubah.",
		EN:      "A value of the request is wrong; nothing was changed.",
		StepsID: []string{"Perbaiki isian yang disebut, lalu kirim lagi."},
		StepsEN: []string{"Mend the value that is named and send it again."},
	}
	NoSuchPage = fault.Entry{
		Code: "web.no_such_page", Kind: fault.NotFound,
		ID:      "Alamat ini tidak ada.",
		EN:      "There is nothing at this address.",
		StepsID: []string{"Lihat daftar alamat pada /v1/openapi.json."},
		StepsEN: []string{"See the list of addresses at /v1/openapi.json."},
	}
	MethodRefused = fault.Entry{
		Code: "web.method_refused", Kind: fault.Invalid,
		ID:      "Alamat ini tidak menerima cara permintaan itu.",
		EN:      "This address does not take that method.",
		StepsID: []string{"Pakai cara yang disebut pada kepala Allow."},
		StepsEN: []string{"Use a method that the Allow header names."},
	}
	HostRefused = fault.Entry{
		Code: "web.host_refused", Kind: fault.Denied,
		ID:      "Permintaan ini menyebut nama mesin lain.",
		EN:      "This request names another host.",
		StepsID: []string{"Buka dengan 127.0.0.1 atau localhost."},
		StepsEN: []string{"Open it as 127.0.0.1 or localhost."},
	}
	ForeignForm = fault.Entry{
		Code: "web.foreign_form", Kind: fault.Denied,
		ID:      "Isian ini datang dari halaman lain; tidak ada yang berubah.",
		EN:      "This form came from a page elsewhere; nothing was changed.",
		StepsID: []string{"Buka halaman itu di konsol ini, lalu kirim lagi."},
		StepsEN: []string{"Open the page in this console and send it again."},
	}
	PageDenied = fault.Entry{
		Code: "web.page_denied", Kind: fault.Denied,
		ID:      "Peran Anda tidak mencakup halaman ini.",
		EN:      "Your roles do not include this page.",
		StepsID: []string{"Pilih halaman lain di menu.", "Minta peran itu kepada petugas keamanan bila memang tugas Anda."},
		StepsEN: []string{"Choose another page of the menu.", "Ask the security officer for the role if it is your work."},
	}
	SignInNeeded = fault.Entry{
		Code: "web.sign_in_needed", Kind: fault.Denied,
		ID:      "Permintaan ini tidak membawa token atau sertifikat.",
		EN:      "This request carries no token and no certificate.",
		StepsID: []string{"Kirim token pada kepala Authorization, didahului kata Bearer.", "Minta token kepada petugas keamanan."},
		StepsEN: []string{"Send the token in the header Authorization, after the word Bearer.", "Ask the security officer for a token."},
	}
	NotAllowed = fault.Entry{
		Code: "web.not_allowed", Kind: fault.Denied,
		ID:      "Peran Anda tidak boleh melihat ini.",
		EN:      "Your role may not see this.",
		StepsID: []string{"Minta petugas dengan peran yang sesuai."},
		StepsEN: []string{"Ask somebody with the right role."},
	}
	TooMany = fault.Entry{
		Code: "web.too_many", Kind: fault.Transient,
		ID:      "Terlalu banyak permintaan dalam waktu singkat.",
		EN:      "Too many requests in a short time.",
		StepsID: []string{"Tunggu sebentar, lalu coba lagi."},
		StepsEN: []string{"Wait a moment and try again."},
	}
	ComplaintsFull = fault.Entry{
		Code: "web.complaints_full", Kind: fault.Transient,
		ID:      "Terlalu banyak pengaduan masuk lewat situs ini; pengaduan Anda belum tercatat.",
		EN:      "Too many complaints have come in by this site; yours was not written down yet.",
		StepsID: []string{"Coba lagi satu jam lagi.", "Bila mendesak, datang ke kantor atau telepon petugas pengaduan."},
		StepsEN: []string{"Try again in an hour.", "If it is urgent, come to the office or call the complaint officer."},
	}
	TooLarge = fault.Entry{
		Code: "web.too_large", Kind: fault.Invalid,
		ID:      "Kiriman ini terlalu besar; tidak ada yang berubah.",
		EN:      "What was sent is too large; nothing was changed.",
		StepsID: []string{"Perkecil berkas atau pindai dengan resolusi lebih rendah."},
		StepsEN: []string{"Make the file smaller, or scan with a lower resolution."},
	}
	NotAPicture = fault.Entry{
		Code: "web.not_a_picture", Kind: fault.Invalid,
		ID:      "Berkas ini bukan gambar JPEG atau PNG yang dapat dibaca.",
		EN:      "This file is no JPEG or PNG picture that can be read.",
		StepsID: []string{"Ambil atau pindai gambar lagi.", "Kirim sebagai JPEG atau PNG."},
		StepsEN: []string{"Take or scan the picture again.", "Send it as JPEG or PNG."},
	}
	NotAScan = fault.Entry{
		Code: "web.not_a_scan", Kind: fault.Invalid,
		ID:      "Berkas ini bukan PDF dan bukan gambar JPEG atau PNG; tidak ada yang dilampirkan.",
		EN:      "This file is neither a PDF nor a JPEG or PNG picture; nothing was attached.",
		StepsID: []string{"Pindai atau potret surat itu lagi.", "Simpan sebagai PDF, JPEG atau PNG, lalu lampirkan."},
		StepsEN: []string{"Scan or photograph the paper again.", "Save it as PDF, JPEG or PNG and attach it."},
	}
	NotOffered = fault.Entry{
		Code: "web.not_offered", Kind: fault.Invalid,
		ID:      "Alamat ini tidak menyediakan jenis berkas yang diminta; tidak ada yang berubah.",
		EN:      "This address does not offer the type of file that was asked for; nothing was changed.",
		StepsID: []string{"Mintalah salah satu jenis yang disebut pada kepala Accept."},
		StepsEN: []string{"Ask for one of the types named, in the header Accept."},
	}
	NothingToTell = fault.Entry{
		Code: "web.nothing_to_tell", Kind: fault.Conflict,
		ID:      "Buku belum, atau tidak lagi, memuat isi surat ini; tidak ada yang diterbitkan.",
		EN:      "The ledger does not hold what this paper tells, not yet or no longer; nothing was issued.",
		StepsID: []string{"Selesaikan dulu langkah yang disebut, lalu cetak lagi."},
		StepsEN: []string{"Finish the step that is named first, then print it again."},
	}
	NoToken = fault.Entry{
		Code: "web.no_token", Kind: fault.NotFound,
		ID:      "Stasiun ini tidak mempunyai token yang menandatangani daftar.",
		EN:      "This station has no token that signs the list.",
		StepsID: []string{"Mintalah daftar pada stasiun Dinas yang mempunyai token."},
		StepsEN: []string{"Ask a station of the Dinas that has one for the list."},
	}
	Gone = fault.Entry{
		Code: "web.gone", Kind: fault.NotFound,
		ID:      "Isi ini sudah dihapus sesuai masa simpannya.",
		EN:      "This content was erased when its time was over.",
		StepsID: []string{"Lihat bukti penghapusan pada peristiwa permohonan."},
		StepsEN: []string{"See the proof of the erasure among the events of the application."},
	}
	NoSuchNumber = fault.Entry{
		Code: "web.no_such_number", Kind: fault.NotFound,
		ID:      "Nomor ini tidak pernah diberikan.",
		EN:      "This number was never given out.",
		StepsID: []string{"Periksa nomor pada tanda terima.", "Tanyakan kepada petugas pelayanan."},
		StepsEN: []string{"Check the number on the receipt.", "Ask the service officer."},
	}
	CertificateWrong = fault.Entry{
		Code: "web.certificate_wrong", Kind: fault.Invalid,
		ID:      "Sertifikat layanan tidak dapat dipakai.",
		EN:      "The certificate of the server cannot be used.",
		StepsID: []string{"Periksa berkas sertifikat dan kuncinya pada konfigurasi."},
		StepsEN: []string{"Check the files of the certificate and its key in the configuration."},
	}
	Unexpected = fault.Entry{
		Code: "web.unexpected", Kind: fault.Internal,
		ID:      "Terjadi kesalahan di dalam program.",
		EN:      "Something went wrong inside the program.",
		StepsID: []string{"Catat nomor rujukan.", "Hubungi pengembang; sebabnya ada pada catatan program di bawah nomor itu."},
		StepsEN: []string{"Note the reference number.", "Call the developer; the cause is in the log under that number."},
	}
)

// Faults lists the entries of this room.
var Faults = []fault.Entry{NotLoopback, AddressTaken, AddressWrong, BadParameter, NoSuchPage, MethodRefused, HostRefused, ForeignForm, PageDenied, SignInNeeded, NotAllowed, TooMany, ComplaintsFull, TooLarge, NotAPicture, NotAScan, NotOffered, NothingToTell, NoToken, Gone, NoSuchNumber, CertificateWrong, Unexpected}
