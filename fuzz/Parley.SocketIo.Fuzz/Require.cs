namespace Parley.SocketIo.Fuzz;

/// <summary>A fault that an input has shown.</summary>
internal sealed class FuzzFinding(string message) : Exception(message);

internal static class Require
{
    public static void That(bool condition, string message)
    {
        if (!condition)
        {
            throw new FuzzFinding(message);
        }
    }
}
