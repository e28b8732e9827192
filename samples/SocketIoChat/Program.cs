using Parley.SocketIo.AspNetCore;

// A chat in one room: dotnet run --project samples/SocketIoChat, then open http://localhost:5000 twice.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSocketIo();

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapSocketIo("/socket.io", io =>
{
    io.OnConnection(socket =>
    {
        socket.Join("lobby");
        socket.To("lobby").Emit("note", "Somebody came.");
    });
    io.On("chat", e =>
    {
        e.Socket.To("lobby").Emit("chat", e.ToArguments());
        e.Ack("sent");
    });
    io.OnDisconnect((socket, _) => { io.To("lobby").Emit("note", "Somebody left."); });
});
app.Run();
