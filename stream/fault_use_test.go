package stream_test

// What goes wrong with the program, its clocks, its limits and its machine.
var useFaults = []fault{
	{53, "handler-panics", "the panic ends the program", handlerPanics},
	{53, "handler-panics-recovered", "with WithRecoverHandlers each panic is told with its stack, and the handle goes on", handlerPanicsRecovered},
	{53, "handler-blocks", "its own handle loses events as its policy says, all else goes on", handlerBlocksOthersGoOn},
	{53, "handler-never-returns", "Close names it and does not wait for ever", handlerBlocks},
	{53, "handler-closes", "Close in a handler does not wait for that handler", handlerCloses},
	{53, "handler-subscribes", "calls and subscriptions in a handler go through", handlerSubscribes},
	{54, "concurrent-use", "a hundred goroutines, sessions that die, three closes: no race, no leak, every call ends", concurrentUse},
	{55, "close-in-every-state", "Close returns within its second, Closed is entered once, a second Close is nothing", closeInEveryState},
	{56, "leaving-the-loop", "the subscription stays; the next loop goes on where the last one ended", leavingTheLoop},
	{58, "wall-clock-jumps", "waits are reckoned by the clock that does not jump", wallClockJumps},
	{58, "venue-clock-jumps", "the venue's time is data, no wait depends on it", venueClockJumps},
	{58, "wrong-wall-clock", "ends that the venue gives as a time are measured by its clock", wrongWallClock},
	{58, "deadline-fires-once", "one silence ends one session", deadlineFiresOnce},
	{59, "call-rate-limited", "the call fails with the venue's wait; subscriptions run on", callRateLimited},
	{59, "login-rate-limited", "stays away for as long as the venue says", loginRateLimited},
	{60, "thundering-herd", "the jitter spreads a thousand clients evenly", thunderingHerd},
	{61, "recording-fails", "the recording ends with one error, the stream goes on", recordingFails},
	{64, "gateway-replaced", "another key is the end, no TLS is tried again; nobody is told anything", gatewayReplaced},
	{65, "no-descriptors", "backs off and leaves no half-made connection behind", noDescriptors},
}
