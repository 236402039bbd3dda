using System.Reflection;
using JasperFx;
using JasperFx.Events;
using Marten;
using Npgsql;
using Weasel.Core;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>How Marten is used here.</summary>
public static class MartenSettings
{
    private static readonly MethodInfo UseBinarySerializer = typeof(Marten.Events.IEventStoreOptions).GetMethod(nameof(Marten.Events.IEventStoreOptions.UseBinarySerializer))!;

    /// <summary>Everything but where the database is.</summary>
    public static void Apply(StoreOptions options)
    {
        options.Events.AppendMode = EventAppendMode.Quick;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Logger(new SilentLogger());
        NeverRetry(options);
        var product = typeof(Program).Assembly.GetTypes();
        Type[] aggregates = [.. product.Where(type => type.IsClass && type.IsAssignableTo(typeof(IAggregate)))];
        Seal(options, [.. aggregates.SelectMany(Aggregates.EventTypes)]);
        options.RegisterDocumentType<StreamKey>();
        options.RegisterDocumentType<SealedDocument>();
        foreach (var part in product.Where(type => type.IsClass && type.IsAssignableTo(typeof(IMartenPart))))
            ((IMartenPart)Activator.CreateInstance(part)!).Configure(options);
    }

    private static void Seal(StoreOptions options, IReadOnlyCollection<Type> events)
    {
        var serializer = new SealingSerializer();
        foreach (var type in events)
            UseBinarySerializer.MakeGenericMethod(type).Invoke(options.Events, [serializer]);
        // Neither written nor read in clear, whatever the row says.
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString, configure: json => json.Converters.Add(new NeverInClear(events)));
        options.Events.AddEventType<Erased>();
        options.Listeners.Add(new SealingListener(events));
    }

    /// <summary>Marten only writes here. A save is never tried again: nobody knows how far it came.</summary>
    private static void NeverRetry(StoreOptions options)
    {
        options.ConfigurePolly(_ => { });
        options.ConfigureWritePolly(_ => { });
    }
}

/// <summary>What slices keep in Marten: aggregates and read models. Named in code, so that Marten's generator finds their <c>Apply</c> methods.</summary>
public interface IMartenPart
{
    void Configure(StoreOptions options);
}

/// <summary>Whether a connection broke, or the server is stopping or starting (class 57P). A command that took too long is something else.</summary>
internal static class Lost
{
    public static bool Is(Exception e) => e switch
    {
        PostgresException said => said.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException broken => broken.InnerException is not TimeoutException,
        _ => false,
    };
}
