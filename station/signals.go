package station

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// UntilStopped gives a context that ends when the program is asked to end: from the keyboard, by
// the manager of services, or because the terminal has gone, unless nohup keeps the program. A
// reader of its output that has gone ends nothing: writing to it then fails, as to a full disk.
func UntilStopped(ctx context.Context) (context.Context, context.CancelFunc) {
	asked := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		asked = append(asked, syscall.SIGHUP)
	}
	signal.Ignore(syscall.SIGPIPE)
	return signal.NotifyContext(ctx, asked...)
}
