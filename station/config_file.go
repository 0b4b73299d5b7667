package station

import (
	"errors"
	"io/fs"
	"os"
)

// ConfigFile is the flag of every command that reads the configuration.
type ConfigFile struct {
	Config string `help:"Configuration file, ${default} without it." default:"/etc/blanko/blanko.yaml" env:"BLANKO_CONFIG" placeholder:"FILE"`
}

// OptionalConfig is the configuration of a command that works without one.
type OptionalConfig struct{ ConfigFile }

// there reports whether there is a configuration file.
func (c OptionalConfig) there() bool {
	_, err := os.Stat(c.Config)
	return err == nil
}

// read gives the configuration, or that of the sample where the file of the default path is not there.
func (c OptionalConfig) read() (Config, error) {
	_, err := os.Stat(c.Config)
	if errors.Is(err, fs.ErrNotExist) && c.Config == defaultConfig {
		return ParseConfig([]byte(Sample))
	}
	return ReadConfig(c.Config)
}

// defaultConfig is the path that ConfigFile has without the flag.
const defaultConfig = "/etc/blanko/blanko.yaml"
