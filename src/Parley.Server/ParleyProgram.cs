using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using Parley.AspNetCore;

namespace Parley.Server;

/// <summary>The program: builds the web application, starts it and says where to find it.</summary>
internal static class ParleyProgram
{
    // Below every other source of configuration, so each of these can be overridden.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        // Its request log would have the ids of sessions, which are secrets; and unless it is off altogether each connection keeps a log scope and an activity.
        // Kestrel logs failed requests all the same.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        // No log of ours shows scopes, and each connection would keep Kestrel's.
        ["Logging:CaptureScopes"] = "false",
        // Over HTTP/2 a browser puts every WebSocket into the one connection it has; when that is dead without being known to be (Firefox sends again after up to
        // twice the time that a line was cut), each new way to the server would die with it.
        ["Kestrel:EndpointDefaults:Protocols"] = "Http1",
        // What stops the program at start is said once, by RunAsync.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None",
    };

    /// <summary>Runs until it is told to stop. Returns the exit code: 0, or 1 when it could not start.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = Build(args);
            await app.StartAsync();
            Announce(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (IOException ex) when (ex.InnerException is AddressInUseException)
        {
            // Kestrel's message names the address: "Failed to bind to address http://127.0.0.1:8080: address already in use."
            return await RefuseAsync($"{ex.Message} Stop the program that uses it, or choose another port: dotnet run --project src/Parley.Server -- --urls http://localhost:8081");
        }
        catch (Exception ex) when (ex is IOException or FormatException)
        {
            return await RefuseAsync(ex.Message);
        }
        catch (OptionsValidationException ex)
        {
            return await RefuseAsync(string.Join(Environment.NewLine, ex.Failures));
        }
    }

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        builder.AddWebEndpoints();
        builder.Services.AddParley();

        // Somebody's TURN or WebSocket connection may never end by itself; calls come back within seconds of the next start.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddResponseCompression(compression => compression.EnableForHttps = true);

        var app = builder.Build();
        app.MapParley();
        app.MapWebClient();
        return app;
    }

    private static void Announce(WebApplication app)
    {
        var publicUrl = app.Services.GetRequiredService<IOptions<ParleyOptions>>().Value.PublicUrl;
        var links = publicUrl is null ? app.Urls.Select(Openable) : [publicUrl.ToString()];
        foreach (var link in links.Distinct(StringComparer.Ordinal))
        {
            Console.WriteLine($"Parley is ready: open {link} and send the link of your call to one other person.");
        }
    }

    // A server that listens on every address says so with a host that no browser can open.
    private static string Openable(string url)
    {
        var address = BindingAddress.Parse(url);
        return address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? $"{address.Scheme}://localhost:{address.Port}" : url;
    }

    private static async Task<int> RefuseAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 1;
    }
}
