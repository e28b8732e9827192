using System.Globalization;

namespace Parley.Lab;

/// <summary>The lab on the command line: reads one order a line until the input ends or says <c>quit</c>.</summary>
internal sealed class HandOperation(NetworkLab lab, TextReader input, TextWriter output)
{
    private const string Orders =
        """
        left|right router open|port-preserving|symmetric|udp-blocked|only-tcp-443
        left|right delay MILLISECONDS      one way
        left|right loss PERCENT
        left|right rate KBIT_PER_SECOND    0 for no limit
        left|right cut | mend              the line beyond the router: nobody is told
        left|right unplug | plug           the host's own cable: programs are told
        left|right move                    another network: new address inside and outside
        left|right renumber                the router gets another public address: nobody is told
        show | quit
        """;

    /// <summary>Says what there is, and carries out orders.</summary>
    public async Task RunAsync()
    {
        await output.WriteLineAsync(
            $"""
            The lab stands. Run programs in it with:
              server, {NetworkLab.ServerAddress}:  {string.Join(' ', lab.Server.Launcher)} …
              left,   {lab.Left.Address}:   {string.Join(' ', lab.Left.Host.Launcher)} …
              right,  {lab.Right.Address}:   {string.Join(' ', lab.Right.Host.Launcher)} …
            Orders:
            {Orders}
            """);
        while (await input.ReadLineAsync() is { } line && line.Trim() != "quit")
        {
            try
            {
                await CarryOutAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
            catch (LabException ex)
            {
                await output.WriteLineAsync(ex.Message);
            }
        }
    }

    private async Task CarryOutAsync(string[] words)
    {
        var home = words is [] ? null : words[0] switch { "left" => lab.Left, "right" => lab.Right, _ => null };
        var conditions = home?.Line.Conditions;
        switch (words)
        {
            case []:
                return;
            case ["show"]:
                break;
            case [_, "router", var name] when home is not null && Enum.TryParse<RouterKind>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var kind):
                await home.SetRouterAsync(kind);
                break;
            case [_, "delay", var text] when home is not null && TryNumber(text, out var milliseconds):
                home.Line.Conditions = conditions! with { Delay = TimeSpan.FromMilliseconds(milliseconds) };
                break;
            case [_, "loss", var text] when home is not null && TryNumber(text, out var percent):
                home.Line.Conditions = conditions! with { Loss = percent / 100 };
                break;
            case [_, "rate", var text] when home is not null && TryNumber(text, out var kilobits):
                home.Line.Conditions = conditions! with { BitsPerSecond = kilobits > 0 ? (long)(kilobits * 1000) : null };
                break;
            case [_, "cut"] when home is not null:
                home.Line.Cut();
                break;
            case [_, "mend"] when home is not null:
                home.Line.Mend();
                break;
            case [_, "unplug"] when home is not null:
                await home.UnplugAsync();
                break;
            case [_, "plug"] when home is not null:
                await home.PlugAsync();
                break;
            case [_, "move"] when home is not null:
                await home.MoveAsync();
                break;
            case [_, "renumber"] when home is not null:
                await home.RenumberAsync();
                break;
            default:
                await output.WriteLineAsync($"No such order. There are:\n{Orders}");
                return;
        }

        await ShowAsync("left", lab.Left);
        await ShowAsync("right", lab.Right);
    }

    private async Task ShowAsync(string name, Home home) =>
        await output.WriteLineAsync($"{name}: {home.Router}, {home.Address} behind {home.PublicAddress}, {home.Line.Conditions}, {home.Line.Carried} packets carried, {home.Line.Lost} lost");

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
