package evolis

import (
	"bytes"
	"errors"
	"testing"

	"blanko/emulator/printer"
)

// Exact bytes of commands and answers (Programming Guide A5013 Rev E).
func TestWorkedBytes(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 2)
	for _, v := range []struct{ name, out, in string }{
		{"host manages errors", "\x1b\x50\x65\x6d\x3b\x32\x0d", "\x4f\x4b\x00"},
		{"to contactless", "\x1b\x53\x69\x63\x0d", "\x4f\x4b\x00"},
		{"where is the card", "\x1b\x52\x6c\x72\x3b\x70\x0d", "\x43\x4f\x4e\x54\x41\x43\x54\x4c\x45\x53\x53\x20\x43\x41\x52\x44\x00"},
		{"prints left", "\x1b\x52\x72\x74\x3b\x63\x6f\x75\x6e\x74\x0d", "\x33\x31\x32\x00"},
		{"feeder sensor", "\x1bRse;f\x0d", "\x35\x2c\x30\x30\x20\x56\x6f\x6c\x74\x73\x00"},
		{"keep the card", "\x1b\x50\x6e\x65\x61\x62\x3b\x45\x0d", "\x4f\x4b\x00"},
		{"reject", "\x1b\x53\x65\x72\x0d", "\x4f\x4b\x00"},
		{"clear error", "\x1b\x53\x63\x73\x0d", "\x4f\x4b\x00"},
	} {
		b.write([]byte(v.out))
		if got := b.read() + "\x00"; got != v.in {
			t.Errorf("%s: %q, want %q", v.name, got, v.in)
		}
	}
	b.wantAt(0, "line-1/reject")
	b.wantFindings()
}

// Every command and read of the language has one answer.
func TestCommandTable(t *testing.T) {
	t.Parallel()
	for model, dialog := range map[string]string{
		"KC200": setup + `Rtp=Evolis_KC200 Rsn=S1 Rfv=1.2 Rkn=K1 Rr=ymcko Pr;YMCKO=OK Rr=ymcko Pr;nonsense=ERR_PARAMETRES
			Rem=2;0 Pem;3;s=OK Rem=3;3 Pem;38=ERR_PARAMETRES Pem=ERR_PARAMETRES Pem;2=OK
			Pc;k;=;10=OK Pl;y;=;10=OK Ps;1=OK Px;=;3=OK Py;=;-3=OK Pwr;0=OK Pmi;F;s=OK Pmi;X=ERR_PARAMETRES Pmk;i=OK Pps;0=OK
			Pdt;DU=OK Mr;s=OK Ppws;1281755559=OK Pcom;0;9600=OK Pkey;E;123=OK Roc=1158 Poc;=;1200=OK Roc=1200 Poc;1=ERR_PARAMETRES
			Pcim;B=OK Pcim;Z=ERR_PARAMETRES Pcem;k=OK Pcem;S=OK Pcem;Z=ERR_PARAMETRES Pcrm;E=ERR_PARAMETRES Pbc;A;D=OK Pneab;Z=ERR_PARAMETRES
			Rco;p=0 Rco;c=0 Rco;a=0 Rco;m=0 Rco;n=0 Rco;l=312 Rco;b=0 Rco;s=0 Rco;z=ERR_PARAMETRES
			Rcr=OK Rlr;p=OK Rlr;r=OK Rlr;h=NO_CARD Rlr;z=ERR_PARAMETRES
			Rse;f=5,00_Volts Rse;n=3,92_Volts Rse;o=5,00_Volts Rse;b=0,23_Volts Rse;c=0,20_Volts Rse;z=ERR_PARAMETRES
			Rrt;qty=500 Rrt;count=312 Rrt;zone=A Rzp=A Rrt;z=ERR_PARAMETRES
			Wcb;a;0=OK Wcb;o;255=OK Wcb;q=ERR_PARAMETRES Wcb;k;256=ERR_PARAMETRES Sk;f;3=OK Sk;w;0=OK Sk;f;4=ERR_PARAMETRES Sk;z=ERR_PARAMETRES
			Sa=OK Mc;+;10=OK Mf=OK Mh=OK Mr=OK Sv=ERR_PARAMETRES Smr;1=ERR_PARAMETRES Nonsense;1=ERR_PARAMETRES
			Si=OK Rlr;p=CARD Sis=OK Rlr;p=SMART_CARD Sic=OK Rlr;p=CONTACTLESS_CARD Seb=OK Rlr;p=OK Rse;b=4,92_Volts
			Sib=OK Rlr;p=CARD Rse;b=0,23_Volts Ss=OK Pneab;A;1=OK Se=OK Rlr;p=OK Rco;c=2 Sie=OK Rco;c=3 Scp=OK Rco;n=1 Rco;a=3 Rco;m=3 Scs=OK Srs=OK Rem=3;3`,
		"Dualys": `Rlr;p=NO_CARD Sr=OK Sv=OK Dm;1;ABC123=OK Dm;4;X=ERR_PARAMETRES Smr;1=ERR_READ Smw=OK Smr;1=ABC123 Rlr;p=CARD Smr;9=ERR_PARAMETRES
			Wt;1;1;1;1;X=OK Wl=OK Wb=OK Ss=OK Wcb;k;0=ERR_PARAMETRES Se=OK St=OK Rco;p=1`,
	} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, model, 4)
			b.want(dialog)
		})
	}
}

