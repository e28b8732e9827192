using Microsoft.AspNetCore.Connections;

namespace Parley.Server;

/// <summary>The program: builds the web application, starts it and says where to find it.</summary>
internal static class ParleyProgram
{
    private const string DefaultUrl = "http://localhost:8080";

    public static async Task<int> RunAsync(string[] args)
    {
        var app = Build(args);
        try
        {
            await app.StartAsync();
        }
        catch (IOException ex) when (ex.InnerException is AddressInUseException)
        {
            // Kestrel's message names the address: "Failed to bind to address http://127.0.0.1:8080: address already in use."
            await Console.Error.WriteLineAsync(
                $"{ex.Message} Stop the program that uses it, or choose another port: dotnet run --project src/Parley.Server -- --urls http://localhost:8081");
            await app.DisposeAsync();
            return 1;
        }

        foreach (var address in app.Urls)
        {
            Console.WriteLine($"Parley is ready. Open {address} and send the link of your call to one other person.");
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        var app = builder.Build();
        app.MapWebClient();
        return app;
    }
}
