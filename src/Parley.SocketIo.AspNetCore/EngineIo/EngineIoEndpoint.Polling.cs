using System.IO.Pipelines;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

internal sealed partial class EngineIoEndpoint
{
    private async Task PollAsync(HttpContext context, EngineIoConnection connection)
    {
        var poll = new PollRequest();
        if (!connection.StartPoll(poll))
        {
            await RefuseAsync(context, EngineIoError.BadRequest);
            return;
        }

        var aborted = context.RequestAborted;
        EngineIoFrame[]? frames;
        await using (aborted.UnsafeRegister(static state => ((WaitingPoll)state!).Connection.AbortPoll(((WaitingPoll)state).Poll), new WaitingPoll(connection, poll)))
        {
            frames = await poll.Answer;
        }

        if (frames is null)
        {
            if (!aborted.IsCancellationRequested)
            {
                await RefuseAsync(context, EngineIoError.BadRequest);
            }

            return;
        }

        try
        {
            await AnswerAsync(context, frames);
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException)
        {
            // What was in the answer is lost, so the session cannot go on.
            connection.AbortPoll(poll);
        }
    }

    private async Task AnswerAsync(HttpContext context, EngineIoFrame[] frames)
    {
        var response = context.Response;
        var length = EngineIoPayload.Measure(frames);
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/plain; charset=UTF-8";
        response.Headers.CacheControl = "no-store";
        if (length >= server.Options.CompressPollsFromBytes && ContentCoding.Choose(context.Request) is { } coding)
        {
            response.Headers.ContentEncoding = coding;
            await using var compressed = ContentCoding.Compress(response.Body, coding);
            var writer = PipeWriter.Create(compressed, new StreamPipeWriterOptions(leaveOpen: true));
            EngineIoPayload.Write(frames, writer);
            await writer.FlushAsync(context.RequestAborted);
            await writer.CompleteAsync();
            return;
        }

        response.ContentLength = length;
        EngineIoPayload.Write(frames, response.BodyWriter);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task PostAsync(HttpContext context, EngineIoConnection connection)
    {
        var body = context.Request.BodyReader;
        if (!connection.StartPost(body))
        {
            await RefuseAsync(context, EngineIoError.BadRequest);
            return;
        }

        bool taken;
        try
        {
            taken = await ReceivePostAsync(context, connection, body);
        }
        finally
        {
            connection.EndPost(body);
        }

        // Only now: who has read this may send the next one at once.
        if (taken)
        {
            context.Response.ContentType = "text/html";
            context.Response.ContentLength = 2;
            await context.Response.WriteAsync("ok");
        }
    }

    /// <summary>Takes what a POST brings. False: it has been answered, or there is nobody left to answer.</summary>
    private async Task<bool> ReceivePostAsync(HttpContext context, EngineIoConnection connection, PipeReader body)
    {
        var max = server.Settings.MaxPayloadBytes;
        if (context.Request.ContentType?.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase) == true)
        {
            // The binary form of bodies belongs to version 3.
            connection.Fail(EngineIoCloseReason.TransportError);
            await RefuseAsync(context, EngineIoError.BadRequest);
            return false;
        }

        // This endpoint has its own limit, told to the client; the web server's makes way for it.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = max + 1L;
        }

        using var received = new PostBody(max);
        try
        {
            switch (await received.ReadAsync(context.Request, body, context.RequestAborted))
            {
                case PostBodyStatus.Complete:
                    return await ReceivePayloadAsync(context, connection, body, received.Bytes);
                case PostBodyStatus.TooLarge:
                    RefuseTooLarge(context, connection);
                    break;
                default:
                    // The session has ended while the body was still on its way.
                    await RefuseAsync(context, EngineIoError.BadRequest);
                    break;
            }
        }
        catch (BadHttpRequestException ex) when (ex.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // The web server counted faster than we did.
            RefuseTooLarge(context, connection);
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // The client went away in the middle of its POST.
            connection.Fail(EngineIoCloseReason.TransportError);
        }

        return false;
    }

    private static void RefuseTooLarge(HttpContext context, EngineIoConnection connection)
    {
        connection.Fail(EngineIoCloseReason.MessageTooLarge);
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
    }

    private async Task<bool> ReceivePayloadAsync(HttpContext context, EngineIoConnection connection, PipeReader post, ReadOnlyMemory<byte> body)
    {
        // WebSockets only let well-formed UTF-8 through; what comes by POST may be sent on to one.
        if (!Utf8.IsValid(body.Span))
        {
            connection.Fail(EngineIoCloseReason.ParseError);
            await RefuseAsync(context, EngineIoError.BadRequest);
            return false;
        }

        if (await connection.ReceivePayloadAsync(post, body))
        {
            return true;
        }

        await (connection.CloseReason == EngineIoCloseReason.RateLimited
            ? RefuseAsync(context, EngineIoError.BadRequest, "Too many messages", StatusCodes.Status429TooManyRequests)
            : RefuseAsync(context, EngineIoError.BadRequest));
        return false;
    }

    // What the end of a waiting GET's connection leads to.
    private sealed record WaitingPoll(EngineIoConnection Connection, PollRequest Poll);
}
