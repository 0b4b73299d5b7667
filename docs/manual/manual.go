// Package manual is the short manual of the station, in Indonesian and English, with pictures of its pages.
//
// What lives here: the text, the pictures, and the way from the one to HTML. What may not: anything that a
// page needs beside them. The console shows it; a test of cmd/blanko-lab takes the pictures. Start reading
// at id/README.md or en/README.md.
package manual

import (
	"embed"
	"fmt"
	"html"
	"path"
	"regexp"
	"strings"
)

//go:embed id en
var files embed.FS

// Pictures are the names of the pictures, which are the same in both languages.
var Pictures = []string{"sign-in", "approvals", "print-room", "fault", "application", "capture", "acceptance", "designs", "shipping", "reports", "stock", "bench"}

// Picture is a picture of the manual as PNG; false when there is none.
func Picture(language, name string) ([]byte, bool) {
	b, err := files.ReadFile(path.Join(language, path.Base(name)))
	return b, err == nil && strings.HasSuffix(name, ".png")
}

// Text is the manual of a language as it is written.
func Text(language string) (string, error) {
	b, err := files.ReadFile(language + "/README.md")
	return string(b), err
}

// HTML is the manual of a language; pictures are the addresses where its pictures are. What it knows of
// Markdown is what the manual is written in: headings, paragraphs, lists, pictures, bold, code and links.
func HTML(language, pictures string) (string, error) {
	text, err := Text(language)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		line := strings.ReplaceAll(block, "\n", " ")
		switch {
		case strings.HasPrefix(line, "# "): // the page has this heading
		case strings.HasPrefix(line, "## "):
			fmt.Fprintf(&b, "<h2>%s</h2>\n", inline(line[3:], pictures))
		case strings.HasPrefix(line, "1. "):
			b.WriteString(list("ol", block, numbered, pictures))
		case strings.HasPrefix(line, "- "):
			b.WriteString(list("ul", block, dotted, pictures))
		default:
			fmt.Fprintf(&b, "<p>%s</p>\n", inline(line, pictures))
		}
	}
	return b.String(), nil
}

var (
	numbered = regexp.MustCompile(`(?m)^\d+\. `)
	dotted   = regexp.MustCompile(`(?m)^- `)
	picture  = regexp.MustCompile(`!\[([^\]]*)\]\(([a-z-]+\.png)\)`)
	link     = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)`)
	bold     = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	code     = regexp.MustCompile("`([^`]+)`")
)

func list(tag, block string, item *regexp.Regexp, pictures string) string {
	var b strings.Builder
	b.WriteString("<" + tag + ` class="steps">`)
	for _, text := range item.Split(block, -1)[1:] {
		b.WriteString("<li>" + inline(strings.Join(strings.Fields(text), " "), pictures) + "</li>")
	}
	b.WriteString("</" + tag + ">\n")
	return b.String()
}

func inline(text, pictures string) string {
	text = html.EscapeString(text)
	text = picture.ReplaceAllString(text, `<img class="screen" loading="lazy" src="`+pictures+`$2" alt="$1">`)
	text = link.ReplaceAllString(text, `<a href="$2">$1</a>`)
	text = bold.ReplaceAllString(text, `<b>$1</b>`)
	return code.ReplaceAllString(text, `<code>$1</code>`)
}
