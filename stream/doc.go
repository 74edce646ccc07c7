// Package stream keeps a session with a venue alive and hands its events to typed subscriptions.
//
// A [Link] is one socket with its reader, its writer, its pending calls, its registry of wanted subscriptions and
// its back-off: one client has one Link, one state, one story. Generated code asks a [Conn] to call, subscribe
// and unsubscribe, and offers an [Inbound] that decodes frames and hands them to [Topic] and [Broadcast] values; nothing else
// passes between the two. Package protocol describes the venue's wire as data, so this package knows no venue.
//
// # What is promised
//
// Nothing grows without bound. Loss that can be noticed is marked, in order, on the next event ([Gap]) and
// announced at once ([HookGap], [Link.Watch]). An order goes to the socket at once or fails with [ErrNotSent]; the
// library never sends it again. After the first byte was handed to the socket every failure is
// [ErrOutcomeUnknown]. A lost session is dialled again until [Link.Close], politely. After [Link.Done] no goroutine
// of this package runs.
//
// # Ownership
//
// A handler given to [Direct] runs on the reading goroutine and borrows the event until it returns; it must
// not call the client. What enters a queue is cloned, and belongs to the receiver.
package stream
