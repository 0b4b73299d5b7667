package evolis

import (
	"bytes"
	"errors"
	"testing"

	"blanko/emulator/printer"
)

// An armed eject stays armed until it is disarmed, unless the model disarms by itself.
func TestArmedEject(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		cfg   Config
		again string
		at    string
	}{
		"stays armed":       {Config{}, "", "line-1/output"},
		"disarmed by A;0":   {Config{}, "Pneab;A;0=OK", "line-1/path/print"},
		"disarmed by E":     {Config{}, "Pneab;E=OK", "line-1/path/print"},
		"disarms by itself": {Config{DisarmAfterEject: true}, "", "line-1/path/print"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBench(t, "Primacy 2", 2, v.cfg)
			b.want(setup + "Si=OK Ss=OK Pneab;A;1=OK Se=OK " + v.again + " Si=OK Ss=OK Se=OK")
			b.wantAt(0, "line-1/output")
			b.wantAt(1, v.at)
		})
	}
}

func TestSeparators(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Psc;64;44;10=OK")
	for _, v := range [][2]string{{"@Rse,f\n", "5,00 Volts"}, {"@Rlr,p\n", "OK"}, {"@Psc\n", "OK"}} {
		b.write([]byte(v[0]))
		if got := b.read(); got != v[1] {
			t.Errorf("%q: %s, want %s", v[0], got, v[1])
		}
	}
	b.want("Rlr;p=OK Psc;27;27;13=ERR_PARAMETRES Psc;0;59;13=ERR_PARAMETRES Psc;27=ERR_PARAMETRES")
}

func TestACKMode(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 0)
	b.want("Pem;2=OK")
	b.write([]byte("\x1bPem;10\r\x1bSic\r\x1bRlr;p\r\x1bXx\r"))
	want := []byte("\x06\x15FOK\x00\x151")
	var got []byte
	for len(got) < len(want) {
		buf := make([]byte, 8)
		n, err := b.d.Read(b.ctx, buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	// An unknown command and a bad parameter share one text, so they share one letter.
	if !bytes.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A reset, a power cut and a pulled cable forget the newer settings: the card is no longer kept.
func TestSettingsForgotten(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(*bench){
		"soft reset": func(b *bench) { b.want("Srs=OK") },
		"power cut": func(b *bench) {
			b.m.PowerCut()
			if err := b.m.PowerOn(b.ctx); err != nil {
				b.Fatal(err)
			}
		},
		"cable": func(b *bench) { b.m.Unplug(); b.m.Replug() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Primacy 2", 1)
			b.want(setup + "Sic=OK")
			forget(b)
			b.want("Rlr;p=CONTACTLESS_CARD Pem;2=OK Ss=OK Sr=OK")
			b.panel('k', 2)
			b.want("Se=OK Rlr;p=OK")
			b.wantAt(0, "line-1/output")
		})
	}
}

// Saved Pem survives; the running one does not.
func TestPemAfterPowerCut(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Pem;2;s=OK Pem;3=OK Rem=3;2")
	b.m.PowerCut()
	if _, err := b.d.Read(b.ctx, make([]byte, 1)); !errors.Is(err, printer.ErrPowerOff) {
		t.Errorf("read without power: %v", err)
	}
	if err := b.d.Write(b.ctx, []byte("x")); !errors.Is(err, printer.ErrPowerOff) {
		t.Errorf("write without power: %v", err)
	}
	if _, err := b.d.DeviceID(b.ctx); !errors.Is(err, printer.ErrPowerOff) {
		t.Errorf("device id without power: %v", err)
	}
	if err := b.m.PowerOn(b.ctx); err != nil {
		t.Fatal(err)
	}
	b.want("Rem=2;2")
	if id, err := b.d.DeviceID(b.ctx); id != "MFG:Evolis;MDL:Evolis Primacy 2;CLS:PRINTER;SN:S1;" || err != nil {
		t.Errorf("%s, %v", id, err)
	}
}
