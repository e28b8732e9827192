// The tests measure time, and they share the lab.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Parley.Lab.Tests.SharedLab))]

namespace Parley.Lab.Tests;

/// <summary>One lab for all tests of the run, or the reason why there is none.</summary>
public sealed class SharedLab : IAsyncLifetime
{
    /// <summary>Why no lab could be built; null if one was.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>The lab.</summary>
    public NetworkLab Lab { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        Obstacle = await NetworkLab.FindObstacleAsync();
        if (Obstacle is null)
        {
            Lab = await NetworkLab.BuildAsync();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Lab?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A test in the lab: skipped, with the reason, where none can be built; begins with perfect lines and port-preserving routers.</summary>
public abstract class LabTest(SharedLab shared) : IAsyncLifetime
{
    /// <summary>The lab.</summary>
    protected NetworkLab Lab => shared.Lab;

    /// <inheritdoc />
    public virtual async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(shared.Obstacle is not null, shared.Obstacle ?? "");
        Lab.SetLines(LineConditions.Perfect);
        await Lab.Left.SetRouterAsync(RouterKind.PortPreserving);
        await Lab.Right.SetRouterAsync(RouterKind.PortPreserving);
    }

    /// <inheritdoc />
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
