using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Parley.Stun;

namespace Parley.Turn.Hosting.Tests.Client;

/// <summary>Whole messages to and from a server.</summary>
internal abstract class MessageTransport : IAsyncDisposable
{
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> message);

    /// <summary>The next message, or null when the connection has ended.</summary>
    public abstract ValueTask<byte[]?> ReceiveAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();

    public static MessageTransport Udp(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Connect(server);
        return new UdpTransport(socket);
    }

    public static async Task<MessageTransport> TcpAsync(IPEndPoint server, int? receiveBuffer = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(server);
        return new StreamTransport(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Trusts any certificate; what is tested here is not trust.</summary>
    public static async Task<StreamTransport> TlsAsync(IPEndPoint server, params string[] protocolNames)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [.. protocolNames.Select(name => new SslApplicationProtocol(name))],
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        });
        return new StreamTransport(tls);
    }

    private sealed class UdpTransport(Socket socket) : MessageTransport
    {
        private readonly byte[] _buffer = new byte[65536];

        public override async ValueTask SendAsync(ReadOnlyMemory<byte> message) => await socket.SendAsync(message);

        public override async ValueTask<byte[]?> ReceiveAsync(CancellationToken cancellation) =>
            _buffer[..await socket.ReceiveAsync(_buffer, cancellation)];

        public override ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Messages on TCP or TLS.</summary>
internal sealed class StreamTransport(Stream stream) : MessageTransport
{
    private readonly byte[] _buffer = new byte[1 << 18];
    private int _filled;

    public Stream Stream { get; } = stream;

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        var padded = new byte[StunHeader.Padded(message.Length)];
        message.CopyTo(padded);
        await Stream.WriteAsync(padded);
    }

    public override async ValueTask<byte[]?> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var status = StunFraming.TryReadFrame(_buffer.AsSpan(0, _filled), 65540, out var frame, out var consumed);
            if (status == StunFrameStatus.Complete)
            {
                var message = frame.ToArray();
                _buffer.AsSpan(consumed, _filled - consumed).CopyTo(_buffer);
                _filled -= consumed;
                return message;
            }

            Assert.Equal(StunFrameStatus.Incomplete, status);
            try
            {
                var read = await Stream.ReadAsync(_buffer.AsMemory(_filled), cancellation);
                if (read == 0)
                {
                    return null;
                }

                _filled += read;
            }
            catch (IOException)
            {
                return null; // reset
            }
        }
    }

    public override async ValueTask DisposeAsync() => await Stream.DisposeAsync();
}
