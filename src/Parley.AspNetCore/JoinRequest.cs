using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Parley.Signaling;
using Parley.SocketIo.AspNetCore;

namespace Parley.AspNetCore;

/// <summary>What a client asks for with <c>join(room, options?)</c>, read and checked at the door.</summary>
/// <param name="Room">The name of the room.</param>
/// <param name="Name">What the participant wants to be called.</param>
/// <param name="Lobby">True for a provisional seat.</param>
/// <param name="Resume">The seat token of an earlier join.</param>
/// <param name="LastSeq">The number of the last message that was received on that seat.</param>
/// <param name="Secret">What the client made up to be known again by, if its first join is not answered in time.</param>
internal sealed record JoinRequest(string Room, string? Name, bool Lobby, string? Resume, long? LastSeq, string? Secret)
{
    public static bool TryRead(SocketIoEvent e, [NotNullWhen(true)] out JoinRequest? request, [NotNullWhen(false)] out string? mistake)
    {
        request = null;
        if (!TryReadRoom(e, out var room))
        {
            mistake = $"join takes the name of a room: 1 to {RoomName.MaxLength} letters, digits and - _ . ~";
            return false;
        }

        JoinOptions? options = null;
        if (e.Count > 1 && !e.TryGet(1, SignalingJson.Default.JoinOptions, out options))
        {
            mistake = "The options of join are an object of name (text), stage (\"lobby\"), resume (text), lastSeq (a whole number) and secret (text).";
            return false;
        }

        options ??= new JoinOptions();
        if (options.Name is { Length: > SignalingLimits.MaxNameLength })
        {
            mistake = $"A name has {SignalingLimits.MaxNameLength} characters at most.";
            return false;
        }

        if (options.Secret is { Length: < SignalingLimits.MinSecretLength or > SignalingLimits.MaxSecretLength })
        {
            mistake = $"A secret has {SignalingLimits.MinSecretLength} to {SignalingLimits.MaxSecretLength} characters, and should be random.";
            return false;
        }

        mistake = null;
        request = new JoinRequest(room, string.IsNullOrWhiteSpace(options.Name) ? null : options.Name.Trim(), options.Stage == "lobby", options.Resume, options.LastSeq, options.Secret);
        return true;
    }

    public static bool TryReadRoom(SocketIoEvent e, out string room) => e.TryGetString(0, out room) && RoomName.IsValid(room);
}

/// <summary>The second argument of <c>join</c>. Unknown members are left to later versions.</summary>
internal sealed record JoinOptions
{
    public string? Name { get; init; }

    public string? Stage { get; init; }

    public string? Resume { get; init; }

    public long? LastSeq { get; init; }

    public string? Secret { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JoinOptions))]
internal sealed partial class SignalingJson : JsonSerializerContext;
