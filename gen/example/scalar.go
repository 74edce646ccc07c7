package example

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/venuewire/venuewire/gen/ir"
)

// unit is the plausible span of a time in a unit: 1990 to 2200.
type unit struct{ perSecond int64 }

var units = map[string]unit{
	"time.unix_s": {1}, "time.unix_ms": {1e3}, "time.unix_us": {1e6}, "time.unix_ns": {1e9},
}

const (
	earliest = 631_152_000   // 1990 in seconds
	latest   = 7_258_118_400 // 2200 in seconds
)

// plausible reports whether a number is a likely time in a unit; 0 is the zero time.
func (u unit) plausible(text string) bool {
	n, ok := new(big.Rat).SetString(text)
	if !ok || n.Sign() == 0 {
		return ok
	}
	s := n.Quo(n, new(big.Rat).SetInt64(u.perSecond))
	return s.Cmp(new(big.Rat).SetInt64(earliest)) >= 0 && s.Cmp(new(big.Rat).SetInt64(latest)) <= 0
}

// intBounds are the integers of a scalar.
var intBounds = map[string][2]string{
	"int":    {"-9223372036854775808", "9223372036854775807"},
	"int64":  {"-9223372036854775808", "9223372036854775807"},
	"uint32": {"0", "4294967295"},
	"uint64": {"0", "18446744073709551615"},
}

// maxExponent is more than any number has that fits a type.
const maxExponent = 400

// maxDecimal is how long the text of a decimal can be.
const maxDecimal = 96

// numberFits says why a number cannot be of a scalar, "" when it can.
func numberFits(scalar, text string) string {
	if exponent(text) > maxExponent { // before it is expanded to its digits
		return "is out of range"
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return "is no number"
	}
	if b, integral := intBounds[scalar]; integral {
		lo, _ := new(big.Rat).SetString(b[0])
		hi, _ := new(big.Rat).SetString(b[1])
		switch {
		case !n.IsInt():
			return "is no whole number"
		case n.Cmp(lo) < 0 || n.Cmp(hi) > 0:
			return "is out of range"
		}
	}
	if scalar == "decimal" && len(text) > maxDecimal {
		return "is longer than a decimal can be"
	}
	if scalar == "time.unix_auto" && (!n.IsInt() || n.Sign() < 0) {
		return "is no time"
	}
	return ""
}

// exponent returns the size of the exponent of a number's text, 0 when it has none.
func exponent(text string) int {
	i := strings.IndexAny(text, "eE")
	if i < 0 {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimPrefix(text[i+1:], "+"))
	if err != nil {
		return 1 << 20
	}
	return max(n, -n)
}

// jsonNumber reports whether a text is a number as JSON writes it.
func jsonNumber(text string) bool {
	v, err := Parse(text)
	return err == nil && v.Kind == Number && text == strings.TrimSpace(text)
}

// human reads a dressed number: sign, currency, groups, fraction, suffix, percent.
func human(text string) bool {
	s := strings.TrimLeft(strings.TrimSpace(text), "+-$ ")
	s = strings.TrimRight(strings.TrimRight(s, "%"), "KMBT ")
	s = strings.ReplaceAll(s, ",", "")
	return s != "" && jsonNumber(strings.TrimPrefix(s, "+")) || leadingZeros(s)
}

// leadingZeros reports whether a text is digits that JSON would not write so, such as .5 or 007.
func leadingZeros(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && !strings.ContainsAny(s, "xXpPiInN_")
}

func isNumber(scalar string) bool {
	return scalar == "float64" || scalar == "decimal" || strings.HasPrefix(scalar, "time.unix_") || intBounds[scalar] != [2]string{}
}

// scalarText says why a text that stands for a value (a hole, a map key, a quoted number) is none of a scalar.
func scalarText(scalar string, k ir.Coding, text string) string {
	switch {
	case scalar == "string" || scalar == "json":
		return ""
	case scalar == "bool":
		if slices.Contains([]string{"true", "false", "0", "1"}, text) {
			return ""
		}
		return "is no bool"
	case isNumber(scalar):
		if k.Wire == "human" && human(text) {
			return ""
		}
		if !jsonNumber(text) {
			return "is no number"
		}
		return numberFits(scalar, text)
	default:
		return timeText(scalar, k, text)
	}
}

// rfc3339Layouts are the spellings of times that are read: the zone may be missing.
var rfc3339Layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00"}

func timeText(scalar string, k ir.Coding, text string) string {
	layouts := rfc3339Layouts
	if scalar == "time.layout" {
		layouts = []string{k.Layout}
	}
	for _, l := range layouts {
		if _, err := time.Parse(l, text); err == nil {
			return ""
		}
	}
	return "is no time of this form"
}
