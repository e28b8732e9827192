namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>The inline mode concerns a whole process, so a process of its own runs the tests in it.</summary>
internal static class InlineMode
{
    public const string Variable = "PARLEY_TEST_INLINE";

    public static bool IsOn => Environment.GetEnvironmentVariable(Variable) == "1";

    public static string[] Arguments => IsOn ? ["--Inline", "true"] : [];
}
