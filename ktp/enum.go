package ktp

// Sex as the record tells it.
type Sex byte

const (
	Male   Sex = 'M'
	Female Sex = 'F'
)

// Code lists follow the order of the national lists (SIAK, by way of OpenSID). The code is the
// byte on the chip (DG13 C0 to C2).
type (
	// Religion is a code of Religions.
	Religion byte
	// MaritalStatus is a code of MaritalStatuses.
	MaritalStatus byte
	// BloodType is a code of BloodTypes.
	BloodType byte
)

// UnknownCode stands for a value that the record does not tell.
const UnknownCode = 0xFF

// Word pairs a code with the words printed for citizens and for foreign residents.
type Word struct {
	Code   byte
	ID, EN string
}

// Religions, code from 1.
var Religions = []Word{
	{1, "ISLAM", "ISLAM"},
	{2, "KRISTEN", "CHRISTIAN"},
	{3, "KATHOLIK", "CATHOLIC"},
	{4, "HINDU", "HINDU"},
	{5, "BUDHA", "BUDDHIST"},
	{6, "KHONGHUCU", "CONFUCIAN"},
	{7, "KEPERCAYAAN TERHADAP TUHAN YME / LAINNYA", "BELIEF IN THE ONE GOD / OTHER"},
}

// MaritalStatuses, code from 1.
var MaritalStatuses = []Word{
	{1, "BELUM KAWIN", "SINGLE"}, {2, "KAWIN", "MARRIED"}, {3, "CERAI HIDUP", "DIVORCED"}, {4, "CERAI MATI", "WIDOWED"},
}

// BloodTypes, code from 1; 13 prints as a dash.
var BloodTypes = []Word{
	{1, "A", "A"},
	{2, "B", "B"},
	{3, "AB", "AB"},
	{4, "O", "O"},
	{5, "A+", "A+"},
	{6, "A-", "A-"},
	{7, "B+", "B+"},
	{8, "B-", "B-"},
	{9, "AB+", "AB+"},
	{10, "AB-", "AB-"},
	{11, "O+", "O+"},
	{12, "O-", "O-"},
	{13, "-", "-"},
}

// Sexes are the printed words.
var Sexes = []Word{{byte(Male), "LAKI-LAKI", "MALE"}, {byte(Female), "PEREMPUAN", "FEMALE"}}

// Words finds the row of code; ok is false for an unknown code.
func Words(list []Word, code byte) (w Word, ok bool) {
	for _, w := range list {
		if w.Code == code {
			return w, true
		}
	}
	return Word{}, false
}

// CodeOf finds the code of an Indonesian word; UnknownCode when the list lacks it.
func CodeOf(list []Word, id string) byte {
	for _, w := range list {
		if w.ID == id {
			return w.Code
		}
	}
	return UnknownCode
}
