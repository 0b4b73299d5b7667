// Package lists reads the lists that people import, CSV of a spreadsheet, and takes them in: residents who
// must have a card, blanks of a lot, denied chips.
//
// What lives here: the columns of each list, what is wrong with a line, batches of one operation each. What
// may not: where the file comes from, and how its outcome is shown. station (commands), web/api and
// web/console call it. Start reading at import.go.
package lists
