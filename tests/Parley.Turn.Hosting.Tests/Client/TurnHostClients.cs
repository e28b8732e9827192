using System.Net;

namespace Parley.Turn.Hosting.Tests.Client;

/// <summary>Clients of a <see cref="TurnHost"/>, with the credentials of its fixed user.</summary>
internal static class TurnHostClients
{
    extension(TestClient)
    {
        public static TestClient Over(MessageTransport transport) => new(transport) { UserName = TurnHost.UserName, Password = TurnHost.Password };

        public static TestClient Udp(TurnHost host, string address = "127.0.0.1") => TestClient.Over(MessageTransport.Udp(new IPEndPoint(IPAddress.Parse(address), host.Port)));

        public static async Task<TestClient> TcpAsync(TurnHost host) => TestClient.Over(await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.Port)));

        public static async Task<TestClient> TlsAsync(TurnHost host) => TestClient.Over(await MessageTransport.TlsAsync(new IPEndPoint(IPAddress.Loopback, host.HttpsPort)));
    }
}
