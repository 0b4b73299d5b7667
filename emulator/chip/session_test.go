package chip

import (
	"bytes"
	"testing"
)

// dialogs are the SCP03 dialogs of osmocom/pysim, tests/unittests/test_globalplatform.py, seen
// from the card. Keys 00..0F, 10..1F, 20..2F; the longer ones append themselves.
var dialogs = []struct {
	aes                              int
	level                            byte
	host, challenge, cryptogram, seq string
	authenticate                     string
	wrapped                          []string
	answer                           string // to the first command, status word apart
}{
	{
		128, 0x33, "FDF38259A1E0DE44", "3B1ACA81E821F219", "081CDC01C26B372D", "000003", "8C36F96BCC00724A4E13AD591D7DA3F0",
		[]string{
			"84E2910018267A85DFE4A98FCA6FB0527E0DFECCE4914E40401433C87F00",
			"84F2200208AC6A59024BED84CC",
			"84CA006608409912AD8FB7AED000",
			"84F22002185F3DAFC3AC14C381536A488BF44E06D056DF9D74DBD21E5A",
			"84F280021865165105BE3373347D0424D4400AF2AC393F569EC779389E00",
		},
		"F3BA2B1013AA6224F5E1C138D71805C569E5439B47576260B75FC021B25097CB2E68F8A0144975B9",
	},
	{
		128, 0x11, "B13E5F938FC108C4", "3EB51047495B249F", "66C484C1D2EF1948", "000002", "7D5F5826A993EBC89EEA24957FA0B3CE",
		[]string{
			"84E291000EBF3E035C015A558D036518A2829700",
			"84F220020863A63F8959827FB2",
			"84CA006608A0C6A4A74166F7CE00",
			"84F22002124F0212345C054F9F70C52249B50272656536",
			"84F280020A4F00E91443F6DCE6B8ED00",
		},
		"BF3E125A1089882119900000000000000000000005971BE68992DBBDFA",
	},
	{
		128, 0x03, "8E1552D0513C60F3", "30760CD2C47C1DD3", "95065FE5EAD8A9D7", "000001", "FD4721A14D9B07003C451D2F8AE6BB21",
		[]string{
			"84E2910018CA9C00F6713D79BC8BAA642BDFF51C3F6A4082D3BD9AD26C00",
			"84F2200208C9811B11F1264CF1",
			"84CA006608E10AB60B3054798800",
			"84F22002184E2908BDB48B2315A55482E9E936CA122D6ECFAE7D17416E",
			"84F28002180DD10A6B6193E5340B9E77D32D5A179CD710AC2773AEFB2800",
		},
		"BF3E125A1089882119900000000000000000000005",
	},
	{
		192, 0x11, "7396430B768B085B", "8CFC23522FFDBF1E", "5DF5542CAC8FD866", "000003", "2145ED30B146F5DB252FB7E624CEC244",
		[]string{
			"84E291000EBF3E035C015AFF42CF801D14394400",
			"84F22002084584E4F6784811EE",
			"84CA006608937776EBE190FA3000",
			"84F22002124F0212345C054F9F70C59A52BDDF3040368C",
			"84F280020A4F009804B11411F7393D00",
		},
		"BF3E125A1089882119900000000000000000000005162FBD33E04940A9",
	},
	{
		192, 0x03, "69C65DA8202BF19F", "B570A67BE3844671", "7729D6DD3D2EC5B1", "000001", "65DF4F1A356A887905466516D9E5B7C1",
		[]string{
			"84E2910018D2C6FB477C5D4AFE4FD4D21F17EFF10D3578EC1774A12A2D00",
			"84F2200208964E188F0B1BB697",
			"84CA006608F0820035A41D3E1800",
			"84F220021806B076ED452CD1FA84F77F5C08A146AA77A9286757DEA791",
			"84F2800218D06527E39222DCE091FABDB8E9B898417A67A6852D3577DB00",
		},
		"BF3E125A1089882119900000000000000000000005",
	},
	{
		192, 0x33, "9B3F2EEF0E8C9374", "F6BB305A15BAE1A6", "8F79FB08212FBED7", "000002", "9100BC22D58B45B86A26365CE39FF3CF",
		[]string{
			"84E29100188F7F946C84F70D17994BC6E8791251BB1BB1BF02CF8DE58900",
			"84F2200208D5D97754B6B3D2BA",
			"84CA006608516C82B8E30ADBEB00",
			"84F2200218CC247F4761E6944277A4E0D6E32E44025B1E31537E2FC668",
			"84F2800218BA22B63D509BEF5D093B43E5EAED03ED23144AB2D9CB51DE00",
		},
		"C05176C1B6F72AAE50C32CBEE63B0E95998928FD4DFB2BE9F27FFDE8C8476F5909B4805CC4039599",
	},
	{
		256, 0x11, "11666D57866C6F54", "53EA8847EFA7674E", "41498A4D66CF0DEE", "000003", "2F2AD190EFF2FAFC4908996D1CEBD310",
		[]string{
			"84E291000EBF3E035C015AF4B680372542B59D00",
			"84F2200208D618B7DA68D5FE52",
			"84CA0066088F3E055DB23AD5E500",
			"84F22002124F0212345C054F9F70C5B6E15CC42404915E",
			"84F280020A4F00AA124AA74AFE7F7500",
		},
		"BF3E125A10898821199000000000000000000000058012DD7F01F1C4C1",
	},
	{
		256, 0x03, "C6066990FC426E1D", "8682CD81BBD8919F", "2DE3F2664581F118", "000001", "77C493B632EDADAF865A1E64ACC07CE9",
		[]string{
			"84E29100183DDAA60594963BEFAADA3525B492EDE23C2AB2C1CE3AFE4400",
			"84F2200208480DDC8E419DA38D",
			"84CA0066083E9D6A6C0B2D732000",
			"84F22002183EBFEF2DA8B04AF2A85F491F299B76973DF76FF08A4031BE",
			"84F2800218783FFF80990F5585B1055010EA95094A26E4A8F1EF4B18E100",
		},
		"BF3E125A1089882119900000000000000000000005",
	},
	{
		256, 0x33, "97B2055FE58599FD", "A8439A22CEDF045F", "A9F1903B2834F26E", "000002", "508A0FD959D2E547C6B33154A6BE2057",
		[]string{
			"84E29100187A5EF717EAF1E135AE92FE54429D0E465DECDA65F5FE5AEA00",
			"84F2200208BCC5C17275545D93",
			"84CA00660804806ABA9D543BB600",
			"84F2200218717222491556EC81A45F49CE48BE33320024801A1C4CB0E0",
			"84F2800218561F105BCCD3A1642904B251CCC1228BEB80A82370A8637000",
		},
		"EA90DBFA648A67C5EB6ABC57F8530B97D0CD5647C5E8732016B55203B078DD2ACE7F8BC5D1C1CD99",
	},
}

