// Package openjpeg is JPEG 2000 by OpenJPEG, as bare codestreams of one tile.
//
// What lives here: the only binding of libopenjp2 and the limits that Go checks before C
// sees a byte. What may not: profiles, files of the card, budgets other than a number of
// bytes. The station hands a Codec to chipdata. Start reading at Codec.Encode, then Check.
package openjpeg
