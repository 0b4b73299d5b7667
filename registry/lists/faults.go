package lists

import "blanko/fault"

// What is wrong with a whole file.
var (
	Malformed = fault.Entry{
		Code: "lists.malformed", Kind: fault.Invalid,
		ID:      "Berkas ini bukan daftar yang diminta; tidak ada yang diimpor.",
		EN:      "The file is not the list that is asked for; nothing was imported.",
		StepsID: []string{"Simpan sebagai CSV dalam UTF-8, dengan nama kolom pada baris pertama.", "Lihat nama kolom pada petunjuk perintah blanko import."},
		StepsEN: []string{"Save it as CSV in UTF-8, with the names of the columns in the first line.", "See the names of the columns in the help of blanko import."},
	}
	TooLarge = fault.Entry{
		Code: "lists.too_large", Kind: fault.Invalid,
		ID:      "Berkas daftar terlalu besar; tidak ada yang diimpor.",
		EN:      "The file of the list is too large; nothing was imported.",
		StepsID: []string{"Bagi daftar menjadi beberapa berkas, masing-masing dengan nama kolom pada baris pertama."},
		StepsEN: []string{"Split the list into several files, each with the names of the columns in its first line."},
	}
)

// Faults lists them.
var Faults = []fault.Entry{Malformed, TooLarge}
