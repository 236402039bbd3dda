using Npgsql;
using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Where the database is.</summary>
public sealed class StorageSettings : ISettings
{
    internal const string Missing = "ConnectionStrings:Postgres must be set: PostgreSQL's Host=…;Database=…;Username=…;Password=…. Only Development brings a server of its own.";

    public IReadOnlyList<string> Keys => ["Data:Folder", "ConnectionStrings:Postgres"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        var postgres = settings.GetConnectionString("Postgres");
        if (string.IsNullOrEmpty(postgres) && purpose.IsProduction)
            yield return Missing;
        if (!string.IsNullOrEmpty(postgres) && !IsConnection(postgres))
            yield return "ConnectionStrings:Postgres is not a connection string such as Host=…;Database=…;Username=…;Password=….";
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
