package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"

	"blanko/fault"
)

//go:embed reasons.json
var reasonsFile []byte

// reasons are the Indonesian words of why values are refused, by the English ones: formats of [fault.Error.With],
// and codes that stand in them.
var reasons = readReasons()

func readReasons() map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(reasonsFile, &m); err != nil {
		panic(err) // the file is part of the program
	}
	return m
}

// Reason is why a value was refused, in both languages. What has no Indonesian is said as it is.
func Reason(e *fault.Error) Text {
	format, known := reasons[e.Format]
	if !known {
		format = e.Format
	}
	if len(e.Args) == 0 {
		return Text{format, e.Detail}
	}
	args := make([]any, len(e.Args))
	for i, a := range e.Args {
		args[i] = a
		if reflect.ValueOf(a).Kind() == reflect.String {
			if word, known := reasons[fmt.Sprint(a)]; known {
				args[i] = word
			}
		}
	}
	return Text{fmt.Sprintf(format, args...), e.Detail}
}
