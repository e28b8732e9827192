namespace Parley.SocketIo.AspNetCore;

/// <summary>An answer will not come, because the client is gone.</summary>
public sealed class SocketIoDisconnectedException() : Exception("The client disconnected before it answered.");
