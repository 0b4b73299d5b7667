package public

import (
	"time"

	"blanko/registry/standard"
)

// language of a page.
type language string

const (
	indonesian language = "id"
	english    language = "en"
)

// prefix is the beginning of the addresses of a language.
func (l language) prefix() string {
	if l == english {
		return "/en"
	}
	return ""
}

func (l language) at(path string) string { return l.prefix() + path }

func (l language) other() language {
	if l == english {
		return indonesian
	}
	return english
}

// word is a text of the pages; a key without one is shown as it is.
func (l language) word(key string) string {
	w, known := words[key]
	switch {
	case !known:
		return key
	case l == english:
		return w.EN
	}
	return w.ID
}

// text is one of the service standard.
func (l language) text(t standard.Text) string {
	if l == english {
		return t.EN
	}
	return t.ID
}

var months = [...]string{"", "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// day is a date in words.
func (l language) day(t time.Time) string {
	if l == english {
		return t.Format("2 January 2006")
	}
	return t.Format("2 ") + months[t.Month()] + t.Format(" 2006")
}

// words in Indonesian and English.
var words = map[string]standard.Text{
	"skip":     {ID: "Ke isi", EN: "To the content"},
	"office":   {ID: "Dinas Dukcapil", EN: "Civil registry office"},
	"language": {ID: "English", EN: "Bahasa Indonesia"},
	"pages":    {ID: "Halaman", EN: "Pages"},

	"home.title":       {ID: "Layanan KTP-el", EN: "Identity card service"},
	"home.lead":        {ID: "Lihat sampai di mana kartu Anda, atau sampaikan pengaduan. Tidak perlu mendaftar atau masuk.", EN: "See how far your card is, or send a complaint. You need no account and no sign-in."},
	"home.status":      {ID: "Lihat status", EN: "See the status"},
	"home.complain":    {ID: "Sampaikan pengaduan", EN: "Send a complaint"},
	"home.complaint":   {ID: "Ada yang tidak beres? Tulis di sini; Anda mendapat nomor untuk melihat jawabannya.", EN: "Something is not right? Write it here; you get a number by which you can follow it."},
	"home.go_complain": {ID: "Tulis pengaduan", EN: "Write a complaint"},

	"number.label":    {ID: "Nomor tanda terima atau pengaduan", EN: "Number of your receipt or complaint"},
	"number.hint":     {ID: "11 huruf dan angka, dimulai dengan R atau P. Besar kecilnya huruf tidak berpengaruh.", EN: "11 letters and digits, beginning with R or P. Capitals do not matter."},
	"number.needed":   {ID: "Tulis dahulu nomornya. Nomor itu tercetak di tanda terima Anda.", EN: "Write the number first. It is printed on your receipt."},
	"number.misread":  {ID: "Ada huruf atau angka yang salah pada nomor ini. Bandingkan dengan tanda terima, satu per satu. Huruf I, L, O dan U tidak pernah dipakai di tengah nomor.", EN: "A letter or digit of this number is wrong. Compare it with your receipt, one by one. The letters I, L, O and U are never used inside a number."},
	"number.unknown":  {ID: "Nomor ini tidak pernah diberikan oleh kantor ini. Periksa apakah tanda terima Anda dari Dinas ini, atau tanyakan kepada petugas pelayanan.", EN: "This office never gave out that number. See whether your receipt is of this office, or ask at the counter."},
	"number.too_many": {ID: "Terlalu banyak pertanyaan dari jaringan Anda. Tunggu satu menit, lalu coba lagi. Nomor Anda tetap berlaku.", EN: "Too many questions came from your network. Wait a minute and try again. Your number stays valid."},

	"status.title":  {ID: "Status", EN: "Status"},
	"status.number": {ID: "Nomor", EN: "Number"},
	"status.since":  {ID: "Sejak", EN: "Since"},
	"status.due":    {ID: "Siap paling lambat", EN: "Ready at the latest on"},
	"status.answer": {ID: "Dijawab paling lambat", EN: "Answered at the latest on"},
	"status.ready":  {ID: "Siap diambil sejak", EN: "Ready for collection since"},
	"status.place":  {ID: "Tempat pengambilan", EN: "Where to collect it"},
	"status.code":   {ID: "Kode untuk petugas", EN: "Code for the officer"},
	"status.next":   {ID: "Langkah berikutnya", EN: "What follows"},
	"status.again":  {ID: "Lihat nomor lain", EN: "See another number"},

	"status.wait_for_check":    {ID: "Permohonan Anda sudah diterima", EN: "Your application has been received"},
	"next.wait_for_check":      {ID: "Berkas Anda sedang diperiksa. Anda belum perlu datang.", EN: "Your papers are being checked. You need not come yet."},
	"status.come_to_capture":   {ID: "Anda diminta datang untuk perekaman", EN: "Please come for the capture"},
	"next.come_to_capture":     {ID: "Datang ke tempat pelayanan untuk foto, tanda tangan, sidik jari dan iris. Bawa tanda terima.", EN: "Come to the service place for photo, signature, fingerprints and irises. Bring your receipt."},
	"status.confirm_data":      {ID: "Data Anda menunggu persetujuan Anda", EN: "Your data wait for your confirmation"},
	"next.confirm_data":        {ID: "Periksa dan setujui data yang akan dicetak di tempat pelayanan.", EN: "Check and confirm what will be printed, at the service place."},
	"status.wait_for_sending":  {ID: "Data Anda segera dikirim ke pusat data", EN: "Your data are about to go to the data center"},
	"next.wait_for_sending":    {ID: "Anda belum perlu datang.", EN: "You need not come yet."},
	"status.wait_for_center":   {ID: "Data Anda sedang diperiksa di pusat data", EN: "The data center is checking your data"},
	"next.wait_for_center":     {ID: "Pusat data memastikan bahwa satu orang hanya punya satu kartu. Anda belum perlu datang.", EN: "It makes sure that one person has one card only. You need not come yet."},
	"status.wait_for_decision": {ID: "Data Anda sedang dinilai petugas", EN: "An officer is looking at your data"},
	"next.wait_for_decision":   {ID: "Anda diberi tahu bila perlu datang.", EN: "You will be told if you have to come."},
	"status.ask_at_counter":    {ID: "Permohonan ini perlu dibicarakan dengan Anda", EN: "This application has to be talked over with you"},
	"next.ask_at_counter":      {ID: "Datang ke loket pelayanan dengan tanda terima. Alasannya hanya diberikan kepada Anda sendiri.", EN: "Come to the counter with your receipt. The reason is told to you in person only."},
	"status.wait_for_card":     {ID: "Kartu Anda sedang dibuat", EN: "Your card is being made"},
	"next.wait_for_card":       {ID: "Anda belum perlu datang.", EN: "You need not come yet."},
	"status.come_to_confirm":   {ID: "Data Anda berubah dan menunggu persetujuan Anda", EN: "Your data were corrected and wait for your confirmation"},
	"next.come_to_confirm":     {ID: "Datang ke tempat pelayanan untuk memeriksa dan menyetujuinya lagi.", EN: "Come to the service place to check and confirm them again."},
	"status.wait_for_delivery": {ID: "Kartu Anda sudah jadi dan sedang dikirim", EN: "Your card is made and on its way"},
	"next.wait_for_delivery":   {ID: "Tunggu sampai kartu tiba di tempat pengambilan.", EN: "Wait until it has come to the place of collection."},
	"status.come_to_collect":   {ID: "Kartu Anda siap diambil", EN: "Your card is ready"},
	"next.come_to_collect":     {ID: "Datang sendiri dengan tanda terima dan kartu lama; sidik jari Anda dicocokkan dengan kartu.", EN: "Come yourself, with your receipt and your old card; your finger is compared with the card."},
	"status.collect_elsewhere": {ID: "Kartu Anda diteruskan ke Dinas Dukcapil lain", EN: "Your card was passed on to another civil registry office"},
	"next.collect_elsewhere":   {ID: "Ambil di Dinas Dukcapil kabupaten/kota tempat Anda tinggal sekarang.", EN: "Collect it at the civil registry office of the district where you live now."},
	"status.handed_over":       {ID: "Kartu Anda sudah diserahkan", EN: "Your card has been handed over"},
	"status.cancelled":         {ID: "Permohonan ini dibatalkan", EN: "This application was cancelled"},

	"complaint.received": {ID: "Pengaduan Anda sudah diterima", EN: "Your complaint has been received"},
	"complaint.verified": {ID: "Pengaduan Anda sedang ditangani", EN: "Your complaint is being dealt with"},
	"complaint.answered": {ID: "Pengaduan Anda sudah dijawab lewat kontak yang Anda berikan", EN: "Your complaint was answered, by the contact that you gave"},
	"complaint.closed":   {ID: "Pengaduan Anda sudah selesai", EN: "Your complaint is closed"},

	"complaint.title":      {ID: "Pengaduan", EN: "Complaint"},
	"complaint.lead":       {ID: "Gratis. Nama dan kontak hanya dilihat petugas pengaduan, untuk menjawab Anda.", EN: "Free of charge. Only the complaint officer sees your name and contact, to answer you."},
	"complaint.days":       {ID: "Dijawab paling lama dalam %d hari.", EN: "Answered within %d days at most."},
	"complaint.send":       {ID: "Kirim pengaduan", EN: "Send the complaint"},
	"complaint.incomplete": {ID: "Belum terkirim: ada isian yang perlu diperbaiki.", EN: "Not sent yet: something has to be mended."},
	"complaint.too_many":   {ID: "Belum terkirim: sudah banyak pengaduan dari jaringan Anda. Tunggu sepuluh menit, lalu tekan Kirim lagi; tulisan Anda tetap ada di bawah. Anda juga boleh datang atau menelepon.", EN: "Not sent yet: many complaints came from your network. Wait ten minutes and press Send again; what you wrote is still below. You may also come or call."},
	"complaint.full":       {ID: "Belum terkirim: sudah sangat banyak pengaduan lewat situs ini. Coba lagi satu jam lagi; tulisan Anda tetap ada di bawah. Bila mendesak, datang atau telepon.", EN: "Not sent yet: very many complaints have come in by this site. Try again in an hour; what you wrote is still below. If it is urgent, come or call."},
	"complaint.taken":      {ID: "Pengaduan Anda sudah kami terima", EN: "We have received your complaint"},
	"complaint.keep":       {ID: "Catat nomor ini. Dengan nomor ini Anda dapat melihat sampai di mana pengaduan Anda.", EN: "Write this number down. By it you can see how far your complaint is."},
	"complaint.see":        {ID: "Lihat statusnya", EN: "See its status"},
	"complaint.call":       {ID: "Petugas pengaduan", EN: "Complaint officer"},

	"field.subject":   {ID: "Tentang apa", EN: "What it is about"},
	"field.text":      {ID: "Apa yang terjadi", EN: "What happened"},
	"field.receipt":   {ID: "Nomor tanda terima, bila ada", EN: "Number of your receipt, if you have one"},
	"field.name":      {ID: "Nama Anda", EN: "Your name"},
	"field.contact":   {ID: "Telepon, alamat atau surel", EN: "Telephone, address or e-mail"},
	"hint.text":       {ID: "Jangan tulis NIK atau nomor kartu; nomor tanda terima boleh.", EN: "Do not write your NIK or a card's number; the number of your receipt is fine."},
	"hint.receipt":    {ID: "Dengan nomor ini petugas menemukan permohonan dan kartu Anda.", EN: "By it the officer finds your application and card."},
	"choose":          {ID: "Pilih …", EN: "Choose …"},
	"needed.subject":  {ID: "Pilih tentang apa pengaduan ini.", EN: "Choose what it is about."},
	"needed.text":     {ID: "Tulis apa yang terjadi.", EN: "Write what happened."},
	"needed.name":     {ID: "Tulis nama Anda. Tanpa nama, pakai kotak saran di kantor.", EN: "Write your name. Without one, use the suggestion box at the office."},
	"needed.contact":  {ID: "Tulis ke mana jawaban dikirim.", EN: "Write where the answer shall go."},
	"too_long":        {ID: "Terlalu panjang; perpendek tulisan ini.", EN: "Too long; please shorten it."},
	"subject.waiting": {ID: "Menunggu terlalu lama", EN: "Waiting too long"},
	"subject.card":    {ID: "Kartu rusak atau salah cetak", EN: "A card that is damaged or printed wrong"},
	"subject.data":    {ID: "Data yang salah", EN: "Data that are wrong"},
	"subject.officer": {ID: "Perlakuan petugas", EN: "How an officer behaved"},
	"subject.fee":     {ID: "Dimintai uang", EN: "Being asked for money"},
	"subject.other":   {ID: "Hal lain", EN: "Something else"},

	"sorry.title":   {ID: "Belum bisa sekarang", EN: "Not possible right now"},
	"sorry.what":    {ID: "Permintaan Anda tidak dapat dijawab. Tidak ada yang berubah.", EN: "Your request could not be answered. Nothing was changed."},
	"sorry.then":    {ID: "Coba lagi nanti, atau datang ke kantor.", EN: "Try again later, or come to the office."},
	"nothing.title": {ID: "Halaman ini tidak ada", EN: "There is no such page"},
	"nothing.then":  {ID: "Ke halaman depan", EN: "To the front page"},
}
