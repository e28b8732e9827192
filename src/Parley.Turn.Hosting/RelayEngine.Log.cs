using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting;

internal abstract unsafe partial class RelayEngine
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The relay thread {Shard} met an error of its own and goes on. Please report this.", EventName = "EngineFault")]
        public static partial void EngineFault(ILogger logger, int shard, Exception exception);
    }
}
