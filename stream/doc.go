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
//
// # Logs
//
// With [WithLogger] a client logs; hooks ([WithHooks]) tell the same and more, typed. Messages begin with "stream: " or the
// name of the venue whose own code speaks. These are the attributes, spelled alike in the whole library:
//
//	venue        name of the venue in the specs; in every record
//	endpoint     name of the endpoint in the specs; in every record
//	state        state that was entered, as State.String spells it
//	epoch        number of the session
//	err          what went wrong
//	wait         time until the next dial
//	dir          of a frame: in or out
//	frame        bytes of a frame, redacted
//	method       wire name of a call
//	request      id of a request on the wire
//	after        time since a call was sent
//	feed         wire name of a feed
//	key          subscribed item, as JSON
//	event        name of a topic or event
//	since        when the last event came
//	external_id  id of a position of IQ Option
package stream
