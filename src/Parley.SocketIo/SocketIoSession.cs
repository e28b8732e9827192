using System.Text;

namespace Parley.SocketIo;

/// <summary>
/// The Socket.IO side of one connection as a state machine: which namespaces the client is in, attachments on their way, and the two deadlines for
/// clients that start something and do not go on. One caller at a time.
/// </summary>
/// <typeparam name="TSocket">What the caller keeps for a client in a namespace.</typeparam>
/// <remarks>https://socket.io/docs/v4/socket-io-protocol</remarks>
public sealed class SocketIoSession<TSocket>
    where TSocket : class
{
    private static readonly TimeSpan Never = TimeSpan.MaxValue;

    private readonly SocketIoSettings _settings;
    private Member _default;
    private Dictionary<string, Member>? _others;
    private Assembly? _assembly;
    private TimeSpan _connectDue;
    private TimeSpan _attachmentsDue = Never;

    /// <summary>A connection that is in no namespace yet.</summary>
    public SocketIoSession(SocketIoSettings settings, TimeSpan now)
    {
        _settings = settings;
        _connectDue = now + settings.ConnectTimeout;
    }

    private enum State : byte
    {
        Outside,

        /// <summary>CONNECT has come, the answer is being found.</summary>
        Connecting,
        Joined,

        /// <summary>The server took the client out, and the client may not know yet: what it still sends here is no mistake of its.</summary>
        TakenOut,
    }

    /// <summary>Namespaces the client is in or waits to get into.</summary>
    public int NamespaceCount { get; private set; }

    /// <summary>When <see cref="IsOverdue"/> becomes true if nothing happens; <see cref="TimeSpan.MaxValue"/> when never.</summary>
    public TimeSpan NextDeadline => _connectDue < _attachmentsDue ? _connectDue : _attachmentsDue;

    /// <summary>What the parser said about the last text: why it was <see cref="SocketIoInput.Invalid"/>, if the parser found it so.</summary>
    public SocketIoParseStatus ParseStatus { get; private set; }

    /// <summary>Bytes held for attachments that are not complete.</summary>
    public int HeldBytes => _assembly?.Bytes ?? 0;

    /// <summary>A text message has come.</summary>
    /// <param name="text">The message without its Engine.IO digit.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="packet">The packet, for every result that needs one.</param>
    /// <param name="socket">The client in that namespace, for events, acks and disconnects.</param>
    public SocketIoInput ReceiveText(ReadOnlySpan<byte> text, TimeSpan now, out SocketIoPacket packet, out TSocket? socket)
    {
        socket = null;
        packet = default;
        if (_assembly is not null)
        {
            return SocketIoInput.Invalid;
        }

        ParseStatus = SocketIoPacketParser.Parse(text, _settings.MaxDepth, _settings.MaxAttachments, out packet);
        if (ParseStatus != SocketIoParseStatus.Ok)
        {
            return SocketIoInput.Invalid;
        }

        ref readonly var member = ref Find(packet.Namespace.Of(text));
        if (packet.Type == SocketIoPacketType.Connect)
        {
            return Connect(packet.Namespace.Of(text), member);
        }

        if (packet.AttachmentCount > 0 && member.State is State.Joined or State.TakenOut)
        {
            _assembly = new Assembly(text.ToArray(), packet);
            _attachmentsDue = now + _settings.AttachmentTimeout;
            return SocketIoInput.AttachmentsDue;
        }

        return Deliver(packet, text, member, out socket);
    }

    /// <summary>A binary message has come.</summary>
    /// <param name="data">The message.</param>
    /// <param name="packet">The packet that is now complete, when it is.</param>
    /// <param name="message">Its text and attachments, which stay valid.</param>
    /// <param name="socket">The client in that namespace.</param>
    public SocketIoInput ReceiveBinary(ReadOnlySpan<byte> data, out SocketIoPacket packet, out SocketIoBinaryMessage message, out TSocket? socket)
    {
        socket = null;
        packet = default;
        message = default;
        if (_assembly is not { } assembly)
        {
            return SocketIoInput.Invalid;
        }

        if (assembly.Bytes + (long)data.Length > _settings.MaxPayloadBytes)
        {
            return SocketIoInput.TooLarge;
        }

        if (!assembly.Add(data))
        {
            return SocketIoInput.AttachmentsDue;
        }

        _assembly = null;
        _attachmentsDue = Never;
        packet = assembly.Packet;
        message = new SocketIoBinaryMessage(assembly.Text, assembly.Attachments);
        return Deliver(packet, assembly.Text, Find(packet.Namespace.Of(assembly.Text)), out socket);
    }

    /// <summary>Says yes to a CONNECT. False: the client has withdrawn it meanwhile.</summary>
    public bool Accept(string @namespace, TSocket socket)
    {
        if (Get(@namespace).State != State.Connecting)
        {
            return false;
        }

        Set(@namespace, new Member(State.Joined, socket));
        _connectDue = Never;
        return true;
    }

    /// <summary>Says no to a CONNECT. False: the client has withdrawn it meanwhile.</summary>
    public bool Refuse(string @namespace)
    {
        if (Get(@namespace).State != State.Connecting)
        {
            return false;
        }

        Set(@namespace, default);
        return true;
    }

    /// <summary>The server takes the client out of a namespace. False: it was not in.</summary>
    public bool TakeOut(string @namespace)
    {
        if (Get(@namespace).State != State.Joined)
        {
            return false;
        }

        Set(@namespace, new Member(State.TakenOut, null));
        return true;
    }

    /// <summary>Whether a deadline has passed: no namespace was joined in time, or attachments did not come. The connection is to be closed.</summary>
    public bool IsOverdue(TimeSpan now) => now >= NextDeadline;

    /// <summary>The sockets of all namespaces the client is in, the default namespace first.</summary>
    public IEnumerable<TSocket> Sockets()
    {
        if (_default.Socket is { } first)
        {
            yield return first;
        }

        foreach (var member in _others?.Values ?? Enumerable.Empty<Member>())
        {
            if (member.Socket is { } socket)
            {
                yield return socket;
            }
        }
    }

    /// <summary>Forgets everything: the connection has ended.</summary>
    public void Clear()
    {
        _assembly = null;
        _others = null;
        _default = default;
        NamespaceCount = 0;
        _connectDue = Never;
        _attachmentsDue = Never;
    }

    private SocketIoInput Connect(ReadOnlySpan<byte> name, Member member)
    {
        if (member.State == State.Joined)
        {
            return SocketIoInput.Invalid;
        }

        if (member.State == State.Connecting)
        {
            // The official client asks twice when it is told to connect twice; the one answer is for both.
            return SocketIoInput.Ignored;
        }

        if (NamespaceCount >= _settings.MaxNamespaces)
        {
            return SocketIoInput.TooManyNamespaces;
        }

        Set(name.IsEmpty ? "/" : Encoding.UTF8.GetString(name), new Member(State.Connecting, null));
        return SocketIoInput.Connect;
    }

    private SocketIoInput Deliver(in SocketIoPacket packet, ReadOnlySpan<byte> text, Member member, out TSocket? socket)
    {
        socket = member.Socket;
        var isDisconnect = packet.Type == SocketIoPacketType.Disconnect;
        switch (member.State)
        {
            case State.Joined:
                if (isDisconnect)
                {
                    Set(NameOf(packet, text), default);
                }

                return packet.Type switch
                {
                    SocketIoPacketType.Disconnect => SocketIoInput.Disconnect,
                    SocketIoPacketType.Ack or SocketIoPacketType.BinaryAck => SocketIoInput.Ack,
                    _ => SocketIoInput.Event,
                };
            case State.Connecting or State.TakenOut when isDisconnect:
                Set(NameOf(packet, text), default);
                return SocketIoInput.Ignored;
            case State.TakenOut:
                return SocketIoInput.Ignored;
            default:
                return SocketIoInput.Invalid;
        }
    }

    private static string NameOf(in SocketIoPacket packet, ReadOnlySpan<byte> text) =>
        packet.Namespace.Length == 0 ? "/" : Encoding.UTF8.GetString(packet.Namespace.Of(text));

    private ref readonly Member Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return ref _default;
        }

        if (_others is null)
        {
            return ref Member.None;
        }

        ref var member = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_others.GetAlternateLookup<ReadOnlySpan<byte>>(), name);
        return ref System.Runtime.CompilerServices.Unsafe.IsNullRef(ref member) ? ref Member.None : ref member;
    }

    private Member Get(string name) => name == "/" ? _default : _others is null ? default : _others.GetValueOrDefault(name);

    private void Set(string name, Member member)
    {
        var before = Get(name).State;
        NamespaceCount += (Counts(member.State) ? 1 : 0) - (Counts(before) ? 1 : 0);
        if (name == "/")
        {
            _default = member;
        }
        else if (member.State == State.Outside)
        {
            _others?.Remove(name);
        }
        else
        {
            (_others ??= new Dictionary<string, Member>(Utf8NameComparer.Instance))[name] = member;
        }
    }

    private static bool Counts(State state) => state is State.Connecting or State.Joined;

    private record struct Member(State State, TSocket? Socket)
    {
        public static readonly Member None;
    }

    // A binary packet whose attachments have not all come.
    private sealed class Assembly(byte[] text, SocketIoPacket packet)
    {
        private int _received;

        public byte[] Text => text;

        public SocketIoPacket Packet => packet;

        public ReadOnlyMemory<byte>[] Attachments { get; } = new ReadOnlyMemory<byte>[packet.AttachmentCount];

        public int Bytes { get; private set; } = text.Length;

        public bool Add(ReadOnlySpan<byte> data)
        {
            Attachments[_received++] = data.ToArray();
            Bytes += data.Length;
            return _received == Attachments.Length;
        }
    }
}
