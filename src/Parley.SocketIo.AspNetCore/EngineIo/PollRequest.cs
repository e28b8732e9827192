using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>A GET that waits for something to fetch.</summary>
internal sealed class PollRequest
{
    private readonly TaskCompletionSource<EngineIoFrame[]?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The packets to answer with, or null to refuse the GET with status 400.</summary>
    public Task<EngineIoFrame[]?> Answer => _answer.Task;

    public void SetAnswer(EngineIoFrame[] frames) => _answer.TrySetResult(frames);

    public void Refuse() => _answer.TrySetResult(null);
}
