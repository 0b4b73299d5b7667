/* Preloaded into a pcscd that belongs to one process. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* vpcd listens on every address of the machine; here it gets loopback. */
int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	struct sockaddr_in in;

	if (address && length >= sizeof in && address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof in);
		in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		address = (struct sockaddr *)&in;
	}
	return syscall(SYS_bind, fd, address, length);
}

/* pcscd ends where it cannot make the system's folder of its socket, though it was given one. */
int mkdir(const char *path, mode_t mode)
{
	if (strcmp(path, "/run/pcscd") == 0) {
		errno = EEXIST;
		return -1;
	}
	return syscall(SYS_mkdirat, -100 /* AT_FDCWD */, path, mode);
}
