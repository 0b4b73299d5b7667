package cable

import "syscall"

// acknowledge makes the kernel acknowledge what has come in.
func acknowledge(fd uintptr) {
	_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
}
