package naming

import (
	"go/token"
	"slices"
	"strings"
)

// house lists the initialisms that every venue knows.
var house = []string{
	"API", "CFD", "CPU", "CUSIP", "DNS", "ETF", "FX", "HTML", "HTTP", "HTTPS", "ID", "IP", "ISIN", "JSON", "KYC",
	"OHLC", "PnL", "RPC", "SQL", "TCP", "TIF", "TLS", "TTL", "UDP", "UI", "URI", "URL", "UTC", "UUID", "VWAP", "XML",
}

// predeclared lists what Go declares by itself and generated code uses.
var predeclared = []string{
	"any", "append", "bool", "byte", "cap", "clear", "close", "copy", "delete", "error", "false", "float64", "int",
	"int64", "iota", "len", "make", "max", "min", "new", "nil", "panic", "rune", "string", "true", "uint32", "uint64",
}

// reservedMembers lists the methods that all generated structs have, or get when a member is sensitive; a field cannot
// have such a name.
var reservedMembers = []string{"AppendJSON", "GoString", "MarshalJSON", "String", "UnmarshalJSON", "Validate"}

// partialMembers lists the methods that partial structs have besides.
var partialMembers = []string{"Check", "Has", "Keep", "Mark", "Merge", "Raw"}

// tupleMembers lists the fields that tuples have besides their items.
var tupleMembers = []string{"Rest"}

// reservedMethods lists what every client has; a method of the spec cannot have such a name.
var reservedMethods = []string{"Close", "Done", "Err", "Raw", "Status", "WaitReady", "Watch"}

// reservedTypes lists the package-level names that every venue package has.
var reservedTypes = []string{"Client", "Dial", "New"}

// IsReserved reports whether an unexported name is a keyword or predeclared in Go.
func IsReserved(name string) bool {
	return token.IsKeyword(name) || slices.Contains(predeclared, name)
}

// IsReservedMember reports whether generated structs have a method of this name.
func IsReservedMember(name string) bool { return slices.Contains(reservedMembers, name) }

// IsReservedInPartial reports whether partial structs have a method of this name besides.
func IsReservedInPartial(name string) bool { return slices.Contains(partialMembers, name) }

// IsReservedInTuple reports whether tuples have a field of this name besides.
func IsReservedInTuple(name string) bool { return slices.Contains(tupleMembers, name) }

// IsReservedMethod reports whether every client has a method of this name.
func IsReservedMethod(name string) bool { return slices.Contains(reservedMethods, name) }

// IsReservedType reports whether every venue package declares this name.
func IsReservedType(name string) bool { return slices.Contains(reservedTypes, name) }

// IsExported reports whether name is a Go identifier that begins with a capital letter of the alphabet.
func IsExported(name string) bool {
	return token.IsIdentifier(name) && name[0] >= 'A' && name[0] <= 'Z'
}

// Initialisms returns the house list, sorted.
func Initialisms() []string {
	out := slices.Clone(house)
	slices.SortFunc(out, strings.Compare)
	return out
}
