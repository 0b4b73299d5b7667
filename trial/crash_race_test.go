//go:build race

package trial

func init() { racing = true }
