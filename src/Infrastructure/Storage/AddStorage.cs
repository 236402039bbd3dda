using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Storage;

public static class StorageServices
{
    /// <summary>The data folder, the database and what is kept in it.</summary>
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(_ => new DataFolder(builder.Configuration["Data:Folder"] ?? Path.Combine(builder.Environment.ContentRootPath, "data")));
        services.AddSingleton<DatabaseServer>();
        services.AddSingleton<IDatabase>(provider => PostgresDatabase.Open(provider.GetRequiredService<DatabaseServer>().ConnectionString));
        services.AddScoped<IDocumentSession, DocumentSession>();
        foreach (var listener in typeof(Program).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IDocumentSessionListener)) && type.IsClass))
            services.AddSingleton(typeof(IDocumentSessionListener), listener);
        services.AddSingleton<Counters>();
        services.AddSingleton<Sweeper>();
    }

    /// <summary>The transactional outbox and its workers.</summary>
    public static void AddMessaging(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.Configure<MessagingOptions>(builder.Configuration.GetSection("Messaging"));
        services.AddSingleton(new MessageHandlers(typeof(Program).Assembly));
        services.AddSingleton<WorkerSignal>();
        services.AddSingleton<MessageWorker>();
        services.AddScoped<ClaimedMessage>();
        services.AddHostedService<MessagePump>();
    }
}
