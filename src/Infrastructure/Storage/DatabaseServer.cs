using PatientResponse.Infrastructure.Storage.Embedded;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Where the database is: at <c>ConnectionStrings:Postgres</c> or, in Development without it, on a server of the data folder's own.</summary>
public sealed class DatabaseServer(IConfiguration configuration, IHostEnvironment environment, DataFolder folder) : IDisposable
{
    private EmbeddedPostgres? _embedded;
    private string? _own;

    /// <exception cref="InvalidOperationException"><see cref="StartAsync"/> comes first.</exception>
    public string ConnectionString => Configured ?? _own ?? throw new InvalidOperationException("There is no database server yet.");

    private string? Configured => configuration.GetConnectionString("Postgres") is { Length: > 0 } postgres ? postgres : null;

    /// <summary>Finds or starts the data folder's own server where there is no other.</summary>
    /// <returns>Why there is none; null when there is.</returns>
    public async Task<string?> StartAsync()
    {
        if (Configured is not null || _own is not null)
            return null;
        if (!environment.IsDevelopment())
            return StorageSettings.Missing;
        if (File.Exists(folder.PathOf("patient-response.db")))
            return $"""
                The data folder {folder.Path} holds a database of SQLite (patient-response.db), which this version does not read.
                Nothing was changed or deleted. Move the folder away to begin a new one, or name another with Data:Folder.
                """;
        try
        {
            _embedded = new(folder.PathOf("postgres"), PostgresPrograms.Find(environment.ContentRootPath, AppContext.BaseDirectory));
            _own = await _embedded.StartAsync();
            return null;
        }
        catch (EmbeddedPostgresException e)
        {
            return string.Join(' ', e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
    }

    public void Dispose() => _embedded?.Dispose();
}
