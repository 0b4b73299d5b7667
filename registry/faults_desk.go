package registry

import "blanko/fault"

// What desks raise.
var (
	pairingOver = fault.Entry{
		Code: "registry.pairing_over", Kind: fault.NotFound,
		ID: "Kode pemasangan ini tidak dikenal, sudah dipakai, atau sudah habis masanya.", EN: "This pairing code is unknown, was used, or has run out.",
		StepsID: []string{"Periksa kode di layar konsol.", "Minta kode baru kepada petugas keamanan."},
		StepsEN: []string{"Check the code against the screen of the console.", "Ask the security officer for a new one."},
	}
	ticketOver = fault.Entry{
		Code: "registry.ticket_over", Kind: fault.Denied,
		ID: "Permintaan dari halaman ini sudah kedaluwarsa atau tidak dikenal.", EN: "The request of this page has run out or is unknown.",
		StepsID: []string{"Muat ulang halaman, lalu coba lagi."},
		StepsEN: []string{"Load the page again and try once more."},
	}
)
