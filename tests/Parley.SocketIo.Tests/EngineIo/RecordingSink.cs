using System.Text;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Tests.EngineIo;

/// <summary>Writes down what a session wants, in order.</summary>
internal sealed class RecordingSink : IEngineIoSink
{
    private readonly List<string> _log = [];

    /// <summary>What was wanted since the last call.</summary>
    public string[] Take()
    {
        var log = _log.ToArray();
        _log.Clear();
        return log;
    }

    /// <summary>The same in one text.</summary>
    public string TakeText() => string.Join("; ", Take());

    public void AnswerPoll(scoped ReadOnlySpan<EngineIoFrame> frames)
    {
        var texts = new List<string>();
        foreach (var frame in frames)
        {
            texts.Add(Show(frame));
        }

        _log.Add("answer " + string.Join('|', texts));
    }

    public void RefusePoll() => _log.Add("refuse");

    public void WriteWebSocket(in EngineIoFrame frame) => _log.Add("write " + Show(frame));

    public void CloseWebSocket(EngineIoCloseReason reason, bool abort) => _log.Add($"{(abort ? "abort" : "close")} {reason}");

    public void CloseCandidate(bool overdue) => _log.Add(overdue ? "drop overdue candidate" : "drop candidate");

    public void Closed(EngineIoCloseReason reason) => _log.Add($"closed {reason}");

    private static string Show(in EngineIoFrame frame) => frame.IsBinary ? $"<{Convert.ToHexString(frame.Bytes.Span)}>" : Encoding.UTF8.GetString(frame.Bytes.Span);
}
