package registry

// EventWord says what an event of the log is.
type EventWord struct{ ID, EN string }

// EventWordOf is what an event is by its code; the code itself where a later version wrote it.
func EventWordOf(code string) EventWord {
	if w, known := EventWords[code]; known {
		return w
	}
	return EventWord{code, code}
}

// EventWords has the words of every code that the registry writes into the event log.
var EventWords = map[string]EventWord{
	"application.adjudicate":         {"dugaan ganda, menunggu penetapan", "possible duplicate, to be adjudicated"},
	"application.approve":            {"permohonan disetujui", "application approved"},
	"application.arrive":             {"perekaman sampai di pusat data", "capture arrived at the data center"},
	"application.attached":           {"berkas dilampirkan", "scan attached"},
	"application.cancel":             {"permohonan dibatalkan", "application cancelled"},
	"application.capture":            {"biometrik direkam", "biometrics captured"},
	"application.check":              {"persyaratan diperiksa", "requirements checked"},
	"application.clear":              {"dinyatakan tunggal oleh petugas", "found to be unique by an officer"},
	"application.close":              {"permohonan ditutup", "application closed"},
	"application.confirm":            {"data disahkan pemohon", "data confirmed by the applicant"},
	"application.conflict":           {"benturan kepentingan dinyatakan", "conflict of interest declared"},
	"application.correct":            {"data dikoreksi pusat, perlu pengesahan ulang", "data corrected by the center, to be confirmed again"},
	"application.deliver":            {"rekaman siap cetak diterima", "print-ready record received"},
	"application.detached":           {"lampiran dikeluarkan", "scan removed"},
	"application.doubt":              {"kartu diragukan", "card in doubt"},
	"application.duplicate":          {"data ganda", "duplicate"},
	"application.enroll_failure":     {"perekaman ditolak pusat data", "capture refused by the data center"},
	"application.finish":             {"kartu selesai dibuat", "card made"},
	"application.give_back":          {"kembali ke antrean, blangko tidak terpakai", "back in the queue, no blank used"},
	"application.hand_over":          {"kartu diserahkan kepada pemegang", "card handed over to the holder"},
	"application.hand_over_to_proxy": {"kartu diserahkan kepada wakil", "card handed over to a proxy"},
	"application.hold":               {"permohonan ditahan", "application put on hold"},
	"application.reminded":           {"pemegang diingatkan mengambil kartu", "holder reminded to come for the card"},
	"application.leave_uncollected":  {"kartu dicatat tidak diambil", "card noted as uncollected"},
	"application.marked":             {"tanda bencana atau tunggakan diberikan", "marked as disaster or backlog"},
	"application.match":              {"pemadanan 1:1 berhasil", "1:1 matched (BERHASIL)"},
	"application.pass_on":            {"kartu diteruskan ke Dinas lain", "card passed on to another Dinas"},
	"application.queue":              {"masuk antrean cetak", "put into the print queue"},
	"application.recall":             {"kartu ditarik kembali", "card called back"},
	"application.recapture":          {"perekaman diulang", "capture to be repeated"},
	"application.receive":            {"kartu diterima di tempat penyerahan", "card received at its place"},
	"application.redirected":         {"tempat penyerahan diganti", "place of delivery changed"},
	"application.register":           {"permohonan diterima", "application received"},
	"application.reject":             {"permohonan ditolak", "application rejected"},
	"application.release":            {"penahanan permohonan dilepas", "application released"},
	"application.remake":             {"kartu dibuat ulang", "card to be made again"},
	"application.resolve":            {"keraguan kartu diselesaikan", "doubt about the card resolved"},
	"application.return":             {"kartu dikembalikan", "card returned"},
	"application.search_failure":     {"pencarian 1:N gagal", "1:N search failed"},
	"application.send":               {"perekaman dikirim ke pusat data", "capture sent to the data center"},
	"application.ship":               {"kartu dikirim", "card shipped"},
	"application.start":              {"pembuatan kartu dimulai", "making of the card began"},
	"application.supersede":          {"diganti rekaman yang lebih baru", "superseded by a newer record"},
	"application.withdraw":           {"permohonan ditarik kembali", "application taken back"},

	"attempt.accepted":  {"muka kartu diterima", "face of the card accepted"},
	"attempt.activated": {"chip diaktifkan", "chip activated"},
	"attempt.blocked":   {"chip diblokir", "chip blocked"},
	"attempt.checked":   {"kartu dibaca ulang dan asli", "card read again and genuine"},
	"attempt.claimed":   {"chip ditandai untuk kartu ini", "chip claimed for this card"},
	"attempt.fed":       {"blangko ditarik", "blank fed"},
	"attempt.in_doubt":  {"percobaan diragukan, perlu orang", "attempt in doubt, a person is needed"},
	"attempt.lost":      {"kartu dinyatakan hilang", "card declared lost"},
	"attempt.matched":   {"isi chip cocok", "content of the chip matches"},
	"attempt.out":       {"kartu keluar ke baki", "card ejected into the tray"},
	"attempt.printed":   {"kartu dicetak", "card printed"},
	"attempt.revoked":   {"kartu dicabut dan dipisahkan", "card revoked and set aside"},
	"attempt.spoiled":   {"blangko rusak", "blank spoiled"},
	"attempt.void":      {"percobaan berakhir tanpa blangko", "attempt ended without a blank"},
	"attempt.written":   {"chip ditulis", "chip written"},

	"audit.exported": {"log kejadian diekspor", "event log exported"},

	"batch.approved":      {"kumpulan disetujui", "batch approved"},
	"batch.drawn":         {"kumpulan disusun", "batch drawn"},
	"batch.sample_opened": {"sampel kumpulan dibuka", "sample of the batch opened"},

	"breach.close":  {"pelanggaran data ditutup", "data breach closed"},
	"breach.notify": {"pelanggaran data diberitahukan", "data breach notified"},
	"breach.open":   {"pelanggaran data dicatat", "data breach recorded"},

	"capture.kept":     {"hasil rekam disimpan", "capture kept"},
	"capture.verified": {"sidik jari rekaman dipadankan", "captured fingers matched again"},

	"card.declared_missing":  {"kartu dinyatakan tidak ditemukan oleh dua orang", "card declared missing by two persons"},
	"card.destroyed":         {"kartu dimusnahkan", "card destroyed"},
	"card.foreign":           {"blangko asing dalam lini", "blank of another on the line"},
	"card.found":             {"blangko atau kartu ditemukan", "blank or card found"},
	"card.freed":             {"penahanan kartu dilepas", "card freed"},
	"card.held":              {"kartu ditahan", "card held"},
	"card.in_force":          {"kartu berlaku", "card in force"},
	"card.made":              {"kartu dibuat", "card made"},
	"card.quarantine_lifted": {"karantina kartu dilepas", "quarantine of the card lifted"},
	"card.quarantined":       {"kartu dikarantina", "card put in quarantine"},
	"card.retired":           {"kartu tidak berlaku lagi", "card retired"},
	"card.shown":             {"kartu terbukti ada di pembaca", "card shown to lie on a reader"},
	"card.updated":           {"keterangan kartu diubah pusat", "particulars of the card changed by the center"},

	"center.reconciled": {"dicocokkan dengan pusat data", "reconciled with the data center"},

	"chip.counter_back": {"penghitung kunci chip mundur, mungkin dua chip", "key counter of a chip went back, perhaps two chips"},
	"chip.examined":     {"chip diperiksa", "chip examined"},

	"clock.set": {"jam diterima sebagaimana adanya", "clock accepted as it is"},

	"complaint.answer":   {"pengaduan dijawab", "complaint answered"},
	"complaint.assigned": {"pengaduan diberikan kepada petugas", "complaint assigned"},
	"complaint.close":    {"pengaduan ditutup", "complaint closed"},
	"complaint.receive":  {"pengaduan diterima", "complaint received"},
	"complaint.reopen":   {"pengaduan dibuka lagi", "complaint reopened"},
	"complaint.verify":   {"materi pengaduan diverifikasi", "matter of the complaint verified"},

	"confirmation.kept": {"pengesahan disimpan", "confirmation kept"},

	"consignment.cancel":   {"kiriman dibatalkan", "consignment cancelled"},
	"consignment.lose":     {"kiriman dinyatakan hilang", "consignment declared lost"},
	"consignment.open":     {"kiriman dibuka", "consignment opened"},
	"consignment.packed":   {"kartu dimasukkan ke kiriman", "card packed"},
	"consignment.receive":  {"kiriman diterima", "consignment received"},
	"consignment.seal":     {"kiriman disegel", "consignment sealed"},
	"consignment.ship":     {"kiriman diberangkatkan", "consignment shipped"},
	"consignment.unpacked": {"kartu dikeluarkan dari kiriman", "card unpacked"},
	"consignment.unseal":   {"segel kiriman dibuka", "consignment unsealed"},

	"counter.jumped": {"nomor antrean didahulukan", "queue number called out of turn"},
	"counter.ticket": {"nomor antrean loket", "queue number of the counter"},

	"credential.set": {"cara masuk diatur", "sign-in set"},

	"data_key.made":           {"kunci data dibuat", "data key made"},
	"data_key.retired":        {"kunci data dihapus", "data key retired"},
	"data_key.root_forgotten": {"kunci akar dilupakan", "root key forgotten"},

	"design.approved": {"rancangan disetujui", "design approved"},

	"desk.invited": {"meja loket diundang", "desk invited"},
	"desk.paired":  {"meja loket dipasangkan", "desk paired"},
	"desk.revoked": {"meja loket dicabut", "desk revoked"},

	"destruction.acknowledge": {"pemusnahan diakui Direktorat Jenderal", "destruction acknowledged by the Directorate General"},
	"destruction.added":       {"barang dimasukkan ke pemusnahan", "item added to the destruction"},
	"destruction.cancel":      {"pemusnahan dibatalkan", "destruction cancelled"},
	"destruction.count_in":    {"barang pemusnahan dihitung", "items of the destruction counted in"},
	"destruction.destroy":     {"pemusnahan dilaksanakan", "destruction carried out"},
	"destruction.miscounted":  {"hitungan pemusnahan berbeda", "count of the destruction differs"},
	"destruction.open":        {"pemusnahan dibuka", "destruction opened"},
	"destruction.reopen":      {"pemusnahan dibuka lagi", "destruction reopened"},
	"destruction.send":        {"dikirim untuk dimusnahkan", "sent to be destroyed"},

	"device.asked": {"uji alat diminta", "device to be read now"},

	"doubt.declared_lost": {"dinyatakan hilang oleh dua orang", "declared lost by two persons"},
	"doubt.fed_settled":   {"hitungan alat cetak diselesaikan dua orang", "count of a printer settled by two persons"},
	"doubt.presented":     {"kartu yang diragukan diperlihatkan", "card in doubt presented"},
	"doubt.surrendered":   {"kartu bisu diserahkan", "mute card surrendered"},

	"enrolment.queued": {"berkas rekam menunggu dikirim", "capture package waits to be sent"},
	"enrolment.taken":  {"berkas rekam diterima pusat data", "capture package taken by the data center"},

	"feed.mark_dropped": {"pembanding hitungan alat cetak dilepas", "mark of a printer's counter dropped"},

	"face.looked_at": {"muka kartu dinilai", "face of the card judged"},

	"fine.assessed": {"denda ditetapkan", "fine assessed"},
	"fine.settled":  {"denda diselesaikan di luar", "fine settled elsewhere"},
	"fine.waived":   {"denda dihapuskan", "fine waived"},

	"handoff.answered": {"pertanyaan lini dijawab", "question of the line answered"},

	"health.changed": {"keadaan perangkat berubah", "health of a device changed"},

	"incident.dismissed": {"gangguan dinyatakan bukan gangguan", "incident dismissed"},
	"incident.ended":     {"gangguan berakhir", "incident ended"},
	"incident.open":      {"gangguan dicatat", "incident opened"},
	"incident.reported":  {"gangguan dilaporkan perangkat", "incident reported by a device"},

	"inspection.closed":    {"inspeksi ditutup", "inspection closed"},
	"inspection.drawn":     {"sampel inspeksi diundi", "sample of the inspection drawn"},
	"inspection.missing":   {"barang inspeksi tidak ada", "item of the inspection missing"},
	"inspection.presented": {"barang inspeksi diperlihatkan", "item of the inspection presented"},

	"intake.kept":       {"isian permohonan disimpan", "intake kept"},
	"intake.overridden": {"persyaratan dikesampingkan", "requirement overridden"},

	"investigation.closed": {"penyelidikan ditutup", "investigation closed"},
	"investigation.opened": {"penyelidikan dibuka", "investigation opened"},

	"ledger.accepted":   {"buku besar yang dipulihkan diterima", "restored ledger accepted"},
	"ledger.behind":     {"kepala log di pusat data tidak ada pada buku besar ini", "the data center holds a head of the log that this ledger lacks"},
	"ledger.card_found": {"kartu yang tidak dikenal buku besar ditemukan", "card found that the ledger does not know"},
	"ledger.restored":   {"buku besar dipulihkan dari salinan", "ledger restored from a copy"},
	"ledger.sealed":     {"nilai buku besar disegel", "values of the ledger sealed"},

	"line.defined":     {"lini didaftarkan", "line defined"},
	"line.paused":      {"lini dijeda", "line paused"},
	"line.stopped":     {"lini dihentikan, perlu atasan", "line stopped, a supervisor is needed"},
	"line.running":     {"lini dijalankan", "line running"},
	"line.temperature": {"suhu transfer dicatat", "transfer temperature noted"},

	"match.tried": {"pemadanan 1:1 dicoba", "1:1 match tried"},

	"operation.denied": {"tindakan ditolak", "operation denied"},

	"order.moved": {"permohonan dipindahkan di antrean", "order moved in the queue"},

	"paper.copied":    {"salinan dokumen diterbitkan", "copy of a paper issued"},
	"paper.issued":    {"dokumen diterbitkan", "paper issued"},
	"paper.withdrawn": {"dokumen ditarik", "paper withdrawn"},

	"person.invited":      {"pengguna diundang", "person invited"},
	"person.set":          {"pengguna dan peran diatur", "person and roles set"},
	"person.unmask_limit": {"batas harian membuka data pribadi tercapai", "daily limit of opening personal data reached"},
	"person.unmasked":     {"data pribadi dibuka", "personal data unmasked"},

	"picture.kept": {"foto bukti disimpan", "picture of proof kept"},
	"place.set":    {"tempat pelayanan diatur", "place set"},

	"proposal.decided": {"usulan diputuskan", "proposal decided"},
	"proposal.made":    {"usulan dibuat", "proposal made"},

	"record.erased":    {"data pribadi dihapus", "personal data erased"},
	"record.held":      {"rekaman ditahan pusat data", "record held by the data center"},
	"record.issued":    {"rekaman diterbitkan setempat", "record issued here"},
	"record.received":  {"rekaman diterima", "record received"},
	"record.refilled":  {"data rekaman diisi lagi", "data of the record filled again"},
	"record.refused":   {"rekaman ditolak", "record refused"},
	"record.released":  {"penahanan rekaman dilepas", "record released"},
	"record.updated":   {"permintaan diubah pusat data", "request updated by the data center"},
	"record.withdrawn": {"rekaman ditarik", "record withdrawn"},

	"resident.added":     {"penduduk ditambahkan ke daftar", "resident added to the list"},
	"resident.imported":  {"daftar penduduk diimpor", "list of residents imported"},
	"resident.list_used": {"daftar penduduk diberlakukan", "list of residents taken into use"},

	"retention.erased": {"data dihapus sesuai masa simpan", "data erased by retention"},

	"roll.destroyed": {"rol dimusnahkan", "roll destroyed"},
	"roll.fitted":    {"rol dipasang", "roll fitted"},
	"roll.lost":      {"rol hilang", "roll lost"},
	"roll.received":  {"rol diterima", "roll received"},
	"roll.removed":   {"rol dilepas", "roll removed"},
	"roll.sent":      {"rol dikirim untuk dimusnahkan", "roll sent to be destroyed"},

	"sam.issued":     {"SAM diserahkan", "SAM issued"},
	"sam.found":      {"SAM ditemukan kembali", "SAM found again"},
	"sam.lost":       {"SAM hilang", "SAM lost"},
	"sam.renewed":    {"SAM diperpanjang", "SAM renewed"},
	"sam.taken_back": {"SAM ditarik kembali", "SAM taken back"},

	"session.ended":      {"sesi diakhiri", "sessions ended"},
	"session.locked_out": {"akun dikunci sementara", "locked out for a while"},
	"session.opened":     {"masuk", "signed in"},

	"shift.closed":     {"giliran ditutup", "shift closed"},
	"shift.miscounted": {"hitungan giliran berbeda", "count of the shift differs"},
	"shift.opened":     {"giliran dibuka", "shift opened"},

	"standard.used": {"standar pelayanan diberlakukan", "service standard taken into use"},

	"station.release_confirmed": {"pelepasan stasiun dibenarkan", "release of the station confirmed"},
	"station.released":          {"stasiun dilepas untuk mencetak", "station released"},
	"station.started":           {"stasiun dinyalakan", "station started"},
	"station.stopped":           {"stasiun dimatikan", "station stopped"},

	"stock.allowed":       {"larangan blangko dicabut", "denial of a blank lifted"},
	"stock.denied":        {"blangko masuk daftar larangan", "blank put on the deny list"},
	"stock.difference":    {"selisih persediaan", "difference of stock"},
	"stock.fed_standing":  {"alat cetak menghitung kartu selagi lini berhenti, blangko diragukan", "printer counted cards while the line stood, blanks in doubt"},
	"stock.identified":    {"chip blangko dikenali", "chip of a blank identified"},
	"stock.imported":      {"daftar blangko diimpor", "list of blanks imported"},
	"stock.loaded":        {"blangko dimasukkan ke lini", "blanks loaded into the line"},
	"stock.lot_corrected": {"jenis blangko sebuah lot dikoreksi", "product of a lot corrected"},
	"stock.moved":         {"blangko berpindah tempat", "blank moved"},
	"stock.received":      {"blangko diterima", "blanks received"},
	"stock.test_drawn":    {"blangko stok uji diambil untuk kartu uji", "blanks of the test stock drawn for test cards"},
	"stock.test_ended":    {"kartu uji dipertanggungjawabkan", "test cards accounted for"},
	"stock.test_received": {"blangko stok uji diterima", "blanks received into the test stock"},
	"stock.readmitted":    {"blangko yang disisihkan kembali ke gudang", "blank that was set aside back into the store"},
	"stock.unloaded":      {"blangko dikeluarkan dari lini", "blanks taken out of the line"},

	"suket.ended":  {"surat keterangan berakhir", "temporary certificate ended"},
	"suket.issued": {"surat keterangan diterbitkan", "temporary certificate issued"},

	"token.issued":  {"token diterbitkan", "token issued"},
	"token.revoked": {"token dicabut", "token revoked"},

	"uniqueness.read":     {"hasil 1:N dibaca", "1:N result read"},
	"uniqueness.received": {"hasil 1:N diterima", "1:N result received"},

	"work.given_back": {"tugas dikembalikan", "work given back"},
	"work.jumped":     {"tugas diambil di luar urutan", "work taken out of turn"},
	"work.taken":      {"tugas diambil", "work taken"},
}
