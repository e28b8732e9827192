using Parley.SocketIo.ConformanceHost;

await using var app = ConformanceServer.Build(args);
await app.RunAsync();
