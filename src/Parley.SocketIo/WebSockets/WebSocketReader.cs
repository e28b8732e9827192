using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Parley.SocketIo.WebSockets;

/// <summary>
/// Makes messages of a client's frames. A message is gathered in one rented array, however it was fragmented; the array grows with what has come, not with
/// what was announced, and never past the limit. A mutable struct, to be kept in a field; between messages it holds no memory.
/// </summary>
/// <param name="maxMessageBytes">The largest message.</param>
/// <remarks>https://www.rfc-editor.org/rfc/rfc6455</remarks>
public struct WebSocketReader(int maxMessageBytes)
{
    private const int FirstBufferBytes = 4096;

    private byte[]? _buffer;
    private int _length;
    private long _remaining;
    private uint _mask;
    private WebSocketOpcode _message;
    private bool _inFrame;
    private bool _isFinal;
    private bool _skipping;

    /// <summary>After <see cref="WebSocketRead.Ping"/>: what the pong has to say.</summary>
    public byte[] PingPayload { get; private set; } = [];

    /// <summary>Whether the message that is complete is binary.</summary>
    public readonly bool IsBinary => _message == WebSocketOpcode.Binary;

    /// <summary>Reads on, and takes what it has read off the input.</summary>
    public WebSocketRead Read(ref ReadOnlySequence<byte> input)
    {
        while (true)
        {
            if (!_inFrame)
            {
                if (!WebSocketFrameHeader.TryRead(input, out var header) || BreaksMessage(header))
                {
                    return WebSocketRead.ProtocolError;
                }

                if (header.Size == 0 || (header.IsControl && input.Length < header.Size + header.Length))
                {
                    return WebSocketRead.NeedMore;
                }

                input = input.Slice(header.Size);
                if (header.IsControl)
                {
                    var control = ReadControl(header, ref input);
                    if (control == WebSocketRead.NeedMore)
                    {
                        continue;
                    }

                    return control;
                }

                Begin(header);
            }

            if (!_skipping && _length + _remaining > maxMessageBytes)
            {
                // The rest is read over, so that the client gets to see why this ends.
                Release();
                _skipping = true;
                return WebSocketRead.TooLarge;
            }

            if (!ReadPayload(ref input))
            {
                return WebSocketRead.NeedMore;
            }

            _inFrame = false;
            if (_isFinal && Complete() is var complete and not WebSocketRead.NeedMore)
            {
                return complete;
            }
        }
    }

    /// <summary>Hands a complete message over, in an array of the shared pool that the caller has to return.</summary>
    public byte[] Take(out int length)
    {
        var buffer = _buffer ?? ArrayPool<byte>.Shared.Rent(1);
        length = _length;
        _buffer = null;
        Reset();
        return buffer;
    }

    /// <summary>Gives up what was gathered.</summary>
    public void Release()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        _length = 0;
    }

    // Section 5.4: a continuation has something to continue, and nothing new begins within a message.
    private readonly bool BreaksMessage(in WebSocketFrameHeader header) =>
        header.Size > 0 && !header.IsControl && (header.Opcode == WebSocketOpcode.Continuation) != (_message != WebSocketOpcode.Continuation);

    private void Begin(in WebSocketFrameHeader header)
    {
        _message = header.Opcode == WebSocketOpcode.Continuation ? _message : header.Opcode;
        _inFrame = true;
        _isFinal = header.IsFinal;
        _remaining = header.Length;
        _mask = header.Mask;
    }

    // False: there is more to come of this frame.
    private bool ReadPayload(ref ReadOnlySequence<byte> input)
    {
        var part = input.Slice(0, Math.Min(_remaining, input.Length));
        if (!_skipping && part.Length > 0)
        {
            MakeRoom((int)part.Length);
            foreach (var memory in part)
            {
                _mask = WebSocketMask.Apply(memory.Span, _buffer.AsSpan(_length), _mask);
                _length += memory.Length;
            }
        }

        _remaining -= part.Length;
        input = input.Slice(part.End);
        return _remaining == 0;
    }

    private void MakeRoom(int more)
    {
        var needed = _length + more;
        if (_buffer is null)
        {
            // A message that is here as a whole gets what it needs.
            _buffer = ArrayPool<byte>.Shared.Rent(_isFinal && _remaining == more ? needed : Math.Max(needed, FirstBufferBytes));
        }
        else if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    private WebSocketRead Complete()
    {
        if (_skipping)
        {
            Reset();
            return WebSocketRead.NeedMore;
        }

        return _message == WebSocketOpcode.Text && !Utf8.IsValid(_buffer.AsSpan(0, _length)) ? WebSocketRead.InvalidText : WebSocketRead.Message;
    }

    private void Reset()
    {
        _length = 0;
        _message = WebSocketOpcode.Continuation;
        _skipping = false;
    }

    // A pong is nothing to anybody, so there is more to read.
    private WebSocketRead ReadControl(in WebSocketFrameHeader header, ref ReadOnlySequence<byte> input)
    {
        Span<byte> payload = stackalloc byte[(int)header.Length];
        input.Slice(0, header.Length).CopyTo(payload);
        input = input.Slice(header.Length);
        WebSocketMask.Apply(payload, payload, header.Mask);
        switch (header.Opcode)
        {
            case WebSocketOpcode.Close:
                return IsCloseValid(payload) ? WebSocketRead.Close : WebSocketRead.ProtocolError;
            case WebSocketOpcode.Ping:
                PingPayload = payload.ToArray();
                return WebSocketRead.Ping;
            default:
                return WebSocketRead.NeedMore;
        }
    }

    // Section 7.4: a code that may be sent, and words in UTF-8; or nothing.
    private static bool IsCloseValid(ReadOnlySpan<byte> payload) => payload.Length == 0
        || (payload.Length >= 2
            && BinaryPrimitives.ReadUInt16BigEndian(payload) is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999)
            && Utf8.IsValid(payload[2..]));
}

/// <summary>What a <see cref="WebSocketReader"/> has found.</summary>
public enum WebSocketRead
{
    /// <summary>Nothing as yet.</summary>
    NeedMore,

    /// <summary>A message is complete: take it.</summary>
    Message,

    /// <summary>A ping: answer it.</summary>
    Ping,

    /// <summary>The client closes.</summary>
    Close,

    /// <summary>The message is larger than allowed. Said once; the rest of it is read over.</summary>
    TooLarge,

    /// <summary>The client breaks the protocol: close with code 1002 and read no more.</summary>
    ProtocolError,

    /// <summary>A text message is not UTF-8: close with code 1007 and read no more.</summary>
    InvalidText,
}
