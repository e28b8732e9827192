using System.Buffers;
using System.IO.Pipelines;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

internal sealed partial class EngineIoConnection
{
    /// <summary>A GET has come. False: refuse it with status 400.</summary>
    public bool StartPoll(PollRequest poll)
    {
        var effects = new Effects(this);
        bool accepted;
        lock (this)
        {
            _waitingPoll ??= poll;
            accepted = _session.PollStarted(_server.Now, ref effects);
            if (!accepted && _waitingPoll == poll)
            {
                _waitingPoll = null;
            }
        }

        effects.CarryOut(fromHandler: false);
        Reschedule();
        ForgetIfGone();
        return accepted;
    }

    /// <summary>The client has gone away from a GET or from the answer to it.</summary>
    public void AbortPoll(PollRequest poll)
    {
        var effects = new Effects(this);
        lock (this)
        {
            if (_waitingPoll == poll)
            {
                _waitingPoll = null;
            }

            _session.PollAborted(_server.Now, ref effects);
        }

        poll.Refuse();
        effects.CarryOut(fromHandler: false);
    }

    /// <summary>A POST has come. False: refuse it with status 400.</summary>
    public bool StartPost(PipeReader body)
    {
        var effects = new Effects(this);
        bool accepted;
        lock (this)
        {
            accepted = _session.PostStarted(_server.Now, ref effects);
            if (accepted)
            {
                _post = body;
            }
        }

        effects.CarryOut(fromHandler: false);
        return accepted;
    }

    /// <summary>The POST is over, well or not.</summary>
    public void EndPost(PipeReader body)
    {
        lock (this)
        {
            if (_post == body)
            {
                _post = null;
                _session.PostEnded();
            }
        }
    }

    /// <summary>Takes the packets of a POST's body one after the other. False: the client has ended the session by a mistake.</summary>
    public async ValueTask<bool> ReceivePayloadAsync(PipeReader post, ReadOnlyMemory<byte> body)
    {
        var ended = false;
        while (TryReadPacket(ref body, ref ended, out var packet))
        {
            if (body.IsEmpty)
            {
                // What the last packet makes a handler say may reach the client, and be answered by a POST, before this one has its "ok".
                EndPost(post);
            }

            var input = ReceiveText(packet.Span);
            switch (input)
            {
                case EngineIoInput.Message:
                    Deliver(packet.Span[1..], isBinary: false);
                    break;
                case EngineIoInput.Base64Message when EngineIoPayload.TryDecode(packet.Span[1..], out var data):
                    Deliver(data, isBinary: true);
                    break;
                case EngineIoInput.Base64Message:
                    Fail(EngineIoCloseReason.ParseError);
                    break;
                default:
                    // A pong may have brought the next ping nearer than the end of its own deadline was.
                    Reschedule();
                    break;
            }

            await WhenReadyAsync();
            if (_session.IsClosed)
            {
                // Who is told that its POST was refused takes that for the end of the session, and may not see the goodbye in its GET.
                return CloseReason is not (EngineIoCloseReason.TransportError or EngineIoCloseReason.ParseError
                    or EngineIoCloseReason.MessageTooLarge or EngineIoCloseReason.RateLimited);
            }
        }

        return true;
    }

    // The packet is copied, because the handler may keep its buffer longer than the POST lasts.
    private void Deliver(ReadOnlySpan<byte> message, bool isBinary)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        _server.Metrics.Received(message.Length);
        if (!_handler.OnMessage(buffer, 0, message.Length, isBinary))
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TryReadPacket(ref ReadOnlyMemory<byte> body, ref bool ended, out ReadOnlyMemory<byte> packet)
    {
        var rest = body.Span;
        var found = EngineIoPayload.TryReadPacket(ref rest, ref ended, out var span);
        packet = body[..span.Length];
        body = body[(body.Length - rest.Length)..];
        return found;
    }

    private EngineIoInput ReceiveText(ReadOnlySpan<byte> packet)
    {
        var effects = new Effects(this);
        EngineIoInput input;
        lock (this)
        {
            input = _session.ReceiveText(packet, _server.Now, ref effects);
        }

        effects.CarryOut(fromHandler: false);
        return input;
    }

    private ValueTask WhenReadyAsync()
    {
        var ready = _handler.WhenReadyAsync();
        return ready.IsCompletedSuccessfully ? ready : WaitAsync(ready);

        async ValueTask WaitAsync(ValueTask pending)
        {
            SetReadingPaused(true);
            await pending;
            SetReadingPaused(false);
        }
    }

    private void SetReadingPaused(bool paused)
    {
        lock (this)
        {
            _session.SetReadingPaused(paused, _server.Now);
        }

        Reschedule();
    }
}
