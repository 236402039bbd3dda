using Npgsql;

namespace PatientResponse.Infrastructure.Web;

/// <summary>What machine and database refuse while the product starts, in one line for the operator: a folder that cannot be written,
/// a full disk, an address that is taken, a settings file that cannot be read, a database that is away.</summary>
public static class StartFailures
{
    /// <summary>Null for a fault of our own, which ends in its stack.</summary>
    public static string? Reason(Exception e) => e switch
    {
        NpgsqlException => $"The database cannot be used: {FirstLine(e)}",
        InvalidDataException { InnerException: { } inner } => $"{FirstLine(e)} {FirstLine(inner)}",
        UnauthorizedAccessException or IOException or InvalidDataException => FirstLine(e),
        AggregateException { InnerException: { } inner } => Reason(inner),
        _ => null,
    };

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim();
}