// dialogPlain are the five commands of every dialog and the plain answer to the first.
var (
	dialogPlain  = []string{"80E2910006BF3E035C015A00", "80F22002", "80CA006600", "80F220020A4F0212345C054F9F70C5", "80F28002024F0000"}
	dialogAnswer = "BF3E125A1089882119900000000000000000000005"
	dialogAID    = "A0000005591010FFFFFFFF8900000100"
)

func TestSessionDialogs(t *testing.T) {
	t.Parallel()
	for _, d := range dialogs {
		var set keySet
		{
			var keys [3][]byte
			for i := range keys {
				for n := range 16 {
					keys[i] = append(keys[i], byte(16*i+n))
				}
				keys[i] = append(keys[i], keys[i][:d.aes/8-16]...)
			}
			set = newKeySet(kvnTransport, keys[0], keys[1], keys[2])
		}
		var s session
		a := s.begin(&set, unhex(t, d.host), [3]byte(unhex(t, d.seq)), unhex(t, dialogAID))
		if !bytes.Equal(a.challenge[:], unhex(t, d.challenge)) || !bytes.Equal(a.cryptogram[:], unhex(t, d.cryptogram)) {
			t.Errorf("AES-%d level %X: challenge %X, cryptogram %X", d.aes, d.level, a.challenge, a.cryptogram)
			continue
		}
		ea, ok := newLimits(0, 0).parse(append([]byte{0x84, 0x82, d.level, 0x00, 0x10}, unhex(t, d.authenticate)...))
		if !ok {
			t.Fatal("EXTERNAL AUTHENTICATE does not parse")
		}
		if sw := s.authenticate(&ea); sw != swOK {
			t.Errorf("AES-%d level %X: EXTERNAL AUTHENTICATE %04X", d.aes, d.level, sw)
			continue
		}
		for i, w := range d.wrapped {
			cmd, ok := newLimits(0, 0).parse(unhex(t, w))
			plain, ok2 := newLimits(0, 0).parse(unhex(t, dialogPlain[i]))
			if !ok || !ok2 {
				t.Fatalf("command %d does not parse", i)
			}
			if !s.unwrap(&cmd) {
				t.Errorf("AES-%d level %X: command %d refused", d.aes, d.level, i)
				break
			}
			if !bytes.Equal(cmd.data, plain.data) || cmd.le != plain.le {
				t.Errorf("AES-%d level %X: command %d is %X, Le %d", d.aes, d.level, i, cmd.data, cmd.le)
			}
			if i == 0 {
				got := s.wrap(append(make([]byte, 0, 280), unhex(t, dialogAnswer)...), swOK)
				if !bytes.Equal(got, unhex(t, d.answer)) {
					t.Errorf("AES-%d level %X: answer %X, want %s", d.aes, d.level, got, d.answer)
				}
			}
		}
	}
}

