// Package rig starts real stacks for tests: the PC/SC daemon, a kernel with USB in QEMU, CUPS, SoftHSM2, PostgreSQL,
// each private to one test process and gone when it ends.
//
// What lives here: starting, checking and stopping programs of the machine. What may not: any
// import inside the module, the system's own daemons and sockets, a listener beyond loopback.
// Tests call it, and trial for its demonstration. Start reading at Need in rig.go.
package rig
