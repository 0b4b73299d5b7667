package api_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"blanko/web/openapitest"
)

// TestMain asks, where all tests ran and passed, that every address of the documents answered one of them with success.
func TestMain(m *testing.M) {
	result := m.Run()
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" && flag.Lookup("test.list").Value.String() == ""
	if result == 0 && whole && !testing.Short() {
		for _, a := range silent() {
			fmt.Println("no test saw success of", a)
			result = 1
		}
	}
	os.Exit(result)
}

// silent are the addresses of the documents that answered no test with success.
func silent() (list []string) {
	for _, document := range []func() (*openapitest.Document, error){committed, committedPublic} {
		d, err := document()
		if err != nil {
			return []string{err.Error()}
		}
		list = append(list, d.Silent()...)
	}
	return slices.DeleteFunc(list, func(pattern string) bool {
		return strings.HasSuffix(pattern, "/stream") // its own test reads it over a socket
	})
}
