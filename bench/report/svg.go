package main

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strings"
)

// panel is a part of the plot: a bar for each contender of one benchmark.
type panel struct {
	title            string
	benchmark, param string
}

var panels = []panel{
	{"Decoding and dispatch, frames of 10 events", "Decode", "10"},
	{"End to end over loopback, frames of 10 events", "EndToEnd", "10"},
}

// eventsRate is what the bars show.
var eventsRate = column{unit: "events/s", higher: true}

const (
	plotWidth  = 760
	barsLeft   = 270
	barsWidth  = 400
	barHeight  = 20
	barStep    = 28
	panelHead  = 54
	panelFoot  = 34
	plotMargin = 12
)

const style = `<style>
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.faint { fill: #59636e; font-size: 12px }
.ours { fill: #0969da }
.other { fill: #9aa4af }
.grid { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.faint { fill: #9198a1 }
.ours { fill: #4493f8 }
.other { fill: #59636e }
.grid { stroke: #3d444d }
}
</style>
`

// bar is one contender.
type bar struct {
	label string
	value float64
	ours  bool
}

// svg renders the plot.
func svg(r *results) []byte {
	var body bytes.Buffer
	y := plotMargin
	for _, p := range panels {
		if bars := p.bars(r); len(bars) > 0 {
			y += p.render(&body, bars, y)
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="Events a second of each contender">`+"\n",
		plotWidth, y, plotWidth, y)
	out.WriteString(style)
	out.Write(body.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes()
}

func (p panel) bars(r *results) (out []bar) {
	for _, row := range r.rows {
		if row.benchmark != p.benchmark || row.param != p.param {
			continue
		}
		if f, ok := row.figure(eventsRate); ok && f.best > 0 {
			out = append(out, bar{strings.ReplaceAll(label(row.contender), "*", ""), f.best, strings.HasPrefix(row.contender, "ours")})
		}
	}
	return out
}

// render writes the panel at y and returns its height.
func (p panel) render(out *bytes.Buffer, bars []bar, y int) int {
	scale := newScale(bars)
	top, height := y+panelHead, len(bars)*barStep
	fmt.Fprintf(out, `<text class="title" x="%d" y="%d">%s</text>`+"\n", plotMargin, y+18, html.EscapeString(p.title))
	fmt.Fprintf(out, `<text class="faint" x="%d" y="%d">events a second, best round; longer is better, each line is ten times the one before</text>`+"\n", plotMargin, y+38)
	for e := scale.low; e <= scale.high; e++ {
		x := scale.x(math.Pow10(e))
		fmt.Fprintf(out, `<line class="grid" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", x, top-4, x, top+height)
		fmt.Fprintf(out, `<text class="faint" x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x, top+height+16, rate(math.Pow10(e)))
	}
	for i, b := range bars {
		b.render(out, scale, top+i*barStep)
	}
	return panelHead + height + panelFoot
}

func (b bar) render(out *bytes.Buffer, s logScale, y int) {
	class := "other"
	if b.ours {
		class = "ours"
	}
	end := s.x(b.value)
	base := y + barHeight - 5
	fmt.Fprintf(out, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", barsLeft-8, base, html.EscapeString(b.label))
	fmt.Fprintf(out, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`+"\n", class, barsLeft, y, end-barsLeft, barHeight)
	fmt.Fprintf(out, `<text x="%.1f" y="%d">%s</text>`+"\n", end+6, base, rate(b.value))
}

// logScale maps powers of ten to equal steps.
type logScale struct{ low, high int }

// newScale has all bars between two powers of ten, none shorter than a visible piece.
func newScale(bars []bar) logScale {
	least, most := bars[0].value, bars[0].value
	for _, b := range bars {
		least, most = min(least, b.value), max(most, b.value)
	}
	s := logScale{int(math.Floor(math.Log10(least))), int(math.Ceil(math.Log10(most)))}
	if math.Log10(least)-float64(s.low) < 0.1 {
		s.low--
	}
	if s.high == s.low {
		s.high++
	}
	return s
}

func (s logScale) x(v float64) float64 {
	return barsLeft + barsWidth*(math.Log10(v)-float64(s.low))/float64(s.high-s.low)
}

// rate writes a number of events a second in short.
func rate(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.3g M", v/1e6)
	case v >= 1e3:
		return fmt.Sprintf("%.3g k", v/1e3)
	}
	return fmt.Sprintf("%.3g", v)
}
