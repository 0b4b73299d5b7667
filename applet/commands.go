package applet

import (
	"blanko/chipdata"
	"blanko/ktp"
)

// The commands of the personalization sequence (card profile KTPEL-OP 1, section 8). Commands
// under a channel are written with the plain class; the key source sets the bit for secure
// messaging.
const (
	claISO  = 0x00 // interindustry
	claCard = 0x80 // GlobalPlatform, and every command under a channel; on the wire 84
)

// Instructions (ISO/IEC 7816-4, -8, -9; GlobalPlatform Card Specification 2.3, chapter 11).
const (
	insDeactivate       = 0x04
	insActivate         = 0x44
	insGenerateKeyPair  = 0x46
	insInitializeUpdate = 0x50
	insSelect           = 0xA4
	insReadBinary       = 0xB0
	insGetResponse      = 0xC0
	insGetData          = 0xCA
	insUpdateBinary     = 0xD6
	insPutKey           = 0xD8
	insPutData          = 0xDA
	insCreateFile       = 0xE0
	insDelete           = 0xE4
	insTerminate        = 0xE6
)

// Parameters.
const (
	byName      = 0x04 // SELECT P1: application identifier
	elementary  = 0x02 // SELECT P1: EF under the current DF
	noFCI       = 0x0C // SELECT P2
	sfiForm     = 0x80 // READ and UPDATE BINARY P1: the rest of the byte is a short file id
	generateKey = 0x80 // GENERATE ASYMMETRIC KEY PAIR P1: make a new pair
	newKeySet   = 0x00 // PUT KEY P1
	threeKeys   = 0x81 // PUT KEY P2: several keys from id 1 on
	tagBACKeys  = 0xD0 // PUT DATA P2
	tagCAN      = 0xD1
)

// Tags of data fields.
const (
	tagFCP         = 0x62
	tagFileSize    = 0x80
	tagDescriptor  = 0x82
	tagFID         = 0x83
	tagSFI         = 0x88
	tagLCS         = 0x8A
	tagKeyVersion  = 0xD2
	tagControlRef  = 0xAC
	tagKeyRef      = 0x80
	tagPublicKey   = 0x7F49
	tagPoint       = 0x86
	descriptorEF   = 0x01 // transparent working EF
	lcsCreated     = 0x03
	sfiShift       = 3
	pointSize      = 65 // 04 | x | y on P-256
	chipAuthKey    = 0x01
	activeAuthKey  = 0x02
	serialInCPLC   = 10 // offset of the eight bytes that name the chip
	sizeCPLC       = 42
	tagCPLC        = 0x9F7F
	tagKDD         = 0xCF
	initUpdateSize = 32 // answer with i = 70
	counterSize    = 3  // at its end
)

func getCPLC() Command {
	return Command{CLA: claCard, INS: insGetData, P1: 0x9F, P2: 0x7F, Expect: maxLe}
}

func getKDD() Command {
	return Command{CLA: claCard, INS: insGetData, P1: 0x00, P2: tagKDD, Expect: maxLe}
}

// SelectApplication is case 3: the profile wants no Le in SELECT (section 10, rule 5).
func SelectApplication(aid []byte) Command {
	return Command{CLA: claISO, INS: insSelect, P1: byName, Data: aid}
}

func getResponse(n int) Command { return Command{CLA: claISO, INS: insGetResponse, Expect: n} }

// InitializeUpdate asks for a channel under a key version.
func InitializeUpdate(kvn byte, challenge [8]byte) Command {
	return Command{CLA: claCard, INS: insInitializeUpdate, P1: kvn, Data: challenge[:], Expect: maxLe}
}

// SelectFile makes an EF of the application current; no FCI comes back.
func SelectFile(cla byte, fid uint16) Command {
	return Command{CLA: cla, INS: insSelect, P1: elementary, P2: noFCI, Data: []byte{byte(fid >> 8), byte(fid)}}
}

