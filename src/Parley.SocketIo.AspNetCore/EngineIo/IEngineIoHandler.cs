using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>What uses an Engine.IO connection: the Socket.IO layer. Messages come one after the other, the end comes once.</summary>
internal interface IEngineIoHandler
{
    /// <summary>A message has come.</summary>
    /// <param name="buffer">A rented array.</param>
    /// <param name="offset">Where the message begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="isBinary">A binary message, not text.</param>
    /// <returns>Whether the handler keeps the array, and will return it to the shared pool when done.</returns>
    bool OnMessage(byte[] buffer, int offset, int length, bool isBinary);

    /// <summary>Completes when the handler can take more; it is behind otherwise, and nothing more is read from the client.</summary>
    ValueTask WhenReadyAsync();

    /// <summary>When <see cref="OnDeadline"/> is due; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    TimeSpan NextDeadline { get; }

    /// <summary>The deadline has passed.</summary>
    void OnDeadline(TimeSpan now);

    /// <summary>The connection has ended.</summary>
    void OnClosed(EngineIoCloseReason reason);
}
