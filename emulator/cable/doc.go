// Package cable is the wires between the virtual world and the real stacks of a machine: vpcd
// into PC/SC, USB/IP into the kernel's USB.
//
// What lives here: the wire protocols, served on loopback only, and what they need of a device,
// as small interfaces. What may not: a device, a fault, any import outside the standard library.
// trial and tests call it and plug the devices in. Start reading at Slot in vpcd.go.
package cable
