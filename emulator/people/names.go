package people

import (
	"strings"
	"unicode/utf8"

	"blanko/ktp"
)

// Names are made of common given and family names of West Kalimantan and beyond. They are
// spelled as a card spells them: capitals, single spaces.

// nameLetters is the most a name may have, spaces included (Permendagri 73/2022).
const nameLetters = 60

// community is a group of residents that shares names and, mostly, a religion.
type community struct {
	weight   int   // per cent of the citizens
	religion []int // weights over ktp.Religions, in its order
	male     []string
	female   []string
	family   []string // last words; empty: given names only
	single   int      // once in so many, a name of one word; 0: never
}

var communities = []community{
	{ // Dayak
		weight: 40, religion: []int{2, 26, 70, 0, 0, 0, 2}, single: 9,
		male: strings.Fields(`YOHANES PETRUS PAULUS STEFANUS ANTONIUS FRANSISKUS MARKUS LUKAS YAKOBUS ANDREAS MIKAEL DOMINIKUS
			AGUSTINUS HERMANUS LEONARDUS BENEDIKTUS KORNELIUS MARSELINUS SABINUS THADEUS VALENTINUS YOSEF ADRIANUS ALEXANDER`),
		female: strings.Fields(`MARIA THERESIA YULIANA VERONIKA KRISTINA ELISABET MARTINA AGNES LUSIA SESILIA YOHANA MAGDALENA
			ANASTASIA BERNADETA FRANSISKA KATARINA LIDIA MONIKA NATALIA PAULINA REGINA SOFIA VIKTORIA EMILIANA`),
		family: strings.Fields(`JARAU LIMAN UNJUNG NYABONG SABUT RENTAP ANYANG BANTAN GANI INSANG JELANI KANYAN LANGGAI MERANG NGUMBAI
			PANTING RAJANG SAGIN TULONG UDAU LUNCONG SAMPURNA DANUM BAYANG`),
	},
	{ // Malay
		weight: 30, religion: []int{100, 0, 0, 0, 0, 0, 0}, single: 14,
		male: strings.Fields(`MUHAMMAD AHMAD ABDUL HAMDAN RIDWAN SYARIF ISKANDAR ZULKIFLI HERMAN SYAHRIAL FADLI RAHMAN MA'RUF SA'AD
			HAFIZ IRWAN JAMALUDIN KAMARUDIN LUKMAN MANSUR NASRULLAH RAMLI SALAHUDIN USMAN YUSUF`),
		female: strings.Fields(`SITI NURUL NUR'AINI FATIMAH AISYAH HALIMAH RAHMAWATI SA'DIYAH MARIANI SALMAH ZUBAIDAH HAYATI JURAIDAH
			KHADIJAH LATIFAH MASITAH NURHAYATI RAMLAH SURYANI ULFAH YULIANTI ZAITUN`),
		family: strings.Fields(`HASAN HUSIN RAHIM KARIM HAMID SALEH IDRUS EFENDI FIRDAUS HIDAYAT IBRAHIM JUNAIDI MAULANA NUGRAHA RAMADHAN
			SAPUTRA SYAHPUTRA WAHYUDI RAHMADANI LESTARI`),
	},
	{ // Javanese
		weight: 15, religion: []int{88, 5, 5, 1, 1, 0, 0}, single: 3,
		male: strings.Fields(`SUPARMAN SUTRISNO BUDI AGUS BAMBANG JOKO SLAMET HARTONO WAHYU EKO DWI TRI SUGENG SUYANTO PURNOMO SUHARTO
			HERI RUDI ANDI DEDI TEGUH GATOT IMAM PRASETYO`),
		female: strings.Fields(`SRI DEWI ENDANG RATNA WATI SULASTRI TUTIK INDAH RINI PUJI NINGSIH SUMARNI YANTI LESTARI WIWIK MURNI KARTIKA
			RETNO SUPARTI TUMINAH WAHYUNI`),
		family: strings.Fields(`SANTOSO WIBOWO SUSILO HANDAYANI SETIAWAN KUSUMA WIJAYA PURWANTO UTOMO RAHAYU WULANDARI NUGROHO PRABOWO
			ASTUTI HARTATI SUSANTI`),
	},
	{ // Batak and other Christians of the east and west
		weight: 7, religion: []int{4, 76, 20, 0, 0, 0, 0},
		male:   strings.Fields(`TOGAR PARLINDUNGAN JONATHAN HOTMAN SAHAT MANGASI BONAR DANIEL SAMUEL RICHARD FERDINAND YOSUA MARULI POLTAK`),
		female: strings.Fields(`TIURMA ROSMAIDA MARGARETHA DEBORA ESTER RUT NURMALA LASMARIA HOTMAULI RISMA GRACE FEBRIYANTI JULIANA`),
		family: strings.Fields(`SIMANJUNTAK SITUMORANG SIHOMBING HUTAGALUNG NAINGGOLAN PANGGABEAN SIREGAR SINAGA TOBING MANURUNG
			PANDJAITAN LUMBANTORUAN PELLO RUMBIAK`),
	},
	{ // Chinese Indonesians of the province
		weight: 6, religion: []int{1, 25, 25, 0, 37, 12, 0},
		male:   strings.Fields(`HENDRA KEVIN EDWARD SUWANDI TJHIN BUN KHIONG DARMADI FELIX WILLIAM SUSANTO LIM ALVIN JIMMY`),
		female: strings.Fields(`LILY MEILINDA SUSANA JESSICA VIVIAN MEY LAN HERLINA YULIANA SHERLY ANGELINA LINDA FITRIANA`),
		family: strings.Fields(`HALIM WIJAYA GUNAWAN SALIM TANJAYA KURNIAWAN LIMAS CHANDRA NG JONG LIAUW TANDIONO BONG`),
	},
	{ // Balinese
		weight: 2, religion: []int{1, 0, 0, 99, 0, 0, 0},
		male:   strings.Fields(`I_WAYAN I_MADE I_NYOMAN I_KETUT I_GUSTI_NGURAH`),
		female: strings.Fields(`NI_WAYAN NI_MADE NI_NYOMAN NI_KETUT NI_LUH`),
		family: strings.Fields(`SUDARMA ARTAWAN SUKERTI SUASTIKA ADNYANI WIDIANTARA SUARDANA PURNAMI`),
	},
}