// An older printer does not know the newer settings, says NO CARD, and has no panels of 8 bits.
func TestOlderPrinter(t *testing.T) {
	t.Parallel()
	b := openBench(t, "Dualys", 1, Config{})
	b.want("Pneab;E=ERR_PARAMETRES Pcim;F=ERR_PARAMETRES Pcrm;D=ERR_PARAMETRES Pcem;I=ERR_PARAMETRES Psmgr;2=ERR_PARAMETRES Pbc;A;D=ERR_PARAMETRES Rlr;p=NO_CARD Ss=OK")
	if got := b.panel('y', 256); got != "ERR PARAMETRES" {
		t.Errorf("8 bits: %s", got)
	}
}

// A host that never reads does not stop the printer: answers beyond the buffer are lost.
func TestHostThatNeverReads(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.write(bytes.Repeat([]byte("\x1bRse;f\r"), outputLimit/10))
	b.write([]byte("\x1bSic\r"))
	if err := b.m.Await(b.ctx, func(s printer.State) bool { return s.Station == printer.StationContactless }); err != nil {
		t.Fatal(err)
	}
	b.wantFindings("answers were lost")
}

// The larger buffer of the guide is taken when the command ends there.
func TestLargerBuffer(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Pem;2=OK Ss=OK Sr=OK")
	b.write(db('k', 2, bytes.Repeat([]byte{0xFF}, largeSize(1))))
	if got := b.read(); got != "OK" {
		t.Fatal(got)
	}
	b.want("Se=OK")
	sameDots(t, b.cards[0].Front.Layer('K').Dots(), func(int, int) int { return 1 })
	b.wantFindings()
}

// A new connection finds no answers and no half command of the old one, unless told so.
func TestConnect(t *testing.T) {
	t.Parallel()
	for _, stale := range []bool{false, true} {
		b := openBench(t, "Primacy 2", 1, Config{KeepStale: stale})
		first := b.d.Connect()
		if err := first.Write(b.ctx, []byte("\x1bRtp\r")); err != nil {
			t.Fatal(err)
		}
		answered(b)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		if err := first.Write(b.ctx, []byte("x")); !errors.Is(err, printer.ErrClosed) {
			t.Errorf("write on a closed link: %v", err)
		}
		second := b.d.Connect()
		if err := second.Write(b.ctx, []byte("\x1bRsn\r")); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 64)
		n, err := second.Read(b.ctx, buf)
		want := "S1\x00"
		if stale {
			want = "Evolis Primacy 2\x00"
		}
		if err != nil || string(buf[:n]) != want {
			t.Errorf("stale %v: %q, %v", stale, buf[:n], err)
		}
	}
}

// answered waits until an answer lies ready.
func answered(b *bench) {
	for {
		b.d.mu.Lock()
		n, changed := len(b.d.out), b.d.changed
		b.d.mu.Unlock()
		if n > 0 {
			return
		}
		select {
		case <-changed:
		case <-b.ctx.Done():
			b.Fatal("no answer")
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	if err := b.d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.d.Write(b.ctx, []byte("x")); !errors.Is(err, printer.ErrClosed) {
		t.Errorf("write: %v", err)
	}
	if _, err := b.d.Read(b.ctx, make([]byte, 1)); !errors.Is(err, printer.ErrClosed) {
		t.Errorf("read: %v", err)
	}
}
