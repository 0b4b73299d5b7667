package store

import "strings"

// Where collects the conditions of a question. Only those that narrow it stand in its text: a database
// then finds its rows by an index, which it does not for conditions such as "? = ” or state = ?".
type Where struct {
	conditions []string
	args       []any
}

// And adds a condition.
func (w *Where) And(condition string, args ...any) {
	w.conditions = append(w.conditions, "("+condition+")")
	w.args = append(w.args, args...)
}

// If adds a condition where a value was asked for: one that is not empty.
func (w *Where) If(value, condition string, args ...any) {
	if value != "" {
		w.And(condition, args...)
	}
}

// Text is the clause with its keyword; empty without conditions.
func (w *Where) Text() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return "where " + strings.Join(w.conditions, " and ")
}

// Args are the values of the conditions, and after them those of the rest of the question.
func (w *Where) Args(rest ...any) []any { return append(append([]any{}, w.args...), rest...) }