// titles stand before or after the name in abbreviated form; before the age of 24 nobody has one.
var titles = []struct {
	before, after string
	religion      ktp.Religion // 0: any
}{
	{"", "S.PD.", 0},
	{"", "S.E., M.M.", 0},
	{"", "S.KOM.", 0},
	{"", "S.H., M.KN.", 0},
	{"DRS.", "", 0},
	{"IR.", "", 0},
	{"DR.", "S.T., M.T.", 0},
	{"H.", "", 1},
	{"HJ.", "", 1},
	{"H.", "S.AG., M.PD.I.", 1},
	{"PDT.", "S.TH.", 2},
	{"", "A.MD.", 0},
	{"", "S.KEP., NS.", 0},
}

// hajji titles tell the sex.
var titleSex = map[string]ktp.Sex{"H.": ktp.Male, "HJ.": ktp.Female, "DRS.": ktp.Male}

// name makes the name of a citizen: of one word, of two to four, with a title, or as long as
// the law allows.
func (c community) name(d *dice, sex ktp.Sex, religion ktp.Religion, age int) string {
	given := c.male
	if sex == ktp.Female {
		given = c.female
	}
	if c.single > 0 && d.one(c.single) {
		return clean(pick(d, given))
	}
	words := []string{pick(d, given)}
	more := d.weighted(45, 45, 10)
	if d.one(60) {
		more = 99 // until the letters are used up
	}
	if strings.Contains(words[0], "_") {
		more = 0 // the words of the birth order stand once
	}
	last := pick(d, c.family)
	for range more {
		if w := pick(d, given); !contains(words, w) && letters(words, w, last) <= nameLetters {
			words = append(words, w)
		}
	}
	full := clean(strings.Join(append(words, last), " "))
	if age < 24 || !d.one(7) {
		return full
	}
	t := pick(d, titles)
	if s, tells := titleSex[t.before]; t.religion != 0 && t.religion != religion || tells && s != sex {
		return full
	}
	titled := full
	if t.before != "" {
		titled = t.before + " " + titled
	}
	if t.after != "" {
		titled += ", " + t.after
	}
	if utf8.RuneCountInString(titled) > nameLetters {
		return full
	}
	return titled
}