// The session keys of the first dialog are published; the check values of its static keys too.
func TestSessionKeys(t *testing.T) {
	t.Parallel()
	context := append(unhex(t, dialogs[0].host), unhex(t, dialogs[0].challenge)...)
	for _, c := range []struct {
		static   string
		constant byte
		want     string
	}{
		{"000102030405060708090A0B0C0D0E0F", deriveSENC, "BC5689F3A0B783A9ED6DA1C5C6BC1F99"},
		{"101112131415161718191A1B1C1D1E1F", deriveSMAC, "0415F56CBB9E488BB171B2B66081F004"},
		{"101112131415161718191A1B1C1D1E1F", deriveSRMAC, "1EE185123244E047BC9D68B914BD1FBE"},
	} {
		var got [16]byte
		deriveSCP03(newCMAC(newAES(unhex(t, c.static))), c.constant, got[:], context)
		if !bytes.Equal(got[:], unhex(t, c.want)) {
			t.Errorf("constant %02X: %X, want %s", c.constant, got, c.want)
		}
	}
	for key, want := range map[string]string{
		"000102030405060708090A0B0C0D0E0F": "C35280",
		"101112131415161718191A1B1C1D1E1F": "013808",
		"202122232425262728292A2B2C2D2E2F": "840DE5",
	} {
		if got := keyCheck(newAES(unhex(t, key))); !bytes.Equal(got[:], unhex(t, want)) {
			t.Errorf("check value of %s: %X, want %s", key, got, want)
		}
	}
}

// One altered bit anywhere in a wrapped command, Le apart, is a security error; padding that is
// not 80 00.. is one too.
func TestSessionRefusesAlteredCommands(t *testing.T) {
	t.Parallel()
	d := dialogs[0]
	open := func() *session {
		set := newKeySet(kvnTransport, unhex(t, "000102030405060708090A0B0C0D0E0F"),
			unhex(t, "101112131415161718191A1B1C1D1E1F"), unhex(t, "202122232425262728292A2B2C2D2E2F"))
		s := new(session)
		s.begin(&set, unhex(t, d.host), [3]byte(unhex(t, d.seq)), unhex(t, dialogAID))
		ea, _ := newLimits(0, 0).parse(append([]byte{0x84, 0x82, d.level, 0x00, 0x10}, unhex(t, d.authenticate)...))
		if sw := s.authenticate(&ea); sw != swOK {
			t.Fatalf("EXTERNAL AUTHENTICATE %04X", sw)
		}
		return s
	}
	whole := unhex(t, d.wrapped[0])
	whole = whole[:len(whole)-1]
	if cmd, _ := newLimits(0, 0).parse(whole); !open().unwrap(&cmd) {
		t.Fatal("the unaltered command is refused")
	}
	for bit := range 8 * len(whole) {
		if bit/8 == 4 { // Lc: the command no longer parses
			continue
		}
		b := bytes.Clone(whole)
		b[bit/8] ^= 1 << (bit % 8)
		cmd, ok := newLimits(0, 0).parse(b)
		if !ok {
			t.Fatalf("bit %d: does not parse", bit)
		}
		if open().unwrap(&cmd) {
			t.Errorf("bit %d altered: accepted", bit)
		}
	}
}
