using Microsoft.Extensions.Logging;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore;

/// <summary>What is logged. Session ids are secrets and never are; addresses and input from clients are not above debug.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Connection opened on {Transport}", EventName = "ConnectionOpened")]
    public static partial void ConnectionOpened(ILogger logger, EngineIoTransport transport);

    [LoggerMessage(2, LogLevel.Debug, "Connection moved to a WebSocket", EventName = "Upgraded")]
    public static partial void Upgraded(ILogger logger);

    [LoggerMessage(3, LogLevel.Debug, "Connection closed: {Reason}", EventName = "ConnectionClosed")]
    public static partial void ConnectionClosed(ILogger logger, EngineIoCloseReason reason);

    [LoggerMessage(4, LogLevel.Debug, "Request refused: {Error}", EventName = "RequestRefused")]
    public static partial void RequestRefused(ILogger logger, EngineIoError error);

    [LoggerMessage(5, LogLevel.Debug,
        "A request named a session that is not here. If there are several servers, requests of one session must reach one server: route by the session's id (NodeName), by a cookie (CookieName), or let clients use WebSockets only",
        EventName = "SessionUnknown")]
    public static partial void SessionUnknown(ILogger logger);

    [LoggerMessage(6, LogLevel.Error, "A handler of the event {Event} failed", EventName = "EventHandlerFailed")]
    public static partial void EventHandlerFailed(ILogger logger, string @event, Exception exception);

    [LoggerMessage(7, LogLevel.Error, "A handler of new connections in {Namespace} failed", EventName = "ConnectionHandlerFailed")]
    public static partial void ConnectionHandlerFailed(ILogger logger, string @namespace, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "A handler of ended connections in {Namespace} failed", EventName = "DisconnectHandlerFailed")]
    public static partial void DisconnectHandlerFailed(ILogger logger, string @namespace, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "Middleware of {Namespace} failed; the client was refused", EventName = "MiddlewareFailed")]
    public static partial void MiddlewareFailed(ILogger logger, string @namespace, Exception exception);

    [LoggerMessage(10, LogLevel.Debug, "The arguments of the event {Event} are not what its handler takes; it was not called", EventName = "ArgumentsMismatched")]
    public static partial void ArgumentsMismatched(ILogger logger, string @event);
}
