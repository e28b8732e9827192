namespace Parley.Testing;

/// <summary>What people wait for together.</summary>
public static class Meeting
{
    /// <summary>Waits until all of them are in the call. Where one is not, what is said of the others explains why.</summary>
    public static async Task ConnectAsync(params Person[] people)
    {
        Task all = Task.WhenAll(people.Select(person => person.Call.ReachesAsync("connected")));
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.Exception is { } failures)
        {
            throw failures;
        }
    }

    /// <summary>Waits until the pages of all of them say that the call goes directly: it begins at the relay.</summary>
    public static Task GoDirectlyAsync(params Person[] people) =>
        Task.WhenAll(people.Select(person => Wait.UntilAsync(person.Call.PathAsync, path => path == "direct", $"{person.Name}: the page says direct")));
}
