using System.Buffers.Binary;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Fuzz;

/// <summary>Drives a session with every event in any order, while a checking sink plays the transports.</summary>
internal static class EngineIoSessionTarget
{
    private static readonly EngineIoSettings Settings = new()
    {
        MaxQueuedBytes = 2000,
        MessagesPerSecond = 10,
        MessageBurst = 20,
    };

    public static void Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        var transport = input[0] % 2 == 0 ? EngineIoTransport.Polling : EngineIoTransport.WebSocket;
        var now = TimeSpan.FromHours(1);
        var session = new EngineIoSession(Settings, transport, Numbered(0), now);
        var sink = new CheckingSink(session);
        if (transport == EngineIoTransport.WebSocket)
        {
            session.WebSocketOpened(now, ref sink);
        }

        var sent = 1;
        for (var i = 1; i + 1 < input.Length; i += 2)
        {
            var argument = input[i + 1];
            switch (input[i] % 16)
            {
                case 0:
                    sink.BeforePoll();
                    sink.AfterPoll(session.PollStarted(now, ref sink));
                    break;
                case 1 when sink.PollWaits:
                    sink.PollGone();
                    session.PollAborted(now, ref sink);
                    break;
                case 2:
                    if (session.PostStarted(now, ref sink) && argument % 2 == 0)
                    {
                        session.PostEnded();
                    }

                    break;
                case 3:
                    session.PostEnded();
                    break;
                case 4:
                    _ = session.ReceiveText([argument], now, ref sink);
                    break;
                case 5:
                    _ = session.ReceiveText(argument % 2 == 0 ? "3"u8 : "4x"u8, now, ref sink);
                    break;
                case 6:
                    _ = session.ReceiveBinary(now, ref sink);
                    break;
                case 7:
                    _ = session.CandidateOpened(now);
                    break;
                case 8:
                    sink.Candidate(session.CandidateReceived(argument switch { < 100 => "2probe"u8, < 200 => "5"u8, _ => "4"u8 }, now, ref sink), now, ref sink);
                    break;
                case 9:
                    session.CandidateClosed();
                    break;
                case 10 or 11:
                    var frames = new EngineIoFrame[1 + (argument % 3)];
                    for (var n = 0; n < frames.Length; n++)
                    {
                        frames[n] = Numbered(sent + n);
                    }

                    sink.Announce(frames.Length);
                    if (session.Send(frames, @volatile: argument > 200, now, ref sink))
                    {
                        sent += frames.Length;
                    }
                    else
                    {
                        sink.Announce(-frames.Length);
                    }

                    break;
                case 12 when sink.Writing:
                    sink.Written();
                    session.WebSocketWritten(now, ref sink);
                    break;
                case 13:
                    now += TimeSpan.FromMilliseconds(argument * argument);
                    session.Tick(now, ref sink);
                    break;
                case 14:
                    session.SetReadingPaused(argument % 2 == 0, now);
                    break;
                case 15 when argument < 30:
                    session.CloseAfterFlush(EngineIoCloseReason.ForcedClose, now, ref sink);
                    break;
                case 15 when argument < 40 && session.Transport == EngineIoTransport.WebSocket:
                    session.WebSocketClosed(byClient: argument % 2 == 0, now, ref sink);
                    break;
            }

            sink.Check();
        }
    }

    // A message that says its own number, so that order and loss show.
    private static EngineIoFrame Numbered(int number)
    {
        var bytes = new byte[4 + (number % 50)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new EngineIoFrame(bytes, IsBinary: true);
    }

    private sealed class CheckingSink(EngineIoSession session) : IEngineIoSink
    {
        private int _next;
        private int _announced = 1;
        private bool _pollStarting;
        private bool _closed;

        public bool PollWaits { get; private set; }

        public bool Writing { get; private set; }

        public void Announce(int frames) => _announced += frames;

        public void BeforePoll() => _pollStarting = true;

        public void AfterPoll(bool accepted)
        {
            // Accepted and not answered on the spot: it waits.
            PollWaits = accepted ? _pollStarting : PollWaits;
            _pollStarting = false;
        }

        public void PollGone() => PollWaits = false;

        public void Written() => Writing = false;

        public void Candidate(EngineIoUpgrade upgrade, TimeSpan now, ref CheckingSink sink)
        {
            Require.That(upgrade == EngineIoUpgrade.Close || !_closed, "An upgrade goes on after the end.");
            if (upgrade == EngineIoUpgrade.Done)
            {
                Require.That(session.Transport == EngineIoTransport.WebSocket, "An upgrade is done and the transport is the old one.");
                session.WebSocketOpened(now, ref sink);
            }
        }

        public void AnswerPoll(scoped ReadOnlySpan<EngineIoFrame> frames)
        {
            Require.That(PollWaits || _pollStarting, "A GET is answered that does not wait.");
            Require.That(frames.Length > 0, "A GET is answered with nothing.");
            TakeAnswer();
            foreach (var frame in frames)
            {
                Take(frame);
            }
        }

        public void RefusePoll()
        {
            Require.That(PollWaits, "A GET is refused that does not wait.");
            PollWaits = false;
        }

        public void WriteWebSocket(in EngineIoFrame frame)
        {
            Require.That(session.Transport == EngineIoTransport.WebSocket, "Something is written to a WebSocket that is not the transport.");
            Require.That(!Writing, "Two writes at once.");
            Require.That(!_closed, "Something is written after the end.");
            Writing = true;
            Take(frame);
        }

        public void CloseWebSocket(EngineIoCloseReason reason, bool abort)
        {
            Require.That(session.Transport == EngineIoTransport.WebSocket, "A WebSocket is closed that is not the transport.");
            Require.That(abort == (Writing && reason != EngineIoCloseReason.TransportClose), "A stuck write was not noticed, or an idle socket cut off.");
        }

        public void CloseCandidate(bool overdue)
        {
        }

        public void Closed(EngineIoCloseReason reason)
        {
            Require.That(!_closed, "The end came twice.");
            _closed = true;
        }

        public void Check()
        {
            Require.That(session.IsClosed == _closed, "The session and its sink disagree about the end.");
            Require.That(session.QueuedBytes is >= 0 and <= 4000, "More is queued than allowed.");
            Require.That(!_closed || session.QueuedBytes == 0, "Something is queued after the end.");
            Require.That(_next <= _announced, "A message came that was not sent.");
        }

        private void TakeAnswer()
        {
            if (PollWaits)
            {
                PollWaits = false;
            }
            else
            {
                _pollStarting = false;
            }
        }

        private void Take(in EngineIoFrame frame)
        {
            if (frame.IsBinary)
            {
                var number = BinaryPrimitives.ReadInt32BigEndian(frame.Bytes.Span);
                Require.That(number == _next, $"Message {number} came where {_next} was due.");
                _next++;
            }
        }
    }
}
