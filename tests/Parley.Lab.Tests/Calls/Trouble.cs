namespace Parley.Lab.Tests.Calls;

/// <summary>What may befall a call whose left person is at home in the lab's left home. Each returns the moment from which the network was whole again.</summary>
internal sealed class Trouble(NetworkLab lab, CallStage stage)
{
    /// <summary>A cable is pulled beyond the router: nothing gets through, and nobody is told.</summary>
    public async Task<DateTimeOffset> CutAsync(TimeSpan duration)
    {
        lab.Left.Line.Cut();
        await Task.Delay(duration);
        lab.Left.Line.Mend();
        return DateTimeOffset.UtcNow;
    }

    /// <summary>The computer's own cable is pulled, of which the system tells its programs.</summary>
    public async Task<DateTimeOffset> UnplugAsync(TimeSpan duration)
    {
        await lab.Left.UnplugAsync();
        await Task.Delay(duration);
        await lab.Left.PlugAsync();
        return DateTimeOffset.UtcNow;
    }

    /// <summary>From one network into another: new addresses inside and outside.</summary>
    public async Task<DateTimeOffset> MoveAsync()
    {
        await lab.Left.MoveAsync();
        return DateTimeOffset.UtcNow;
    }

    /// <summary>The provider gives the router another address, and nobody at home is told.</summary>
    public async Task<DateTimeOffset> RenumberAsync()
    {
        await lab.Left.RenumberAsync();
        return DateTimeOffset.UtcNow;
    }

    /// <summary>The laptop is closed, and opened again in the same network.</summary>
    public async Task<DateTimeOffset> SleepAsync(TimeSpan duration)
    {
        await lab.Left.Host.FreezeAsync();
        await Task.Delay(duration);
        var woke = DateTimeOffset.UtcNow;
        await lab.Left.Host.ThawAsync();
        return woke;
    }

    /// <summary>The server's process dies and is started again.</summary>
    public async Task<DateTimeOffset> RestartServerAsync()
    {
        await stage.Server.KillAsync();
        await stage.StartServerAsync();
        return DateTimeOffset.UtcNow;
    }
}
