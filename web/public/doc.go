// Package public is what anybody may see of a station: the status of a number that was given out, and complaints.
//
// What lives here: the pages of the public listener, their words, their style, and openapi.yaml. What may not: a sign-in, a
// cookie, a script, personal data, a page of the console. station mounts it, on a listener of its own. Start
// reading at public.go.
package public
