namespace Parley.Lab.Tests.Calls;

/// <summary>Whatever stands between two homes, their call finds the best way there is.</summary>
public sealed class PathTests(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    [Fact]
    public async Task Between_open_routers_a_call_goes_straight_from_host_to_host()
    {
        await Lab.Left.SetRouterAsync(RouterKind.Open);
        await Lab.Right.SetRouterAsync(RouterKind.Open);

        var (left, right) = await CallAsync();

        Assert.Equal(("host", "host"), await TypesAsync(left));
        Assert.Equal(("host", "host"), await TypesAsync(right));
    }

    private static async Task<(string Local, string Remote)> TypesAsync(Testing.Person person)
    {
        var pair = await GoesAsync(person, "direct");
        return (pair.Local, pair.Remote);
    }
}
