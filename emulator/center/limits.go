package center

import "time"

// Limits of the protocol.
const (
	maxRecord     = 2 << 20  // bytes of a record, decompressed
	maxPage       = 32 << 20 // bytes of a page: half of what a station must take
	maxLimit      = 500      // items of a page
	defaultLimit  = 100
	maxReports    = 500     // reports of a batch
	maxReportBody = 4 << 20 // bytes
	maxWait       = time.Minute
)
