package artwork

import (
	"image"
	"image/color"
	"math"
	"time"

	"blanko/ktp"
)

// paint fills every dot of an ellipse, smooth at its edge.
func paint(m *image.NRGBA, cx, cy, rx, ry float64, c color.NRGBA) {
	for y := max(0, int(cy-ry-2)); y < min(m.Rect.Dy(), int(cy+ry+2)); y++ {
		for x := max(0, int(cx-rx-2)); x < min(m.Rect.Dx(), int(cx+rx+2)); x++ {
			dx, dy := (float64(x)+0.5-cx)/rx, (float64(y)+0.5-cy)/ry
			edge := (1 - math.Sqrt(dx*dx+dy*dy)) * min(rx, ry)
			a := min(max(edge+0.5, 0), 1)
			if a == 0 {
				continue
			}
			p := m.NRGBAAt(x, y)
			mix := func(from, to byte) byte { return byte(float64(from)*(1-a) + float64(to)*a + 0.5) }
			m.SetNRGBA(x, y, color.NRGBA{mix(p.R, c.R), mix(p.G, c.G), mix(p.B, c.B), 255})
		}
	}
}

// portrait draws a plain face: background red for an odd and blue for an even year of birth.
func portrait(w, h, year int, woman bool) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	back := color.NRGBA{0, 0x90, 0xff, 255}
	if year%2 == 1 {
		back = color.NRGBA{0xdb, 0x15, 0x14, 255}
	}
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = back.R, back.G, back.B, 255
	}
	u := float64(w) / 100
	skin, dark := color.NRGBA{0xb9, 0x82, 0x5c, 255}, color.NRGBA{0x1d, 0x16, 0x14, 255}
	shirt := color.NRGBA{0xf4, 0xf4, 0xf0, 255}
	if woman {
		veil := color.NRGBA{0x30, 0x3a, 0x5c, 255}
		paint(m, 50*u, 138*u, 48*u, 48*u, shirt)
		paint(m, 50*u, 60*u, 30*u, 38*u, veil)
		paint(m, 50*u, 95*u, 31*u, 30*u, veil)
		paint(m, 50*u, 61*u, 20*u, 27*u, skin)
	} else {
		paint(m, 50*u, 140*u, 48*u, 46*u, shirt)
		paint(m, 50*u, 92*u, 11*u, 16*u, color.NRGBA{0xa5, 0x72, 0x4f, 255})
		paint(m, 50*u, 50*u, 26*u, 31*u, dark)
		paint(m, 27*u, 62*u, 4*u, 7*u, skin)
		paint(m, 73*u, 62*u, 4*u, 7*u, skin)
		paint(m, 50*u, 61*u, 23*u, 30*u, skin)
		paint(m, 50*u, 36*u, 21*u, 9*u, dark)
	}
	for _, side := range []float64{-1, 1} {
		paint(m, (50+side*9)*u, 58*u, 4.4*u, 2.3*u, color.NRGBA{250, 250, 250, 255})
		paint(m, (50+side*9)*u, 58*u, 2*u, 2.1*u, dark)
		paint(m, (50+side*9)*u, 53*u, 5.4*u, 1.1*u, dark)
	}
	paint(m, 50*u, 68*u, 3*u, 2*u, color.NRGBA{0x9b, 0x69, 0x49, 255})
	paint(m, 50*u, 77*u, 7*u, 1.6*u, color.NRGBA{0x8c, 0x3d, 0x3a, 255})
	return m
}

// signature draws strokes as a pad gives them: dark on white, with a wide white border.
func signature(seed float64) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 640, 240))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for i := range 6000 {
		t := float64(i) / 6000
		x := 90 + 430*t + 38*math.Sin(22*t+seed)
		y := 130 - 62*math.Sin(13*t*math.Pi+seed)*(1-0.75*t) + 18*math.Cos(5*t+seed)
		for dy := -2; dy <= 2; dy++ {
			for dx := -2; dx <= 2; dx++ {
				if dx*dx+dy*dy <= 5 {
					m.SetGray(int(x)+dx, int(y)+dy, color.Gray{Y: 20})
				}
			}
		}
	}
	return m
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// budi is an ordinary citizen; the others differ from him.
func budi() Input {
	return Input{
		Person: ktp.Person{
			NIK: "6105011708850003", FamilyCard: "6105012208120007", Names: []string{"BUDI SANTOSO"},
			BirthPlace: "SINTANG", BirthDate: day(1985, 8, 17), Sex: ktp.Male, Blood: 4,
			Street: "JL. LINTAS MELAWI NO. 12", RT: "004", RW: "002", Village: "KAPUAS KANAN HULU",
			District: "SINTANG", Regency: "KABUPATEN SINTANG", Province: "KALIMANTAN BARAT",
			RegionCode: "61.05.01.1002", Religion: 1, Marital: 2, Occupation: "KARYAWAN SWASTA",
			Nationality: "IDN", Citizenship: "WNI", Validity: "SEUMUR HIDUP",
		},
		Portrait: portrait(480, 640, 1985, false), Signature: signature(0.4),
		IssuePlace: "Sintang", IssueDate: day(2026, 11, 23),
	}
}

