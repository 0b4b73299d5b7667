// Package printer holds what every card printer has in common: the ports Link, Printer and
// Path, the words of its status, the separation of a card face into panels.
//
// What lives here: ports, status words, separation, fault entries of printing. What may not:
// a vendor's language (one folder each below), drawing (artwork), a database. The line
// engine calls it. Start reading at printer.go.
package printer
