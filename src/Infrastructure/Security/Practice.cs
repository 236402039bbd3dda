using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

/// <summary>An organisation whose clinicians message its patients.</summary>
public sealed class Practice : IDocument
{
    /// <summary>A short name for commands, such as <c>riverside</c>.</summary>
    public string Id { get; set; } = "";
    public string Name { get; set; } = "";
    public string Phone { get; set; } = "";

    /// <summary>The last line of every SMS.</summary>
    public string SignOff { get; set; } = "";

    /// <summary>Whether a patient sees the practice's name and phone before giving a date of birth.</summary>
    public bool ShowNameBeforeDateOfBirth { get; set; }

    /// <summary>Messages a day that one clinician, and the practice as a whole, may send.</summary>
    public int DailyCapPerClinician { get; set; } = 200;
    public int DailyCap { get; set; } = 2_000;
}
