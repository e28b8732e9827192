using System.Text;
using FsCheck.Xunit;

namespace Parley.SocketIo.Tests;

public sealed class TokenBucketTests
{
    [Fact]
    public void A_burst_is_free_and_then_the_rate_holds()
    {
        var bucket = new TokenBucket(3, TimeSpan.Zero);
        var taken = 0;
        for (var ms = 0; ms < 10_000; ms++)
        {
            taken += bucket.TryTake(2, 3, TimeSpan.FromMilliseconds(ms)) ? 1 : 0;
        }

        Assert.InRange(taken, 3 + 19, 3 + 20);
    }

    [Fact]
    public void No_rate_is_no_limit()
    {
        var bucket = new TokenBucket(1, TimeSpan.Zero);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(bucket.TryTake(0, 1, TimeSpan.Zero)));
    }

    [Fact]
    public void A_bucket_left_alone_is_full_again()
    {
        var bucket = new TokenBucket(3, TimeSpan.Zero);
        bucket.TryTake(1, 3, TimeSpan.Zero);
        bucket.TryTake(1, 3, TimeSpan.Zero);
        Assert.False(bucket.IsFull(1, 3, TimeSpan.FromSeconds(1.9)));
        Assert.True(bucket.IsFull(1, 3, TimeSpan.FromSeconds(2)));
    }
}

public sealed class Utf8NameComparerTests
{
    [Property(MaxTest = 500)]
    public void A_name_is_found_by_its_bytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        var names = new Dictionary<string, int>(Utf8NameComparer.Instance) { [name] = 1, [name + "x"] = 2 };
        var byBytes = names.GetAlternateLookup<ReadOnlySpan<byte>>();
        Assert.Equal(1, byBytes[Encoding.UTF8.GetBytes(name)]);
        Assert.Equal(2, byBytes[Encoding.UTF8.GetBytes(name + "x")]);
        Assert.False(byBytes.ContainsKey(Encoding.UTF8.GetBytes("x" + name + "y")));
    }

    [Fact]
    public void Long_names_work_too()
    {
        var name = new string('ü', 1000);
        var names = new Dictionary<string, int>(Utf8NameComparer.Instance) { [name] = 1 };
        Assert.True(names.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(Encoding.UTF8.GetBytes(name)));
    }
}
