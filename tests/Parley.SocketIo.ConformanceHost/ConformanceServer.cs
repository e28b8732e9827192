using Microsoft.Extensions.Options;
using Parley.SocketIo.AspNetCore;
using Parley.SocketIo.AspNetCore.EngineIo;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.ConformanceHost;

/// <summary>
/// The server that the official protocol suites expect: bare Engine.IO that echoes at <c>/engine.io/</c>, and Socket.IO with the namespaces <c>/</c> and
/// <c>/custom</c> at <c>/socket.io/</c>, with short heartbeats. <c>--urls</c> decides the address; <c>--Patient true</c> gives clients more time than the suites
/// want, for tests that are about something else; <c>--Inline true</c> turns on the inline mode.
/// </summary>
internal static class ConformanceServer
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSocketIo(options => Configure(options, builder.Configuration.GetValue<bool>("Patient")));

        if (builder.Configuration.GetValue<bool>("Inline"))
        {
            builder.WebHost.UseInlineSocketIo();
        }

        var app = builder.Build();
        app.MapSocketIo("/socket.io", io =>
        {
            AddHandlers(io.Default);
            AddHandlers(io.Of("/custom"));
        });
        MapEcho(app);
        return app;
    }

    private static void Configure(SocketIoOptions options, bool patient)
    {
        options.PingInterval = TimeSpan.FromMilliseconds(300);
        options.PingTimeout = patient ? TimeSpan.FromSeconds(10) : TimeSpan.FromMilliseconds(200);
        options.ConnectTimeout = patient ? TimeSpan.FromSeconds(10) : TimeSpan.FromSeconds(1);
        options.MaxPayloadBytes = 1_000_000;
        options.AllowedOrigins.Add("*");
    }

    private static void AddHandlers(SocketIoNamespace io)
    {
        io.OnConnection(socket => { socket.Emit("auth", SocketIoArgument.RawJson(socket.Handshake.Auth)); });
        io.On("message", received => { received.Socket.Emit("message-back", received.ToArguments()); });
        io.On("message-with-ack", received => { received.Ack(received.ToArguments()); });
    }

    private static void MapEcho(WebApplication app)
    {
        var services = app.Services;
        var options = services.GetRequiredService<IOptions<SocketIoOptions>>().Value;
        var server = new EngineIoServer(
            options, TimeProvider.System, services.GetRequiredService<SocketIoMetrics>(), services.GetRequiredService<ILogger<SocketIoServer>>(),
            (connection, _) => new Echo(connection));
        app.MapEngineIo("/engine.io", server);
    }

    /// <summary>Sends every message back as it came.</summary>
    private sealed class Echo(EngineIoConnection connection) : IEngineIoHandler
    {
        public TimeSpan NextDeadline => TimeSpan.MaxValue;

        public bool OnMessage(byte[] buffer, int offset, int length, bool isBinary)
        {
            ReadOnlySpan<byte> message = buffer.AsSpan(offset, length);
            connection.Send([new EngineIoFrame(isBinary ? message.ToArray() : [(byte)EngineIoPacketType.Message, .. message], isBinary)]);
            return false;
        }

        public ValueTask WhenReadyAsync() => ValueTask.CompletedTask;

        public void OnDeadline(TimeSpan now)
        {
        }

        public void OnClosed(EngineIoCloseReason reason)
        {
        }
    }
}
