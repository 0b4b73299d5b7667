package registry

import "blanko/fault"

// What signing in at the console raises.
var (
	signInRefused = fault.Entry{
		Code: "registry.sign_in_refused", Kind: fault.Denied,
		ID: "Nama pengguna, kata sandi, atau kode tidak cocok.", EN: "User name, password or code do not match.",
		StepsID: []string{"Periksa huruf besar dan kecil, lalu coba lagi.", "Tunggu kode berikutnya bila kode itu sudah dipakai.", "Sesudah lima kali gagal akun dikunci 15 menit."},
		StepsEN: []string{"Check upper and lower case and try again.", "Wait for the next code if this one was used.", "After five failures the account is locked for 15 minutes."},
	}
	lockedOut = fault.Entry{
		Code: "registry.locked_out", Kind: fault.Denied,
		ID: "Akun dikunci sementara karena terlalu banyak percobaan.", EN: "The account is locked for a while after too many tries.",
		StepsID: []string{"Tunggu 15 menit, lalu masuk lagi.", "Beri tahu petugas keamanan bila Anda tidak mencobanya sendiri."},
		StepsEN: []string{"Wait 15 minutes and sign in again.", "Tell the security officer if it was not you who tried."},
	}
	passwordWeak = fault.Entry{
		Code: "registry.password_weak", Kind: fault.Invalid,
		ID: "Kata sandi terlalu pendek atau terlalu panjang.", EN: "The password is too short or too long.",
		StepsID: []string{"Pilih 10 sampai 128 karakter, misalnya empat kata yang mudah diingat."},
		StepsEN: []string{"Choose 10 to 128 characters, such as four words that you remember."},
	}
	codeWrong = fault.Entry{
		Code: "registry.code_wrong", Kind: fault.Invalid,
		ID: "Kode sekali pakai tidak cocok.", EN: "The one-time code does not match.",
		StepsID: []string{"Pindai gambar dengan aplikasi autentikator.", "Periksa jam pada telepon.", "Isi kode enam angka yang sedang tampil."},
		StepsEN: []string{"Scan the picture with an authenticator.", "Check the clock of the phone.", "Enter the six digits it shows now."},
	}
	invitationOver = fault.Entry{
		Code: "registry.invitation_over", Kind: fault.NotFound,
		ID: "Tautan undangan ini tidak dikenal, sudah dipakai, atau sudah habis masanya.", EN: "This invitation is unknown, was used, or has run out.",
		StepsID: []string{"Minta undangan baru kepada petugas keamanan."},
		StepsEN: []string{"Ask the security officer for a new one."},
	}
)
