using Npgsql;

namespace PatientResponse.Infrastructure.Storage;

public static class StorageServices
{
    /// <summary>The data folder, the database and what is kept in it.</summary>
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(_ => new DataFolder(builder.Configuration["Data:Folder"] ?? Path.Combine(builder.Environment.ContentRootPath, "data")));
        services.AddSingleton<DatabaseServer>();
        services.AddSingleton(provider => PostgresDatabase.Connect(provider.GetRequiredService<DatabaseServer>().ConnectionString));
        services.AddKeyedSingleton(MessageStore.Connections, (provider, _) => PostgresDatabase.ConnectQueue(provider.GetRequiredService<DatabaseServer>().ConnectionString));
        services.AddSingleton<IDatabase>(provider => new PostgresDatabase(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddScoped<IDocumentSession, DocumentSession>();
        foreach (var listener in typeof(Program).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IDocumentSessionListener)) && type.IsClass))
            services.AddSingleton(listener).AddSingleton(provider => (IDocumentSessionListener)provider.GetRequiredService(listener));
        services.AddSingleton<IOtherClocks, DatabaseClocks>();
        services.AddSingleton<CheckedTime>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<CheckedTime>());
        services.AddSingleton<Clocks>();
        services.AddHostedService<ClockWatch>();
        services.AddSingleton<Counters>();
        services.AddSingleton<KnownVersions>();
        services.AddSingleton<Chain>();
        services.AddSingleton<Sweeper>();
    }
}
