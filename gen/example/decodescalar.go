package example

import (
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
)

// scalar checks a JSON value against a scalar in its encoding.
func (d *decoder) scalar(scalar string, k ir.Coding, v *Value, path string) {
	switch {
	case scalar == "json":
	case scalar == "bool":
		d.bool(k, v, path)
	case scalar == "string":
		if v.Kind != String && !(v.Kind == Number && k.Wire == "flex") {
			d.fail(path, "is %s, not a text", article(v.Kind))
		}
	case isNumber(scalar):
		d.number(scalar, k, v, path)
	default:
		d.written(scalar, k, v, path)
	}
}

func (d *decoder) bool(k ir.Coding, v *Value, path string) {
	digit := v.Text == "0" || v.Text == "1"
	ok := false
	switch k.Wire {
	case "number":
		ok = v.Kind == Number && digit
	case "string":
		ok = v.Kind == String && (digit || v.Text == "true" || v.Text == "false")
	case "flex":
		ok = v.Kind == Bool || v.Kind == Number && digit || v.Kind == String && (digit || v.Text == "true" || v.Text == "false")
	default:
		ok = v.Kind == Bool
	}
	if !ok {
		d.fail(path, "is %s %s, not a bool%s", article(v.Kind), v.Text, encoded(k))
	}
}

func encoded(k ir.Coding) string {
	if k.Wire == "" {
		return ""
	}
	return " in encoding " + k.Wire
}

// number checks numbers and the times that are numbers.
func (d *decoder) number(scalar string, k ir.Coding, v *Value, path string) {
	quoted, plain := v.Kind == String, v.Kind == Number
	switch {
	case k.Wire == "string" && !quoted, k.Wire == "" && !plain, !quoted && !plain:
		d.fail(path, "is %s, not a %s%s", article(v.Kind), noun(scalar), encoded(k))
		return
	case quoted && k.Wire == "human":
		if !human(v.Text) {
			d.fail(path, "%q is no number", v.Text)
		}
		return
	case quoted && !jsonNumber(v.Text):
		d.fail(path, "%q is no number", v.Text)
		return
	}
	if why := numberFits(scalar, v.Text); why != "" {
		d.fail(path, "%s %s", v.Text, why)
		return
	}
	d.unit(scalar, v.Text, path)
}

func noun(scalar string) string {
	if strings.HasPrefix(scalar, "time.") {
		return "time in digits"
	}
	return "number"
}

// written checks times that are texts.
func (d *decoder) written(scalar string, k ir.Coding, v *Value, path string) {
	if v.Kind != String {
		d.fail(path, "is %s, not a written time", article(v.Kind))
		return
	}
	if why := timeText(scalar, k, v.Text); why != "" {
		d.fail(path, "%q %s", v.Text, why)
	}
}
