using Npgsql;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Where the database is.</summary>
public sealed class StorageSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Data:Folder", "ConnectionStrings:Postgres"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        if (settings.GetConnectionString("Postgres") is { Length: > 0 } postgres && !IsConnection(postgres))
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
