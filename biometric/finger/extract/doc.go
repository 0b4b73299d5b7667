// Package extract turns a gray picture of one finger into minutiae and says how good the capture is.
//
// What lives here: segmentation, orientation, ridge distance, enhancement, skeletons, minutiae with a
// reliability each, and the quality of a capture with its reasons in words. What may not: I/O, a
// clock, a log, a goroutine, pictures of anyone. The commands and the counter call it. Start reading
// at Extractor.
package extract
