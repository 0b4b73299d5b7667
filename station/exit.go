package station

import "errors"

// Exit statuses of commands that failed.
const (
	exitFailed   = 1
	exitNoAnswer = 2
)

// ExitStatus is what a command ends with after an error.
func ExitStatus(err error) int {
	var of interface{ ExitStatus() int }
	if errors.As(err, &of) {
		return of.ExitStatus()
	}
	return exitFailed
}
