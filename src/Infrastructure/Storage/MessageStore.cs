using Npgsql;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Postgresql;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Wolverine's tables. Its own registration takes a database that is known before anything starts; ours may be a server that we start.</summary>
internal static class MessageStore
{
    /// <summary>The key of its own connections.</summary>
    public const string Connections = "messages";

    /// <summary>Wolverine's tables, in the schema of all others.</summary>
    public const string Inbox = "wolverine_incoming_envelopes";

    public const string DeadLetters = "wolverine_dead_letters";

    private const string Schema = "public";

    public static IMessageStore Open(NpgsqlDataSource source, IServiceProvider services) =>
        (IMessageStore)Registered(source).Last(service => service.ServiceType == typeof(IMessageStore)).ImplementationFactory!(services);

    /// <summary>Makes or updates the tables. One process at a time.</summary>
    public static async Task ApplyAsync(NpgsqlDataSource source)
    {
        await using var services = Registered(source).BuildServiceProvider();
        await services.GetRequiredService<IMessageStore>().Admin.MigrateAsync();
    }

    /// <summary>Says when the tables may be others.</summary>
    public static string Version => typeof(PostgresqlConfigurationExtensions).Assembly.GetName().Version!.ToString();

    private static ServiceCollection Registered(NpgsqlDataSource source)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWolverine(ExtensionDiscovery.ManualOnly, options =>
        {
            options.ApplicationAssembly = typeof(Program).Assembly;
            options.Discovery.DisableConventionalDiscovery();
            options.PersistMessagesWithPostgresql(source, Schema);
        });
        return services;
    }
}
