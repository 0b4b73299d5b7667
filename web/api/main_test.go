package api_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestMain asks, where all tests ran and passed, that every address of the document answered one of them with success.
func TestMain(m *testing.M) {
	result := m.Run()
	if run := flag.Lookup("test.run").Value.String(); run == "" && !testing.Short() {
		for _, a := range silent() {
			fmt.Println("no test saw success of", a)
			result = 1
		}
	}
	os.Exit(result)
}

// silent are the addresses of the document that answered no test with success.
func silent() (list []string) {
	d, err := committed()
	if err != nil {
		return []string{err.Error()}
	}
	for pattern := range d.answers {
		if !met.well[pattern] && !strings.HasSuffix(pattern, "/stream") { // its own test reads it over a socket
			list = append(list, pattern)
		}
	}
	slices.Sort(list)
	return list
}
