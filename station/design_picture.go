package station

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"image/png"
	"sync"
	"time"

	"blanko/artwork"
	"blanko/ktp"
	"blanko/registry"
	"blanko/web/console"
)

// nobody is on the picture of a face: the names of the fields stand where a person's data would.
var nobody = ktp.Person{
	NIK: "0000000000000000", Names: []string{"NAMA LENGKAP"}, BirthPlace: "TEMPAT LAHIR", BirthDate: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), Sex: ktp.Female, Blood: 1, Street: "ALAMAT",
	RT: "000", RW: "000", Village: "KELURAHAN", District: "KECAMATAN", Regency: "KABUPATEN CONTOH", Province: "CONTOH", Religion: 1, Marital: 1, Occupation: "PEKERJAAN", Citizenship: "WNI", Nationality: "IDN",
	Validity: ktp.Lifelong,
}

// designPicture is a template with nobody's data on it, as PNG: its front, and below it its back where it is printed.
func designPicture(name string) ([]byte, error) {
	t, err := artwork.LoadTemplate(name)
	if err != nil {
		return nil, err
	}
	sides := []func(artwork.Input, int) (*artwork.Face, error){t.Front}
	if t.PrintsBack() {
		sides = append(sides, t.Back)
	}
	var sheet *image.NRGBA
	for _, side := range sides {
		face, err := side(artwork.Input{Person: nobody, Portrait: blank(300, 400), Signature: blank(300, 100), IssuePlace: "TEMPAT", IssueDate: nobody.BirthDate, Specimen: true}, screenDPI)
		if err != nil {
			return nil, err
		}
		sheet = below(sheet, t.Preview(face))
	}
	var b bytes.Buffer
	err = png.Encode(&b, sheet)
	return b.Bytes(), err
}

// below puts a side under those before it.
func below(above, side *image.NRGBA) *image.NRGBA {
	if above == nil {
		return side
	}
	const gap = 12
	top := above.Bounds().Dy() + gap
	both := image.NewNRGBA(image.Rect(0, 0, max(above.Bounds().Dx(), side.Bounds().Dx()), top+side.Bounds().Dy()))
	draw.Draw(both, above.Bounds(), above, image.Point{}, draw.Src)
	draw.Draw(both, side.Bounds().Add(image.Pt(0, top)), side, image.Point{}, draw.Src)
	return both
}

// blank is an even gray in the place of a picture.
func blank(width, height int) image.Image {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	return m
}

// shownDesigns are what the station makes cards by, with a picture of each face; each is drawn once.
func (c Config) shownDesigns(reg *registry.Registry) func(context.Context) ([]console.UsedDesign, error) {
	var drawing sync.Mutex
	drawn := map[string][]byte{}
	return func(ctx context.Context) (list []console.UsedDesign, err error) {
		used, err := c.designs(ctx, reg)
		if err != nil {
			return nil, err
		}
		drawing.Lock()
		defer drawing.Unlock()
		for _, d := range used {
			if d.Kind == registry.DesignArtwork && drawn[d.Hash] == nil {
				if drawn[d.Hash], err = designPicture(d.Name); err != nil {
					return nil, err
				}
			}
			list = append(list, console.UsedDesign{Kind: d.Kind, Name: d.Name, Version: d.Version, Hash: d.Hash, Picture: drawn[d.Hash]})
		}
		return list, nil
	}
}
