namespace Parley.AspNetCore;

/// <summary>What one connection may do; told to clients in the reply to <c>join</c>.</summary>
internal static class SignalingLimits
{
    public const double MessagesPerSecond = 50;
    public const int MessageBurst = 200;
    public const double JoinsPerSecond = 10 / 60.0;
    public const int JoinBurst = 10;
    public const int RoomsPerConnection = 8;
    public const int MaxNameLength = 64;
    public const int MinSecretLength = 16;
    public const int MaxSecretLength = 128;
}
