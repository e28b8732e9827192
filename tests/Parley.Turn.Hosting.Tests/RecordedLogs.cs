using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting.Tests;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Message)> _entries = new();

    /// <summary>What the relay itself logged.</summary>
    public IEnumerable<(LogLevel Level, string Message)> OfRelay =>
        _entries.Where(entry => entry.Category.StartsWith("Parley.", StringComparison.Ordinal)).Select(entry => (entry.Level, entry.Message));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs._entries.Enqueue((logLevel, category, formatter(state, exception) + exception));
    }
}
