using System.Net.Sockets;
using Npgsql;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Embedded;

namespace PatientResponse.Infrastructure.Start;

/// <summary>What machine and database refuse while the product starts, in one line for the operator: a folder that cannot be written,
/// a full disk, an address that is taken, a settings file that cannot be read, a database that is away.</summary>
public static class StartFailures
{
    /// <summary>Null for a fault of our own, which ends in its stack.</summary>
    public static string? Reason(Exception e) => e switch
    {
        NpgsqlException => $"The database cannot be used: {FirstLine(e)}",
        InvalidDataException { InnerException: { } inner } => $"{FirstLine(e)} {FirstLine(inner)}",
        FileStoreUnavailableException { InnerException: { } inner } => $"The file store cannot be used: {FirstLine(inner)}",
        EmbeddedPostgresException or CannotStartException => OneLine(e),
        UnauthorizedAccessException or IOException or InvalidDataException or SocketException => FirstLine(e),
        AggregateException { InnerException: { } inner } => Reason(inner),
        _ => null,
    };

    /// <summary>False in a test, which wants the exception itself.</summary>
    public static bool IsOwnProcess => System.Reflection.Assembly.GetEntryAssembly() == typeof(Program).Assembly;

    private static string OneLine(Exception e) => string.Join(' ', e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim();
}
