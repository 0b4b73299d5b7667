package personalize

import "blanko/fault"

// What may be wrong with a printed face, as who looks at it says. The card goes to the reject tray.
var (
	FaceBlurred   = faceFault("blurred", "Hasil cetak kabur.", "The print is blurred.", "Bersihkan kepala cetak dan rol.", "Clean the print head and the rollers.")
	FaceRibbon    = faceFault("ribbon", "Hasil cetak cacat karena pita: garis, kerutan atau warna hilang.", "The ribbon spoiled the print: lines, creases or a missing color.", "Periksa apakah pita kusut dan terpasang lurus.", "Check that the ribbon has no creases and runs straight.")
	FaceColor     = faceFault("color", "Warna cetakan berbeda dari yang diharapkan.", "The colors of the print are not what was expected.", "Cetak kartu uji dan periksa setelan warna.", "Print a test card and check the settings of the colors.")
	FaceShifted   = faceFault("shifted", "Cetakan bergeser atau terpotong.", "The print is shifted or cut off.", "Periksa bagaimana blangko diletakkan, lalu cetak kartu uji.", "Check how the blanks lie, then print a test card.")
	FaceScratched = faceFault("scratched", "Muka kartu tergores atau kotor.", "The face is scratched or dirty.", "Bersihkan jalur kartu dan rol.", "Clean the card path and the rollers.")
	FaceDamaged   = faceFault("damaged", "Kartu rusak: bengkok, retak atau lapisannya terkelupas.", "The card is damaged: bent, cracked, or its overlay came off.", "Periksa jalur kartu dan suhu lapisan.", "Check the card path and the heat of the overlay.")
	FaceEmpty     = faceFault("empty", "Muka kartu tidak tercetak.", "Nothing is printed on the face.", "Periksa apakah pita terpasang dan masih ada.", "Check that a ribbon is fitted and not used up.")
)

// What becomes of a card whose face is not good: a camera sees it inside, a person in the tray.
const (
	setAsideID = "Kartu dipindahkan ke baki tolak; yang sudah keluar ke baki kartu jadi diambil dari sana, dan Ruang Cetak memintanya."
	setAsideEN = "The card goes to the reject tray; one that lies in the output tray already is taken from there, and the print room asks for it."
)

func faceFault(name, id, en, doID, doEN string) fault.Entry {
	return fault.Entry{
		Code: fault.Code("personalize.face_" + name), Kind: fault.Device, ID: id, EN: en,
		StepsID: []string{doID, setAsideID}, StepsEN: []string{doEN, setAsideEN},
	}
}