// ReadBinary reads n bytes of the current EF from an offset below 32,768.
func ReadBinary(cla byte, offset, n int) Command {
	return Command{CLA: cla, INS: insReadBinary, P1: byte(offset >> 8), P2: byte(offset), Expect: n, Extended: sealsLong(cla, n)}
}

// sealsLong reports whether n bytes under a channel are more than a short APDU carries.
func sealsLong(cla byte, n int) bool { return cla == claCard && n > shortChunk }

// ReadShort reads n bytes from the beginning of the EF with a short file id.
func ReadShort(cla, sfi byte, n int) Command {
	return Command{CLA: cla, INS: insReadBinary, P1: sfiForm | sfi, Expect: n}
}

// UpdateBinary writes into the current EF at an offset below 32,768.
func UpdateBinary(cla byte, offset int, data []byte) Command {
	return Command{CLA: cla, INS: insUpdateBinary, P1: byte(offset >> 8), P2: byte(offset), Data: data, Extended: sealsLong(cla, len(data))}
}

// claimCommand writes the whole of EF.PROF: profile, attempt id, marker claimed.
func claimCommand(p *chipdata.Profile, id ktp.AttemptID) Command {
	return Command{CLA: claCard, INS: insUpdateBinary, P1: sfiForm | sfiPROF(p), Data: chipdata.EncodePROF(p, id, chipdata.MarkerClaimed)}
}

// markCommand writes the marker of EF.PROF alone.
func markCommand(p *chipdata.Profile) Command {
	return Command{CLA: claCard, INS: insUpdateBinary, P1: sfiForm | sfiPROF(p), P2: chipdata.ProfMarker, Data: []byte{chipdata.MarkerWritten}}
}

func sfiPROF(p *chipdata.Profile) byte {
	f, _ := p.File(chipdata.BuildPROF) // chipdata accepts no profile without it
	return f.SFI
}

// createFile makes a transparent EF; it becomes the current one.
func createFile(fid uint16, sfi byte, size int) Command {
	b := chipdata.AppendTLV(nil, tagFileSize, byte(size>>8), byte(size))
	b = chipdata.AppendTLV(b, tagDescriptor, descriptorEF)
	b = chipdata.AppendTLV(b, tagFID, byte(fid>>8), byte(fid))
	b = chipdata.AppendTLV(b, tagSFI, sfi<<sfiShift)
	b = chipdata.AppendTLV(b, tagLCS, lcsCreated)
	return Command{CLA: claCard, INS: insCreateFile, Data: chipdata.AppendTLV(nil, tagFCP, b...)}
}

func deleteFile(fid uint16) Command {
	return Command{CLA: claCard, INS: insDelete, Data: chipdata.AppendTLV(nil, tagFID, byte(fid>>8), byte(fid))}
}

func deleteKey(kvn byte) Command {
	return Command{CLA: claCard, INS: insDelete, Data: chipdata.AppendTLV(nil, tagKeyVersion, kvn)}
}

// putKey writes a whole key set; replaces is 00 for a new one, else the version it takes the place of.
func putKey(replaces byte, block []byte) Command {
	return Command{CLA: claCard, INS: insPutKey, P1: replaces, P2: threeKeys, Data: block}
}

func putData(tag byte, value []byte) Command {
	return Command{CLA: claCard, INS: insPutData, P2: tag, Data: value}
}

// generateKeyPair makes a P-256 pair on the card and asks for its public point.
func generateKeyPair(key byte) Command {
	return Command{
		CLA: claCard, INS: insGenerateKeyPair, P1: generateKey, Expect: maxLe,
		Data: chipdata.AppendTLV(nil, tagControlRef, chipdata.AppendTLV(nil, tagKeyRef, key)...),
	}
}

func activate() Command   { return Command{CLA: claCard, INS: insActivate} }
func deactivate() Command { return Command{CLA: claCard, INS: insDeactivate} }
func terminate() Command  { return Command{CLA: claCard, INS: insTerminate} }
