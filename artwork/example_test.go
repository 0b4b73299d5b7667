package artwork_test

import (
	"fmt"
	"image"
	"time"

	"blanko/artwork"
	"blanko/ktp"
)

// A card is drawn from a template, a record and two pictures. Text that cannot be read at the
// smallest size of the template is refused with the name of the field.
func Example() {
	template, err := artwork.LoadTemplate("ktp-el-wni")
	if err != nil {
		fmt.Println(err)
		return
	}
	in := artwork.Input{
		Person: ktp.Person{
			NIK: "6105011708850003", Names: []string{"BUDI SANTOSO"}, BirthPlace: "SINTANG",
			BirthDate: time.Date(1985, 8, 17, 0, 0, 0, 0, time.UTC), Sex: ktp.Male, Blood: ktp.UnknownCode,
			Street: "JL. LINTAS MELAWI NO. 12", RT: "004", RW: "002", Village: "KAPUAS KANAN HULU", District: "SINTANG",
			Regency: "KABUPATEN SINTANG", Province: "KALIMANTAN BARAT", Religion: 1, Marital: 2,
			Occupation: "KARYAWAN SWASTA", Nationality: "IDN", Citizenship: "WNI", Validity: "SEUMUR HIDUP",
		},
		Portrait:   image.NewGray(image.Rect(0, 0, 480, 640)),
		IssuePlace: "SINTANG", IssueDate: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		Specimen: true,
	}
	face, err := template.Front(in, 300)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d x %d dots\n", face.Width, face.Height)

	in.Person.Occupation = "PENGAWASPEMELIHARAANBANGUNANUMUMDAERAHKOTA"
	_, err = template.Front(in, 300)
	fmt.Println(err)
	// Output:
	// 1011 x 638 dots
	// artwork.Template.layout: artwork.text_does_not_fit (occupation): too long for its place at the smallest size of the template
}
