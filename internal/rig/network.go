package rig

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// Network is computers on a wire: a server, which is the network namespace of this process, and nodes with
// one of their own each, whose wire to the server can be cut. It is gone when this process ends.
type Network struct {
	nodes []*exec.Cmd // each holds its namespace, until its standard input ends
	lines []io.Closer
}

const (
	NetworkServer = "10.77.0.1"    // the address of the server, for itself and for every node
	NetworkNodes  = "10.77.0.0/16" // those of all
)

func networkTools() []Tool {
	return []Tool{{Program: "ip", Package: "iproute2"}, {Program: "nsenter", Package: "util-linux"}, {Program: "unshare", Package: "util-linux"}}
}

// NeedNetwork ends the test where no network namespace can be made: skipped, or failed where BLANKO_RIGS asks
// for the rig.
func NeedNetwork(t testing.TB) {
	t.Helper()
	Need(t, "network", networkTools()...)
	if err := canUnshare(); err != nil {
		Without(t, "network", err.Error())
	}
}

func canUnshare() error {
	out, err := exec.Command("unshare", "--net", "ip", "link", "add", "name", "near", "type", "veth", "peer", "name", "far").CombinedOutput()
	if err != nil {
		return fmt.Errorf("no network namespace can be made, which takes root: %w %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// Unshared is a command in a network namespace of its own: what StartNetwork does stays in it.
func Unshared(program string, args ...string) *exec.Cmd {
	return exec.Command("unshare", append([]string{"--net", program}, args...)...)
}

// StartNetwork makes n nodes. It changes the network of this process, which has to be Unshared.
func StartNetwork(n int) (_ *Network, err error) {
	if lacking := missing(networkTools()); len(lacking) > 0 {
		return nil, errors.New("rig network: missing " + strings.Join(lacking, ", "))
	}
	up, err := exec.Command("ip", "-oneline", "link", "show", "up").Output()
	if err != nil {
		return nil, fmt.Errorf("rig network: ip link: %w", err)
	}
	if len(up) > 0 { // a fresh namespace has everything down
		return nil, errors.New("rig network: this process is not in a network namespace of its own")
	}
	w := &Network{}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close())
		}
	}()
	if err := ip("link set lo up", "address add "+NetworkServer+"/32 dev lo"); err != nil {
		return w, err
	}
	for i := range n {
		if err := w.add(i); err != nil {
			return w, err
		}
	}
	return w, nil
}

// add makes a node, with its wire.
func (w *Network) add(i int) error {
	holder := exec.Command("unshare", "--net", "sh", "-c", "ip link set lo up; echo up; exec cat")
	in, err := holder.StdinPipe()
	if err != nil {
		return err
	}
	out, err := holder.StdoutPipe()
	if err != nil {
		return err
	}
	if err := holder.Start(); err != nil {
		return err
	}
	w.nodes, w.lines = append(w.nodes, holder), append(w.lines, in)
	if word, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return fmt.Errorf("rig network: a node says nothing: %w", err)
	} else if word != "up\n" {
		return fmt.Errorf("rig network: a node says %q", word)
	}
	if err := ip(
		fmt.Sprintf("link add %s type veth peer name wire netns %d", wire(i), holder.Process.Pid),
		fmt.Sprintf("address add 10.77.%d.1/24 dev %s", i+1, wire(i)),
		fmt.Sprintf("link set %s up", wire(i)),
	); err != nil {
		return err
	}
	for _, words := range []string{
		fmt.Sprintf("address add 10.77.%d.2/24 dev wire", i+1), "link set wire up",
		fmt.Sprintf("route add %s via 10.77.%d.1", NetworkServer, i+1),
	} {
		enter := w.Enter(i)
		if err := told(exec.Command(enter[0], append(append(enter[1:], "ip"), strings.Fields(words)...)...)); err != nil {
			return err
		}
	}
	return nil
}

func wire(i int) string { return "node" + strconv.Itoa(i) }

// Enter are the words before a command line that runs on a node.
func (w *Network) Enter(i int) []string {
	return []string{"nsenter", "--net", "--target", strconv.Itoa(w.nodes[i].Process.Pid), "--"}
}

// Cut ends the wire of a node without a word: what is sent is lost.
func (w *Network) Cut(i int) error { return ip("link set " + wire(i) + " down") }

// Mend joins it again.
func (w *Network) Mend(i int) error { return ip("link set " + wire(i) + " up") }

// Close ends every node.
func (w *Network) Close() (err error) {
	for i, n := range w.nodes {
		err = errors.Join(err, w.lines[i].Close(), n.Wait())
	}
	return err
}

func ip(lines ...string) error {
	for _, words := range lines {
		if err := told(exec.Command("ip", strings.Fields(words)...)); err != nil {
			return err
		}
	}
	return nil
}

func told(c *exec.Cmd) error {
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w %s", strings.Join(c.Args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
