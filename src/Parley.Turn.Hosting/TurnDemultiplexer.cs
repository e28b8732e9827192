using Microsoft.AspNetCore.Connections;
using Parley.Stun;

namespace Parley.Turn.Hosting;

/// <summary>
/// Tells STUN from HTTP by a connection's first byte: STUN begins below 0x40, HTTP with a letter. STUN stays here, anything else
/// goes on to the web server, nothing consumed.
/// </summary>
internal sealed class TurnDemultiplexer(TurnServer server, ConnectionDelegate next, TimeSpan deadline)
{
    // Content types of TLS records. Should this ever stand in front of TLS, HTTPS must not suffer.
    private const byte FirstTlsContentType = 0x14;
    private const byte LastTlsContentType = 0x17;

    public async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (await PeekAsync(connection) is not { } first)
        {
            return;
        }

        if (StunHeader.CanBegin(first) && first is not (>= FirstTlsContentType and <= LastTlsContentType))
        {
            await server.ServeAsync(connection);
        }
        else
        {
            await next(connection);
        }
    }

    /// <summary>The first byte, or null if the connection ended or sent none in time.</summary>
    private async ValueTask<byte?> PeekAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        if (!input.TryRead(out var result))
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
            timeout.CancelAfter(deadline);
            try
            {
                result = await input.ReadAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                connection.Abort(new ConnectionAbortedException("The connection said nothing."));
                return null;
            }
            catch (IOException)
            {
                return null; // reset by the other side
            }
        }

        var first = result.Buffer.IsEmpty ? default(byte?) : result.Buffer.FirstSpan[0];
        input.AdvanceTo(result.Buffer.Start);
        return first;
    }
}