// people are the pictures under testdata: what a name, an address or a region can do to a face.
func people() map[string]struct {
	template string
	in       Input
} {
	type card = struct {
		template string
		in       Input
	}
	wni := func(change func(*Input)) card {
		in := budi()
		change(&in)
		return card{"ktp-el-wni", in}
	}
	return map[string]card{
		"ordinary": wni(func(*Input) {}),
		"single-name": wni(func(in *Input) {
			p := &in.Person
			p.NIK, p.Names, p.Sex, p.Blood = "3372014107600012", []string{"ANI"}, ktp.Female, 13
			p.BirthPlace, p.BirthDate, p.Occupation, p.Marital = "SOLO", day(1960, 7, 1), "MENGURUS RUMAH TANGGA", 4
			p.Province, p.Regency, p.District, p.Village = "JAWA TENGAH", "KOTA SURAKARTA", "LAWEYAN", "SONDAKAN"
			p.Street, p.RT, p.RW = "DK. PAJANG", "001", "011"
			in.IssuePlace = "Kota Surakarta"
			in.Portrait, in.Signature = portrait(480, 640, 1960, true), signature(2)
		}),
		// The longest values of the national lists: 60 letters of name (Permendagri 73/2022), regency,
		// district and village of Kepmendagri 300.2.2-2430/2025, occupation 5 of the code list.
		"longest": wni(func(in *Input) {
			p := &in.Person
			p.Names = []string{"RADEN MAS MUHAMMAD ABDURRAHMAN WIRANATAKUSUMAH DIPONEGORO"}
			p.Names[0] += " II"
			p.BirthPlace = "KABUPATEN ADMINISTRASI KEPULAUAN SERIBU"
			p.Regency, p.Province = "KABUPATEN ADMINISTRASI KEPULAUAN SERIBU", "DAERAH KHUSUS IBUKOTA JAKARTA"
			p.District, p.Village = "BUAY PEMATANG RIBU RANAU TENGAH", "KAMPUANG TANJUANG KOTO MAMBANG SUNGAI DURIAN"
			p.Street = "JL. RAYA PELABUHAN SUNDA KELAPA LAMA BLOK C NO. 117 GANG HAJI ABDUL MANAF"
			p.Religion, p.Occupation, p.Blood = 7, "ANGGOTA DPRD KABUPATEN/KOTA", 9
			in.IssuePlace = "Kabupaten Administrasi Kepulauan Seribu"
		}),
		"apostrophe": wni(func(in *Input) {
			p := &in.Person
			p.NIK, p.Names, p.Sex = "5316054405980001", []string{"DR. HJ. MARIA FU'ADIAH D’OREY, S.PD., M.SI."}, ktp.Female
			p.BirthPlace, p.BirthDate = "MBAY", day(1998, 5, 4)
			p.Province, p.Regency, p.District, p.Village = "NUSA TENGGARA TIMUR", "KABUPATEN NAGEKEO", "KEO TENGAH", "REGAPU’U (WOLO)"
			p.Street, p.Religion, p.Marital, p.Occupation, p.Blood = "DUSUN MA'U/PU'U", 3, 1, "GURU", 8
			in.IssuePlace = "Nagekeo"
			in.Portrait = portrait(480, 640, 1998, true)
		}),
		"long-address": wni(func(in *Input) {
			in.Person.Street = "PERUMAHAN GRAHA PERMATA INDAH BLOK AA-12 NO. 7, JL. DR. WAHIDIN SUDIROHUSODO"
			in.Person.Names = []string{"SITI RAHAYU NINGSIH KUSUMAWARDHANI"}
			in.Person.Sex, in.Person.NIK = ktp.Female, "6105015708840002"
			in.Person.BirthDate = day(1984, 8, 17)
			in.Person.RT, in.Person.RW = "", ""
			in.Portrait = portrait(480, 640, 1984, true)
		}),
		"specimen": wni(func(in *Input) { in.Specimen = true }),
		"cannot-sign": wni(func(in *Input) {
			in.Signature = nil
			in.Person.Blood = ktp.UnknownCode
			in.Portrait = portrait(640, 640, 1985, false) // square, cut at the sides
		}),
		"foreign": {"ktp-el-oa", func() Input {
			in := budi()
			p := &in.Person
			p.NIK, p.Names = "6105011203790001", []string{"JOHN WILLIAM O'CONNOR"}
			p.BirthPlace, p.BirthDate = "SAN FRANCISCO", day(1979, 3, 12)
			p.Religion, p.Marital, p.Occupation = 2, 3, "CONSULTANT"
			p.Nationality, p.Citizenship, p.Validity = "USA", "UNITED STATES OF AMERICA", "30-06-2031"
			return in
		}()},
		"foreign-specimen": {"ktp-el-oa", func() Input {
			in := budi()
			p := &in.Person
			p.Names, p.Sex, p.NIK = []string{"ÉLODIE MÜLLER-ÅKESSON"}, ktp.Female, "6105015203900001"
			p.BirthPlace, p.BirthDate = "MONTRÉAL", day(1990, 3, 12)
			p.Occupation, p.Nationality, p.Citizenship, p.Validity = "TEACHER", "CAN", "CANADA", "28-02-2029"
			p.Religion = 7
			in.Portrait, in.Specimen = portrait(480, 640, 1990, true), true
			return in
		}()},
	}
}
