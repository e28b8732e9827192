namespace Parley.SocketIo.Fuzz;

/// <summary>
/// Drives a session: the first byte of each step says what happens, the second how long the message is. The session must keep within its limits and must
/// only name sockets that were let in.
/// </summary>
internal static class SocketIoSessionTarget
{
    private static readonly SocketIoSettings Settings = new() { MaxNamespaces = 2, MaxPayloadBytes = 300 };

    public static void Run(byte[] input)
    {
        var session = new SocketIoSession<string>(Settings, TimeSpan.Zero);
        var now = TimeSpan.Zero;
        var joined = new HashSet<string>(StringComparer.Ordinal);
        ReadOnlySpan<byte> rest = input;
        while (rest.Length >= 2)
        {
            var what = rest[0] % 8;
            var length = Math.Min(rest[1], rest.Length - 2);
            var message = rest.Slice(2, length);
            rest = rest[(2 + length)..];
            string? socket = null;
            var result = SocketIoInput.Ignored;
            switch (what)
            {
                case 0 or 1 or 2:
                    result = session.ReceiveText(message, now, out _, out socket);
                    break;
                case 3:
                    result = session.ReceiveBinary(message, out var packet, out var binary, out socket);
                    Require.That(result != SocketIoInput.Event || binary.Attachments.Length == packet.AttachmentCount, "A packet is complete without its attachments.");
                    break;
                case 4:
                    Join(session, joined, length % 2 == 0 ? "/" : "/a");
                    break;
                case 5:
                    session.Refuse(length % 2 == 0 ? "/" : "/a");
                    break;
                case 6:
                    var name = length % 2 == 0 ? "/" : "/a";
                    Require.That(session.TakeOut(name) == joined.Remove(name), "A socket was taken out that was not in.");
                    break;
                default:
                    now += TimeSpan.FromSeconds(length);
                    _ = session.IsOverdue(now);
                    break;
            }

            if (result == SocketIoInput.Disconnect)
            {
                Require.That(joined.Remove(socket!), "A socket left that was not in.");
            }
            else if (result is SocketIoInput.Event or SocketIoInput.Ack)
            {
                Require.That(joined.Contains(socket!), "A packet came for a socket that is not in.");
            }

            Require.That(session.NamespaceCount is >= 0 and <= 2, "More namespaces than allowed.");
            Require.That(session.HeldBytes <= 300 + byte.MaxValue, "More bytes are held than allowed.");
            Require.That(session.Sockets().Order(StringComparer.Ordinal).SequenceEqual(joined.Order(StringComparer.Ordinal)), "The sockets are not those that were let in.");
            if (result is SocketIoInput.Invalid or SocketIoInput.TooLarge)
            {
                // Here the connection would be closed.
                session.Clear();
                Require.That(session.NamespaceCount == 0 && session.HeldBytes == 0 && !session.Sockets().Any(), "Something is left after the end.");
                return;
            }
        }
    }

    private static void Join(SocketIoSession<string> session, HashSet<string> joined, string name)
    {
        if (session.Accept(name, name))
        {
            Require.That(joined.Add(name), "A socket was let in twice.");
        }
    }
}
