using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Parley.Stun;

namespace Parley.Turn.Hosting.Streams;

/// <summary>
/// Serves one connection on TCP or TLS: one loop reads frames and gives them to the engine, one writes what the engine left in
/// the queue. Neither waits for another connection, and the engine waits for neither.
/// </summary>
internal sealed class TurnConnection
{
    /// <summary>
    /// Most bytes written at once. Little is given to the layers below at a time, because from there media cannot be taken back when
    /// it has become old.
    /// </summary>
    private const int WriteBytes = 16 * 1024;

    private readonly ConnectionContext _connection;
    private readonly RelayEngine _engine;
    private readonly StreamClient _client;

    public TurnConnection(ConnectionContext connection, RelayEngine engine, TurnOptions options)
    {
        _connection = connection;
        _engine = engine;
        var queue = new MediaQueue(options.StreamQueueBytes, options.StreamQueueAge, maxControlBytes: 64 * 1024);
        _client = new StreamClient(FiveTupleOf(connection), queue, connection.Abort);
    }

    /// <summary>The five-tuple of a connection whose ends are IP addresses.</summary>
    public static FiveTuple FiveTupleOf(ConnectionContext connection)
    {
        var isTls = connection.Features.Get<ITlsHandshakeFeature>() is not null;
        return new FiveTuple(
            isTls ? TransportProtocol.Tls : TransportProtocol.Tcp,
            Unmapped((IPEndPoint)connection.RemoteEndPoint!).ToTransportAddress(),
            Unmapped((IPEndPoint)connection.LocalEndPoint!).ToTransportAddress());
    }

    /// <summary>Runs until either side closes. Does not throw.</summary>
    public async Task RunAsync()
    {
        SocketTuning.KeepLittleUnsent(_connection);

        // The web server asks this way when it shuts down.
        using var closing = _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(_client.Abort);
        var writing = WriteAsync();
        try
        {
            await ReadAsync();
        }
        finally
        {
            await _client.EndAsync(_engine);
            _client.Abort();
            await writing;
        }
    }

    private static IPEndPoint Unmapped(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    private async Task ReadAsync()
    {
        // The first, empty submission makes the connection known, and so subject to the idle timeout.
        await _client.SubmitAsync(_engine, ReadOnlySequence<byte>.Empty);
        var input = _connection.Transport.Input;
        try
        {
            while (!_client.IsAborted)
            {
                var result = await input.ReadAsync(_connection.ConnectionClosed);
                var buffer = result.Buffer;
                var status = Measure(buffer, _client.HasAllocated ? RelayEngine.MaxFrameBytes : RelayEngine.MaxStrangersFrameBytes, out var whole);
                if (whole > 0)
                {
                    await _client.SubmitAsync(_engine, buffer.Slice(0, whole));
                }

                var rest = buffer.Slice(whole);
                input.AdvanceTo(rest.Start, status == StunFrameStatus.Incomplete ? rest.End : rest.Start);
                if (status == StunFrameStatus.Malformed || result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception ex) when (IsEndOfConnection(ex))
        {
            // The client is gone, or was sent away.
        }
    }

    /// <summary>How many bytes at the front are whole frames, at most what may be submitted at once; and why it ends there.</summary>
    private static StunFrameStatus Measure(ReadOnlySequence<byte> buffer, int maxFrameBytes, out long whole)
    {
        var rest = buffer;
        whole = 0;
        while (true)
        {
            var status = StunFraming.TryReadFrame(ref rest, maxFrameBytes, out _);
            if (status != StunFrameStatus.Complete)
            {
                return status;
            }

            var taken = buffer.Length - rest.Length;
            if (taken > RelayEngine.MaxSubmittedBytes)
            {
                return StunFrameStatus.Complete;
            }

            whole = taken;
        }
    }

    private async Task WriteAsync()
    {
        var output = _connection.Transport.Output;

        // A write becomes a TLS record, and there are clients, coturn's among them, that lose all but the first message of a record.
        var maxBytes = _client.FiveTuple.Protocol == TransportProtocol.Tls ? 1 : WriteBytes;
        try
        {
            while (!_client.IsAborted)
            {
                if (_client.Queue.Take(output, maxBytes, Environment.TickCount64) == 0)
                {
                    await _client.WaitForFramesAsync();
                }
                else if ((await output.FlushAsync(_connection.ConnectionClosed)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception ex) when (IsEndOfConnection(ex))
        {
            // As in reading.
        }

        // Wakes the reading loop, if it is the client's side that has closed.
        _client.Abort();
    }

    private static bool IsEndOfConnection(Exception ex) => ex is OperationCanceledException or IOException or ConnectionAbortedException or ConnectionResetException or InvalidOperationException;
}
