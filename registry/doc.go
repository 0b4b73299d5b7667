// Package registry is the service: applications, records, cards, and the book of the lines.
//
// What lives here: the operations and the one door through which they enter, the states of
// application and card, what an act of a line changes. What may not: how a card is made
// (personalize), a page, a query outside *_sql.go. web, station and the commands call Do;
// lines call the methods of production.go. Start reading at operations.go, then do.go.
package registry
