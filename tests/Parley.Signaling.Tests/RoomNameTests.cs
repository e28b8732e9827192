namespace Parley.Signaling.Tests;

public sealed class RoomNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("Tea-time_2.0~x")]
    [InlineData("妈妈")]
    [InlineData("кухня")]
    [InlineData("हिन्दी")]
    public void Names_of_any_script_are_fine(string name) => Assert.True(RoomName.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a%20b")]
    [InlineData("<b>")]
    [InlineData("a\u0000")]
    [InlineData("a\u202eb")]
    [InlineData("\ud800")]
    public void Names_that_break_addresses_or_mislead_are_not(string? name) => Assert.False(RoomName.IsValid(name));

    [Fact]
    public void A_name_has_64_characters_at_most()
    {
        Assert.True(RoomName.IsValid(new string('a', 64)));
        Assert.False(RoomName.IsValid(new string('a', 65)));
    }
}
