package book

import (
	"bytes"
	"strconv"

	"github.com/venuewire/venuewire/wire"
)

// covered is how many prices of each side a checksum covers, whatever the depth of the book.
const covered = 10

// appendDigits appends the digits of d without its point and without leading zeros, as checksums have them. With a
// precision d gets that many digits behind the point at least.
func appendDigits(dst []byte, d wire.Decimal, precision int) []byte {
	coef, scale, _, ok := d.Parts()
	if !ok {
		return appendLong(dst, d, precision)
	}
	if coef == 0 {
		return dst
	}
	return pad(strconv.AppendUint(dst, coef, 10), precision-scale)
}

// appendLong is appendDigits for decimals of more than 64 bits.
func appendLong(dst []byte, d wire.Decimal, precision int) []byte {
	var buf [128]byte
	text, _ := d.AppendText(buf[:0]) // never fails
	whole, fraction, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("-")), []byte("."))
	whole = bytes.TrimLeft(whole, "0")
	scale := len(fraction)
	if len(whole) == 0 {
		fraction = bytes.TrimLeft(fraction, "0")
	}
	return pad(append(append(dst, whole...), fraction...), precision-scale)
}

func pad(dst []byte, zeros int) []byte {
	for ; zeros > 0; zeros-- {
		dst = append(dst, '0')
	}
	return dst
}
