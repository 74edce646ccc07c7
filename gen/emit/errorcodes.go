package emit

import (
	"fmt"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// errorCodes writes one sentinel for each Go name.
func (g *generator) errorCodes(f *j.File) {
	seen := map[string]bool{}
	for _, c := range g.allCodes() {
		if seen[c.Go] {
			continue
		}
		seen[c.Go] = true
		var w jenx.Source
		doc := "matches refusals with code " + c.Code
		if c.Code == "" {
			doc = "matches refusals that say " + fmt.Sprintf("%q", c.Pattern.Text)
		}
		first := "Err" + c.Go + " " + doc + "."
		if c.Prov.Doc != "" {
			first += " " + upperFirst(strings.TrimSuffix(c.Prov.Doc, ".")) + "."
		}
		w.Doc(paragraphs(first+retryDoc(c.Retry), provenance(ir.Provenance{Source: c.Prov.Source, Confidence: c.Prov.Confidence, Note: c.Prov.Note})))
		w.P("var Err%s = &protocol.ErrorCode%s", c.Go, codeLit(c))
		w.AddTo(f)
		if c.Detail != nil {
			g.detailFunc(f, c)
		}
	}
}

func (g *generator) allCodes() []*ir.ErrorCode {
	if g.v.Errors == nil {
		return nil
	}
	return append(append([]*ir.ErrorCode{}, g.v.Errors.Codes...), g.v.Errors.Texts...)
}

func retryDoc(r string) string {
	return map[string]string{
		"never": " Repeating the request does not help.", "backoff": " It may be repeated later.",
		"cool-down": " It may be repeated after a longer pause.", "relogin": " It calls for a new login.",
		"requote": " The request needs new terms.",
	}[r]
}

func codeLit(c *ir.ErrorCode) string {
	var l lit
	l.add("Name", quoted(c.Go))
	l.add("Code", quoted(c.Code))
	if c.Pattern != nil {
		l.add("Text", textLit(c.Pattern))
	}
	l.add("Retry", map[string]string{
		"never": "protocol.RetryNever", "backoff": "protocol.RetryBackoff", "cool-down": "protocol.RetryCoolDown",
		"relogin": "protocol.RetryRelogin", "requote": "protocol.RetryRequote",
	}[c.Retry])
	l.add("Wait", durationLit(c.Wait))
	l.add("Doc", quoted(c.Prov.Doc))
	return l.String()
}

// detailFunc writes the typed access to what a refusal carries.
func (g *generator) detailFunc(f *j.File, c *ir.ErrorCode) {
	t := goType(c.Detail)
	var w jenx.Source
	w.Doc(fmt.Sprintf("%sDetail returns what the venue says with Err%s; ok is false for other errors and for details of another shape.", c.Go, c.Go))
	w.P("func %sDetail(err error) (detail %s, ok bool) {", c.Go, t)
	w.P("ok = stream.Detail(err, Err%s, func(d *wire.Decoder, b []byte, at int) (i int) {", c.Go)
	g.read(&w, "detail", c.Detail, codingOf(c.Detail))
	w.P("return i")
	w.P("})")
	w.P("return detail, ok")
	w.P("}")
	w.AddTo(f)
}

func (g *generator) errorsLit() string {
	e := g.v.Errors
	if e == nil {
		return ""
	}
	var l lit
	l.add("Ok", matchesLit(e.Ok))
	l.add("Refused", matchesLit(e.Refused))
	l.add("Code", pathLit(e.Code))
	l.add("Text", pathLit(e.Text))
	l.add("Detail", pathLit(e.Detail))
	var codes []string
	seen := map[string]bool{}
	for _, c := range g.allCodes() {
		if seen[c.Go] { // one sentinel, several texts: the further ones are rows of their own
			codes = append(codes, codeLit(c))
			continue
		}
		seen[c.Go] = true
		codes = append(codes, "Err"+c.Go)
	}
	if len(codes) > 0 {
		l.add("Codes", "[]*protocol.ErrorCode{\n"+strings.Join(codes, ",\n")+",\n}")
	}
	return "protocol.Errors" + l.String()
}
