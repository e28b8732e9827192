using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>How reading a POST's body ended.</summary>
internal enum PostBodyStatus
{
    Complete,
    TooLarge,

    /// <summary>Somebody called <see cref="PipeReader.CancelPendingRead"/>.</summary>
    Canceled,
}

/// <summary>Gathers the body of a POST in one rented buffer that grows with what really comes, up to a limit.</summary>
internal sealed class PostBody(int maxBytes) : IDisposable
{
    private const int FirstBufferBytes = 4096;

    private byte[] _buffer = [];
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public async ValueTask<PostBodyStatus> ReadAsync(HttpRequest request, PipeReader body, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return PostBodyStatus.TooLarge;
        }

        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.IsCanceled)
            {
                body.AdvanceTo(read.Buffer.Start);
                return PostBodyStatus.Canceled;
            }

            var fits = _length + read.Buffer.Length <= maxBytes;
            if (fits)
            {
                Append(read.Buffer);
            }

            body.AdvanceTo(read.Buffer.End);
            if (!fits)
            {
                return PostBodyStatus.TooLarge;
            }

            if (read.IsCompleted)
            {
                return PostBodyStatus.Complete;
            }
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private void Append(in ReadOnlySequence<byte> chunk)
    {
        var length = _length + (int)chunk.Length;
        if (length > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Math.Max(FirstBufferBytes, _buffer.Length * 2)));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }

            _buffer = larger;
        }

        chunk.CopyTo(_buffer.AsSpan(_length));
        _length = length;
    }
}
