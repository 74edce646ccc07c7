package wire

// UnknownMember and UntrackedMember stand in place of the number of a member: the first is declared nowhere, the second
// may come or not without anyone counting it.
const (
	UnknownMember   = -1
	UntrackedMember = -2
)
