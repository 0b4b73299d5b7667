package pkcs11

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"blanko/fault"
)

// device is a token of which single answers can be held back or fail.
type device struct {
	cryptoki
	hold      chan struct{} // closed: answers come
	failLogin error
	logins    int
}

func (d *device) slots() ([]slot, error)           { return []slot{{id: 1, label: "T", serial: "1"}}, nil }
func (d *device) open(uint, bool) (uint, error)    { return 7, nil }
func (d *device) close(uint) error                 { return nil }
func (d *device) login(uint, []byte) error         { d.logins++; return d.failLogin }
func (d *device) random(uint, int) ([]byte, error) { <-d.hold; return make([]byte, 8), nil }

func fixedPIN() ([]byte, error) { return []byte("1234"), nil }

// A token that does not answer holds up nobody longer than its patience, whatever session it was, and
// works again when it does.
func TestSlowToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &device{hold: make(chan struct{})}
		token := newToken(Config{Label: "T", PIN: fixedPIN, Patience: time.Minute}, d)
		for _, call := range []string{"in the token", "behind the one that waits"} {
			began := time.Now()
			if err := token.Ready(t.Context()); !fault.Is(err, TokenSlow) || time.Since(began) != time.Minute {
				t.Errorf("%s: %v after %v", call, err, time.Since(began))
			}
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if err := token.Ready(ctx); !fault.Is(err, TokenSlow) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up by the caller: %v", err)
		}
		close(d.hold)
		synctest.Wait()
		if err := token.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		token.Close()
	})
}

// A sign-in whose outcome is unknown is not repeated in the same call.
func TestUnsettledLogin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer error
		want   fault.Entry
	}{{status(0x05), TokenFailed}, {deviceRemoved, TokenAway}, {errors.New("a library's own"), TokenFailed}, {alreadySignedIn, fault.Entry{}}} {
		d := &device{hold: make(chan struct{}), failLogin: c.answer}
		close(d.hold)
		token := newToken(Config{Label: "T", PIN: fixedPIN}, d)
		if err := token.Ready(t.Context()); fault.CodeOf(err) != c.want.Code || d.logins != 1 {
			t.Errorf("%v: %v after %d logins", c.answer, err, d.logins)
		}
	}
}
