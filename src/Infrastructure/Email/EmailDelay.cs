namespace PatientResponse.Infrastructure.Email;

/// <summary>Whose emails wait: what is stored beside a delayed message, and what the pages look for.</summary>
public static class EmailDelay
{
    /// <summary>The relay is away: nobody gets mail.</summary>
    public const string Everybodys = "email";

    /// <summary>The relay puts off the mail of one person, as for a full mailbox.</summary>
    public static string Of(string clinicianId) => $"email to {clinicianId}";
}
