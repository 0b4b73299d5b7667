// Package cable is the wires between the virtual world and the real stacks of a machine: vpcd
// into PC/SC, USB/IP into the kernel's USB.
//
// What lives here: the wire protocols, served on loopback only, what they need of a device, as
// small interfaces, and what goes wrong on a cable. What may not: what a device does with its
// bytes, any import outside the standard library. trial and tests call it and plug the devices in.
// Start reading at Slot in vpcd.go, and at USBDevice in usb.go, then USBPort, USBHub and VHCI.
package cable
