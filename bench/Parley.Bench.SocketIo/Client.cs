using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Parley.Bench.SocketIo;

/// <summary>How far a client has come.</summary>
internal enum Stage
{
    Away,
    Connecting,
    Upgrading,
    Opening,
    Entering,
    Joining,
    Joined,
    Leaving,
    Left,
}

/// <summary>One client that speaks just enough of WebSocket, Engine.IO 4 and Socket.IO 5: connects, joins its room, sends and receives messages, leaves.</summary>
internal sealed class Client : IDisposable
{
    private static readonly uint Mask = BitConverter.ToUInt32([0x37, 0xfa, 0x21, 0x3d]);
    private static readonly byte[] Request =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"u8.ToArray();

    private readonly Fleet _fleet;
    private readonly byte[] _join;
    private readonly byte[] _leave;
    private Socket? _socket;
    private byte[]? _rest;
    private int _restLength;

    public Client(Fleet fleet, int index)
    {
        _fleet = fleet;
        Index = index;
        Room = $"room-{index / 2:D6}";
        _join = Encoding.ASCII.GetBytes($"420[\"join\",\"{Room}\"]");
        _leave = Encoding.ASCII.GetBytes($"421[\"leave\",\"{Room}\"]");
    }

    public int Index { get; }

    public string Room { get; }

    public Stage Stage { get; private set; }

    /// <summary>When the connection was begun, in ticks of the stopwatch.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Messages received in this call; the load's to use.</summary>
    public int Received { get; set; }

    public void Connect(EndPoint server, long now)
    {
        StartedAt = now;
        Received = 0;
        _restLength = 0;
        Stage = Stage.Connecting;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
        try
        {
            _socket.Connect(server);
        }
        catch (SocketException ex) when (ex.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It is under way; epoll says when it is done.
        }

        _fleet.Epoll.WatchForConnected(_socket, Index);
    }

    public void SendMessage(ReadOnlySpan<byte> packet) => SendText(packet);

    public void Leave()
    {
        Stage = Stage.Leaving;
        SendText(_leave);
    }

    /// <summary>Says goodbye as a browser does, and goes.</summary>
    public void Close()
    {
        Send([0x88, 0x82, .. MemoryMarshal.AsBytes([Mask]), 0x03 ^ 0x37, 0xe8 ^ 0xfa]);
        Cut();
    }

    /// <summary>Goes without a word: a reset, as when a network breaks. It also leaves no port behind in TIME_WAIT.</summary>
    public void Cut()
    {
        Stage = Stage.Away;
        _socket!.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
        _socket = null;
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>The socket is ready.</summary>
    public void OnReady(byte[] buffer, long now)
    {
        if (Stage == Stage.Away)
        {
            // It was closed by an earlier event of the same batch.
            return;
        }

        if (Stage == Stage.Connecting)
        {
            _fleet.Epoll.WatchForInput(_socket!, Index);
            Stage = Stage.Upgrading;
            Send(Request);
            return;
        }

        _rest.AsSpan(0, _restLength).CopyTo(buffer);
        var received = _socket!.Receive(buffer.AsSpan(_restLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        if (error != SocketError.Success || received == 0)
        {
            throw new InvalidOperationException($"The server closed a connection in stage {Stage} ({error}).");
        }

        var data = buffer.AsSpan(0, _restLength + received);
        if (Stage == Stage.Upgrading && !TryReadResponse(ref data))
        {
            Keep(data);
            return;
        }

        while (Stage != Stage.Away && TryReadFrame(ref data, out var text))
        {
            OnText(text, now);
        }

        Keep(data);
    }

    private void OnText(ReadOnlySpan<byte> text, long now)
    {
        if (text is [(byte)'2'])
        {
            SendText("3"u8);
            return;
        }

        switch (Stage)
        {
            case Stage.Opening when text is [(byte)'0', ..]:
                Stage = Stage.Entering;
                SendText("40"u8);
                break;
            case Stage.Entering when text.StartsWith("40{"u8):
                Stage = Stage.Joining;
                SendText(_join);
                break;
            case Stage.Joining when text.StartsWith("430["u8):
                Stage = Stage.Joined;
                _fleet.Load.Joined(this, now);
                break;
            case Stage.Joined when text.StartsWith("42[\"message\","u8):
                Received++;
                _fleet.Load.Message(this, text, now);
                break;
            case Stage.Leaving when text.StartsWith("431["u8):
                Stage = Stage.Left;
                _fleet.Load.Left(this, now);
                break;
            default:
                throw new InvalidOperationException($"Unexpected in stage {Stage}: {Encoding.UTF8.GetString(text)}");
        }
    }

    private bool TryReadResponse(ref Span<byte> data)
    {
        var end = data.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        if (!data.StartsWith("HTTP/1.1 101 "u8))
        {
            throw new InvalidOperationException($"The server refused: {Encoding.UTF8.GetString(data)}");
        }

        data = data[(end + 4)..];
        Stage = Stage.Opening;
        return true;
    }

    private static bool TryReadFrame(ref Span<byte> data, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (data.Length < 2)
        {
            return false;
        }

        if (data[0] != 0x81)
        {
            throw new InvalidOperationException($"A frame that begins with {data[0]:x2}.");
        }

        var header = 2;
        int length = data[1];
        if (length == 126)
        {
            if (data.Length < 4)
            {
                return false;
            }

            header = 4;
            length = (data[2] << 8) | data[3];
        }
        else if (length == 127)
        {
            throw new InvalidOperationException("A frame of 64 KB or more.");
        }

        if (data.Length < header + length)
        {
            return false;
        }

        text = data.Slice(header, length);
        data = data[(header + length)..];
        return true;
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        _restLength = data.Length;
        if (!data.IsEmpty)
        {
            if (_rest is null || _rest.Length < data.Length)
            {
                _rest = new byte[Math.Max(1024, data.Length)];
            }

            data.CopyTo(_rest);
        }
    }

    private void SendText(ReadOnlySpan<byte> text)
    {
        var frame = _fleet.SendBuffer;
        var header = 2;
        frame[0] = 0x81;
        if (text.Length < 126)
        {
            frame[1] = (byte)(0x80 | text.Length);
        }
        else
        {
            frame[1] = 0x80 | 126;
            frame[2] = (byte)(text.Length >> 8);
            frame[3] = (byte)text.Length;
            header = 4;
        }

        MemoryMarshal.Write(frame.AsSpan(header), Mask);
        header += 4;
        var body = frame.AsSpan(header, (text.Length + 7) & ~7);
        text.CopyTo(body);
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(body))
        {
            word ^= ((ulong)Mask << 32) | Mask;
        }

        Send(frame.AsSpan(0, header + text.Length));
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        var sent = _socket!.Send(bytes, SocketFlags.None, out var error);
        if (sent != bytes.Length)
        {
            throw new InvalidOperationException($"Sent {sent} of {bytes.Length} bytes in stage {Stage} ({error}).");
        }
    }
}
