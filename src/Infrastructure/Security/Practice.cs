using System.Text.Json.Serialization;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

/// <summary>An organisation whose clinicians message its patients. <see cref="PracticeRules"/> says what can be saved.</summary>
public sealed record Practice : INeverGoesBack
{
    /// <summary>A short name for commands, such as <c>riverside</c>.</summary>
    public string Id { get; set; } = "";
    public string Name { get; set; } = "";
    public string Phone { get; set; } = "";

    /// <summary>Whom an SMS says it is from; null leaves it to the carrier's setting.</summary>
    public string? SenderName { get; set; }

    /// <summary>The last line of every SMS, unless its sender has a sign-off of their own.</summary>
    public string SignOff { get; set; } = "";

    /// <summary>Whether a patient sees the practice's name and phone before giving a date of birth.</summary>
    public bool ShowNameBeforeDateOfBirth { get; set; }

    /// <summary>For safe contact: text messages say neither who wrote nor what about, and all is read behind the link.</summary>
    public bool NeutralMessages { get; set; }

    /// <summary>Separated by commas: a message with one of them asks for an answer, besides what we know to ask for one.</summary>
    public string AskingWords { get; set; } = "";

    [JsonIgnore]
    public IReadOnlyList<string> OwnAskingWords => AskingWords.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Who helps the practice's people with PatientResponse, and how to reach them; on each of their pages. Empty for nobody.</summary>
    public string Support { get; set; } = "";

    /// <summary>How many days after the sending a conversation is erased; null leaves it to <see cref="InstallationRules"/>.</summary>
    public int? RetentionDays { get; set; }

    /// <summary>Whether its people need a second factor before they see anything.</summary>
    public bool RequiresSecondFactor { get; set; }

    /// <summary>Messages a day that one clinician, and the practice as a whole, may send.</summary>
    public int DailyCapPerClinician { get; set; } = 200;
    public int DailyCap { get; set; } = 2_000;

    /// <summary>Counts the changes, so that a form knows whether it shows the settings of now.</summary>
    public int Revision { get; set; }

    /// <summary>Stands in for what cannot be read. Where a practice says nothing, the installation's rules hold.</summary>
    [JsonIgnore]
    public bool IsStandIn { get; private init; }

    /// <summary>What <c>verify</c> calls one that cannot be read; null for one that can.</summary>
    [JsonIgnore]
    public string? Unreadable => IsStandIn ? $"document/{nameof(Practice)}/{Id}" : null;

    /// <summary>For the head of a page; null for a stand-in.</summary>
    [JsonIgnore]
    public string? ShownName => IsStandIn ? null : Name;

    /// <param name="name">What to call it in a sentence.</param>
    public static Practice StandIn(string id, string name) => new() { Id = id, Name = name, IsStandIn = true };
}
