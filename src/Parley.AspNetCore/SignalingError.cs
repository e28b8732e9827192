using Parley.Signaling;

namespace Parley.AspNetCore;

/// <summary>Why a request was refused, as clients are told.</summary>
/// <param name="Code">One of the codes of <c>docs/protocol/signaling.md</c>.</param>
/// <param name="Message">A sentence for the developer of the client.</param>
/// <param name="RetryAfter">When the same request may succeed, where that is known.</param>
internal readonly record struct SignalingError(string Code, string Message, TimeSpan? RetryAfter = null)
{
    public static SignalingError BadRequest(string message) => new("BAD_REQUEST", message);

    public static SignalingError RateLimited(TimeSpan retryAfter) => new("RATE_LIMITED", "Too many requests on this connection.", retryAfter);

    public static SignalingError From(RoomOutput.Refused refused) => refused.Code switch
    {
        RefusalCode.RoomFull => new("ROOM_FULL", "Two people are in this room already.", refused.RetryAfter),
        RefusalCode.NotInRoom => new("NOT_IN_ROOM", "Join the room first."),
        _ => new("TOO_LARGE", refused.RetryAfter is null ? "The message is larger than the room accepts." : "The other participant is not there, and enough messages are waiting for them.", refused.RetryAfter),
    };
}
