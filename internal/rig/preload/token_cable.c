/* A PKCS#11 module in front of SoftHSM's, loaded by one process: the cable of a token. What stands in
 * the file "cable" beside it decides whether the token is plugged in ("in N", "out N"; a new N takes
 * every session away), a file "hardware" makes the mechanisms claim a device, every C_Login leaves a
 * byte in "logins", and a PIN that was wrong too often is locked as on a token with a chip, which
 * SoftHSM does not do. Functions are called by their place in CK_FUNCTION_LIST (PKCS#11 2.40, 6.1), so
 * that no header is needed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libgen.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long word;
typedef word (*call)(word, word, word, word, word, word, word, word);

enum { FUNCTIONS = 68, TRIES = 3 };
enum { GET_SLOT_LIST = 4, GET_SLOT_INFO = 5, GET_MECHANISM_INFO = 8, OPEN_SESSION = 12, CLOSE_ALL_SESSIONS = 14, LOGIN = 18 };
enum {
	CKR_OK = 0, CKR_GENERAL_ERROR = 5, CKR_DEVICE_REMOVED = 0x32, CKR_PIN_INCORRECT = 0xA0, CKR_PIN_LOCKED = 0xA4,
	CKR_TOKEN_NOT_PRESENT = 0xE0, CKU_USER = 1, CKF_TOKEN_PRESENT = 1, CKF_HW = 1,
};

struct list { unsigned char version[2]; call f[FUNCTIONS]; };

static struct list *real, mine;
static char folder[4000];
/* Held for reading in every call: SoftHSM frees a session under the feet of whoever uses it. */
static pthread_rwlock_t calls = PTHREAD_RWLOCK_INITIALIZER;
static long pulls;

static FILE *beside(const char *name, const char *mode)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return fopen(path, mode);
}

/* plugged looks at the cable; sessions from before the last pull are gone. */
static int plugged(void)
{
	char state[4] = "in";
	word slots[8], count = 8;
	long n = 0;
	FILE *f = beside("cable", "r");

	if (f) {
		if (fscanf(f, "%3s %ld", state, &n) != 2)
			n = pulls;
		fclose(f);
	}
	if (n <= pulls) /* or another caller has read the file later than this one */
		return strcmp(state, "in") == 0;
	pthread_rwlock_wrlock(&calls);
	if (n > pulls && real->f[GET_SLOT_LIST](1, (word)slots, (word)&count, 0, 0, 0, 0, 0) == CKR_OK)
		while (count > 0)
			real->f[CLOSE_ALL_SESSIONS](slots[--count], 0, 0, 0, 0, 0, 0, 0);
	if (n > pulls)
		pulls = n;
	pthread_rwlock_unlock(&calls);
	return strcmp(state, "in") == 0;
}

static word through(int n, word a, word b, word c, word d, word e, word f, word g, word h)
{
	word r;

	pthread_rwlock_rdlock(&calls);
	r = real->f[n](a, b, c, d, e, f, g, h);
	pthread_rwlock_unlock(&calls);
	return r;
}

static word login(word s, word user, word pin, word size)
{
	char tries = '0';
	word r;
	FILE *f = beside("logins", "a");

	if (f) {
		fputc('.', f);
		fclose(f);
	}
	if (user != CKU_USER)
		return through(LOGIN, s, user, pin, size, 0, 0, 0, 0);
	if ((f = beside("tries", "r"))) {
		tries = fgetc(f);
		fclose(f);
	}
	if (tries >= '0' + TRIES)
		return CKR_PIN_LOCKED;
	r = through(LOGIN, s, user, pin, size, 0, 0, 0, 0);
	if (r == CKR_PIN_INCORRECT)
		tries++;
	else if (r == CKR_OK)
		tries = '0';
	if ((f = beside("tries", "w"))) {
		fputc(tries, f);
		fclose(f);
	}
	return r;
}

static word gate(int n, word a, word b, word c, word d, word e, word f, word g, word h)
{
	int in = plugged();
	FILE *mark;
	word r;

	switch (n) {
	case GET_SLOT_LIST:
		if (!in && (a & 0xFF)) {
			*(word *)c = 0;
			return CKR_OK;
		}
		break;
	case GET_SLOT_INFO: /* the flags stand behind two texts of 64 and 32 bytes */
		r = through(n, a, b, c, d, e, f, g, h);
		if (r == CKR_OK && !in)
			*(word *)(b + 96) &= ~(word)CKF_TOKEN_PRESENT;
		return r;
	case GET_MECHANISM_INFO: /* the flags stand behind two sizes */
		r = in ? through(n, a, b, c, d, e, f, g, h) : CKR_TOKEN_NOT_PRESENT;
		if (r == CKR_OK && (mark = beside("hardware", "r"))) {
			((word *)c)[2] |= CKF_HW;
			fclose(mark);
		}
		return r;
	case LOGIN:
		return in ? login(a, b, c, d) : CKR_DEVICE_REMOVED;
	default:
		if (!in)
			return n <= OPEN_SESSION ? CKR_TOKEN_NOT_PRESENT : CKR_DEVICE_REMOVED;
	}
	return through(n, a, b, c, d, e, f, g, h);
}

#define GATE(n) static word gate##n(word a, word b, word c, word d, word e, word f, word g, word h) \
	{ return gate(n, a, b, c, d, e, f, g, h); }
#define TEN(t) GATE(t##0) GATE(t##1) GATE(t##2) GATE(t##3) GATE(t##4) GATE(t##5) GATE(t##6) GATE(t##7) GATE(t##8) GATE(t##9)
GATE(4) GATE(5) GATE(6) GATE(7) GATE(8) GATE(9)
TEN(1) TEN(2) TEN(3) TEN(4) TEN(5)
GATE(60) GATE(61) GATE(62) GATE(63) GATE(64)
#define ROW(t) gate##t##0, gate##t##1, gate##t##2, gate##t##3, gate##t##4, gate##t##5, gate##t##6, gate##t##7, gate##t##8, gate##t##9
static const call gates[] = { gate4, gate5, gate6, gate7, gate8, gate9, ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), gate60, gate61, gate62, gate63, gate64 };

word C_GetFunctionList(struct list **out)
{
	char path[4096];
	Dl_info me;
	void *lib;
	word (*get)(struct list **);

	if (!real) {
		if (!dladdr((void *)C_GetFunctionList, &me))
			return CKR_GENERAL_ERROR;
		snprintf(path, sizeof path, "%s", me.dli_fname);
		snprintf(folder, sizeof folder, "%s", dirname(path));
		snprintf(path, sizeof path, "%s/softhsm.so", folder);
		if (!(lib = dlopen(path, RTLD_NOW | RTLD_LOCAL)) || !(get = dlsym(lib, "C_GetFunctionList")) || get(&real) != CKR_OK)
			return CKR_GENERAL_ERROR;
		mine = *real;
		memcpy(mine.f + GET_SLOT_LIST, gates, sizeof gates);
	}
	*out = &mine;
	return CKR_OK;
}
