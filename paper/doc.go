// Package paper makes the papers of the service as PDF, one file per paper, in Indonesian.
//
// What lives here: the layout and words of each paper, and the sheet they are drawn on. What
// may not: the register, a clock, drawing of cards; everything arrives as plain data and the
// face of a card as a picture. The pages and the API call it. Start reading at sheet.go and
// heading.go, then receipt.go for a slip and dailybook.go for a list with its CSV.
//
// Equal input gives equal bytes: dates are handed in, catalogs are sorted.
package paper
