using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Start;

/// <summary>What has to be right before the first request: settings, the database, the demo's people.</summary>
public static class Startup
{
    /// <summary>False when this process cannot serve; the reason was printed.</summary>
    public static async Task<bool> PrepareToServeAsync(this WebApplication app)
    {
        if (StartChecks.Problems(app.Configuration, app.Environment) is { Count: > 0 } problems)
            return Refuse("PatientResponse cannot start:\n" + string.Join('\n', problems.Select(problem => "- " + problem)));
        if (await PrepareDatabaseAsync(app.Services) is { } noDatabase)
            return Refuse("PatientResponse cannot start: " + noDatabase);
        await StoreTrial.RunAsync(app.Services.GetRequiredService<IFileStore>(), app.Services.GetRequiredService<DataFolder>());
        await using (var scope = app.Services.CreateAsyncScope())
            foreach (var task in Discovery.Find<IBeforeServing>(scope.ServiceProvider))
                if (await task.PrepareAsync(CancellationToken.None) is { } obstacle)
                    return Refuse(obstacle);
        if (app.Environment.IsDevelopment())
        {
            await Demo.SeedAsync(app.Services);
            app.Lifetime.ApplicationStarted.Register(() => app.Logger.LogInformation(
                "PatientResponse is ready: {Address}\nSign in as {Email} with {Password}. Text messages and emails arrive at {Address}/dev/phone.",
                app.Services.GetRequiredService<PublicAddress>().Root, Demo.Email, Demo.Password, app.Services.GetRequiredService<PublicAddress>().Root));
        }
        return true;
    }

    /// <summary>The server, the schema, and the key that everything is sealed under.</summary>
    /// <returns>Why the database cannot be used; null when it can.</returns>
    public static async Task<string?> PrepareDatabaseAsync(IServiceProvider services)
    {
        if (await services.GetRequiredService<DatabaseServer>().StartAsync() is { } noServer)
            return noServer;
        try
        {
            await services.GetRequiredService<IDatabase>().ApplySchemaAsync(CancellationToken.None);
            services.GetRequiredService<Keyring>();
            await services.GetRequiredService<Chain>().BeginAsync(CancellationToken.None);
            // Before anything is decided by the time.
            await services.GetRequiredService<Clocks>().CheckAsync(CancellationToken.None);
            return null;
        }
        catch (Exception e) when (e is WrongMasterKeyException or OldSchemaException)
        {
            return e.Message;
        }
    }

    private static bool Refuse(string reason)
    {
        Console.Error.WriteLine(reason);
        Environment.ExitCode = 1;
        return false;
    }
}
