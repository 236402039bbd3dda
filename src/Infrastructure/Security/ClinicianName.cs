using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Security;

/// <summary>The name of a member of staff, as colleagues see it.</summary>
public static class ClinicianName
{
    public const int MostCharacters = 100;

    /// <summary>What is wrong with a name; null when it will do.</summary>
    public static string? Problem(string name) =>
        string.IsNullOrWhiteSpace(name) ? "Enter a name"
        : name.Trim().Length > MostCharacters ? $"The name must have {MostCharacters} characters or fewer"
        : OneLine.Problem("name", name.Trim());
}
