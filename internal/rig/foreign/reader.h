/* A PC/SC reader by its name, for the foreign libraries of this folder. */
#ifndef READER_H
#define READER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <winscard.h>

static SCARDCONTEXT context;
static SCARDHANDLE card;
static DWORD protocol;

static void fail(const char *what, long code)
{
	fprintf(stderr, "%s: %lx\n", what, code);
	exit(1);
}

static void open_card(const char *reader)
{
	LONG rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
	if (rv != SCARD_S_SUCCESS)
		fail("SCardEstablishContext", rv);
	rv = SCardConnect(context, reader, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
	if (rv != SCARD_S_SUCCESS)
		fail("SCardConnect", rv);
}

static void close_card(void)
{
	SCardDisconnect(card, SCARD_RESET_CARD);
	SCardReleaseContext(context);
}

/* transmit gives the length of the answer, status word included. */
static size_t transmit(const uint8_t *command, size_t n, uint8_t *answer, size_t room)
{
	DWORD got = room;
	LONG rv = SCardTransmit(card, protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1, command, n, NULL, answer, &got);
	if (rv != SCARD_S_SUCCESS || got < 2)
		fail("SCardTransmit", rv);
	return got;
}

static void expect_9000(const char *what, const uint8_t *answer, size_t n)
{
	if (answer[n - 2] != 0x90 || answer[n - 1] != 0x00)
		fail(what, answer[n - 2] << 8 | answer[n - 1]);
}

static void unhex(const char *text, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned v;
		if (sscanf(text + 2 * i, "%2x", &v) != 1)
			fail("not hex", 0);
		out[i] = (uint8_t)v;
	}
}

static void print_file(const char *fid, const uint8_t *content, size_t n)
{
	printf("%s ", fid);
	for (size_t i = 0; i < n; i++)
		printf("%02x", content[i]);
	printf("\n");
}

#endif
