// Package artwork draws the face of the card: a template, a person and two pictures become a
// color raster and a black mask, the same bytes every time.
//
// What lives here: card templates (templates/*.yaml), fonts, fitting of text, placing of
// pictures, the preview for a proof. What may not: printers and their panels (printer), I/O,
// a clock, a log. The line engine and the proof call it. Start reading at template.go, then
// templates/ktp-el-wni.yaml.
package artwork