func clean(s string) string { return strings.ReplaceAll(s, "_", " ") }

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func letters(words []string, more ...string) int {
	return utf8.RuneCountInString(strings.Join(append(append([]string{}, words...), more...), " "))
}

// foreigner is a nationality with names as they stand in its travel documents.
type foreigner struct {
	code         string // of ktp.Countries
	weight       int
	male, female []string
	family       []string
	skin, hair   []int // indices of skinTones and hairTones
}

var foreigners = []foreigner{
	{"CHN", 30, []string{"WEI", "JIANGUO", "MING", "HAO"}, []string{"XIULAN", "MEI", "LIHUA", "YAN"}, []string{"WANG", "ZHANG", "LIU", "CHEN"}, []int{0, 1, 2}, []int{0, 1}},
	{"KOR", 12, []string{"MINJUN", "SEOJUN", "JIHO"}, []string{"SEOYEON", "JIWOO", "HAEUN"}, []string{"KIM", "LEE", "PARK", "CHOI"}, []int{0, 1}, []int{0, 1}},
	{"JPN", 10, []string{"HIROSHI", "KENJI", "TAKASHI"}, []string{"YOKO", "KEIKO", "AYUMI"}, []string{"SATO", "SUZUKI", "TAKAHASHI"}, []int{0, 1}, []int{0, 1}},
	{"IND", 10, []string{"RAJESH", "ANIL", "SURESH"}, []string{"PRIYA", "ANITA", "DEEPA"}, []string{"SHARMA", "PATEL", "NAIR"}, []int{3, 4, 5}, []int{0}},
	{"AUS", 10, []string{"JACK DAVID", "OLIVER", "MATTHEW JAMES"}, []string{"CHARLOTTE ROSE", "EMILY", "SARAH"}, []string{"O'BRIEN", "TAYLOR", "WILSON-SMITH"}, []int{6, 7}, []int{1, 2, 3}},
	{"NLD", 8, []string{"JAN WILLEM", "PIETER", "HENDRIK"}, []string{"ANNEKE", "SANNE", "MARIEKE"}, []string{"VAN DEN BERG", "DE VRIES", "JANSEN"}, []int{6, 7}, []int{2, 3}},
	{"MYS", 12, []string{"MOHD AZLAN BIN ISMAIL", "RAZAK BIN OSMAN"}, []string{"NORAINI BINTI YUSOF", "SITI HAJAR BINTI AHMAD"}, nil, []int{2, 3, 4}, []int{0}},
	{"PHL", 4, []string{"JOSÉ MARI", "RAMON"}, []string{"MARICEL", "JOSEFINA"}, []string{"DE LA CRUZ", "PEÑA", "SANTOS"}, []int{2, 3}, []int{0, 1}},
	{"FRA", 4, []string{"JÉRÔME", "FRANÇOIS"}, []string{"HÉLÈNE", "CHLOÉ"}, []string{"LEFÈVRE", "D'ARCY", "MOREAU"}, []int{6, 7}, []int{1, 2, 3}},
}

func (f foreigner) name(d *dice, sex ktp.Sex) string {
	given := f.male
	if sex == ktp.Female {
		given = f.female
	}
	if f.family == nil {
		return pick(d, given)
	}
	return pick(d, given) + " " + pick(d, f.family)
}
