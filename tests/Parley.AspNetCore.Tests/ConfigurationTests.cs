using Microsoft.Extensions.Options;

namespace Parley.AspNetCore.Tests;

/// <summary>A mistake in the configuration stops the application at start, with a message that names the key and a fix.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("Parley:PublicURLs", "https://call.example.org", "Parley:PublicURLs is not a setting of Parley")]
    [InlineData("Parley:Rooms:Resume", "00:00:10", "Parley:Rooms:Resume is not a setting of Parley")]
    [InlineData("Parley:Turn:Prot", "3478", "Parley:Turn:Prot is not a setting of Parley")]
    [InlineData("Parley:Turn:Port", "70000", "Parley:Turn:Port")]
    [InlineData("Parley:Turn:Servers:0:Urls:0", "relay.example.org", "Parley:Turn:Servers:0:Urls")]
    [InlineData("Parley:Turn:Servers:0:Secret", "s", "Parley:Turn:Servers:0:Urls")]
    [InlineData("Parley:Turn:Servers:0:Url", "turn:relay.example.org", "Parley:Turn:Servers:0:Url is not a setting of Parley")]
    [InlineData("Parley:PublicUrl", "call.example.org", "Parley:PublicUrl")]
    [InlineData("Parley:Rooms:ResumeWindow", "-00:00:01", "Parley:Rooms:ResumeWindow")]
    [InlineData("Parley:Rooms:ResumeWindow", "02:00:00", "Parley:Rooms:ResumeWindow")]
    [InlineData("Parley:Rooms:TicketKey", "short", "Parley:Rooms:TicketKey")]
    public async Task A_mistake_refuses_to_start(string key, string value, string expected)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => ParleyHost.StartAsync((key, value)));
        Assert.Contains(expected, refusal.Failures.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_is_told_at_once()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => ParleyHost.StartAsync(("Parley:A", "1"), ("Parley:Rooms:TicketKey", "short")));
        Assert.Equal(2, refusal.Failures.Count());
    }

    [Fact]
    public async Task Keys_are_found_whatever_their_case()
    {
        await using var host = await ParleyHost.StartAsync(("PARLEY:ROOMS:RESUMEWINDOW", "00:00:10"));
    }
}
